package dev.tokmint

import com.sun.jna.Native
import com.sun.jna.Pointer
import dev.tokmint.ffi.FfiConverter
import dev.tokmint.ffi.FfiConverterByteArray
import dev.tokmint.ffi.FfiConverterString
import dev.tokmint.ffi.FfiConverterTypeInspectOptions
import dev.tokmint.ffi.FfiConverterTypeInspection
import dev.tokmint.ffi.FfiConverterTypeToken
import dev.tokmint.ffi.FfiConverterTypeTokenOptions
import dev.tokmint.ffi.FfiConverterTypeTokmintError
import dev.tokmint.ffi.FfiConverterTypeVerifyOptions
import dev.tokmint.ffi.OpenTok as GeneratedOpenTok
import dev.tokmint.ffi.RustBuffer
import dev.tokmint.ffi.UniffiLib
import dev.tokmint.ffi.uniffiEnsureInitialized
import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/**
 * UniFFI's object, freed when it is closed and no call is under way, or by the garbage collector.
 *
 * UniFFI's own methods see to that too, but take a crossing for it on every call.
 */
internal class NativeOpenTok(apiKey: ByteArray, apiSecret: ByteBuffer) : GeneratedOpenTok(apiKey, apiSecret) {
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
 * A function of the native library, called in one crossing where UniFFI's own functions take five, each of which takes
 * longer than a token. The arguments and the answer are in UniFFI's encoding; `bindings/uniffi/src/crossing.rs` is the
 * other side.
 */
internal class Crossing<First, Second, Result> private constructor(
    private val number: Int,
    private val first: FfiConverter<First, *>,
    private val second: FfiConverter<Second, *>,
    private val result: FfiConverter<Result, *>,
    /** Bytes of the array for the answer: enough for all but long connection data. */
    private val roomSize: Int,
) {
    /** Calls a function that takes no object. */
    fun call(first: First, second: Second): Result = call(0, first, second)

    fun call(handle: Long, first: First, second: Second): Result {
        val size = this.first.allocationSize(first) + this.second.allocationSize(second)
        val request = ByteBuffer.allocate(size.toInt())
        this.first.write(first, request)
        this.second.write(second, request)
        val room = ByteArray(roomSize)
        val length = Library.tokmint_uniffi_call(
            number, handle, request.array(), request.position().toLong(), room, room.size.toLong(),
        )
        val answer = ByteBuffer.wrap(room)
        return if (length > 0) read(answer) else readElsewhere(answer)
    }

    private fun read(answer: ByteBuffer): Result =
        if (answer.get() == 0.toByte()) result.read(answer) else throw FfiConverterTypeTokmintError.read(answer)

    /** Reads an answer that the room does not hold, from the buffer whose parts stand there instead. */
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
            function: Int, handle: Long, request: ByteArray, requestLength: Long, room: ByteArray, roomLength: Long,
        ): Long
    }

    companion object {
        private const val OF_A_TOKEN = 2048

        /** An inspection holds the token three times: in parts, as text and as JSON. */
        private const val OF_AN_INSPECTION = 8192

        val generateToken =
            Crossing(0, FfiConverterByteArray, FfiConverterTypeTokenOptions, FfiConverterString, OF_A_TOKEN)
        val verifyToken =
            Crossing(1, FfiConverterByteArray, FfiConverterTypeVerifyOptions, FfiConverterTypeToken, OF_A_TOKEN)
        val inspectToken = Crossing(
            2, FfiConverterByteArray, FfiConverterTypeInspectOptions, FfiConverterTypeInspection, OF_AN_INSPECTION,
        )
        val inspectTokenWithoutProject = Crossing(
            3, FfiConverterByteArray, FfiConverterTypeInspectOptions, FfiConverterTypeInspection, OF_AN_INSPECTION,
        )
    }
}
