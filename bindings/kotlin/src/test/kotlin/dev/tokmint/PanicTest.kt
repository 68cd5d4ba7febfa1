package dev.tokmint

import org.junit.jupiter.api.Tag
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse

/** Runs over a library that panics for the data `panic`, which no other test and no package has. */
@Tag("panic")
class PanicTest {
    @Test
    fun `a panic is an exception without input, and the process and the object live on`() {
        OpenTok(API_KEY, API_SECRET).use { opentok ->
            repeat(5) {
                val failure =
                    assertFailsWith<TokmintException.Binding> { opentok.generateToken(SESSION_ID, data = "panic") }
                assertEquals(ErrorCode.PANIC, failure.code)
                assertEquals(999, failure.number)
                assertFalse(failure.message!!.contains("asked for it"), failure.message)
                assertEquals("fine", opentok.verifyToken(opentok.generateToken(SESSION_ID, data = "fine")).data)
            }
        }
    }

    @Test
    fun `a panic is the error of one item, and the others have their tokens`() {
        OpenTok(API_KEY, API_SECRET).use { it.session(SESSION_ID) }.use { session ->
            val items = listOf("fine", "panic", "panic", "fine").map { TokenOptions(data = it) }
            val results = session.generateTokens(items)
            assertEquals(listOf(null, ErrorCode.PANIC, ErrorCode.PANIC, null), results.map { it.error?.code })
            for (result in listOf(results[0], results[3])) {
                assertEquals("fine", session.verifyToken(result.getOrThrow()).data)
            }
        }
    }
}
