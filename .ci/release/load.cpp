// Loads a shared library as programs of other languages do, and calls what it exports: load LIBRARY.
//
// It prints the version of the library of C, or that of what the jar's library has for the jar.

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
    void *const contract = symbol(loaded, "ffi_tokmint_uniffi_uniffi_contract_version");
    if (contract == nullptr || symbol(loaded, "tokmint_uniffi_call") == nullptr) {
        std::puts("it lacks a function");
        return 1;
    }
    std::printf("loaded, contract %u of UniFFI\n", reinterpret_cast<std::uint32_t (*)()>(contract)());
    return 0;
}
