/* Sixteen threads generate and verify on one handle; no two tokens share a nonce. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

enum { THREADS = 16, TOKENS = 2000 };

static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

static tokmint_opentok *project;
static long long nonces[THREADS][TOKENS];
static pthread_barrier_t start;

/* Answers how many of its tokens are wrong. */
static void *run(void *place) {
    long long *mine = place;
    size_t wrong = 0;
    char data[32];
    pthread_barrier_wait(&start);
    for (size_t index = 0; index < TOKENS; index++) {
        snprintf(data, sizeof data, "%p %zu", place, index);
        tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
        options.data = data;
        options.token_format = index % 2 == 0 ? "jwt" : "t1";
        char *token = NULL, *message = NULL;
        tokmint_token *verified = NULL;
        if (tokmint_generate_token(project, SESSION, Z, &options, &token, NULL, &message) != TOKMINT_STATUS_OK ||
            tokmint_verify_token(project, token, Z, NULL, &verified, &message) != TOKMINT_STATUS_OK ||
            strcmp(verified->data, data) != 0) {
            wrong++;
        } else {
            mine[index] = strtoll(verified->nonce, NULL, 10);
        }
        tokmint_token_free(verified);
        tokmint_string_free(token);
        tokmint_string_free(message);
        /* Messages of one thread do not reach another. */
        options.role = index % 2 == 0 ? "root" : "moderator";
        options.token_format = index % 2 == 0 ? "jwt" : "jwe";
        const tokmint_status status = tokmint_generate_token(project, SESSION, Z, &options, &token, NULL, &message);
        const char *word = index % 2 == 0 ? "role" : "format";
        wrong += status == TOKMINT_STATUS_OK || message == NULL || strstr(message, word) == NULL;
        tokmint_string_free(message);
    }
    return (void *)wrong;
}

static int compare(const void *left, const void *right) {
    const long long a = *(const long long *)left, b = *(const long long *)right;
    return (a > b) - (a < b);
}

int main(void) {
    pthread_t threads[THREADS];
    if (tokmint_opentok_new("123456", Z, "1234567890abcdef1234567890abcdef1234567890", Z, &project, NULL) !=
            TOKMINT_STATUS_OK ||
        pthread_barrier_init(&start, NULL, THREADS) != 0) {
        return 2;
    }
    for (size_t index = 0; index < THREADS; index++) {
        if (pthread_create(&threads[index], NULL, run, nonces[index]) != 0) {
            return 2;
        }
    }
    for (size_t index = 0; index < THREADS; index++) {
        void *wrong = NULL;
        pthread_join(threads[index], &wrong);
        check(wrong == NULL, "thread %zu: %zu wrong", index, (size_t)wrong);
    }
    long long *all = nonces[0];
    qsort(all, (size_t)THREADS * TOKENS, sizeof *all, compare);
    for (size_t index = 1; index < (size_t)THREADS * TOKENS; index++) {
        check(all[index - 1] != all[index], "the nonce %lld is used twice", all[index]);
    }
    tokmint_opentok_free(project);
    printf("C threads: %d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
