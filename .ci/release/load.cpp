// Loads a shared library as programs of other languages do, and calls what it exports: load LIBRARY.
//
// It prints the version that the library of C or the jar's states.

#include <cstdint>
#include <cstdio>

#ifdef _WIN32
#include <windows.h>
static void *library(const char *path) { return reinterpret_cast<void *>(LoadLibraryA(path)); }
static void *symbol(void *library, const char *name) {
    return reinterpret_cast<void *>(GetProcAddress(reinterpret_cast<HMODULE>(library), name));
}
#else
#include <dlfcn.h>
static void *library(const char *path) { return dlopen(path, RTLD_NOW | RTLD_LOCAL); }
static void *symbol(void *library, const char *name) { return dlsym(library, name); }
#endif

int main(int argc, char **argv) {
    void *const loaded = argc == 2 ? library(argv[1]) : nullptr;
    if (loaded == nullptr) {
        std::puts("not loaded");
        return 1;
    }
    if (void *const version = symbol(loaded, "tokmint_version")) {
        std::printf("loaded tokmint %s\n", reinterpret_cast<const char *(*)()>(version)());
        return 0;
    }
    // What NativeLibrary.kt asks for first: operation 1. Of the reply 5 bytes are the status and the length of the
    // version.
    using Call = std::uint64_t (*)(void *, void *, std::uint64_t, void *, std::uint64_t, std::uint64_t);
    const auto call = reinterpret_cast<Call>(symbol(loaded, "Java_dev_tokmint_internal_NativeLibrary_call"));
    if (call == nullptr) {
        std::puts("it lacks a function");
        return 1;
    }
    unsigned char buffer[256] = {0, 0, 0, 1};
    const std::uint64_t length = call(nullptr, nullptr, 0, buffer, 4, sizeof buffer);
    if (length <= 5 || buffer[0] != 0 || length < 5u + buffer[4]) {
        std::puts("it does not answer");
        return 1;
    }
    std::printf("loaded tokmint %.*s\n", static_cast<int>(buffer[4]), reinterpret_cast<const char *>(buffer + 5));
    return 0;
}
