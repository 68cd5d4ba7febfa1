package dev.tokmint

import dev.tokmint.internal.ITEMS_OF_A_CALL
import java.io.ByteArrayOutputStream
import java.io.NotSerializableException
import java.io.ObjectOutputStream
import java.time.Duration
import java.time.Instant
import java.util.stream.Collectors
import java.util.stream.IntStream
import java.util.stream.Stream
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Another session of the project. */
private const val OTHER_SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC41fg"

/** More items than cross the boundary in one call. */
private const val ITEMS = 1_050

class SessionTest {
    /** Outlives its credentials in every test. */
    private fun session(sessionId: String = SESSION_ID) = OpenTok(API_KEY, API_SECRET).use { it.session(sessionId) }

    private fun refused(code: String, call: () -> Unit) =
        assertEquals(code, "${assertFailsWith<TokmintException>(block = call).code}")

    @Test
    fun `a batch has a result for each item, in order, whatever is wrong with the others`() {
        val createTime = Instant.parse("2027-01-15T08:00:00Z")
        val faults = listOf(
            "data_too_long" to TokenOptions(data = "x".repeat(1001)),
            "invalid_data" to TokenOptions(data = LONE_SURROGATE),
            "invalid_utf8" to TokenOptions(initialLayoutClassList = listOf(LONE_SURROGATE)),
            "unsupported_option" to TokenOptions(jti = "d412fd8f-921c-4b35-bdcd-bf2d39bb20ed"),
            "invalid_nonce" to TokenOptions(nonce = -1),
        )
        val items = List(ITEMS) { index ->
            val nonce = index.toLong()
            when (index % 7) {
                0 -> faults[index / 7 % faults.size]
                // A few with equal options, so that the batch prepares what they share, and then others.
                in 1..4 -> null to TokenOptions(data = "item=$index", createTime = createTime, nonce = nonce)
                5 -> null to TokenOptions(tokenFormat = TokenFormat.T1, createTime = createTime, nonce = nonce)
                else -> null to TokenOptions(data = "\u0001".repeat(1000), createTime = createTime, nonce = nonce)
            }
        }
        session().use { session ->
            val options = items.map { it.second }
            val results = session.generateTokens(options)
            assertEquals(items.map { it.first }, results.map { it.error?.code?.toString() })
            for ((item, result) in items.zip(results)) {
                val (code, given) = item
                if (code == null) {
                    assertEquals(session.generateToken(given), result.token)
                    assertEquals(result.token, result.getOrThrow())
                } else {
                    assertNull(result.token)
                    refused(code) { result.getOrThrow() }
                }
            }
            val tokens = results.map { it.token }
            assertEquals(tokens, session.generateTokens(options.asSequence()).map { it.token }.toList())
            val stream = session.generateTokens(options.stream()).map { it.token }
            assertEquals(tokens, stream.collect(Collectors.toList()))
            assertEquals(emptyList(), session.generateTokens(emptyList()))
        }
    }

    @Test
    fun `a batch reads the clock once`() {
        session().use { session ->
            val items = generateSequence(0) { it + 1 }.take(ITEMS).map { index ->
                // The items of the last calls come in a later second.
                if (index == ITEMS - 50) Thread.sleep(1_100)
                TokenOptions(data = "item=$index")
            }
            val said = session.generateTokens(items).map { session.verifyToken(it.getOrThrow()) }.toList()
            assertEquals(List(ITEMS) { "item=$it" }, said.map { it.data })
            assertEquals(1, said.map { it.createTime }.toSet().size)
            assertEquals(ITEMS, said.map { it.nonce }.toSet().size)
            // The next batch reads it again.
            val next = session.verifyToken(session.generateTokens(listOf(TokenOptions())).single().getOrThrow())
            assertTrue(next.createTime > said.first().createTime)
        }
    }

    @Test
    fun `sequences and streams are read as far as they are needed`() {
        session().use { session ->
            var read = 0
            val endless = generateSequence { TokenOptions(data = "item=${read++}") }
            val results = session.generateTokens(endless)
            assertEquals(0, read)
            val tokens = results.take(250).map { it.getOrThrow() }.toList()
            assertEquals("item=249", session.verifyToken(tokens.last()).data)
            assertTrue(read in 250..266, "$read")

            var isClosed = false
            val stream = IntStream.iterate(0) { it + 1 }.mapToObj { TokenOptions(data = "item=$it") }
            session.generateTokens(stream.onClose { isClosed = true }).use { open ->
                val last = open.map { it.getOrThrow() }.limit(250).reduce { _, token -> token }.get()
                assertEquals("item=249", session.verifyToken(last).data)
            }
            assertTrue(isClosed)
        }
    }

    @Test
    fun `a stream that is closed before its end keeps nothing`() {
        session().use { session ->
            val stream = session.generateTokens(Stream.generate { TokenOptions() })
            val begun = stream.iterator()
            repeat(ITEMS_OF_A_CALL) { begun.next().getOrThrow() }
            stream.close()
            assertFailsWith<IllegalStateException> { begun.next() }
        }
    }

    @Test
    fun `a fault of the caller's own items is the caller's`() {
        session().use { session ->
            val faulty = sequence {
                yield(TokenOptions())
                throw UnsupportedOperationException("of the caller")
            }
            assertFailsWith<UnsupportedOperationException> { session.generateTokens(faulty).toList() }
            assertFailsWith<UnsupportedOperationException> { session.generateTokens(faulty.asIterable()) }
        }
    }

    @Test
    fun `a session verifies its own tokens and no others`() {
        session().use { session ->
            session(OTHER_SESSION_ID).use { other ->
                val token = session.generateToken(data = "name=Johnny")
                assertEquals("name=Johnny", session.verifyToken(token).data)
                assertEquals(SESSION_ID, session.verifyToken(token, VerifyOptions(sessionId = SESSION_ID)).sessionId)
                refused("token_of_other_session") { other.verifyToken(token) }
                refused("token_of_other_session") { session.verifyToken(other.generateToken()) }
                refused("token_of_other_session") {
                    session.verifyToken(token, VerifyOptions(sessionId = OTHER_SESSION_ID))
                }
                val later = Instant.now() + Duration.ofDays(1)
                refused("token_expired") { session.verifyToken(token, now = later + Duration.ofSeconds(5)) }
                session.verifyToken(token, now = later, leeway = Duration.ofSeconds(60))
                refused("malformed_token") { session.verifyToken("T1==") }
            }
        }
    }

    @Test
    fun `a verifier prepares sessions that verify`() {
        val token = OpenTok.forApplication(APPLICATION_ID, PRIVATE_KEY).use { it.session(SESSION_ID_OF_APPLICATION) }
            .use { it.generateTokens(listOf(TokenOptions())).single().getOrThrow() }
        OpenTok.verifier(APPLICATION_ID, PUBLIC_KEY).use { it.session(SESSION_ID_OF_APPLICATION) }.use { session ->
            assertEquals(APPLICATION_ID, session.verifyToken(token).applicationId)
            refused("no_private_key") { session.generateToken() }
            val results = session.generateTokens(listOf(TokenOptions(), TokenOptions(nonce = 1)))
            assertEquals(listOf(ErrorCode.NO_PRIVATE_KEY, ErrorCode.NO_PRIVATE_KEY), results.map { it.error?.code })
            assertEquals("Session(applicationId=$APPLICATION_ID, sessionId=$SESSION_ID_OF_APPLICATION)", "$session")
        }
    }

    @Test
    fun `neither a session nor a result prints a secret, and a session is not serializable`() {
        session().use { session ->
            assertEquals("Session(apiKey=$API_KEY, sessionId=$SESSION_ID)", "$session")
            assertFailsWith<NotSerializableException> {
                ObjectOutputStream(ByteArrayOutputStream()).writeObject(session)
            }
            val results = session.generateTokens(listOf(TokenOptions(), TokenOptions(nonce = -1)))
            assertEquals("[TokenResult(token), TokenResult(error=invalid_nonce)]", "$results")
        }
    }

    @Test
    fun `a closed session refuses calls, and what has begun ends`() {
        val session = session()
        val token = session.generateToken()
        val sequence = session.generateTokens(generateSequence { TokenOptions() }.take(ITEMS))
        val begun = sequence.iterator().apply { next().getOrThrow() }
        session.close()
        session.close()
        assertEquals(ITEMS - 1, begun.asSequence().map { it.getOrThrow() }.toSet().size)
        assertFailsWith<IllegalStateException> { session.generateToken() }
        assertFailsWith<IllegalStateException> { session.verifyToken(token) }
        assertFailsWith<IllegalStateException> { session.generateTokens(emptyList()) }
        assertFailsWith<IllegalStateException> { sequence.first() }
    }
}
