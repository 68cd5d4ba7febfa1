import dev.tokmint.OpenTok
import dev.tokmint.TokmintException
import io.ktor.http.HttpStatusCode
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.runBlocking
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers

private const val SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"

/** Serves tokens, and asks itself for some. */
fun main() = OpenTok("123456", "1234567890abcdef1234567890abcdef1234567890").use { opentok ->
    val server = embeddedServer(CIO, port = 0) {
        routing {
            get("/token/{sessionId}") {
                try {
                    call.respondText(opentok.generateToken(call.parameters["sessionId"]!!))
                } catch (refused: TokmintException.Session) {
                    call.respondText("${refused.code}", status = HttpStatusCode.BadRequest)
                }
            }
        }
    }.start()
    val port = runBlocking { server.engine.resolvedConnectors().single().port }
    fun get(sessionId: String) = HttpClient.newHttpClient().send(
        HttpRequest.newBuilder(URI("http://localhost:$port/token/$sessionId")).build(), BodyHandlers.ofString(),
    )

    val token = get(SESSION_ID)
    check(token.statusCode() == 200 && opentok.verifyToken(token.body()).sessionId == SESSION_ID) { token.body() }
    val refused = get("nonsense")
    check(refused.statusCode() == 400 && refused.body() == "invalid_session_id") { refused.body() }
    server.stop(0, 0)
    println("Ktor served a token")
}
