package dev.tokmint

import java.time.Duration
import java.time.Instant
import java.util.Collections
import dev.tokmint.ffi.Field as NativeField
import dev.tokmint.ffi.Finding as NativeFinding
import dev.tokmint.ffi.Inspection as NativeInspection
import dev.tokmint.ffi.Severity as NativeSeverity
import dev.tokmint.ffi.SignatureState as NativeSignatureState

/**
 * What a token says, as far as it reads, and everything that is wrong with it.
 *
 * Trust nothing that it shows: to admit somebody, use [OpenTok.verifyToken].
 */
public class Inspection internal constructor(private val native: NativeInspection) {
    /** The format; null if it cannot be told. */
    public val format: TokenFormat? = native.format?.let(TokenFormat::of)

    /** Whether the signature is that of the project. */
    public val signature: SignatureState = SignatureState.of(native.signature)

    /** The members of a JWT's header, or `partner_id` of a T1 token; cannot be changed. */
    public val header: List<Field> = unmodifiable(native.header, ::Field)

    /** The claims of a JWT or the fields of a T1 token, in their order; cannot be changed. */
    public val fields: List<Field> = unmodifiable(native.fields, ::Field)

    /** The token with its types, if every field reads, whether it is valid or not; else null. */
    public val token: Token? = native.token?.let(::Token)

    /** When it was issued; null if it does not say so or beyond the year 9999. */
    public val createdAt: Instant? = native.createdAt?.let(Instant::parse)

    /** The first second at which it is no longer valid; null in the same way. */
    public val expiresAt: Instant? = native.expiresAt?.let(Instant::parse)

    /** The time before which a JWT is not valid; null in the same way. */
    public val notBefore: Instant? = native.notBefore?.let(Instant::parse)

    /** The time until its expiry, zero or less when it is over; null if it does not name one. */
    public val remainingLifetime: Duration? = native.remainingLifetime?.let(Duration::ofSeconds)

    /**
     * What is wrong: first what makes [OpenTok.verifyToken] refuse it, in the order of its checks, then warnings, then
     * notes; cannot be changed.
     */
    public val findings: List<Finding> = unmodifiable(native.findings, ::Finding)

    /** Whether [OpenTok.verifyToken] without leeway would refuse the token. */
    public val isRefused: Boolean = native.isRefused

    private val text = native.text
    private val json = native.json

    override fun equals(other: Any?): Boolean = other is Inspection && other.native == native

    override fun hashCode(): Int = native.hashCode()

    /** The inspection as one JSON object, for programs. */
    public fun toJson(): String = json

    /** All of it for a person, with control characters escaped. It shows the connection data. */
    override fun toString(): String = text

    public companion object {
        /**
         * Inspects a token without credentials: its signature stays unchecked, and its project is the one that it names.
         *
         * @param token any text.
         * @throws TokmintException if the session ID of the options is not well-formed Unicode; never for a token.
         */
        @JvmStatic
        public fun of(token: String, options: InspectOptions): Inspection =
            translated { Inspection(Crossing.inspectTokenWithoutProject.call(lenientUtf8(token), options.native)) }

        /** Inspects a token without credentials, now and for any session. */
        @JvmStatic
        public fun of(token: String): Inspection = of(token, InspectOptions())

        /**
         * Inspects a token without credentials, with the options of [InspectOptions] as named arguments.
         *
         * @throws TokmintException if the session ID is not well-formed Unicode; never for a token.
         */
        @JvmSynthetic
        public fun of(token: String, now: Instant? = null, sessionId: String? = null): Inspection =
            of(token, InspectOptions(now, sessionId))

        private fun <Native, Element> unmodifiable(list: List<Native>, convert: (Native) -> Element): List<Element> =
            Collections.unmodifiableList(list.map(convert))
    }
}

/** Whether the signature of a token is that of a project. */
public enum class SignatureState {
    /** It is. */
    VALID,

    /** It is not. */
    INVALID,

    /** There was no key, no signature that reads, or another algorithm. */
    UNCHECKED,
    ;

    internal companion object {
        fun of(native: NativeSignatureState): SignatureState = when (native) {
            NativeSignatureState.VALID -> VALID
            NativeSignatureState.INVALID -> INVALID
            NativeSignatureState.UNCHECKED -> UNCHECKED
        }
    }
}

/** A name and its value, as they stand in a token: nothing is escaped for a terminal. */
public class Field internal constructor(private val native: NativeField) {
    /** The name, unescaped in a JWT and still form-encoded in T1. */
    public val name: String = native.name

    /** The JSON of the value in a JWT, with the quotes of a text; the form-encoded value in T1. */
    public val value: String = native.value

    override fun equals(other: Any?): Boolean = other is Field && other.native == native

    override fun hashCode(): Int = native.hashCode()

    override fun toString(): String = "Field(name=$name, value=$value)"
}

/** One thing that an inspection found. */
public class Finding internal constructor(private val native: NativeFinding) {
    /** What it is, for programs: a stable name such as `token_expired`, the same in every language. */
    public val code: String = native.code

    /** How grave it is. Every code has one severity. */
    public val severity: Severity = Severity.of(native.severity)

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

/** How grave a finding is. */
public enum class Severity {
    /** A server would refuse the token; [OpenTok.verifyToken] does. */
    REFUSED,

    /** The token is accepted, but probably does not do what its issuer meant. */
    WARNING,

    /** Something unusual that does no harm. */
    NOTE,
    ;

    internal companion object {
        fun of(native: NativeSeverity): Severity = when (native) {
            NativeSeverity.REFUSED -> REFUSED
            NativeSeverity.WARNING -> WARNING
            NativeSeverity.NOTE -> NOTE
        }
    }
}
