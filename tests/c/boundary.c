/* What a C program can do wrong at the boundary, each with the status that it gets: NULL for every pointer, lengths
 * that cannot be, strings without NUL before a page that cannot be read, short buffers, options of another version, and
 * bytes that are not UTF-8.
 *
 * Usage: boundary <folder with private.pem, private.der, public.pem and public.der, one pair of keys>. */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

static const char KEY[] = "123456";
static const char SECRET[] = "1234567890abcdef1234567890abcdef1234567890";
static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

static const char ID[] = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
static const char APPLICATION_SESSION[] =
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
static const char JTI[] = "d412fd8f-921c-4b35-bdcd-bf2d39bb20ed";

static tokmint_opentok *project, *application, *verifier;
static tokmint_session *project_session;

/* What a file holds, and a NUL. */
typedef struct file {
    char bytes[4096];
    size_t length;
} file;

static file private_pem, private_der, public_pem, public_der;

static void read_file(const char *folder, const char *name, file *file) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        perror(path);
        exit(2);
    }
    file->length = fread(file->bytes, 1, sizeof file->bytes - 1, stream);
    check(file->length > 200 && feof(stream), "%s is a key", path);
    fclose(stream);
}

typedef tokmint_status constructor(const char *, size_t, const char *, size_t, tokmint_opentok **, char **);

/* Checks the status, that a message comes with a failure only, and frees it. */
static void expect(tokmint_status expected, tokmint_status status, char **place, const char *what) {
    /* By its address, because arguments are evaluated in any order. */
    char *message = *place;
    check(status == expected, "%s: %s, not %s", what, tokmint_error_name(status), tokmint_error_name(expected));
    check((message != NULL) == (status != TOKMINT_STATUS_OK), "%s: a message with a failure only", what);
    check(message == NULL || strlen(message) > 20, "%s: the message is a sentence", what);
    tokmint_string_free(message);
}

/* What outputs and messages hold before a call. */
#define UNTOUCHED ((void *)&project)

static void expect_created(constructor *create, tokmint_status expected, const char *key, size_t key_length,
                           const char *secret, size_t secret_length, const char *what) {
    tokmint_opentok *opentok = UNTOUCHED;
    char *message = UNTOUCHED;
    expect(expected, create(key, key_length, secret, secret_length, &opentok, &message), &message, what);
    check(opentok == (expected == TOKMINT_STATUS_OK ? opentok : UNTOUCHED), "%s: no output on failure", what);
    if (expected == TOKMINT_STATUS_OK) {
        check(opentok != UNTOUCHED, "%s: an output on success", what);
        tokmint_opentok_free(opentok);
    }
}

static void expect_new(tokmint_status expected, const char *key, size_t key_length, const char *secret,
                       size_t secret_length, const char *what) {
    expect_created(tokmint_opentok_new, expected, key, key_length, secret, secret_length, what);
}

static void expect_rest(tokmint_status expected, const tokmint_opentok *opentok,
                        const tokmint_rest_token_options *options, const char *what) {
    char *token = UNTOUCHED, *message = UNTOUCHED, buffer[2048];
    size_t length = 4711;
    expect(expected, tokmint_generate_rest_token(opentok, options, &token, &length, &message), &message, what);
    const bool is_written = expected == TOKMINT_STATUS_OK;
    check((token != UNTOUCHED) == is_written && (length != 4711) == is_written, "%s: outputs on success only", what);
    if (is_written) {
        tokmint_string_free(token);
    }
    memset(buffer, '#', sizeof buffer);
    length = 4711;
    message = UNTOUCHED;
    expect(expected, tokmint_generate_rest_token_into(opentok, options, buffer, sizeof buffer, &length, &message),
           &message, what);
    check((buffer[0] != '#') == is_written && (length != 4711) == is_written, "%s: buffer on success only", what);
}

/* What a batch of one element gives. */
typedef struct result {
    tokmint_status status;
    size_t calls;
} result;

static int take_result(void *user_data, size_t index, tokmint_status status, const char *token, size_t token_length,
                       const char *message) {
    result *result = user_data;
    const bool is_token = status == TOKMINT_STATUS_OK;
    check(index == result->calls++, "in order");
    check((token != NULL && token[token_length] == '\0') == is_token && (token_length > 0) == is_token,
          "a token with success only");
    check((message == NULL || strlen(message) > 20) && (message == NULL) == is_token, "a sentence with a failure only");
    result->status = status;
    return 0;
}

/* The same through a session; if it cannot be made, with the same status. */
static void expect_in_session(tokmint_status expected, const tokmint_opentok *opentok, const char *id, size_t id_length,
                              const tokmint_token_options *options, const char *what) {
    tokmint_session *session = UNTOUCHED;
    char *token = UNTOUCHED, *message = UNTOUCHED, buffer[2048];
    size_t length = 4711;
    const bool is_written = expected == TOKMINT_STATUS_OK;
    const tokmint_status made = tokmint_opentok_session(opentok, id, id_length, &session, &message);
    expect(made == TOKMINT_STATUS_OK ? made : expected, made, &message, what);
    check((session != UNTOUCHED) == (made == TOKMINT_STATUS_OK), "%s: a session on success only", what);
    if (made != TOKMINT_STATUS_OK) {
        return;
    }
    message = UNTOUCHED;
    expect(expected, tokmint_session_generate_token(session, options, &token, &length, &message), &message, what);
    check((token != UNTOUCHED) == is_written && (length != 4711) == is_written, "%s: outputs on success only", what);
    if (is_written) {
        tokmint_string_free(token);
    }
    memset(buffer, '#', sizeof buffer);
    length = 4711;
    message = UNTOUCHED;
    expect(expected, tokmint_session_generate_token_into(session, options, buffer, sizeof buffer, &length, &message),
           &message, what);
    check((buffer[0] != '#') == is_written && (length != 4711) == is_written, "%s: buffer on success only", what);

    result result = {TOKMINT_STATUS_OK, 0};
    message = UNTOUCHED;
    const tokmint_status status = tokmint_session_generate_tokens(session, options, 1, take_result, &result, &message);
    const bool is_called = status == TOKMINT_STATUS_OK;
    expect(is_called                                 ? TOKMINT_STATUS_OK
           : options == NULL                         ? TOKMINT_STATUS_NULL_POINTER
           : expected == TOKMINT_STATUS_INVALID_SIZE ? expected
                                                     : TOKMINT_STATUS_OK,
           status, &message, what);
    check(result.calls == is_called && (!is_called || result.status == expected), "%s: %s in a batch", what,
          tokmint_error_name(result.status));
    tokmint_session_free(session);
}

static void expect_generate(tokmint_status expected, const tokmint_opentok *opentok, const char *session,
                            size_t session_length, const tokmint_token_options *options, const char *what) {
    char *token = UNTOUCHED, *message = UNTOUCHED, buffer[2048];
    size_t length = 4711;
    expect(expected, tokmint_generate_token(opentok, session, session_length, options, &token, &length, &message),
           &message, what);
    const bool is_written = expected == TOKMINT_STATUS_OK;
    check((token != UNTOUCHED) == is_written && (length != 4711) == is_written, "%s: outputs on success only", what);
    if (is_written) {
        tokmint_string_free(token);
    }
    memset(buffer, '#', sizeof buffer);
    length = 4711;
    message = UNTOUCHED;
    expect(expected,
           tokmint_generate_token_into(opentok, session, session_length, options, buffer, sizeof buffer, &length,
                                       &message),
           &message, what);
    check((buffer[0] != '#') == is_written && (length != 4711) == is_written, "%s: buffer on success only", what);
    expect_in_session(expected, opentok, session, session_length, options, what);
}

static void expect_verify(tokmint_status expected, const tokmint_opentok *opentok, const char *token, size_t length,
                          const tokmint_verify_options *options, const char *what) {
    tokmint_token *verified = UNTOUCHED;
    char *message = UNTOUCHED;
    expect(expected, tokmint_verify_token(opentok, token, length, options, &verified, &message), &message, what);
    check((verified != UNTOUCHED) == (expected == TOKMINT_STATUS_OK), "%s: output on success only", what);
    if (expected == TOKMINT_STATUS_OK) {
        tokmint_token_free(verified);
    }
    /* All these tokens are of one session. */
    verified = UNTOUCHED;
    message = UNTOUCHED;
    expect(expected,
           tokmint_session_verify_token(opentok == project ? project_session : NULL, token, length, options, &verified,
                                        &message),
           &message, what);
    check((verified != UNTOUCHED) == (expected == TOKMINT_STATUS_OK), "%s: output on success only", what);
    if (expected == TOKMINT_STATUS_OK) {
        tokmint_token_free(verified);
    }
}

static void expect_inspect(tokmint_status expected, const tokmint_opentok *opentok, const char *token, size_t length,
                           const tokmint_inspect_options *options, const char *what) {
    /* With the credentials, and without. */
    for (int turn = 0; turn < 2; turn++, opentok = NULL) {
        tokmint_inspection *inspection = UNTOUCHED;
        char *message = UNTOUCHED;
        expect(expected, tokmint_inspect_token(opentok, token, length, options, &inspection, &message), &message, what);
        check((inspection != UNTOUCHED) == (expected == TOKMINT_STATUS_OK), "%s: output on success only", what);
        if (expected == TOKMINT_STATUS_OK) {
            const tokmint_signature signature = tokmint_inspection_signature(inspection);
            check(opentok != NULL || signature == TOKMINT_SIGNATURE_UNCHECKED, "%s: no credentials, no check", what);
            tokmint_inspection_free(inspection);
        }
    }
}

/* What reads an inspection takes NULL, and any index. */
static void readers(const char *token) {
    const tokmint_status null = TOKMINT_STATUS_NULL_POINTER;
    char *message = NULL, *string = UNTOUCHED;
    check(tokmint_inspection_is_refused(NULL), "NULL is refused");
    check(tokmint_inspection_signature(NULL) == TOKMINT_SIGNATURE_UNCHECKED, "NULL is unchecked");
    check(tokmint_inspection_format(NULL) == NULL && tokmint_inspection_token(NULL) == NULL &&
              tokmint_inspection_now(NULL) == TOKMINT_UNSET && tokmint_inspection_create_time(NULL) == TOKMINT_UNSET &&
              tokmint_inspection_expire_time(NULL) == TOKMINT_UNSET &&
              tokmint_inspection_not_before(NULL) == TOKMINT_UNSET &&
              tokmint_inspection_remaining_lifetime(NULL) == TOKMINT_UNSET,
          "NULL says nothing");
    check(tokmint_inspection_header_count(NULL) == 0 && tokmint_inspection_field_count(NULL) == 0 &&
              tokmint_inspection_finding_count(NULL) == 0 && tokmint_inspection_header(NULL, 0) == NULL &&
              tokmint_inspection_field(NULL, 0) == NULL && tokmint_inspection_finding(NULL, 0) == NULL,
          "NULL lists nothing");
    expect(null, tokmint_inspection_to_json(NULL, &string, &message), &message, "to_json: no inspection");
    message = NULL;
    expect(null, tokmint_inspection_to_text(NULL, &string, &message), &message, "to_text: no inspection");
    check(string == UNTOUCHED, "no inspection, no output");

    tokmint_inspection *inspection = NULL;
    check(tokmint_inspect_token(project, token, Z, NULL, &inspection, NULL) == TOKMINT_STATUS_OK,
          "inspect: no message");
    message = NULL;
    expect(null, tokmint_inspection_to_json(inspection, NULL, &message), &message, "to_json: no place");
    message = NULL;
    expect(null, tokmint_inspection_to_text(inspection, NULL, &message), &message, "to_text: no place");
    check(tokmint_inspection_token(inspection) != NULL && !tokmint_inspection_is_refused(inspection), "a good token");
    check(tokmint_inspection_header(inspection, 2) == NULL && tokmint_inspection_field(inspection, SIZE_MAX) == NULL &&
              tokmint_inspection_finding(inspection, 0) == NULL,
          "an index that is too large");
    /* The same address every time, so that a program can keep it. */
    check(tokmint_inspection_field(inspection, 1) == tokmint_inspection_field(inspection, 0) + 1 &&
              tokmint_inspection_format(inspection) == tokmint_inspection_format(inspection),
          "what is read stays where it is");
    tokmint_inspection_free(inspection);
    tokmint_inspection_free(NULL);
}

static void null_pointers(const char *token) {
    const tokmint_status null = TOKMINT_STATUS_NULL_POINTER;
    char *message = NULL, *string = UNTOUCHED, buffer[2048];
    size_t length = 4711;

    expect_new(null, NULL, Z, SECRET, Z, "new: no key");
    expect_new(null, KEY, Z, NULL, Z, "new: no secret");
    expect_new(null, NULL, 6, SECRET, Z, "new: no key, but a length");
    expect(null, tokmint_opentok_new(KEY, Z, SECRET, Z, NULL, &message), &message, "new: no place");
    tokmint_opentok *opentok = NULL;
    check(tokmint_opentok_new(KEY, Z, SECRET, Z, &opentok, NULL) == TOKMINT_STATUS_OK, "new: no message, success");
    tokmint_opentok_free(opentok);
    check(tokmint_opentok_new(NULL, Z, NULL, Z, NULL, NULL) == null, "new: nothing at all");

    expect_generate(null, NULL, SESSION, Z, NULL, "generate: no handle");
    expect_generate(null, project, NULL, Z, NULL, "generate: no session");
    expect_generate(TOKMINT_STATUS_OK, project, SESSION, Z, NULL, "generate: no options");
    expect(null, tokmint_generate_token(project, SESSION, Z, NULL, NULL, &length, &message), &message,
           "generate: no place");
    check(length == 4711, "generate: no place, no length");
    check(tokmint_generate_token(project, SESSION, Z, NULL, &string, NULL, NULL) == TOKMINT_STATUS_OK,
          "generate: no length, no message");
    tokmint_string_free(string);
    check(tokmint_generate_token(NULL, NULL, Z, NULL, NULL, NULL, NULL) == null, "generate: nothing at all");

    message = NULL;
    expect(null, tokmint_generate_token_into(project, SESSION, Z, NULL, NULL, 9, &length, &message), &message,
           "generate_into: no buffer, but a size");
    message = NULL;
    expect(null, tokmint_generate_token_into(project, SESSION, Z, NULL, buffer, sizeof buffer, NULL, &message),
           &message, "generate_into: no length");
    check(tokmint_generate_token_into(NULL, NULL, Z, NULL, NULL, 0, NULL, NULL) == null,
          "generate_into: nothing at all");

    expect_verify(null, NULL, token, Z, NULL, "verify: no handle");
    expect_verify(null, project, NULL, Z, NULL, "verify: no token");
    expect_verify(TOKMINT_STATUS_OK, project, token, Z, NULL, "verify: no options");
    message = NULL;
    expect(null, tokmint_verify_token(project, token, Z, NULL, NULL, &message), &message, "verify: no place");
    check(tokmint_verify_token(NULL, NULL, Z, NULL, NULL, NULL) == null, "verify: nothing at all");

    expect_inspect(null, project, NULL, Z, NULL, "inspect: no token");
    expect_inspect(TOKMINT_STATUS_OK, project, token, Z, NULL, "inspect: no options");
    message = NULL;
    expect(null, tokmint_inspect_token(project, token, Z, NULL, NULL, &message), &message, "inspect: no place");
    message = NULL;
    expect(null, tokmint_inspect_token(NULL, token, Z, NULL, NULL, &message), &message, "inspect: no place, no handle");
    check(tokmint_inspect_token(NULL, NULL, Z, NULL, NULL, NULL) == null, "inspect: nothing at all");

    check(tokmint_session_id(NULL) == NULL, "NULL has no ID");
    check(tokmint_session_id(project_session) == tokmint_session_id(project_session), "what is read stays where it is");
    message = NULL;
    expect(null, tokmint_opentok_session(project, SESSION, Z, NULL, &message), &message, "session: no place");
    check(tokmint_opentok_session(NULL, NULL, Z, NULL, NULL) == null, "session: nothing at all");
    message = NULL;
    length = 4711;
    expect(null, tokmint_session_generate_token(project_session, NULL, NULL, &length, &message), &message,
           "session: no place for a token");
    check(length == 4711, "session: no place, no length");
    check(tokmint_session_generate_token(project_session, NULL, &string, NULL, NULL) == TOKMINT_STATUS_OK,
          "session: no length, no message");
    tokmint_string_free(string);
    check(tokmint_session_generate_token(NULL, NULL, NULL, NULL, NULL) == null &&
              tokmint_session_generate_token_into(NULL, NULL, NULL, 0, NULL, NULL) == null &&
              tokmint_session_verify_token(NULL, NULL, Z, NULL, NULL, NULL) == null &&
              tokmint_session_generate_tokens(NULL, NULL, 0, NULL, NULL, NULL) == null,
          "session: nothing at all");
    message = NULL;
    expect(null, tokmint_session_generate_token_into(project_session, NULL, NULL, 9, &length, &message), &message,
           "session: no buffer, but a size");
    message = NULL;
    expect(null, tokmint_session_generate_token_into(project_session, NULL, buffer, sizeof buffer, NULL, &message),
           &message, "session: no length");
    message = NULL;
    tokmint_token *verified = UNTOUCHED;
    expect(null, tokmint_session_verify_token(project_session, token, Z, NULL, NULL, &message), &message,
           "session: no place for a verified token");
    check(tokmint_session_verify_token(project_session, token, Z, NULL, &verified, NULL) == TOKMINT_STATUS_OK,
          "session: no message");
    tokmint_token_free(verified);

    result result = {TOKMINT_STATUS_OK, 0};
    message = NULL;
    expect(null, tokmint_session_generate_tokens(NULL, NULL, 0, take_result, &result, &message), &message,
           "batch: no session");
    message = NULL;
    expect(null, tokmint_session_generate_tokens(project_session, NULL, 0, NULL, &result, &message), &message,
           "batch: no callback");
    message = NULL;
    expect(null, tokmint_session_generate_tokens(project_session, NULL, 2, take_result, &result, &message), &message,
           "batch: no options, but a count");
    message = NULL;
    expect(TOKMINT_STATUS_OK, tokmint_session_generate_tokens(project_session, NULL, 0, take_result, &result, &message),
           &message, "batch: none at all");
    check(result.calls == 0, "batch: no callback is called");

    /* Options: NULL is unset, but a list that is not there cannot have elements. */
    tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
    options.initial_layout_class_count = 1;
    expect_generate(null, project, SESSION, Z, &options, "classes: no list");
    const char *const classes[] = {"focus", NULL};
    options.initial_layout_class_list = classes;
    options.initial_layout_class_count = 2;
    expect_generate(null, project, SESSION, Z, &options, "classes: a NULL in the list");
    tokmint_token_options lengths_only = TOKMINT_TOKEN_OPTIONS_INIT;
    lengths_only.role_length = lengths_only.data_length = lengths_only.token_format_length = 7;
    expect_generate(TOKMINT_STATUS_OK, project, SESSION, Z, &lengths_only, "lengths of unset options");

    tokmint_opentok_free(NULL);
    tokmint_session_free(NULL);
    tokmint_token_free(NULL);
    tokmint_string_free(NULL);
}

/* The constructors of applications, tokens for REST calls, and what reads credentials. */
static void applications(void) {
    const tokmint_status null = TOKMINT_STATUS_NULL_POINTER, utf8 = TOKMINT_STATUS_INVALID_UTF8;
    const struct {
        const char *name;
        constructor *create;
        const file *pem, *der, *other;
        tokmint_status refused;
    } kinds[] = {
        {"application", tokmint_opentok_new_application, &private_pem, &private_der, &public_pem,
         TOKMINT_STATUS_INVALID_PRIVATE_KEY},
        {"verifier", tokmint_opentok_new_verifier, &public_pem, &public_der, &private_pem,
         TOKMINT_STATUS_INVALID_PUBLIC_KEY},
    };
    char *message = NULL;
    for (size_t index = 0; index < sizeof kinds / sizeof *kinds; index++) {
        constructor *create = kinds[index].create;
        const char *name = kinds[index].name, *pem = kinds[index].pem->bytes, *der = kinds[index].der->bytes;
        const size_t der_length = kinds[index].der->length;
        const tokmint_status refused = kinds[index].refused;
        expect_created(create, TOKMINT_STATUS_OK, ID, Z, pem, Z, name);
        expect_created(create, TOKMINT_STATUS_OK, ID, Z, der, der_length, name);
        expect_created(create, refused, ID, Z, der, Z, "DER up to its first NUL");
        expect_created(create, refused, ID, Z, der, der_length - 1, "DER without its last byte");
        expect_created(create, refused, ID, Z, kinds[index].other->bytes, Z, "the other half of the pair");
        expect_created(create, refused, ID, Z, "./private.key", Z, "a path");
        expect_created(create, refused, ID, Z, "\xff\xfe-\0-", 5, "a key that is not UTF-8");
        expect_created(create, null, NULL, Z, pem, Z, "no ID");
        expect_created(create, null, NULL, 36, pem, Z, "no ID, but a length");
        expect_created(create, null, ID, Z, NULL, Z, "no key");
        expect_created(create, null, ID, Z, NULL, 1700, "no key, but a length");
        expect(null, create(ID, Z, pem, Z, NULL, &message), &message, "no place");
        check(create(NULL, Z, NULL, Z, NULL, NULL) == null, "nothing at all");
        check(create(ID, Z, "", 0, NULL, NULL) == null, "no place, no message");
        const size_t impossible[] = {SIZE_MAX - 1, SIZE_MAX / 2 + 1};
        for (size_t at = 0; at < 2; at++) {
            expect_created(create, TOKMINT_STATUS_INVALID_SIZE, ID, impossible[at], pem, Z, "length of the ID");
            expect_created(create, TOKMINT_STATUS_INVALID_SIZE, ID, Z, pem, impossible[at], "length of the key");
        }
        const char *const nowhere[] = {NULL, "", (const char *)1};
        for (size_t at = 0; at < 3; at++) {
            expect_created(create, TOKMINT_STATUS_INVALID_APPLICATION_ID, nowhere[at], 0, pem, Z, "empty ID");
            expect_created(create, refused, ID, Z, nowhere[at], 0, "empty key");
        }
        expect_created(create, utf8, "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e\xff", Z, pem, Z, "ID is not UTF-8");
        expect_created(create, TOKMINT_STATUS_INVALID_APPLICATION_ID, ID, sizeof ID, pem, Z, "ID with NUL");
    }

    check(tokmint_opentok_api_key(NULL) == NULL && tokmint_opentok_application_id(NULL) == NULL, "NULL has no issuer");
    check(strcmp(tokmint_opentok_api_key(project), KEY) == 0 && tokmint_opentok_application_id(project) == NULL,
          "a project has an API key");
    const tokmint_opentok *const both[] = {application, verifier};
    for (size_t index = 0; index < 2; index++) {
        check(tokmint_opentok_api_key(both[index]) == NULL &&
                  strcmp(tokmint_opentok_application_id(both[index]), ID) == 0,
              "an application has an ID in lower case");
        check(tokmint_opentok_application_id(both[index]) == tokmint_opentok_application_id(both[index]),
              "what is read stays where it is");
    }

    expect_rest(null, NULL, NULL, "rest: no handle");
    expect_rest(TOKMINT_STATUS_OK, project, NULL, "rest: no options");
    expect_rest(TOKMINT_STATUS_OK, application, NULL, "rest: no options");
    expect_rest(TOKMINT_STATUS_NO_PRIVATE_KEY, verifier, NULL, "rest: a verifier");
    char *token = NULL, buffer[2048];
    size_t length = 4711;
    message = NULL;
    expect(null, tokmint_generate_rest_token(project, NULL, NULL, &length, &message), &message, "rest: no place");
    check(length == 4711, "rest: no place, no length");
    check(tokmint_generate_rest_token(project, NULL, &token, NULL, NULL) == TOKMINT_STATUS_OK,
          "rest: no length, no message");
    tokmint_string_free(token);
    check(tokmint_generate_rest_token(NULL, NULL, NULL, NULL, NULL) == null, "rest: nothing at all");
    message = NULL;
    expect(null, tokmint_generate_rest_token_into(project, NULL, NULL, 9, &length, &message), &message,
           "rest_into: no buffer, but a size");
    message = NULL;
    expect(null, tokmint_generate_rest_token_into(project, NULL, buffer, sizeof buffer, NULL, &message), &message,
           "rest_into: no length");
    check(tokmint_generate_rest_token_into(NULL, NULL, NULL, 0, NULL, NULL) == null, "rest_into: nothing at all");

    tokmint_rest_token_options rest = TOKMINT_REST_TOKEN_OPTIONS_INIT;
    tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
    rest.jti_length = options.jti_length = 7;
    expect_rest(TOKMINT_STATUS_OK, project, &rest, "rest: length of an unset jti");
    expect_generate(TOKMINT_STATUS_OK, application, APPLICATION_SESSION, Z, &options, "length of an unset jti");
    options.jti = rest.jti = JTI;
    const struct {
        const char *jti;
        size_t length;
        tokmint_status expected;
        const char *what;
    } jtis[] = {
        {JTI, 36, TOKMINT_STATUS_OK, "jti with a length"},
        {JTI, Z, TOKMINT_STATUS_OK, "jti up to its NUL"},
        {JTI, 37, TOKMINT_STATUS_INVALID_JTI, "jti with NUL"},
        {JTI, 35, TOKMINT_STATUS_INVALID_JTI, "short jti"},
        {"", 0, TOKMINT_STATUS_INVALID_JTI, "empty jti"},
        {"\xff", 1, utf8, "jti is not UTF-8"},
        {JTI, SIZE_MAX / 2 + 1, TOKMINT_STATUS_INVALID_SIZE, "length of the jti"},
    };
    for (size_t index = 0; index < sizeof jtis / sizeof *jtis; index++) {
        options.jti = rest.jti = jtis[index].jti;
        options.jti_length = rest.jti_length = jtis[index].length;
        expect_rest(jtis[index].expected, project, &rest, jtis[index].what);
        expect_rest(jtis[index].expected, application, &rest, jtis[index].what);
        expect_generate(jtis[index].expected, application, APPLICATION_SESSION, Z, &options, jtis[index].what);
    }
    options.jti = JTI;
    options.jti_length = Z;
    expect_generate(TOKMINT_STATUS_UNSUPPORTED_OPTION, project, SESSION, Z, &options, "jti of a project");
    options.nonce = 1;
    expect_generate(TOKMINT_STATUS_UNSUPPORTED_OPTION, application, APPLICATION_SESSION, Z, &options,
                    "nonce of an application");
    expect_generate(TOKMINT_STATUS_NO_PRIVATE_KEY, verifier, APPLICATION_SESSION, Z, NULL, "a verifier");
    expect_generate(TOKMINT_STATUS_SESSION_OF_OTHER_PROJECT, application, SESSION, Z, NULL, "a project's session");
}

static void lengths(const char *token) {
    const size_t impossible[] = {SIZE_MAX - 1, SIZE_MAX / 2 + 1};
    for (size_t index = 0; index < sizeof impossible / sizeof *impossible; index++) {
        const size_t length = impossible[index];
        const tokmint_status size = TOKMINT_STATUS_INVALID_SIZE;
        tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
        expect_new(size, KEY, length, SECRET, Z, "new: length of the key");
        expect_new(size, KEY, Z, SECRET, length, "new: length of the secret");
        expect_generate(size, project, SESSION, length, NULL, "generate: length of the session");
        expect_verify(size, project, token, length, NULL, "verify: length of the token");
        options.role = "moderator";
        options.role_length = length;
        expect_generate(size, project, SESSION, Z, &options, "length of the role");
        options.role = NULL;
        options.data = "data";
        options.data_length = length;
        expect_generate(size, project, SESSION, Z, &options, "length of the data");
        options.data = NULL;
        options.token_format = "t1";
        options.token_format_length = length;
        expect_generate(size, project, SESSION, Z, &options, "length of the format");
        options.token_format = NULL;
        const char *const class_ = "focus";
        options.initial_layout_class_list = &class_;
        options.initial_layout_class_lengths = &length;
        options.initial_layout_class_count = 1;
        expect_generate(size, project, SESSION, Z, &options, "length of a class");
        tokmint_verify_options verify = TOKMINT_VERIFY_OPTIONS_INIT;
        verify.session_id = SESSION;
        verify.session_id_length = length;
        expect_verify(size, project, token, Z, &verify, "length of the expected session");
        expect_inspect(size, project, token, length, NULL, "inspect: length of the token");
        tokmint_inspect_options inspect = TOKMINT_INSPECT_OPTIONS_INIT;
        inspect.session_id = SESSION;
        inspect.session_id_length = length;
        expect_inspect(size, project, token, Z, &inspect, "inspect: length of the expected session");
    }

    /* So many options cannot be, and none is looked at. */
    const tokmint_token_options unset = TOKMINT_TOKEN_OPTIONS_INIT;
    const size_t counts[] = {SIZE_MAX, SIZE_MAX / sizeof unset + 1, SIZE_MAX / 2 / sizeof unset + 1};
    for (size_t index = 0; index < sizeof counts / sizeof *counts; index++) {
        result result = {TOKMINT_STATUS_OK, 0};
        char *message = NULL;
        expect(TOKMINT_STATUS_INVALID_SIZE,
               tokmint_session_generate_tokens(project_session, &unset, counts[index], take_result, &result, &message),
               &message, "count of options");
        check(result.calls == 0, "no callback is called");
    }

    /* No bytes are an empty string, wherever they point to. */
    const char *const nowhere[] = {NULL, "", (const char *)1};
    for (size_t index = 0; index < sizeof nowhere / sizeof *nowhere; index++) {
        const char *at = nowhere[index];
        expect_new(TOKMINT_STATUS_INVALID_API_KEY, at, 0, SECRET, Z, "empty key");
        expect_new(TOKMINT_STATUS_INVALID_API_SECRET, KEY, Z, at, 0, "empty secret");
        expect_generate(TOKMINT_STATUS_INVALID_SESSION_ID, project, at, 0, NULL, "empty session");
        expect_verify(TOKMINT_STATUS_MALFORMED_TOKEN, project, at, 0, NULL, "empty token");
        expect_inspect(TOKMINT_STATUS_OK, project, at, 0, NULL, "inspect: empty token");
        tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
        options.data = at;
        options.data_length = 0;
        options.initial_layout_class_list = (const char *const *)at;
        expect_generate(TOKMINT_STATUS_OK, project, SESSION, Z, &options, "empty data");
        if (at != NULL) {
            options.role = at;
            options.role_length = 0;
            expect_generate(TOKMINT_STATUS_INVALID_ROLE, project, SESSION, Z, &options, "empty role");
        }
    }

    /* The length counts, not the NUL: bytes after it do not matter, a NUL before its end does. */
    expect_new(TOKMINT_STATUS_OK, "123456xx", 6, SECRET, Z, "key with a length");
    expect_new(TOKMINT_STATUS_INVALID_API_KEY, "123456\0x", 8, SECRET, Z, "key with NUL");
    expect_new(TOKMINT_STATUS_INVALID_API_SECRET, KEY, Z, "secret\0hidden", 13, "secret with NUL");
}

/* Memory between two pages that cannot be touched. */
static char *guarded(size_t *size) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, page, PROT_NONE) != 0 ||
        mprotect(memory + 2 * page, page, PROT_NONE) != 0) {
        perror("mmap");
        exit(2);
    }
    *size = page;
    return memory + page;
}

/* Puts bytes at the end of guarded memory, or at its start. */
static const char *put(char *memory, size_t size, bool at_end, const void *bytes, size_t length) {
    char *place = at_end ? memory + size - length : memory;
    memcpy(place, bytes, length);
    return place;
}

static void guard_pages(const char *token) {
    size_t size = 0;
    char *memory[6];
    for (size_t index = 0; index < 6; index++) {
        memory[index] = guarded(&size);
    }
    for (int turn = 0; turn < 4; turn++) {
        /* With the NUL as the last byte, or with a length and no NUL at all; at the end and at the start. */
        const size_t nul = turn & 1;
        const bool at_end = turn < 2;
        const size_t key = sizeof KEY - 1, secret = sizeof SECRET - 1, session = sizeof SESSION - 1;
        expect_new(TOKMINT_STATUS_OK, put(memory[0], size, at_end, KEY, key + nul), nul ? Z : key,
                   put(memory[1], size, at_end, SECRET, secret + nul), nul ? Z : secret, "guarded credentials");

        const char *at = put(memory[0], size, at_end, SESSION, session + nul);
        tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
        options.role = put(memory[1], size, at_end, "moderator", 9 + nul);
        options.role_length = nul ? Z : 9;
        options.data = put(memory[2], size, at_end, "name=Johnny", 11 + nul);
        options.data_length = nul ? Z : 11;
        options.token_format = put(memory[3], size, at_end, "t1", 2 + nul);
        options.token_format_length = nul ? Z : 2;
        const char *class_ = put(memory[4], size, at_end, "focus", 5 + nul);
        const size_t class_length = nul ? Z : 5;
        options.initial_layout_class_list = &class_;
        options.initial_layout_class_lengths = nul ? NULL : &class_length;
        options.initial_layout_class_count = 1;
        const tokmint_token_options *there = (const void *)put(memory[5], size, at_end, &options, sizeof options);
        /* The library must not write to options. */
        mprotect(memory[5], size, PROT_READ);
        expect_generate(TOKMINT_STATUS_OK, project, at, nul ? Z : session, there, "guarded options");
        mprotect(memory[5], size, PROT_READ | PROT_WRITE);

        /* As many as fit between two pages that cannot be read, and not one more is. */
        const size_t count = size / sizeof options;
        for (size_t index = 0; index < count; index++) {
            memcpy(memory[5] + index * sizeof options, &options, sizeof options);
        }
        mprotect(memory[5], size, PROT_READ);
        result result = {TOKMINT_STATUS_OK, 0};
        char *message = NULL;
        expect(TOKMINT_STATUS_OK,
               tokmint_session_generate_tokens(project_session, (const void *)memory[5], count, take_result, &result,
                                               &message),
               &message, "a batch of guarded options");
        check(result.calls == count && result.status == TOKMINT_STATUS_OK, "a batch of guarded options");
        mprotect(memory[5], size, PROT_READ | PROT_WRITE);

        const char *token_at = put(memory[2], size, at_end, token, strlen(token) + nul);
        tokmint_verify_options verify = TOKMINT_VERIFY_OPTIONS_INIT;
        verify.session_id = at;
        verify.session_id_length = nul ? Z : session;
        expect_verify(TOKMINT_STATUS_OK, project, token_at, nul ? Z : strlen(token), &verify, "guarded token");
        tokmint_inspect_options inspect = TOKMINT_INSPECT_OPTIONS_INIT;
        inspect.session_id = at;
        inspect.session_id_length = nul ? Z : session;
        expect_inspect(TOKMINT_STATUS_OK, project, token_at, nul ? Z : strlen(token), &inspect,
                       "inspect: guarded token");

        const char *id = put(memory[0], size, at_end, ID, sizeof ID - 1 + nul);
        const size_t id_length = nul ? Z : sizeof ID - 1;
        expect_created(tokmint_opentok_new_application, TOKMINT_STATUS_OK, id, id_length,
                       put(memory[1], size, at_end, private_pem.bytes, private_pem.length + nul),
                       nul ? Z : private_pem.length, "guarded private key");
        expect_created(tokmint_opentok_new_verifier, TOKMINT_STATUS_OK, id, id_length,
                       put(memory[1], size, at_end, public_pem.bytes, public_pem.length + nul),
                       nul ? Z : public_pem.length, "guarded public key");
        expect_created(tokmint_opentok_new_application, TOKMINT_STATUS_OK, id, id_length,
                       put(memory[1], size, at_end, private_der.bytes, private_der.length), private_der.length,
                       "guarded DER");
        tokmint_rest_token_options rest = TOKMINT_REST_TOKEN_OPTIONS_INIT;
        rest.jti = put(memory[0], size, at_end, JTI, sizeof JTI - 1 + nul);
        rest.jti_length = nul ? Z : sizeof JTI - 1;
        const tokmint_rest_token_options *rest_there = (const void *)put(memory[5], size, at_end, &rest, sizeof rest);
        mprotect(memory[5], size, PROT_READ);
        expect_rest(TOKMINT_STATUS_OK, application, rest_there, "guarded options of a token for REST calls");
        mprotect(memory[5], size, PROT_READ | PROT_WRITE);
    }

    /* Only the size is read of options whose size is unknown, and no more of the rest than there is. */
    for (size_t unknown = 0; unknown < 2 * sizeof(tokmint_token_options); unknown++) {
        if (unknown != sizeof(tokmint_token_options)) {
            const void *there = put(memory[0], size, true, &unknown, sizeof unknown);
            expect_generate(TOKMINT_STATUS_INVALID_SIZE, project, SESSION, Z, there, "size of token options");
        }
        if (unknown != sizeof(tokmint_rest_token_options)) {
            const void *there = put(memory[0], size, true, &unknown, sizeof unknown);
            expect_rest(TOKMINT_STATUS_INVALID_SIZE, project, there, "size of options of a token for REST calls");
        }
        if (unknown != sizeof(tokmint_verify_options)) {
            const void *there = put(memory[0], size, true, &unknown, sizeof unknown);
            expect_verify(TOKMINT_STATUS_INVALID_SIZE, project, token, Z, there, "size of verify options");
        }
        if (unknown != sizeof(tokmint_inspect_options)) {
            const void *there = put(memory[0], size, true, &unknown, sizeof unknown);
            expect_inspect(TOKMINT_STATUS_INVALID_SIZE, project, token, Z, there, "size of inspect options");
        }
    }
}

/* The same for tokens that RSA signs, and for those of REST calls. */
static void short_buffers_of_applications(void) {
    size_t page = 0, length = 0, needed = 0;
    char *memory = guarded(&page), *token = NULL;
    tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
    tokmint_rest_token_options rest = TOKMINT_REST_TOKEN_OPTIONS_INIT;
    options.jti = rest.jti = JTI;
    options.create_time = rest.create_time = 1700000000;
    for (int turn = 0; turn < 3; turn++) {
        const tokmint_opentok *opentok = turn == 2 ? project : application;
        if (turn == 0) {
            tokmint_generate_token(opentok, APPLICATION_SESSION, Z, &options, &token, &length, NULL);
        } else {
            tokmint_generate_rest_token(opentok, &rest, &token, &length, NULL);
        }
        for (size_t size = 0; size <= length + 1; size++) {
            if (size > 2 && size < length - 2) {
                /* A signature takes a while. */
                size = length - 2;
            }
            const bool fits = size > length;
            char *buffer = memory + page - size, *message = NULL;
            memset(memory, '#', page);
            needed = 0;
            const tokmint_status status =
                turn == 0 ? tokmint_generate_token_into(opentok, APPLICATION_SESSION, Z, &options, buffer, size,
                                                        &needed, &message)
                          : tokmint_generate_rest_token_into(opentok, &rest, buffer, size, &needed, &message);
            check(status == (fits ? TOKMINT_STATUS_OK : TOKMINT_STATUS_BUFFER_TOO_SHORT), "a buffer of %zu bytes",
                  size);
            check(fits ? needed == length && strcmp(buffer, token) == 0 : needed >= length, "%zu bytes: length", size);
            char with_nul[32];
            snprintf(with_nul, sizeof with_nul, " %zu bytes", needed + 1);
            check(fits ? message == NULL : message != NULL && strstr(message, with_nul) != NULL, "%zu bytes: message",
                  size);
            tokmint_string_free(message);
            size_t touched = 0;
            while (touched < page && memory[touched] == '#') {
                touched++;
            }
            check(touched == (fits ? page - size : page), "a buffer of %zu bytes is touched at %zu", size, touched);
        }
        tokmint_string_free(token);
    }
}

static void short_buffers(void) {
    size_t page = 0;
    char *memory = guarded(&page), *message = NULL;
    const char *const formats[] = {"jwt", "t1"};
    for (size_t format = 0; format < 2; format++) {
        tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
        options.token_format = formats[format];
        options.nonce = 0;
        options.create_time = 1700000000;
        size_t length = 0, needed = 0;
        char *token = NULL;
        check(tokmint_generate_token(project, SESSION, Z, &options, &token, &length, NULL) == TOKMINT_STATUS_OK,
              "a token");
        for (size_t size = 0; size <= length; size++) {
            char *buffer = memory + page - size;
            memset(memory, '#', page);
            message = NULL;
            expect(TOKMINT_STATUS_BUFFER_TOO_SHORT,
                   tokmint_generate_token_into(project, SESSION, Z, &options, buffer, size, &needed, &message),
                   &message, "short buffer");
            check(needed >= length, "the length that is asked for is enough");
            message = NULL;
            tokmint_generate_token_into(project, SESSION, Z, &options, buffer, size, &needed, &message);
            char with_nul[32];
            snprintf(with_nul, sizeof with_nul, " %zu bytes", needed + 1);
            check(message != NULL && strstr(message, with_nul) != NULL, "the message counts the NUL: %s", message);
            tokmint_string_free(message);
            for (size_t index = 0; index < page; index++) {
                if (memory[index] != '#') {
                    check(0, "a short buffer of %zu bytes is written to at %zu", size, index);
                    break;
                }
            }
        }
        memset(memory, '#', page);
        char *buffer = memory + page - (length + 1);
        check(tokmint_generate_token_into(project, SESSION, Z, &options, buffer, length + 1, &needed, NULL) ==
                  TOKMINT_STATUS_OK,
              "a buffer that fits");
        check(needed == length && strcmp(buffer, token) == 0 && buffer[-1] == '#', "the token, its NUL and no more");
        memset(memory, '#', page);
        message = NULL;
        expect(TOKMINT_STATUS_BUFFER_TOO_SHORT,
               tokmint_session_generate_token_into(project_session, &options, buffer + 1, length, &needed, &message),
               &message, "session: short buffer");
        check(needed >= length && buffer[1] == '#', "session: the length that is asked for is enough");
        check(tokmint_session_generate_token_into(project_session, &options, buffer, length + 1, &needed, NULL) ==
                      TOKMINT_STATUS_OK &&
                  needed == length && strcmp(buffer, token) == 0 && buffer[-1] == '#',
              "session: the token, its NUL and no more");

        /* The two-call pattern, with another nonce in between. */
        check(tokmint_generate_token_into(project, SESSION, Z, &options, NULL, 0, &needed, NULL) ==
                  TOKMINT_STATUS_BUFFER_TOO_SHORT,
              "asking for the length");
        options.nonce = INT64_C(9007199254740991);
        check(tokmint_generate_token_into(project, SESSION, Z, &options, memory, needed + 1, &length, NULL) ==
                  TOKMINT_STATUS_OK,
              "the length holds any nonce");
        /* A size that cannot be is not believed. */
        check(tokmint_generate_token_into(project, SESSION, Z, &options, memory, SIZE_MAX, &length, NULL) ==
                  TOKMINT_STATUS_OK,
              "a buffer of any size");
        tokmint_string_free(token);
    }
}

static void not_utf8(const char *token) {
    const char *const bad[] = {"\xff", "abc\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"};
    for (size_t index = 0; index < sizeof bad / sizeof *bad; index++) {
        const tokmint_status utf8 = TOKMINT_STATUS_INVALID_UTF8;
        const char *string = bad[index];
        expect_new(utf8, string, Z, SECRET, Z, "key is not UTF-8");
        expect_new(utf8, KEY, Z, string, Z, "secret is not UTF-8");
        expect_generate(utf8, project, string, Z, NULL, "session is not UTF-8");
        expect_verify(TOKMINT_STATUS_MALFORMED_TOKEN, project, string, Z, NULL, "token is not UTF-8");
        tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
        options.data = string;
        expect_generate(TOKMINT_STATUS_INVALID_DATA, project, SESSION, Z, &options, "data is not UTF-8");
        options.role = string;
        expect_generate(utf8, project, SESSION, Z, &options, "role is not UTF-8");
        options.role = options.data = NULL;
        options.token_format = string;
        expect_generate(utf8, project, SESSION, Z, &options, "format is not UTF-8");
        options.token_format = NULL;
        options.initial_layout_class_list = &string;
        options.initial_layout_class_count = 1;
        expect_generate(utf8, project, SESSION, Z, &options, "class is not UTF-8");
        tokmint_verify_options verify = TOKMINT_VERIFY_OPTIONS_INIT;
        verify.session_id = string;
        expect_verify(utf8, project, token, Z, &verify, "expected session is not UTF-8");
        expect_inspect(TOKMINT_STATUS_OK, project, string, Z, NULL, "inspect: token is not UTF-8");
        tokmint_inspect_options inspect = TOKMINT_INSPECT_OPTIONS_INIT;
        inspect.session_id = string;
        expect_inspect(utf8, project, token, Z, &inspect, "inspect: expected session is not UTF-8");
    }
}

/* The functions that initialise options set the same bytes as the macros, touch nothing behind the struct, and refuse
 * sizes that no version has. */
static void initialised(void) {
    const tokmint_token_options token = TOKMINT_TOKEN_OPTIONS_INIT;
    const tokmint_rest_token_options rest_token = TOKMINT_REST_TOKEN_OPTIONS_INIT;
    const tokmint_verify_options verify = TOKMINT_VERIFY_OPTIONS_INIT;
    const tokmint_inspect_options inspect = TOKMINT_INSPECT_OPTIONS_INIT;
    size_t size = 0;
    char *memory = guarded(&size);
#define INITIALISED(name, unset)                                                                                       \
    do {                                                                                                               \
        tokmint_##name##_options *options = (void *)(memory + size - sizeof unset);                                    \
        memset(options, '#', sizeof unset);                                                                            \
        for (size_t wrong = 0; wrong < 2 * sizeof unset; wrong++) {                                                    \
            const tokmint_status status = tokmint_##name##_options_init(options, wrong);                               \
            check((status == TOKMINT_STATUS_OK) == (wrong == sizeof unset), "init of " #name ": size %zu", wrong);     \
        }                                                                                                              \
        check(memcmp(options, &unset, sizeof unset) == 0, "init of " #name ": as the macro does");                     \
        check(tokmint_##name##_options_init(NULL, sizeof unset) == TOKMINT_STATUS_NULL_POINTER, "init of " #name);     \
    } while (0)
    INITIALISED(token, token);
    INITIALISED(rest_token, rest_token);
    INITIALISED(verify, verify);
    INITIALISED(inspect, inspect);
#undef INITIALISED
}

/* Lists longer than the library keeps on the stack. */
static void many_classes(void) {
    static const char *classes[600];
    for (size_t index = 0; index < 600; index++) {
        classes[index] = "a";
    }
    tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
    options.initial_layout_class_list = classes;
    for (size_t count = 0; count <= 600; count++) {
        options.initial_layout_class_count = count;
        expect_generate(count <= 500 ? TOKMINT_STATUS_OK : TOKMINT_STATUS_LAYOUT_CLASS_LIST_TOO_LONG, project, SESSION,
                        Z, &options, "many classes");
    }
}

/* Data of every length, up to the longest. */
static void long_data(void) {
    static char data[1001];
    memset(data, 'x', 1000);
    size_t before = 0;
    for (int turn = 0; turn < 2; turn++, before = 0) {
        tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
        options.token_format = turn == 0 ? "jwt" : "t1";
        options.nonce = 1;
        options.create_time = 1700000000;
        options.data = data;
        for (options.data_length = 1; options.data_length <= 1000; options.data_length++) {
            char *token = NULL, buffer[4096] = "";
            size_t length = 0, length_into = 0;
            check(tokmint_generate_token(project, SESSION, Z, &options, &token, &length, NULL) == TOKMINT_STATUS_OK &&
                      tokmint_generate_token_into(project, SESSION, Z, &options, buffer, sizeof buffer, &length_into,
                                                  NULL) == TOKMINT_STATUS_OK &&
                      length == length_into && length >= before && strcmp(token, buffer) == 0,
                  "%zu bytes of data", options.data_length);
            before = length;
            tokmint_string_free(token);
        }
        check(before > 1500, "they become long, not %zu", before);
    }
}

int main(int argc, char **argv) {
    char *token = NULL;
    if (argc != 2) {
        fputs("usage: boundary <folder of the keys>\n", stderr);
        return 2;
    }
    read_file(argv[1], "private.pem", &private_pem);
    read_file(argv[1], "private.der", &private_der);
    read_file(argv[1], "public.pem", &public_pem);
    read_file(argv[1], "public.der", &public_der);
    if (tokmint_opentok_new(KEY, Z, SECRET, Z, &project, NULL) != TOKMINT_STATUS_OK ||
        tokmint_opentok_new_application("A98E12CA-F3E5-4DF8-BC66-FD4B5F30B9E9", Z, private_pem.bytes, Z, &application,
                                        NULL) != TOKMINT_STATUS_OK ||
        tokmint_opentok_new_verifier("A98E12CA-F3E5-4DF8-BC66-FD4B5F30B9E9", Z, public_pem.bytes, Z, &verifier, NULL) !=
            TOKMINT_STATUS_OK ||
        tokmint_opentok_session(project, SESSION, Z, &project_session, NULL) != TOKMINT_STATUS_OK ||
        tokmint_generate_token(project, SESSION, Z, NULL, &token, NULL, NULL) != TOKMINT_STATUS_OK) {
        fputs("no token\n", stderr);
        return 2;
    }
    check(strcmp(tokmint_version(), TOKMINT_VERSION) == 0, "header and library have one version");
    null_pointers(token);
    applications();
    readers(token);
    lengths(token);
    guard_pages(token);
    short_buffers();
    short_buffers_of_applications();
    not_utf8(token);
    initialised();
    many_classes();
    long_data();
    tokmint_string_free(token);
    tokmint_session_free(project_session);
    tokmint_opentok_free(verifier);
    tokmint_opentok_free(application);
    tokmint_opentok_free(project);
    printf("C boundary: %d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
