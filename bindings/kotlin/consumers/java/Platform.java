import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tokmint.OpenTok;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Creates sessions by an example of the README, given as a class and its method, at a server that checks the request as
 * the platform documents it.
 */
class Platform {
    private static final String API_KEY = "123456";
    private static final String API_SECRET = "1234567890abcdef1234567890abcdef1234567890";
    private static final String APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    private static final Pattern CLAIM = Pattern.compile("\"(\\w+)\":(?:\"([^\"]*)\"|(\\d+))[,}]");

    /** Public for the proxy. */
    public interface SessionExample {
        String create(OpenTok opentok, URI address) throws IOException, InterruptedException;
    }

    private final String privateKey = Files.readString(Path.of("private.key"));

    private Platform() throws IOException {}

    public static void main(String[] arguments) {
        try {
            run(arguments[0], arguments[1]);
        } catch (Throwable failure) {
            // The threads of the server would keep the process alive.
            failure.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static void run(String className, String methodName) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        Platform platform = new Platform();
        server.createContext("/project/session/create", exchange -> platform.reply(exchange, false));
        server.createContext("/application/session/create", exchange -> platform.reply(exchange, true));
        server.start();
        String address = "http://localhost:" + server.getAddress().getPort();
        URI ofProject = URI.create(address + "/project/session/create");
        URI ofApplication = URI.create(address + "/application/session/create");

        MethodType type = MethodType.methodType(String.class, OpenTok.class, URI.class);
        MethodHandle method = MethodHandles.lookup().findStatic(Class.forName(className), methodName, type);
        SessionExample example = MethodHandleProxies.asInterfaceInstance(SessionExample.class, method);
        try (OpenTok project = new OpenTok(API_KEY, API_SECRET);
                OpenTok other = new OpenTok(API_KEY, "abcdef1234567890abcdef1234567890abcdef12");
                OpenTok application = OpenTok.forApplication(APPLICATION_ID, platform.privateKey)) {
            expect(example.create(project, ofProject).equals("session of 123456"), "a session of a project");
            String created = example.create(application, ofApplication);
            expect(created.equals("session of " + APPLICATION_ID), "a session of an application");
            // The server would notice.
            expectRefused(example, project, ofApplication);
            expectRefused(example, application, ofProject);
            expectRefused(example, other, ofProject);
        }
        server.stop(0);
        System.out.println("created sessions of a project and of an application");
    }

    private static void expectRefused(SessionExample example, OpenTok opentok, URI address)
            throws InterruptedException {
        try {
            throw new AssertionError(example.create(opentok, address));
        } catch (IOException refused) {
            expect(refused.getMessage().startsWith("status 403"), refused.getMessage());
        }
    }

    private void reply(HttpExchange exchange, boolean isApplication) throws IOException {
        int status = 200;
        String body;
        try {
            expect(exchange.getRequestMethod().equals("POST"), "a POST");
            Headers headers = exchange.getRequestHeaders();
            expect("application/json".equals(headers.getFirst("Accept")), "JSON, not XML");
            expect("application/x-www-form-urlencoded".equals(headers.getFirst("Content-Type")), "a form");
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            expect(Set.of(form.split("&")).equals(Set.of("archiveMode=manual", "p2p.preference=disabled")), form);
            expect(headers.containsKey("Authorization") == isApplication, "Authorization is for applications");
            expect(headers.containsKey("X-OPENTOK-AUTH") != isApplication, "X-OPENTOK-AUTH is for projects");
            String owner = isApplication
                    ? checkedApplication(headers.getFirst("Authorization"))
                    : checkedProject(headers.getFirst("X-OPENTOK-AUTH"));
            body = "[{\"session_id\": \"session of " + owner + "\"}]";
        } catch (Exception | AssertionError refused) {
            status = 403;
            body = "{\"message\": \"" + refused.getMessage() + "\"}";
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** The token of a project: its key as issuer, `ist` project, at most 5 minutes, signed with its secret. */
    private static String checkedProject(String token) throws Exception {
        String[] parts = token.split("\\.");
        Mac hmac = Mac.getInstance("HmacSHA256");
        hmac.init(new SecretKeySpec(API_SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        byte[] signature = hmac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        expect(Base64.getUrlEncoder().withoutPadding().encodeToString(signature).equals(parts[2]), "a signature");
        expect(decoded(parts[0]).equals("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"), decoded(parts[0]));
        Map<String, String> claims = claims(parts[1], 300);
        expect(claims.keySet().equals(Set.of("iss", "ist", "iat", "exp", "jti")), "claims of a project");
        expect(claims.get("iss").equals(API_KEY) && claims.get("ist").equals("project"), "a project as issuer");
        return claims.get("iss");
    }

    /** The token of an application: its ID, at most 24 hours, signed with its key. */
    private String checkedApplication(String header) throws Exception {
        expect(header.startsWith("Bearer "), "a bearer token");
        String[] parts = header.substring("Bearer ".length()).split("\\.");
        byte[] pkcs8 = Base64.getMimeDecoder().decode(privateKey.replaceAll("-----.*-----", ""));
        KeyFactory keys = KeyFactory.getInstance("RSA");
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) keys.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        Signature rsa = Signature.getInstance("SHA256withRSA");
        rsa.initVerify(keys.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())));
        rsa.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        expect(rsa.verify(Base64.getUrlDecoder().decode(parts[2])), "a signature");
        expect(decoded(parts[0]).equals("{\"alg\":\"RS256\",\"typ\":\"JWT\"}"), decoded(parts[0]));
        Map<String, String> claims = claims(parts[1], 86_400);
        expect(claims.keySet().equals(Set.of("application_id", "iat", "exp", "jti")), "claims of an application");
        return claims.get("application_id");
    }

    /** The claims, whose times are checked. */
    private static Map<String, String> claims(String part, long longest) {
        Map<String, String> claims = new HashMap<>();
        var matcher = CLAIM.matcher(decoded(part));
        while (matcher.find()) {
            claims.put(matcher.group(1), matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        }
        long now = Instant.now().getEpochSecond();
        long issued = Long.parseLong(claims.get("iat"));
        long end = Long.parseLong(claims.get("exp"));
        expect(Math.abs(now - issued) < 60 && now < end && end - issued <= longest, "issued now, and not for long");
        expect(claims.get("jti").matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "a UUID");
        return claims;
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    private static void expect(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
