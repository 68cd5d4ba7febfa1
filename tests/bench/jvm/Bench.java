import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.vonage.client.VonageClient;
import com.vonage.client.video.VideoClient;
import dev.tokmint.OpenTok;
import dev.tokmint.Role;
import dev.tokmint.Session;
import dev.tokmint.Token;
import dev.tokmint.TokenFormat;
import dev.tokmint.TokenOptions;
import dev.tokmint.TokenResult;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;

/**
 * What a token costs on the JVM, beside core called in the same way, the official SDKs, the JWT libraries that would
 * otherwise be used, and the bare HMAC and RSA of the JDK over the same bytes.
 *
 * <p>All contenders take turns in short runs, so that whatever else the machine does falls on all of them; the
 * median run counts. JMH measures one function after the other and knows no ratios. Run with {@code make bench-jvm}.
 */
final class Bench {
    private static final String API_KEY = "123456";
    private static final String API_SECRET = "1234567890abcdef1234567890abcdef1234567890";
    private static final String SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    private static final String APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    private static final String SESSION_OF_APPLICATION =
            "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
    private static final String DATA = "name=Johnny&level=4";
    private static final List<String> CLASSES = List.of("focus", "main");
    private static final long LIFETIME = 86_400;
    /** Tokens of one batch. */
    private static final int TOKENS = 100;

    /** Runs of each contender, and about how long each takes. */
    private static final int ROUNDS = 101;
    private static final double RUN_NANOSECONDS = 4e6;
    /** Seconds that all contenders take turns before anything is measured, for the JVM's compiler. */
    private static final double WARMING_SECONDS = 8;

    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    /** Keeps results alive, so that the compiler cannot leave a call out. */
    private static volatile Object result;

    /** Core's own calls, with options that are ready: {@code tests/bench/c/core}. The command line names its folder. */
    private static final class Core {
        static native void core_generate_jwt();

        static native void core_generate_t1();

        static native void core_verify_jwt();

        static native void core_inspect_jwt();
    }

    private final OpenTok ours = new OpenTok(API_KEY, API_SECRET);
    private final Session session = ours.session(SESSION_ID);
    private final com.opentok.OpenTok theirs = new com.opentok.OpenTok(Integer.parseInt(API_KEY), API_SECRET);
    private final String privateKey = Files.readString(Path.of("../../vectors/private_key.pem"));
    private final OpenTok application = OpenTok.forApplication(APPLICATION_ID, privateKey);
    private final VideoClient vonage = VonageClient.builder()
            .applicationId(APPLICATION_ID).privateKeyContents(privateKey).build().getVideoClient();
    private final Signature rsaSigner = Signature.getInstance("SHA256withRSA");
    private final Signature rsaVerifier = Signature.getInstance("SHA256withRSA");
    private final byte[] secret = API_SECRET.getBytes(StandardCharsets.UTF_8);
    private final HmacKey joseKey = new HmacKey(secret);
    private final JwtConsumer joseConsumer = new JwtConsumerBuilder()
            .setRequireExpirationTime()
            .setExpectedIssuer(API_KEY)
            .setVerificationKey(joseKey)
            .build();
    private final Algorithm auth0Algorithm = Algorithm.HMAC256(secret);
    private final JWTVerifier auth0Verifier = JWT.require(auth0Algorithm).withIssuer(API_KEY).build();
    private final MACSigner nimbusSigner = new MACSigner(secret);
    private final MACVerifier nimbusVerifier = new MACVerifier(secret);
    private final Mac sha256 = mac("HmacSHA256");
    private final Mac sha1 = mac("HmacSHA1");
    private final SecureRandom random = new SecureRandom();

    private Bench() throws Exception {
        byte[] pkcs8 = Base64.getMimeDecoder().decode(privateKey.replaceAll("-----.*-----", ""));
        KeyFactory keys = KeyFactory.getInstance("RSA");
        var key = (RSAPrivateCrtKey) keys.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        rsaSigner.initSign(key);
        rsaVerifier.initVerify(keys.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())));
    }

    private Mac mac(String algorithm) throws Exception {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(secret, algorithm));
        return mac;
    }

    /** As each request makes them. */
    private static TokenOptions options(TokenFormat format) {
        return TokenOptions.builder()
                .role(Role.MODERATOR).data(DATA).initialLayoutClassList(CLASSES).tokenFormat(format).build();
    }

    private String ourJwt() {
        return ours.generateToken(SESSION_ID, options(TokenFormat.JWT));
    }

    private List<TokenResult> ourBatch(TokenFormat format) {
        List<TokenOptions> all = new ArrayList<>(TOKENS);
        for (int i = 0; i < TOKENS; i++) {
            all.add(options(format));
        }
        return session.generateTokens(all);
    }

    private String ourRs256() {
        return application.generateToken(SESSION_OF_APPLICATION, options(TokenFormat.JWT));
    }

    private String vonageRs256() {
        return vonage.generateToken(SESSION_OF_APPLICATION, com.vonage.client.video.TokenOptions.builder()
                .role(com.vonage.client.video.Role.MODERATOR).data(DATA).initialLayoutClassList(CLASSES).build());
    }

    private byte[] bareSignature(byte[] message) throws Exception {
        rsaSigner.update(message);
        return rsaSigner.sign();
    }

    private boolean isSignature(byte[] message, byte[] signature) throws Exception {
        rsaVerifier.update(message);
        return rsaVerifier.verify(signature);
    }

    private String ourT1() {
        return ours.generateToken(SESSION_ID, options(TokenFormat.T1));
    }

    private String theirT1() throws Exception {
        return theirs.generateToken(SESSION_ID, new com.opentok.TokenOptions.Builder()
                .role(com.opentok.Role.MODERATOR).data(DATA).initialLayoutClassList(CLASSES).build());
    }

    /** The claims of tokmint's JWT, put together by hand as one does with a JWT library; nothing is checked. */
    private String joseJwt() throws Exception {
        NumericDate now = NumericDate.now();
        NumericDate end = NumericDate.fromSeconds(now.getValue() + LIFETIME);
        JwtClaims claims = new JwtClaims();
        claims.setClaim("session_id", SESSION_ID);
        claims.setClaim("role", "moderator");
        claims.setIssuedAt(now);
        claims.setExpirationTime(end);
        claims.setClaim("scope", "session.connect");
        claims.setClaim("initial_layout_class_list", String.join(" ", CLASSES));
        claims.setClaim("connection_data", DATA);
        claims.setIssuer(API_KEY);
        claims.setClaim("ist", "project");
        claims.setClaim("nonce", random.nextLong() >>> 11);
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(joseKey);
        signature.setHeader("typ", "JWT");
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        return signature.getCompactSerialization();
    }

    /** The same. */
    private String nimbusJwt() throws Exception {
        long now = System.currentTimeMillis();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .claim("session_id", SESSION_ID)
                .claim("role", "moderator")
                .issueTime(new Date(now))
                .expirationTime(new Date(now + LIFETIME * 1000))
                .claim("scope", "session.connect")
                .claim("initial_layout_class_list", String.join(" ", CLASSES))
                .claim("connection_data", DATA)
                .issuer(API_KEY)
                .claim("ist", "project")
                .claim("nonce", random.nextLong() >>> 11)
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        token.sign(nimbusSigner);
        return token.serialize();
    }

    /** The same. */
    private String auth0Jwt() {
        Instant now = Instant.now();
        return JWT.create()
                .withClaim("session_id", SESSION_ID)
                .withClaim("role", "moderator")
                .withIssuedAt(now)
                .withExpiresAt(now.plusSeconds(LIFETIME))
                .withClaim("scope", "session.connect")
                .withClaim("initial_layout_class_list", String.join(" ", CLASSES))
                .withClaim("connection_data", DATA)
                .withIssuer(API_KEY)
                .withClaim("ist", "project")
                .withClaim("nonce", random.nextLong() >>> 11)
                .sign(auth0Algorithm);
    }

    /** Signature, issuer and expiry, as jose4j's consumer checks them. */
    private Object nimbusVerify(String token) throws Exception {
        SignedJWT parsed = SignedJWT.parse(token);
        JWTClaimsSet claims = parsed.getJWTClaimsSet();
        if (!parsed.verify(nimbusVerifier) || !claims.getIssuer().equals(API_KEY)
                || claims.getExpirationTime().before(new Date())) {
            throw new AssertionError(token);
        }
        return claims;
    }

    /** A function to measure. */
    private static final class Contender {
        final Callable<Object> call;
        /** What a call makes. */
        final int tokens;
        final List<Double> times = new ArrayList<>();
        int calls = 1;

        Contender(Callable<Object> call) {
            this(1, call);
        }

        Contender(int tokens, Callable<Object> call) {
            this.call = call;
            this.tokens = tokens;
        }

        /** Of a function without a result. */
        static Contender of(Runnable call) {
            return new Contender(() -> {
                call.run();
                return null;
            });
        }

        /** Nanoseconds a token, of this thread alone: what runs beside it, and the garbage collector, do not count. */
        double run() throws Exception {
            long start = CLOCK.getCurrentThreadCpuTime();
            for (int i = 0; i < calls; i++) {
                result = call.call();
            }
            return (double) (CLOCK.getCurrentThreadCpuTime() - start) / calls / tokens;
        }

        double median() {
            double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return sorted[sorted.length / 2];
        }
    }

    private static void check(Token said) {
        if (said.getRole() != Role.MODERATOR || !said.getData().equals(DATA)
                || !said.getInitialLayoutClassList().equals(CLASSES)) {
            throw new AssertionError(said);
        }
    }

    private void run() throws Exception {
        String jwt = ourJwt();
        String t1 = ourT1();
        String rs256 = ourRs256();
        // All contenders make tokens that say the same.
        for (String token : List.of(jwt, t1, theirT1(), joseJwt(), nimbusJwt(), auth0Jwt())) {
            check(ours.verifyToken(token));
        }
        for (TokenFormat format : TokenFormat.values()) {
            check(session.verifyToken(session.generateToken(options(format))));
            for (TokenResult one : ourBatch(format)) {
                check(session.verifyToken(one.getOrThrow()));
            }
        }
        for (String token : List.of(rs256, vonageRs256())) {
            check(application.verifyToken(token));
        }
        byte[] signed = jwt.substring(0, jwt.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
        byte[] rs256Signed = rs256.substring(0, rs256.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
        byte[] rs256Signature = Base64.getUrlDecoder().decode(rs256.substring(rs256.lastIndexOf('.') + 1));
        if (!Arrays.equals(bareSignature(rs256Signed), rs256Signature) || !isSignature(rs256Signed, rs256Signature)) {
            throw new AssertionError("the JDK signs otherwise");
        }
        String t1Text = new String(Base64.getDecoder().decode(t1.substring(4)), StandardCharsets.US_ASCII);
        byte[] t1Signed = t1Text.substring(t1Text.indexOf(':') + 1).getBytes(StandardCharsets.US_ASCII);

        Map<String, Contender> contenders = new LinkedHashMap<>();
        contenders.put("bare HMAC-SHA256", new Contender(() -> sha256.doFinal(signed)));
        contenders.put("core JWT", Contender.of(Core::core_generate_jwt));
        contenders.put("core verify JWT", Contender.of(Core::core_verify_jwt));
        contenders.put("core inspect JWT", Contender.of(Core::core_inspect_jwt));
        contenders.put("core T1", Contender.of(Core::core_generate_t1));
        contenders.put("tokmint constructor", Contender.of(() -> new OpenTok(API_KEY, API_SECRET).close()));
        contenders.put("tokmint open session", Contender.of(() -> ours.session(SESSION_ID).close()));
        contenders.put("tokmint JWT", new Contender(this::ourJwt));
        contenders.put("tokmint session JWT", new Contender(() -> session.generateToken(options(TokenFormat.JWT))));
        contenders.put("tokmint batch JWT", new Contender(TOKENS, () -> ourBatch(TokenFormat.JWT)));
        contenders.put("jose4j JWT", new Contender(this::joseJwt));
        contenders.put("auth0 JWT", new Contender(this::auth0Jwt));
        contenders.put("nimbus JWT", new Contender(this::nimbusJwt));
        contenders.put("tokmint verify JWT", new Contender(() -> ours.verifyToken(jwt)));
        contenders.put("jose4j verify", new Contender(() -> joseConsumer.processToClaims(jwt)));
        contenders.put("auth0 verify", new Contender(() -> auth0Verifier.verify(jwt)));
        contenders.put("nimbus verify", new Contender(() -> nimbusVerify(jwt)));
        contenders.put("bare HMAC-SHA1", new Contender(() -> sha1.doFinal(t1Signed)));
        contenders.put("tokmint T1", new Contender(this::ourT1));
        contenders.put("tokmint session T1", new Contender(() -> session.generateToken(options(TokenFormat.T1))));
        contenders.put("tokmint batch T1", new Contender(TOKENS, () -> ourBatch(TokenFormat.T1)));
        contenders.put("SDK T1", new Contender(this::theirT1));
        contenders.put("tokmint verify T1", new Contender(() -> ours.verifyToken(t1)));
        contenders.put("tokmint inspect JWT", new Contender(() -> ours.inspectToken(jwt)));
        contenders.put("tokmint inspect T1", new Contender(() -> ours.inspectToken(t1)));
        contenders.put("bare RS256", new Contender(() -> bareSignature(rs256Signed)));
        contenders.put("tokmint RS256", new Contender(this::ourRs256));
        contenders.put("server-sdk RS256", new Contender(this::vonageRs256));
        contenders.put("bare RS256 verify", new Contender(() -> isSignature(rs256Signed, rs256Signature)));
        contenders.put("tokmint RS256 verify", new Contender(() -> application.verifyToken(rs256)));

        long end = System.nanoTime() + (long) (WARMING_SECONDS * 1e9);
        while (System.nanoTime() < end) {
            for (Contender contender : contenders.values()) {
                contender.calls = Math.max(1, (int) (RUN_NANOSECONDS / contender.run() / contender.tokens));
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Contender contender : contenders.values()) {
                contender.times.add(contender.run());
            }
        }

        String versions = Stream.of(
                        OpenTok.class, com.opentok.OpenTok.class, VonageClient.class, JsonWebSignature.class,
                        SignedJWT.class, JWT.class)
                .map(Bench::jar)
                .collect(Collectors.joining(", "));
        System.out.println("Java " + System.getProperty("java.version") + ", " + versions);
        System.out.println(processor());
        System.out.println("role, data and two layout classes, a batch per token of " + TOKENS
                + "; median of " + ROUNDS + " interleaved runs\n");
        contenders.forEach((name, contender) -> {
            String bare = name.endsWith("RS256 verify") ? "bare RS256 verify"
                    : name.endsWith("RS256") ? "bare RS256"
                    : name.contains("T1") || name.contains("SHA1") ? "bare HMAC-SHA1"
                    : "bare HMAC-SHA256";
            System.out.printf("%-20s %9.2f us %7.1f x%n",
                    name, contender.median() / 1000, contender.median() / contenders.get(bare).median());
        });
        System.out.println();
        for (String[] pair : new String[][] {
            {"JWT against session", "tokmint session JWT", "tokmint JWT"},
            {"JWT against batch", "tokmint batch JWT", "tokmint JWT"},
            {"T1 against session", "tokmint session T1", "tokmint T1"},
            {"T1 against batch", "tokmint batch T1", "tokmint T1"},
            {"JWT against jose4j", "tokmint JWT", "jose4j JWT"},
            {"JWT against nimbus", "tokmint JWT", "nimbus JWT"},
            {"JWT against auth0", "tokmint JWT", "auth0 JWT"},
            {"T1 against the SDK", "tokmint T1", "SDK T1"},
            {"verify against jose4j", "tokmint verify JWT", "jose4j verify"},
            {"verify against nimbus", "tokmint verify JWT", "nimbus verify"},
            {"verify against auth0", "tokmint verify JWT", "auth0 verify"},
            {"RS256 against server-sdk", "tokmint RS256", "server-sdk RS256"},
            {"RS256 against the JDK", "tokmint RS256", "bare RS256"},
            {"RS256 verify, the JDK", "tokmint RS256 verify", "bare RS256 verify"},
            {"verify against inspect", "tokmint verify JWT", "tokmint inspect JWT"},
            {"inspect, core (to 5)", "core inspect JWT", "tokmint inspect JWT"},
        }) {
            double ratio = contenders.get(pair[2]).median() / contenders.get(pair[1]).median();
            System.out.printf("%-26s %6.1f x%n", pair[0], ratio);
        }
        for (String[] pair : new String[][] {
            {"JWT, core + (to 1.1)", "core JWT", "tokmint JWT"},
            {"T1, core + (to 1.1)", "core T1", "tokmint T1"},
            {"verify, core + (to 1.5)", "core verify JWT", "tokmint verify JWT"},
        }) {
            double difference = contenders.get(pair[2]).median() - contenders.get(pair[1]).median();
            System.out.printf("%-26s %6.2f us%n", pair[0], difference / 1000);
        }
    }

    /** The name of the processor, where Linux tells it. */
    private static String processor() throws Exception {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        List<String> lines = Files.isReadable(cpuinfo) ? Files.readAllLines(cpuinfo) : List.of();
        return lines.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown processor");
    }

    /** The name and version of the jar that a class is from. */
    private static String jar(Class<?> type) {
        String path = type.getProtectionDomain().getCodeSource().getLocation().getPath();
        return path.substring(path.lastIndexOf('/') + 1).replace(".jar", "");
    }

    public static void main(String[] arguments) throws Exception {
        String core = Path.of(arguments[0], System.mapLibraryName("tokmint_bench_core")).toString();
        Native.register(Core.class, NativeLibrary.getInstance(core));
        Bench bench = new Bench();
        bench.run();
        bench.session.close();
        bench.ours.close();
        bench.theirs.close();
        bench.application.close();
    }
}
