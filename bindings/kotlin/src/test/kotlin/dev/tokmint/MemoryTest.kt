package dev.tokmint

import org.junit.jupiter.api.condition.EnabledOnOs
import org.junit.jupiter.api.condition.OS
import java.io.File
import java.time.Duration
import kotlin.test.Test
import kotlin.test.assertFailsWith
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

    private fun round() = OpenTok(API_KEY, API_SECRET).use { opentok ->
        val options =
            TokenOptions(role = Role.MODERATOR, data = "name=Johnny", initialLayoutClassList = listOf("a", "b"))
        val jwt = opentok.generateToken(SESSION_ID, options)
        val t1 = opentok.generateToken(SESSION_ID, data = "name=Johnny", tokenFormat = TokenFormat.T1)
        opentok.verifyToken(jwt)
        opentok.verifyToken(t1)
        opentok.verifyToken(opentok.generateToken(SESSION_ID, data = longData))
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

    private fun assertNothingStays(roundsBefore: Int, rounds: Int, allowedHeap: Long, round: () -> Unit) {
        repeat(roundsBefore) { round() }
        val (heapBefore, residentBefore) = settled { false }
        repeat(rounds) { round() }
        val (heapAfter, residentAfter) = settled { it - heapBefore < allowedHeap }
        val heap = heapAfter - heapBefore
        assertTrue(heap < allowedHeap, "the heap grew by $heap bytes")
        val resident = residentAfter - residentBefore
        println("memory after $rounds rounds: heap $heap, resident $resident")
        assertTrue(resident < ALLOWED_RESIDENT_BYTES, "the process grew by $resident bytes")
    }
}
