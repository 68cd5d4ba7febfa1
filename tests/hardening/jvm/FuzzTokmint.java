import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import dev.tokmint.Inspection;
import dev.tokmint.InspectOptions;
import dev.tokmint.OpenTok;
import dev.tokmint.RestTokenOptions;
import dev.tokmint.Role;
import dev.tokmint.Session;
import dev.tokmint.TokenFormat;
import dev.tokmint.TokenOptions;
import dev.tokmint.Tokmint;
import dev.tokmint.TokmintException;
import dev.tokmint.VerifyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Passes any arguments, null among them, to every function of the jar, in any order and also after close.
 *
 * <p>Only the documented exceptions may come back: a TokmintException that reports no panic, a NullPointerException if
 * there was a null, and an IllegalStateException if a handle was closed. A token that was generated must be verified.
 */
public final class FuzzTokmint {
    private static final String ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    private static final String APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    private static final String APPLICATION_SESSION =
            "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
    private static final String SECRET = "1234567890abcdef1234567890abcdef1234567890";

    private static final String PRIVATE_KEY = file("private_key.pem");
    private static final String PUBLIC_KEY = file("public_key.pem");
    private static final OpenTok PROJECT = new OpenTok("123456", SECRET);
    private static final OpenTok APPLICATION = OpenTok.forApplication(APPLICATION_ID, PRIVATE_KEY);
    private static final OpenTok VERIFIER = OpenTok.verifier(APPLICATION_ID, PUBLIC_KEY);
    private static final Session SESSION = PROJECT.session(ID);
    private static final String TOKEN = PROJECT.generateToken(ID);

    private final FuzzedDataProvider data;
    private boolean isNullPassed;
    private boolean isClosed;

    private FuzzTokmint(FuzzedDataProvider data) {
        this.data = data;
    }

    private static String file(String name) {
        try {
            return Files.readString(Path.of("tests/vectors", name));
        } catch (IOException error) {
            throw new IllegalStateException(error);
        }
    }

    public static void fuzzerTestOneInput(FuzzedDataProvider data) {
        FuzzTokmint call = new FuzzTokmint(data);
        try {
            call.make();
        } catch (TokmintException error) {
            if (error.getCode().name().equals("PANIC")) {
                throw error;
            }
        } catch (NullPointerException error) {
            if (!call.isNullPassed) {
                throw error;
            }
        } catch (IllegalStateException error) {
            if (!call.isClosed) {
                throw error;
            }
        }
    }

    private void make() {
        switch (data.consumeInt(0, 12)) {
            case 0 -> new OpenTok(usual("123456"), text()).close();
            case 1 -> OpenTok.forApplication(usual(APPLICATION_ID), usual(PRIVATE_KEY)).close();
            case 2 -> OpenTok.verifier(usual(APPLICATION_ID), data.consumeBytes(3000)).close();
            case 3 -> generate(PROJECT, ID);
            case 4 -> generate(APPLICATION, APPLICATION_SESSION);
            case 5 -> opentok().generateRestToken(restOptions());
            case 6 -> opentok().verifyToken(usual(TOKEN), verifyOptions());
            case 7 -> show(opentok().inspectToken(usual(TOKEN), inspectOptions()));
            case 8 -> show(Tokmint.inspectToken(text(), inspectOptions()));
            case 9 -> SESSION.verifyToken(usual(TOKEN), verifyOptions());
            case 10 -> SESSION.generateTokens(many()).forEach(result -> {
                if (result.getError() != null && result.getToken() != null) {
                    throw new AssertionError("a token and an error");
                }
            });
            case 11 -> SESSION.generateTokens(many().stream()).limit(data.consumeInt(0, 3)).forEach(result -> {});
            default -> afterClose();
        }
    }

    private void generate(OpenTok opentok, String id) {
        TokenOptions options = options();
        String token = opentok.generateToken(usual(id), options);
        Instant created = opentok.inspectToken(token).getCreateTime();
        opentok.verifyToken(token, VerifyOptions.builder().now(created).build());
    }

    /** Closed handles are used on. */
    private void afterClose() {
        isClosed = true;
        OpenTok opentok = new OpenTok("123456", SECRET);
        Session session = opentok.session(ID);
        for (int calls = data.consumeInt(0, 6); calls > 0; calls--) {
            switch (data.consumeInt(0, 5)) {
                case 0 -> opentok.close();
                case 1 -> session.close();
                case 2 -> opentok.generateToken(ID, options());
                case 3 -> session.generateToken(options());
                case 4 -> session.verifyToken(usual(TOKEN), verifyOptions());
                default -> show(opentok.inspectToken(usual(TOKEN)));
            }
        }
        opentok.close();
        session.close();
    }

    private static void show(Inspection inspection) {
        inspection.toJson();
        inspection.toString();
        inspection.getFindings().forEach(finding -> finding.getMessage().length());
        inspection.getFields().forEach(field -> field.getName().length());
    }

    private OpenTok opentok() {
        return data.pickValue(new OpenTok[] {PROJECT, APPLICATION, VERIFIER});
    }

    private <T> T orNull(T value) {
        if (data.consumeInt(0, 15) != 0) {
            return value;
        }
        isNullPassed = true;
        return null;
    }

    /** Any string, one with half of a surrogate pair too, or one that means something. */
    private String text() {
        return orNull(switch (data.consumeInt(0, 4)) {
            case 0 -> data.consumeAsciiString(1100);
            case 2 -> data.consumeString(100) + data.consumeChar() + data.consumeString(100);
            case 1 -> data.pickValue(
                    new String[] {TOKEN, ID, APPLICATION_SESSION, APPLICATION_ID, PRIVATE_KEY, PUBLIC_KEY, SECRET, ""});
            default -> data.consumeString(1100);
        });
    }

    /** The right argument more often than not, so that the others are looked at. */
    private String usual(String right) {
        return data.consumeInt(0, 3) == 0 ? text() : right;
    }

    private Instant time() {
        return orNull(switch (data.consumeInt(0, 3)) {
            case 0 -> Instant.MIN;
            case 1 -> Instant.MAX;
            case 2 -> Instant.ofEpochSecond(data.consumeInt(), data.consumeInt());
            default -> Instant.ofEpochSecond(data.consumeLong(-31557014167219200L, 31556889864403199L));
        });
    }

    private Duration duration() {
        return orNull(data.consumeBoolean()
                ? Duration.ofSeconds(data.consumeInt(0, 2_592_000))
                : Duration.ofSeconds(data.consumeLong(), data.consumeInt(0, 999_999_999)));
    }

    private TokenOptions options() {
        TokenOptions.Builder options = TokenOptions.builder();
        for (int calls = data.consumeInt(0, 4); calls > 0; calls--) {
            switch (data.consumeInt(0, 8)) {
                case 0 -> options.role(orNull(data.pickValue(Role.values())));
                case 1 -> options.expireTime(time());
                case 2 -> options.expiresIn(duration());
                case 3 -> options.data(text());
                case 4 -> {
                    List<String> classes = new ArrayList<>();
                    for (int count = data.consumeInt(0, 20); count > 0; count--) {
                        classes.add(orNull(data.consumeString(60)));
                    }
                    options.initialLayoutClassList(orNull(classes));
                }
                case 5 -> options.tokenFormat(orNull(data.pickValue(TokenFormat.values())));
                case 6 -> options.createTime(time());
                case 7 -> options.nonce(data.consumeLong());
                default -> options.jti(text());
            }
        }
        return orNull(options.build());
    }

    private List<TokenOptions> many() {
        return orNull(Stream.generate(this::options).limit(data.consumeInt(0, 5)).toList());
    }

    private RestTokenOptions restOptions() {
        RestTokenOptions.Builder options = RestTokenOptions.builder();
        for (int calls = data.consumeInt(0, 2); calls > 0; calls--) {
            switch (data.consumeInt(0, 2)) {
                case 0 -> options.expiresIn(duration());
                case 1 -> options.createTime(time());
                default -> options.jti(text());
            }
        }
        return orNull(options.build());
    }

    private VerifyOptions verifyOptions() {
        VerifyOptions.Builder options = VerifyOptions.builder();
        for (int calls = data.consumeInt(0, 2); calls > 0; calls--) {
            switch (data.consumeInt(0, 2)) {
                case 0 -> options.now(time());
                case 1 -> options.leeway(duration());
                default -> options.sessionId(usual(ID));
            }
        }
        return orNull(options.build());
    }

    private InspectOptions inspectOptions() {
        return orNull(data.consumeBoolean()
                ? InspectOptions.builder().build()
                : InspectOptions.builder().now(time()).sessionId(usual(ID)).build());
    }
}
