/** Mints, verifies and explains OpenTok client connection tokens. */
module dev.tokmint {
    requires com.sun.jna;
    // JNA logs, and its own module does not say so.
    requires java.logging;
    requires transitive kotlin.stdlib;

    exports dev.tokmint;
}
