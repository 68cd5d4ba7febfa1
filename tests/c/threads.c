/* Sixteen threads generate and verify on one handle of a project and one of an application, and then its children after
 * fork() do; no two tokens share a nonce.
 *
 * Usage: threads <file of a private key> */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

enum { THREADS = 16, TOKENS = 2000, RSA_TOKENS = 20, CHILDREN = 8, TOKENS_OF_CHILD = 100 };

static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

static const char APPLICATION_SESSION[] =
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

/* Of a UUID as text. */
typedef char jti[37];

static tokmint_opentok *project, *application;
static jti jtis[(THREADS + CHILDREN) * RSA_TOKENS];
static long long nonces[THREADS][TOKENS];
static pthread_barrier_t start;

/* Makes tokens of the application; returns how many are wrong. */
static size_t run_application(jti *mine) {
    size_t wrong = 0;
    for (size_t index = 0; index < RSA_TOKENS; index++) {
        char *token = NULL;
        tokmint_token *verified = NULL;
        if (tokmint_generate_token(application, APPLICATION_SESSION, Z, NULL, &token, NULL, NULL) ==
                TOKMINT_STATUS_OK &&
            tokmint_verify_token(application, token, Z, NULL, &verified, NULL) == TOKMINT_STATUS_OK &&
            verified->nonce_length == sizeof mine[index] - 1) {
            strcpy(mine[index], verified->nonce);
        } else {
            wrong++;
        }
        tokmint_token_free(verified);
        tokmint_string_free(token);
    }
    return wrong;
}

/* Returns how many of its tokens are wrong. */
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
    wrong += run_application(jtis + (size_t)(mine - nonces[0]) / TOKENS * RSA_TOKENS);
    return (void *)wrong;
}

static int compare(const void *left, const void *right) {
    const long long a = *(const long long *)left, b = *(const long long *)right;
    return (a > b) - (a < b);
}

static void are_distinct(long long *all, size_t count) {
    qsort(all, count, sizeof *all, compare);
    for (size_t index = 1; index < count; index++) {
        check(all[index - 1] != all[index], "the nonce %lld is used twice", all[index]);
    }
}

/* The nonce of a new token. */
static long long new_nonce(void) {
    long long nonce = -1;
    char *token = NULL;
    tokmint_token *verified = NULL;
    if (tokmint_generate_token(project, SESSION, Z, NULL, &token, NULL, NULL) == TOKMINT_STATUS_OK &&
        tokmint_verify_token(project, token, Z, NULL, &verified, NULL) == TOKMINT_STATUS_OK) {
        nonce = strtoll(verified->nonce, NULL, 10);
    }
    tokmint_token_free(verified);
    tokmint_string_free(token);
    return nonce;
}

/* The parent has made tokens before; each child goes on with its handle, and so does the parent. */
static void forks(void) {
    static long long all[(CHILDREN + 1) * TOKENS_OF_CHILD];
    int ends[2];
    size_t count = 0;
    check(pipe(ends) == 0, "a pipe");
    for (int child = 0; child < CHILDREN; child++) {
        if (fork() == 0) {
            long long mine[TOKENS_OF_CHILD];
            for (size_t index = 0; index < TOKENS_OF_CHILD; index++) {
                mine[index] = new_nonce();
            }
            /* At once, so that no other child's come in between. */
            _exit(write(ends[1], mine, sizeof mine) == (ssize_t)sizeof mine ? 0 : 1);
        }
    }
    close(ends[1]);
    while (count < TOKENS_OF_CHILD) {
        all[count++] = new_nonce();
    }
    for (ssize_t size; count < sizeof all / sizeof *all; count += (size_t)size / sizeof *all) {
        size = read(ends[0], all + count, sizeof all - count * sizeof *all);
        if (size <= 0 || (size_t)size % sizeof *all != 0) {
            break;
        }
    }
    close(ends[0]);
    for (int child = 0; child < CHILDREN; child++) {
        int status = 1;
        wait(&status);
        check(status == 0, "a child ends with %d", status);
    }
    check(count == sizeof all / sizeof *all, "%zu nonces after fork", count);
    are_distinct(all, count);
    check(all[0] >= 0, "every token of a child verifies");
}

static int compare_jtis(const void *left, const void *right) { return strcmp(left, right); }

/* The same with the application, whose UUIDs are random. */
static void forks_of_application(void) {
    int ends[2];
    jti *of_children = jtis + (size_t)THREADS * RSA_TOKENS;
    check(pipe(ends) == 0, "a pipe");
    for (int child = 0; child < CHILDREN; child++) {
        if (fork() == 0) {
            jti mine[RSA_TOKENS];
            const size_t wrong = run_application(mine);
            _exit(wrong == 0 && write(ends[1], mine, sizeof mine) == (ssize_t)sizeof mine ? 0 : 1);
        }
    }
    close(ends[1]);
    for (int child = 0; child < CHILDREN; child++) {
        int status = 1;
        const size_t size = RSA_TOKENS * sizeof(jti);
        check(read(ends[0], of_children + (size_t)child * RSA_TOKENS, size) == (ssize_t)size, "UUIDs of a child");
        wait(&status);
        check(status == 0, "a child of an application ends with %d", status);
    }
    close(ends[0]);
    qsort(jtis, sizeof jtis / sizeof *jtis, sizeof *jtis, compare_jtis);
    for (size_t index = 1; index < sizeof jtis / sizeof *jtis; index++) {
        check(strcmp(jtis[index - 1], jtis[index]) != 0, "the UUID %s is used twice", jtis[index]);
    }
}

int main(int argc, char **argv) {
    pthread_t threads[THREADS];
    static char private_key[8192];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL || fread(private_key, 1, sizeof private_key - 1, file) == 0 || fclose(file) != 0 ||
        tokmint_opentok_new_application("a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9", Z, private_key, Z, &application,
                                        NULL) != TOKMINT_STATUS_OK) {
        fputs("usage: threads <file of a private key>\n", stderr);
        return 2;
    }
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
    are_distinct(nonces[0], (size_t)THREADS * TOKENS);
    forks();
    forks_of_application();
    tokmint_opentok_free(application);
    tokmint_opentok_free(project);
    printf("C threads and forks: %d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
