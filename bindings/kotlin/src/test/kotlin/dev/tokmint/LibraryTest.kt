package dev.tokmint

import org.junit.jupiter.api.condition.EnabledForJreRange
import org.junit.jupiter.api.condition.EnabledOnOs
import org.junit.jupiter.api.condition.JRE
import org.junit.jupiter.api.condition.OS
import java.io.File
import java.nio.file.Files
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Prints what the first two calls throw in a JVM that cannot load the native library. */
object WithoutLibrary {
    @JvmStatic
    fun main(arguments: Array<String>) {
        for (call in listOf({ OpenTok(API_KEY, API_SECRET) }, { inspectToken("T1==") })) {
            try {
                println("it is loaded: ${call()}")
            } catch (refused: TokmintException) {
                println("${refused::class.simpleName} ${refused.code}: ${refused.message} (${refused.cause != null})")
            }
        }
    }
}

class LibraryTest {
    private fun expect(vararg properties: String, says: String) {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val command = listOf(java, "-cp", System.getProperty("java.class.path")) + properties
        val builder = ProcessBuilder(command + "dev.tokmint.WithoutLibrary")
        val process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start()
        val lines = process.inputStream.bufferedReader().readLines()
        assertEquals(0, process.waitFor(), "$lines")
        assertEquals(2, lines.size, "$lines")
        val sentence = "tokmint's native library cannot be loaded on $says"
        val expected = Regex("Binding library_not_loaded: $sentence \\(true\\)")
        for (line in lines) assertTrue(expected.matches(line), line)
    }

    // The folder is one of Linux.
    @EnabledOnOs(OS.LINUX)
    @Test
    fun `a folder to which nothing can be extracted is named, and what to do`() = expect(
        "-Djna.tmpdir=/proc/none",
        says = """Linux \w+( \(glibc\))? with Java \S+: .*; JNA extracts libraries to /proc/none: """ +
            "name another folder, .* with -Djna.tmpdir, or put .* -Djna.library.path names",
    )

    @Test
    fun `a platform without a library is named, and what to do`() = expect(
        "-Dos.name=Linux", "-Dos.arch=sparc",
        says = """Linux sparc( \(\w+\))? with Java \S+: .*; the jar has libraries for \S.*: """ +
            "build one .* with -Djna.library.path",
    )

    @EnabledOnOs(OS.LINUX)
    @Test
    fun `another library of the same name is refused`() {
        val folder = Files.createTempDirectory("tokmint").toFile()
        try {
            // Any library of the JVM, which lacks the function.
            File(System.getProperty("java.home"), "lib/libnio.so").copyTo(File(folder, "libtokmint_uniffi.so"))
            expect("-Djna.library.path=$folder", says = ".*; take the library and the jar from one release")
        } finally {
            folder.deleteRecursively()
        }
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    fun `a file that is no library is told from what JNA extracts`() {
        val folder = Files.createTempDirectory("tokmint").toFile()
        try {
            File(folder, "libtokmint_uniffi.so").writeText("none")
            expect("-Djna.library.path=$folder", says = ".*; put the library of this release into the folder that .*")
        } finally {
            folder.deleteRecursively()
        }
    }

    @EnabledForJreRange(min = JRE.JAVA_24)
    @Test
    fun `a JVM without native access says which option allows it`() = expect(
        "--illegal-native-access=deny",
        says = """.* with Java \S+: .*; allow it with --enable-native-access=ALL-UNNAMED, .*""",
    )
}
