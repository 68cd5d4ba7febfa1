/* What a token costs in C, beside OpenSSL's HMAC or RSA over the same bytes, a libjwt token with the same claims, and
 * core called from the same loop.
 *
 * All contenders take turns in short batches, so that whatever else the machine does falls on all of them; the median
 * batch counts. Run with `make bench-c`.
 *
 * Usage: bench <file of a private key of RSA> */

#include <jwt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

enum { ROUNDS = 301, HMAC_CALLS = 500, SIGN_CALLS = 5, VERIFY_CALLS = 50, MAX_CONTENDERS = 8 };

/* Tokens of one batch, and batches of one turn. */
enum { BATCH = 100, BATCH_CALLS = HMAC_CALLS / BATCH };

/* What C may take of core's time. */
#define OF_CORE 1.10

/* In tests/bench/c/core. */
void core_generate_jwt(void);
void core_generate_t1(void);
void core_session_jwt(void);
void core_session_t1(void);
void core_batch_jwt(void);
void core_batch_t1(void);
void core_verify_jwt(void);
void core_generate_application(void);
void core_verify_application(void);

static const char KEY[] = "123456";
static const char SECRET[] = "1234567890abcdef1234567890abcdef1234567890";
static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

static const char ID[] = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
static const char APPLICATION_SESSION[] =
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

static tokmint_opentok *opentok, *application;
static tokmint_session *session;
static tokmint_token_options jwt_batch[BATCH], t1_batch[BATCH];
static EVP_PKEY *rsa;
static unsigned char signature[512];
static size_t signature_length = sizeof signature;
static char private_key[8192], public_key[8192], rs256[2048];
static size_t private_key_length, public_key_length, rs256_length;
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

static void session_generate(const tokmint_token_options *options) {
    char *token = NULL;
    must(tokmint_session_generate_token(session, options, &token, NULL, NULL) == TOKMINT_STATUS_OK, "session_generate");
    sink = (unsigned char)token[0];
    tokmint_string_free(token);
}

static void session_generate_into(const tokmint_token_options *options) {
    char token[1024];
    size_t length = 0;
    must(tokmint_session_generate_token_into(session, options, token, sizeof token, &length, NULL) == TOKMINT_STATUS_OK,
         "session_generate_into");
    sink = (unsigned char)token[length - 1];
}

static int take_token(void *user_data, size_t index, tokmint_status status, const char *token, size_t length,
                      const char *message) {
    (void)user_data, (void)index, (void)message;
    must(status == TOKMINT_STATUS_OK, "session_generate_tokens");
    sink = (unsigned char)token[length - 1];
    return 0;
}

static void batch(const tokmint_token_options *options) {
    must(tokmint_session_generate_tokens(session, options, BATCH, take_token, NULL, NULL) == TOKMINT_STATUS_OK,
         "session_generate_tokens");
}

static void session_jwt(void) { session_generate(&jwt_options); }
static void session_jwt_into(void) { session_generate_into(&jwt_options); }
static void session_t1(void) { session_generate(&t1_options); }
static void session_t1_into(void) { session_generate_into(&t1_options); }
static void batch_jwt(void) { batch(jwt_batch); }
static void batch_t1(void) { batch(t1_batch); }

static void hmac_of_batch(void) {
    for (size_t index = 0; index < BATCH; index++) {
        hmac_cached();
    }
}

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

static void rsa_sign(void) {
    unsigned char made[sizeof signature];
    size_t length = sizeof made;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    must(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, rsa) == 1 &&
             EVP_DigestSign(context, made, &length, signed_bytes, signed_length) == 1,
         "EVP_DigestSign");
    sink = made[0];
    EVP_MD_CTX_free(context);
}

static void rsa_verify(void) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    must(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, rsa) == 1 &&
             EVP_DigestVerify(context, signature, signature_length, signed_bytes, signed_length) == 1,
         "EVP_DigestVerify");
    EVP_MD_CTX_free(context);
}

static void application_generate(void) {
    char *token = NULL;
    must(tokmint_generate_token(application, APPLICATION_SESSION, Z, &jwt_options, &token, NULL, NULL) ==
             TOKMINT_STATUS_OK,
         "generate");
    sink = (unsigned char)token[0];
    tokmint_string_free(token);
}

static void application_generate_into(void) {
    char token[2048];
    size_t length = 0;
    must(tokmint_generate_token_into(application, APPLICATION_SESSION, Z, &jwt_options, token, sizeof token, &length,
                                     NULL) == TOKMINT_STATUS_OK,
         "generate_into");
    sink = (unsigned char)token[length - 1];
}

static void application_verify(void) {
    tokmint_token *verified = NULL;
    must(tokmint_verify_token(application, rs256, rs256_length, NULL, &verified, NULL) == TOKMINT_STATUS_OK, "verify");
    sink = (unsigned char)verified->role[0];
    tokmint_token_free(verified);
}

static void application_inspect(void) {
    tokmint_inspection *inspection = NULL;
    must(tokmint_inspect_token(application, rs256, rs256_length, NULL, &inspection, NULL) == TOKMINT_STATUS_OK &&
             !tokmint_inspection_is_refused(inspection),
         "inspect");
    sink = (unsigned char)tokmint_inspection_token(inspection)->role[0];
    tokmint_inspection_free(inspection);
}

/* libjwt takes the text of the key for each token. */
static void libjwt_generate_rs256(void) {
    jwt_t *token = NULL;
    const time_t now = time(NULL);
    must(jwt_new(&token) == 0 &&
             jwt_set_alg(token, JWT_ALG_RS256, (const unsigned char *)private_key, (int)private_key_length) == 0 &&
             jwt_add_grant(token, "scope", "session.connect") == 0 &&
             jwt_add_grant(token, "session_id", APPLICATION_SESSION) == 0 &&
             jwt_add_grant(token, "role", "moderator") == 0 &&
             jwt_add_grant(token, "initial_layout_class_list", "focus main") == 0 &&
             jwt_add_grant_int(token, "exp", now + 86400) == 0 && jwt_add_grant(token, "sub", "video") == 0 &&
             jwt_add_grants_json(token, "{\"acl\":{\"paths\":{\"/session/**\":{}}}}") == 0 &&
             jwt_add_grant(token, "connection_data", "name=Johnny&level=4") == 0 &&
             jwt_add_grant(token, "jti", "d412fd8f-921c-4b35-bdcd-bf2d39bb20ed") == 0 &&
             jwt_add_grant_int(token, "iat", now) == 0 && jwt_add_grant(token, "application_id", ID) == 0,
         "libjwt");
    char *text = jwt_encode_str(token);
    must(text != NULL, "libjwt");
    sink = (unsigned char)text[0];
    free(text);
    jwt_free(token);
}

static void libjwt_verify_rs256(void) {
    jwt_t *token = NULL;
    must(jwt_decode(&token, rs256, (const unsigned char *)public_key, (int)public_key_length) == 0, "libjwt decode");
    sink = (unsigned char)jwt_get_grant(token, "role")[0];
    jwt_free(token);
}

/* Reads the key into every form that a contender takes. */
static void read_key(const char *path) {
    FILE *file = fopen(path, "rb");
    must(file != NULL, "the file of the key");
    private_key_length = fread(private_key, 1, sizeof private_key - 1, file);
    fclose(file);
    BIO *source = BIO_new_mem_buf(private_key, (int)private_key_length);
    rsa = PEM_read_bio_PrivateKey(source, NULL, NULL, NULL);
    must(rsa != NULL, "the key");
    BIO_free(source);
    BIO *target = BIO_new(BIO_s_mem());
    must(PEM_write_bio_PUBKEY(target, rsa) == 1, "the public key");
    const int length = BIO_read(target, public_key, sizeof public_key - 1);
    must(length > 0, "the public key");
    public_key_length = (size_t)length;
    BIO_free(target);
}

typedef struct contender {
    const char *name;
    void (*call)(void);
    /* The most that it may be of core's time; 0 without a target. */
    double target;
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

/* Prints each one's median time for a token, its ratio to that of the first and of the second one, and the target of
 * the latter. A call makes so many tokens. */
static void compare(const char *title, const char *bare, int calls, int tokens, const contender *contenders,
                    size_t count) {
    static double times[MAX_CONTENDERS][ROUNDS];
    double medians[MAX_CONTENDERS];
    must(count <= MAX_CONTENDERS, "the table holds the contenders");
    /* The round -1 only warms up. */
    for (int round = -1; round < ROUNDS; round++) {
        for (size_t index = 0; index < count; index++) {
            const double start = now_in_ns();
            for (int call = 0; call < calls; call++) {
                contenders[index].call();
            }
            if (round >= 0) {
                times[index][round] = (now_in_ns() - start) / calls / tokens;
            }
        }
    }
    for (size_t index = 0; index < count; index++) {
        qsort(times[index], ROUNDS, sizeof times[index][0], by_size);
        medians[index] = times[index][ROUNDS / 2];
    }
    printf("%s (median of %d batches of %d calls)\n  %-34s %8s %10s %10s\n", title, ROUNDS, calls, "", "ns", bare,
           "x core");
    for (size_t index = 0; index < count; index++) {
        printf("  %-34s %8.0f %10.2f %10.2f", contenders[index].name, medians[index], medians[index] / medians[0],
               medians[index] / medians[1]);
        if (contenders[index].target > 0) {
            printf("   target %.2f", contenders[index].target);
        }
        putchar('\n');
    }
}

/* A session, alone and in batches, beside the HMAC over a whole token. */
static void compare_session(const char *format, void (*core)(void), void (*own)(void), void (*into)(void),
                            void (*core_batch)(void), void (*own_batch)(void)) {
    char title[128];
    const contender of_session[] = {
        {"OpenSSL EVP_MAC, key state cached", hmac_cached, 0},
        {"core Session::generate_token", core, 0},
        {"tokmint_session_generate_token", own, OF_CORE},
        {"tokmint_session_generate_token_into", into, OF_CORE},
    };
    snprintf(title, sizeof title, "Session, %s", format);
    compare(title, "x HMAC", HMAC_CALLS, 1, of_session, sizeof of_session / sizeof *of_session);
    const contender of_batch[] = {
        {"OpenSSL EVP_MAC, key state cached", hmac_of_batch, 0},
        {"core Session::generate_tokens", core_batch, 0},
        {"tokmint_session_generate_tokens", own_batch, OF_CORE},
    };
    snprintf(title, sizeof title, "Batch of %d, %s, a token", (int)BATCH, format);
    compare(title, "x HMAC", BATCH_CALLS, BATCH, of_batch, sizeof of_batch / sizeof *of_batch);
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

int main(int argc, char **argv) {
    must(argc == 2, "usage: bench <file of a private key of RSA>");
    read_key(argv[1]);
    static const char *const classes[] = {"focus", "main"};
    jwt_options.role = "moderator";
    jwt_options.data = "name=Johnny&level=4";
    jwt_options.initial_layout_class_list = classes;
    jwt_options.initial_layout_class_count = 2;
    t1_options = jwt_options;
    t1_options.token_format = "t1";
    for (size_t index = 0; index < BATCH; index++) {
        jwt_batch[index] = jwt_options;
        t1_batch[index] = t1_options;
    }
    must(tokmint_opentok_new(KEY, Z, SECRET, Z, &opentok, NULL) == TOKMINT_STATUS_OK &&
             tokmint_opentok_session(opentok, SESSION, Z, &session, NULL) == TOKMINT_STATUS_OK,
         "the project");
    must(tokmint_generate_token_into(opentok, SESSION, Z, &jwt_options, jwt, sizeof jwt, &jwt_length, NULL) ==
                 TOKMINT_STATUS_OK &&
             tokmint_generate_token_into(opentok, SESSION, Z, &t1_options, t1, sizeof t1, &t1_length, NULL) ==
                 TOKMINT_STATUS_OK,
         "tokens");
    must(tokmint_opentok_new_application(ID, Z, private_key, private_key_length, &application, NULL) ==
                 TOKMINT_STATUS_OK &&
             tokmint_generate_token_into(application, APPLICATION_SESSION, Z, &jwt_options, rs256, sizeof rs256,
                                         &rs256_length, NULL) == TOKMINT_STATUS_OK,
         "the application");
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
        {"OpenSSL EVP_MAC, key state cached", hmac_cached, 0},
        {"core generate", core_generate_jwt, 0},
        {"tokmint_generate_token", generate_jwt, OF_CORE},
        {"tokmint_generate_token_into", generate_jwt_into, OF_CORE},
        {"OpenSSL HMAC()", hmac_once, 0},
        {"libjwt, the same claims", libjwt_generate, 0},
    };
    snprintf(title, sizeof title, "Generate JWT, %zu signed bytes", signed_length);
    compare(title, "x HMAC", HMAC_CALLS, 1, of_jwt, sizeof of_jwt / sizeof *of_jwt);

    compare_session("JWT", core_session_jwt, session_jwt, session_jwt_into, core_batch_jwt, batch_jwt);

    const contender of_verify[] = {
        {"OpenSSL EVP_MAC, key state cached", hmac_cached, 0},
        {"core verify", core_verify_jwt, 0},
        {"tokmint_verify_token", verify_jwt, 0},
        {"tokmint_inspect_token", inspect_jwt, 0},
        {"libjwt decode, signature only", libjwt_verify, 0},
    };
    snprintf(title, sizeof title, "Verify and inspect JWT, %zu signed bytes", signed_length);
    compare(title, "x HMAC", HMAC_CALLS, 1, of_verify, sizeof of_verify / sizeof *of_verify);

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
        {"OpenSSL EVP_MAC, key state cached", hmac_cached, 0},
        {"core generate", core_generate_t1, 0},
        {"tokmint_generate_token", generate_t1, OF_CORE},
        {"tokmint_generate_token_into", generate_t1_into, OF_CORE},
        {"OpenSSL HMAC()", hmac_once, 0},
    };
    snprintf(title, sizeof title, "Generate T1, %zu signed bytes", signed_length);
    compare(title, "x HMAC", HMAC_CALLS, 1, of_t1, sizeof of_t1 / sizeof *of_t1);
    compare_session("T1", core_session_t1, session_t1, session_t1_into, core_batch_t1, batch_t1);

    signed_bytes = (const unsigned char *)rs256;
    signed_length = (size_t)(strrchr(rs256, '.') - rs256);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    must(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, rsa) == 1 &&
             EVP_DigestSign(context, signature, &signature_length, signed_bytes, signed_length) == 1,
         "EVP_DigestSign");
    EVP_MD_CTX_free(context);
    const contender of_application[] = {
        {"OpenSSL EVP_DigestSign", rsa_sign, 0},
        {"core generate", core_generate_application, 0},
        {"tokmint_generate_token", application_generate, 0},
        {"tokmint_generate_token_into", application_generate_into, 0},
        {"libjwt, the same claims", libjwt_generate_rs256, 0},
    };
    snprintf(title, sizeof title, "Generate for an application, RSA of %d bits, %zu signed bytes", EVP_PKEY_bits(rsa),
             signed_length);
    compare(title, "x OpenSSL", SIGN_CALLS, 1, of_application, sizeof of_application / sizeof *of_application);

    const contender of_application_verify[] = {
        {"OpenSSL EVP_DigestVerify", rsa_verify, 0},
        {"core verify", core_verify_application, 0},
        {"tokmint_verify_token", application_verify, 0},
        {"tokmint_inspect_token", application_inspect, 0},
        {"libjwt decode, signature only", libjwt_verify_rs256, 0},
    };
    snprintf(title, sizeof title, "Verify and inspect for an application, RSA of %d bits, %zu signed bytes",
             EVP_PKEY_bits(rsa), signed_length);
    compare(title, "x OpenSSL", VERIFY_CALLS, 1, of_application_verify,
            sizeof of_application_verify / sizeof *of_application_verify);

    EVP_PKEY_free(rsa);
    EVP_MAC_CTX_free(cached[0]);
    EVP_MAC_CTX_free(cached[1]);
    tokmint_opentok_free(application);
    tokmint_session_free(session);
    tokmint_opentok_free(opentok);
    return 0;
}
