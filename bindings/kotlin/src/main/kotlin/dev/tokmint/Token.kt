package dev.tokmint

import java.time.Instant
import java.util.Collections
import dev.tokmint.ffi.Role as NativeRole
import dev.tokmint.ffi.Token as NativeToken
import dev.tokmint.ffi.TokenFormat as NativeTokenFormat

/** What the holder of a token may do in the session. */
public enum class Role(internal val native: NativeRole) {
    /** Subscribe to streams only. */
    SUBSCRIBER(NativeRole.SUBSCRIBER),

    /** Publish and subscribe. The default, as in every official SDK. */
    PUBLISHER(NativeRole.PUBLISHER),

    /** Publish only. */
    PUBLISHER_ONLY(NativeRole.PUBLISHER_ONLY),

    /** Publish, subscribe, and mute or disconnect others. */
    MODERATOR(NativeRole.MODERATOR),
    ;

    internal companion object {
        // A `when`, so that a role that is new in core fails the build.
        fun of(native: NativeRole): Role = when (native) {
            NativeRole.SUBSCRIBER -> SUBSCRIBER
            NativeRole.PUBLISHER -> PUBLISHER
            NativeRole.PUBLISHER_ONLY -> PUBLISHER_ONLY
            NativeRole.MODERATOR -> MODERATOR
        }
    }
}

/** The two token formats. */
public enum class TokenFormat(internal val native: NativeTokenFormat) {
    /** A JSON Web Token signed with HMAC-SHA256. The default. */
    JWT(NativeTokenFormat.JWT),

    /** The older `T1==` format, signed with HMAC-SHA1. */
    T1(NativeTokenFormat.T1),
    ;

    internal companion object {
        fun of(native: NativeTokenFormat): TokenFormat = when (native) {
            NativeTokenFormat.JWT -> JWT
            NativeTokenFormat.T1 -> T1
        }
    }
}

/** What a token says. One that [OpenTok.verifyToken] returned is valid; one in an [Inspection] need not be. */
public class Token internal constructor(private val native: NativeToken) {
    /** The format it is written in. */
    public val format: TokenFormat = TokenFormat.of(native.format)

    /** The API key of the project that issued it. */
    public val apiKey: String = native.apiKey

    /** The one session it admits to. */
    public val sessionId: String = native.sessionId

    /** What its holder may do there. */
    public val role: Role = Role.of(native.role)

    /** When it was issued. */
    public val createTime: Instant = instant(native.createTime)

    /** The first second at which it is no longer valid. */
    public val expireTime: Instant = instant(native.expireTime)

    /** The connection data, which everybody in the session can read; empty if there is none. */
    public val data: String = native.data

    /** The layout classes of the holder's streams when an archive or broadcast is composed; cannot be changed. */
    public val initialLayoutClassList: List<String> = Collections.unmodifiableList(native.initialLayoutClassList)

    /** The nonce as it stands in the token, which need not be a number; empty if there is none. */
    public val nonce: String = native.nonce

    override fun equals(other: Any?): Boolean = other is Token && other.native == native

    override fun hashCode(): Int = native.hashCode()

    /** All but the connection data, which may say who the holder is. */
    override fun toString(): String =
        "Token(format=$format, apiKey=$apiKey, sessionId=$sessionId, role=$role, createTime=$createTime, " +
            "expireTime=$expireTime, initialLayoutClassList=$initialLayoutClassList)"
}

/** Unix seconds; the last [Instant] for what lies beyond, which a T1 token that is not valid can say. */
private fun instant(seconds: Long): Instant = Instant.ofEpochSecond(minOf(seconds, Instant.MAX.epochSecond))
