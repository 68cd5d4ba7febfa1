package dev.tokmint

import java.time.Duration
import java.time.Instant
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

private const val LONE_SURROGATE = "a\uD800b"

class OpenTokTest {
    private fun project() = OpenTok(API_KEY, API_SECRET)

    @Test
    fun `half of a surrogate pair is refused wherever a text stands`() {
        fun refused(code: String, call: () -> Unit) = assertEquals(code, assertFailsWith<TokmintException>(block = call).code)
        refused("invalid_utf8") { OpenTok(LONE_SURROGATE, API_SECRET) }
        refused("invalid_utf8") { OpenTok(API_KEY, LONE_SURROGATE) }
        project().use { opentok ->
            val token = opentok.generateToken(SESSION_ID)
            refused("invalid_data") { opentok.generateToken(SESSION_ID, data = LONE_SURROGATE) }
            refused("invalid_utf8") { opentok.generateToken(LONE_SURROGATE) }
            refused("invalid_utf8") { opentok.generateToken(SESSION_ID, initialLayoutClassList = listOf("a", LONE_SURROGATE)) }
            refused("invalid_utf8") { opentok.verifyToken(token, sessionId = LONE_SURROGATE) }
            refused("malformed_token") { opentok.verifyToken(LONE_SURROGATE) }
        }
    }

    @Test
    fun `neither the secret nor connection data is printed`() {
        project().use { opentok ->
            assertEquals("OpenTok(apiKey=$API_KEY)", opentok.toString())
            val said = opentok.verifyToken(opentok.generateToken(SESSION_ID, data = "name=Johnny"))
            assertFalse(said.toString().contains("Johnny"), said.toString())
        }
        val error = assertFailsWith<TokmintException.Credentials> { OpenTok(API_KEY, " secret-with-space ") }
        assertFalse(error.toString().contains("secret-with-space"), error.toString())
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
        }
    }

    @Test
    fun `the list of classes cannot be changed`() {
        project().use { opentok ->
            val said = opentok.verifyToken(opentok.generateToken(SESSION_ID, initialLayoutClassList = listOf("focus")))
            @Suppress("UNCHECKED_CAST")
            assertFailsWith<UnsupportedOperationException> { (said.initialLayoutClassList as MutableList<String>).add("x") }
        }
    }

    @Test
    fun `a closed object refuses calls, and closing twice is fine`() {
        val opentok = project()
        opentok.close()
        opentok.close()
        assertFailsWith<IllegalStateException> { opentok.generateToken(SESSION_ID) }
        assertFailsWith<IllegalStateException> { opentok.verifyToken("T1==") }
    }

    @Test
    fun `a call while another thread closes gives a token or an IllegalStateException`() {
        val executor = Executors.newFixedThreadPool(2)
        val refused = AtomicInteger()
        try {
            repeat(10_000) {
                val opentok = project()
                val start = CountDownLatch(1)
                val closing = executor.submit { start.await(); opentok.close() }
                val calling = executor.submit {
                    start.await()
                    try {
                        repeat(3) { opentok.generateToken(SESSION_ID) }
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
        project().use { opentok ->
            val tokens = Array(16) { emptyList<String>() }
            val threads = tokens.indices.map { index ->
                thread { tokens[index] = List(1_000) { opentok.generateToken(SESSION_ID, data = "thread=$index") } }
            }
            threads.forEach(Thread::join)
            assertEquals(16_000, tokens.flatMap { it }.toSet().size)
            tokens.forEachIndexed { index, own -> own.forEach { assertEquals("thread=$index", opentok.verifyToken(it).data) } }
        }
    }
}
