package dev.tokmint.internal

import java.nio.charset.CharacterCodingException

/** UTF-8; for a string with half of a surrogate pair, U+D800 in three bytes, which the native side refuses. */
internal fun utf8(string: String): ByteArray {
    val bytes = string.toByteArray()
    // Java writes `?` for a half. Only of ASCII the bytes read as Latin-1 are the string, and that is quick to see.
    if (bytes.size == string.length && String(bytes, Charsets.ISO_8859_1) == string) return bytes
    return try {
        if (string.any(Char::isSurrogate)) string.encodeToByteArray(throwOnInvalidSequence = true) else bytes
    } catch (_: CharacterCodingException) {
        byteArrayOf(0xED.toByte(), 0xA0.toByte(), 0x80.toByte())
    }
}

/** UTF-8, with U+FFFD in the place of half of a surrogate pair, so that an inspection sees the rest of the string. */
internal fun lenientUtf8(string: String): ByteArray {
    if (string.none(Char::isSurrogate)) return string.toByteArray()
    return buildString(string.length) {
        string.codePoints().forEach { appendCodePoint(if (it in HALVES_OF_PAIRS) 0xFFFD else it) }
    }.toByteArray()
}

/** How many bytes UTF-8 has, with three for half of a surrogate pair if it stands alone, and without making them. */
internal fun utf8Length(string: String): Long {
    var length = 0L
    var index = 0
    while (index < string.length) {
        val code = string.codePointAt(index)
        length += when {
            code < 0x80 -> 1
            code < 0x800 -> 2
            code < 0x10000 -> 3
            else -> 4
        }
        index += Character.charCount(code)
    }
    return length
}

private val HALVES_OF_PAIRS = 0xD800..0xDFFF
