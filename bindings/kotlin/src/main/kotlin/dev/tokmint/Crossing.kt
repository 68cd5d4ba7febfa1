package dev.tokmint

import com.sun.jna.Native
import com.sun.jna.Pointer
import dev.tokmint.ffi.CredentialsKind
import dev.tokmint.ffi.Disposable
import dev.tokmint.ffi.FfiConverter
import dev.tokmint.ffi.FfiConverterByteArray
import dev.tokmint.ffi.FfiConverterLong
import dev.tokmint.ffi.FfiConverterRustBuffer
import dev.tokmint.ffi.FfiConverterSequenceTypeTokenOptions
import dev.tokmint.ffi.FfiConverterSequenceTypeTokenResult
import dev.tokmint.ffi.FfiConverterString
import dev.tokmint.ffi.FfiConverterTypeInspectOptions
import dev.tokmint.ffi.FfiConverterTypeInspectionForms
import dev.tokmint.ffi.FfiConverterTypeOperation
import dev.tokmint.ffi.FfiConverterTypeToken
import dev.tokmint.ffi.FfiConverterTypeTokenOptions
import dev.tokmint.ffi.FfiConverterTypeTokmintError
import dev.tokmint.ffi.FfiConverterTypeVerifyOptions
import dev.tokmint.ffi.Operation
import dev.tokmint.ffi.RustBuffer
import dev.tokmint.ffi.UniffiLib
import dev.tokmint.ffi.UniffiWithHandle
import dev.tokmint.ffi.uniffiEnsureInitialized
import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import dev.tokmint.ffi.Batch as GeneratedBatch
import dev.tokmint.ffi.OpenTok as GeneratedOpenTok
import dev.tokmint.ffi.Session as GeneratedSession

/** UniFFI's objects, whose [calls] cross in one foreign call each. */
internal class NativeOpenTok(kind: CredentialsKind, id: ByteArray, secret: ByteBuffer) :
    GeneratedOpenTok(kind, id, secret) {
    val calls = Calls("OpenTok", handle, this)

    override fun close() = calls.close()
}

internal class NativeSession(handle: Long) : GeneratedSession(UniffiWithHandle, handle) {
    val calls = Calls("Session", handle, this)

    override fun close() = calls.close()
}

internal class NativeBatch(handle: Long) : GeneratedBatch(UniffiWithHandle, handle) {
    val calls = Calls("batch", handle, this)

    override fun close() = calls.close()
}

/** The calls of an object, which the garbage collector frees, or [close] as soon as no call is under way. */
internal class Calls(private val name: String, private val handle: Long, private val native: Disposable) {
    /** The calls under way, and one for the owner until it closes. */
    private val users = AtomicInteger(1)
    private val isClosed = AtomicBoolean()

    operator fun <First, Second, Result> invoke(
        crossing: Crossing<First, Second, Result>, first: First, second: Second,
    ): Result {
        val others = users.getAndUpdate { if (it == 0) 0 else it + 1 }
        check(others > 0) { "the $name is closed" }
        try {
            return crossing.call(handle, first, second)
        } finally {
            leave()
        }
    }

    fun close() {
        if (isClosed.compareAndSet(false, true)) leave()
    }

    private fun leave() {
        if (users.decrementAndGet() == 0) native.destroy()
    }
}

/**
 * An operation of the native library in one foreign call. UniFFI's own functions take five, each of which takes longer
 * than a token. The request and the reply are in UniFFI's encoding; `crossing.rs` is the other side.
 */
internal class Crossing<First, Second, Result> private constructor(
    private val operation: Operation,
    private val first: FfiConverter<First, *>,
    private val second: FfiConverter<Second, *>,
    private val result: FfiConverter<Result, *>,
    /** Bytes of the array for the reply, beyond those of the request: enough but for many escapes. */
    private val replyCapacity: Int,
) {
    /** Runs an operation that takes no object. */
    fun call(first: First, second: Second): Result = call(0, first, second)

    fun call(handle: Long, first: First, second: Second): Result {
        val size = FfiConverterTypeOperation.allocationSize(operation) +
            this.first.allocationSize(first) + this.second.allocationSize(second)
        val request = ByteBuffer.allocate(size.toInt())
        FfiConverterTypeOperation.write(operation, request)
        this.first.write(first, request)
        this.second.write(second, request)
        val reply = ByteArray(replyCapacity + request.position())
        val length = Library.tokmint_uniffi_call(
            handle, request.array(), request.position().toLong(), reply, reply.size.toLong(),
        )
        val buffer = ByteBuffer.wrap(reply)
        return if (length > 0) read(buffer) else readElsewhere(buffer)
    }

    private fun read(reply: ByteBuffer): Result =
        if (reply.get() == 0.toByte()) result.read(reply) else throw FfiConverterTypeTokmintError.read(reply)

    /** Reads a reply that did not fit, from the native buffer whose parts were written instead. */
    private fun readElsewhere(parts: ByteBuffer): Result {
        val buffer = RustBuffer.create(
            capacity = parts.long.toULong(), len = parts.long.toULong(), data = Pointer(parts.long),
        )
        try {
            return read(checkNotNull(buffer.asByteBuffer()))
        } finally {
            RustBuffer.free(buffer)
        }
    }

    @Suppress("FunctionName")
    private object Library {
        init {
            uniffiEnsureInitialized()
            Native.register(Library::class.java, Native.getNativeLibrary(UniffiLib::class.java))
        }

        external fun tokmint_uniffi_call(
            handle: Long, request: ByteArray, requestLength: Long, reply: ByteArray, replyCapacity: Long,
        ): Long
    }

    companion object {
        /** Each of this many tokens takes a fifth less time than one by one; of more, no less. */
        const val ITEMS_OF_A_CALL = 16

        private const val OF_A_TOKEN = 768

        /** An inspection holds the token three times: in parts, as text and as JSON. */
        private const val OF_AN_INSPECTION = 8192

        /** A status and a handle, or an error. */
        private const val OF_A_HANDLE = 512

        val generateToken = Crossing(
            Operation.GENERATE_TOKEN,
            FfiConverterByteArray, FfiConverterTypeTokenOptions, FfiConverterString, OF_A_TOKEN,
        )
        val verifyToken = verification(Operation.VERIFY_TOKEN)
        val inspectToken = inspection(Operation.INSPECT_TOKEN)
        val inspectTokenWithoutCredentials = inspection(Operation.INSPECT_TOKEN_WITHOUT_CREDENTIALS)

        val openSession =
            Crossing(Operation.OPEN_SESSION, FfiConverterByteArray, Nothing, FfiConverterLong, OF_A_HANDLE)
        val sessionGenerateToken = Crossing(
            Operation.SESSION_GENERATE_TOKEN, FfiConverterTypeTokenOptions, Nothing, FfiConverterString, OF_A_TOKEN,
        )
        val sessionVerifyToken = verification(Operation.SESSION_VERIFY_TOKEN)

        val openBatch = Crossing(Operation.OPEN_BATCH, Nothing, Nothing, FfiConverterLong, OF_A_HANDLE)
        val batchGenerateTokens = Crossing(
            Operation.BATCH_GENERATE_TOKENS,
            FfiConverterSequenceTypeTokenOptions, Nothing, FfiConverterSequenceTypeTokenResult,
            ITEMS_OF_A_CALL * OF_A_TOKEN,
        )

        private fun verification(operation: Operation) = Crossing(
            operation, FfiConverterByteArray, FfiConverterTypeVerifyOptions, FfiConverterTypeToken, OF_A_TOKEN,
        )

        private fun inspection(operation: Operation) = Crossing(
            operation,
            FfiConverterByteArray, FfiConverterTypeInspectOptions, FfiConverterTypeInspectionForms, OF_AN_INSPECTION,
        )
    }

    /** An argument that the operation does not have. */
    private object Nothing : FfiConverterRustBuffer<Unit> {
        override fun allocationSize(value: Unit) = 0UL

        override fun write(value: Unit, buf: ByteBuffer) = Unit

        override fun read(buf: ByteBuffer) = Unit
    }
}
