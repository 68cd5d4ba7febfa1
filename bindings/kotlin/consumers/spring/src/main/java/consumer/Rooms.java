package consumer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokmint.OpenTok;
import dev.tokmint.Role;
import dev.tokmint.Token;
import dev.tokmint.TokenOptions;
import dev.tokmint.TokmintException;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
class Rooms {
    record Invitation(String apiKey, String sessionId, String token) {}

    record Refusal(String error) {}

    /** Replace this by your own rule of who may join what, and as what. */
    private static final Map<String, Map<String, Role>> MEMBERS =
            Map.of("physics", Map.of("ada", Role.MODERATOR, "bob", Role.PUBLISHER));

    private final OpenTok opentok;
    private final Platform platform;
    private final ObjectMapper json;

    Rooms(OpenTok opentok, Platform platform, ObjectMapper json) {
        this.opentok = opentok;
        this.platform = platform;
        this.json = json;
    }

    @PostMapping("/rooms/{room}/token")
    Invitation join(@PathVariable String room, @RequestParam(defaultValue = "") String nickname, Principal person)
            throws JsonProcessingException {
        // The role follows from who it is, never from the request.
        Role role = roleIn(room, person);
        var session = platform.sessionOf(room);
        // Everybody in the session can read the data.
        String data = json.writeValueAsString(Map.of("user", person.getName(), "nickname", nickname));
        String token = session.generateToken(
                TokenOptions.builder().role(role).data(data).expiresIn(Duration.ofHours(1)).build());
        String issuer = opentok.getApiKey() != null ? opentok.getApiKey() : opentok.getApplicationId();
        return new Invitation(issuer, session.getSessionId(), token);
    }

    /** Who presents a token of the room, for a service beside the video such as a chat. */
    @PostMapping("/rooms/{room}/verify")
    Token verify(@PathVariable String room, @RequestParam String token, Principal person) {
        roleIn(room, person);
        return platform.sessionOf(room).verifyToken(token);
    }

    private static Role roleIn(String room, Principal person) {
        Role role = MEMBERS.getOrDefault(room, Map.of()).get(person.getName());
        if (role == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return role;
    }

    /** What the client sent. Any other error is the server's own: Spring logs it, and answers 500. */
    @ExceptionHandler({TokmintException.Options.class, TokmintException.Session.class, TokmintException.Token.class})
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    Refusal refused(TokmintException refused) {
        return new Refusal(refused.getCode().getValue());
    }
}
