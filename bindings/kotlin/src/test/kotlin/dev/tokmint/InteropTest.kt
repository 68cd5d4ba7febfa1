package dev.tokmint

import com.nimbusds.jose.JWSAlgorithm
import com.nimbusds.jose.JWSHeader
import com.nimbusds.jose.crypto.MACSigner
import com.nimbusds.jose.crypto.MACVerifier
import com.nimbusds.jose.crypto.RSASSASigner
import com.nimbusds.jose.crypto.RSASSAVerifier
import com.nimbusds.jwt.JWTClaimsSet
import com.nimbusds.jwt.SignedJWT
import java.net.URLDecoder
import java.security.KeyFactory
import java.security.interfaces.RSAPrivateCrtKey
import java.security.interfaces.RSAPublicKey
import java.security.spec.PKCS8EncodedKeySpec
import java.security.spec.RSAPublicKeySpec
import java.time.Instant
import java.util.Base64
import java.util.Date
import java.util.UUID
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import com.opentok.OpenTok as OfficialOpenTok
import com.opentok.Role as OfficialRole
import com.opentok.TokenOptions as OfficialTokenOptions

private const val ROUNDS = 1_000

/** RSA takes longer. */
private const val ROUNDS_OF_AN_APPLICATION = 200

/**
 * Tokens cross between tokmint and others in both directions: JWTs of both algorithms with nimbus-jose-jwt, T1 with the
 * official SDK.
 */
class InteropTest {
    private val random = Random(20261124)

    private class Choice(random: Random) {
        val role = Role.entries.random(random)
        val createTime: Instant = Instant.ofEpochSecond(random.nextLong(1_500_000_000, 2_000_000_000))
        val expireTime: Instant = createTime.plusSeconds(random.nextLong(1, 2_592_001))
        val data = string(random, random.nextInt(0, 200))
        val classes = List(random.nextInt(0, 5)) {
            string(random, random.nextInt(1, 20)).filterNot(Char::isWhitespace) + "x"
        }
        val nonce = random.nextLong(1L shl 53)

        /** Plain letters, JSON's special characters, control characters, and characters of every plane. */
        private fun string(random: Random, length: Int): String = buildString {
            repeat(length) {
                appendCodePoint(
                    when (random.nextInt(4)) {
                        0 -> " \"\\/<>&=~.:+%".random(random).code
                        1 -> random.nextInt(0x21, 0x7f)
                        2 -> random.nextInt(0xa1, 0xd800)
                        else -> random.nextInt(0x10000, 0x110000)
                    },
                )
            }
        }
    }

    @Test
    fun `nimbus verifies and reads what tokmint mints`() = OpenTok(API_KEY, API_SECRET).use { opentok ->
        val verifier = MACVerifier(API_SECRET)
        repeat(ROUNDS) {
            val choice = Choice(random)
            val token = SignedJWT.parse(
                opentok.generateToken(
                    SESSION_ID,
                    role = choice.role,
                    createTime = choice.createTime,
                    expireTime = choice.expireTime,
                    data = choice.data,
                    initialLayoutClassList = choice.classes,
                    nonce = choice.nonce,
                ),
            )
            assertTrue(token.verify(verifier))
            val said = token.jwtClaimsSet
            assertEquals(API_KEY, said.issuer)
            assertEquals(SESSION_ID, said.getStringClaim("session_id"))
            assertEquals(choice.role.value, said.getStringClaim("role"))
            assertEquals(choice.createTime, said.issueTime.toInstant())
            assertEquals(choice.expireTime, said.expirationTime.toInstant())
            assertEquals(choice.data, said.getStringClaim("connection_data") ?: "")
            assertEquals(choice.classes.joinToString(" "), said.getStringClaim("initial_layout_class_list") ?: "")
            assertEquals(choice.nonce, said.getLongClaim("nonce"))
        }
    }

    @Test
    fun `tokmint verifies and reads what nimbus mints`() = OpenTok(API_KEY, API_SECRET).use { opentok ->
        val signer = MACSigner(API_SECRET)
        repeat(ROUNDS) {
            val choice = Choice(random)
            val claims = JWTClaimsSet.Builder()
                .issuer(API_KEY)
                .issueTime(Date.from(choice.createTime))
                .expirationTime(Date.from(choice.expireTime))
                .claim("ist", "project")
                .claim("scope", "session.connect")
                .claim("session_id", SESSION_ID)
                .claim("role", choice.role.value)
                .claim("connection_data", choice.data)
                .claim("initial_layout_class_list", choice.classes.joinToString(" "))
                .claim("nonce", choice.nonce)
                .build()
            val token = SignedJWT(JWSHeader(JWSAlgorithm.HS256), claims).apply { sign(signer) }
            val said = opentok.verifyToken(token.serialize(), now = choice.createTime)
            assertEquals(TokenFormat.JWT, said.format)
            assertEquals(API_KEY, said.apiKey)
            assertEquals(SESSION_ID, said.sessionId)
            assertEquals(choice.role, said.role)
            assertEquals(choice.createTime, said.createTime)
            assertEquals(choice.expireTime, said.expireTime)
            assertEquals(choice.data, said.data)
            assertEquals(choice.classes, said.initialLayoutClassList)
            assertEquals(choice.nonce.toString(), said.nonce)
        }
    }

    @Test
    fun `nimbus and tokmint read each other's tokens of an application`() =
        OpenTok.forApplication(APPLICATION_ID, PRIVATE_KEY).use { opentok ->
            val pkcs8 = PRIVATE_KEY.lines().filterNot { it.startsWith("-----") }.joinToString("")
            val keys = KeyFactory.getInstance("RSA")
            val key = keys.generatePrivate(PKCS8EncodedKeySpec(Base64.getDecoder().decode(pkcs8))) as RSAPrivateCrtKey
            val publicKey = keys.generatePublic(RSAPublicKeySpec(key.modulus, key.publicExponent)) as RSAPublicKey
            val verifier = RSASSAVerifier(publicKey)
            val signer = RSASSASigner(key)
            repeat(ROUNDS_OF_AN_APPLICATION) {
                val choice = Choice(random)
                val jti = UUID.randomUUID().toString()
                val minted = SignedJWT.parse(
                    opentok.generateToken(
                        SESSION_ID_OF_APPLICATION,
                        role = choice.role,
                        createTime = choice.createTime,
                        expireTime = choice.expireTime,
                        data = choice.data,
                        initialLayoutClassList = choice.classes,
                        jti = jti,
                    ),
                )
                assertTrue(minted.verify(verifier))
                val claims = JWTClaimsSet.Builder()
                    .claim("application_id", APPLICATION_ID)
                    .issueTime(Date.from(choice.createTime))
                    .expirationTime(Date.from(choice.expireTime))
                    .jwtID(jti)
                    .claim("scope", "session.connect")
                    .claim("session_id", SESSION_ID_OF_APPLICATION)
                    .claim("role", choice.role.value)
                    .subject("video")
                    .claim("acl", mapOf("paths" to mapOf("/session/**" to emptyMap<String, Any>())))
                    .claim("initial_layout_class_list", choice.classes.joinToString(" "))
                    .claim("connection_data", choice.data.ifEmpty { null })
                    .build()
                assertEquals(claims.toJSONObject(), minted.jwtClaimsSet.toJSONObject())

                val token = SignedJWT(JWSHeader(JWSAlgorithm.RS256), claims).apply { sign(signer) }
                val said = opentok.verifyToken(token.serialize(), now = choice.createTime)
                assertEquals(APPLICATION_ID, said.applicationId)
                assertEquals(SESSION_ID_OF_APPLICATION, said.sessionId)
                assertEquals(choice.role, said.role)
                assertEquals(choice.createTime, said.createTime)
                assertEquals(choice.expireTime, said.expireTime)
                assertEquals(choice.data, said.data)
                assertEquals(choice.classes, said.initialLayoutClassList)
                assertEquals(jti, said.nonce)
            }
        }

    @Test
    fun `tokmint verifies and reads what the official SDK mints`() = OpenTok(API_KEY, API_SECRET).use { opentok ->
        val sdk = OfficialOpenTok(API_KEY.toInt(), API_SECRET)
        repeat(ROUNDS) {
            val choice = Choice(random)
            val role = OfficialRole.entries.random(random)
            // It signs classes unescaped, so only those without a special character come out as they went in.
            val classes = choice.classes.map { name -> name.filter { it in '0'..'z' && it.isLetterOrDigit() } }
            val earliest = Instant.now().epochSecond
            val expireTime = if (random.nextBoolean()) earliest + random.nextLong(60, 2_592_000) else null
            val options = OfficialTokenOptions.Builder().role(role).data(choice.data).initialLayoutClassList(classes)
            val token = sdk.generateToken(SESSION_ID, options.apply { expireTime?.let(::expireTime) }.build())
            val latest = Instant.now().epochSecond

            val said = opentok.verifyToken(token)
            assertEquals(TokenFormat.T1, said.format)
            assertEquals(API_KEY, said.apiKey)
            assertEquals(SESSION_ID, said.sessionId)
            assertEquals(role.toString(), said.role.value)
            assertTrue(said.createTime.epochSecond in earliest..latest)
            assertEquals(expireTime ?: (said.createTime.epochSecond + 86_400), said.expireTime.epochSecond)
            assertEquals(choice.data, said.data)
            assertEquals(classes, said.initialLayoutClassList)
            assertEquals(said.nonce.toInt().toString(), said.nonce)
        }
        sdk.close()
    }

    @Test
    fun `the JDK reads the T1 tokens that tokmint mints`() = OpenTok(API_KEY, API_SECRET).use { opentok ->
        val hmac = Mac.getInstance("HmacSHA1").apply { init(SecretKeySpec(API_SECRET.toByteArray(), algorithm)) }
        repeat(ROUNDS) {
            val choice = Choice(random)
            val token = opentok.generateToken(
                SESSION_ID,
                role = choice.role,
                createTime = choice.createTime,
                expireTime = choice.expireTime,
                data = choice.data,
                initialLayoutClassList = choice.classes,
                nonce = choice.nonce,
                tokenFormat = TokenFormat.T1,
            )
            val (head, signed) = String(Base64.getDecoder().decode(token.removePrefix("T1=="))).split(':')
            val signature = hmac.doFinal(signed.toByteArray()).joinToString("") { "%02x".format(it) }
            assertEquals("partner_id=$API_KEY&sig=$signature", head)
            val said = signed.split('&').associate { field ->
                field.substringBefore('=') to URLDecoder.decode(field.substringAfter('='), Charsets.UTF_8)
            }
            val expected = mapOf(
                "session_id" to SESSION_ID,
                "create_time" to choice.createTime.epochSecond.toString(),
                "expire_time" to choice.expireTime.epochSecond.toString(),
                "role" to choice.role.value,
                "nonce" to choice.nonce.toString(),
                "connection_data" to choice.data,
                "initial_layout_class_list" to choice.classes.joinToString(" "),
            )
            assertEquals(expected.filterValues(String::isNotEmpty), said.filterValues(String::isNotEmpty))
        }
    }
}
