@file:JvmName("Tokmint")

package dev.tokmint

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
    translated { Inspection(Crossing.inspectTokenWithoutCredentials.call(lenientUtf8(token), options.native)) }

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
