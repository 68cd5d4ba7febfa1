package dev.tokmint.internal

import com.sun.jna.Native
import com.sun.jna.Platform
import dev.tokmint.ErrorCode
import dev.tokmint.TokmintException
import dev.tokmint.ffi.Operation
import dev.tokmint.ffi.VERSION
import java.io.File
import java.io.IOException

/** The native library: JNA finds and extracts it. */
internal object NativeLibrary {
    private const val NAME = "tokmint_uniffi"

    /** The platforms for which releases have a library, as JNA names them. */
    private val PLATFORMS =
        listOf("linux-x86-64", "linux-aarch64", "darwin-x86-64", "darwin-aarch64", "win32-x86-64", "win32-aarch64")

    private var isLoaded = false
    private var failure: Throwable? = null

    /** The longest token of which more than the length is read. */
    var maxTokenBytes: Int = 0
        private set

    /**
     * Loads the library, once. What failed once fails again: JNA's classes cannot be initialised twice.
     *
     * @throws TokmintException that says why it cannot be loaded, and what to do.
     */
    @Synchronized
    fun load() {
        if (isLoaded) return
        if (failure == null) {
            try {
                open()
                isLoaded = true
                describe()
            } catch (error: Exception) {
                failure = error
            } catch (error: LinkageError) {
                failure = error
            }
        }
        failure?.let {
            isLoaded = false
            throw exception(ErrorCode.LIBRARY_NOT_LOADED, sentence(it), it)
        }
    }

    private fun open() {
        val installed = installed()
        if (installed == null && !hasLibrary(Platform.RESOURCE_PREFIX)) {
            throw IOException("the jar has none for this platform")
        }
        val file = installed ?: Native.extractFromResourcePath(NAME, NativeLibrary::class.java.classLoader)
            ?: throw IOException("-Djna.nounpack keeps JNA from extracting it")
        try {
            System.load(file.absolutePath)
        } finally {
            // A folder of classes holds the library as it is; out of a jar it was extracted.
            val isExtracted = installed == null && file.name != System.mapLibraryName(NAME)
            // Windows deletes no library that is in use. JNA deletes what is marked so when it starts the next time.
            if (isExtracted && !file.delete()) File("${file.path}.x").createNewFile()
        }
    }

    /** The library in a folder of `jna.library.path`, if there is one; null if the jar's is to be taken. */
    private fun installed(): File? {
        val folders = System.getProperty("jna.library.path").orEmpty().split(File.pathSeparator)
        val files = folders.filter(String::isNotEmpty).map { File(it, System.mapLibraryName(NAME)).absoluteFile }
        return files.firstOrNull(File::exists)
    }

    private fun hasLibrary(platform: String) =
        NativeLibrary::class.java.getResource("/$platform/${System.mapLibraryName(NAME)}") != null

    private fun describe() {
        val reply = Exchange().run {
            begin(Operation.DESCRIBE)
            call(0)
        }
        val version = reply.string()
        check(version == VERSION) { "the library is of version $version, and the jar of version $VERSION" }
        maxTokenBytes = Math.toIntExact(reply.long)
    }

    private fun sentence(cause: Throwable): String {
        val (system, machine, java) = listOf("os.name", "os.arch", "java.version").map(System::getProperty)
        val libc = libc()
        val causes = generateSequence(cause) { it.cause }
        val reason = causes.mapNotNull { it.message?.lineSequence()?.first() }.lastOrNull() ?: cause.javaClass.name
        return "tokmint's native library cannot be loaded on $system $machine${libc?.let { " ($it)" }.orEmpty()} " +
            "with Java $java: $reason; ${wayOut(causes, libc)}"
    }

    /** The C library of this process, where Linux tells it. */
    private fun libc(): String? = try {
        File("/proc/self/maps").useLines { lines ->
            lines.mapNotNull { line ->
                when {
                    "/ld-musl-" in line -> "musl"
                    "/libc.so.6" in line || "/libc-2." in line -> "glibc"
                    else -> null
                }
            }.firstOrNull()
        }
    } catch (_: IOException) {
        null
    } catch (_: SecurityException) {
        null
    }

    private fun wayOut(causes: Sequence<Throwable>, libc: String?): String {
        val cause = causes.first()
        return when {
            causes.any { it.javaClass.simpleName == "IllegalCallerException" } ->
                "allow it with --enable-native-access=ALL-UNNAMED, or =com.sun.jna,dev.tokmint on the module path"
            causes.any { it is ClassNotFoundException } ->
                "the jar of JNA is missing: add net.java.dev.jna:jna, of the version that the POM of tokmint names"
            cause is IllegalStateException || NativeLibrary::class.java.name in cause.message.orEmpty() ->
                "take the library and the jar from one release"
            "already loaded in another classloader" in cause.message.orEmpty() ->
                "leave out -Djna.library.path, so that each class loader extracts a library of its own"
            libc == "musl" -> "the jar's library needs glibc, as JNA's does: use an image with glibc, such as Debian's"
            installed() != null ->
                "put the library of this release into the folder that -Djna.library.path names, or leave that out"
            !hasLibrary(Platform.RESOURCE_PREFIX) ->
                "the jar has libraries for ${PLATFORMS.filter(::hasLibrary).joinToString()}: build one from the " +
                    "sources of tokmint and name its folder with -Djna.library.path"
            else ->
                "JNA extracts libraries to ${folder()}: name another folder, from which code may be run and to which " +
                    "this process may write, with -Djna.tmpdir, or put the library into one that -Djna.library.path names"
        }
    }

    /** Where JNA extracts libraries to. */
    private fun folder(): String {
        val temporary = System.getProperty("java.io.tmpdir")
        val home = System.getProperty("user.home")
        val caches = System.getenv("XDG_CACHE_HOME")?.takeIf(String::isNotBlank) ?: "$home/.cache"
        return System.getProperty("jna.tmpdir") ?: when {
            Platform.isMac() -> "$home/Library/Caches/JNA/temp or $temporary"
            Platform.isWindows() -> temporary
            else -> "$caches/JNA/temp or $temporary"
        }
    }

    /**
     * Runs an operation, of which `crossing.rs` is the other side. By the JVM's own interface and not by JNA's, which keeps
     * whatever class loader has it alive.
     */
    @JvmStatic
    external fun call(handle: Long, buffer: Long, requestLength: Long, capacity: Long): Long
}
