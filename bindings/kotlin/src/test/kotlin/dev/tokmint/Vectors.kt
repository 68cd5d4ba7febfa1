package dev.tokmint

import com.google.gson.GsonBuilder
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.time.Duration
import java.time.Instant
import java.util.Base64
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** The options of a vector; null for one that it does not give. */
class GenerateOptions(options: JsonObject) {
    val role: Role? = options["role"]?.let { named(it, Role.entries, "role") }
    val expireTime: Instant? = options["expire_time"]?.let(::instant)
    val expiresIn: Duration? = options["expires_in"]?.let { Duration.ofSeconds(it.asLong) }
    val data: String? = options["data"]?.let(::string)
    val initialLayoutClassList: List<String>? = options["initial_layout_class_list"]?.asJsonArray?.map { string(it) }
    val tokenFormat: TokenFormat? = options["token_format"]?.let { named(it, TokenFormat.entries, "token format") }
    val createTime: Instant? = options["create_time"]?.let(::instant)
    val nonce: Long? = options["nonce"]?.asLong
    val jti: String? = options["jti"]?.let(::string)
    val isReproducible: Boolean get() = createTime != null && (nonce != null || jti != null)

    init {
        val known = setOf(
            "role", "expire_time", "expires_in", "data", "initial_layout_class_list", "token_format", "create_time",
            "nonce", "jti",
        )
        assertTrue(known.containsAll(options.keySet()), "the runner knows every option: ${options.keySet()}")
    }

    private fun <E : Enum<E>> named(name: JsonElement, values: List<E>, what: String): E =
        values.find { it.toString() == string(name) } ?: throw Inexpressible("an unknown $what")
}

/** The options of a vector; null for one that it does not give. */
class CheckOptions(options: JsonObject) {
    val now: Instant? = options["now"]?.let(::instant)
    val leeway: Duration? = options["leeway"]?.let { Duration.ofSeconds(it.asLong) }
    val sessionId: String? = options["session_id"]?.let { string(it) }

    init {
        assertTrue(setOf("now", "leeway", "session_id").containsAll(options.keySet()), "${options.keySet()}")
    }
}

/** The options of a vector; null for one that it does not give. */
class RestOptions(options: JsonObject) {
    val expiresIn: Duration? = options["expires_in"]?.let { Duration.ofSeconds(it.asLong) }
    val createTime: Instant? = options["create_time"]?.let(::instant)
    val jti: String? = options["jti"]?.let(::string)

    init {
        assertTrue(setOf("expires_in", "create_time", "jti").containsAll(options.keySet()), "${options.keySet()}")
    }
}

/** Every file of `tests/vectors`, through the calls of one language. */
abstract class Vectors {
    abstract fun application(applicationId: String, privateKey: ByteArray): OpenTok

    abstract fun verifier(applicationId: String, publicKey: ByteArray): OpenTok

    abstract fun generateRest(opentok: OpenTok, options: RestOptions): String

    abstract fun generate(opentok: OpenTok, sessionId: String, options: GenerateOptions): String

    abstract fun generate(session: Session, options: GenerateOptions): String

    /** A batch of one item, as a sequence or a stream. */
    abstract fun generateBatch(session: Session, options: GenerateOptions): TokenResult

    abstract fun verify(opentok: OpenTok, token: String, options: CheckOptions): Token

    /** With credentials, or without. */
    abstract fun inspect(opentok: OpenTok?, token: String, options: CheckOptions): Inspection

    /** Generates, and expects that a session and its batches give the same token or refuse with the same error. */
    private fun generateEveryWay(opentok: OpenTok, sessionId: String, options: GenerateOptions): String {
        val once = refusedOr { generate(opentok, sessionId, options) }
        val prepared = refusedOr { opentok.session(sessionId) }
        if (prepared is TokmintException) {
            // A call with ill-formed data as well refuses that first.
            if ((once as TokmintException).code != ErrorCode.INVALID_DATA) assertEquals(prepared.code, once.code)
            throw once
        }
        val others = (prepared as Session).use { session ->
            assertEquals(sessionId, session.sessionId)
            val result = generateBatch(session, options)
            assertTrue((result.token == null) != (result.error == null))
            listOf(refusedOr { generate(session, options) }, refusedOr { result.getOrThrow() })
        }
        for (other in others) when {
            once is TokmintException -> assertEquals(once.code, (other as TokmintException).code)
            options.isReproducible -> assertEquals(once, other)
            else -> assertTrue(other is String, "$other")
        }
        return once as? String ?: throw once as TokmintException
    }

    private fun refusedOr(call: () -> Any): Any = try {
        call()
    } catch (refused: TokmintException) {
        refused
    }

    /** Verifies, and expects that inspect says the same where there is no leeway, which it does not have. */
    private fun verifyAsInspected(opentok: OpenTok, token: String, options: CheckOptions): Token {
        if (options.leeway != null) return verify(opentok, token, options)
        val inspection = inspect(opentok, token, options)
        val said = runCatching { verify(opentok, token, options) }
        assertEquals(said.isFailure, inspection.isRefused, "$inspection")
        return said.getOrThrow()
    }

    @Test
    fun `generate gives the exact token and verify gives the options back`() {
        val cases = cases("generate.json")
        for (vector in cases) opentokOf(vector).use { opentok ->
            val options = vector["options"].asJsonObject
            val token = generateEveryWay(opentok, string(vector["session_id"]), GenerateOptions(options))
            assertEquals(string(vector["token"]), token, name(vector))

            val said = verifyAsInspected(opentok, token, CheckOptions(json("now" to options["create_time"])))
            val given = GenerateOptions(options)
            assertEquals(string(vector["session_id"]), said.sessionId)
            assertEquals(given.data ?: "", said.data)
            assertEquals(given.initialLayoutClassList ?: listOf(), said.initialLayoutClassList)
            assertEquals(given.role ?: Role.PUBLISHER, said.role)
            assertEquals("${given.nonce ?: given.jti}", said.nonce)
            assertEquals(opentok.apiKey, said.apiKey)
            assertEquals(opentok.applicationId, said.applicationId)
        }
        assertTrue(cases.any { it.has("application_id") } && cases.any { it.has("api_key") })
    }

    @Test
    fun `a verifier verifies what the private key of its application signs`() {
        for (vector in cases("generate.json")) {
            val publicKey = vector["private_key"]?.let { keys.getValue(it.asString)["public_key"] } ?: continue
            verifier(string(vector["application_id"]), bytes(publicKey)).use { verifier ->
                val options = vector["options"].asJsonObject
                val now = CheckOptions(json("now" to options["create_time"]))
                val said = verifyAsInspected(verifier, string(vector["token"]), now)
                assertEquals(string(vector["session_id"]), said.sessionId, name(vector))
                val refused = assertFailsWith<TokmintException.Credentials> {
                    generateEveryWay(verifier, said.sessionId, GenerateOptions(options))
                }
                assertEquals(ErrorCode.NO_PRIVATE_KEY, refused.code)
            }
        }
    }

    @Test
    fun `every pair of keys fits`() {
        val id = "A98E12CA-f3e5-4df8-bc66-fd4b5f30b9e9"
        for ((name, pair) in keys) {
            val (privateKey, publicKey) = listOf("private_key", "public_key").map { pair[it] }
            val verifier = publicKey?.let { verifier(id, bytes(it)) }
            val application = privateKey?.let { application(id, bytes(it)) }
            val token = application?.generateToken(SESSION_ID_OF_APPLICATION)
            for (opentok in listOfNotNull(verifier, application)) opentok.use {
                assertEquals(id.lowercase(), opentok.applicationId, name)
                if (token != null) assertEquals(id.lowercase(), opentok.verifyToken(token).applicationId, name)
            }
        }
    }

    @Test
    fun `tokens for REST calls are exact, and admit nobody to a session`() {
        val cases = cases("rest.json")
        for (vector in cases) opentokOf(vector).use { opentok ->
            val options = vector["options"].asJsonObject
            val token = generateRest(opentok, RestOptions(options))
            assertEquals(string(vector["token"]), token, name(vector))

            val now = CheckOptions(json("now" to options["create_time"]))
            assertFailsWith<TokmintException.Token>(name(vector)) { verifyAsInspected(opentok, token, now) }
            for (by in listOf(opentok, null)) {
                val findings = inspect(by, token, now).findings.map(Finding::code)
                assertTrue(FindingCode.REST_TOKEN in findings, "${name(vector)}: $findings")
            }
        }
        assertTrue(cases.any { it.has("application_id") } && cases.any { it.has("api_key") })
    }

    @Test
    fun `verify gives the exact fields`() {
        val cases = cases("verify.json")
        for (vector in cases) opentokOf(vector).use { opentok ->
            val options = CheckOptions(vector["options"].asJsonObject)
            val said = verifyAsInspected(opentok, string(vector["token"]), options)
            val expected = vector["expected"].asJsonObject
            expected.addProperty("data", string(expected["data"]))
            assertEquals(expected, tree(members(said)), name(vector))
        }
    }

    @Test
    fun `errors have the exact code`() {
        val cases = cases("errors.json")
        val left = leavingOut { leave ->
            for (vector in cases) leave(vector["code"].asString) {
                val refused = failureOf(vector)
                assertEquals(vector["code"].asString, "${refused.code}", name(vector))
                assertEquals(vector["number"].asInt, refused.number, name(vector))
                assertEquals(errorTable["${refused.code}"]?.group, refused::class.simpleName?.lowercase(), name(vector))
            }
        }
        assertEquals(LEFT_OUT_ERRORS, left)
    }

    private fun failureOf(vector: JsonObject): TokmintException {
        try {
            run(vector)
        } catch (refused: TokmintException) {
            return refused
        }
        throw AssertionError("accepted: ${name(vector)}")
    }

    private fun run(vector: JsonObject) {
        val make = { opentokOf(vector) }
        if (vector["call"].asString in setOf("new", "for_application", "verifier")) return make().close()
        // What comes before the call must succeed, so it is outside of the failing call's own exception.
        val opentok = runCatching(make).getOrElse { throw AssertionError(name(vector), it) }
        opentok.use {
            val options = vector["options"]?.asJsonObject ?: JsonObject()
            when (vector["call"].asString) {
                "generate" -> generateEveryWay(it, string(vector["session_id"]), GenerateOptions(options))
                "generate_rest_token" -> generateRest(it, RestOptions(options))
                "verify" -> verifyAsInspected(it, string(vector["token"]), CheckOptions(options))
                else -> throw AssertionError("the runner knows every call: ${vector["call"]}")
            }
        }
    }

    @Test
    fun `inspect gives the exact findings, and its text and its JSON say the same`() {
        val cases = cases("inspect.json")
        for (vector in cases) {
            val token = string(vector["token"])
            val options = CheckOptions(vector["options"].asJsonObject)
            val opentok = if (vector.has("api_key") || vector.has("application_id")) opentokOf(vector) else null
            val inspection = opentok.use { inspect(it, token, options) }
            val said = mapOf(
                "format" to inspection.format?.value,
                "signature" to inspection.signature.value,
                "findings" to inspection.findings.map { "${it.code}" },
                "is_token" to (inspection.token != null),
                "remaining_lifetime" to inspection.remainingLifetime?.seconds,
            )
            assertEquals(vector["expected"], tree(said), name(vector))

            assertTrue(inspection.findings.none { it.message.isBlank() }, name(vector))
            val lines = "$inspection".lines()
            assertEquals("format: ${said["format"] ?: "unknown"}", lines.first(), name(vector))
            for (finding in inspection.findings) {
                val line = finding.run { "$severity $code: $message" }
                assertTrue(lines.any { it.startsWith(line) }, name(vector))
            }
            val isRefused = inspection.findings.any { it.severity == Severity.REFUSED }
            assertEquals(isRefused, inspection.isRefused, name(vector))
            assertEquals(JsonParser.parseString(inspection.toJson()), tree(members(inspection)), name(vector))
        }
    }

    @Test
    fun `hostile inputs are treated as declared`() {
        val cases = cases("attacks.json", "cases")
        val left = leavingOut { leave ->
            for (case in cases) leave(case["id"].asString) {
                val context = case["context"].asJsonObject
                val accepted = when (case["api"].asString) {
                    "verify" -> credentials(context).use { isVerified(it, case, context) }
                    "generate" -> isGenerated(case, context)
                    "inspect" -> credentials(context).use { isRead(it, case, context) }
                    else -> throw AssertionError("the runner knows every call: ${case["api"]}")
                }
                // Decided otherwise than by the file, as the README of the vectors explains.
                val otherwise = case["id"].asString == "gen-data-1000-emoji"
                assertEquals(!otherwise && case["expected"].asString == "accept", accepted, case["id"].asString)
            }
        }
        assertEquals(LEFT_OUT_ATTACKS, left)
    }

    private fun isVerified(opentok: OpenTok, case: JsonObject, context: JsonObject): Boolean {
        val token = string(case["input"], context)
        return try {
            verifyAsInspected(opentok, token, CheckOptions(json("now" to context["now"])))
            true
        } catch (refused: TokmintException) {
            if (isRs256(token) != context.has("application_id")) {
                assertEquals(ErrorCode.UNSUPPORTED_ALGORITHM, refused.code, case["id"].asString)
            }
            false
        }
    }

    /** Whether a token that inspect was given has a shape that reads, whatever else is wrong with it. */
    private fun isRead(opentok: OpenTok, case: JsonObject, context: JsonObject): Boolean {
        val token = lenientString(case["input"], context)
        val inspection = inspect(opentok, token, CheckOptions(json("now" to context["now"])))
        val isRead = inspection.findings.none {
            "${it.code}".startsWith("malformed_") || it.code == FindingCode.DUPLICATE_FIELD
        }
        assertTrue(isRead || inspection.isRefused, case["id"].asString)
        return isRead
    }

    private fun isRs256(token: String): Boolean = runCatching {
        String(Base64.getUrlDecoder().decode(token.substringBefore('.'))).contains("\"alg\":\"RS256\"")
    }.getOrDefault(false)

    private fun isGenerated(case: JsonObject, context: JsonObject): Boolean {
        val input = case["input"].asJsonObject.deepCopy()
        val sessionId = string(input.remove("session_id"))
        // Not a format of tokmint: the tokens of an application are JWTs.
        input.remove("format")?.takeIf { it.asString != "rs256" }?.let { input.add("token_format", it) }
        if (input["expire_time"]?.isJsonObject == true) throw Inexpressible("a time that is not a number")
        input.add("create_time", context["now"])
        return try {
            credentials(context).use { opentok ->
                val options = GenerateOptions(input)
                val token = generateEveryWay(opentok, sessionId, options)
                val said = verify(opentok, token, CheckOptions(json("now" to context["now"])))
                assertEquals(options.data ?: "", said.data)
            }
            true
        } catch (_: TokmintException) {
            false
        }
    }

    @Test
    fun `tokens of the official SDKs are treated as declared`() {
        val peers = vectors("peer_tokens.json").asJsonArray.map { it.asJsonObject }
        assertEquals(94, peers.size)
        for (peer in peers) {
            val name = "${peer["producer"]} ${peer["format"]}: ${peer["name"]}"
            val token = string(peer["token"])
            val options = CheckOptions(json("now" to peer["verify"].asJsonObject["now"]))
            // Without a role it is a publisher's, which the file refuses.
            val isAccepted = peer["verify"].asJsonObject.let { verdict ->
                verdict["expected"].asString == "accept" || "${verdict["because"]}" == "[\"role\"]"
            }
            if (peer["format"].asString == "jwt_rs256") {
                val refused = OpenTok(API_KEY, API_SECRET).use {
                    assertFailsWith<TokmintException> { verifyAsInspected(it, token, options) }
                }
                assertEquals(ErrorCode.UNSUPPORTED_ALGORITHM, refused.code, name)
            }
            credentials(peer, secret = "api_secret").use { opentok ->
                if (!isAccepted) {
                    assertFailsWith<TokmintException.Token>(name) { verifyAsInspected(opentok, token, options) }
                    return@use
                }
                val said = verifyAsInspected(opentok, token, options)
                val decoded = peer["decoded"].asJsonObject
                val expected = (decoded["claims"] ?: decoded["fields"]).asJsonObject
                assertEquals(expected["role"]?.asString ?: "publisher", said.role.value, name)
                assertEquals(expected["session_id"].asString, said.sessionId, name)
                assertEquals(expected["connection_data"]?.asString ?: "", said.data, name)
            }
        }
    }

    private fun opentokOf(vector: JsonObject): OpenTok {
        if (vector.has("api_key")) return OpenTok(string(vector["api_key"]), string(vector["api_secret"]))
        val id = string(vector["application_id"])
        fun key(kind: String) = bytes(keys.getValue(vector[kind].asString)[kind])
        fun given() = Base64.getDecoder().decode(vector["key_base64"].asString)
        return when {
            vector["call"]?.asString == "for_application" -> application(id, given())
            vector["call"]?.asString == "verifier" -> verifier(id, given())
            vector.has("public_key") -> verifier(id, key("public_key"))
            else -> application(id, key("private_key"))
        }
    }

    /** Those of a file that names no keys; the project of the vectors where it gives none. */
    private fun credentials(context: JsonObject, secret: String = "secret"): OpenTok {
        val id = context["application_id"]?.asString
            ?: return OpenTok(context["api_key"]?.asString ?: API_KEY, context[secret]?.asString ?: API_SECRET)
        val privateKey = context["private_key_pem"]?.asString ?: return verifier(id, bytes(context["public_key_pem"]))
        return application(id, privateKey.toByteArray())
    }

    private companion object {
        /** What the types of the JVM cannot say, by reason and error. */
        val LEFT_OUT_ERRORS = mapOf(
            "a time beyond java.time.Instant" to setOf("invalid_create_time", "invalid_expire_time"),
            "an unknown role" to setOf("invalid_role"),
            "an unknown token format" to setOf("invalid_token_format"),
        )

        /** What the types of the JVM cannot say, by reason and case. */
        val LEFT_OUT_ATTACKS = mapOf(
            "a time beyond java.time.Instant" to setOf("gen-exp-negative"),
            "a time that is not a number" to setOf("gen-exp-nan"),
        )

        fun cases(file: String, list: String = "vectors"): List<JsonObject> =
            vectors(file).asJsonObject[list].asJsonArray.map { it.asJsonObject }.also { assertTrue(it.isNotEmpty()) }

        fun name(vector: JsonObject): String = vector["name"].asString

        val keys: Map<String, JsonObject> =
            vectors("keys.json").asJsonObject["keys"].asJsonObject.asMap().mapValues { it.value.asJsonObject }

        fun json(vararg members: Pair<String, JsonElement>): JsonObject =
            JsonObject().apply { members.forEach { (name, value) -> add(name, value) } }

        fun tree(value: Any): JsonElement =
            JsonParser.parseString(GsonBuilder().serializeNulls().create().toJson(value))

        fun members(token: Token): Map<String, Any> = listOfNotNull(
            token.apiKey?.let { "api_key" to it },
            token.applicationId?.let { "application_id" to it },
        ).toMap() + mapOf(
            "format" to token.format.value,
            "session_id" to token.sessionId,
            "role" to token.role.value,
            "create_time" to token.createTime.epochSecond,
            "expire_time" to token.expireTime.epochSecond,
            "data" to token.data,
            "initial_layout_class_list" to token.initialLayoutClassList,
            "nonce" to token.nonce,
        )

        fun members(inspection: Inspection): Map<String, Any?> {
            fun members(fields: List<Field>) = fields.map { mapOf("name" to it.name, "value" to it.value) }
            return mapOf(
                "format" to inspection.format?.value,
                "signature" to inspection.signature.value,
                "header" to members(inspection.header),
                "fields" to members(inspection.fields),
                "token" to inspection.token?.let { members(it) },
                "created_at" to inspection.createTime?.let(::rfc3339),
                "expires_at" to inspection.expireTime?.let(::rfc3339),
                "not_before" to inspection.notBefore?.let(::rfc3339),
                "remaining_lifetime" to inspection.remainingLifetime?.seconds,
                "findings" to inspection.findings.map {
                    mapOf(
                        "code" to "${it.code}",
                        "severity" to it.severity.value,
                        "message" to it.message,
                        "server_message" to it.serverMessage,
                    )
                },
                "is_refused" to inspection.isRefused,
            )
        }

        /** JSON has only the times that RFC 3339 can say. */
        fun rfc3339(time: Instant): String? = "$time".takeIf { time.epochSecond in 0..253_402_300_799 }

        /** Runs cases, and returns the codes or names of those that could not be run, by reason. */
        fun leavingOut(run: (leave: (String, () -> Unit) -> Unit) -> Unit): Map<String, Set<String>> {
            val left = sortedMapOf<String, MutableSet<String>>()
            run { name, case ->
                try {
                    case()
                } catch (inexpressible: Inexpressible) {
                    left.getOrPut(inexpressible.message!!) { sortedSetOf() }.add(name)
                }
            }
            return left
        }
    }
}

const val API_KEY = "123456"
const val API_SECRET = "1234567890abcdef1234567890abcdef1234567890"
const val APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
const val SESSION_ID_OF_APPLICATION =
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
const val SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"

private val pair = vectors("keys.json").asJsonObject["keys"].asJsonObject["main"].asJsonObject

/** The keys of the application with this ID. */
val PRIVATE_KEY: String = pair["private_key"].asString
val PUBLIC_KEY: String = pair["public_key"].asString
