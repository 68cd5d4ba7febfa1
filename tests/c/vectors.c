/* Every file of tests/vectors (see its README) through tokmint.h.
 *
 * Usage: vectors <folder of the vectors>. Generates with both functions, and through a session with all of its three;
 * they must agree. */

#include <jansson.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "check.h"
#include "sign.h"
#include "tokmint.h"

static const char API_KEY[] = "123456";
static const char API_SECRET[] = "1234567890abcdef1234567890abcdef1234567890";
static const char APPLICATION_ID[] = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
static const char APPLICATION_SESSION[] =
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

/* The keys that vectors name. */
static json_t *keys;

/* The number of signatures that were looked for in the forms of inspections. */
static size_t signatures;

/* What sessions did: tokens they gave, errors they gave, and how many of them could not be made. */
static size_t session_tokens, session_errors, refused_sessions;

/* Most layout classes in a vector. */
enum { MAX_CLASSES = 2048 };

typedef struct string {
    char *bytes;
    size_t length;
} string;

static void append(string *target, const char *bytes, size_t length) {
    target->bytes = realloc(target->bytes, target->length + length + 1);
    if (target->bytes == NULL) {
        perror("realloc");
        exit(2);
    }
    memcpy(target->bytes + target->length, bytes, length);
    target->length += length;
    target->bytes[target->length] = '\0';
}

static void append_code_point(string *target, unsigned code) {
    char bytes[4];
    size_t length = 0;
    if (code < 0x80) {
        bytes[length++] = (char)code;
    } else if (code < 0x800) {
        bytes[length++] = (char)(0xc0 | code >> 6);
        bytes[length++] = (char)(0x80 | (code & 63));
    } else if (code < 0x10000) {
        /* Half of a surrogate pair as well: the three bytes that a binding would receive. */
        bytes[length++] = (char)(0xe0 | code >> 12);
        bytes[length++] = (char)(0x80 | (code >> 6 & 63));
        bytes[length++] = (char)(0x80 | (code & 63));
    } else {
        bytes[length++] = (char)(0xf0 | code >> 18);
        bytes[length++] = (char)(0x80 | (code >> 12 & 63));
        bytes[length++] = (char)(0x80 | (code >> 6 & 63));
        bytes[length++] = (char)(0x80 | (code & 63));
    }
    append(target, bytes, length);
}

/* Expands a string of the vectors' notation. */
static string expand(const json_t *value, const json_t *context) {
    string result = {NULL, 0};
    append(&result, "", 0);
    const json_t *part;
    if (json_is_string(value)) {
        append(&result, json_string_value(value), json_string_length(value));
    } else if ((part = json_object_get(value, "repeat")) != NULL) {
        string once = expand(part, context);
        const json_int_t times = json_integer_value(json_object_get(value, "times"));
        free(result.bytes);
        result.length = once.length * (size_t)times;
        result.bytes = malloc(result.length + 1);
        if (result.bytes == NULL) {
            perror("malloc");
            exit(2);
        }
        for (json_int_t time = 0; time < times; time++) {
            memcpy(result.bytes + (size_t)time * once.length, once.bytes, once.length);
        }
        result.bytes[result.length] = '\0';
        free(once.bytes);
    } else if ((part = json_object_get(value, "concat")) != NULL) {
        for (size_t index = 0; index < json_array_size(part); index++) {
            string piece = expand(json_array_get(part, index), context);
            append(&result, piece.bytes, piece.length);
            free(piece.bytes);
        }
    } else if ((part = json_object_get(value, "utf16")) != NULL) {
        for (size_t index = 0; index < json_array_size(part); index++) {
            unsigned unit = (unsigned)json_integer_value(json_array_get(part, index));
            const unsigned next = (unsigned)json_integer_value(json_array_get(part, index + 1));
            if (unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
                unit = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
                index++;
            }
            append_code_point(&result, unit);
        }
    } else {
        const char *secret = json_string_value(json_object_get(context, "secret"));
        const char *key = json_string_value(json_object_get(context, "api_key"));
        char *token = NULL;
        if ((part = json_object_get(value, "jwt")) != NULL) {
            string header = expand(json_object_get(part, "header"), context);
            string payload = expand(json_object_get(part, "payload"), context);
            token = sign_jwt(header.bytes, header.length, payload.bytes, payload.length, secret);
            free(header.bytes);
            free(payload.bytes);
        } else if ((part = json_object_get(value, "t1")) != NULL) {
            string data = expand(json_object_get(part, "data"), context);
            token = sign_t1(key, data.bytes, data.length, secret);
            free(data.bytes);
        } else if ((part = json_object_get(value, "base64")) != NULL) {
            const int length = (int)json_string_length(part);
            token = calloc((size_t)length + 1, 1);
            const int decoded =
                EVP_DecodeBlock((unsigned char *)token, (const unsigned char *)json_string_value(part), length);
            /* It counts the padding as bytes. */
            const char *padding = strchr(json_string_value(part), '=');
            check(decoded >= 0, "base64 reads");
            append(&result, token, (size_t)decoded - (padding == NULL ? 0 : strlen(padding)));
            free(token);
            return result;
        } else {
            fprintf(stderr, "the runner does not know this string: %s\n", json_dumps(value, JSON_ENCODE_ANY));
            exit(2);
        }
        append(&result, token, strlen(token));
        free(token);
    }
    return result;
}

static json_t *load(const char *folder, const char *file) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    json_error_t error;
    json_t *json = json_load_file(path, JSON_ALLOW_NUL, &error);
    if (json == NULL) {
        fprintf(stderr, "%s: line %d: %s\n", path, error.line, error.text);
        exit(2);
    }
    return json;
}

/* An optional integer, counted if it is set. */
static int64_t integer(const json_t *options, const char *name, size_t *known) {
    const json_t *number = json_object_get(options, name);
    if (number == NULL) {
        return TOKMINT_UNSET;
    }
    check(json_is_integer(number), "%s is an integer", name);
    ++*known;
    return json_integer_value(number);
}

/* An optional string, counted if it is set; its bytes are to be freed. */
static string optional_string(const json_t *options, const char *name, size_t *known) {
    const json_t *value = json_object_get(options, name);
    const string unset = {NULL, 0};
    *known += value != NULL;
    return value == NULL ? unset : expand(value, NULL);
}

/* Whether an option has the one value that means "not given" in C. */
static bool is_unset(const json_t *options) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)options, name, value) {
        if (json_is_integer(value) && json_integer_value(value) == TOKMINT_UNSET) {
            return true;
        }
    }
    return false;
}

/* Whether a string names the issuer: as it is, or in lower case. */
static bool is_issuer(const char *string, const char *issuer) {
    return string != NULL && strcasecmp(string, issuer) == 0 && strpbrk(string, "ABCDEF") == NULL;
}

typedef tokmint_status constructor(const char *, size_t, const char *, size_t, tokmint_opentok **, char **);

/* Makes credentials of an API key and its secret, or of an application ID and a key. */
static tokmint_status construct(constructor *create, const json_t *issuer, const json_t *key,
                                tokmint_opentok **opentok) {
    string id = expand(issuer, NULL), secret = expand(key, NULL);
    char *message = NULL;
    const tokmint_status status = create(id.bytes, id.length, secret.bytes, secret.length, opentok, &message);
    check((message == NULL) == (status == TOKMINT_STATUS_OK), "a message with a failure only");
    /* Nothing of it, unless it is short, or bytes with NUL. */
    const size_t start = secret.length > 500 ? 300 : 0, wanted = secret.length > 500 ? 16 : secret.length;
    char *piece = calloc(wanted + 1, 1);
    memcpy(piece, secret.bytes + start, wanted);
    check(message == NULL || strlen(piece) < 8 || strlen(piece) < wanted || strstr(message, piece) == NULL,
          "no secret in a message: %s", message);
    free(piece);
    if (status == TOKMINT_STATUS_OK) {
        const char *api_key = tokmint_opentok_api_key(*opentok);
        const char *application_id = tokmint_opentok_application_id(*opentok);
        const bool is_project = create == tokmint_opentok_new;
        check((is_project ? application_id : api_key) == NULL, "credentials have one issuer");
        check(is_issuer(is_project ? api_key : application_id, id.bytes), "credentials name their issuer");
    }
    tokmint_string_free(message);
    free(id.bytes);
    free(secret.bytes);
    return status;
}

/* Makes the credentials of a vector: a project's, an application's with its private key, or those of a verifier. */
static tokmint_status new_opentok(const json_t *vector, tokmint_opentok **opentok) {
    const json_t *api_key = json_object_get(vector, "api_key");
    if (api_key != NULL) {
        return construct(tokmint_opentok_new, api_key, json_object_get(vector, "api_secret"), opentok);
    }
    const char *private_key = json_string_value(json_object_get(vector, "private_key"));
    const char *public_key = json_string_value(json_object_get(vector, "public_key"));
    check((private_key == NULL) != (public_key == NULL), "an application has one key");
    const json_t *pair = json_object_get(keys, private_key != NULL ? private_key : public_key);
    const json_t *key = json_object_get(pair, private_key != NULL ? "private_key" : "public_key");
    return construct(private_key != NULL ? tokmint_opentok_new_application : tokmint_opentok_new_verifier,
                     json_object_get(vector, "application_id"), key, opentok);
}

/* What a batch of one session must give for each of its elements. */
typedef struct expected {
    tokmint_status status;
    const char *token, *message;
    bool is_reproducible;
    size_t next;
} expected;

enum { BATCH = 4, AT_FAULT = 1 };

static int compare_with_expected(void *user_data, size_t index, tokmint_status status, const char *token,
                                 size_t token_length, const char *message) {
    expected *expected = user_data;
    check(index == expected->next++, "results come in order");
    if (index == AT_FAULT) {
        check(status == TOKMINT_STATUS_INVALID_ROLE && token == NULL, "an element has its own error");
        return 0;
    }
    check(status == expected->status, "a batch agrees: %d, %d", (int)status, (int)expected->status);
    if (status == TOKMINT_STATUS_OK) {
        check(message == NULL && strlen(token) == token_length &&
                  (!expected->is_reproducible || strcmp(token, expected->token) == 0),
              "a batch gives the same token");
    } else {
        check(token == NULL && token_length == 0 && strcmp(message, expected->message) == 0,
              "a batch gives the same message: %s", message);
    }
    return 0;
}

/* Generates through a session what the credentials generated themselves. */
static void check_session(const tokmint_opentok *opentok, const string *session_id,
                          const tokmint_token_options *options, expected *expected) {
    static char buffer[65536];
    tokmint_session *session = NULL;
    char *message = NULL, *token = NULL;
    size_t length = 0, length_into = 0;
    tokmint_status status = tokmint_opentok_session(opentok, session_id->bytes, session_id->length, &session, &message);
    check((session != NULL) == (status == TOKMINT_STATUS_OK) && (message == NULL) == (status == TOKMINT_STATUS_OK),
          "a session, or a message");
    if (status != TOKMINT_STATUS_OK) {
        /* What the library reads itself comes before the session. */
        const bool is_read_before = expected->status == TOKMINT_STATUS_INVALID_ROLE ||
                                    expected->status == TOKMINT_STATUS_INVALID_TOKEN_FORMAT ||
                                    expected->status == TOKMINT_STATUS_INVALID_DATA ||
                                    expected->status == TOKMINT_STATUS_INVALID_UTF8;
        check(is_read_before || (status == expected->status && strcmp(message, expected->message) == 0),
              "the session has the same error: %d, %d", (int)status, (int)expected->status);
        tokmint_string_free(message);
        refused_sessions++;
        return;
    }
    check(strcmp(tokmint_session_id(session), session_id->bytes) == 0, "the ID of the session");
    memset(buffer, '#', sizeof buffer);
    status = tokmint_session_generate_token(session, options, &token, &length, &message);
    const tokmint_status status_into =
        tokmint_session_generate_token_into(session, options, buffer, sizeof buffer, &length_into, NULL);
    check(status == expected->status && status_into == expected->status, "a session agrees: %d, %d, %d", (int)status,
          (int)status_into, (int)expected->status);
    if (status == TOKMINT_STATUS_OK) {
        check(message == NULL && length == strlen(token) && length == length_into, "the length of a token is its own");
        check(!expected->is_reproducible || (strcmp(token, expected->token) == 0 && strcmp(token, buffer) == 0),
              "a session gives the same token");
        session_tokens++;
    } else {
        check(token == NULL && buffer[0] == '#', "nothing is written on failure");
        check(strcmp(message, expected->message) == 0, "a session gives the same message: %s", message);
        session_errors++;
    }
    tokmint_string_free(token);
    tokmint_string_free(message);

    tokmint_token_options batch[BATCH] = {*options, *options, *options, *options};
    batch[AT_FAULT].role = "root";
    batch[AT_FAULT].role_length = TOKMINT_NUL_TERMINATED;
    check(tokmint_session_generate_tokens(session, batch, BATCH, compare_with_expected, expected, &message) ==
                  TOKMINT_STATUS_OK &&
              message == NULL && expected->next == BATCH,
          "a batch gives all results");
    tokmint_session_free(session);
}

/* Generates with both functions, and through a session. */
static tokmint_status generate(const tokmint_opentok *opentok, const json_t *session, const json_t *json,
                               char **token) {
    static string classes[MAX_CLASSES];
    static const char *class_list[MAX_CLASSES];
    static size_t class_lengths[MAX_CLASSES];
    size_t known = 0;
    string session_id = expand(session, NULL);
    string role = optional_string(json, "role", &known), format = optional_string(json, "token_format", &known);
    string data = optional_string(json, "data", &known), jti = optional_string(json, "jti", &known);

    tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
    options.role = role.bytes;
    options.role_length = role.length;
    options.expire_time = integer(json, "expire_time", &known);
    options.expires_in = integer(json, "expires_in", &known);
    options.data = data.bytes;
    options.data_length = data.length;
    options.token_format = format.bytes;
    options.token_format_length = format.length;
    options.create_time = integer(json, "create_time", &known);
    options.nonce = integer(json, "nonce", &known);
    options.jti = jti.bytes;
    options.jti_length = jti.length;
    const json_t *list = json_object_get(json, "initial_layout_class_list");
    if (list != NULL) {
        if (json_array_size(list) > MAX_CLASSES) {
            fprintf(stderr, "the runner holds %d classes only\n", (int)MAX_CLASSES);
            exit(2);
        }
        for (size_t index = 0; index < json_array_size(list); index++) {
            classes[index] = expand(json_array_get(list, index), NULL);
            class_list[index] = classes[index].bytes;
            class_lengths[index] = classes[index].length;
        }
        options.initial_layout_class_list = class_list;
        options.initial_layout_class_lengths = class_lengths;
        options.initial_layout_class_count = json_array_size(list);
        known++;
    }
    check(known == json_object_size(json), "the runner knows every option");

    char *message = NULL;
    size_t length = 0, length_into = 0;
    *token = NULL;
    const tokmint_status status =
        tokmint_generate_token(opentok, session_id.bytes, session_id.length, &options, token, &length, &message);
    static char buffer[65536];
    memset(buffer, '#', sizeof buffer);
    const tokmint_status status_into = tokmint_generate_token_into(opentok, session_id.bytes, session_id.length,
                                                                   &options, buffer, sizeof buffer, &length_into, NULL);
    check(status == status_into, "both functions agree: %d, %d", (int)status, (int)status_into);
    check((message == NULL) == (status == TOKMINT_STATUS_OK), "a message with a failure only");
    if (status == TOKMINT_STATUS_OK) {
        check(length == strlen(*token) && length == length_into, "the length of a token is its own");
        const bool is_reproducible = options.nonce != TOKMINT_UNSET || options.jti != NULL;
        check(!is_reproducible || strcmp(*token, buffer) == 0, "both functions give the same token");
    } else {
        check(*token == NULL && buffer[0] == '#', "nothing is written on failure");
    }
    expected same = {status, *token, message, options.nonce != TOKMINT_UNSET || options.jti != NULL, 0};
    check_session(opentok, &session_id, &options, &same);

    tokmint_string_free(message);
    for (size_t index = 0; index < json_array_size(list); index++) {
        free(classes[index].bytes);
    }
    free(jti.bytes);
    free(data.bytes);
    free(format.bytes);
    free(role.bytes);
    free(session_id.bytes);
    return status;
}

/* Generates a token for REST calls with both functions. */
static tokmint_status generate_rest(const tokmint_opentok *opentok, const json_t *json, char **token) {
    size_t known = 0;
    string jti = optional_string(json, "jti", &known);
    tokmint_rest_token_options options = TOKMINT_REST_TOKEN_OPTIONS_INIT;
    options.expires_in = integer(json, "expires_in", &known);
    options.create_time = integer(json, "create_time", &known);
    options.jti = jti.bytes;
    options.jti_length = jti.length;
    check(known == json_object_size(json), "the runner knows every option");

    char *message = NULL, buffer[4096] = "#";
    size_t length = 0, length_into = 0;
    *token = NULL;
    const tokmint_status status = tokmint_generate_rest_token(opentok, &options, token, &length, &message);
    const tokmint_status status_into =
        tokmint_generate_rest_token_into(opentok, &options, buffer, sizeof buffer, &length_into, NULL);
    check(status == status_into, "both functions agree: %d, %d", (int)status, (int)status_into);
    check((message == NULL) == (status == TOKMINT_STATUS_OK), "a message with a failure only");
    if (status == TOKMINT_STATUS_OK) {
        check(length == strlen(*token) && length == length_into, "the length of a token is its own");
        check(options.jti == NULL || strcmp(*token, buffer) == 0, "both functions give the same token");
    } else {
        check(*token == NULL && buffer[0] == '#', "nothing is written on failure");
    }
    tokmint_string_free(message);
    free(jti.bytes);
    return status;
}

static tokmint_status verify(const tokmint_opentok *opentok, const char *token, size_t length, const json_t *json,
                             tokmint_token **verified) {
    size_t known = 0;
    string session_id = optional_string(json, "session_id", &known);
    tokmint_verify_options options = TOKMINT_VERIFY_OPTIONS_INIT;
    options.now = integer(json, "now", &known);
    options.leeway = integer(json, "leeway", &known);
    options.session_id = session_id.bytes;
    options.session_id_length = session_id.length;
    check(known == json_object_size(json), "the runner knows every option");
    char *message = NULL;
    *verified = NULL;
    const tokmint_status status = tokmint_verify_token(opentok, token, length, &options, verified, &message);
    check((*verified != NULL) == (status == TOKMINT_STATUS_OK), "a token with success only");
    check((message == NULL) == (status == TOKMINT_STATUS_OK), "a message with a failure only");
    tokmint_string_free(message);
    if (status == TOKMINT_STATUS_OK) {
        tokmint_session *session = NULL;
        tokmint_token *again = NULL;
        check(tokmint_opentok_session(opentok, (*verified)->session_id, (*verified)->session_id_length, &session,
                                      NULL) == TOKMINT_STATUS_OK &&
                  tokmint_session_verify_token(session, token, length, &options, &again, NULL) == TOKMINT_STATUS_OK,
              "its session verifies it");
        check(again != NULL && strcmp(again->session_id, (*verified)->session_id) == 0 &&
                  strcmp(again->nonce, (*verified)->nonce) == 0 && again->expire_time == (*verified)->expire_time,
              "and says the same");
        tokmint_token_free(again);
        tokmint_session_free(session);
    }
    free(session_id.bytes);
    return status;
}

/* Verifies at one moment. */
static tokmint_status verify_at(const tokmint_opentok *opentok, const char *token, size_t length, const json_t *now,
                                tokmint_token **verified) {
    json_t *options = json_pack("{s:O}", "now", now);
    const tokmint_status status = verify(opentok, token, length, options, verified);
    json_decref(options);
    return status;
}

/* Compares with the expected string; if none is given, with `otherwise`. */
static bool is_bytes(const char *bytes, size_t length, const json_t *expected, const char *otherwise) {
    string want = {NULL, 0};
    if (expected == NULL) {
        append(&want, otherwise, strlen(otherwise));
    } else {
        want = expand(expected, NULL);
    }
    const bool is_equal = want.length == length && memcmp(want.bytes, bytes, length) == 0 && bytes[length] == '\0';
    free(want.bytes);
    return is_equal;
}

static bool is_string(const char *string, const json_t *expected, const char *otherwise) {
    return is_bytes(string, strlen(string), expected, otherwise);
}

/* Compares a string that is NULL where the expected one is absent. */
static bool is_optional_bytes(const char *bytes, size_t length, const json_t *expected) {
    return expected == NULL ? bytes == NULL && length == 0 : bytes != NULL && is_bytes(bytes, length, expected, "");
}

static bool are_classes(const tokmint_token *token, const json_t *expected) {
    if (token->initial_layout_class_list == NULL || token->initial_layout_class_count != json_array_size(expected)) {
        return false;
    }
    for (size_t index = 0; index < token->initial_layout_class_count; index++) {
        if (!is_bytes(token->initial_layout_class_list[index], token->initial_layout_class_lengths[index],
                      json_array_get(expected, index), "")) {
            return false;
        }
    }
    return true;
}

/* Compares a string that may be absent with a member of JSON. */
static bool is_optional(const char *string, const json_t *member) {
    return string == NULL ? json_is_null(member) : is_string(string, member, "");
}

/* Compares a time with a member of JSON, which has it as RFC 3339 if its year has four digits. */
static bool is_time(int64_t seconds, const json_t *member) {
    if (seconds < 0 || seconds > INT64_C(253402300799)) {
        return json_is_null(member);
    }
    char shown[32];
    const time_t time = (time_t)seconds;
    strftime(shown, sizeof shown, "%Y-%m-%dT%H:%M:%SZ", gmtime(&time));
    return is_string(shown, member, "");
}

static bool are_fields(const tokmint_inspection *inspection, size_t count,
                       const tokmint_field *(*at)(const tokmint_inspection *, size_t), const json_t *list) {
    for (size_t index = 0; index < count; index++) {
        const tokmint_field *field = at(inspection, index);
        const json_t *expected = json_array_get(list, index);
        if (!is_bytes(field->name, field->name_length, json_object_get(expected, "name"), "") ||
            !is_bytes(field->value, field->value_length, json_object_get(expected, "value"), "")) {
            return false;
        }
    }
    return count == json_array_size(list) && at(inspection, count) == NULL && at(inspection, SIZE_MAX) == NULL;
}

static bool are_findings(const tokmint_inspection *inspection, const json_t *list) {
    static const char *const severities[] = {"refused", "warning", "note"};
    const size_t count = tokmint_inspection_finding_count(inspection);
    for (size_t index = 0; index < count; index++) {
        const tokmint_finding *finding = tokmint_inspection_finding(inspection, index);
        const json_t *expected = json_array_get(list, index);
        if (strlen(finding->message) < 20 || !is_string(finding->code, json_object_get(expected, "code"), "") ||
            !is_string(severities[finding->severity], json_object_get(expected, "severity"), "") ||
            !is_string(finding->message, json_object_get(expected, "message"), "") ||
            !is_optional(finding->server_message, json_object_get(expected, "server_message"))) {
            return false;
        }
    }
    return count == json_array_size(list) && tokmint_inspection_finding(inspection, count) == NULL;
}

static bool is_token(const tokmint_token *token, const json_t *expected) {
    if (token == NULL) {
        return json_is_null(expected);
    }
    return json_object_size(expected) == 9 && is_string(token->format, json_object_get(expected, "format"), "") &&
           (token->api_key == NULL) != (token->application_id == NULL) &&
           is_optional_bytes(token->api_key, token->api_key_length, json_object_get(expected, "api_key")) &&
           is_optional_bytes(token->application_id, token->application_id_length,
                             json_object_get(expected, "application_id")) &&
           is_bytes(token->session_id, token->session_id_length, json_object_get(expected, "session_id"), "") &&
           is_string(token->role, json_object_get(expected, "role"), "") &&
           token->create_time == json_integer_value(json_object_get(expected, "create_time")) &&
           token->expire_time == json_integer_value(json_object_get(expected, "expire_time")) &&
           is_bytes(token->data, token->data_length, json_object_get(expected, "data"), "") &&
           are_classes(token, json_object_get(expected, "initial_layout_class_list")) &&
           is_bytes(token->nonce, token->nonce_length, json_object_get(expected, "nonce"), "");
}

static bool is_lifetime(int64_t lifetime, const json_t *expected) {
    return lifetime == TOKMINT_UNSET ? json_is_null(expected)
                                     : json_is_integer(expected) && lifetime == json_integer_value(expected);
}

static const char *signature_of(const tokmint_inspection *inspection) {
    static const char *const names[] = {"unchecked", "valid", "invalid"};
    return names[tokmint_inspection_signature(inspection)];
}

/* The JSON form, which core writes, says what the getters do, and no form holds the secret or the
 * signature of the token. */
static void check_forms(const tokmint_inspection *inspection, const char *token, size_t length, const char *name) {
    char *json = NULL, *said = NULL, *message = NULL;
    check(tokmint_inspection_to_json(inspection, &json, &message) == TOKMINT_STATUS_OK && message == NULL, "JSON: %s",
          name);
    check(tokmint_inspection_to_text(inspection, &said, &message) == TOKMINT_STATUS_OK && message == NULL, "text: %s",
          name);
    json_t *form = json_loads(json, JSON_ALLOW_NUL, NULL);
    check(json_object_size(form) == 11, "the runner compares every member: %s", name);
    check(is_optional(tokmint_inspection_format(inspection), json_object_get(form, "format")), "format: %s", name);
    check(is_string(signature_of(inspection), json_object_get(form, "signature"), ""), "signature: %s", name);
    check(are_fields(inspection, tokmint_inspection_header_count(inspection), tokmint_inspection_header,
                     json_object_get(form, "header")),
          "header: %s", name);
    check(are_fields(inspection, tokmint_inspection_field_count(inspection), tokmint_inspection_field,
                     json_object_get(form, "fields")),
          "fields: %s", name);
    check(is_token(tokmint_inspection_token(inspection), json_object_get(form, "token")), "token: %s", name);
    check(is_time(tokmint_inspection_create_time(inspection), json_object_get(form, "created_at")), "created_at: %s",
          name);
    check(is_time(tokmint_inspection_expire_time(inspection), json_object_get(form, "expires_at")), "expires_at: %s",
          name);
    check(is_time(tokmint_inspection_not_before(inspection), json_object_get(form, "not_before")), "not_before: %s",
          name);
    check(is_lifetime(tokmint_inspection_remaining_lifetime(inspection), json_object_get(form, "remaining_lifetime")),
          "remaining_lifetime: %s", name);
    check(are_findings(inspection, json_object_get(form, "findings")), "findings: %s", name);
    const json_t *is_refused = json_object_get(form, "is_refused");
    check(json_is_boolean(is_refused) && json_is_true(is_refused) == tokmint_inspection_is_refused(inspection),
          "is_refused: %s", name);
    json_decref(form);

    char line[128];
    snprintf(line, sizeof line, "\nsignature: %s\n", signature_of(inspection));
    check(strncmp(said, "format: ", 8) == 0 && strstr(said, line) != NULL, "text: %s", name);
    check(strstr(said, API_SECRET) == NULL && strstr(json, API_SECRET) == NULL, "no secret: %s", name);
    /* The signature of a JWT, or of a T1 token whose base64 reads. */
    const char *dot = length > 0 && memchr(token, '\0', length) == NULL ? strrchr(token, '.') : NULL;
    unsigned char head[128] = "";
    if (length > 100 && strncmp(token, "T1==", 4) == 0 &&
        EVP_DecodeBlock(head, (const unsigned char *)token + 4, 96) > 0) {
        char *signature = strstr((char *)head, "&sig=");
        if (signature != NULL && strlen(signature) > 45) {
            signature[45] = '\0';
            check(strstr(said, signature + 5) == NULL && strstr(json, signature + 5) == NULL, "no signature: %s", name);
            signatures++;
        }
    } else if (dot != NULL && (strlen(dot) == 44 || strlen(dot) >= 343)) {
        /* HMAC-SHA256, or RSA from 2048 bits on. */
        check(strstr(said, dot + 1) == NULL && strstr(json, dot + 1) == NULL, "no signature: %s", name);
        signatures++;
    }
    tokmint_string_free(said);
    tokmint_string_free(json);
}

/* Inspects with credentials, or without. */
static tokmint_inspection *inspect(const tokmint_opentok *opentok, const char *token, size_t length, const json_t *json,
                                   const char *name) {
    size_t known = 0;
    string session_id = optional_string(json, "session_id", &known);
    tokmint_inspect_options options = TOKMINT_INSPECT_OPTIONS_INIT;
    options.now = integer(json, "now", &known);
    options.session_id = session_id.bytes;
    options.session_id_length = session_id.length;
    check(known == json_object_size(json), "the runner knows every option");
    char *message = NULL;
    tokmint_inspection *inspection = NULL;
    const tokmint_status status = tokmint_inspect_token(opentok, token, length, &options, &inspection, &message);
    check(status == TOKMINT_STATUS_OK && inspection != NULL && message == NULL, "inspect never fails: %s", name);
    check(options.now == TOKMINT_UNSET || tokmint_inspection_now(inspection) == options.now, "now: %s", name);
    free(session_id.bytes);
    check_forms(inspection, token, length, name);
    return inspection;
}

/* Inspect refuses a token if and only if verify did. */
static void check_refused(const tokmint_opentok *opentok, const char *token, size_t length, const json_t *json,
                          bool expected, const char *name) {
    tokmint_inspection *inspection = inspect(opentok, token, length, json, name);
    check(tokmint_inspection_is_refused(inspection) == expected, "inspect agrees with verify: %s", name);
    bool is_refused = false;
    for (size_t index = 0; index < tokmint_inspection_finding_count(inspection); index++) {
        is_refused |= tokmint_inspection_finding(inspection, index)->severity == TOKMINT_SEVERITY_REFUSED;
    }
    check(is_refused == expected, "a finding says so: %s", name);
    tokmint_inspection_free(inspection);
}

static tokmint_opentok *opentok_of(const json_t *vector) {
    tokmint_opentok *opentok = NULL;
    check(new_opentok(vector, &opentok) == TOKMINT_STATUS_OK, "the credentials of the vector are good");
    return opentok;
}

static size_t run_generate(const json_t *vectors) {
    for (size_t index = 0; index < json_array_size(vectors); index++) {
        const json_t *vector = json_array_get(vectors, index);
        const json_t *options = json_object_get(vector, "options");
        const char *name = json_string_value(json_object_get(vector, "name"));
        tokmint_opentok *opentok = opentok_of(vector);
        char *token = NULL;
        tokmint_token *verified = NULL;
        const tokmint_status status = generate(opentok, json_object_get(vector, "session_id"), options, &token);
        const char *expected = json_string_value(json_object_get(vector, "token"));
        check(status == TOKMINT_STATUS_OK && strcmp(token, expected) == 0, "generate: %s", name);
        const json_t *created = json_object_get(options, "create_time");
        if (token != NULL &&
            verify_at(opentok, token, TOKMINT_NUL_TERMINATED, created, &verified) == TOKMINT_STATUS_OK) {
            check(is_string(verified->session_id, json_object_get(vector, "session_id"), ""), "session: %s", name);
            check(is_string(verified->role, json_object_get(options, "role"), "publisher"), "role: %s", name);
            check(is_bytes(verified->data, verified->data_length, json_object_get(options, "data"), ""), "data: %s",
                  name);
            check(are_classes(verified, json_object_get(options, "initial_layout_class_list")), "classes: %s", name);
            check(verified->create_time == json_integer_value(created), "create_time: %s", name);
            const json_t *jti = json_object_get(options, "jti");
            check(jti == NULL
                      ? strtoll(verified->nonce, NULL, 10) == json_integer_value(json_object_get(options, "nonce"))
                      : is_bytes(verified->nonce, verified->nonce_length, jti, ""),
                  "nonce: %s", name);
            json_t *at_issue = json_pack("{s:O}", "now", created);
            check_refused(opentok, token, strlen(token), at_issue, false, name);
            json_decref(at_issue);
        } else {
            check(0, "the generated token verifies: %s", name);
        }
        tokmint_token_free(verified);
        tokmint_string_free(token);
        tokmint_opentok_free(opentok);
    }
    return json_array_size(vectors);
}

static size_t run_rest(const json_t *vectors) {
    for (size_t index = 0; index < json_array_size(vectors); index++) {
        const json_t *vector = json_array_get(vectors, index);
        const json_t *options = json_object_get(vector, "options");
        const char *name = json_string_value(json_object_get(vector, "name"));
        tokmint_opentok *opentok = opentok_of(vector);
        char *token = NULL;
        const tokmint_status status = generate_rest(opentok, options, &token);
        const char *expected = json_string_value(json_object_get(vector, "token"));
        check(status == TOKMINT_STATUS_OK && strcmp(token, expected) == 0, "rest: %s", name);
        if (token != NULL) {
            /* It admits nobody. */
            tokmint_token *verified = NULL;
            const json_t *created = json_object_get(options, "create_time");
            check(verify_at(opentok, token, strlen(token), created, &verified) == TOKMINT_STATUS_MALFORMED_TOKEN,
                  "verify refuses it: %s", name);
            json_t *at_issue = json_pack("{s:O}", "now", created);
            tokmint_inspection *inspection = inspect(opentok, token, strlen(token), at_issue, name);
            bool is_named = false;
            for (size_t at = 0; at < tokmint_inspection_finding_count(inspection); at++) {
                is_named |= strcmp(tokmint_inspection_finding(inspection, at)->code, "rest_token") == 0;
            }
            check(is_named && tokmint_inspection_signature(inspection) == TOKMINT_SIGNATURE_VALID,
                  "inspect says what it is: %s", name);
            tokmint_inspection_free(inspection);
            json_decref(at_issue);
        }
        tokmint_string_free(token);
        tokmint_opentok_free(opentok);
    }
    return json_array_size(vectors);
}

/* Each key that is good: what its private half signs, its public half verifies, and does not sign. */
static size_t run_keys(const json_t *pairs) {
    const char *name;
    json_t *pair, *application_id = json_string(APPLICATION_ID), *session_id = json_string(APPLICATION_SESSION);
    json_t *options = json_object();
    json_object_foreach((json_t *)pairs, name, pair) {
        const json_t *private_key = json_object_get(pair, "private_key");
        tokmint_opentok *verifier = NULL, *application = NULL;
        char *token = NULL;
        tokmint_token *verified = NULL;
        check(construct(tokmint_opentok_new_verifier, application_id, json_object_get(pair, "public_key"), &verifier) ==
                  TOKMINT_STATUS_OK,
              "public key: %s", name);
        check(generate(verifier, session_id, options, &token) == TOKMINT_STATUS_NO_PRIVATE_KEY &&
                  generate_rest(verifier, options, &token) == TOKMINT_STATUS_NO_PRIVATE_KEY,
              "a verifier signs nothing: %s", name);
        if (private_key != NULL) {
            check(construct(tokmint_opentok_new_application, application_id, private_key, &application) ==
                          TOKMINT_STATUS_OK &&
                      generate(application, session_id, options, &token) == TOKMINT_STATUS_OK,
                  "private key: %s", name);
            check(token != NULL && verify(verifier, token, strlen(token), options, &verified) == TOKMINT_STATUS_OK &&
                      strlen(verified->nonce) == 36,
                  "the keys are a pair: %s", name);
        }
        tokmint_token_free(verified);
        tokmint_string_free(token);
        tokmint_opentok_free(application);
        tokmint_opentok_free(verifier);
    }
    json_decref(options);
    json_decref(session_id);
    json_decref(application_id);
    return json_object_size(pairs);
}

static size_t run_verify(const json_t *vectors) {
    size_t inspected = 0;
    for (size_t index = 0; index < json_array_size(vectors); index++) {
        const json_t *vector = json_array_get(vectors, index);
        const json_t *expected = json_object_get(vector, "expected");
        const char *name = json_string_value(json_object_get(vector, "name"));
        tokmint_opentok *opentok = opentok_of(vector);
        string token = expand(json_object_get(vector, "token"), NULL);
        tokmint_token *verified = NULL;
        const tokmint_status status =
            verify(opentok, token.bytes, token.length, json_object_get(vector, "options"), &verified);
        check(status == TOKMINT_STATUS_OK, "verify: %s: %d", name, (int)status);
        if (json_object_get(json_object_get(vector, "options"), "leeway") == NULL) {
            check_refused(opentok, token.bytes, token.length, json_object_get(vector, "options"), false, name);
            inspected++;
        }
        if (verified != NULL) {
            check(is_token(verified, expected), "token: %s", name);
        }
        tokmint_token_free(verified);
        free(token.bytes);
        tokmint_opentok_free(opentok);
    }
    check(inspected > 70, "most vectors have no leeway, not %zu", inspected);
    return json_array_size(vectors);
}

static size_t run_errors(const json_t *vectors) {
    size_t skipped = 0;
    for (size_t index = 0; index < json_array_size(vectors); index++) {
        const json_t *vector = json_array_get(vectors, index);
        const json_t *options = json_object_get(vector, "options");
        if (is_unset(options)) {
            skipped++;
            continue;
        }
        const char *name = json_string_value(json_object_get(vector, "name"));
        const char *call = json_string_value(json_object_get(vector, "call"));
        const bool is_application = strcmp(call, "for_application") == 0, is_verifier = strcmp(call, "verifier") == 0;
        tokmint_opentok *opentok = NULL;
        tokmint_status status = TOKMINT_STATUS_OK;
        if (is_application || is_verifier) {
            json_t *key = json_pack("{s:O}", "base64", json_object_get(vector, "key_base64"));
            status = construct(is_application ? tokmint_opentok_new_application : tokmint_opentok_new_verifier,
                               json_object_get(vector, "application_id"), key, &opentok);
            json_decref(key);
        } else {
            status = new_opentok(vector, &opentok);
            check(strcmp(call, "new") == 0 || status == TOKMINT_STATUS_OK, "what comes before succeeds: %s", name);
        }
        if (strcmp(call, "generate") == 0) {
            char *token = NULL;
            status = generate(opentok, json_object_get(vector, "session_id"), options, &token);
            tokmint_string_free(token);
        } else if (strcmp(call, "generate_rest_token") == 0) {
            char *token = NULL;
            status = generate_rest(opentok, options, &token);
            tokmint_string_free(token);
        } else if (strcmp(call, "verify") == 0) {
            string token = expand(json_object_get(vector, "token"), NULL);
            tokmint_token *verified = NULL;
            status = verify(opentok, token.bytes, token.length, options, &verified);
            tokmint_token_free(verified);
            free(token.bytes);
        } else {
            check(strcmp(call, "new") == 0 || is_application || is_verifier, "the runner knows every call: %s", call);
        }
        check((json_int_t)status == json_integer_value(json_object_get(vector, "number")), "%s: %d", name, (int)status);
        const char *code = json_string_value(json_object_get(vector, "code"));
        check(strcmp(tokmint_error_name(status), code) == 0, "%s: %s", name, tokmint_error_name(status));
        tokmint_opentok_free(opentok);
    }
    check(skipped == 11, "eleven vectors have INT64_MIN, which is unset in C, not %zu", skipped);
    return json_array_size(vectors) - skipped;
}

/* Runs a generate case of the attacks; an accepted token must verify and give its data back. */
static bool accepts_generate(const json_t *case_, const json_t *context) {
    json_t *options = json_copy(json_object_get(case_, "input"));
    json_t *session_id = json_incref(json_object_get(options, "session_id"));
    const json_t *now = json_object_get(context, "now");
    json_object_del(options, "session_id");
    if (json_object_get(options, "format") != NULL) {
        json_object_set(options, "token_format", json_object_get(options, "format"));
        json_object_del(options, "format");
    }
    json_object_set_new(options, "create_time", json_integer(json_integer_value(now)));
    json_t *key = json_object_get(context, "api_key"), *secret = json_object_get(context, "secret");
    json_t *credentials = json_object();
    json_object_set_new(credentials, "api_key", key == NULL ? json_string(API_KEY) : json_incref(key));
    json_object_set_new(credentials, "api_secret", secret == NULL ? json_string(API_SECRET) : json_incref(secret));
    bool is_accepted = false;
    tokmint_opentok *opentok = NULL;
    char *token = NULL;
    if (new_opentok(credentials, &opentok) == TOKMINT_STATUS_OK &&
        generate(opentok, session_id, options, &token) == TOKMINT_STATUS_OK) {
        tokmint_token *verified = NULL;
        is_accepted = true;
        check(verify_at(opentok, token, TOKMINT_NUL_TERMINATED, now, &verified) == TOKMINT_STATUS_OK &&
                  is_bytes(verified->data, verified->data_length, json_object_get(options, "data"), ""),
              "what is generated verifies");
        tokmint_token_free(verified);
    }
    tokmint_string_free(token);
    tokmint_opentok_free(opentok);
    json_decref(credentials);
    json_decref(session_id);
    json_decref(options);
    return is_accepted;
}

/* Runs an inspect case of the attacks. Accepted is what reads, whatever else is wrong with it; rejected is what verify
 * refuses, too. */
static bool accepts_inspect(const tokmint_opentok *project, const json_t *case_, const json_t *context,
                            const char *id) {
    string token = expand(json_object_get(case_, "input"), context);
    json_t *options = json_pack("{s:O}", "now", json_object_get(context, "now"));
    tokmint_inspection *inspection = inspect(project, token.bytes, token.length, options, id);
    bool is_malformed = false;
    for (size_t index = 0; index < tokmint_inspection_finding_count(inspection); index++) {
        const char *code = tokmint_inspection_finding(inspection, index)->code;
        is_malformed |= strncmp(code, "malformed_", 10) == 0 || strcmp(code, "duplicate_field") == 0;
    }
    check(!is_malformed || tokmint_inspection_is_refused(inspection), "what is malformed is refused: %s", id);
    if (strcmp(id, "ins-nul") == 0) {
        const tokmint_token *said = tokmint_inspection_token(inspection);
        check(said != NULL && strlen(said->data) < said->data_length, "NUL does not end the data");
    }
    tokmint_inspection_free(inspection);
    json_decref(options);
    free(token.bytes);
    return !is_malformed;
}

static size_t run_attacks(const json_t *cases) {
    size_t skipped = 0, rs256 = 0;
    tokmint_opentok *project = NULL;
    check(tokmint_opentok_new(API_KEY, TOKMINT_NUL_TERMINATED, API_SECRET, TOKMINT_NUL_TERMINATED, &project, NULL) ==
              TOKMINT_STATUS_OK,
          "the test project");
    for (size_t index = 0; index < json_array_size(cases); index++) {
        const json_t *case_ = json_array_get(cases, index);
        const json_t *context = json_object_get(case_, "context");
        const char *id = json_string_value(json_object_get(case_, "id"));
        const char *api = json_string_value(json_object_get(case_, "api"));
        const char *expected = json_string_value(json_object_get(case_, "expected"));
        /* tokmint decides otherwise here; the README of the vectors says why. */
        if (strcmp(id, "gen-data-1000-emoji") == 0 || strcmp(id, "ok-rs256") == 0) {
            expected = "reject";
        }
        bool is_accepted = false;
        if (strcmp(id, "gen-exp-nan") == 0 || is_unset(json_object_get(case_, "input"))) {
            printf("not run: %s (int64_t has no NaN, and INT64_MIN is unset)\n", id);
            skipped++;
            continue;
        }
        if (strcmp(api, "inspect") == 0) {
            is_accepted = accepts_inspect(project, case_, context, id);
        } else if (strcmp(api, "verify") == 0) {
            string token = expand(json_object_get(case_, "input"), context);
            tokmint_token *verified = NULL;
            const tokmint_status status =
                verify_at(project, token.bytes, token.length, json_object_get(context, "now"), &verified);
            is_accepted = status == TOKMINT_STATUS_OK;
            if (is_rs256(token.bytes, token.length)) {
                check(status == TOKMINT_STATUS_UNSUPPORTED_ALGORITHM, "%s: RS256 is named as such", id);
                rs256++;
            }
            tokmint_token_free(verified);
            free(token.bytes);
        } else {
            check(strcmp(api, "generate") == 0, "the runner knows every api: %s", api);
            is_accepted = accepts_generate(case_, context);
        }
        check(strcmp(is_accepted ? "accept" : "reject", expected) == 0, "attack %s", id);
    }
    tokmint_opentok_free(project);
    check(rs256 > 0, "there are attacks with RS256");
    check(skipped == 2, "two attacks cannot be run, not %zu", skipped);
    return json_array_size(cases) - skipped;
}

static size_t run_peers(const json_t *peers) {
    for (size_t index = 0; index < json_array_size(peers); index++) {
        const json_t *peer = json_array_get(peers, index);
        const char *name = json_string_value(json_object_get(peer, "name"));
        const char *producer = json_string_value(json_object_get(peer, "producer"));
        const json_t *how = json_object_get(peer, "verify");
        const bool is_application = strcmp(json_string_value(json_object_get(peer, "format")), "jwt_rs256") == 0;
        tokmint_opentok *opentok = NULL;
        if (is_application) {
            tokmint_opentok_new(API_KEY, TOKMINT_NUL_TERMINATED, API_SECRET, TOKMINT_NUL_TERMINATED, &opentok, NULL);
        } else {
            opentok = opentok_of(peer);
        }
        string token = expand(json_object_get(peer, "token"), NULL);
        tokmint_token *verified = NULL;
        const tokmint_status status =
            verify_at(opentok, token.bytes, token.length, json_object_get(how, "now"), &verified);
        json_t *options = json_pack("{s:O}", "now", json_object_get(how, "now"));
        check_refused(opentok, token.bytes, token.length, options, status != TOKMINT_STATUS_OK, name);
        json_decref(options);
        if (is_application) {
            check(status == TOKMINT_STATUS_UNSUPPORTED_ALGORITHM, "%s: %s: %d", producer, name, (int)status);
        } else {
            const char *expected = json_string_value(json_object_get(how, "expected"));
            check(strcmp(verified != NULL ? "accept" : "reject", expected) == 0, "%s: %s: %d", producer, name,
                  (int)status);
        }
        if (verified != NULL) {
            const json_t *decoded = json_object_get(peer, "decoded");
            const json_t *said = json_object_get(decoded, "claims");
            said = json_is_object(said) ? said : json_object_get(decoded, "fields");
            check(is_string(verified->role, json_object_get(said, "role"), ""), "%s: %s: role", producer, name);
            check(is_string(verified->session_id, json_object_get(said, "session_id"), ""), "%s: %s: session", producer,
                  name);
            const json_t *data = json_object_get(said, "connection_data");
            check(is_bytes(verified->data, verified->data_length, json_is_string(data) ? data : NULL, ""),
                  "%s: %s: data", producer, name);
        }
        tokmint_token_free(verified);
        free(token.bytes);
        tokmint_opentok_free(opentok);
    }
    return json_array_size(peers);
}

static size_t run_inspect(const json_t *vectors) {
    size_t unchecked = 0;
    for (size_t index = 0; index < json_array_size(vectors); index++) {
        const json_t *vector = json_array_get(vectors, index);
        const json_t *expected = json_object_get(vector, "expected");
        const json_t *findings = json_object_get(expected, "findings");
        const json_t *options = json_object_get(vector, "options");
        const char *name = json_string_value(json_object_get(vector, "name"));
        const bool has_keys =
            json_object_get(vector, "api_key") != NULL || json_object_get(vector, "application_id") != NULL;
        tokmint_opentok *opentok = has_keys ? opentok_of(vector) : NULL;
        unchecked += !has_keys;
        string token = expand(json_object_get(vector, "token"), NULL);
        tokmint_inspection *inspection = inspect(opentok, token.bytes, token.length, options, name);
        check(json_object_size(expected) == 5, "the runner compares every field: %s", name);
        check(is_optional(tokmint_inspection_format(inspection), json_object_get(expected, "format")), "format: %s",
              name);
        check(is_string(signature_of(inspection), json_object_get(expected, "signature"), ""), "signature: %s", name);
        check((tokmint_inspection_token(inspection) != NULL) == json_is_true(json_object_get(expected, "is_token")),
              "is_token: %s", name);
        check(is_lifetime(tokmint_inspection_remaining_lifetime(inspection),
                          json_object_get(expected, "remaining_lifetime")),
              "remaining_lifetime: %s", name);
        check(tokmint_inspection_finding_count(inspection) == json_array_size(findings), "number of findings: %s",
              name);
        for (size_t at = 0; at < json_array_size(findings); at++) {
            const tokmint_finding *finding = tokmint_inspection_finding(inspection, at);
            check(finding != NULL && is_string(finding->code, json_array_get(findings, at), ""), "finding %zu: %s", at,
                  name);
        }
        if (has_keys) {
            tokmint_token *verified = NULL;
            const tokmint_status status = verify(opentok, token.bytes, token.length, options, &verified);
            check(tokmint_inspection_is_refused(inspection) == (status != TOKMINT_STATUS_OK), "agrees with verify: %s",
                  name);
            tokmint_token_free(verified);
        }
        tokmint_inspection_free(inspection);
        free(token.bytes);
        tokmint_opentok_free(opentok);
    }
    check(unchecked > 40, "some have no credentials, not %zu", unchecked);
    check(signatures > 500, "signatures are looked for, not %zu", signatures);
    return json_array_size(vectors);
}

/* A token controls its API key, which may hold NUL. */
static void run_nul(void) {
    static const char HEADER[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    static const char PAYLOAD[] =
        "{\"iss\":\"123456\\u0000x\",\"ist\":\"project\",\"iat\":1700000000,\"exp\":1700086400,\"nonce\":1,"
        "\"session_id\":\"1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4\","
        "\"role\":\"publisher\",\"scope\":\"session.connect\",\"initial_layout_class_list\":\"\"}";
    char *token = sign_jwt(HEADER, sizeof HEADER - 1, PAYLOAD, sizeof PAYLOAD - 1, API_SECRET);
    json_t *options = json_pack("{s:i}", "now", 1700000000);
    tokmint_inspection *inspection = inspect(NULL, token, strlen(token), options, "NUL in the API key");
    const tokmint_token *said = tokmint_inspection_token(inspection);
    check(said != NULL && said->api_key_length == 8 && memcmp(said->api_key, "123456\0x", 9) == 0,
          "NUL does not end the API key");
    tokmint_inspection_free(inspection);
    json_decref(options);
    free(token);
}

int main(int argc, char **argv) {
    const struct {
        const char *file, *list;
        size_t (*run)(const json_t *);
        size_t at_least;
    } files[] = {
        {"keys.json", "keys", run_keys, 34},         {"generate.json", "vectors", run_generate, 230},
        {"rest.json", "vectors", run_rest, 19},      {"verify.json", "vectors", run_verify, 220},
        {"errors.json", "vectors", run_errors, 860}, {"attacks.json", "cases", run_attacks, 107},
        {"peer_tokens.json", NULL, run_peers, 94},   {"inspect.json", "vectors", run_inspect, 720},
    };
    if (argc != 2) {
        fprintf(stderr, "usage: vectors <folder>\n");
        return 2;
    }
    json_t *all_keys = load(argv[1], "keys.json");
    keys = json_object_get(all_keys, "keys");
    run_nul();
    for (size_t index = 0; index < sizeof files / sizeof *files; index++) {
        json_t *json = load(argv[1], files[index].file);
        const size_t count =
            files[index].run(files[index].list == NULL ? json : json_object_get(json, files[index].list));
        check(count >= files[index].at_least, "%s holds %zu vectors only", files[index].file, count);
        printf("%s: %zu run\n", files[index].file, count);
        json_decref(json);
    }
    json_decref(all_keys);
    printf("through sessions: %zu tokens, %zu errors, %zu refused sessions\n", session_tokens, session_errors,
           refused_sessions);
    check(session_tokens >= 270 && session_errors >= 150 && refused_sessions >= 45, "sessions run");
    printf("C vectors: %d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
