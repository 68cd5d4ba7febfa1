import dev.tokmint.OpenTok;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** Asks the endpoint of the README. */
class Serve {
    public static void main(String[] arguments) throws Exception {
        try (OpenTok opentok = new OpenTok("123456", "1234567890abcdef1234567890abcdef1234567890")) {
            var server = Server.start(opentok, 0);
            String address = "http://localhost:" + server.getAddress().getPort() + "/token/";
            String sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

            var good = get(address + sessionId);
            expect(good.statusCode() == 200, "a session of the project gets 200");
            expect(opentok.verifyToken(good.body()).getSessionId().equals(sessionId), "the token is for the session");

            var bad = get(address + "nonsense");
            expect(bad.statusCode() == 400 && bad.body().equals("invalid_session_id"), "any other string with 400");
            server.stop(0);
            System.out.println("an endpoint replied");
        }
        System.exit(0);
    }

    private static java.net.http.HttpResponse<String> get(String address) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    private static void expect(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
