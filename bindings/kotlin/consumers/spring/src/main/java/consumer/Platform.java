package consumer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokmint.OpenTok;
import dev.tokmint.Session;
import dev.tokmint.TokmintException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Service;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestClient;

/** Creates sessions with the platform's REST API. */
@Service
class Platform {
    private record Created(@JsonProperty("session_id") String sessionId) {}

    /** In this process only: with several, keep the IDs in your database. */
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    private final OpenTok opentok;
    private final RestClient http;

    Platform(OpenTok opentok, RestClient.Builder http, @Value("${platform.url}") String url) {
        String ofCredentials =
                opentok.getApiKey() != null ? "https://api.opentok.com" : "https://video.api.vonage.com";
        this.opentok = opentok;
        this.http = http.baseUrl(url.isEmpty() ? ofCredentials : url).build();
    }

    /** The first who comes creates it. */
    Session sessionOf(String room) {
        return sessions.computeIfAbsent(room, key -> create());
    }

    private Session create() {
        var form = new LinkedMultiValueMap<String, String>();
        form.add("archiveMode", "manual");
        form.add("p2p.preference", "disabled");
        // A token for REST calls lives for minutes, so each call gets its own.
        String token = opentok.generateRestToken();
        boolean isProject = opentok.getApiKey() != null;
        Created[] created = http.post()
                .uri("/session/create")
                .header(isProject ? "X-OPENTOK-AUTH" : "Authorization", isProject ? token : "Bearer " + token)
                .accept(MediaType.APPLICATION_JSON)
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(form)
                .retrieve()
                .body(Created[].class);
        try {
            return opentok.session(Objects.requireNonNull(created)[0].sessionId());
        } catch (TokmintException refused) {
            // No fault of the client. Not with a cause: Spring would look for a handler of that too, and answer 400.
            throw new IllegalStateException("the platform's session cannot be used: " + refused.getMessage());
        }
    }
}
