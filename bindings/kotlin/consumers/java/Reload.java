import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Loads the jars of a folder anew and anew, as a server does with web applications, and expects that none stays. */
class Reload {
    private static final String SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

    public static void main(String[] arguments) throws Exception {
        List<URL> jars = new ArrayList<>();
        for (File file : Objects.requireNonNull(new File(arguments[0]).listFiles())) {
            jars.add(url(file));
        }
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            loaders.add(used(jars));
        }
        long end = System.nanoTime() + 60_000_000_000L;
        while (loaders.stream().anyMatch(loader -> loader.get() != null)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(loaders.stream().filter(loader -> loader.get() != null).count() + " stay");
            }
            System.gc();
            Thread.sleep(50);
        }
        System.out.println("all " + loaders.size() + " class loaders are gone");
    }

    private static URL url(File file) {
        try {
            return file.toURI().toURL();
        } catch (MalformedURLException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A class loader in which tokens were made. */
    private static WeakReference<ClassLoader> used(List<URL> jars) throws Exception {
        URLClassLoader loader = new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        Class<?> type = loader.loadClass("dev.tokmint.OpenTok");
        try (AutoCloseable opentok = (AutoCloseable) type.getConstructor(String.class, String.class)
                .newInstance("123456", "1234567890abcdef1234567890abcdef1234567890")) {
            Object token = type.getMethod("generateToken", String.class).invoke(opentok, SESSION_ID);
            type.getMethod("inspectToken", String.class).invoke(opentok, token);
        }
        Thread.currentThread().setContextClassLoader(null);
        loader.close();
        return new WeakReference<>(loader);
    }
}
