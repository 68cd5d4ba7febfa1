import dev.tokmint.Inspection;
import dev.tokmint.InspectOptions;
import dev.tokmint.OpenTok;
import dev.tokmint.RestTokenOptions;
import dev.tokmint.Role;
import dev.tokmint.Session;
import dev.tokmint.Token;
import dev.tokmint.TokenFormat;
import dev.tokmint.TokenOptions;
import dev.tokmint.TokenResult;
import dev.tokmint.Tokmint;
import dev.tokmint.TokmintException;
import dev.tokmint.VerifyOptions;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The Java program of the checks that hold in every language: {@code programs.py} says what it prints. */
final class Program {
    private static final String API_KEY = "123456";
    private static final String API_SECRET = "1234567890abcdef1234567890abcdef1234567890";
    private static final String SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    private static final String APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    private static final String SESSION_OF_APPLICATION =
            "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

    public static void main(String[] arguments) throws Exception {
        String key = Files.readString(Path.of(arguments[1]));
        switch (arguments[0]) {
            case "secrets":
                secrets();
                break;
            case "soak":
                soak(key, Long.parseLong(arguments[2]));
                break;
            default:
                for (String size : Arrays.asList(arguments).subList(2, arguments.length)) {
                    largeInputs(key, Integer.parseInt(size));
                }
        }
    }

    // Secrets

    private static final StringBuilder SEEN = new StringBuilder();

    private static void see(Object shown) {
        SEEN.append(shown).append('\n');
    }

    private static final Logger LOGGER = logger();

    private static Logger logger() {
        Logger logger = Logger.getAnonymousLogger();
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.ALL);
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                see(new SimpleFormatter().format(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        handler.setLevel(Level.ALL);
        logger.addHandler(handler);
        return logger;
    }

    private static boolean isThorough;

    /** The forms that the JVM makes of a value, also what its private members say. */
    private static void forms(Object value) {
        see(value);
        if (!isThorough) {
            return;
        }
        see(String.format("%s %h", value, value));
        LOGGER.log(Level.FINEST, "{0}", value);
        for (Class<?> type = value.getClass(); type.getName().startsWith("dev.tokmint."); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                try {
                    field.setAccessible(true);
                    see(field.getName() + "=" + field.get(value));
                } catch (IllegalAccessException error) {
                    see(error);
                }
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
            output.writeObject(value);
        } catch (IOException error) {
            see(error);
        }
        see(bytes.toString(StandardCharsets.ISO_8859_1));
    }

    private static <T> T show(Supplier<T> call) {
        try {
            T value = call.get();
            forms(value);
            return value;
        } catch (TokmintException | NullPointerException error) {
            forms(error);
            if (isThorough) {
                LOGGER.log(Level.SEVERE, "failed", error);
                StringWriter trace = new StringWriter();
                error.printStackTrace(new PrintWriter(trace));
                see(trace);
            }
            see(error.getMessage() + error.getLocalizedMessage() + error.getCause() + Arrays.toString(error.getSuppressed()));
            return null;
        }
    }

    private static void showInspection(Supplier<Inspection> call) {
        Inspection inspection = show(call);
        if (inspection != null) {
            see(inspection.toJson());
            inspection.getFindings().forEach(Program::forms);
            inspection.getFields().forEach(Program::forms);
        }
    }

    private static TokenOptions.Builder options() {
        return TokenOptions.builder();
    }

    /** A secret or a key where something else belongs. */
    private static void misplaced(String text) {
        try (OpenTok opentok = new OpenTok(API_KEY, API_SECRET)) {
            show(() -> new OpenTok(text, API_SECRET));
            show(() -> new OpenTok(text, text));
            show(() -> OpenTok.forApplication(text, text));
            show(() -> OpenTok.verifier(APPLICATION_ID, text));
            show(() -> OpenTok.verifier(APPLICATION_ID, text.getBytes(StandardCharsets.UTF_8)));
            show(() -> opentok.session(text));
            show(() -> opentok.generateToken(text));
            String long_ = text + "x".repeat(1000);
            for (TokenOptions options : List.of(
                    options().data(long_).build(),
                    options().data(text + '\ud800').build(),
                    options().initialLayoutClassList(List.of("a b", text)).build(),
                    options().initialLayoutClassList(List.of(long_)).build(),
                    options().jti(text).build())) {
                show(() -> opentok.generateToken(SESSION_ID, options));
                see(options.toString().replace(text, ""));
            }
            show(() -> opentok.generateRestToken(RestTokenOptions.builder().jti(text).build()));
            show(() -> opentok.verifyToken(text));
            String token = opentok.generateToken(SESSION_ID);
            show(() -> opentok.verifyToken(token, VerifyOptions.builder().sessionId(text).build()));
            showInspection(() -> opentok.inspectToken(token, InspectOptions.builder().sessionId(text).build()));
            OpenTok other = show(() -> new OpenTok(API_KEY, text));
            if (other != null) {
                show(() -> other.verifyToken(token));
                showInspection(() -> other.inspectToken(token));
                other.close();
            }
        }
    }

    /** The objects that keep a secret or a key, if it is one, and what they make. */
    private static void shown(Supplier<OpenTok> make, String sessionId) {
        OpenTok opentok = show(make);
        Session session = opentok == null ? null : show(() -> opentok.session(sessionId));
        if (session == null) {
            return;
        }
        String token = opentok.generateToken(sessionId, options().data("name=Johnny").build());
        show(() -> opentok.verifyToken(token));
        showInspection(() -> opentok.inspectToken(token));
        show(() -> session.verifyToken(token.substring(1)));
        for (TokenResult result : session.generateTokens(List.of(options().nonce(-1L).build()))) {
            forms(result);
        }
        session.close();
        opentok.close();
        forms(opentok);
        try {
            opentok.generateToken(sessionId);
        } catch (IllegalStateException error) {
            forms(error);
        }
    }

    private static void secrets() throws IOException {
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream output = System.out;
        for (String request; (request = requests.readLine()) != null; ) {
            String[] parts = request.split(" ");
            byte[] bytes = new byte[parts[1].length() / 2];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) Integer.parseInt(parts[1].substring(2 * at, 2 * at + 2), 16);
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            isThorough = parts[2].equals("all");
            misplaced(text);
            if (parts[0].equals("secret")) {
                shown(() -> new OpenTok(API_KEY, text), SESSION_ID);
            } else {
                shown(() -> OpenTok.forApplication(APPLICATION_ID, bytes), SESSION_OF_APPLICATION);
            }
            byte[] all = SEEN.toString().getBytes(StandardCharsets.UTF_8);
            output.print(all.length + "\n");
            output.write(all);
            SEEN.setLength(0);
        }
        output.flush();
    }

    // Soak

    private static void refused(Runnable call) {
        try {
            call.run();
        } catch (TokmintException error) {
            return;
        }
        throw new AssertionError("accepted");
    }

    private static final class Function {
        /** One of how many calls is made: RSA is slower by far, and what it could lose is larger. */
        final long oneOf;

        final Runnable run;

        Function(long oneOf, Runnable run) {
            this.oneOf = oneOf;
            this.run = run;
        }
    }

    /** Whether objects are closed, as in a program that takes care, is decided by "try". */
    private static Map<String, Function> functions(String key) {
        OpenTok opentok = new OpenTok(API_KEY, API_SECRET);
        Session session = opentok.session(SESSION_ID);
        OpenTok application = OpenTok.forApplication(APPLICATION_ID, key);
        Supplier<TokenOptions.Builder> given = () ->
                options().role(Role.MODERATOR).data("name=Johnny").initialLayoutClassList(List.of("focus", "main"));
        List<TokenOptions> many = Collections.nCopies(16, given.get().build());
        String jwt = opentok.generateToken(SESSION_ID, given.get().build());
        String t1 = opentok.generateToken(SESSION_ID, given.get().tokenFormat(TokenFormat.T1).build());
        String ofApplication = application.generateToken(SESSION_OF_APPLICATION, given.get().build());
        String malformed = jwt.substring(1);
        String broken = key.substring(0, key.length() - 100);
        Map<String, Function> all = new LinkedHashMap<>();
        all.put("generate", new Function(1, () -> opentok.generateToken(SESSION_ID, given.get().build())));
        all.put("generate_t1", new Function(1, () ->
                opentok.generateToken(SESSION_ID, given.get().tokenFormat(TokenFormat.T1).build())));
        all.put("generate_refused", new Function(1, () ->
                refused(() -> opentok.generateToken(SESSION_ID, options().nonce(-1L).build()))));
        all.put("session_generate", new Function(1, () -> session.generateToken(given.get().build())));
        // Each makes sixteen tokens.
        all.put("batch_generate", new Function(16, () -> session.generateTokens(many)));
        all.put("generate_rest", new Function(1, opentok::generateRestToken));
        all.put("verify", new Function(1, () -> opentok.verifyToken(jwt)));
        all.put("verify_t1", new Function(1, () -> opentok.verifyToken(t1)));
        all.put("verify_refused", new Function(1, () -> refused(() -> opentok.verifyToken(malformed))));
        all.put("inspect", new Function(1, () -> opentok.inspectToken(jwt).getFindings()));
        all.put("inspect_refused", new Function(1, () -> Tokmint.inspectToken(malformed).toJson()));
        all.put("opentok", new Function(10, () -> new OpenTok(API_KEY, API_SECRET).close()));
        all.put("opentok_left_to_the_collector", new Function(100, () -> new OpenTok(API_KEY, API_SECRET)));
        all.put("opentok_refused", new Function(1, () -> refused(() -> new OpenTok(API_KEY, ""))));
        all.put("session", new Function(10, () -> opentok.session(SESSION_ID).close()));
        all.put("session_refused", new Function(1, () -> refused(() -> opentok.session("1_x"))));
        all.put("application_generate", new Function(1000, () ->
                application.generateToken(SESSION_OF_APPLICATION, given.get().build())));
        all.put("application_verify", new Function(100, () -> application.verifyToken(ofApplication)));
        all.put("application_verify_refused", new Function(100, () -> refused(() -> application.verifyToken(jwt))));
        all.put("application", new Function(1000, () -> OpenTok.forApplication(APPLICATION_ID, key).close()));
        all.put("application_refused", new Function(100, () ->
                refused(() -> OpenTok.forApplication(APPLICATION_ID, broken))));
        return all;
    }

    /** Kilobytes of the heap that were in use after the last run, and a collection. */
    private static long settledHeap;

    private static void run(Function function, long calls) throws InterruptedException {
        for (long call = 0; call < calls; call++) {
            function.run.run();
        }
        // What a collection finds unreachable is freed by a thread of the JVM's, which is late on a busy machine.
        long last = Long.MAX_VALUE;
        for (int unchanged = 0; unchanged < 6 && last > settledHeap + 100; ) {
            System.gc();
            Thread.sleep(20);
            long now = heap();
            unchanged = now < last - 8 ? 0 : unchanged + 1;
            last = now;
        }
        settledHeap = last;
    }

    /** Kilobytes of the heap that are in use. */
    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1024;
    }

    /** The JVM takes memory for itself now and then, but what calls lose, every round loses. */
    private static final int ROUNDS = 5;

    /** What the median round adds, for all rounds. */
    private static long growth(long[] rounds) {
        Arrays.sort(rounds);
        return ROUNDS * Math.max(0, rounds[ROUNDS / 2]);
    }

    private static void soak(String key, long calls) throws Exception {
        Map<String, Function> all = functions(key);
        System.gc();
        settledHeap = heap();
        // First every function until it is compiled: compiled code and what the compiler keeps are no leak of a call.
        for (Function function : all.values()) {
            run(function, Math.max(calls / function.oneOf / 100, Math.min(calls / function.oneOf, 5000)));
        }
        for (Map.Entry<String, Function> entry : all.entrySet()) {
            Function function = entry.getValue();
            long count = Math.max(10, calls / function.oneOf);
            run(function, Math.max(count / 100, Math.min(count, 1000)));
            long[] resident = new long[ROUNDS];
            long[] heap = new long[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                long residentBefore = ofStatus("VmRSS:");
                long heapBefore = heap();
                run(function, count / ROUNDS);
                resident[round] = ofStatus("VmRSS:") - residentBefore;
                heap[round] = heap() - heapBefore;
            }
            System.out.println(entry.getKey() + " " + count + " " + growth(resident) + " " + growth(heap));
        }
    }

    // Large inputs

    private static final int RUNS = 7;

    /** So many calls before, since the JVM interprets the first ones. */
    private static final int WARM_UP = 5000;

    private static void largeInputs(String key, int size) throws Exception {
        OpenTok opentok = new OpenTok(API_KEY, API_SECRET);
        Session session = opentok.session(SESSION_ID);
        OpenTok application = OpenTok.forApplication(APPLICATION_ID, key);
        String token = opentok.generateToken(SESSION_ID);
        String text = "x".repeat(size);
        String longKey = key + text;
        byte[] longKeyBytes = longKey.getBytes(StandardCharsets.US_ASCII);
        // Two bytes for each character, as a string has that holds any beyond Latin-1.
        String wide = "x".repeat(size - 1) + '\u20ac';
        TokenOptions data = options().data(text).build();
        TokenOptions classes = options().initialLayoutClassList(List.of(text)).build();
        TokenOptions jti = options().jti(text).build();
        Map<String, Supplier<Object>> places = new LinkedHashMap<>();
        places.put("secret", () -> new OpenTok(API_KEY, text));
        places.put("api_key", () -> new OpenTok(text, API_SECRET));
        places.put("token", () -> opentok.verifyToken(text));
        places.put("token_in_two_bytes", () -> opentok.verifyToken(wide));
        places.put("token_of_application", () -> application.verifyToken(text));
        places.put("token_inspected", () -> opentok.inspectToken(text));
        places.put("session_id", () -> opentok.generateToken(text));
        places.put("session", () -> opentok.session(text));
        places.put("session_id_to_verify", () ->
                opentok.verifyToken(token, VerifyOptions.builder().sessionId(text).build()));
        places.put("data", () -> opentok.generateToken(SESSION_ID, data));
        places.put("data_of_session", () -> session.generateToken(data));
        places.put("layout_class", () -> opentok.generateToken(SESSION_ID, classes));
        places.put("jti", () -> opentok.generateToken(SESSION_ID, jti));
        places.put("private_key", () -> OpenTok.forApplication(APPLICATION_ID, longKey));
        places.put("private_key_as_bytes", () -> OpenTok.forApplication(APPLICATION_ID, longKeyBytes));
        places.put("public_key", () -> OpenTok.verifier(APPLICATION_ID, longKey));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        for (Map.Entry<String, Supplier<Object>> place : places.entrySet()) {
            boolean isRefused = outcome(place.getValue());
            long start = System.nanoTime();
            for (int call = 0; call < WARM_UP && System.nanoTime() - start < 200_000_000; call++) {
                outcome(place.getValue());
            }
            // The buffers of the calls before are freed by a thread of their own.
            System.gc();
            Thread.sleep(100);
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
            long resident = ofStatus("VmRSS:");
            long allocated = threads.getThreadAllocatedBytes(thread);
            long[] times = new long[RUNS];
            for (int run = 0; run < RUNS; run++) {
                long begin = System.nanoTime();
                outcome(place.getValue());
                times[run] = System.nanoTime() - begin;
            }
            // Of the heap, which is in memory already, what one call allocates; outside of it, what the process grows by.
            long ofCall = (threads.getThreadAllocatedBytes(thread) - allocated) / RUNS / 1024;
            long grown = Math.max(0, ofStatus("VmHWM:") - resident) + ofCall;
            Arrays.sort(times);
            System.out.println(place.getKey() + " " + size + (isRefused ? " refused " : " accepted ") + times[RUNS / 2] + " "
                    + grown);
        }
    }

    private static boolean outcome(Supplier<Object> call) {
        try {
            Object result = call.get();
            if (result instanceof OpenTok) {
                ((OpenTok) result).close();
            }
            return result instanceof Inspection && ((Inspection) result).isRefused();
        } catch (TokmintException error) {
            return true;
        }
    }

    /** A number of kilobytes that Linux says of this process. */
    private static long ofStatus(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("nothing in /proc/self/status");
    }
}
