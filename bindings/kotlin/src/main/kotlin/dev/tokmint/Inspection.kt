package dev.tokmint

import dev.tokmint.ffi.FfiConverterTypeInspection
import dev.tokmint.ffi.Operation
import dev.tokmint.internal.Handle
import dev.tokmint.internal.Hidden
import dev.tokmint.internal.findingCode
import dev.tokmint.internal.instant
import dev.tokmint.internal.severity
import dev.tokmint.internal.signatureState
import dev.tokmint.internal.string
import dev.tokmint.internal.tokenFormat
import dev.tokmint.internal.unmodifiable
import java.nio.ByteBuffer
import java.time.Duration
import java.time.Instant
import dev.tokmint.ffi.Field as NativeField
import dev.tokmint.ffi.Finding as NativeFinding

/**
 * The contents of a token, as far as they can be parsed, and everything that is wrong with it.
 *
 * Trust nothing that it shows: to decide whether to let somebody in, use [OpenTok.verifyToken].
 *
 * It keeps two to three times the length of the token outside of the heap, for [toString] and [toJson], which the garbage
 * collector frees with it.
 */
public class Inspection internal constructor(reply: Hidden<ByteBuffer>) {
    /** What [toString] and [toJson] show, which is made when they are called. */
    private val handle = Handle("inspection", reply.value.long, Operation.FREE_INSPECTION)
    private val native = FfiConverterTypeInspection.read(reply.value)

    /** The format; null if it cannot be told. */
    public val format: TokenFormat? = native.format?.let(::tokenFormat)

    /** Whether the signature is that of the credentials. */
    public val signature: SignatureState = signatureState(native.signature)

    /** The members of a JWT's header, or the fields of a T1 token's head without its signature; cannot be changed. */
    public val header: List<Field> = unmodifiable(native.header) { Field(Hidden(it)) }

    /** The claims of a JWT or the fields of a T1 token, in token order; cannot be changed. */
    public val fields: List<Field> = unmodifiable(native.fields) { Field(Hidden(it)) }

    /** The typed token, valid or not, if every field can be read; else null. */
    public val token: Token? = native.token?.let { Token(Hidden(it)) }

    /** The time of inspection; null if none was given and the system's clock cannot be read. */
    public val now: Instant? = native.now?.let(::instant)

    /** When it was issued; null if the token does not state it. */
    public val createTime: Instant? = native.createTime?.let(::instant)

    /** The first second at which it is no longer valid; null if the token does not state it. */
    public val expireTime: Instant? = native.expireTime?.let(::instant)

    /** The time before which a JWT is not valid; null if the token does not state it. */
    public val notBefore: Instant? = native.notBefore?.let(::instant)

    /** The time until its expiry, zero or less after it; null if it has none. */
    public val remainingLifetime: Duration? = native.remainingLifetime?.let(Duration::ofSeconds)

    /**
     * What is wrong: first what makes [OpenTok.verifyToken] refuse it, in the order of its checks, then warnings, then
     * notes; cannot be changed.
     */
    public val findings: List<Finding> = unmodifiable(native.findings) { Finding(Hidden(it)) }

    /** Whether [OpenTok.verifyToken] without leeway would refuse the token. */
    public val isRefused: Boolean = native.isRefused

    override fun equals(other: Any?): Boolean = other is Inspection && other.native == native

    override fun hashCode(): Int = native.hashCode()

    /** The inspection as one JSON object, for programs, with the names that it has in every language. */
    public fun toJson(): String = handle.call(Operation.INSPECTION_JSON, {}, ByteBuffer::string)

    /** All of it for a person, with control characters escaped. It shows the connection data. */
    override fun toString(): String = handle.call(Operation.INSPECTION_TEXT, {}, ByteBuffer::string)
}

/** Whether the signature of a token is that of the credentials. */
public enum class SignatureState(
    /** The name of the state in every language, such as `valid`. */
    public val value: String,
) {
    /** It is. */
    VALID("valid"),

    /** It is not. */
    INVALID("invalid"),

    /** There was no key, no readable signature, or another algorithm. */
    UNCHECKED("unchecked"),
    ;

    /** The [value]. */
    override fun toString(): String = value
}

/** A name and its value, as written in a token: nothing is escaped for a terminal. */
public class Field internal constructor(field: Hidden<NativeField>) {
    private val native = field.value

    /** The name, unescaped in a JWT and still form-encoded in T1. */
    public val name: String = native.name

    /** The JSON of the value in a JWT, quotes included; the form-encoded value in T1. */
    public val value: String = native.value

    override fun equals(other: Any?): Boolean = other is Field && other.native == native

    override fun hashCode(): Int = native.hashCode()

    override fun toString(): String = "Field(name=$name, value=$value)"
}

/** One thing that an inspection found. */
public class Finding internal constructor(finding: Hidden<NativeFinding>) {
    private val native = finding.value

    /** Its stable code for programs, such as [FindingCode.TOKEN_EXPIRED]. */
    public val code: FindingCode = findingCode(native.code)

    /** Its severity. Every code has one. */
    public val severity: Severity = severity(native.severity)

    /**
     * What is wrong and what to do, in one sentence for a person. It may quote a few characters of the token, escaped
     * and shortened, but never its signature and never connection data.
     */
    public val message: String = native.message

    /** What the server says to such a token; null where that is not known. */
    public val serverMessage: String? = native.serverMessage

    override fun equals(other: Any?): Boolean = other is Finding && other.native == native

    override fun hashCode(): Int = native.hashCode()

    override fun toString(): String =
        "Finding(code=$code, severity=$severity, message=$message, serverMessage=$serverMessage)"
}

/** The severity of a finding. */
public enum class Severity(
    /** The name of the severity in every language, such as `refused`. */
    public val value: String,
) {
    /** A server would refuse the token; [OpenTok.verifyToken] does. */
    REFUSED("refused"),

    /** The token is accepted, but probably does not do what its issuer meant. */
    WARNING("warning"),

    /** Something unusual that does no harm. */
    NOTE("note"),
    ;

    /** The [value]. */
    override fun toString(): String = value
}
