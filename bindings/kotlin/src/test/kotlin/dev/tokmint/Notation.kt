package dev.tokmint

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.nio.file.Files
import java.nio.file.Path
import java.time.DateTimeException
import java.time.Instant
import java.util.Base64
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/** Something that no value of the published types can say. */
class Inexpressible(why: String) : Exception(why)

/** A file of `tests/vectors`. */
fun vectors(name: String): JsonElement =
    JsonParser.parseString(Files.readString(Path.of(System.getProperty("tokmint.vectors"), name)))

/** The number and the group of each error's name, as `docs/errors.md` lists them. */
val errorTable: Map<String, ErrorRow> = run {
    val row = Regex("""\| (\d+) \| `(\w+)` \| (\w+) \|.*""")
    Files.readAllLines(Path.of(System.getProperty("tokmint.vectors"), "../../docs/errors.md"))
        .mapNotNull(row::matchEntire).map { it.destructured }
        .associate { (number, name, group) -> name to ErrorRow(number.toInt(), group) }
}

data class ErrorRow(val number: Int, val group: String)

/** Expands a string in the notation of `tests/vectors/README.md`. */
fun string(value: JsonElement, context: JsonObject = JsonObject()): String {
    if (value.isJsonPrimitive) return value.asString
    val generator = value.asJsonObject
    return when {
        generator.has("repeat") -> string(generator["repeat"], context).repeat(generator["times"].asInt)
        generator.has("concat") -> generator["concat"].asJsonArray.joinToString("") { string(it, context) }
        generator.has("utf16") ->
            generator["utf16"].asJsonArray.map { it.asInt.toChar() }.toCharArray().concatToString()
        else -> try {
            Charsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(value, context))).toString()
        } catch (_: CharacterCodingException) {
            throw Inexpressible("bytes that are not UTF-8")
        }
    }
}

/** The same, with U+FFFD for what no string can hold. */
fun lenientString(value: JsonElement, context: JsonObject): String = String(bytes(value, context))

/** The bytes of a string, or those that no string can hold. */
fun bytes(value: JsonElement, context: JsonObject = JsonObject()): ByteArray {
    val generator = value as? JsonObject ?: return value.asString.toByteArray()
    fun member(name: String) = bytes(generator[name], context)
    val secret = { context["secret"].asString }
    return when {
        generator.has("base64") -> Base64.getDecoder().decode(generator["base64"].asString)
        generator.has("repeat") -> member("repeat").let { part ->
            (1..generator["times"].asInt).map { part }.fold(java.io.ByteArrayOutputStream()) { all, one ->
                all.apply { write(one) }
            }.toByteArray()
        }
        generator.has("concat") ->
            generator["concat"].asJsonArray.fold(ByteArray(0)) { all, part -> all + bytes(part, context) }
        generator.has("jwt") -> generator["jwt"].asJsonObject.let { parts ->
            jwt(bytes(parts["header"], context), bytes(parts["payload"], context), secret())
        }
        generator.has("t1") -> {
            val data = bytes(generator["t1"].asJsonObject["data"], context)
            val head = "partner_id=${context["api_key"].asString}&sig=${hex(mac("HmacSHA1", secret(), data))}:"
            ("T1==" + Base64.getEncoder().encodeToString(head.toByteArray() + data)).toByteArray()
        }
        else -> string(value, context).toByteArray()
    }
}

private fun jwt(header: ByteArray, payload: ByteArray, secret: String): ByteArray {
    val encoder = Base64.getUrlEncoder().withoutPadding()
    val signed = encoder.encodeToString(header) + "." + encoder.encodeToString(payload)
    return "$signed.${encoder.encodeToString(mac("HmacSHA256", secret, signed.toByteArray()))}".toByteArray()
}

private fun mac(algorithm: String, secret: String, bytes: ByteArray): ByteArray = Mac.getInstance(algorithm).run {
    init(SecretKeySpec(secret.toByteArray(), algorithm))
    doFinal(bytes)
}

private fun hex(bytes: ByteArray): String = bytes.joinToString("") { "%02x".format(it) }

fun instant(value: JsonElement): Instant = try {
    Instant.ofEpochSecond(value.asLong)
} catch (_: DateTimeException) {
    throw Inexpressible("a time beyond java.time.Instant")
}
