package dev.tokmint

import dev.tokmint.ffi.Operation
import java.nio.ByteBuffer
import java.time.Duration
import java.time.Instant
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
    private val handle: Handle,
    private val issuer: String,
    /** The ID of the session, which is no secret. */
    public val sessionId: String,
) : AutoCloseable {
    /**
     * Generates a token that admits its holder to the session.
     *
     * @throws TokmintException if an option is out of its limits, or these credentials have no private key.
     * @throws IllegalStateException after [close].
     */
    public fun generateToken(options: TokenOptions): String =
        handle.call(Operation.SESSION_GENERATE_TOKEN, options::write, ByteBuffer::string)

    /** Generates a token with no option given: a publisher's JWT for 24 hours. */
    public fun generateToken(): String = generateToken(TokenOptions())

    /**
     * Generates a token, with the options of [TokenOptions] as named arguments.
     *
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
     * @throws IllegalStateException after [close].
     */
    public fun generateTokens(options: Iterable<TokenOptions>): List<TokenResult> =
        batch().use { batch -> options.chunked(ITEMS_OF_A_CALL) { results(batch, it) }.flatten() }

    /**
     * Generates many tokens as the sequence is iterated, so that any number of them takes no more memory than a few.
     *
     * Up to 16 items are read ahead of their results: where items come slowly, use [generateToken]. The clock is read
     * when an iteration begins, and each iteration generates other tokens.
     */
    @JvmSynthetic
    public fun generateTokens(options: Sequence<TokenOptions>): Sequence<TokenResult> = sequence {
        batch().use { batch ->
            for (items in options.chunked(ITEMS_OF_A_CALL)) yieldAll(results(batch, items))
        }
    }

    /**
     * Generates many tokens as the stream is consumed, so that any number of them takes no more memory than a few.
     *
     * Up to 16 items are read ahead of their results. The clock is read when the stream is consumed.
     */
    public fun generateTokens(options: Stream<TokenOptions>): Stream<TokenResult> =
        generateTokens(options.asSequence()).asStream().onClose(options::close)

    /**
     * Verifies a token as [OpenTok.verifyToken] does. It must be for this session, so [VerifyOptions] need not name it.
     *
     * @throws TokmintException if the token is not one that a server would accept for this session; its code says why.
     * @throws IllegalStateException after [close].
     */
    public fun verifyToken(token: String, options: VerifyOptions): Token =
        handle.call(
            Operation.SESSION_VERIFY_TOKEN,
            { exchange ->
                exchange.putToken(token, ::utf8)
                options.write(exchange)
            },
            ::Token,
        )

    /** Verifies a token of this session now, without leeway. */
    public fun verifyToken(token: String): Token = verifyToken(token, VerifyOptions())

    /**
     * Verifies a token of this session, with the options of [VerifyOptions] as named arguments.
     *
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

    private fun batch() =
        handle.call(Operation.OPEN_BATCH, {}, { Handle("batch", it.long, Operation.FREE_BATCH) })

    private fun results(batch: Handle, items: List<TokenOptions>): List<TokenResult> = batch.call(
        Operation.BATCH_GENERATE_TOKENS,
        { exchange ->
            exchange.put(items.size)
            for (options in items) options.write(exchange)
        },
        { reply -> items.map { TokenResult.read(reply) } },
    )

    private companion object {
        /** Each of this many tokens takes a seventh less time than one by one; of more, no less. */
        const val ITEMS_OF_A_CALL = 16
    }
}

/** What [Session.generateTokens] gives for one item: a token, or why there is none. */
public class TokenResult private constructor(
    /** The token; null if there is an error. */
    public val token: String?,
    /** Why there is no token; null if there is one. */
    public val error: TokmintException?,
) {
    /**
     * The token.
     *
     * @throws TokmintException the error, if there is one.
     */
    public fun getOrThrow(): String = token ?: throw checkNotNull(error)

    /** The error if there is one, never the token. */
    override fun toString(): String = "TokenResult(${error?.let { "error=${it.code}" } ?: "token"})"

    internal companion object {
        fun read(reply: ByteBuffer): TokenResult =
            if (reply.get() == 0.toByte()) TokenResult(reply.string(), null) else TokenResult(null, reply.error())
    }
}
