package dev.tokmint

import dev.tokmint.ffi.CredentialsKind
import dev.tokmint.ffi.Operation
import dev.tokmint.internal.Credentials
import dev.tokmint.internal.Handle
import dev.tokmint.internal.Hidden
import dev.tokmint.internal.credentials
import dev.tokmint.internal.inspection
import dev.tokmint.internal.lenientUtf8
import dev.tokmint.internal.put
import dev.tokmint.internal.string
import dev.tokmint.internal.token
import dev.tokmint.internal.utf8
import java.nio.ByteBuffer
import java.time.Duration
import java.time.Instant

/**
 * The credentials of one project or one Vonage application: mints, verifies and explains its tokens without a call to
 * any server. For servers only: whoever has the secret or the private key can generate tokens, so do not ship them in an
 * app.
 *
 * The constructor takes those of a project; [forApplication] and [verifier] take those of an application.
 *
 * Immutable and safe to share between threads. It keeps the secret and the keys made from it. [close] wipes them; so
 * does the garbage collector, at some time, if nobody closes it. The [String] or array that held the secret or the key
 * is the caller's.
 */
public class OpenTok private constructor(native: Credentials) : AutoCloseable {
    private val handle = native.handle

    /** The project's API key, which is no secret; null for an application. */
    public val apiKey: String? = native.apiKey

    /** The application's ID in lower case, which is no secret; null for a project. */
    public val applicationId: String? = native.applicationId

    /**
     * Takes the credentials of a project.
     *
     * @param apiKey the project's API key, 1 to 20 digits.
     * @param apiSecret the project's API secret, as its account page shows it.
     * @throws TokmintException.Credentials if one of them cannot be what it should.
     * @throws TokmintException.Binding if the native library cannot be loaded.
     * @throws NullPointerException if one of them is null, such as an environment variable that is not set.
     */
    public constructor(apiKey: String, apiSecret: String) :
        this(credentials(CredentialsKind.PROJECT, apiKey, utf8(apiSecret)))

    /**
     * Generates a token, with which its holder connects to a session.
     *
     * @param sessionId a session that this project or application created.
     * @param options options for the new token.
     * @throws TokmintException if the session is not one of these credentials, an option is out of its limits, or this
     * is a [verifier].
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if an argument is null.
     */
    public fun generateToken(sessionId: String, options: TokenOptions): String =
        handle.call(
            Operation.GENERATE_TOKEN,
            { exchange ->
                exchange.put(utf8(sessionId))
                exchange.put(options)
            },
            ByteBuffer::string,
        )

    /**
     * Generates a token with no option given: a publisher's JWT for 24 hours.
     *
     * @param sessionId a session that this project or application created.
     * @throws TokmintException if the session is not one of these credentials, or this is a [verifier].
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if the session ID is null.
     */
    public fun generateToken(sessionId: String): String = generateToken(sessionId, TokenOptions())

    /**
     * Generates a token, with the options of [TokenOptions] as named arguments.
     *
     * @param sessionId a session that this project or application created.
     * @param role what the holder may do in the session; a publisher by default.
     * @param expireTime when the token ends, in whole seconds: 1 second to 30 days after its issue; 24 hours by default.
     * @param expiresIn the same as a lifetime. Only one of the two may be given.
     * @param data connection data, at most 1000 UTF-16 code units, which everybody in the session can read.
     * @param initialLayoutClassList classes of the layout, each without whitespace, at most 1000 UTF-16 code units with
     * the spaces between them.
     * @param tokenFormat the format of the token; a JWT by default. Applications have no other.
     * @param createTime when the token is issued, in whole seconds; now by default.
     * @param nonce a number that tells equal tokens of a project apart, 0 to 2^53 - 1; a new one by default.
     * @param jti a UUID in lower case that tells equal tokens of an application apart; a random one by default.
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
     * Prepares a session, so that each of its tokens takes less time.
     *
     * @param sessionId a session that this project or application created.
     * @throws TokmintException if it is not a session of these credentials.
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if the session ID is null.
     */
    public fun session(sessionId: String): Session {
        val handle = handle.call(
            Operation.OPEN_SESSION,
            { it.put(utf8(sessionId)) },
            { Handle("Session", it.long, Operation.FREE_SESSION) },
        )
        return Session(Hidden(handle), issuer, sessionId)
    }

    /**
     * Generates a JWT for the platform's REST calls, such as creating a session: the value of the header
     * `X-OPENTOK-AUTH` for a project, and what follows `Authorization: Bearer ` for an application.
     *
     * It is for servers only, and nobody can connect to a session with it: [verifyToken] refuses it.
     *
     * @param options options for the new token.
     * @throws TokmintException if an option is out of its limits, or this is a [verifier].
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if the options are null.
     */
    public fun generateRestToken(options: RestTokenOptions): String =
        handle.call(Operation.GENERATE_REST_TOKEN, { it.put(options) }, ByteBuffer::string)

    /**
     * Generates a token for REST calls with no option given: 3 minutes for a project, 15 for an application.
     *
     * @throws TokmintException if this is a [verifier].
     * @throws IllegalStateException after [close].
     */
    public fun generateRestToken(): String = generateRestToken(RestTokenOptions())

    /**
     * Generates a token for REST calls, with the options of [RestTokenOptions] as named arguments.
     *
     * @param expiresIn the token's lifetime in whole seconds, 1 second to 24 hours; 3 minutes by default for a project,
     * 15 for an application.
     * @param createTime when the token is issued, in whole seconds; now by default.
     * @param jti a UUID in lower case that tells equal tokens apart; a random one by default.
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
     * @param token what a client presented.
     * @param options what the token is verified against.
     * @throws TokmintException if the token is not one that a server would accept; its code says why.
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if an argument is null.
     */
    public fun verifyToken(token: String, options: VerifyOptions): Token =
        handle.call(
            Operation.VERIFY_TOKEN,
            { exchange ->
                exchange.putToken(token, ::utf8)
                exchange.put(options)
            },
            ByteBuffer::token,
        )

    /**
     * Verifies a token now, without leeway and for any session of these credentials.
     *
     * @param token what a client presented.
     * @throws TokmintException if the token is not one that a server would accept; its code says why.
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if the token is null.
     */
    public fun verifyToken(token: String): Token = verifyToken(token, VerifyOptions())

    /**
     * Verifies a token, with the options of [VerifyOptions] as named arguments.
     *
     * @param token what a client presented.
     * @param now the time of verification, in whole seconds; the current time by default.
     * @param leeway how much clocks may differ, in whole seconds, up to an hour; nothing by default.
     * @param sessionId the session that the token must be for; any of these credentials by default.
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
     * an inspection shows: to let somebody in, verify. Without credentials there is the function of the same name.
     *
     * @param token any string.
     * @param options what the token is inspected against.
     * @throws TokmintException if the session ID of the options is not well-formed Unicode; never for a token.
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if an argument is null.
     */
    public fun inspectToken(token: String, options: InspectOptions): Inspection =
        handle.call(
            Operation.INSPECT_TOKEN,
            { exchange ->
                exchange.putToken(token, ::lenientUtf8)
                exchange.put(options)
            },
            ByteBuffer::inspection,
        )

    /**
     * Inspects a token now, for any session of these credentials.
     *
     * @param token any string.
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if the token is null.
     */
    public fun inspectToken(token: String): Inspection = inspectToken(token, InspectOptions())

    /**
     * Inspects a token, with the options of [InspectOptions] as named arguments.
     *
     * @param token any string.
     * @param now the time of inspection, in whole seconds; the current time by default.
     * @param sessionId the session that the token should be for; any of these credentials by default.
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
    override fun close(): Unit = handle.close()

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
         * @throws TokmintException.Binding if the native library cannot be loaded.
         * @throws NullPointerException if one of them is null, such as an environment variable that is not set.
         */
        @JvmStatic
        public fun forApplication(applicationId: String, privateKey: String): OpenTok =
            OpenTok(credentials(CredentialsKind.APPLICATION, applicationId, utf8(privateKey)))

        /**
         * Takes the credentials of a Vonage application.
         *
         * @param applicationId the application's ID, a UUID in any case.
         * @param privateKey what the file of the private key holds, PEM or DER; it is not kept, and not wiped.
         * @throws TokmintException.Credentials if one of them cannot be what it should; the message says why.
         * @throws TokmintException.Binding if the native library cannot be loaded.
         * @throws NullPointerException if one of them is null, such as an environment variable that is not set.
         */
        @JvmStatic
        public fun forApplication(applicationId: String, privateKey: ByteArray): OpenTok =
            OpenTok(credentials(CredentialsKind.APPLICATION, applicationId, privateKey.clone()))

        /**
         * Takes an application's ID and public key, for a service that verifies and inspects tokens and must not be
         * able to generate any.
         *
         * @param applicationId the application's ID, a UUID in any case.
         * @param publicKey the text of its public key, never a path: PEM in SubjectPublicKeyInfo or PKCS #1, an X.509
         * certificate, or a JWK. A private key is refused.
         * @throws TokmintException.Credentials if one of them cannot be what it should; the message says why.
         * @throws TokmintException.Binding if the native library cannot be loaded.
         * @throws NullPointerException if one of them is null, such as an environment variable that is not set.
         */
        @JvmStatic
        public fun verifier(applicationId: String, publicKey: String): OpenTok =
            OpenTok(credentials(CredentialsKind.VERIFIER, applicationId, utf8(publicKey)))

        /**
         * Takes an application's ID and public key, for a service that must not be able to generate tokens.
         *
         * @param applicationId the application's ID, a UUID in any case.
         * @param publicKey what the file of the public key holds, also in DER.
         * @throws TokmintException.Credentials if one of them cannot be what it should; the message says why.
         * @throws TokmintException.Binding if the native library cannot be loaded.
         * @throws NullPointerException if one of them is null, such as an environment variable that is not set.
         */
        @JvmStatic
        public fun verifier(applicationId: String, publicKey: ByteArray): OpenTok =
            OpenTok(credentials(CredentialsKind.VERIFIER, applicationId, publicKey.clone()))
    }
}
