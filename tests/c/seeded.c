/* Commits the fault that its argument names, so that the test sees each sanitizer report what it is there for. */

#include <stdlib.h>
#include <string.h>

#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

int main(int argc, char **argv) {
    const char *fault = argc == 2 ? argv[1] : "";
    tokmint_opentok *opentok = NULL;
    char *token = NULL;
    if (tokmint_opentok_new("123456", Z, "1234567890abcdef1234567890abcdef1234567890", Z, &opentok, NULL) != 0 ||
        tokmint_generate_token(opentok, "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4", Z,
                               NULL, &token, NULL, NULL) != 0) {
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
    } else if (strcmp(fault, "undefined") == 0) {
        volatile int large = 0x7fffffff;
        large += argc;
    }
    tokmint_string_free(token);
    tokmint_opentok_free(opentok);
    return 0;
}
