/* A panic inside of any call gives a status, nothing is written, and the next call works. Needs the library with the
 * feature panic-for-tests. */

#include <string.h>

#include "check.h"
#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

/* Makes the next call panic; no header declares it, and no other build has it. */
void tokmint_test_panic_next(void);

static const char KEY[] = "123456";
static const char ID[] = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
static const char SECRET[] = "1234567890abcdef1234567890abcdef1234567890";
static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

/* Checks the status and frees the message, which must hold nothing of what was passed. */
static void caught(tokmint_status status, char **place, const char *what) {
    /* By its address, because arguments are evaluated in any order. */
    char *message = *place;
    check(status == TOKMINT_STATUS_PANIC, "%s: %d", what, (int)status);
    check(strcmp(tokmint_error_name(status), "panic") == 0, "%s: name", what);
    check(message != NULL && strstr(message, SECRET) == NULL && strstr(message, SESSION) == NULL, "%s: message", what);
    tokmint_string_free(message);
}

/* Counts its calls, in each of which another call panics. */
static int panic_inside(void *user_data, size_t index, tokmint_status status, const char *token, size_t token_length,
                        const char *message) {
    size_t *calls = user_data;
    check(status == TOKMINT_STATUS_OK && token[token_length] == '\0' && message == NULL, "a token of a batch");
    check(index == (*calls)++, "in order");
    tokmint_opentok *opentok = NULL;
    tokmint_test_panic_next();
    check(tokmint_opentok_new(KEY, Z, SECRET, Z, &opentok, NULL) == TOKMINT_STATUS_PANIC, "a panic within a callback");
    return 0;
}

int main(void) {
    tokmint_opentok *opentok = NULL;
    tokmint_session *session = NULL;
    tokmint_token *verified = NULL;
    tokmint_inspection *inspection = NULL;
    char *token = NULL, *json = NULL, *message = NULL, buffer[2048] = "#";
    size_t length = 0;

    tokmint_test_panic_next();
    caught(tokmint_opentok_new(KEY, Z, SECRET, Z, &opentok, &message), &message, "new");
    check(opentok == NULL, "new: no output");
    check(tokmint_opentok_new(KEY, Z, SECRET, Z, &opentok, &message) == TOKMINT_STATUS_OK && message == NULL,
          "new again");

    tokmint_opentok *other = NULL;
    tokmint_test_panic_next();
    caught(tokmint_opentok_new_application(ID, Z, SECRET, Z, &other, &message), &message, "new_application");
    tokmint_test_panic_next();
    caught(tokmint_opentok_new_verifier(ID, Z, SECRET, Z, &other, &message), &message, "new_verifier");
    check(other == NULL, "new_application and new_verifier: no output");

    tokmint_test_panic_next();
    caught(tokmint_generate_rest_token(opentok, NULL, &token, &length, &message), &message, "generate_rest");
    check(token == NULL && length == 0, "generate_rest: no output");
    tokmint_test_panic_next();
    caught(tokmint_generate_rest_token_into(opentok, NULL, buffer, sizeof buffer, &length, &message), &message,
           "generate_rest_into");
    check(buffer[0] == '#' && length == 0, "generate_rest_into: no output");
    check(tokmint_generate_rest_token(opentok, NULL, &token, &length, &message) == TOKMINT_STATUS_OK,
          "generate_rest again");
    tokmint_string_free(token);
    token = NULL;
    length = 0;

    tokmint_test_panic_next();
    caught(tokmint_generate_token(opentok, SESSION, Z, NULL, &token, &length, &message), &message, "generate");
    check(token == NULL && length == 0, "generate: no output");
    check(tokmint_generate_token(opentok, SESSION, Z, NULL, &token, &length, &message) == TOKMINT_STATUS_OK,
          "generate again");

    tokmint_test_panic_next();
    length = 0;
    caught(tokmint_generate_token_into(opentok, SESSION, Z, NULL, buffer, sizeof buffer, &length, &message), &message,
           "generate_into");
    check(buffer[0] == '#' && length == 0, "generate_into: no output");
    check(tokmint_generate_token_into(opentok, SESSION, Z, NULL, buffer, sizeof buffer, &length, NULL) ==
              TOKMINT_STATUS_OK,
          "generate_into again");

    tokmint_test_panic_next();
    caught(tokmint_opentok_session(opentok, SESSION, Z, &session, &message), &message, "session");
    check(session == NULL, "session: no output");
    check(tokmint_opentok_session(opentok, SESSION, Z, &session, &message) == TOKMINT_STATUS_OK, "session again");
    char *of_session = NULL;
    tokmint_test_panic_next();
    length = 0;
    caught(tokmint_session_generate_token(session, NULL, &of_session, &length, &message), &message, "session_generate");
    check(of_session == NULL && length == 0, "session_generate: no output");
    buffer[0] = '#';
    tokmint_test_panic_next();
    caught(tokmint_session_generate_token_into(session, NULL, buffer, sizeof buffer, &length, &message), &message,
           "session_generate_into");
    check(buffer[0] == '#' && length == 0, "session_generate_into: no output");
    const tokmint_token_options unset = TOKMINT_TOKEN_OPTIONS_INIT, batch[2] = {unset, unset};
    size_t calls = 0;
    tokmint_test_panic_next();
    caught(tokmint_session_generate_tokens(session, batch, 2, panic_inside, &calls, &message), &message,
           "session_generate_tokens");
    check(calls == 0, "session_generate_tokens: no callback");
    check(tokmint_session_generate_tokens(session, batch, 2, panic_inside, &calls, &message) == TOKMINT_STATUS_OK &&
              calls == 2,
          "session_generate_tokens again, around two panics");
    tokmint_test_panic_next();
    caught(tokmint_session_verify_token(session, token, Z, NULL, &verified, &message), &message, "session_verify");
    check(verified == NULL, "session_verify: no output");

    tokmint_test_panic_next();
    caught(tokmint_verify_token(opentok, token, Z, NULL, &verified, &message), &message, "verify");
    check(verified == NULL, "verify: no output");
    check(tokmint_verify_token(opentok, token, Z, NULL, &verified, &message) == TOKMINT_STATUS_OK, "verify again");

    tokmint_test_panic_next();
    caught(tokmint_inspect_token(opentok, token, Z, NULL, &inspection, &message), &message, "inspect");
    check(inspection == NULL, "inspect: no output");
    tokmint_test_panic_next();
    caught(tokmint_inspect_token(NULL, token, Z, NULL, &inspection, &message), &message, "inspect without credentials");
    check(inspection == NULL, "inspect without credentials: no output");
    check(tokmint_inspect_token(opentok, token, Z, NULL, &inspection, &message) == TOKMINT_STATUS_OK, "inspect again");

    tokmint_test_panic_next();
    caught(tokmint_inspection_to_json(inspection, &json, &message), &message, "to_json");
    tokmint_test_panic_next();
    caught(tokmint_inspection_to_text(inspection, &json, &message), &message, "to_text");
    check(json == NULL, "to_json and to_text: no output");

    tokmint_token_options token_options = TOKMINT_TOKEN_OPTIONS_INIT;
    tokmint_rest_token_options rest_options = TOKMINT_REST_TOKEN_OPTIONS_INIT;
    tokmint_verify_options verify_options = TOKMINT_VERIFY_OPTIONS_INIT;
    tokmint_inspect_options inspect_options = TOKMINT_INSPECT_OPTIONS_INIT;
    tokmint_test_panic_next();
    check(tokmint_token_options_init(&token_options, sizeof token_options) == TOKMINT_STATUS_PANIC, "token options");
    tokmint_test_panic_next();
    check(tokmint_rest_token_options_init(&rest_options, sizeof rest_options) == TOKMINT_STATUS_PANIC, "rest options");
    tokmint_test_panic_next();
    check(tokmint_verify_options_init(&verify_options, sizeof verify_options) == TOKMINT_STATUS_PANIC,
          "verify options");
    tokmint_test_panic_next();
    check(tokmint_inspect_options_init(&inspect_options, sizeof inspect_options) == TOKMINT_STATUS_PANIC,
          "inspect options");

    /* Without a place for the message. */
    tokmint_test_panic_next();
    check(tokmint_opentok_new(KEY, Z, SECRET, Z, &opentok, NULL) == TOKMINT_STATUS_PANIC, "no message");

    tokmint_inspection_free(inspection);
    tokmint_token_free(verified);
    tokmint_string_free(token);
    tokmint_session_free(session);
    tokmint_opentok_free(opentok);
    printf("C panics: %d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
