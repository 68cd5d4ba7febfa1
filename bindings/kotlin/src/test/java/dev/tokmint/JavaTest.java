package dev.tokmint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a caller in Java can do, and one in Kotlin cannot. */
class JavaTest {
    private static final String API_KEY = "123456";
    private static final String API_SECRET = "1234567890abcdef1234567890abcdef1234567890";
    private static final String APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    private static final String SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

    @Test
    void nullIsAnOptionThatIsNotGiven() {
        TokenOptions options = TokenOptions.builder()
                .role(null)
                .expireTime(null)
                .expiresIn(null)
                .data(null)
                .initialLayoutClassList(null)
                .tokenFormat(null)
                .createTime(null)
                .nonce(null)
                .jti(null)
                .build();
        assertEquals(new TokenOptions(), options);
        assertEquals(
                new RestTokenOptions(),
                RestTokenOptions.builder().expiresIn(null).createTime(null).jti(null).build());
        assertEquals(
                new VerifyOptions(),
                VerifyOptions.builder().now(null).leeway(null).sessionId(null).build());
        assertEquals(
                new InspectOptions(), InspectOptions.builder().now(null).sessionId(null).build());
        try (OpenTok opentok = new OpenTok(API_KEY, API_SECRET)) {
            assertEquals("", opentok.verifyToken(opentok.generateToken(SESSION_ID, options)).getData());
        }
    }

    @Test
    void nullElsewhereIsNamed() {
        refused("apiKey", () -> new OpenTok(null, API_SECRET));
        refused("apiSecret", () -> new OpenTok(API_KEY, null));
        refused("applicationId", () -> OpenTok.forApplication(null, "key"));
        refused("privateKey", () -> OpenTok.forApplication(APPLICATION_ID, (String) null));
        refused("privateKey", () -> OpenTok.forApplication(APPLICATION_ID, (byte[]) null));
        refused("publicKey", () -> OpenTok.verifier(APPLICATION_ID, (String) null));
        refused("publicKey", () -> OpenTok.verifier(APPLICATION_ID, (byte[]) null));
        refused("token", () -> Tokmint.inspectToken(null));
        refused("options", () -> Tokmint.inspectToken("T1==", null));
        try (OpenTok opentok = new OpenTok(API_KEY, API_SECRET);
                Session session = opentok.session(SESSION_ID)) {
            refused("sessionId", () -> opentok.session(null));
            refused("sessionId", () -> opentok.generateToken(null));
            refused("options", () -> opentok.generateToken(SESSION_ID, null));
            refused("options", () -> opentok.generateRestToken(null));
            refused("token", () -> opentok.verifyToken(null));
            refused("options", () -> opentok.verifyToken("T1==", null));
            refused("token", () -> opentok.inspectToken(null));
            refused("options", () -> session.generateToken(null));
            refused("token", () -> session.verifyToken(null));
            refused("options", () -> session.generateTokens((Stream<TokenOptions>) null));
            refused("options", () -> session.generateTokens((List<TokenOptions>) null));
            List<TokenOptions> items = Arrays.asList(new TokenOptions(), null);
            refused("options", () -> session.generateTokens(items));
            // What was refused has left nothing behind.
            assertEquals(SESSION_ID, session.verifyToken(opentok.generateToken(SESSION_ID)).getSessionId());
        }
    }

    private static void refused(String name, Executable call) {
        String message = assertThrows(NullPointerException.class, call).getMessage();
        assertTrue(message.contains(name), message);
        assertFalse(message.contains(API_SECRET), message);
    }

    /** What is internal in Kotlin is public in its classes, unless something is done about it. */
    @Test
    void nothingInternalIsPublic() throws Exception {
        File folder = new File(OpenTok.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Set<String> types = new TreeSet<>();
        List<Object> leaks = new ArrayList<>();
        Set<String> constructors = new TreeSet<>();
        for (String file : Objects.requireNonNull(new File(folder, "dev/tokmint").list())) {
            if (!file.endsWith(".class")) {
                continue;
            }
            Class<?> type = Class.forName("dev.tokmint." + file.replace(".class", ""));
            if (!isSeen(type.getModifiers(), type.isSynthetic()) || type.isAnonymousClass()) {
                continue;
            }
            types.add(type.getName().replace("dev.tokmint.", ""));
            for (Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (isSeen(constructor)) {
                    constructors.add(type.getSimpleName());
                    addIfInternal(leaks, constructor, constructor.getParameterTypes());
                }
            }
            for (Method method : type.getDeclaredMethods()) {
                if (isSeen(method)) {
                    addIfInternal(leaks, method, method.getParameterTypes());
                    addIfInternal(leaks, method, method.getReturnType());
                }
            }
            for (Field field : type.getDeclaredFields()) {
                if (isSeen(field)) {
                    addIfInternal(leaks, field, field.getType());
                }
            }
        }
        assertEquals(Collections.emptyList(), leaks);
        Set<String> made = Set.of("OpenTok", "TokenOptions", "RestTokenOptions", "VerifyOptions", "InspectOptions");
        assertEquals(new TreeSet<>(made), constructors);
        Set<String> expected = new TreeSet<>(Set.of(
                "ErrorCode", "Field", "Finding", "FindingCode", "Inspection", "Role", "Session", "Severity",
                "SignatureState", "Token", "TokenFormat", "TokenResult", "Tokmint", "TokmintException"));
        for (String name : List.of("Credentials", "Session", "Options", "Token", "System", "Binding")) {
            expected.add("TokmintException$" + name);
        }
        expected.addAll(made);
        for (String name : made) {
            expected.add(name + "$Companion");
            if (name.endsWith("Options")) {
                expected.add(name + "$Builder");
            }
        }
        assertEquals(expected, types);
    }

    private static boolean isSeen(Member member) {
        return isSeen(member.getModifiers(), member.isSynthetic());
    }

    private static boolean isSeen(int modifiers, boolean isSynthetic) {
        return (Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers)) && !isSynthetic;
    }

    private static void addIfInternal(List<Object> leaks, Member member, Class<?>... types) {
        boolean isMangled = member.getName().contains("$");
        boolean isInternal = Stream.of(types).anyMatch(type -> type.getName().startsWith("dev.tokmint.internal")
                || type.getName().startsWith("dev.tokmint.ffi")
                || type.getName().startsWith("java.nio"));
        if (isMangled || isInternal) {
            leaks.add(member);
        }
    }
}
