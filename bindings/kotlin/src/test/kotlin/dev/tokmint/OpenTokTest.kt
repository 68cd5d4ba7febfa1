package dev.tokmint

import com.sun.management.ThreadMXBean
import dev.tokmint.internal.Exchange
import dev.tokmint.internal.exception
import dev.tokmint.internal.lenientUtf8
import java.lang.management.ManagementFactory
import java.nio.ByteBuffer
import java.time.Duration
import java.time.Instant
import java.util.Base64
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

const val LONE_SURROGATE = "a\uD800b"
private const val JTI = "d412fd8f-921c-4b35-bdcd-bf2d39bb20ed"

class OpenTokTest {
    private fun project() = OpenTok(API_KEY, API_SECRET)

    private fun application() = OpenTok.forApplication(APPLICATION_ID, PRIVATE_KEY)

    private fun refused(code: String, call: () -> Unit) =
        assertEquals(code, "${assertFailsWith<TokmintException>(block = call).code}")

    @Test
    fun `half of a surrogate pair is refused wherever a string is passed`() {
        refused("invalid_utf8") { OpenTok(LONE_SURROGATE, API_SECRET) }
        refused("invalid_utf8") { OpenTok(API_KEY, LONE_SURROGATE) }
        project().use { opentok ->
            val token = opentok.generateToken(SESSION_ID)
            refused("invalid_data") { opentok.generateToken(SESSION_ID, data = LONE_SURROGATE) }
            refused("invalid_utf8") { opentok.generateToken(LONE_SURROGATE) }
            refused("invalid_utf8") { opentok.session(LONE_SURROGATE) }
            val classes = listOf("a", LONE_SURROGATE)
            refused("invalid_utf8") { opentok.generateToken(SESSION_ID, initialLayoutClassList = classes) }
            refused("invalid_utf8") { opentok.verifyToken(token, sessionId = LONE_SURROGATE) }
            refused("malformed_token") { opentok.verifyToken(LONE_SURROGATE) }
            refused("invalid_utf8") { opentok.inspectToken(token, sessionId = LONE_SURROGATE) }
            refused("invalid_utf8") { inspectToken(token, sessionId = LONE_SURROGATE) }
            refused("invalid_utf8") { opentok.generateRestToken(jti = LONE_SURROGATE) }
        }
        refused("invalid_utf8") { OpenTok.forApplication(LONE_SURROGATE, PRIVATE_KEY) }
        refused("invalid_private_key") { OpenTok.forApplication(APPLICATION_ID, LONE_SURROGATE) }
        refused("invalid_public_key") { OpenTok.verifier(APPLICATION_ID, LONE_SURROGATE) }
        application().use { opentok ->
            refused("invalid_utf8") { opentok.generateToken(SESSION_ID_OF_APPLICATION, jti = LONE_SURROGATE) }
        }
    }

    @Test
    fun `credentials are of a project or of an application`() {
        project().use { opentok ->
            assertEquals(API_KEY to null, opentok.apiKey to opentok.applicationId)
            val said = opentok.verifyToken(opentok.generateToken(SESSION_ID))
            assertEquals(API_KEY to null, said.apiKey to said.applicationId)
            refused("session_of_other_project") { opentok.generateToken(SESSION_ID_OF_APPLICATION) }
            refused("unsupported_option") { opentok.generateToken(SESSION_ID, jti = JTI) }
        }
        OpenTok.forApplication(APPLICATION_ID.uppercase(), PRIVATE_KEY).use { opentok ->
            assertEquals(null to APPLICATION_ID, opentok.apiKey to opentok.applicationId)
            val said = opentok.verifyToken(opentok.generateToken(SESSION_ID_OF_APPLICATION, jti = JTI))
            assertEquals(null to APPLICATION_ID, said.apiKey to said.applicationId)
            assertEquals(JTI, said.nonce)
            refused("session_of_other_project") { opentok.generateToken(SESSION_ID) }
            refused("unsupported_option") {
                opentok.generateToken(SESSION_ID_OF_APPLICATION, tokenFormat = TokenFormat.T1)
            }
        }
    }

    @Test
    fun `a verifier mints nothing`() {
        refused("invalid_public_key") { OpenTok.verifier(APPLICATION_ID, PRIVATE_KEY) }
        refused("invalid_private_key") { OpenTok.forApplication(APPLICATION_ID, PUBLIC_KEY) }
        OpenTok.verifier(APPLICATION_ID, PUBLIC_KEY).use { verifier ->
            application().use { verifier.verifyToken(it.generateToken(SESSION_ID_OF_APPLICATION)) }
            refused("no_private_key") { verifier.generateToken(SESSION_ID_OF_APPLICATION) }
            refused("no_private_key") { verifier.generateRestToken() }
            assertEquals("OpenTok(applicationId=$APPLICATION_ID)", verifier.toString())
        }
    }

    @Test
    fun `the array of a key stays as it is`() {
        val key = PRIVATE_KEY.toByteArray()
        OpenTok.forApplication(APPLICATION_ID, key).close()
        assertEquals(PRIVATE_KEY, String(key))
    }

    @Test
    fun `tokens for REST calls take the clock, and end`() {
        for ((opentok, lifetime) in listOf(project() to 180L, application() to 900L)) opentok.use {
            val inspection = opentok.inspectToken(opentok.generateRestToken())
            assertEquals(SignatureState.VALID, inspection.signature)
            assertTrue(inspection.remainingLifetime!!.seconds in lifetime - 60..lifetime, "$inspection")
            assertNotEquals(opentok.generateRestToken(), opentok.generateRestToken())
            val short = opentok.inspectToken(opentok.generateRestToken(expiresIn = Duration.ofSeconds(1)))
            assertTrue(short.remainingLifetime!!.seconds <= 1, "$short")
        }
    }

    @Test
    fun `inspect sees what is around half of a surrogate pair`() {
        project().use { opentok ->
            val token = opentok.generateToken(SESSION_ID, role = Role.MODERATOR)
            for (half in listOf("\uD800", "\uDC00")) {
                for (inspection in listOf(opentok.inspectToken(token + half), inspectToken(token + half))) {
                    assertEquals(listOf(FindingCode.TEXT_AROUND), inspection.findings.map(Finding::code))
                    assertEquals("\"moderator\"", inspection.fields.single { it.name == "role" }.value)
                }
            }
            val malformed = opentok.inspectToken(LONE_SURROGATE).findings.map(Finding::code)
            assertEquals(listOf(FindingCode.MALFORMED_TOKEN), malformed)
        }
        assertEquals("a\uFFFDb\uD83D\uDE00\uFFFD", String(lenientUtf8("a\uD800b\uD83D\uDE00\uDE00")))
    }

    @Test
    fun `what says the same is equal`() {
        project().use { opentok ->
            val tokens = listOf("a", "b").map { opentok.generateToken(SESSION_ID, data = it) }
            val says: List<(String) -> List<Any>> = listOf(
                { listOf(opentok.verifyToken(it)) },
                { opentok.inspectToken(it, now = Instant.EPOCH).run { listOf(this) + fields + findings } },
            )
            for (say in says) {
                assertEquals(say(tokens[0]), say(tokens[0]))
                assertEquals(say(tokens[0]).hashCode(), say(tokens[0]).hashCode())
                assertNotEquals(say(tokens[0]).first(), say(tokens[1]).first())
            }
        }
    }

    @Test
    fun `neither the secret nor connection data is printed`() {
        project().use { opentok ->
            assertEquals("OpenTok(apiKey=$API_KEY)", opentok.toString())
            val said = opentok.verifyToken(opentok.generateToken(SESSION_ID, data = "name=Johnny"))
            assertFalse(said.toString().contains("Johnny"), said.toString())
        }
        project().use { opentok ->
            val jwt = opentok.generateToken(SESSION_ID)
            val t1 = opentok.generateToken(SESSION_ID, tokenFormat = TokenFormat.T1)
            val content = String(Base64.getDecoder().decode(t1.removePrefix("T1==")))
            val signatures = mapOf(
                jwt to jwt.substringAfterLast('.'),
                t1 to content.substringAfter("sig=").substringBefore(':'),
            )
            for ((token, signature) in signatures) {
                val inspection = opentok.inspectToken("$token\n")
                assertEquals(SignatureState.VALID, inspection.signature)
                val forms = inspection.run { listOf(this, toJson(), header, fields, findings, this.token) }.toString()
                assertTrue(forms.contains(SESSION_ID) && forms.contains("white_space_around"), forms)
                assertFalse(forms.contains(API_SECRET), forms)
                assertFalse(forms.contains(signature), forms)
            }
        }
        val error = assertFailsWith<TokmintException.Credentials> { OpenTok(API_KEY, " secret-with-space ") }
        assertFalse(error.toString().contains("secret-with-space"), error.toString())

        application().use { opentok ->
            assertEquals("OpenTok(applicationId=$APPLICATION_ID)", opentok.toString())
            val said = opentok.verifyToken(opentok.generateToken(SESSION_ID_OF_APPLICATION, data = "name=Johnny"))
            assertFalse(said.toString().contains("Johnny"), said.toString())
            assertTrue(said.toString().contains("applicationId=$APPLICATION_ID"), said.toString())
        }
        val body = PRIVATE_KEY.lines()[1]
        val corrupt = PRIVATE_KEY.replace(body, body.reversed())
        val refused = assertFailsWith<TokmintException.Credentials> { OpenTok.forApplication(APPLICATION_ID, corrupt) }
        for (piece in listOf(body.reversed(), PRIVATE_KEY.lines()[2])) assertFalse(piece in refused.toString())
    }

    @Test
    fun `every error of core is an exception of its group`() {
        assertTrue(errorTable.size > 20, "$errorTable")
        for ((name, row) in errorTable) {
            val exception = exception(ErrorCode.entries.single { it.number == row.number }, "because")
            assertEquals(row.group, exception::class.simpleName?.lowercase(), name)
            assertEquals(name to row.number, "${exception.code}" to exception.number)
            assertEquals("${exception.javaClass.name}: $name: because", "$exception")
        }
        assertEquals(errorTable.keys, ErrorCode.entries.map { "$it" }.toSet())
    }

    @Test
    fun `messages name no option as another language spells it`() {
        project().use { opentok ->
            val options = TokenOptions(expireTime = Instant.now(), expiresIn = Duration.ofHours(1))
            val refused = assertFailsWith<TokmintException.Options> { opentok.generateToken(SESSION_ID, options) }
            assertTrue("is given twice" in refused.message!! && "_" !in refused.message!!, refused.message)
        }
    }

    @Test
    fun `options that say the same are equal, and print no connection data`() {
        val time = Instant.parse("2027-01-15T08:00:00Z")
        val classes = mutableListOf("focus")
        val options: List<() -> Any> = listOf(
            { TokenOptions(Role.MODERATOR, time, null, "name=Johnny", classes, TokenFormat.T1, time, 1, JTI) },
            { TokenOptions(expiresIn = Duration.ofHours(1)) },
            { RestTokenOptions(Duration.ofSeconds(1), time, JTI) },
            { VerifyOptions(time, Duration.ofSeconds(1), SESSION_ID) },
            { InspectOptions(time, SESSION_ID) },
            { RestTokenOptions() },
            { VerifyOptions() },
            { InspectOptions() },
        )
        for (make in options) {
            assertEquals(make(), make())
            assertEquals(make().hashCode(), make().hashCode())
        }
        val all = options.map { it() }
        assertEquals(all.size, all.toSet().size)
        assertFalse("Johnny" in "$all", "$all")
        assertEquals("TokenOptions(expiresIn=PT1H)", "${all[1]}")
        assertEquals("VerifyOptions(now=$time, leeway=PT1S, sessionId=$SESSION_ID)", "${all[3]}")

        val kept = all[0] as TokenOptions
        classes += "other"
        assertEquals(listOf("focus"), kept.initialLayoutClassList)
    }

    @Test
    fun `every enum has its names of other languages`() {
        val values = listOf(Role.entries, TokenFormat.entries, SignatureState.entries, Severity.entries)
            .map { entries -> entries.map { it.toString() } }
        val expected = listOf(
            listOf("subscriber", "publisher", "publisheronly", "moderator"),
            listOf("jwt", "t1"),
            listOf("valid", "invalid", "unchecked"),
            listOf("refused", "warning", "note"),
        )
        assertEquals(expected, values)
        assertEquals(expected.first(), Role.entries.map(Role::value))
    }

    @Test
    fun `null in a list from Java is named`() {
        @Suppress("UNCHECKED_CAST")
        val classes = listOf("focus", null) as List<String>
        for (make in listOf({ TokenOptions(initialLayoutClassList = classes) }, {
            TokenOptions.builder().initialLayoutClassList(classes).build()
        })) {
            assertEquals("initialLayoutClassList[1] is null", assertFailsWith<NullPointerException> { make() }.message)
        }
    }

    @Test
    fun `of a token that is too long nothing is copied`() {
        val threads = ManagementFactory.getThreadMXBean() as ThreadMXBean
        for (character in listOf("x", "\u00E9", "\u20AC", "\uD83D\uDE00", "\uD800")) {
            val token = character.repeat(10_000_000)
            project().use { opentok ->
                val session = opentok.session(SESSION_ID)
                val before = threads.getThreadAllocatedBytes(Thread.currentThread().id)
                val refusals = listOf({ opentok.verifyToken(token) }, { session.verifyToken(token) })
                    .map { assertFailsWith<TokmintException.Token> { it() } }
                val inspections = listOf(opentok.inspectToken(token), inspectToken(token))
                val allocated = threads.getThreadAllocatedBytes(Thread.currentThread().id) - before
                assertTrue(allocated < 1_000_000, "$allocated")
                for (refused in refusals) {
                    assertEquals(ErrorCode.TOKEN_TOO_LONG, refused.code)
                    assertTrue("at least ${token.length} bytes" in refused.message!!, refused.message)
                }
                for (inspection in inspections) {
                    val finding = inspection.findings.first()
                    assertEquals(FindingCode.TOKEN_TOO_LONG, finding.code)
                    assertTrue("at least ${token.length} bytes" in finding.message, finding.message)
                }
                session.close()
            }
        }
    }

    @Test
    fun `the buffer of a call holds no secret after it`() {
        val buffer = Exchange::class.java.getDeclaredField("buffer").apply { isAccessible = true }
        // White space around it is refused, in a sentence that is shorter than it.
        val wrong = " wrong secret".repeat(50)
        val calls = listOf(
            { OpenTok(API_KEY, API_SECRET).close() },
            { refused("invalid_api_secret") { OpenTok(API_KEY, wrong) } },
        )
        for (call in calls) {
            call()
            // The calls of a thread take the same one.
            val exchange = Exchange.take()
            val bytes = buffer.get(exchange) as ByteBuffer
            val held = String(ByteArray(bytes.capacity(), bytes::get), Charsets.ISO_8859_1)
            exchange.release()
            assertTrue(held.any { it != '\u0000' })
            // Of what the reply has not overwritten.
            for (secret in listOf(API_SECRET, wrong)) assertFalse(secret.takeLast(8) in held)
        }
    }

    @Test
    fun `an inspection has its text and its JSON after its credentials are closed`() {
        val inspection = project().use { it.inspectToken(it.generateToken(SESSION_ID, data = "name=Johnny")) }
        for (form in listOf("$inspection", inspection.toJson())) assertTrue("Johnny" in form, form)
        assertEquals("$inspection", "$inspection")
    }

    @Test
    fun `arguments and results of any length cross`() {
        project().use { opentok ->
            val long = "x".repeat(1_000_000)
            refused("data_too_long") { opentok.generateToken(SESSION_ID, data = long) }
            refused("invalid_session_id") { opentok.generateToken(long) }
            refused("invalid_api_key") { OpenTok(long, API_SECRET) }
            // Its fields need more than the buffer of a call.
            val token = "x".repeat(30_000) + "." + Base64.getUrlEncoder().encodeToString(
                List(200) { "\"$it\":\"${"x".repeat(100)}\"" }.joinToString(prefix = "{", postfix = "}").toByteArray(),
            ) + ".x"
            repeat(3) {
                val inspection = opentok.inspectToken(token)
                assertTrue(inspection.toString().length > 16_384, "$inspection")
                assertEquals(inspection, opentok.inspectToken(token, now = inspection.now))
            }
        }
    }

    @Test
    fun `of several faults the first is refused`() {
        project().use { opentok ->
            val classes = listOf(LONE_SURROGATE)
            refused("invalid_data") {
                opentok.generateToken(LONE_SURROGATE, data = LONE_SURROGATE, initialLayoutClassList = classes)
            }
            refused("invalid_utf8") { opentok.generateToken("nonsense", initialLayoutClassList = classes, nonce = -1) }
            refused("invalid_session_id") { opentok.generateToken("nonsense", nonce = -1) }
        }
    }

    @Test
    fun `what a token says is in the types of java time`() {
        val now = Instant.parse("2026-11-24T10:00:00.999Z")
        project().use { opentok ->
            val token = opentok.generateToken(
                SESSION_ID, TokenOptions(createTime = now, expiresIn = Duration.ofMillis(3_600_999)),
            )
            val said = opentok.verifyToken(token, now = now)
            assertEquals(Instant.parse("2026-11-24T10:00:00Z"), said.createTime)
            assertEquals(Instant.parse("2026-11-24T11:00:00Z"), said.expireTime)

            val inspection = opentok.inspectToken(token, InspectOptions(now = now))
            assertEquals(said.createTime, inspection.createTime)
            assertEquals(said.expireTime, inspection.expireTime)
            assertEquals(said.createTime, inspection.now)
            assertEquals(Duration.ofHours(1), inspection.remainingLifetime)
        }
    }

    @Test
    fun `a time beyond those of java time is the nearest of them`() {
        val beyond = Long.MAX_VALUE
        val head = "partner_id=$API_KEY&sig=${"0".repeat(40)}"
        val data = "session_id=$SESSION_ID&create_time=$beyond&expire_time=$beyond&role=publisher"
        val token = "T1==" + Base64.getEncoder().encodeToString("$head:$data".toByteArray())
        val inspection = inspectToken(token, now = Instant.EPOCH)
        val said = assertNotNull(inspection.token)
        for (time in listOf(said.createTime, said.expireTime, inspection.createTime, inspection.expireTime)) {
            assertEquals(Instant.MAX.epochSecond, time?.epochSecond)
        }
        assertEquals(Duration.ofSeconds(beyond), inspection.remainingLifetime)
        assertEquals(Instant.EPOCH, inspection.now)
        assertNull(inspection.notBefore)
    }

    @Test
    fun `everyday calls of inspect take the clock and any session`() {
        project().use { opentok ->
            val token = opentok.generateToken(SESSION_ID)
            for (inspection in listOf(opentok.inspectToken(token), inspectToken(token))) {
                assertEquals(emptyList(), inspection.findings)
                val lifetime = assertNotNull(inspection.remainingLifetime)
                assertTrue(lifetime in Duration.ofSeconds(86_300)..Duration.ofDays(1), "$lifetime")
            }
        }
    }

    @Test
    fun `lists cannot be changed`() {
        project().use { opentok ->
            val said = opentok.verifyToken(opentok.generateToken(SESSION_ID, initialLayoutClassList = listOf("focus")))
            val inspection = opentok.inspectToken(opentok.generateToken(SESSION_ID) + "\n")
            val lists = inspection.run { listOf(header, fields, findings) } + listOf(said.initialLayoutClassList)
            for (list in lists) {
                assertTrue(list.isNotEmpty())
                assertFailsWith<UnsupportedOperationException> { (list as MutableList<*>).removeAt(0) }
            }
        }
    }

    @Test
    fun `a closed object refuses calls, and closing twice is fine`() {
        val opentok = project()
        opentok.close()
        opentok.close()
        assertFailsWith<IllegalStateException> { opentok.generateToken(SESSION_ID) }
        assertFailsWith<IllegalStateException> { opentok.verifyToken("T1==") }
        assertFailsWith<IllegalStateException> { opentok.inspectToken("T1==") }
        assertFailsWith<IllegalStateException> { opentok.generateRestToken() }
        assertFailsWith<IllegalStateException> { opentok.session(SESSION_ID) }
    }

    @Test
    fun `a call while another thread closes gives a token or an IllegalStateException`() {
        closingWhileCalling({ project() }) { it.generateToken(SESSION_ID) }
        project().use { opentok ->
            closingWhileCalling({ opentok.session(SESSION_ID) }) { it.generateToken() }
            closingWhileCalling({ opentok.session(SESSION_ID) }) { session ->
                session.generateTokens(listOf(TokenOptions())).single().getOrThrow()
            }
        }
    }

    private fun <T : AutoCloseable> closingWhileCalling(make: () -> T, call: (T) -> String) {
        val executor = Executors.newFixedThreadPool(2)
        val refused = AtomicInteger()
        try {
            repeat(10_000) {
                val made = make()
                val start = CountDownLatch(1)
                val closing = executor.submit {
                    start.await()
                    made.close()
                }
                val calling = executor.submit {
                    start.await()
                    try {
                        repeat(3) { call(made) }
                    } catch (_: IllegalStateException) {
                        refused.incrementAndGet()
                    }
                }
                start.countDown()
                closing.get()
                calling.get()
            }
        } finally {
            executor.shutdown()
        }
        assertTrue(refused.get() > 0, "no call met a closed object, so the race was not run")
    }

    @Test
    fun `sixteen threads share an object, and no two tokens are equal`() {
        for ((opentok, sessionId, count) in listOf(
            Triple(project(), SESSION_ID, 1_000),
            Triple(application(), SESSION_ID_OF_APPLICATION, 20),
        )) opentok.use {
            val tokens = Array(16) { emptyList<String>() }
            val threads = tokens.indices.map { index ->
                thread { tokens[index] = List(count) { opentok.generateToken(sessionId, data = "thread=$index") } }
            }
            threads.forEach(Thread::join)
            assertEquals(16 * count, tokens.flatMap { it }.toSet().size)
            tokens.forEachIndexed { index, own ->
                for (token in own) assertEquals("thread=$index", opentok.verifyToken(token).data)
            }
        }
    }
}
