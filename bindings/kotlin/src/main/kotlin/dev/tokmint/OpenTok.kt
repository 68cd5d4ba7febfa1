package dev.tokmint

import dev.tokmint.ffi.CredentialsKind
import dev.tokmint.ffi.InternalException
import dev.tokmint.ffi.TokmintException.Refused
import dev.tokmint.ffi.panicError
import java.lang.ref.Reference
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.time.Duration
import java.time.Instant
import dev.tokmint.ffi.InspectOptions as NativeInspectOptions
import dev.tokmint.ffi.RestTokenOptions as NativeRestTokenOptions
import dev.tokmint.ffi.TokenOptions as NativeTokenOptions
import dev.tokmint.ffi.VerifyOptions as NativeVerifyOptions

/**
 * The credentials of one project or one Vonage application: mints, verifies and explains its tokens without a call to
 * any server.
 *
 * The constructor takes those of a project; [forApplication] and [verifier] take those of an application.
 *
 * Immutable and safe to share between threads. It keeps the secret and the keys made from it. [close] wipes them; so
 * does the garbage collector, at some time, if nobody closes it. The [String] or array that held the secret or the key
 * is the caller's.
 */
public class OpenTok private constructor(private val native: NativeOpenTok) : AutoCloseable {
    /** The project's API key, which is no secret; null for an application. */
    public val apiKey: String? = native.apiKey()

    /** The application's ID in lower case, which is no secret; null for a project. */
    public val applicationId: String? = native.applicationId()

    /**
     * Takes the credentials of a project.
     *
     * @param apiKey the project's API key, 1 to 20 digits.
     * @param apiSecret the project's API secret, as its account page shows it.
     * @throws TokmintException.Credentials if one of them cannot be what it should.
     */
    public constructor(apiKey: String, apiSecret: String) :
        this(withCredentials(CredentialsKind.PROJECT, apiKey, utf8(apiSecret)))

    /**
     * Generates a token that admits its holder to a session.
     *
     * @param sessionId a session that this project or application created.
     * @param options options for the new token.
     * @throws TokmintException if the session is not one of these credentials, an option is out of its limits, or this
     * is a [verifier].
     * @throws IllegalStateException after [close].
     */
    public fun generateToken(sessionId: String, options: TokenOptions): String =
        translated { native.calls(Crossing.generateToken, utf8(sessionId), options.native) }

    /** Generates a token with no option given: a publisher's JWT for 24 hours. */
    public fun generateToken(sessionId: String): String = generateToken(sessionId, TokenOptions())

    /**
     * Generates a token, with the options of [TokenOptions] as named arguments.
     *
     * @throws TokmintException if the session is not one of these credentials, an option is out of its limits, or this
     * is a [verifier].
     * @throws IllegalStateException after [close].
     */
    @JvmSynthetic
    public fun generateToken(
        sessionId: String,
        role: Role? = null,
        expireTime: Instant? = null,
        expiresIn: Duration? = null,
        data: String? = null,
        initialLayoutClassList: List<String>? = null,
        tokenFormat: TokenFormat? = null,
        createTime: Instant? = null,
        nonce: Long? = null,
        jti: String? = null,
    ): String = generateToken(
        sessionId,
        TokenOptions(role, expireTime, expiresIn, data, initialLayoutClassList, tokenFormat, createTime, nonce, jti),
    )

    /**
     * Prepares a session, so that each of its tokens takes less time. Worth it for a dozen tokens and more.
     *
     * @param sessionId a session that this project or application created.
     * @throws TokmintException if it is not a session of these credentials.
     * @throws IllegalStateException after [close].
     */
    public fun session(sessionId: String): Session {
        val handle = translated { native.calls(Crossing.openSession, utf8(sessionId), Unit) }
        return Session(NativeSession(handle), issuer, sessionId)
    }

    /**
     * Generates a JWT for the platform's REST calls, such as creating a session: the value of the header
     * `X-OPENTOK-AUTH` for a project, and what follows `Authorization: Bearer ` for an application.
     *
     * It is for servers only, and admits nobody to a session: [verifyToken] refuses it.
     *
     * @throws TokmintException if an option is out of its limits, or this is a [verifier].
     * @throws IllegalStateException after [close].
     */
    public fun generateRestToken(options: RestTokenOptions): String =
        translated { native.generateRestToken(options.native) }

    /** Generates a token for REST calls with no option given: 3 minutes for a project, 15 for an application. */
    public fun generateRestToken(): String = generateRestToken(RestTokenOptions())

    /**
     * Generates a token for REST calls, with the options of [RestTokenOptions] as named arguments.
     *
     * @throws TokmintException if an option is out of its limits, or this is a [verifier].
     * @throws IllegalStateException after [close].
     */
    @JvmSynthetic
    public fun generateRestToken(
        expiresIn: Duration? = null,
        createTime: Instant? = null,
        jti: String? = null,
    ): String = generateRestToken(RestTokenOptions(expiresIn, createTime, jti))

    /**
     * Verifies a token of this project, JWT or T1, or of this application, and returns what it says.
     *
     * A verified token is one that these credentials issued and that is valid now; whether the session still exists,
     * only the server knows.
     *
     * @throws TokmintException if the token is not one that a server would accept; its code says why.
     * @throws IllegalStateException after [close].
     */
    public fun verifyToken(token: String, options: VerifyOptions): Token =
        translated { Token(native.calls(Crossing.verifyToken, utf8(token), options.native)) }

    /** Verifies a token now, without leeway and for any session of these credentials. */
    public fun verifyToken(token: String): Token = verifyToken(token, VerifyOptions())

    /**
     * Verifies a token, with the options of [VerifyOptions] as named arguments.
     *
     * @throws TokmintException if the token is not one that a server would accept; its code says why.
     * @throws IllegalStateException after [close].
     */
    @JvmSynthetic
    public fun verifyToken(
        token: String,
        now: Instant? = null,
        leeway: Duration? = null,
        sessionId: String? = null,
    ): Token = verifyToken(token, VerifyOptions(now, leeway, sessionId))

    /**
     * Explains what a token holds, and everything for which [verifyToken] would refuse it, each with what to do.
     *
     * [verifyToken] accepts a token, without leeway, if and only if [Inspection.isRefused] is false. Trust nothing that
     * an inspection shows: to admit somebody, verify. Without credentials there is the function of the same name.
     *
     * @param token any string.
     * @throws TokmintException if the session ID of the options is not well-formed Unicode; never for a token.
     * @throws IllegalStateException after [close].
     */
    public fun inspectToken(token: String, options: InspectOptions): Inspection =
        translated { Inspection(native.calls(Crossing.inspectToken, lenientUtf8(token), options.native)) }

    /** Inspects a token now, for any session of these credentials. */
    public fun inspectToken(token: String): Inspection = inspectToken(token, InspectOptions())

    /**
     * Inspects a token, with the options of [InspectOptions] as named arguments.
     *
     * @throws TokmintException if the session ID is not well-formed Unicode; never for a token.
     * @throws IllegalStateException after [close].
     */
    @JvmSynthetic
    public fun inspectToken(token: String, now: Instant? = null, sessionId: String? = null): Inspection =
        inspectToken(token, InspectOptions(now, sessionId))

    /**
     * Wipes the secret and the keys, or leaves that to the last [Session] that is open. Calls that are under way end
     * first; later ones throw [IllegalStateException].
     */
    override fun close(): Unit = native.close()

    /** The API key or the application ID, never the secret or a key. */
    override fun toString(): String = "OpenTok($issuer)"

    private val issuer get() = if (apiKey != null) "apiKey=$apiKey" else "applicationId=$applicationId"

    public companion object {
        /**
         * Takes the credentials of a Vonage application.
         *
         * @param applicationId the application's ID, a UUID in any case.
         * @param privateKey the text of its private key, never a path: PEM in PKCS #8 or PKCS #1, also as an
         * environment variable holds it, with `\n` for line feeds, on one line, or as base64 of the whole file.
         * @throws TokmintException.Credentials if one of them cannot be what it should; the message says why.
         */
        @JvmStatic
        public fun forApplication(applicationId: String, privateKey: String): OpenTok =
            OpenTok(withCredentials(CredentialsKind.APPLICATION, applicationId, utf8(privateKey)))

        /**
         * Takes the credentials of a Vonage application.
         *
         * @param privateKey what the file of the private key holds, PEM or DER; it is not kept, and not wiped.
         * @throws TokmintException.Credentials if one of them cannot be what it should; the message says why.
         */
        @JvmStatic
        public fun forApplication(applicationId: String, privateKey: ByteArray): OpenTok =
            OpenTok(withCredentials(CredentialsKind.APPLICATION, applicationId, privateKey.clone()))

        /**
         * Takes an application's ID and public key, for a service that verifies and inspects tokens and must not be
         * able to generate any.
         *
         * @param publicKey the text of its public key, never a path: PEM in SubjectPublicKeyInfo or PKCS #1, an X.509
         * certificate, or a JWK. A private key is refused.
         * @throws TokmintException.Credentials if one of them cannot be what it should; the message says why.
         */
        @JvmStatic
        public fun verifier(applicationId: String, publicKey: String): OpenTok =
            OpenTok(withCredentials(CredentialsKind.VERIFIER, applicationId, utf8(publicKey)))

        /**
         * Takes an application's ID and public key, for a service that must not be able to generate tokens.
         *
         * @param publicKey what the file of the public key holds, also in DER.
         * @throws TokmintException.Credentials if one of them cannot be what it should; the message says why.
         */
        @JvmStatic
        public fun verifier(applicationId: String, publicKey: ByteArray): OpenTok =
            OpenTok(withCredentials(CredentialsKind.VERIFIER, applicationId, publicKey.clone()))
    }
}

/** Options for a new token. What is outside of core's limits is refused; nothing is changed silently. */
public class TokenOptions internal constructor(internal val native: NativeTokenOptions) {
    /**
     * @param role what the holder may do in the session; a publisher by default.
     * @param expireTime when the token ends, in whole seconds (a fraction is dropped), at most 30 days after its issue;
     * 24 hours after it by default.
     * @param expiresIn the token's lifetime in whole seconds. Only one of the two may be given.
     * @param data connection data, at most 1000 UTF-16 code units, which everybody in the session can read.
     * @param initialLayoutClassList layout classes without whitespace, at most 1000 UTF-16 code units with the spaces
     * between them.
     * @param tokenFormat the format of the token; a JWT by default. Applications have no other.
     * @param createTime when the token is issued, in whole seconds; now by default. Expiry counts from it.
     * @param nonce a number that tells equal tokens of a project apart, 0 to 2^53 - 1; by default one that was not used
     * before.
     * @param jti a UUID in lower case that tells equal tokens of an application apart; a random one by default.
     */
    public constructor(
        role: Role? = null,
        expireTime: Instant? = null,
        expiresIn: Duration? = null,
        data: String? = null,
        initialLayoutClassList: List<String>? = null,
        tokenFormat: TokenFormat? = null,
        createTime: Instant? = null,
        nonce: Long? = null,
        jti: String? = null,
    ) : this(
        NativeTokenOptions(
            role = role?.wireName,
            expireTime = expireTime?.epochSecond,
            expiresIn = expiresIn?.seconds,
            data = data?.let(::utf8),
            initialLayoutClassList = initialLayoutClassList?.map(::utf8),
            tokenFormat = tokenFormat?.wireName,
            createTime = createTime?.epochSecond,
            nonce = nonce,
            jti = jti?.let(::utf8),
        ),
    )

    /** Collects the options in Java; see the constructor for their units and limits. */
    public class Builder internal constructor() {
        private var native = NativeTokenOptions()

        /** What the holder may do in the session. */
        public fun role(role: Role): Builder = apply { native = native.copy(role = role.wireName) }

        /** When the token ends. */
        public fun expireTime(expireTime: Instant): Builder =
            apply { native = native.copy(expireTime = expireTime.epochSecond) }

        /** How long the token lives. */
        public fun expiresIn(expiresIn: Duration): Builder =
            apply { native = native.copy(expiresIn = expiresIn.seconds) }

        /** Connection data, which everybody in the session can read. */
        public fun data(data: String): Builder = apply { native = native.copy(data = utf8(data)) }

        /** Layout classes. */
        public fun initialLayoutClassList(classes: List<String>): Builder =
            apply { native = native.copy(initialLayoutClassList = classes.map(::utf8)) }

        /** The format of the token. */
        public fun tokenFormat(tokenFormat: TokenFormat): Builder =
            apply { native = native.copy(tokenFormat = tokenFormat.wireName) }

        /** When the token is issued. */
        public fun createTime(createTime: Instant): Builder =
            apply { native = native.copy(createTime = createTime.epochSecond) }

        /** A number that tells equal tokens of a project apart. */
        public fun nonce(nonce: Long): Builder = apply { native = native.copy(nonce = nonce) }

        /** A UUID that tells equal tokens of an application apart. */
        public fun jti(jti: String): Builder = apply { native = native.copy(jti = utf8(jti)) }

        /** The options collected so far; the builder can be used on. */
        public fun build(): TokenOptions = TokenOptions(native)
    }

    public companion object {
        /** Options for Java, each of them optional. */
        @JvmStatic
        public fun builder(): Builder = Builder()
    }
}

/** Options for a new token for REST calls. */
public class RestTokenOptions internal constructor(internal val native: NativeRestTokenOptions) {
    /**
     * @param expiresIn the token's lifetime in whole seconds, at most 24 hours; 3 minutes by default for a project, 15
     * for an application.
     * @param createTime when the token is issued, in whole seconds; now by default.
     * @param jti a UUID in lower case that tells equal tokens apart; a random one by default.
     */
    public constructor(expiresIn: Duration? = null, createTime: Instant? = null, jti: String? = null) : this(
        NativeRestTokenOptions(
            expiresIn = expiresIn?.seconds,
            createTime = createTime?.epochSecond,
            jti = jti?.let(::utf8),
        ),
    )

    /** Collects the options in Java; see the constructor for their units and limits. */
    public class Builder internal constructor() {
        private var native = NativeRestTokenOptions()

        /** How long the token lives. */
        public fun expiresIn(expiresIn: Duration): Builder =
            apply { native = native.copy(expiresIn = expiresIn.seconds) }

        /** When the token is issued. */
        public fun createTime(createTime: Instant): Builder =
            apply { native = native.copy(createTime = createTime.epochSecond) }

        /** A UUID that tells equal tokens apart. */
        public fun jti(jti: String): Builder = apply { native = native.copy(jti = utf8(jti)) }

        /** The options collected so far; the builder can be used on. */
        public fun build(): RestTokenOptions = RestTokenOptions(native)
    }

    public companion object {
        /** Options for Java, each of them optional. */
        @JvmStatic
        public fun builder(): Builder = Builder()
    }
}

/** What a token is verified against. */
public class VerifyOptions internal constructor(internal val native: NativeVerifyOptions) {
    /**
     * @param now the time of verification, in whole seconds; the current time by default.
     * @param leeway how much clocks may differ, in whole seconds up to an hour; nothing by default.
     * @param sessionId the session that the token must be for; any of these credentials by default.
     */
    public constructor(now: Instant? = null, leeway: Duration? = null, sessionId: String? = null) : this(
        NativeVerifyOptions(
            now = now?.epochSecond,
            leeway = leeway?.seconds,
            sessionId = sessionId?.let(::utf8),
        ),
    )

    /** Collects the options in Java; see the constructor for their units and limits. */
    public class Builder internal constructor() {
        private var native = NativeVerifyOptions()

        /** The time of verification. */
        public fun now(now: Instant): Builder = apply { native = native.copy(now = now.epochSecond) }

        /** How much clocks may differ. */
        public fun leeway(leeway: Duration): Builder = apply { native = native.copy(leeway = leeway.seconds) }

        /** The session that the token must be for. */
        public fun sessionId(sessionId: String): Builder = apply { native = native.copy(sessionId = utf8(sessionId)) }

        /** The options collected so far; the builder can be used on. */
        public fun build(): VerifyOptions = VerifyOptions(native)
    }

    public companion object {
        /** Options for Java, each of them optional. */
        @JvmStatic
        public fun builder(): Builder = Builder()
    }
}

/** What a token is inspected against. There is no leeway. */
public class InspectOptions internal constructor(internal val native: NativeInspectOptions) {
    /**
     * @param now the time of inspection, in whole seconds; the current time by default.
     * @param sessionId the session that the token should be for; any of these credentials by default.
     */
    public constructor(now: Instant? = null, sessionId: String? = null) : this(
        NativeInspectOptions(now = now?.epochSecond, sessionId = sessionId?.let(::utf8)),
    )

    /** Collects the options in Java; see the constructor for their units and limits. */
    public class Builder internal constructor() {
        private var native = NativeInspectOptions()

        /** The time of inspection. */
        public fun now(now: Instant): Builder = apply { native = native.copy(now = now.epochSecond) }

        /** The session that the token should be for. */
        public fun sessionId(sessionId: String): Builder = apply { native = native.copy(sessionId = utf8(sessionId)) }

        /** The options collected so far; the builder can be used on. */
        public fun build(): InspectOptions = InspectOptions(native)
    }

    public companion object {
        /** Options for Java, each of them optional. */
        @JvmStatic
        public fun builder(): Builder = Builder()
    }
}

/**
 * Makes the native object over a borrowed secret or key, and wipes these bytes.
 *
 * UniFFI hands over the address of a direct buffer and does not keep the buffer alive: without a use of it after the
 * call, the garbage collector may free the memory while it is read. Wiping is that use.
 */
private fun withCredentials(kind: CredentialsKind, id: String, secret: ByteArray): NativeOpenTok {
    val borrowed = ByteBuffer.allocateDirect(secret.size).put(secret).flip()
    try {
        return translated { NativeOpenTok(kind, utf8(id), borrowed) }
    } finally {
        secret.fill(0)
        borrowed.clear().put(secret)
        Reference.reachabilityFence(borrowed)
    }
}

/** UTF-8; for a string with half of a surrogate pair, U+D800 in three bytes, which the native side refuses. */
internal fun utf8(string: String): ByteArray = try {
    // The encoder that reports a half is slow, and most strings have no surrogates.
    string.encodeToByteArray(throwOnInvalidSequence = string.any(Char::isSurrogate))
} catch (_: CharacterCodingException) {
    byteArrayOf(0xED.toByte(), 0xA0.toByte(), 0x80.toByte())
}

/** UTF-8, with U+FFFD in the place of half of a surrogate pair, so that an inspection sees the rest of the string. */
internal fun lenientUtf8(string: String): ByteArray = buildString(string.length) {
    string.codePoints().forEach { appendCodePoint(if (it in HALVES_OF_PAIRS) 0xFFFD else it) }
}.encodeToByteArray()

private val HALVES_OF_PAIRS = 0xD800..0xDFFF

internal inline fun <T> translated(call: () -> T): T = try {
    call()
} catch (refused: Refused) {
    throw TokmintException.of(refused)
} catch (_: InternalException) {
    // A panic that UniFFI caught. Its message is dropped, since it may hold input.
    throw TokmintException.of(panicError() as Refused)
}
