package dev.tokmint

/**
 * Why a token was not generated or not accepted.
 *
 * The message is one sentence for a person. It never holds the secret and never the input itself, so it can be logged.
 * The subclasses are the groups of errors; [code] tells the errors of a group apart.
 */
public sealed class TokmintException(
    /** The stable number of the error, the same in every language. */
    public val number: Int,
    /** The stable name of the error, such as `data_too_long`, the same in every language. */
    public val code: String,
    message: String,
) : RuntimeException(message) {
    /** The API key or the API secret cannot be one. */
    public class Credentials internal constructor(number: Int, code: String, message: String) :
        TokmintException(number, code, message)

    /** The session ID is not one, or of another project. */
    public class Session internal constructor(number: Int, code: String, message: String) :
        TokmintException(number, code, message)

    /** An option is out of its limits. */
    public class Options internal constructor(number: Int, code: String, message: String) :
        TokmintException(number, code, message)

    /** The token is not one that a server would accept. */
    public class Token internal constructor(number: Int, code: String, message: String) :
        TokmintException(number, code, message)

    /** The system has no usable clock or no random bytes. */
    public class System internal constructor(number: Int, code: String, message: String) :
        TokmintException(number, code, message)

    /** A text that is not well-formed Unicode, or a defect of tokmint. */
    public class Border internal constructor(number: Int, code: String, message: String) :
        TokmintException(number, code, message)

    internal companion object {
        private const val NUMBERS_OF_A_GROUP = 10

        fun of(number: Int, code: String, message: String): TokmintException = when (number / NUMBERS_OF_A_GROUP) {
            1 -> Credentials(number, code, message)
            2 -> Session(number, code, message)
            3 -> Options(number, code, message)
            4 -> Token(number, code, message)
            5 -> System(number, code, message)
            else -> Border(number, code, message)
        }

        /** For a panic outside of the guard of the native library. Its text is dropped, since it may hold input. */
        fun ofBrokenCall(): TokmintException =
            Border(99, "panic", "tokmint itself failed, which is a defect of tokmint; please report it")
    }
}
