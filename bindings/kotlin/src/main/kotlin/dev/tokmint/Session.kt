package dev.tokmint

import dev.tokmint.ffi.Operation
import dev.tokmint.internal.Handle
import dev.tokmint.internal.Hidden
import dev.tokmint.internal.ITEMS_OF_A_CALL
import dev.tokmint.internal.batch
import dev.tokmint.internal.put
import dev.tokmint.internal.results
import dev.tokmint.internal.string
import dev.tokmint.internal.token
import dev.tokmint.internal.utf8
import java.nio.ByteBuffer
import java.time.Duration
import java.time.Instant
import java.util.Collections
import java.util.concurrent.atomic.AtomicReference
import java.util.stream.Stream
import kotlin.streams.asSequence
import kotlin.streams.asStream

/**
 * One session of an [OpenTok], to generate many tokens for it. [OpenTok.session] makes it.
 *
 * Immutable, safe to share between threads, and valid after its [OpenTok] is closed. It keeps the keys, which are wiped
 * when the [OpenTok] and all of its sessions are closed, or at some time by the garbage collector.
 */
public class Session internal constructor(
    handle: Hidden<Handle>,
    private val issuer: String,
    /** The ID of the session, which is no secret. */
    public val sessionId: String,
) : AutoCloseable {
    private val handle = handle.value

    /**
     * Generates a token, with which its holder connects to the session.
     *
     * @param options options for the new token.
     * @throws TokmintException if an option is out of its limits, or these credentials have no private key.
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if the options are null.
     */
    public fun generateToken(options: TokenOptions): String =
        handle.call(Operation.SESSION_GENERATE_TOKEN, { it.put(options) }, ByteBuffer::string)

    /**
     * Generates a token with no option given: a publisher's JWT for 24 hours.
     *
     * @throws TokmintException if these credentials have no private key.
     * @throws IllegalStateException after [close].
     */
    public fun generateToken(): String = generateToken(TokenOptions())

    /**
     * Generates a token, with the options of [TokenOptions] as named arguments.
     *
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
     * @throws TokmintException if an option is out of its limits, or these credentials have no private key.
     * @throws IllegalStateException after [close].
     */
    @JvmSynthetic
    public fun generateToken(
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
        TokenOptions(role, expireTime, expiresIn, data, initialLayoutClassList, tokenFormat, createTime, nonce, jti),
    )

    /**
     * Generates many tokens: one result for each item, in order. An item at fault has its own error as its result, and
     * the others have their tokens.
     *
     * The clock is read once for all of them. Tokens whose options differ only in their data take the least time.
     *
     * @param options the options of each token.
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if the options or an item of them is null.
     */
    public fun generateTokens(options: Iterable<TokenOptions>): List<TokenResult> =
        Collections.unmodifiableList(
            batch(handle).use { batch -> options.chunked(ITEMS_OF_A_CALL) { results(batch, it) }.flatten() },
        )

    /**
     * Generates many tokens as the sequence is iterated, so that any number of them takes no more memory than a few.
     *
     * It takes up to 16 items before it gives the result of the first of them: where items come slowly, use
     * [generateToken]. The clock is read when an iteration begins, and each iteration generates other tokens. Iterate
     * before [close]. An iteration that is not ended keeps the keys until the garbage collector ends it.
     *
     * @param options the options of each token.
     */
    @JvmSynthetic
    public fun generateTokens(options: Sequence<TokenOptions>): Sequence<TokenResult> = tokens(options) {}

    /**
     * Generates many tokens as the stream is consumed, so that any number of them takes no more memory than a few.
     *
     * It takes up to 16 items before it gives the result of the first of them: where items come slowly, use
     * [generateToken]. The clock is read when the stream is consumed. Consume it before [close], and close it if you do
     * not consume all of it: until then it keeps the keys.
     *
     * @param options the options of each token; closing the result closes this stream.
     * @throws NullPointerException if the stream is null.
     */
    public fun generateTokens(options: Stream<TokenOptions>): Stream<TokenResult> {
        val opened = AtomicReference<Handle>()
        return tokens(options.asSequence(), opened::set).asStream()
            .onClose(options::close).onClose { opened.get()?.close() }
    }

    private fun tokens(options: Sequence<TokenOptions>, opened: (Handle) -> Unit) = sequence {
        batch(handle).use { batch ->
            opened(batch)
            for (items in options.chunked(ITEMS_OF_A_CALL)) yieldAll(results(batch, items))
        }
    }

    /**
     * Verifies a token as [OpenTok.verifyToken] does. It must be for this session, so [VerifyOptions] need not name it.
     *
     * @param token what a client presented.
     * @param options what the token is verified against.
     * @throws TokmintException if the token is not one that a server would accept for this session; its code says why.
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if an argument is null.
     */
    public fun verifyToken(token: String, options: VerifyOptions): Token =
        handle.call(
            Operation.SESSION_VERIFY_TOKEN,
            { exchange ->
                exchange.putToken(token, ::utf8)
                exchange.put(options)
            },
            ByteBuffer::token,
        )

    /**
     * Verifies a token of this session now, without leeway.
     *
     * @param token what a client presented.
     * @throws TokmintException if the token is not one that a server would accept for this session; its code says why.
     * @throws IllegalStateException after [close].
     * @throws NullPointerException if the token is null.
     */
    public fun verifyToken(token: String): Token = verifyToken(token, VerifyOptions())

    /**
     * Verifies a token of this session, with the options of [VerifyOptions] as named arguments.
     *
     * @param token what a client presented.
     * @param now the time of verification, in whole seconds; the current time by default.
     * @param leeway how much clocks may differ, in whole seconds, up to an hour; nothing by default.
     * @throws TokmintException if the token is not one that a server would accept for this session; its code says why.
     * @throws IllegalStateException after [close].
     */
    @JvmSynthetic
    public fun verifyToken(token: String, now: Instant? = null, leeway: Duration? = null): Token =
        verifyToken(token, VerifyOptions(now, leeway))

    /**
     * Wipes what was prepared, and the keys if nothing else has them. Calls that are under way end first, and so do
     * sequences and streams that have begun; later calls throw [IllegalStateException].
     */
    override fun close(): Unit = handle.close()

    /** The API key or the application ID, and the session ID, never the secret or a key. */
    override fun toString(): String = "Session($issuer, sessionId=$sessionId)"
}

/**
 * What [Session.generateTokens] gives for one item: a token, or why there is none. Not Kotlin's own `Result`, which Java
 * cannot name.
 */
public class TokenResult internal constructor(
    token: Hidden<String?>,
    /** Why there is no token; null if there is one. */
    public val error: TokmintException?,
) {
    /** The token; null if there is an error. */
    public val token: String? = token.value

    /**
     * The token.
     *
     * @throws TokmintException the error, if there is one.
     */
    public fun getOrThrow(): String = token ?: throw checkNotNull(error)

    /** The error if there is one, never the token. */
    override fun toString(): String = "TokenResult(${error?.let { "error=${it.code}" } ?: "token"})"
}
