/*
 * tokmint 0.1.0: mints, verifies and explains OpenTok client connection tokens.
 *
 * Written from the source of the library; do not edit. C99 or later, and C++; see tokmint.hpp for C++17.
 *
 * Conventions, for every function here:
 *
 * Results      Fallible functions return a status: TOKMINT_STATUS_OK, which is 0, or the number of an error. Other
 *              functions cannot fail. Arguments come in this order: the handle, inputs, outputs, the message. A
 *              function names its errors singly, or by their groups in tokmint_status.
 * Outputs      Written only if the status is TOKMINT_STATUS_OK. The two exceptions: the message, below, and the length
 *              that comes with TOKMINT_STATUS_BUFFER_TOO_SHORT.
 * Message      `message` may be NULL. Otherwise it receives NULL on success, and on failure a sentence for a person,
 *              to be freed with tokmint_string_free. It never holds a secret, a key or an input. Its wording may change;
 *              the number and its name, tokmint_error_name, do not.
 * Strings in   A pointer and a length in bytes; UTF-8, except for tokens and RSA keys, which are any bytes. The length
 *              TOKMINT_NUL_TERMINATED means up to the first NUL. With a length of 0 the pointer is not looked at. No
 *              string is kept after the call.
 * Strings out  End with NUL. Where a string can hold NUL itself, its length is given beside it.
 * Pointers     NULL gives TOKMINT_STATUS_NULL_POINTER, unless the function says that NULL is allowed. The caller makes
 *              sure that any other pointer points to what it should, and that outputs do not overlap.
 * Options      A struct with its size in front, initialised with its macro or its function. NULL is the same as one in
 *              which nothing is set. The library never writes to it after that, and reads only as much as its size
 *              says, so a program that was built with an older header works with a newer library. A string is unset
 *              while its pointer is NULL, an integer while it is TOKMINT_UNSET.
 * Ownership    What a function gives is freed with the function that its documentation names, once, and with no other.
 *              All of those take NULL. Static strings are not freed.
 * Callbacks    Called by the thread that made the call, before the call returns. They may call any function here, with the
 *              same handles too, but free none that the call uses.
 * Readers      A function that reads a handle or an inspection cannot fail. A NULL inspection is treated as refused and
 *              empty. What a reader returns belongs to the handle or inspection and ends with it.
 * Threads      A handle can be used by many threads at once. So can a verified token and an inspection, as long as
 *              nobody frees it. Nothing is kept per thread. After fork() parent and child can both go on using a
 *              handle.
 * Times        Unix seconds, or seconds.
 * Panics       A defect of the library gives TOKMINT_STATUS_PANIC and does not end the process. Running out of memory
 *              does.
 */

#ifndef TOKMINT_H
#define TOKMINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The version of this header. That of the library is `tokmint_version`. */
#define TOKMINT_VERSION "0.1.0"
#define TOKMINT_VERSION_MAJOR 0
#define TOKMINT_VERSION_MINOR 1
#define TOKMINT_VERSION_PATCH 0

/** As the length of a string: up to the first NUL. */
#define TOKMINT_NUL_TERMINATED SIZE_MAX

/** As an integer: not given. */
#define TOKMINT_UNSET INT64_MIN

/**
 * What a call returns: 0 for success, or the number of an error. Numbers never change; new ones may come.
 */
typedef enum tokmint_status {
  TOKMINT_STATUS_OK = 0,
  /* credentials */
  TOKMINT_STATUS_INVALID_API_KEY = 100,
  TOKMINT_STATUS_INVALID_API_SECRET = 101,
  TOKMINT_STATUS_INVALID_APPLICATION_ID = 102,
  TOKMINT_STATUS_INVALID_PRIVATE_KEY = 103,
  TOKMINT_STATUS_INVALID_PUBLIC_KEY = 104,
  TOKMINT_STATUS_NO_PRIVATE_KEY = 105,
  /* session */
  TOKMINT_STATUS_INVALID_SESSION_ID = 200,
  TOKMINT_STATUS_SESSION_OF_OTHER_PROJECT = 201,
  /* options */
  TOKMINT_STATUS_INVALID_ROLE = 300,
  TOKMINT_STATUS_INVALID_EXPIRE_TIME = 301,
  TOKMINT_STATUS_DATA_TOO_LONG = 302,
  TOKMINT_STATUS_INVALID_DATA = 303,
  TOKMINT_STATUS_INVALID_LAYOUT_CLASS = 304,
  TOKMINT_STATUS_LAYOUT_CLASS_LIST_TOO_LONG = 305,
  TOKMINT_STATUS_INVALID_CREATE_TIME = 306,
  TOKMINT_STATUS_INVALID_NONCE = 307,
  TOKMINT_STATUS_INVALID_TOKEN_FORMAT = 308,
  TOKMINT_STATUS_INVALID_LEEWAY = 309,
  TOKMINT_STATUS_UNSUPPORTED_OPTION = 310,
  TOKMINT_STATUS_INVALID_JTI = 311,
  /* token */
  TOKMINT_STATUS_MALFORMED_TOKEN = 400,
  TOKMINT_STATUS_UNSUPPORTED_ALGORITHM = 401,
  TOKMINT_STATUS_INVALID_SIGNATURE = 402,
  TOKMINT_STATUS_TOKEN_OF_OTHER_PROJECT = 403,
  TOKMINT_STATUS_TOKEN_EXPIRED = 404,
  TOKMINT_STATUS_TOKEN_NOT_YET_VALID = 405,
  TOKMINT_STATUS_MISSING_EXPIRY = 406,
  TOKMINT_STATUS_TOKEN_OF_OTHER_SESSION = 407,
  TOKMINT_STATUS_TOKEN_TOO_LONG = 408,
  TOKMINT_STATUS_LIFETIME_TOO_LONG = 409,
  /* system */
  TOKMINT_STATUS_SYSTEM_CLOCK = 500,
  TOKMINT_STATUS_SYSTEM_RANDOM = 501,
  TOKMINT_STATUS_SIGNING_FAILED = 502,
  /* binding */
  TOKMINT_STATUS_NULL_POINTER = 900,
  TOKMINT_STATUS_INVALID_UTF8 = 901,
  TOKMINT_STATUS_INVALID_SIZE = 902,
  TOKMINT_STATUS_BUFFER_TOO_SHORT = 903,
  TOKMINT_STATUS_SECRET_IN_BROWSER = 904,
  TOKMINT_STATUS_LIBRARY_NOT_LOADED = 905,
  TOKMINT_STATUS_PANIC = 999,
} tokmint_status;

/**
 * Whether the signature of a token is that of a project or of an application.
 */
typedef enum tokmint_signature {
  /**
   * There was no key, the signature could not be decoded, or the algorithm is unsupported.
   */
  TOKMINT_SIGNATURE_UNCHECKED = 0,
  /**
   * It is.
   */
  TOKMINT_SIGNATURE_VALID = 1,
  /**
   * It is not.
   */
  TOKMINT_SIGNATURE_INVALID = 2,
} tokmint_signature;

/**
 * How severe a finding is.
 */
typedef enum tokmint_severity {
  /**
   * A server would refuse the token, and `tokmint_verify_token` does.
   */
  TOKMINT_SEVERITY_REFUSED = 0,
  /**
   * The token is accepted, but probably does not do what its issuer meant.
   */
  TOKMINT_SEVERITY_WARNING = 1,
  /**
   * Something unusual that does no harm.
   */
  TOKMINT_SEVERITY_NOTE = 2,
} tokmint_severity;

/**
 * The contents of a token, as far as they can be parsed, and everything that is wrong with it.
 * Immutable, and safe to read from many threads at once.
 */
typedef struct tokmint_inspection tokmint_inspection;

/**
 * The credentials of one project or of one application. Immutable, and safe to use from many
 * threads at once.
 */
typedef struct tokmint_opentok tokmint_opentok;

/**
 * One session of a project or of an application, prepared so that each of its tokens takes less
 * time. Immutable, and safe to use from many threads at once.
 */
typedef struct tokmint_session tokmint_session;

/**
 * Options for a new token. Initialise them with `TOKMINT_TOKEN_OPTIONS_INIT` or
 * `tokmint_token_options_init`, which leave everything unset, and set what you need.
 */
typedef struct tokmint_token_options {
  /**
   * The size of this struct, from the macro or the function.
   */
  size_t size;
  /**
   * What the holder may do: `subscriber`, `publisher` (the default), `publisheronly` or
   * `moderator`.
   */
  const char *role;
  /**
   * Length of the role in bytes.
   */
  size_t role_length;
  /**
   * When the token ends, in Unix seconds: at most 30 days after its creation. By default it
   * lives for 24 hours.
   */
  int64_t expire_time;
  /**
   * The same as a lifetime in seconds. Only one of the two may be set.
   */
  int64_t expires_in;
  /**
   * Connection data, which everybody in the session can read: at most 1000 UTF-16 code units.
   */
  const char *data;
  /**
   * Length of the data in bytes.
   */
  size_t data_length;
  /**
   * Layout classes without whitespace and control characters, together at most 1000 UTF-16
   * code units when joined by one space. More than 16 of them cost an allocation.
   */
  const char *const *initial_layout_class_list;
  /**
   * The lengths of the layout classes in bytes; NULL if each ends with NUL.
   */
  const size_t *initial_layout_class_lengths;
  /**
   * The number of layout classes.
   */
  size_t initial_layout_class_count;
  /**
   * The format of the token: `jwt` (the default) or, for projects only, `t1`.
   */
  const char *token_format;
  /**
   * Length of the format's name in bytes.
   */
  size_t token_format_length;
  /**
   * When the token is issued, in Unix seconds. Unset, it is the current time; set it to
   * reproduce a token.
   */
  int64_t create_time;
  /**
   * A number that tells equal tokens of a project apart, 0 to 2^53 - 1. Unset, it is one that
   * the process has not used before; set it to reproduce a token.
   */
  int64_t nonce;
  /**
   * A UUID in lower case that tells equal tokens of an application apart. Unset, it is a random
   * one; set it to reproduce a token.
   */
  const char *jti;
  /**
   * Length of the UUID in bytes.
   */
  size_t jti_length;
} tokmint_token_options;

/**
 * Options for a token for REST calls. Initialise them with `TOKMINT_REST_TOKEN_OPTIONS_INIT` or
 * `tokmint_rest_token_options_init`, which leave everything unset, and set what you need.
 */
typedef struct tokmint_rest_token_options {
  /**
   * The size of this struct, from the macro or the function.
   */
  size_t size;
  /**
   * How long the token lives in seconds, at most 24 hours. By default 180 for a project and 900
   * for an application.
   */
  int64_t expires_in;
  /**
   * When the token is issued, in Unix seconds. Unset, it is the current time; set it to
   * reproduce a token.
   */
  int64_t create_time;
  /**
   * A UUID in lower case that tells equal tokens apart. Unset, it is a random one; set it to
   * reproduce a token.
   */
  const char *jti;
  /**
   * Length of the UUID in bytes.
   */
  size_t jti_length;
} tokmint_rest_token_options;

/**
 * Options for verifying a token. Initialise them with `TOKMINT_VERIFY_OPTIONS_INIT` or
 * `tokmint_verify_options_init`, which leave everything unset, and set what you need.
 */
typedef struct tokmint_verify_options {
  /**
   * The size of this struct, from the macro or the function.
   */
  size_t size;
  /**
   * The time of verification in Unix seconds. Unset, it is the current time.
   */
  int64_t now;
  /**
   * How many seconds a token is still accepted after its expiry or before its issue, at most
   * 3600. By default none.
   */
  int64_t leeway;
  /**
   * The session that the token must be for. Unset, it is any session of the project or
   * application.
   */
  const char *session_id;
  /**
   * Length of the session ID in bytes.
   */
  size_t session_id_length;
} tokmint_verify_options;

/**
 * Options for inspecting a token. Initialise them with `TOKMINT_INSPECT_OPTIONS_INIT` or
 * `tokmint_inspect_options_init`, which leave everything unset, and set what you need.
 */
typedef struct tokmint_inspect_options {
  /**
   * The size of this struct, from the macro or the function.
   */
  size_t size;
  /**
   * The time of inspection in Unix seconds. Unset, it is the current time.
   */
  int64_t now;
  /**
   * The session that the token should be for. Unset, it is any session of the project or
   * application.
   */
  const char *session_id;
  /**
   * Length of the session ID in bytes.
   */
  size_t session_id_length;
} tokmint_inspect_options;

/**
 * What a token says: a verified one if `tokmint_verify_token` or `tokmint_session_verify_token`
 * gave it, which `tokmint_token_free` frees; one of an inspection may be anybody's and belongs to
 * the inspection. The library makes it and may add fields at its end in a later version; read it,
 * and do not copy it.
 *
 * A string with a length may hold NUL.
 */
typedef struct tokmint_token {
  /**
   * The format it is written in: `jwt` or `t1`.
   */
  const char *format;
  /**
   * The API key of the project that issued it; NULL if an application did.
   */
  const char *api_key;
  /**
   * Length of the API key in bytes.
   */
  size_t api_key_length;
  /**
   * The ID of the application that issued it; NULL if a project did.
   */
  const char *application_id;
  /**
   * Length of the application ID in bytes.
   */
  size_t application_id_length;
  /**
   * The one session it admits to.
   */
  const char *session_id;
  /**
   * Length of the session ID in bytes.
   */
  size_t session_id_length;
  /**
   * What its holder may do there: `subscriber`, `publisher`, `publisheronly` or `moderator`.
   */
  const char *role;
  /**
   * When it was issued, in Unix seconds.
   */
  int64_t create_time;
  /**
   * The first second at which it is no longer valid, in Unix seconds.
   */
  int64_t expire_time;
  /**
   * The connection data; empty if there is none.
   */
  const char *data;
  /**
   * Length of the data in bytes.
   */
  size_t data_length;
  /**
   * The layout classes; never NULL, even if there is none.
   */
  const char *const *initial_layout_class_list;
  /**
   * The lengths of the layout classes in bytes.
   */
  const size_t *initial_layout_class_lengths;
  /**
   * The number of layout classes.
   */
  size_t initial_layout_class_count;
  /**
   * The nonce or, of an application's token, the `jti`, as the token holds it; empty if there is
   * none.
   */
  const char *nonce;
  /**
   * Length of the nonce in bytes.
   */
  size_t nonce_length;
} tokmint_token;

/**
 * A name and its value, as in the token. Both may hold NUL. It belongs to the inspection; do not
 * copy it.
 */
typedef struct tokmint_field {
  /**
   * The name, unescaped in a JWT and still form-encoded in T1.
   */
  const char *name;
  /**
   * Length of the name in bytes.
   */
  size_t name_length;
  /**
   * The JSON of the value in a JWT, with the quotes of a string; the form-encoded value in T1.
   */
  const char *value;
  /**
   * Length of the value in bytes.
   */
  size_t value_length;
} tokmint_field;

/**
 * One thing that an inspection found. It belongs to the inspection; do not copy it.
 */
typedef struct tokmint_finding {
  /**
   * The stable code, such as `token_expired`, which is the same in every language of tokmint.
   */
  const char *code;
  /**
   * How severe it is; each code has one severity.
   */
  enum tokmint_severity severity;
  /**
   * What is wrong and what to do, in one sentence for a person.
   */
  const char *message;
  /**
   * What the server says to such a token; NULL where that is not known.
   */
  const char *server_message;
} tokmint_finding;

/**
 * Takes one result of `tokmint_session_generate_tokens`. Returns 0 to go on; any other value ends
 * the batch.
 *
 * `user_data` is what was passed to the call. `index` is that of the options, from 0. On success
 * `status` is `TOKMINT_STATUS_OK`, `token` the token, `token_length` its length in bytes, and
 * `message` NULL. Otherwise `status` is the error of these options, `token` NULL, `token_length`
 * 0, and `message` a sentence for a person. Both strings end with NUL, belong to the call, and are
 * valid until the callback returns.
 *
 * It must return: an exception that leaves it ends the process, and `longjmp` out of it is
 * undefined.
 */
typedef int (*tokmint_token_callback)(void *user_data,
                                      size_t index,
                                      tokmint_status status,
                                      const char *token,
                                      size_t token_length,
                                      const char *message);

/**
 * Initialises a `tokmint_token_options` with nothing set.
 */
#define TOKMINT_TOKEN_OPTIONS_INIT \
  { \
    /* size */ sizeof(tokmint_token_options), \
    /* role */ NULL, \
    /* role_length */ TOKMINT_NUL_TERMINATED, \
    /* expire_time */ TOKMINT_UNSET, \
    /* expires_in */ TOKMINT_UNSET, \
    /* data */ NULL, \
    /* data_length */ TOKMINT_NUL_TERMINATED, \
    /* initial_layout_class_list */ NULL, \
    /* initial_layout_class_lengths */ NULL, \
    /* initial_layout_class_count */ 0, \
    /* token_format */ NULL, \
    /* token_format_length */ TOKMINT_NUL_TERMINATED, \
    /* create_time */ TOKMINT_UNSET, \
    /* nonce */ TOKMINT_UNSET, \
    /* jti */ NULL, \
    /* jti_length */ TOKMINT_NUL_TERMINATED, \
  }

/**
 * Initialises a `tokmint_rest_token_options` with nothing set.
 */
#define TOKMINT_REST_TOKEN_OPTIONS_INIT \
  { \
    /* size */ sizeof(tokmint_rest_token_options), \
    /* expires_in */ TOKMINT_UNSET, \
    /* create_time */ TOKMINT_UNSET, \
    /* jti */ NULL, \
    /* jti_length */ TOKMINT_NUL_TERMINATED, \
  }

/**
 * Initialises a `tokmint_verify_options` with nothing set.
 */
#define TOKMINT_VERIFY_OPTIONS_INIT \
  { \
    /* size */ sizeof(tokmint_verify_options), \
    /* now */ TOKMINT_UNSET, \
    /* leeway */ TOKMINT_UNSET, \
    /* session_id */ NULL, \
    /* session_id_length */ TOKMINT_NUL_TERMINATED, \
  }

/**
 * Initialises a `tokmint_inspect_options` with nothing set.
 */
#define TOKMINT_INSPECT_OPTIONS_INIT \
  { \
    /* size */ sizeof(tokmint_inspect_options), \
    /* now */ TOKMINT_UNSET, \
    /* session_id */ NULL, \
    /* session_id_length */ TOKMINT_NUL_TERMINATED, \
  }

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Takes a project's API key and API secret, as the account page shows them. The handle keeps the
 * secret and the HMAC states made from it, and wipes both when it and its sessions are freed.
 *
 * `opentok` receives the handle; free it with `tokmint_opentok_free`.
 *
 * Errors: those of credentials.
 */
tokmint_status tokmint_opentok_new(const char *api_key,
                                   size_t api_key_length,
                                   const char *api_secret,
                                   size_t api_secret_length,
                                   struct tokmint_opentok **opentok,
                                   char **message);

/**
 * Takes the ID of a Vonage application and its RSA private key. The handle keeps the key, and
 * wipes it when it and its sessions are freed.
 *
 * `private_key` is what the key's file holds, never its path: PEM, also as environment variables
 * change it, or DER, which is binary and needs its length. PKCS #8 or PKCS #1, 2048 to 8192 bits.
 *
 * `opentok` receives the handle; free it with `tokmint_opentok_free`.
 *
 * Errors: those of credentials.
 */
tokmint_status tokmint_opentok_new_application(const char *application_id,
                                               size_t application_id_length,
                                               const char *private_key,
                                               size_t private_key_length,
                                               struct tokmint_opentok **opentok,
                                               char **message);

/**
 * Takes the ID of a Vonage application and its public key, for a service that verifies and
 * inspects tokens and must not be able to generate any: those calls give `NO_PRIVATE_KEY`.
 *
 * `public_key` is what the key's file holds, never its path: PEM, an X.509 certificate, a JWK, or
 * DER, which is binary and needs its length. A private key is refused.
 *
 * `opentok` receives the handle; free it with `tokmint_opentok_free`.
 *
 * Errors: those of credentials.
 */
tokmint_status tokmint_opentok_new_verifier(const char *application_id,
                                            size_t application_id_length,
                                            const char *public_key,
                                            size_t public_key_length,
                                            struct tokmint_opentok **opentok,
                                            char **message);

/**
 * The API key of a project, which is no secret; NULL for an application and for NULL. It belongs
 * to the handle and ends with it.
 */
const char *tokmint_opentok_api_key(const struct tokmint_opentok *opentok);

/**
 * The ID of an application in lower case, which is no secret; NULL for a project and for NULL. It
 * belongs to the handle and ends with it.
 */
const char *tokmint_opentok_application_id(const struct tokmint_opentok *opentok);

/**
 * Frees a handle, once no thread uses it any more. NULL is allowed.
 */
void tokmint_opentok_free(struct tokmint_opentok *opentok);

/**
 * Initialises options with nothing set, as `TOKMINT_TOKEN_OPTIONS_INIT` does, for languages that
 * cannot use the macro. `size` is that of the struct in bytes, as the caller knows it.
 *
 * Errors: `INVALID_SIZE` if no version of this library has such a struct.
 */
tokmint_status tokmint_token_options_init(struct tokmint_token_options *options, size_t size);

/**
 * Initialises options with nothing set, as `TOKMINT_REST_TOKEN_OPTIONS_INIT` does. The rest is as
 * for `tokmint_token_options_init`.
 */
tokmint_status tokmint_rest_token_options_init(struct tokmint_rest_token_options *options,
                                               size_t size);

/**
 * Initialises options with nothing set, as `TOKMINT_VERIFY_OPTIONS_INIT` does. The rest is as for
 * `tokmint_token_options_init`.
 */
tokmint_status tokmint_verify_options_init(struct tokmint_verify_options *options, size_t size);

/**
 * Initialises options with nothing set, as `TOKMINT_INSPECT_OPTIONS_INIT` does. The rest is as for
 * `tokmint_token_options_init`.
 */
tokmint_status tokmint_inspect_options_init(struct tokmint_inspect_options *options, size_t size);

/**
 * Generates a token that admits its holder to a session.
 *
 * `options` may be NULL, for a publisher's JWT that lives for 24 hours. `token` receives the
 * token, to be freed with `tokmint_string_free`; `token_length` its length in bytes, and may be
 * NULL.
 *
 * Errors: those of session, options and system, and `NO_PRIVATE_KEY`.
 */
tokmint_status tokmint_generate_token(const struct tokmint_opentok *opentok,
                                      const char *session_id,
                                      size_t session_id_length,
                                      const struct tokmint_token_options *options,
                                      char **token,
                                      size_t *token_length,
                                      char **message);

/**
 * Generates a token into a buffer of the caller's. For a project it allocates nothing up to 16
 * layout classes, except for the first token of a format in a process; for an application, RSA
 * allocates.
 *
 * `token_length` receives the token's length in bytes; the buffer must hold one more, for the
 * NUL. If it does not, nothing is written to it, the status is `BUFFER_TOO_SHORT`, and
 * `token_length` receives a length with which any token of these options fits. So a first call
 * with a `buffer_size` of 0, for which `buffer` may be NULL, asks for the length.
 *
 * Errors: those of `tokmint_generate_token`, and `BUFFER_TOO_SHORT`.
 */
tokmint_status tokmint_generate_token_into(const struct tokmint_opentok *opentok,
                                           const char *session_id,
                                           size_t session_id_length,
                                           const struct tokmint_token_options *options,
                                           char *buffer,
                                           size_t buffer_size,
                                           size_t *token_length,
                                           char **message);

/**
 * Generates a JWT for the platform's REST calls, such as creating a session: the value of the
 * header `X-OPENTOK-AUTH` for a project, and what follows `Authorization: Bearer` for an
 * application. It is for servers only, and admits nobody to a session.
 *
 * `options` may be NULL, for a token that lives 180 seconds for a project and 900 for an
 * application. `token` receives the token, to be freed with `tokmint_string_free`; `token_length`
 * its length in bytes, and may be NULL.
 *
 * Errors: those of options and system, and `NO_PRIVATE_KEY`.
 */
tokmint_status tokmint_generate_rest_token(const struct tokmint_opentok *opentok,
                                           const struct tokmint_rest_token_options *options,
                                           char **token,
                                           size_t *token_length,
                                           char **message);

/**
 * Generates a JWT for REST calls into a buffer of the caller's. It allocates.
 *
 * `token_length` and a buffer that is too short are as for `tokmint_generate_token_into`.
 *
 * Errors: those of `tokmint_generate_rest_token`, and `BUFFER_TOO_SHORT`.
 */
tokmint_status tokmint_generate_rest_token_into(const struct tokmint_opentok *opentok,
                                                const struct tokmint_rest_token_options *options,
                                                char *buffer,
                                                size_t buffer_size,
                                                size_t *token_length,
                                                char **message);

/**
 * Verifies a token of this project, JWT or T1, or of this application: signature, issuer, session
 * and time.
 *
 * `options` may be NULL, for the current time, no leeway and any session of the project or
 * application.
 * `verified` receives what the token says; free it with `tokmint_token_free`. Whether the session
 * still exists, only the server knows.
 *
 * Errors: those of token, `INVALID_LEEWAY`, `SESSION_OF_OTHER_PROJECT` and `SYSTEM_CLOCK`.
 */
tokmint_status tokmint_verify_token(const struct tokmint_opentok *opentok,
                                    const char *token,
                                    size_t token_length,
                                    const struct tokmint_verify_options *options,
                                    struct tokmint_token **verified,
                                    char **message);

/**
 * Frees what `tokmint_verify_token` or `tokmint_session_verify_token` gave, with everything it
 * points to. NULL is allowed.
 */
void tokmint_token_free(struct tokmint_token *token);

/**
 * Inspects a token: what it says, and everything for which a server would refuse it.
 * `tokmint_verify_token` accepts a token, without leeway, if and only if no finding of the
 * inspection with the same credentials is `TOKMINT_SEVERITY_REFUSED`.
 *
 * `opentok` may be NULL, for an inspection without credentials: the signature stays unchecked,
 * and the project or application is the one that the token names. Trust nothing that such an
 * inspection shows.
 *
 * Takes any bytes as a token. `options` may be NULL, for the current time and any session of the
 * project or application. `inspection` receives what was found, whatever it is; free it with
 * `tokmint_inspection_free`.
 */
tokmint_status tokmint_inspect_token(const struct tokmint_opentok *opentok,
                                     const char *token,
                                     size_t token_length,
                                     const struct tokmint_inspect_options *options,
                                     struct tokmint_inspection **inspection,
                                     char **message);

/**
 * Frees a token, a message, or a form of an inspection. NULL is allowed.
 */
void tokmint_string_free(char *string);

/**
 * The version of the library that is running, such as `1.2.3`; `TOKMINT_VERSION` is that of the
 * header. Static.
 */
const char *tokmint_version(void);

/**
 * The name of a status, such as `invalid_role`, which is the same in every language of tokmint;
 * `unknown` for a number that is none. Static.
 */
const char *tokmint_error_name(tokmint_status status);

/**
 * Frees an inspection, with everything that was read from it. NULL is allowed.
 */
void tokmint_inspection_free(struct tokmint_inspection *inspection);

/**
 * Whether verify would refuse the token: whether there is a finding of that severity. Without
 * credentials, nobody has checked the signature. True for NULL.
 */
bool tokmint_inspection_is_refused(const struct tokmint_inspection *inspection);

/**
 * The format, `jwt` or `t1`; NULL if it cannot be told.
 */
const char *tokmint_inspection_format(const struct tokmint_inspection *inspection);

/**
 * Whether the signature is that of the project or application; unchecked for NULL.
 */
enum tokmint_signature tokmint_inspection_signature(const struct tokmint_inspection *inspection);

/**
 * The number of members of a JWT's header, or 1 for the `partner_id` of a T1 token.
 */
size_t tokmint_inspection_header_count(const struct tokmint_inspection *inspection);

/**
 * A member of the header; NULL if the index is not below their number.
 */
const struct tokmint_field *tokmint_inspection_header(const struct tokmint_inspection *inspection,
                                                      size_t index);

/**
 * The number of claims of a JWT or of fields of a T1 token.
 */
size_t tokmint_inspection_field_count(const struct tokmint_inspection *inspection);

/**
 * A claim or field, in token order; a repeated name appears each time. NULL if the index is not
 * below their number.
 */
const struct tokmint_field *tokmint_inspection_field(const struct tokmint_inspection *inspection,
                                                     size_t index);

/**
 * The typed token, if every field could be parsed, whether it is valid or not; otherwise NULL. It
 * belongs to the inspection.
 */
const struct tokmint_token *tokmint_inspection_token(const struct tokmint_inspection *inspection);

/**
 * The time of the inspection, in Unix seconds; `TOKMINT_UNSET` if none was given and the system
 * clock is far off.
 */
int64_t tokmint_inspection_now(const struct tokmint_inspection *inspection);

/**
 * When the token was issued, in Unix seconds; `TOKMINT_UNSET` if the token does not state it.
 */
int64_t tokmint_inspection_create_time(const struct tokmint_inspection *inspection);

/**
 * The first second at which the token is no longer valid, in the same way.
 */
int64_t tokmint_inspection_expire_time(const struct tokmint_inspection *inspection);

/**
 * The time before which a JWT is not valid, in the same way.
 */
int64_t tokmint_inspection_not_before(const struct tokmint_inspection *inspection);

/**
 * The seconds until the token's expiry, 0 or less when it is over; `TOKMINT_UNSET` if it does not
 * name one.
 */
int64_t tokmint_inspection_remaining_lifetime(const struct tokmint_inspection *inspection);

/**
 * The number of findings.
 */
size_t tokmint_inspection_finding_count(const struct tokmint_inspection *inspection);

/**
 * A finding: first what makes verify refuse the token, in the order of its checks, then warnings,
 * then notes. NULL if the index is not below their number.
 */
const struct tokmint_finding *tokmint_inspection_finding(const struct tokmint_inspection *inspection,
                                                         size_t index);

/**
 * Writes an inspection as one JSON object, in one line. `json` receives it, to be freed with
 * `tokmint_string_free`.
 */
tokmint_status tokmint_inspection_to_json(const struct tokmint_inspection *inspection,
                                          char **json,
                                          char **message);

/**
 * Writes an inspection in lines for a person, with control characters escaped. `text` receives
 * it, to be freed with `tokmint_string_free`.
 */
tokmint_status tokmint_inspection_to_text(const struct tokmint_inspection *inspection,
                                          char **text,
                                          char **message);

/**
 * Prepares a session. Worth it from about five tokens on.
 *
 * `session` receives the handle; free it with `tokmint_session_free`. It keeps what it needs of
 * the credentials, so `opentok` may be freed before it. It wipes what follows from the key when
 * it is freed.
 *
 * Errors: those of session.
 */
tokmint_status tokmint_opentok_session(const struct tokmint_opentok *opentok,
                                       const char *session_id,
                                       size_t session_id_length,
                                       struct tokmint_session **session,
                                       char **message);

/**
 * The ID of the session, which is no secret; NULL for NULL. It belongs to the handle and ends with
 * it.
 */
const char *tokmint_session_id(const struct tokmint_session *session);

/**
 * Frees a session, once no thread uses it any more. NULL is allowed.
 */
void tokmint_session_free(struct tokmint_session *session);

/**
 * Generates a token as `tokmint_generate_token` does, for this session.
 *
 * Errors: those of options and system, and `NO_PRIVATE_KEY`.
 */
tokmint_status tokmint_session_generate_token(const struct tokmint_session *session,
                                              const struct tokmint_token_options *options,
                                              char **token,
                                              size_t *token_length,
                                              char **message);

/**
 * Generates a token into a buffer of the caller's as `tokmint_generate_token_into` does, for this
 * session.
 *
 * Errors: those of `tokmint_session_generate_token`, and `BUFFER_TOO_SHORT`.
 */
tokmint_status tokmint_session_generate_token_into(const struct tokmint_session *session,
                                                   const struct tokmint_token_options *options,
                                                   char *buffer,
                                                   size_t buffer_size,
                                                   size_t *token_length,
                                                   char **message);

/**
 * Generates many tokens for this session: for each element of an array of options, in order, the
 * callback gets the token or the error of this element. An error of an element does not end the
 * batch.
 *
 * `options` is an array of `count` structs, each initialised like one that stands alone; it may be
 * NULL if `count` is 0. An element whose size is not that of the first has the error
 * `INVALID_SIZE`. `user_data` is passed to the callback.
 *
 * The clock is read once a call. Tokens whose options differ only in their data take the least
 * time, and those of a project allocate nothing from the third on, up to 16 layout classes. The
 * tokens share one buffer, so that a million take no more memory than one. A program that does not
 * want to hold all options at once calls this for one block of them after the other.
 *
 * A batch that the callback ends gives `TOKMINT_STATUS_OK`.
 *
 * Errors, before the first callback: `NULL_POINTER`; `INVALID_SIZE` of the first element or of
 * `count`. Those of `tokmint_session_generate_token` come to the callback.
 */
tokmint_status tokmint_session_generate_tokens(const struct tokmint_session *session,
                                               const struct tokmint_token_options *options,
                                               size_t count,
                                               tokmint_token_callback callback,
                                               void *user_data,
                                               char **message);

/**
 * Verifies a token as `tokmint_verify_token` does. It must be for this session.
 *
 * Errors: those of `tokmint_verify_token`; `TOKEN_OF_OTHER_SESSION` also if the options name
 * another session.
 */
tokmint_status tokmint_session_verify_token(const struct tokmint_session *session,
                                            const char *token,
                                            size_t token_length,
                                            const struct tokmint_verify_options *options,
                                            struct tokmint_token **verified,
                                            char **message);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* TOKMINT_H */
