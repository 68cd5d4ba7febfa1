package dev.tokmint.internal

import dev.tokmint.ErrorCode
import dev.tokmint.FindingCode
import dev.tokmint.Inspection
import dev.tokmint.Role
import dev.tokmint.Severity
import dev.tokmint.SignatureState
import dev.tokmint.Token
import dev.tokmint.TokenFormat
import dev.tokmint.TokenResult
import dev.tokmint.TokmintException
import dev.tokmint.ffi.FfiConverterTypeToken
import java.nio.ByteBuffer
import java.time.Instant
import java.util.Collections

// What `crossing.rs` replies, as the types of the public package.

/**
 * An argument of a constructor that is not public. Java would see a constructor that is internal in Kotlin, but not one
 * with a value class.
 */
@JvmInline
internal value class Hidden<Value>(val value: Value)

internal fun ByteBuffer.bytes(): ByteArray = ByteArray(int).also(::get)

/** What core wrote, which is well-formed. */
internal fun ByteBuffer.string(): String = String(bytes(), Charsets.UTF_8)

internal fun ByteBuffer.optionalString(): String? = if (get() == 0.toByte()) null else string()

internal fun ByteBuffer.error(): TokmintException = exception(ERROR_CODES.getValue(int), string())

internal fun ByteBuffer.token(): Token = Token(Hidden(FfiConverterTypeToken.read(this)))

internal fun ByteBuffer.inspection(): Inspection = Inspection(Hidden(this))

internal fun ByteBuffer.tokenResult(): TokenResult =
    if (get() == 0.toByte()) TokenResult(Hidden(string()), null) else TokenResult(Hidden(null), error())

/** The exception of an error's group, which the hundreds of its number tell. */
internal fun exception(code: ErrorCode, message: String, cause: Throwable? = null): TokmintException {
    val hidden = Hidden(code)
    return when (code.number / 100) {
        1 -> TokmintException.Credentials(hidden, message)
        2 -> TokmintException.Session(hidden, message)
        3 -> TokmintException.Options(hidden, message)
        4 -> TokmintException.Token(hidden, message)
        5 -> TokmintException.System(hidden, message)
        else -> TokmintException.Binding(hidden, message, cause)
    }
}

private val ERROR_CODES = ErrorCode.entries.associateBy(ErrorCode::number)
private val FINDING_CODES = FindingCode.entries.associateBy(FindingCode::value)
private val ALL_ROLES = Role.entries
private val ALL_TOKEN_FORMATS = TokenFormat.entries

internal fun findingCode(value: String): FindingCode = FINDING_CODES.getValue(value)

internal fun role(value: String): Role = ALL_ROLES.first { it.value == value }

internal fun tokenFormat(value: String): TokenFormat = ALL_TOKEN_FORMATS.first { it.value == value }

internal fun signatureState(value: String): SignatureState = SignatureState.entries.first { it.value == value }

internal fun severity(value: String): Severity = Severity.entries.first { it.value == value }

/** Unix seconds; the nearest [Instant] for what lies beyond, which a token that is not valid can say. */
internal fun instant(seconds: Long): Instant =
    Instant.ofEpochSecond(seconds.coerceIn(Instant.MIN.epochSecond, Instant.MAX.epochSecond))

internal fun <Native, Element> unmodifiable(list: List<Native>, convert: (Native) -> Element): List<Element> =
    Collections.unmodifiableList(list.map(convert))
