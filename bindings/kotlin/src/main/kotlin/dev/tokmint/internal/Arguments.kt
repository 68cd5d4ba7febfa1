package dev.tokmint.internal

import dev.tokmint.InspectOptions
import dev.tokmint.RestTokenOptions
import dev.tokmint.Role
import dev.tokmint.TokenFormat
import dev.tokmint.TokenOptions
import dev.tokmint.VerifyOptions
import java.util.Collections

// Options as `crossing.rs` reads them.

private val ROLES = Role.entries.map { it.value.toByteArray() }
private val TOKEN_FORMATS = TokenFormat.entries.map { it.value.toByteArray() }

internal fun Exchange.put(options: TokenOptions): Unit = options.run {
    putOptional(role?.let { ROLES[it.ordinal] })
    putOptional(expireTime)
    putOptional(expiresIn)
    putOptional(data)
    val classes = initialLayoutClassList ?: emptyList()
    put(classes.size)
    for (index in classes.indices) put(utf8(classes[index]))
    putOptional(tokenFormat?.let { TOKEN_FORMATS[it.ordinal] })
    putOptional(createTime)
    putOptional(nonce)
    putOptional(jti)
}

internal fun Exchange.put(options: RestTokenOptions): Unit = options.run {
    putOptional(expiresIn)
    putOptional(createTime)
    putOptional(jti)
}

internal fun Exchange.put(options: VerifyOptions): Unit = options.run {
    putOptional(now)
    putOptional(leeway)
    putOptional(sessionId)
}

internal fun Exchange.put(options: InspectOptions): Unit = options.run {
    putOptional(now)
    putOptional(sessionId)
}

/** A list from Java can hold null. */
internal fun copyWithoutNull(classes: List<String?>): List<String> = Collections.unmodifiableList(
    classes.mapIndexed { index, name -> name ?: throw NullPointerException("initialLayoutClassList[$index] is null") },
)

/** What `toString` shows of options: those that are given. */
internal fun shown(type: String, vararg options: Pair<String, Any?>): String =
    options.filter { it.second != null }.joinToString(prefix = "$type(", postfix = ")") { "${it.first}=${it.second}" }
