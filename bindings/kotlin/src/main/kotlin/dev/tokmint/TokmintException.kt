package dev.tokmint

import dev.tokmint.ffi.TokmintException.Refused

/**
 * Why a token was not generated or not accepted.
 *
 * The message is one sentence for a person. It never holds a secret, a key or the input, so it can be logged.
 * The subclasses are the groups of errors; [code] tells the errors of a group apart.
 */
public sealed class TokmintException private constructor(refused: Refused) : RuntimeException(refused.sentence) {
    /** The stable number of the error, the same in every language. */
    public val number: Int = refused.number

    /** The stable name of the error, such as `data_too_long`, the same in every language. */
    public val code: String = refused.code

    /** The API key, the API secret, the application ID or the key cannot be one, or there is no private key. */
    public class Credentials internal constructor(refused: Refused) : TokmintException(refused)

    /** The session ID is invalid or belongs to another project or application. */
    public class Session internal constructor(refused: Refused) : TokmintException(refused)

    /** An option is outside of its limits, or not one that these credentials have. */
    public class Options internal constructor(refused: Refused) : TokmintException(refused)

    /** The token is not one that a server would accept. */
    public class Token internal constructor(refused: Refused) : TokmintException(refused)

    /** The system has no usable clock or no random bytes. */
    public class System internal constructor(refused: Refused) : TokmintException(refused)

    /** A string is not well-formed Unicode, or tokmint has a defect. */
    public class Binding internal constructor(refused: Refused) : TokmintException(refused)

    internal companion object {
        /** The exception of an error's group. */
        fun of(refused: Refused): TokmintException = when (refused.group) {
            "credentials" -> Credentials(refused)
            "session" -> Session(refused)
            "options" -> Options(refused)
            "token" -> Token(refused)
            "system" -> System(refused)
            else -> Binding(refused)
        }
    }
}
