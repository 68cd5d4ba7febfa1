@file:JvmName("Tokmint")

package dev.tokmint

import dev.tokmint.ffi.Operation
import dev.tokmint.internal.crossing
import dev.tokmint.internal.inspection
import dev.tokmint.internal.lenientUtf8
import dev.tokmint.internal.put
import java.nio.ByteBuffer
import java.time.Instant

/**
 * Inspects a token without credentials: its signature stays unchecked, and its project or application is the one that
 * it names.
 *
 * With credentials there is [OpenTok.inspectToken].
 *
 * @param token any string.
 * @param options what the token is inspected against.
 * @throws TokmintException if the session ID of the options is not well-formed Unicode, or the native library cannot be
 * loaded; never for a token.
 * @throws NullPointerException if an argument is null.
 */
public fun inspectToken(token: String, options: InspectOptions): Inspection =
    crossing(
        Operation.INSPECT_TOKEN_WITHOUT_CREDENTIALS, 0,
        { exchange ->
            exchange.putToken(token, ::lenientUtf8)
            exchange.put(options)
        },
        ByteBuffer::inspection,
    )

/**
 * Inspects a token without credentials, now and for any session.
 *
 * @param token any string.
 * @throws TokmintException if the native library cannot be loaded; never for a token.
 * @throws NullPointerException if the token is null.
 */
public fun inspectToken(token: String): Inspection = inspectToken(token, InspectOptions())

/**
 * Inspects a token without credentials, with the options of [InspectOptions] as named arguments.
 *
 * @param token any string.
 * @param now the time of inspection, in whole seconds; the current time by default.
 * @param sessionId the session that the token should be for; any by default.
 * @throws TokmintException if the session ID is not well-formed Unicode, or the native library cannot be loaded; never
 * for a token.
 */
@JvmSynthetic
public fun inspectToken(token: String, now: Instant? = null, sessionId: String? = null): Inspection =
    inspectToken(token, InspectOptions(now, sessionId))
