package dev.tokmint

/**
 * Why a token was not generated or not accepted.
 *
 * The message is one sentence for a person. It never holds a secret, a key or the input, so it can be logged.
 * The subclasses are the groups of errors; [code] tells the errors of a group apart.
 *
 * @property code the stable code of the error, whose `toString` is its name, such as `data_too_long`.
 */
public sealed class TokmintException private constructor(
    public val code: ErrorCode,
    message: String,
    cause: Throwable?,
) : RuntimeException(message, cause) {
    /** The stable number of the error, the same in every language. */
    public val number: Int get() = code.number

    /** The API key, the API secret, the application ID or the key cannot be one, or there is no private key. */
    public class Credentials internal constructor(code: ErrorCode, message: String) :
        TokmintException(code, message, null)

    /** The session ID is invalid or belongs to another project or application. */
    public class Session internal constructor(code: ErrorCode, message: String) : TokmintException(code, message, null)

    /** An option is outside of its limits, or not one that these credentials have. */
    public class Options internal constructor(code: ErrorCode, message: String) : TokmintException(code, message, null)

    /** The token is not one that a server would accept. */
    public class Token internal constructor(code: ErrorCode, message: String) : TokmintException(code, message, null)

    /** The system has no usable clock or no random bytes. */
    public class System internal constructor(code: ErrorCode, message: String) : TokmintException(code, message, null)

    /** The native library cannot be loaded, a string is not well-formed Unicode, or tokmint has a defect. */
    public class Binding internal constructor(code: ErrorCode, message: String, cause: Throwable?) :
        TokmintException(code, message, cause)

    internal companion object {
        /** The exception of an error's group, which the hundreds of its number tell. */
        fun of(code: ErrorCode, message: String, cause: Throwable? = null): TokmintException =
            when (code.number / 100) {
                1 -> Credentials(code, message)
                2 -> Session(code, message)
                3 -> Options(code, message)
                4 -> Token(code, message)
                5 -> System(code, message)
                else -> Binding(code, message, cause)
            }
    }
}
