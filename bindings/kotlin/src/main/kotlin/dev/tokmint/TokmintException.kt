package dev.tokmint

import dev.tokmint.internal.Hidden

/**
 * Why a token was not generated or not accepted.
 *
 * The message is one sentence for a person. It never holds a secret, a key or the input, so it can be logged.
 * The subclasses are the groups of errors; [code] tells the errors of a group apart.
 */
public sealed class TokmintException private constructor(
    /** The stable code of the error. */
    public val code: ErrorCode,
    message: String,
    cause: Throwable?,
) : RuntimeException(message, cause) {
    /** The stable number of the error, the same in every language. */
    public val number: Int get() = code.number

    /** The class, the code and the message, as logs and stack traces show them. */
    override fun toString(): String = "${javaClass.name}: $code: $message"

    /** The API key, the API secret, the application ID or the key cannot be one, or there is no private key. */
    public class Credentials internal constructor(code: Hidden<ErrorCode>, message: String) :
        TokmintException(code.value, message, null)

    /** The session ID is malformed, or the session is one of another project or application. */
    public class Session internal constructor(code: Hidden<ErrorCode>, message: String) :
        TokmintException(code.value, message, null)

    /** An option is outside of its limits, or not one that these credentials have. */
    public class Options internal constructor(code: Hidden<ErrorCode>, message: String) :
        TokmintException(code.value, message, null)

    /** The token is not one that a server would accept. */
    public class Token internal constructor(code: Hidden<ErrorCode>, message: String) :
        TokmintException(code.value, message, null)

    /** The system has no usable clock or no random bytes. */
    public class System internal constructor(code: Hidden<ErrorCode>, message: String) :
        TokmintException(code.value, message, null)

    /**
     * The native library cannot be loaded ([ErrorCode.LIBRARY_NOT_LOADED]), a string other than a token or connection
     * data holds half of a surrogate pair ([ErrorCode.INVALID_UTF8]), or tokmint has a defect ([ErrorCode.PANIC]).
     *
     * A session ID or a `jti` of a client can hold such a half, from the JSON `"\ud800"` for example: then it is the
     * client's fault, and no defect.
     */
    public class Binding internal constructor(code: Hidden<ErrorCode>, message: String, cause: Throwable?) :
        TokmintException(code.value, message, cause)
}
