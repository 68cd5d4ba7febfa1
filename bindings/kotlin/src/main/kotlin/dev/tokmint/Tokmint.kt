@file:JvmName("Tokmint")

package dev.tokmint

import dev.tokmint.ffi.Operation
import java.time.Instant

/**
 * Inspects a token without credentials: its signature stays unchecked, and its project or application is the one that
 * it names.
 *
 * With credentials there is [OpenTok.inspectToken].
 *
 * @param token any string.
 * @throws TokmintException if the session ID of the options is not well-formed Unicode; never for a token.
 */
public fun inspectToken(token: String, options: InspectOptions): Inspection =
    crossing(
        Operation.INSPECT_TOKEN_WITHOUT_CREDENTIALS, 0,
        { exchange ->
            exchange.putToken(token, ::lenientUtf8)
            options.write(exchange)
        },
        ::Inspection,
    )

/** Inspects a token without credentials, now and for any session. */
public fun inspectToken(token: String): Inspection = inspectToken(token, InspectOptions())

/**
 * Inspects a token without credentials, with the options of [InspectOptions] as named arguments.
 *
 * @throws TokmintException if the session ID is not well-formed Unicode; never for a token.
 */
@JvmSynthetic
public fun inspectToken(token: String, now: Instant? = null, sessionId: String? = null): Inspection =
    inspectToken(token, InspectOptions(now, sessionId))
