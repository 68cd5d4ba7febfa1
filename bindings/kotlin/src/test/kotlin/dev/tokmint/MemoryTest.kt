package dev.tokmint

import org.junit.jupiter.api.condition.EnabledOnOs
import org.junit.jupiter.api.condition.OS
import java.io.File
import java.lang.management.BufferPoolMXBean
import java.lang.management.ManagementFactory
import java.time.Duration
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.concurrent.thread
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

private const val CALLS = 1_000_000
private const val CALLS_OF_A_ROUND = 10

/** Rounds with the key of an application, which takes more than ten kilobytes. */
private const val ROUNDS_OF_AN_APPLICATION = 6_000

/** Much less than a leak of 64 bytes in every call amounts to, and more than the JVM's compiler takes. */
private const val ALLOWED_RESIDENT_BYTES = 24_000_000L

/** A list with an entry for every call takes more. */
private const val ALLOWED_HEAP_BYTES = 2_000_000L

/** Less than half of what the texts of the keys take, and more than what JNA's own thread is late with. */
private const val ALLOWED_HEAP_BYTES_OF_KEYS = 6_000_000L

/** The heap that the build gives this JVM is in memory from the start, so that only what is outside of it can grow. */
class MemoryTest {
    private val longData = "\u0001".repeat(1000)

    @Test
    fun `what long arguments take is not left to the garbage collector`() {
        val direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean::class.java).first { it.name == "direct" }
        OpenTok(API_KEY, API_SECRET).use { opentok ->
            opentok.generateToken(SESSION_ID)
            val before = direct.count
            repeat(20) {
                assertFailsWith<TokmintException.Session> { opentok.generateToken("1".repeat(1_000_000)) }
                assertFailsWith<TokmintException.Token> { opentok.verifyToken("x".repeat(60_000)) }
            }
            assertEquals(before, direct.count)
        }
    }

    private fun round() = OpenTok(API_KEY, API_SECRET).use { opentok ->
        val options =
            TokenOptions(role = Role.MODERATOR, data = "name=Johnny", initialLayoutClassList = listOf("a", "b"))
        val jwt = opentok.generateToken(SESSION_ID, options)
        val t1 = opentok.generateToken(SESSION_ID, data = "name=Johnny", tokenFormat = TokenFormat.T1)
        opentok.verifyToken(jwt)
        opentok.verifyToken(t1)
        opentok.verifyToken(opentok.generateToken(SESSION_ID, data = longData))
        opentok.inspectToken(jwt).toJson()
        opentok.session(SESSION_ID).use { session ->
            session.verifyToken(session.generateToken(options))
            val results = session.generateTokens(listOf(options, options, TokenOptions(nonce = -1)))
            assertNotNull(results.last().error)
        }
        assertFailsWith<TokmintException.Session> { opentok.session("nonsense") }
        val ofAnother = VerifyOptions(leeway = Duration.ZERO, sessionId = "another")
        assertFailsWith<TokmintException.Token> { opentok.verifyToken(jwt, ofAnother) }
        assertFailsWith<TokmintException.Session> { opentok.generateToken("nonsense") }
        assertFailsWith<TokmintException.Options> { opentok.generateToken(SESSION_ID, nonce = -1) }
    }

    private fun roundOfAnApplication() = OpenTok.forApplication(APPLICATION_ID, PRIVATE_KEY).use { opentok ->
        val token = opentok.generateToken(SESSION_ID_OF_APPLICATION, data = "name=Johnny")
        opentok.verifyToken(token)
        assertFailsWith<TokmintException.Session> { opentok.generateToken(SESSION_ID) }
        assertFailsWith<TokmintException.Options> { opentok.generateRestToken(jti = "") }
        assertFailsWith<TokmintException.Credentials> { OpenTok.forApplication(APPLICATION_ID, PRIVATE_KEY.drop(100)) }
    }

    /** Bytes of the heap that are in use, and bytes of the process that are in memory. */
    private fun usage(): Pair<Long, Long> {
        // What the first collection finds unreachable frees native memory, which the second waits for.
        repeat(2) { System.gc().also { Thread.sleep(200) } }
        val runtime = Runtime.getRuntime()
        val resident = File("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }
        return runtime.totalMemory() - runtime.freeMemory() to resident.filter(Char::isDigit).toLong() * 1024
    }

    /** The usage with the least heap: JNA's own thread frees what was collected, and can be late on a busy machine. */
    private fun settled(isEnough: (heap: Long) -> Boolean): Pair<Long, Long> {
        val usages = mutableListOf(usage())
        while (usages.size < 20 && !isEnough(usages.last().first)) usages += usage()
        return usages.minBy { it.first }
    }

    // Elsewhere nothing under /proc says what a process has in memory.
    @EnabledOnOs(OS.LINUX)
    @Test
    fun `a million calls leave nothing behind in memory`() =
        assertNothingStays(CALLS / CALLS_OF_A_ROUND / 5, CALLS / CALLS_OF_A_ROUND, ALLOWED_HEAP_BYTES) { round() }

    @EnabledOnOs(OS.LINUX)
    @Test
    fun `keys of applications leave nothing behind in memory`() =
        // As many rounds before as measured: the JVM takes memory of its own for as long as it compiles.
        assertNothingStays(ROUNDS_OF_AN_APPLICATION, ROUNDS_OF_AN_APPLICATION, ALLOWED_HEAP_BYTES_OF_KEYS) {
            roundOfAnApplication()
        }

    // The heap is smaller than a million tokens.
    @EnabledOnOs(OS.LINUX)
    @Test
    fun `a batch of a million tokens takes no more memory than a few`() = session().use { session ->
        val results = session.generateTokens(generateSequence { TokenOptions(data = "name=Johnny") }.take(CALLS))
        var before = 0L
        var after = 0L
        results.forEachIndexed { index, result ->
            result.getOrThrow()
            if (index == CALLS / 5) before = usage().second
            if (index == CALLS - 1) after = usage().second
        }
        assertTrue(after > 0, "every item has a result")
        assertNotResident(after - before, "a batch of $CALLS tokens")
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    fun `eight threads share a session, no nonce comes twice, and nothing stays`() = session().use { session ->
        val count = System.getenv("TOKMINT_TOKENS")?.toInt() ?: 200_000
        val nonces = LongArray(count)

        // Half of them in batches.
        fun generate(from: Int, to: Int) {
            for (start in from until to step 200) {
                val singles = start until minOf(start + 100, to)
                val items = singles.last + 1 until minOf(start + 200, to)
                val tokens = singles.map { session.generateToken(data = "item=$it") } +
                    session.generateTokens(items.map { TokenOptions(data = "item=$it") }).map { it.getOrThrow() }
                tokens.forEachIndexed { index, token ->
                    val said = session.verifyToken(token)
                    assertEquals("item=${start + index}", said.data)
                    nonces[start + index] = said.nonce.toLong()
                }
            }
        }

        fun byThreads(from: Int, to: Int) {
            val failures = ConcurrentLinkedQueue<Throwable>()
            val shares = List(9) { (from + (to - from).toLong() * it / 8).toInt() }.zipWithNext()
            shares.map { (first, end) ->
                thread { runCatching { generate(first, end) }.onFailure(failures::add) }
            }.forEach(Thread::join)
            failures.firstOrNull()?.let { throw it }
        }
        byThreads(0, count / 2)
        val (_, before) = usage()
        byThreads(count / 2, count)
        assertNotResident(usage().second - before, "$count tokens by eight threads")
        nonces.sort()
        val twice = (1 until count).count { nonces[it] == nonces[it - 1] }
        println("$count tokens, nonces that came twice: $twice")
        assertEquals(0, twice)
    }

    private fun session() = OpenTok(API_KEY, API_SECRET).use { it.session(SESSION_ID) }

    private fun assertNotResident(grown: Long, after: String) {
        println("memory after $after: resident $grown")
        assertTrue(grown < ALLOWED_RESIDENT_BYTES, "the process grew by $grown bytes")
    }

    private fun assertNothingStays(roundsBefore: Int, rounds: Int, allowedHeap: Long, round: () -> Unit) {
        repeat(roundsBefore) { round() }
        val (heapBefore, residentBefore) = settled { false }
        repeat(rounds) { round() }
        val (heapAfter, residentAfter) = settled { it - heapBefore < allowedHeap }
        val heap = heapAfter - heapBefore
        assertTrue(heap < allowedHeap, "the heap grew by $heap bytes")
        assertNotResident(residentAfter - residentBefore, "$rounds rounds, heap $heap")
    }
}
