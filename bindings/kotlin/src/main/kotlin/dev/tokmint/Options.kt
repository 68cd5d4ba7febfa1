package dev.tokmint

import dev.tokmint.internal.Hidden
import dev.tokmint.internal.copyWithoutNull
import dev.tokmint.internal.shown
import java.time.Duration
import java.time.Instant

/** Options for a new token. What is outside of the limits is refused; nothing is changed silently. */
public class TokenOptions(
    /** What the holder may do in the session; a publisher by default. */
    public val role: Role? = null,
    /**
     * When the token ends, in whole seconds (a fraction is dropped): 1 second to 30 days after its issue, and 24 hours
     * by default.
     */
    public val expireTime: Instant? = null,
    /** The token's lifetime in whole seconds, 1 second to 30 days. Only one of the two may be given. */
    public val expiresIn: Duration? = null,
    /** Connection data, at most 1000 UTF-16 code units, which everybody in the session can read. */
    public val data: String? = null,
    initialLayoutClassList: List<String>? = null,
    /** The format of the token; a JWT by default. Applications have no other. */
    public val tokenFormat: TokenFormat? = null,
    /** When the token is issued, in whole seconds; now by default. Expiry counts from it. */
    public val createTime: Instant? = null,
    /** A number that tells equal tokens of a project apart, 0 to 2^53 - 1; by default one that was not used before. */
    public val nonce: Long? = null,
    /** A UUID in lower case that tells equal tokens of an application apart; a random one by default. */
    public val jti: String? = null,
) {
    /**
     * Classes of the layout in which an archive or a broadcast is composed, each without whitespace, at most 1000 UTF-16
     * code units with the spaces between them; a copy, which cannot be changed.
     */
    public val initialLayoutClassList: List<String>? = initialLayoutClassList?.let(::copyWithoutNull)

    private val values: List<Any?>
        get() = listOf(
            role, expireTime, expiresIn, data, initialLayoutClassList, tokenFormat, createTime, nonce, jti,
        )

    override fun equals(other: Any?): Boolean = other is TokenOptions && other.values == values

    override fun hashCode(): Int = values.hashCode()

    /** The options that are given, but for the connection data, which may say who the holder is. */
    override fun toString(): String = shown(
        "TokenOptions", "role" to role, "expireTime" to expireTime, "expiresIn" to expiresIn,
        "data" to data?.let { "(not shown)" }, "initialLayoutClassList" to initialLayoutClassList,
        "tokenFormat" to tokenFormat, "createTime" to createTime, "nonce" to nonce, "jti" to jti,
    )

    /** Collects the options in Java. Null is the same as an option that is not given. */
    public class Builder internal constructor(@Suppress("UNUSED_PARAMETER") hidden: Hidden<Unit>) {
        private var role: Role? = null
        private var expireTime: Instant? = null
        private var expiresIn: Duration? = null
        private var data: String? = null
        private var initialLayoutClassList: List<String>? = null
        private var tokenFormat: TokenFormat? = null
        private var createTime: Instant? = null
        private var nonce: Long? = null
        private var jti: String? = null

        /** What the holder may do in the session; a publisher by default. */
        public fun role(role: Role?): Builder = apply { this.role = role }

        /**
         * When the token ends, in whole seconds: 1 second to 30 days after its issue, and 24 hours by default. Of
         * milliseconds, make it with `Instant.ofEpochMilli`.
         */
        public fun expireTime(expireTime: Instant?): Builder = apply { this.expireTime = expireTime }

        /** The same as a lifetime in whole seconds, 1 second to 30 days. Only one of the two may be given. */
        public fun expiresIn(expiresIn: Duration?): Builder = apply { this.expiresIn = expiresIn }

        /** Connection data, at most 1000 UTF-16 code units, which everybody in the session can read. */
        public fun data(data: String?): Builder = apply { this.data = data }

        /**
         * Classes of the layout, each without whitespace, at most 1000 UTF-16 code units with the spaces between them.
         * The builder keeps a copy.
         *
         * @throws NullPointerException if one of them is null.
         */
        public fun initialLayoutClassList(classes: List<String>?): Builder =
            apply { initialLayoutClassList = classes?.let(::copyWithoutNull) }

        /** The format of the token; a JWT by default. Applications have no other. */
        public fun tokenFormat(tokenFormat: TokenFormat?): Builder = apply { this.tokenFormat = tokenFormat }

        /** When the token is issued, in whole seconds; now by default. */
        public fun createTime(createTime: Instant?): Builder = apply { this.createTime = createTime }

        /**
         * A number that tells equal tokens of a project apart, 0 to 2^53 - 1; by default one that was not used before.
         */
        public fun nonce(nonce: Long?): Builder = apply { this.nonce = nonce }

        /**
         * A UUID in lower case that tells equal tokens of an application apart; a random one by default.
         */
        public fun jti(jti: String?): Builder = apply { this.jti = jti }

        /** The options collected so far; the builder can collect more. */
        public fun build(): TokenOptions = TokenOptions(
            role, expireTime, expiresIn, data, initialLayoutClassList, tokenFormat, createTime, nonce, jti,
        )
    }

    public companion object {
        /** Options for Java, each of them optional. */
        @JvmStatic
        public fun builder(): Builder = Builder(Hidden(Unit))
    }
}

/** Options for a new token for REST calls. */
public class RestTokenOptions(
    /**
     * The token's lifetime in whole seconds, 1 second to 24 hours; 3 minutes by default for a project, 15 for an
     * application.
     */
    public val expiresIn: Duration? = null,
    /** When the token is issued, in whole seconds; now by default. */
    public val createTime: Instant? = null,
    /** A UUID in lower case that tells equal tokens apart; a random one by default. */
    public val jti: String? = null,
) {
    private val values get() = listOf(expiresIn, createTime, jti)

    override fun equals(other: Any?): Boolean = other is RestTokenOptions && other.values == values

    override fun hashCode(): Int = values.hashCode()

    /** The options that are given. */
    override fun toString(): String =
        shown("RestTokenOptions", "expiresIn" to expiresIn, "createTime" to createTime, "jti" to jti)

    /** Collects the options in Java. Null is the same as an option that is not given. */
    public class Builder internal constructor(@Suppress("UNUSED_PARAMETER") hidden: Hidden<Unit>) {
        private var expiresIn: Duration? = null
        private var createTime: Instant? = null
        private var jti: String? = null

        /**
         * The token's lifetime in whole seconds, 1 second to 24 hours; 3 minutes by default for a project, 15 for an
         * application.
         */
        public fun expiresIn(expiresIn: Duration?): Builder = apply { this.expiresIn = expiresIn }

        /** When the token is issued, in whole seconds; now by default. */
        public fun createTime(createTime: Instant?): Builder = apply { this.createTime = createTime }

        /** A UUID in lower case that tells equal tokens apart; a random one by default. */
        public fun jti(jti: String?): Builder = apply { this.jti = jti }

        /** The options collected so far; the builder can collect more. */
        public fun build(): RestTokenOptions = RestTokenOptions(expiresIn, createTime, jti)
    }

    public companion object {
        /** Options for Java, each of them optional. */
        @JvmStatic
        public fun builder(): Builder = Builder(Hidden(Unit))
    }
}

/** What a token is verified against. */
public class VerifyOptions(
    /** The time of verification, in whole seconds; the current time by default. */
    public val now: Instant? = null,
    /** How much clocks may differ, in whole seconds up to an hour; nothing by default. */
    public val leeway: Duration? = null,
    /** The session that the token must be for; any of these credentials by default. */
    public val sessionId: String? = null,
) {
    private val values get() = listOf(now, leeway, sessionId)

    override fun equals(other: Any?): Boolean = other is VerifyOptions && other.values == values

    override fun hashCode(): Int = values.hashCode()

    /** The options that are given. */
    override fun toString(): String =
        shown("VerifyOptions", "now" to now, "leeway" to leeway, "sessionId" to sessionId)

    /** Collects the options in Java. Null is the same as an option that is not given. */
    public class Builder internal constructor(@Suppress("UNUSED_PARAMETER") hidden: Hidden<Unit>) {
        private var now: Instant? = null
        private var leeway: Duration? = null
        private var sessionId: String? = null

        /** The time of verification, in whole seconds; the current time by default. */
        public fun now(now: Instant?): Builder = apply { this.now = now }

        /** How much clocks may differ, in whole seconds, up to an hour; nothing by default. */
        public fun leeway(leeway: Duration?): Builder = apply { this.leeway = leeway }

        /** The session that the token must be for; any of these credentials by default. */
        public fun sessionId(sessionId: String?): Builder = apply { this.sessionId = sessionId }

        /** The options collected so far; the builder can collect more. */
        public fun build(): VerifyOptions = VerifyOptions(now, leeway, sessionId)
    }

    public companion object {
        /** Options for Java, each of them optional. */
        @JvmStatic
        public fun builder(): Builder = Builder(Hidden(Unit))
    }
}

/** What a token is inspected against. There is no leeway. */
public class InspectOptions(
    /** The time of inspection, in whole seconds; the current time by default. */
    public val now: Instant? = null,
    /** The session that the token should be for; any of these credentials by default. */
    public val sessionId: String? = null,
) {
    private val values get() = listOf(now, sessionId)

    override fun equals(other: Any?): Boolean = other is InspectOptions && other.values == values

    override fun hashCode(): Int = values.hashCode()

    /** The options that are given. */
    override fun toString(): String = shown("InspectOptions", "now" to now, "sessionId" to sessionId)

    /** Collects the options in Java. Null is the same as an option that is not given. */
    public class Builder internal constructor(@Suppress("UNUSED_PARAMETER") hidden: Hidden<Unit>) {
        private var now: Instant? = null
        private var sessionId: String? = null

        /** The time of inspection, in whole seconds; the current time by default. */
        public fun now(now: Instant?): Builder = apply { this.now = now }

        /** The session that the token should be for; any of these credentials by default. */
        public fun sessionId(sessionId: String?): Builder = apply { this.sessionId = sessionId }

        /** The options collected so far; the builder can collect more. */
        public fun build(): InspectOptions = InspectOptions(now, sessionId)
    }

    public companion object {
        /** Options for Java, each of them optional. */
        @JvmStatic
        public fun builder(): Builder = Builder(Hidden(Unit))
    }
}
