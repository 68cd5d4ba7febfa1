/* Signs and verifies with a secret that valgrind takes for uninitialised, so that it reports each branch and each
 * address that depends on it. What may depend on the secret is in tainted.supp, with the reason beside it. The
 * constructor says what is wrong with a secret, such as a quotation mark around it, so its branches on the characters
 * are not reported.
 *
 * Usage: tainted [constructor|leak]: with the reports of the constructor, or with a comparison of the secret that ends
 * at the first difference. `tainted.sh` runs it. */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/memcheck.h>

#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

/* 40 hexadecimal digits. */
static char secret[] = "1234567890abcdef1234567890abcdef1234567890";

static tokmint_opentok *opentok;
static tokmint_session *session;
static unsigned calls;

static void must(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "tainted: %s\n", what);
        exit(2);
    }
}

/* Verifies a token, and the same with a signature that is wrong in its first byte. What has been issued is public. */
static void verify(const char *issued, size_t length) {
    char *token = malloc(length + 1);
    tokmint_token *verified = NULL;
    must(token != NULL, "memory");
    memcpy(token, issued, length + 1);
    VALGRIND_MAKE_MEM_DEFINED(token, length + 1);
    must(tokmint_verify_token(opentok, token, length, NULL, &verified, NULL) == TOKMINT_STATUS_OK, "a token");
    tokmint_token_free(verified);
    must(tokmint_session_verify_token(session, token, length, NULL, &verified, NULL) == TOKMINT_STATUS_OK, "a token");
    tokmint_token_free(verified);
    tokmint_inspection *inspection = NULL;
    must(tokmint_inspect_token(opentok, token, length, NULL, &inspection, NULL) == TOKMINT_STATUS_OK, "an inspection");
    must(tokmint_inspection_signature(inspection) == TOKMINT_SIGNATURE_VALID, "the signature of an inspection");
    tokmint_inspection_free(inspection);
    if (token[0] == 'T') {
        /* The data, since that of the signature would take decoding. */
        char *digit = token + length - 9;
        *digit = *digit == 'A' ? 'B' : 'A';
    } else {
        char *digit = strrchr(token, '.') + 1;
        *digit = *digit == 'A' ? 'B' : 'A';
    }
    must(tokmint_verify_token(opentok, token, length, NULL, &verified, NULL) == TOKMINT_STATUS_INVALID_SIGNATURE,
         "a wrong signature");
    free(token);
    calls += 4;
}

static int take(void *unused, size_t index, tokmint_status status, const char *token, size_t length,
                const char *message) {
    (void)unused, (void)index, (void)message;
    must(status == TOKMINT_STATUS_OK, "a token of a batch");
    verify(token, length);
    calls++;
    return 0;
}

int main(int argc, char **argv) {
    must(RUNNING_ON_VALGRIND, "this runs under valgrind");
    VALGRIND_MAKE_MEM_UNDEFINED(secret, sizeof secret - 1);
    const char *mode = argc == 2 ? argv[1] : "";
    if (strcmp(mode, "constructor") != 0) {
        VALGRIND_DISABLE_ERROR_REPORTING;
    }
    must(tokmint_opentok_new("123456", Z, secret, sizeof secret - 1, &opentok, NULL) == TOKMINT_STATUS_OK,
         "credentials");
    if (strcmp(mode, "constructor") != 0) {
        VALGRIND_ENABLE_ERROR_REPORTING;
    }
    must(tokmint_opentok_session(opentok, SESSION, Z, &session, NULL) == TOKMINT_STATUS_OK, "a session");
    for (int turn = 0; turn < 2; turn++) {
        tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
        options.token_format = turn == 0 ? "jwt" : "t1";
        options.data = "name=Johnny";
        for (int of_session = 0; of_session < 2; of_session++) {
            char *token = NULL;
            size_t length = 0;
            const tokmint_status status =
                of_session ? tokmint_session_generate_token(session, &options, &token, &length, NULL)
                           : tokmint_generate_token(opentok, SESSION, Z, &options, &token, &length, NULL);
            take(NULL, 0, status, token, length, NULL);
            tokmint_string_free(token);
        }
        const tokmint_token_options batch[] = {options, options, options};
        must(tokmint_session_generate_tokens(session, batch, 3, take, NULL, NULL) == TOKMINT_STATUS_OK, "a batch");
    }
    char *token = NULL;
    size_t length = 0;
    must(tokmint_generate_rest_token(opentok, NULL, &token, &length, NULL) == TOKMINT_STATUS_OK, "a REST token");
    tokmint_string_free(token);
    calls++;
    if (strcmp(mode, "leak") == 0) {
        volatile bool is_same = true;
        for (size_t index = 0; is_same && index < 4; index++) {
            is_same = secret[index] == "1235"[index];
        }
    }
    tokmint_session_free(session);
    tokmint_opentok_free(opentok);
    printf("%u calls that sign or verify\n", calls);
    return 0;
}
