package dev.tokmint.internal

import dev.tokmint.TokenOptions
import dev.tokmint.TokenResult
import dev.tokmint.ffi.CredentialsKind
import dev.tokmint.ffi.FfiConverterTypeCredentialsKind
import dev.tokmint.ffi.Operation

/** An object of the native library with its credentials, and what it says of them. */
internal class Credentials(val handle: Handle, val apiKey: String?, val applicationId: String?)

/** Makes the native object, and wipes the bytes of the secret or key. */
internal fun credentials(kind: CredentialsKind, id: String, secret: ByteArray): Credentials = try {
    crossing(
        Operation.OPEN_OPEN_TOK, 0,
        { exchange ->
            FfiConverterTypeCredentialsKind.write(kind, exchange.room(Int.SIZE_BYTES))
            exchange.put(utf8(id))
            exchange.put(secret)
        },
        { reply ->
            val handle = Handle("OpenTok", reply.long, Operation.FREE_OPEN_TOK)
            Credentials(handle, reply.optionalString(), reply.optionalString())
        },
    )
} finally {
    secret.fill(0)
}

/** Each of this many tokens takes a seventh less time than one by one; of more, no less. */
internal const val ITEMS_OF_A_CALL = 16

/** Reads the clock for the tokens of a batch. */
internal fun batch(session: Handle): Handle =
    session.call(Operation.OPEN_BATCH, {}, { Handle("batch", it.long, Operation.FREE_BATCH) })

internal fun results(batch: Handle, items: List<TokenOptions>): List<TokenResult> = batch.call(
    Operation.BATCH_GENERATE_TOKENS,
    { exchange ->
        exchange.put(items.size)
        for (options: TokenOptions? in items) {
            // A list of Java's.
            if (options == null) throw NullPointerException("an item of options is null")
            exchange.put(options)
        }
    },
    { reply -> items.map { reply.tokenResult() } },
)
