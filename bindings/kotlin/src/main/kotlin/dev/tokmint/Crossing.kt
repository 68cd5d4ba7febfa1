package dev.tokmint

import com.sun.jna.Native
import com.sun.jna.Pointer
import dev.tokmint.ffi.CredentialsKind
import dev.tokmint.ffi.FfiConverter
import dev.tokmint.ffi.FfiConverterByteArray
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
import dev.tokmint.ffi.uniffiEnsureInitialized
import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import dev.tokmint.ffi.OpenTok as GeneratedOpenTok

/** UniFFI's object, freed by the garbage collector, or when it is closed and no call is under way. */
internal class NativeOpenTok(kind: CredentialsKind, id: ByteArray, secret: ByteBuffer) :
    GeneratedOpenTok(kind, id, secret) {
    /** The calls under way, and one for the owner until it closes. */
    private val users = AtomicInteger(1)
    private val isClosed = AtomicBoolean()

    fun <First, Second, Result> call(crossing: Crossing<First, Second, Result>, first: First, second: Second): Result {
        val others = users.getAndUpdate { if (it == 0) 0 else it + 1 }
        check(others > 0) { "the OpenTok is closed" }
        try {
            return crossing.call(handle, first, second)
        } finally {
            leave()
        }
    }

    override fun close() {
        if (isClosed.compareAndSet(false, true)) leave()
    }

    private fun leave() {
        if (users.decrementAndGet() == 0) destroy()
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
    /** Bytes of the array for the reply: enough for all but long connection data. */
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
        val reply = ByteArray(replyCapacity)
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
        private const val OF_A_TOKEN = 2048

        /** An inspection holds the token three times: in parts, as text and as JSON. */
        private const val OF_AN_INSPECTION = 8192

        val generateToken = Crossing(
            Operation.GENERATE_TOKEN,
            FfiConverterByteArray, FfiConverterTypeTokenOptions, FfiConverterString, OF_A_TOKEN,
        )
        val verifyToken = Crossing(
            Operation.VERIFY_TOKEN,
            FfiConverterByteArray, FfiConverterTypeVerifyOptions, FfiConverterTypeToken, OF_A_TOKEN,
        )
        val inspectToken = inspection(Operation.INSPECT_TOKEN)
        val inspectTokenWithoutCredentials = inspection(Operation.INSPECT_TOKEN_WITHOUT_CREDENTIALS)

        private fun inspection(operation: Operation) = Crossing(
            operation,
            FfiConverterByteArray, FfiConverterTypeInspectOptions, FfiConverterTypeInspectionForms, OF_AN_INSPECTION,
        )
    }
}
