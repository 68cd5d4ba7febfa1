import dev.tokmint.OpenTok
import dev.tokmint.Role
import dev.tokmint.Session
import dev.tokmint.TokmintException
import io.ktor.client.HttpClient
import io.ktor.client.call.body
import io.ktor.client.engine.cio.CIO
import io.ktor.client.plugins.HttpTimeout
import io.ktor.client.request.accept
import io.ktor.client.request.forms.submitForm
import io.ktor.client.request.header
import io.ktor.http.CacheControl
import io.ktor.http.ContentType
import io.ktor.http.HttpStatusCode
import io.ktor.http.parameters
import io.ktor.serialization.kotlinx.json.json
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationStopped
import io.ktor.server.application.install
import io.ktor.server.auth.Authentication
import io.ktor.server.auth.UserIdPrincipal
import io.ktor.server.auth.authenticate
import io.ktor.server.auth.basic
import io.ktor.server.auth.principal
import io.ktor.server.cio.EngineMain
import io.ktor.server.config.ApplicationConfig
import io.ktor.server.plugins.NotFoundException
import io.ktor.server.plugins.contentnegotiation.ContentNegotiation
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.request.receiveParameters
import io.ktor.server.response.cacheControl
import io.ktor.server.response.respond
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import io.ktor.server.util.getOrFail
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import java.time.Duration
import io.ktor.client.plugins.contentnegotiation.ContentNegotiation as ClientContentNegotiation

// A backend with Ktor: whoever belongs to a room gets a token for the room's video session.
//
//     mvn compile dependency:copy-dependencies
//     export TOKMINT_API_KEY=... TOKMINT_API_SECRET=... ADA_PASSWORD=... BOB_PASSWORD=...
//     java -cp 'target/classes:target/dependency/*' ApplicationKt
//     curl --user ada --data-urlencode nickname=Ada localhost:8080/rooms/physics/token
//
// For an application, set TOKMINT_APPLICATION_ID and TOKMINT_PRIVATE_KEY instead of the first two.

fun main(arguments: Array<String>) = EngineMain.main(arguments)

// Replace this by your own rule of who may join what, and as what.
private val members = mapOf("physics" to mapOf("ada" to Role.MODERATOR, "bob" to Role.PUBLISHER))

fun Application.module() {
    val config = environment.config
    // Made once. Bad credentials end the start here, and not a request.
    val opentok = credentials(config.config("tokmint"))
    val platform = Platform(opentok, config.propertyOrNull("platform.url")?.getString())
    monitor.subscribe(ApplicationStopped) {
        platform.close()
        opentok.close()
    }

    val passwords = config.config("passwords").toMap()
    install(ContentNegotiation) { json() }
    install(Authentication) {
        basic {
            validate { login ->
                if (passwords[login.name] == login.password) UserIdPrincipal(login.name) else null
            }
        }
    }
    install(StatusPages) {
        exception<TokmintException> { call, refused ->
            when (refused) {
                // What the client sent. Any other error is the server's own: Ktor logs it, and answers 500.
                is TokmintException.Options, is TokmintException.Session, is TokmintException.Token ->
                    call.respond(HttpStatusCode.BadRequest, mapOf("error" to refused.code.value))
                else -> throw refused
            }
        }
    }
    routing {
        authenticate {
            post("/rooms/{room}/token") {
                // The role follows from who it is, never from the request.
                val role = call.role()
                val session = platform.sessionOf(call.room)
                // Everybody in the session can read the data.
                val data = buildJsonObject {
                    put("user", call.user)
                    put("nickname", call.receiveParameters()["nickname"] ?: "")
                }
                val token = session.generateToken(role = role, data = "$data", expiresIn = Duration.ofHours(1))
                call.response.cacheControl(CacheControl.NoStore(null))
                call.respond(
                    mapOf(
                        "apiKey" to (opentok.apiKey ?: opentok.applicationId),
                        "sessionId" to session.sessionId,
                        "token" to token,
                    ),
                )
            }
            // Who presents a token of the room, for a service beside the video such as a chat.
            post("/rooms/{room}/verify") {
                call.role()
                val token = call.receiveParameters().getOrFail("token")
                val verified = platform.sessionOf(call.room).verifyToken(token)
                call.respond(
                    mapOf("sessionId" to verified.sessionId, "role" to "${verified.role}", "data" to verified.data),
                )
            }
        }
    }
}

private fun credentials(config: ApplicationConfig): OpenTok {
    fun value(name: String) = config.propertyOrNull(name)?.getString() ?: ""
    val applicationId = value("applicationId")
    return if (applicationId.isEmpty()) {
        OpenTok(value("apiKey"), value("apiSecret"))
    } else {
        OpenTok.forApplication(applicationId, value("privateKey"))
    }
}

private val ApplicationCall.user get() = principal<UserIdPrincipal>()!!.name
private val ApplicationCall.room get() = parameters.getOrFail("room")

private fun ApplicationCall.role(): Role = members[room]?.get(user) ?: throw NotFoundException()

/** Creates sessions with the platform's REST API. */
private class Platform(private val opentok: OpenTok, url: String?) : AutoCloseable {
    private val isProject = opentok.apiKey != null
    private val url = url ?: if (isProject) "https://api.opentok.com" else "https://video.api.vonage.com"
    private val http = HttpClient(CIO) {
        expectSuccess = true
        install(ClientContentNegotiation) { json() }
        install(HttpTimeout) { requestTimeoutMillis = 10_000 }
    }

    /** In this process only: with several, keep the IDs in your database. */
    private val sessions = mutableMapOf<String, Session>()
    private val lock = Mutex()

    /** The first who comes creates it. */
    suspend fun sessionOf(room: String): Session = lock.withLock { sessions.getOrPut(room) { create() } }

    private suspend fun create(): Session {
        val form = parameters {
            append("archiveMode", "manual")
            append("p2p.preference", "disabled")
        }
        // A token for REST calls lives for minutes, so each call gets its own.
        val token = opentok.generateRestToken()
        val created: List<JsonObject> = http.submitForm("$url/session/create", form) {
            header(if (isProject) "X-OPENTOK-AUTH" else "Authorization", if (isProject) token else "Bearer $token")
            accept(ContentType.Application.Json)
        }.body()
        try {
            return opentok.session(created.first().getValue("session_id").jsonPrimitive.content)
        } catch (refused: TokmintException) {
            // No fault of the client.
            throw IllegalStateException("the platform's session cannot be used", refused)
        }
    }

    override fun close() = http.close()
}
