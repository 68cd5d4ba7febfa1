package consumer;

import dev.tokmint.OpenTok;
import dev.tokmint.Token;
import dev.tokmint.TokmintException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Serves tokens, and asks itself for some. */
@SpringBootApplication
@RestController
public class Application {
    private static final String SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

    /** Closed by Spring. */
    @Bean
    static OpenTok opentok() {
        return new OpenTok("123456", "1234567890abcdef1234567890abcdef1234567890");
    }

    private final OpenTok opentok;

    Application(OpenTok opentok) {
        this.opentok = opentok;
    }

    @GetMapping("/token/{sessionId}")
    String token(@PathVariable String sessionId) {
        return opentok.generateToken(sessionId);
    }

    /** What a token says, as Jackson writes it. */
    @GetMapping("/verified/{token}")
    Token verified(@PathVariable String token) {
        return opentok.verifyToken(token);
    }

    @ExceptionHandler
    ResponseEntity<String> refused(TokmintException.Session refused) {
        return ResponseEntity.badRequest().body(refused.getCode().getValue());
    }

    public static void main(String[] arguments) throws Exception {
        try (var context = (ServletWebServerApplicationContext)
                SpringApplication.run(Application.class, "--server.port=0", "--spring.main.banner-mode=off")) {
            String address = "http://localhost:" + context.getWebServer().getPort();
            var token = get(address + "/token/" + SESSION_ID);
            expect(token.statusCode() == 200, token.body());
            var verified = get(address + "/verified/" + token.body());
            expect(verified.body().contains("\"sessionId\":\"" + SESSION_ID + "\""), verified.body());
            var refused = get(address + "/token/nonsense");
            expect(refused.statusCode() == 400 && refused.body().equals("invalid_session_id"), refused.body());
        }
        System.out.println("Spring served a token");
    }

    private static HttpResponse<String> get(String address) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    private static void expect(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
