/* What a token costs in C, beside OpenSSL's HMAC over the same bytes, a libjwt token with the same claims, and core
 * called from the same loop.
 *
 * All contenders take turns in short batches, so that whatever else the machine does falls on all of them; the median
 * batch counts. Run with `make bench-c`. */

#include <jwt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

enum { ROUNDS = 301, CALLS = 500, MAX_CONTENDERS = 8 };

/* In tests/bench/c/core. */
void core_generate_jwt(void);
void core_generate_t1(void);
void core_verify_jwt(void);

static const char KEY[] = "123456";
static const char SECRET[] = "1234567890abcdef1234567890abcdef1234567890";
static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

static tokmint_opentok *opentok;
static tokmint_token_options jwt_options = TOKMINT_TOKEN_OPTIONS_INIT, t1_options = TOKMINT_TOKEN_OPTIONS_INIT;
static char jwt[2048], t1[2048];
static size_t jwt_length, t1_length;
static const unsigned char *signed_bytes;
static size_t signed_length;
static EVP_MAC_CTX *cached[2];
static EVP_MAC_CTX *current;
static const EVP_MD *digest;
static volatile unsigned char sink;

static void must(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "%s\n", what);
        exit(1);
    }
}

static void hmac_once(void) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    must(HMAC(digest, SECRET, sizeof SECRET - 1, signed_bytes, signed_length, mac, &length) != NULL, "HMAC");
    sink = mac[0];
}

static void hmac_cached(void) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    size_t length = 0;
    must(EVP_MAC_init(current, NULL, 0, NULL) && EVP_MAC_update(current, signed_bytes, signed_length) &&
             EVP_MAC_final(current, mac, &length, sizeof mac),
         "EVP_MAC");
    sink = mac[0];
}

static void generate(const tokmint_token_options *options) {
    char *token = NULL;
    must(tokmint_generate_token(opentok, SESSION, Z, options, &token, NULL, NULL) == TOKMINT_STATUS_OK, "generate");
    sink = (unsigned char)token[0];
    tokmint_string_free(token);
}

static void generate_into(const tokmint_token_options *options) {
    char token[1024];
    size_t length = 0;
    must(tokmint_generate_token_into(opentok, SESSION, Z, options, token, sizeof token, &length, NULL) ==
             TOKMINT_STATUS_OK,
         "generate_into");
    sink = (unsigned char)token[length - 1];
}

static void generate_jwt(void) { generate(&jwt_options); }
static void generate_jwt_into(void) { generate_into(&jwt_options); }
static void generate_t1(void) { generate(&t1_options); }
static void generate_t1_into(void) { generate_into(&t1_options); }

static void verify_jwt(void) {
    tokmint_token *verified = NULL;
    must(tokmint_verify_token(opentok, jwt, jwt_length, NULL, &verified, NULL) == TOKMINT_STATUS_OK, "verify");
    sink = (unsigned char)verified->role[0];
    tokmint_token_free(verified);
}

static void inspect_jwt(void) {
    tokmint_inspection *inspection = NULL;
    must(tokmint_inspect_token(opentok, jwt, jwt_length, NULL, &inspection, NULL) == TOKMINT_STATUS_OK, "inspect");
    must(!tokmint_inspection_is_refused(inspection), "inspect");
    sink = (unsigned char)tokmint_inspection_token(inspection)->role[0];
    tokmint_inspection_free(inspection);
}

static void libjwt_generate(void) {
    jwt_t *token = NULL;
    const time_t now = time(NULL);
    must(jwt_new(&token) == 0 &&
             jwt_set_alg(token, JWT_ALG_HS256, (const unsigned char *)SECRET, sizeof SECRET - 1) == 0 &&
             jwt_add_grant(token, "session_id", SESSION) == 0 && jwt_add_grant(token, "role", "moderator") == 0 &&
             jwt_add_grant_int(token, "iat", now) == 0 && jwt_add_grant_int(token, "exp", now + 86400) == 0 &&
             jwt_add_grant(token, "scope", "session.connect") == 0 &&
             jwt_add_grant(token, "initial_layout_class_list", "focus main") == 0 &&
             jwt_add_grant(token, "connection_data", "name=Johnny&level=4") == 0 &&
             jwt_add_grant(token, "iss", KEY) == 0 && jwt_add_grant(token, "ist", "project") == 0 &&
             jwt_add_grant_int(token, "nonce", 402117) == 0,
         "libjwt");
    char *text = jwt_encode_str(token);
    must(text != NULL, "libjwt");
    sink = (unsigned char)text[0];
    free(text);
    jwt_free(token);
}

static void libjwt_verify(void) {
    jwt_t *token = NULL;
    must(jwt_decode(&token, jwt, (const unsigned char *)SECRET, sizeof SECRET - 1) == 0, "libjwt decode");
    sink = (unsigned char)jwt_get_grant(token, "role")[0];
    jwt_free(token);
}

typedef struct contender {
    const char *name;
    void (*call)(void);
} contender;

static double now_in_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int by_size(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Prints each one's median time, and its ratio to that of the first and of the second one. */
static void compare(const char *title, const contender *contenders, size_t count) {
    static double times[MAX_CONTENDERS][ROUNDS];
    double medians[MAX_CONTENDERS];
    must(count <= MAX_CONTENDERS, "the table holds the contenders");
    /* The round -1 only warms up. */
    for (int round = -1; round < ROUNDS; round++) {
        for (size_t index = 0; index < count; index++) {
            const double start = now_in_ns();
            for (int call = 0; call < CALLS; call++) {
                contenders[index].call();
            }
            if (round >= 0) {
                times[index][round] = (now_in_ns() - start) / CALLS;
            }
        }
    }
    for (size_t index = 0; index < count; index++) {
        qsort(times[index], ROUNDS, sizeof times[index][0], by_size);
        medians[index] = times[index][ROUNDS / 2];
    }
    printf("%s (median of %d batches of %d calls)\n  %-34s %8s %10s %10s\n", title, ROUNDS, CALLS, "", "ns", "x HMAC",
           "x core");
    for (size_t index = 0; index < count; index++) {
        printf("  %-34s %8.0f %10.2f %10.2f\n", contenders[index].name, medians[index], medians[index] / medians[0],
               medians[index] / medians[1]);
    }
}

static EVP_MAC_CTX *cache(const char *name) {
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", (char *)(size_t)name, 0),
                                     OSSL_PARAM_construct_end()};
    must(EVP_MAC_init(context, (const unsigned char *)SECRET, sizeof SECRET - 1, parameters), "EVP_MAC_init");
    EVP_MAC_free(mac);
    return context;
}

int main(void) {
    static const char *const classes[] = {"focus", "main"};
    jwt_options.role = "moderator";
    jwt_options.data = "name=Johnny&level=4";
    jwt_options.initial_layout_class_list = classes;
    jwt_options.initial_layout_class_count = 2;
    t1_options = jwt_options;
    t1_options.token_format = "t1";
    must(tokmint_opentok_new(KEY, Z, SECRET, Z, &opentok, NULL) == TOKMINT_STATUS_OK, "the project");
    must(tokmint_generate_token_into(opentok, SESSION, Z, &jwt_options, jwt, sizeof jwt, &jwt_length, NULL) ==
                 TOKMINT_STATUS_OK &&
             tokmint_generate_token_into(opentok, SESSION, Z, &t1_options, t1, sizeof t1, &t1_length, NULL) ==
                 TOKMINT_STATUS_OK,
         "tokens");
    cached[0] = cache("SHA256");
    cached[1] = cache("SHA1");
    printf("tokmint %s, %s, libjwt %s, gcc %s\n", tokmint_version(), OpenSSL_version(OPENSSL_VERSION), LIBJWT_VERSION,
           __VERSION__);

    char title[128];
    signed_bytes = (const unsigned char *)jwt;
    signed_length = (size_t)(strrchr(jwt, '.') - jwt);
    digest = EVP_sha256();
    current = cached[0];
    const contender of_jwt[] = {
        {"OpenSSL EVP_MAC, key state cached", hmac_cached},
        {"core generate", core_generate_jwt},
        {"tokmint_generate_token", generate_jwt},
        {"tokmint_generate_token_into", generate_jwt_into},
        {"OpenSSL HMAC()", hmac_once},
        {"libjwt, the same claims", libjwt_generate},
    };
    snprintf(title, sizeof title, "Generate JWT, %zu signed bytes", signed_length);
    compare(title, of_jwt, sizeof of_jwt / sizeof *of_jwt);

    const contender of_verify[] = {
        {"OpenSSL EVP_MAC, key state cached", hmac_cached},
        {"core verify", core_verify_jwt},
        {"tokmint_verify_token", verify_jwt},
        {"tokmint_inspect_token", inspect_jwt},
        {"libjwt decode, signature only", libjwt_verify},
    };
    snprintf(title, sizeof title, "Verify and inspect JWT, %zu signed bytes", signed_length);
    compare(title, of_verify, sizeof of_verify / sizeof *of_verify);

    /* "T1==" and base64 of "partner_id=...&sig=<40 digits>:<what is signed>". */
    static unsigned char raw[2048];
    const int raw_length = EVP_DecodeBlock(raw, (const unsigned char *)t1 + 4, (int)t1_length - 4);
    must(raw_length > 0, "T1 is base64");
    signed_bytes = memchr(raw, ':', (size_t)raw_length);
    must(signed_bytes != NULL, "T1 has a colon");
    signed_bytes++;
    signed_length = strlen((const char *)signed_bytes);
    digest = EVP_sha1();
    current = cached[1];
    const contender of_t1[] = {
        {"OpenSSL EVP_MAC, key state cached", hmac_cached},
        {"core generate", core_generate_t1},
        {"tokmint_generate_token", generate_t1},
        {"tokmint_generate_token_into", generate_t1_into},
        {"OpenSSL HMAC()", hmac_once},
    };
    snprintf(title, sizeof title, "Generate T1, %zu signed bytes", signed_length);
    compare(title, of_t1, sizeof of_t1 / sizeof *of_t1);

    EVP_MAC_CTX_free(cached[0]);
    EVP_MAC_CTX_free(cached[1]);
    tokmint_opentok_free(opentok);
    return 0;
}
