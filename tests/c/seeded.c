/* Commits the fault that its argument names, so that the test sees each sanitizer report what it is there for.
 *
 * "overlong" and "race" are faults that only a sanitizer in the library itself sees. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

static tokmint_token_options shared = TOKMINT_TOKEN_OPTIONS_INIT;

/* Reads the shared options in the library. */
static void *generate(void *opentok) {
    char *token = NULL;
    tokmint_generate_token(opentok, SESSION, Z, &shared, &token, NULL, NULL);
    tokmint_string_free(token);
    return NULL;
}

int main(int argc, char **argv) {
    const char *fault = argc == 2 ? argv[1] : "";
    tokmint_opentok *opentok = NULL;
    char *token = NULL;
    if (tokmint_opentok_new("123456", Z, "1234567890abcdef1234567890abcdef1234567890", Z, &opentok, NULL) != 0 ||
        tokmint_generate_token(opentok, SESSION, Z, NULL, &token, NULL, NULL) != 0) {
        return 2;
    }
    if (strcmp(fault, "leak") == 0) {
        token = NULL;
    } else if (strcmp(fault, "double-free") == 0) {
        tokmint_string_free(token);
    } else if (strcmp(fault, "overread") == 0) {
        /* Without its NUL, behind which the memory ends. */
        char *bytes = malloc(4);
        memcpy(bytes, "1234", 4);
        tokmint_opentok *other = NULL;
        tokmint_opentok_new(bytes, Z, "", 0, &other, NULL);
        free(bytes);
    } else if (strcmp(fault, "overlong") == 0) {
        /* Digits, so that all of them are read; longer than the memory is. */
        char *bytes = malloc(16);
        memset(bytes, '1', 16);
        tokmint_opentok *other = NULL;
        tokmint_opentok_new(bytes, 17, "secret of a test", Z, &other, NULL);
        tokmint_opentok_free(other);
        free(bytes);
    } else if (strcmp(fault, "race") == 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, generate, opentok) != 0) {
            return 2;
        }
        shared.expires_in = 60;
        pthread_join(thread, NULL);
    } else if (strcmp(fault, "undefined") == 0) {
        volatile int large = 0x7fffffff;
        large += argc;
        (void)large;
    }
    tokmint_string_free(token);
    tokmint_opentok_free(opentok);
    return 0;
}
