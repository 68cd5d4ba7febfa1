package dev.tokmint

import dev.tokmint.internal.Hidden
import dev.tokmint.internal.instant
import dev.tokmint.internal.role
import dev.tokmint.internal.tokenFormat
import java.time.Instant
import java.util.Collections
import dev.tokmint.ffi.Token as NativeToken

/** What the holder of a token may do in the session. */
public enum class Role(
    /** The name of the role in a token and in every language, such as `publisheronly`. */
    public val value: String,
) {
    /** Subscribe to streams only. */
    SUBSCRIBER("subscriber"),

    /** Publish and subscribe. The default, as in every official SDK. */
    PUBLISHER("publisher"),

    /** Publish only. */
    PUBLISHER_ONLY("publisheronly"),

    /** Publish, subscribe, and mute or disconnect others. */
    MODERATOR("moderator"),
    ;

    /** The [value]. */
    override fun toString(): String = value
}

/** The two token formats. */
public enum class TokenFormat(
    /** The name of the format in every language, such as `jwt`. */
    public val value: String,
) {
    /** A JSON Web Token, signed with HMAC-SHA256 by a project and with RS256 by an application. The default. */
    JWT("jwt"),

    /** The older `T1==` format of projects, signed with HMAC-SHA1. */
    T1("t1"),
    ;

    /** The [value]. */
    override fun toString(): String = value
}

/** What a token says. One that `verifyToken` returned is valid; one in an [Inspection] need not be. */
public class Token internal constructor(token: Hidden<NativeToken>) {
    private val native = token.value

    /** The format it is written in. */
    public val format: TokenFormat = tokenFormat(native.format)

    /** The API key of the project that issued it; null if an application did. */
    public val apiKey: String? = native.apiKey

    /** The ID of the application that issued it, in lower case; null if a project did. */
    public val applicationId: String? = native.applicationId

    /** The one session that its holder can connect to. */
    public val sessionId: String = native.sessionId

    /** What its holder may do there. */
    public val role: Role = role(native.role)

    /** When it was issued. */
    public val createTime: Instant = instant(native.createTime)

    /** The first second at which it is no longer valid. */
    public val expireTime: Instant = instant(native.expireTime)

    /** The connection data, which everybody in the session can read; empty if there is none. */
    public val data: String = native.data

    /** The layout classes of the holder's streams when an archive or broadcast is composed; cannot be changed. */
    public val initialLayoutClassList: List<String> = Collections.unmodifiableList(native.initialLayoutClassList)

    /**
     * The nonce of a project's token, which need not be a number, or the `jti` of an application's, as written in the
     * token; empty if there is none.
     */
    public val nonce: String = native.nonce

    override fun equals(other: Any?): Boolean = other is Token && other.native == native

    override fun hashCode(): Int = native.hashCode()

    /** All but the connection data, which may say who the holder is. */
    override fun toString(): String =
        "Token(format=$format, ${if (apiKey != null) "apiKey=$apiKey" else "applicationId=$applicationId"}, " +
            "sessionId=$sessionId, role=$role, createTime=$createTime, expireTime=$expireTime, " +
            "initialLayoutClassList=$initialLayoutClassList)"
}
