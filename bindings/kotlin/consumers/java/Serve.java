import com.sun.net.httpserver.HttpExchange;
import dev.tokmint.OpenTok;
import dev.tokmint.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks the endpoint of the README. */
class Serve {
    private static final String SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    private static final String SESSION_ID_OF_APPLICATION =
            "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

    public static void main(String[] arguments) {
        try {
            run();
        } catch (Throwable failure) {
            // The threads of a server would keep the process alive.
            failure.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static void run() throws Exception {
        String publicKey = Files.readString(Path.of("public.key"));
        try (OpenTok opentok = new OpenTok("123456", "1234567890abcdef1234567890abcdef1234567890");
                OpenTok verifier = OpenTok.verifier("a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9", publicKey)) {
            var server = Server.start(opentok, Serve::roleOf, 0);
            String address = "http://localhost:" + server.getAddress().getPort() + "/token/";

            var good = get(address + SESSION_ID, "let me in");
            expect(good.statusCode() == 200, "a session of the project gets 200");
            var verified = opentok.verifyToken(good.body());
            expect(verified.getSessionId().equals(SESSION_ID), "the token is for the session");
            expect(verified.getRole() == Role.MODERATOR, "the token has the role of the login");

            var stranger = get(address + SESSION_ID, "knock knock");
            expect(stranger.statusCode() == 403 && stranger.body().equals("forbidden"), "a stranger gets 403");
            var bad = get(address + "nonsense", "let me in");
            expect(bad.statusCode() == 400 && bad.body().equals("invalid_session_id"), "any other string gets 400");
            server.stop(0);

            var broken = Server.start(verifier, Serve::roleOf, 0);
            address = "http://localhost:" + broken.getAddress().getPort() + "/token/";
            var failed = get(address + SESSION_ID_OF_APPLICATION, "let me in");
            expect(failed.statusCode() == 500 && failed.body().equals("internal error"), "the server's fault gets 500");
            broken.stop(0);
            System.out.println("an endpoint replied");
        }
    }

    private static Role roleOf(HttpExchange exchange, String sessionId) {
        return "let me in".equals(exchange.getRequestHeaders().getFirst("Authorization")) ? Role.MODERATOR : null;
    }

    private static HttpResponse<String> get(String address, String authorization) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(address)).header("Authorization", authorization);
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    private static void expect(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
