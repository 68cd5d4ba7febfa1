package dev.tokmint.internal

import com.sun.jna.Native
import com.sun.jna.Pointer
import dev.tokmint.ffi.FfiConverterTypeOperation
import dev.tokmint.ffi.Operation
import java.lang.ref.Cleaner
import java.lang.ref.Reference
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.time.Duration
import java.time.Instant
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReferenceArray

// Every call of the native library. UniFFI's own functions take five foreign calls and structures that JNA builds by
// reflection, each of which takes longer than a token. Arguments are written here, in UniFFI's encoding; the converters
// that UniFFI generates read the results. `crossing.rs` is the other side.

/** An operation of the native library: one foreign call. [write] its arguments, and [read] its result. */
internal inline fun <Result> crossing(
    operation: Operation, handle: Long, write: (Exchange) -> Unit, read: (ByteBuffer) -> Result,
): Result {
    val exchange = Exchange.take()
    try {
        exchange.begin(operation)
        write(exchange)
        return read(exchange.call(handle))
    } finally {
        exchange.release()
    }
}

/** The buffer outside of the heap that holds the arguments of a call, and then its result. Calls use it in turn. */
internal class Exchange {
    private val own: ByteBuffer = ByteBuffer.allocateDirect(CAPACITY)
    private val ownAddress = Pointer.nativeValue(Native.getDirectBufferPointer(own))

    /** A larger one, where a call needs it, is freed after the call: garbage collections do not see how much it takes. */
    private var buffer = own
    private var address = ownAddress
    private var isSecret = false

    fun begin(operation: Operation) {
        isSecret = operation == Operation.OPEN_OPEN_TOK
        buffer.clear()
        FfiConverterTypeOperation.write(operation, buffer)
    }

    fun put(number: Int) {
        room(Int.SIZE_BYTES).putInt(number)
    }

    fun put(bytes: ByteArray) {
        room(Int.SIZE_BYTES + bytes.size).putInt(bytes.size).put(bytes)
    }

    fun putOptional(bytes: ByteArray?) {
        if (bytes == null) room(1).put(0) else room(1).put(1).also { put(bytes) }
    }

    fun putOptional(string: String?) = putOptional(string?.let(::utf8))

    fun putOptional(number: Long?) {
        if (number == null) room(1).put(0) else room(1 + Long.SIZE_BYTES).put(1).putLong(number)
    }

    fun putOptional(time: Instant?) = putOptional(time?.epochSecond)

    fun putOptional(duration: Duration?) = putOptional(duration?.seconds)

    /**
     * A token. Of one that is longer than any that is read, only the length is passed, as a negative number: that in code
     * units, of which a string has no more than bytes, since counting the bytes of megabytes takes milliseconds.
     */
    inline fun putToken(token: String, encode: (String) -> ByteArray) {
        if (token.length > NativeLibrary.maxTokenBytes) {
            room(Long.SIZE_BYTES).putLong(-token.length.toLong())
        } else {
            val bytes = encode(token)
            room(Long.SIZE_BYTES + bytes.size).putLong(bytes.size.toLong()).put(bytes)
        }
    }

    /** The result, after its status. */
    fun call(handle: Long): ByteBuffer {
        val written = buffer.position()
        val length = NativeLibrary.call(handle, address, written.toLong(), buffer.capacity().toLong())
        // The reply has overwritten the beginning.
        if (isSecret) wipe(length.toInt(), written)
        buffer.clear()
        val reply = if (length > 0) buffer else elsewhere(buffer.long, buffer.long)
        if (reply.get() == 0.toByte()) return reply
        throw reply.error()
    }

    /** A copy of a result that did not fit, which is freed. */
    private fun elsewhere(address: Long, length: Long): ByteBuffer {
        val copy = ByteArray(Math.toIntExact(length))
        Pointer(address).read(0, copy, 0, copy.size)
        begin(Operation.FREE_REPLY)
        room(Long.SIZE_BYTES).putLong(length)
        call(address)
        return ByteBuffer.wrap(copy)
    }

    private fun wipe(from: Int, to: Int) {
        for (index in from until to) buffer.put(index, 0)
    }

    fun room(bytes: Int): ByteBuffer {
        if (buffer.remaining() < bytes) {
            val written = buffer.position()
            val size = maxOf(2L * buffer.capacity(), written.toLong() + bytes)
            val allocated = if (size > Int.MAX_VALUE) 0 else Native.malloc(size)
            if (allocated == 0L) throw OutOfMemoryError("the arguments take $size bytes")
            val larger = Pointer(allocated).getByteBuffer(0, size).order(ByteOrder.BIG_ENDIAN)
            larger.put(buffer.flip())
            if (isSecret) wipe(0, written)
            free()
            buffer = larger
            address = allocated
        }
        return buffer
    }

    fun release() {
        free()
        pool.set(slot(), this)
    }

    private fun free() {
        if (address != ownAddress) Native.free(address)
        buffer = own
        address = ownAddress
    }

    companion object {
        /** Holds any token, the 16 results of a batch and most inspections. */
        private const val CAPACITY = 16_384

        /** More calls at the same time make buffers of their own. A power of two. */
        private const val BUFFERS = 16

        private val pool = AtomicReferenceArray<Exchange?>(BUFFERS)

        @Suppress("DEPRECATION") // The other name is of Java 19.
        private fun slot() = Thread.currentThread().id.toInt() and BUFFERS - 1

        /** Not of a thread, since of virtual ones there may be a million. */
        fun take(): Exchange = pool.getAndSet(slot(), null) ?: NativeLibrary.load().let { Exchange() }
    }
}

/** An object of the native library. [close] frees it as soon as no call is under way; else the garbage collector does. */
internal class Handle(private val name: String, val address: Long, free: Operation) : AutoCloseable {
    /** The calls under way, and one for the owner until it closes. */
    private val users = AtomicInteger(1)
    private val isClosed = AtomicBoolean()
    private val cleanable = CLEANER.register(this, Freeing(free, address))

    inline fun <Result> call(
        operation: Operation, write: (Exchange) -> Unit, read: (ByteBuffer) -> Result,
    ): Result {
        enter()
        try {
            return crossing(operation, address, write, read)
        } finally {
            leave()
        }
    }

    fun enter() {
        val others = users.getAndUpdate { if (it == 0) 0 else it + 1 }
        check(others > 0) { "the $name is closed" }
    }

    fun leave() {
        // Until here, so that no collection frees the object during a call.
        Reference.reachabilityFence(this)
        if (users.decrementAndGet() == 0) cleanable.clean()
    }

    override fun close() {
        if (isClosed.compareAndSet(false, true)) leave()
    }

    /** Does not know the handle, which could not be collected otherwise. */
    private class Freeing(private val operation: Operation, private val address: Long) : Runnable {
        override fun run() = crossing(operation, address, {}, {})
    }

    private companion object {
        val CLEANER: Cleaner = Cleaner.create()
    }
}
