/* What sessions and batches promise beyond their tokens: a session outlives its credentials, eight threads share it
 * without a nonce in common and without more memory, a batch reads the clock once and can be called again from its own
 * callback, and a fork, also in the middle of a batch, repeats no nonce.
 *
 * Usage: sessions <file of a private key> [flat]. TOKMINT_TOKENS is how many tokens the threads make. `flat` checks the
 * resident memory, which tools that look for faults keep. */

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

enum { THREADS = 8, BATCH = 100, CHILDREN = 4, TOKENS_OF_CHILD = 50, FLAT_KIB = 1024 };

static const char KEY[] = "123456";
static const char SECRET[] = "1234567890abcdef1234567890abcdef1234567890";
static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
/* Another one of the project: "1~123456~~Sat Mar 15 14:42:23 PDT 2014~0.49013026~". */
static const char OTHER_SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNn4";
static const char ID[] = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
static const char APPLICATION_SESSION[] =
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

/* A nonce as a token holds it: an integer, or a UUID. */
typedef char nonce[37];

static tokmint_session *project, *application;
static bool must_be_flat;

static long resident_kib(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    check(file != NULL && fscanf(file, "%*s %ld", &pages) == 1, "resident memory");
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Whether a token verifies through its session, and its nonce. */
static bool read_nonce(const tokmint_session *session, const char *token, nonce nonce) {
    tokmint_token *verified = NULL;
    const bool is_read = tokmint_session_verify_token(session, token, Z, NULL, &verified, NULL) == TOKMINT_STATUS_OK &&
                         verified->nonce_length < sizeof(char[37]);
    if (is_read) {
        strcpy(nonce, verified->nonce);
    }
    tokmint_token_free(verified);
    return is_read;
}

static int compare_nonces(const void *left, const void *right) { return strcmp(left, right); }

static void are_distinct(nonce *all, size_t count) {
    qsort(all, count, sizeof *all, compare_nonces);
    for (size_t index = 0; index < count; index++) {
        check(all[index][0] != '\0', "every token verifies");
        check(index == 0 || strcmp(all[index - 1], all[index]) != 0, "the nonce %s is used twice", all[index]);
    }
}

/* The tokens of a session are those of its credentials, which are freed by now, and of no other session. */
static void belongs(void) {
    check(strcmp(tokmint_session_id(project), SESSION) == 0, "its ID");
    tokmint_opentok *opentok = NULL;
    tokmint_session *other = NULL;
    check(tokmint_opentok_new(KEY, Z, SECRET, Z, &opentok, NULL) == TOKMINT_STATUS_OK &&
              tokmint_opentok_session(opentok, OTHER_SESSION, Z, &other, NULL) == TOKMINT_STATUS_OK,
          "another session");
    char *token = NULL;
    tokmint_token *verified = NULL;
    check(tokmint_session_generate_token(project, NULL, &token, NULL, NULL) == TOKMINT_STATUS_OK, "a token");
    check(tokmint_verify_token(opentok, token, Z, NULL, &verified, NULL) == TOKMINT_STATUS_OK, "of the project");
    tokmint_token_free(verified);
    verified = NULL;
    check(tokmint_session_verify_token(project, token, Z, NULL, &verified, NULL) == TOKMINT_STATUS_OK,
          "of the session");
    tokmint_token_free(verified);
    verified = NULL;
    const tokmint_status refused = TOKMINT_STATUS_TOKEN_OF_OTHER_SESSION;
    check(tokmint_session_verify_token(other, token, Z, NULL, &verified, NULL) == refused, "of no other session");
    tokmint_verify_options options = TOKMINT_VERIFY_OPTIONS_INIT;
    options.session_id = OTHER_SESSION;
    check(tokmint_session_verify_token(project, token, Z, &options, &verified, NULL) == refused,
          "options that expect another session");
    options.session_id = SESSION;
    check(tokmint_session_verify_token(project, token, Z, &options, &verified, NULL) == TOKMINT_STATUS_OK,
          "options that expect the same session");
    tokmint_token_free(verified);
    tokmint_string_free(token);
    tokmint_session_free(other);
    tokmint_opentok_free(opentok);
}

/* What one callback compares the results of a batch with. */
typedef struct expected {
    const tokmint_token_options *options;
    size_t next;
    bool calls_back;
} expected;

/* Compares with a single call. */
static int compare_with_single(void *user_data, size_t index, tokmint_status status, const char *token, size_t length,
                               const char *message) {
    expected *expected = user_data;
    char *single = NULL, *single_message = NULL;
    size_t single_length = 0;
    check(index == expected->next++, "results come in order");
    char *before = token == NULL ? NULL : strdup(token);
    if (expected->calls_back && index % 16 == 0) {
        struct expected inner = {expected->options, 0, false};
        check(tokmint_session_generate_tokens(project, expected->options, 20, compare_with_single, &inner, NULL) ==
                      TOKMINT_STATUS_OK &&
                  inner.next == 20,
              "a batch within a batch");
    }
    const tokmint_status single_status =
        tokmint_session_generate_token(project, expected->options + index, &single, &single_length, &single_message);
    check(status == single_status, "element %zu: %s", index, tokmint_error_name(status));
    if (status == TOKMINT_STATUS_OK) {
        check(message == NULL && strcmp(token, single) == 0 && length == single_length && strlen(token) == length,
              "the token %zu is that of a single call", index);
        check(strcmp(token, before) == 0, "a call from the callback leaves its token alone");
    } else {
        check(token == NULL && length == 0 && message != NULL && strcmp(message, single_message) == 0,
              "the message %zu is that of a single call", index);
    }
    free(before);
    tokmint_string_free(single);
    tokmint_string_free(single_message);
    return 0;
}

/* Tokens of any options, some of them at fault, and of any length in any order. */
static void equals_single_calls(void) {
    enum { COUNT = 300, LONGEST = 1000 };
    static char data[LONGEST + 1], wide[LONGEST + 1];
    static const char *const classes[] = {"focus", "main"};
    static tokmint_token_options options[COUNT];
    memset(data, '"', LONGEST);
    for (size_t index = 0; index + 3 <= LONGEST; index += 3) {
        memcpy(wide + index, "\xe2\x82\xac", 3);
    }
    for (size_t index = 0; index < COUNT; index++) {
        const tokmint_token_options unset = TOKMINT_TOKEN_OPTIONS_INIT;
        options[index] = unset;
        options[index].create_time = 1700000000 + (int64_t)(index / 40);
        options[index].nonce = (int64_t)index;
        options[index].token_format = index / 5 % 2 == 0 ? "jwt" : "t1";
        options[index].role = index / 10 % 3 == 0 ? "moderator" : NULL;
        options[index].data = index % 2 == 0 ? data : wide;
        options[index].data_length = index * 7919 % LONGEST / 3 * 3;
        options[index].initial_layout_class_list = classes;
        options[index].initial_layout_class_count = index / 20 % 3;
    }
    options[7].role = "root";
    options[8].expires_in = 0;
    options[60].data_length = Z;
    options[60].data = "\xff";
    options[61].size = 0;
    options[62].size = sizeof *options - 8;
    options[COUNT - 1].initial_layout_class_count = 1;
    options[COUNT - 1].initial_layout_class_list = NULL;
    for (int turn = 0; turn < 2; turn++) {
        expected expected = {options, 0, turn == 1};
        char *message = NULL;
        check(tokmint_session_generate_tokens(project, options, COUNT, compare_with_single, &expected, &message) ==
                      TOKMINT_STATUS_OK &&
                  message == NULL && expected.next == COUNT,
              "a batch of %zu results", expected.next);
    }
    /* The size of the first one is all that there is to walk by. */
    expected none = {options + 61, 0, false};
    char *message = NULL;
    check(tokmint_session_generate_tokens(project, options + 61, 9, compare_with_single, &none, &message) ==
                  TOKMINT_STATUS_INVALID_SIZE &&
              message != NULL && none.next == 0,
          "the first element is at fault");
    tokmint_string_free(message);
}

/* Ends the batch at an index, with any value but 0. */
static int end_at(void *user_data, size_t index, tokmint_status status, const char *token, size_t length,
                  const char *message) {
    size_t *calls = user_data;
    check(status == TOKMINT_STATUS_OK && token != NULL && length == strlen(token) && message == NULL, "a token");
    ++*calls;
    return index < 4 ? 0 : *calls % 2 == 0 ? 1 : -7;
}

static void ends_early(void) {
    tokmint_token_options options[10];
    for (size_t index = 0; index < 10; index++) {
        tokmint_token_options_init(options + index, sizeof *options);
    }
    for (size_t before = 0; before < 2; before++) {
        size_t calls = before;
        check(tokmint_session_generate_tokens(project, options, 10, end_at, &calls, NULL) == TOKMINT_STATUS_OK &&
                  calls == before + 5,
              "a batch ends after %zu calls", calls);
    }
}

static int take_time(void *user_data, size_t index, tokmint_status status, const char *token, size_t length,
                     const char *message) {
    int64_t *create_time = user_data;
    tokmint_token *verified = NULL;
    check(status == TOKMINT_STATUS_OK && message == NULL &&
              tokmint_session_verify_token(project, token, length, NULL, &verified, NULL) == TOKMINT_STATUS_OK,
          "a token");
    if (index == 0) {
        *create_time = verified->create_time;
        while (time(NULL) <= *create_time) {
            const struct timespec wait = {0, 10000000};
            nanosleep(&wait, NULL);
        }
    }
    check(verified->create_time == *create_time, "the clock is read once");
    tokmint_token_free(verified);
    return 0;
}

static void reads_the_clock_once(void) {
    tokmint_token_options options[3];
    for (size_t index = 0; index < 3; index++) {
        tokmint_token_options_init(options + index, sizeof *options);
    }
    int64_t create_time = 0, later = 0;
    check(tokmint_session_generate_tokens(project, options, 3, take_time, &create_time, NULL) == TOKMINT_STATUS_OK,
          "a batch");
    check(tokmint_session_generate_tokens(project, options, 1, take_time, &later, NULL) == TOKMINT_STATUS_OK &&
              later > create_time,
          "and again by the next batch");
}

static int count_tokens(void *user_data, size_t index, tokmint_status status, const char *token, size_t length,
                        const char *message) {
    size_t *calls = user_data;
    *calls += status == TOKMINT_STATUS_OK && token[length] == '\0' && message == NULL && index == *calls;
    return 0;
}

/* Beside the options, which are the caller's, many take no more memory than one. */
static void is_bounded(size_t count) {
    tokmint_token_options *options = malloc(count * sizeof *options);
    if (options == NULL) {
        perror("malloc");
        exit(2);
    }
    for (size_t index = 0; index < count; index++) {
        tokmint_token_options_init(options + index, sizeof *options);
        options[index].data = index % 2 == 0 ? "name=Johnny" : "name=Jane";
    }
    size_t calls = 0;
    tokmint_session_generate_tokens(project, options, 10, count_tokens, &calls, NULL);
    calls = 0;
    const long before = resident_kib();
    check(tokmint_session_generate_tokens(project, options, count, count_tokens, &calls, NULL) == TOKMINT_STATUS_OK &&
              calls == count,
          "a batch of %zu tokens", calls);
    const long growth = resident_kib() - before;
    check(!must_be_flat || growth <= FLAT_KIB, "a batch takes %ld KiB", growth);
    printf("a batch of %zu: resident memory grows by %ld KiB\n", count, growth);
    free(options);
}

/* Of one thread. */
typedef struct job {
    int64_t *nonces;
    size_t count, done;
    char data[32];
} job;

static pthread_barrier_t barrier;

static int take_nonce(void *user_data, size_t index, tokmint_status status, const char *token, size_t length,
                      const char *message) {
    job *job = user_data;
    tokmint_token *verified = NULL;
    if (status == TOKMINT_STATUS_OK && message == NULL && index < BATCH &&
        tokmint_session_verify_token(project, token, length, NULL, &verified, NULL) == TOKMINT_STATUS_OK &&
        strcmp(verified->data, job->data) == 0) {
        job->nonces[job->done++] = strtoll(verified->nonce, NULL, 10);
    }
    tokmint_token_free(verified);
    return 0;
}

/* Makes tokens in batches and one by one, up to a number. */
static void make(job *job, size_t up_to) {
    tokmint_token_options options[BATCH];
    for (size_t index = 0; index < BATCH; index++) {
        tokmint_token_options_init(options + index, sizeof *options);
        options[index].data = job->data;
        options[index].token_format = index / 10 % 2 == 0 ? "jwt" : "t1";
    }
    while (job->done < up_to) {
        const size_t before = job->done, left = up_to - before;
        char *token = NULL;
        size_t length = 0;
        if (tokmint_session_generate_token(project, options + before % BATCH, &token, &length, NULL) ==
            TOKMINT_STATUS_OK) {
            take_nonce(job, 0, TOKMINT_STATUS_OK, token, length, NULL);
        }
        tokmint_string_free(token);
        const size_t count = left - 1 < BATCH ? left - 1 : BATCH;
        tokmint_session_generate_tokens(project, options, count, take_nonce, job, NULL);
        if (job->done != before + 1 + count) {
            return;
        }
    }
}

static void *run(void *place) {
    job *job = place;
    make(job, job->count / 5);
    pthread_barrier_wait(&barrier);
    /* Here the memory is measured. */
    pthread_barrier_wait(&barrier);
    make(job, job->count);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return NULL;
}

static int compare_integers(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void are_shared_by_threads(size_t tokens) {
    pthread_t threads[THREADS];
    static job jobs[THREADS];
    const size_t each = tokens / THREADS;
    int64_t *nonces = malloc(each * THREADS * sizeof *nonces);
    if (nonces == NULL || pthread_barrier_init(&barrier, NULL, THREADS + 1) != 0) {
        perror("threads");
        exit(2);
    }
    memset(nonces, 0xff, each * THREADS * sizeof *nonces);
    for (size_t index = 0; index < THREADS; index++) {
        jobs[index].nonces = nonces + index * each;
        jobs[index].count = each;
        snprintf(jobs[index].data, sizeof jobs[index].data, "thread=%zu", index);
        if (pthread_create(&threads[index], NULL, run, &jobs[index]) != 0) {
            perror("pthread_create");
            exit(2);
        }
    }
    pthread_barrier_wait(&barrier);
    const long before = resident_kib();
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    const long growth = resident_kib() - before;
    pthread_barrier_wait(&barrier);
    for (size_t index = 0; index < THREADS; index++) {
        pthread_join(threads[index], NULL);
        check(jobs[index].done == each, "thread %zu made %zu good tokens of %zu", index, jobs[index].done, each);
    }
    check(!must_be_flat || growth <= FLAT_KIB, "resident memory grows by %ld KiB", growth);
    qsort(nonces, each * THREADS, sizeof *nonces, compare_integers);
    size_t duplicates = 0;
    for (size_t index = 1; index < each * THREADS; index++) {
        duplicates += nonces[index - 1] == nonces[index];
    }
    check(duplicates == 0 && nonces[0] >= 0, "%zu nonces are used twice", duplicates);
    printf("%zu tokens of %d threads: %zu duplicates, resident memory %ld KiB, grows by %ld KiB\n", each * THREADS,
           (int)THREADS, duplicates, before, growth);
    pthread_barrier_destroy(&barrier);
    free(nonces);
}

/* Reads what children wrote, and waits for them. */
static size_t gather(int end, nonce *all, size_t wanted, int children) {
    size_t size = 0;
    for (ssize_t part = 1; part > 0 && size < wanted * sizeof *all; size += (size_t)part) {
        part = read(end, (char *)all + size, wanted * sizeof *all - size);
        if (part < 0) {
            break;
        }
    }
    close(end);
    for (int child = 0; child < children; child++) {
        int status = 1;
        wait(&status);
        check(status == 0, "a child ends with %d", status);
    }
    return size / sizeof *all;
}

/* Children and parent go on with a session that was prepared before. */
static void forks(const tokmint_session *session) {
    static nonce all[(CHILDREN + 1) * TOKENS_OF_CHILD];
    int ends[2];
    check(pipe(ends) == 0, "a pipe");
    for (int child = 0; child <= CHILDREN; child++) {
        const bool is_parent = child == CHILDREN;
        if (is_parent || fork() == 0) {
            memset(all, 0, sizeof all);
            for (size_t index = 0; index < TOKENS_OF_CHILD; index++) {
                char *token = NULL;
                tokmint_session_generate_token(session, NULL, &token, NULL, NULL);
                check(token != NULL && read_nonce(session, token, all[index]), "a token after fork");
                tokmint_string_free(token);
            }
            if (!is_parent) {
                /* At once, so that no other child's come in between. */
                const size_t size = TOKENS_OF_CHILD * sizeof *all;
                _exit(write(ends[1], all, size) == (ssize_t)size && failures == 0 ? 0 : 1);
            }
        }
    }
    close(ends[1]);
    const size_t of_children = (size_t)CHILDREN * TOKENS_OF_CHILD;
    check(gather(ends[0], all + TOKENS_OF_CHILD, of_children, CHILDREN) == of_children, "all nonces of the children");
    are_distinct(all, sizeof all / sizeof *all);
}

/* A batch that forks in its middle: both processes go on with it. */
typedef struct forking {
    const tokmint_session *session;
    pid_t child;
    nonce nonces[TOKENS_OF_CHILD];
} forking;

enum { FORKS_AT = TOKENS_OF_CHILD / 2 };

static int fork_once(void *user_data, size_t index, tokmint_status status, const char *token, size_t length,
                     const char *message) {
    forking *forking = user_data;
    check(status == TOKMINT_STATUS_OK && message == NULL && strlen(token) == length &&
              read_nonce(forking->session, token, forking->nonces[index]),
          "a token of a batch that forks");
    if (index == FORKS_AT) {
        forking->child = fork();
    }
    return 0;
}

static void forks_within_a_batch(const tokmint_session *session) {
    static nonce all[2 * TOKENS_OF_CHILD - FORKS_AT - 1];
    static forking forking;
    tokmint_token_options options[TOKENS_OF_CHILD];
    int ends[2];
    check(pipe(ends) == 0, "a pipe");
    for (size_t index = 0; index < TOKENS_OF_CHILD; index++) {
        tokmint_token_options_init(options + index, sizeof *options);
    }
    memset(&forking, 0, sizeof forking);
    forking.session = session;
    forking.child = -1;
    const tokmint_status status =
        tokmint_session_generate_tokens(session, options, TOKENS_OF_CHILD, fork_once, &forking, NULL);
    const size_t behind = TOKENS_OF_CHILD - FORKS_AT - 1;
    if (forking.child == 0) {
        const size_t size = behind * sizeof *all;
        const bool is_written = write(ends[1], forking.nonces + FORKS_AT + 1, size) == (ssize_t)size;
        _exit(status == TOKMINT_STATUS_OK && is_written && failures == 0 ? 0 : 1);
    }
    close(ends[1]);
    check(status == TOKMINT_STATUS_OK && forking.child > 0, "a batch that forks");
    memcpy(all, forking.nonces, sizeof forking.nonces);
    check(gather(ends[0], all + TOKENS_OF_CHILD, behind, 1) == behind, "all nonces of the child");
    are_distinct(all, sizeof all / sizeof *all);
}

int main(int argc, char **argv) {
    static char private_key[8192];
    must_be_flat = argc == 3 && strcmp(argv[2], "flat") == 0;
    FILE *file = argc == 2 || must_be_flat ? fopen(argv[1], "rb") : NULL;
    tokmint_opentok *opentok = NULL, *opentok_of_application = NULL;
    if (file == NULL || fread(private_key, 1, sizeof private_key - 1, file) == 0 || fclose(file) != 0 ||
        tokmint_opentok_new(KEY, Z, SECRET, Z, &opentok, NULL) != TOKMINT_STATUS_OK ||
        tokmint_opentok_new_application(ID, Z, private_key, Z, &opentok_of_application, NULL) != TOKMINT_STATUS_OK ||
        tokmint_opentok_session(opentok, SESSION, Z, &project, NULL) != TOKMINT_STATUS_OK ||
        tokmint_opentok_session(opentok_of_application, APPLICATION_SESSION, Z, &application, NULL) !=
            TOKMINT_STATUS_OK) {
        fputs("usage: sessions <file of a private key> [flat]\n", stderr);
        return 2;
    }
    tokmint_opentok_free(opentok_of_application);
    tokmint_opentok_free(opentok);
    const char *given = getenv("TOKMINT_TOKENS");
    const size_t tokens = given == NULL ? 200000 : (size_t)strtoull(given, NULL, 10);
    check(tokens >= 200, "TOKMINT_TOKENS is a number, 200 or more");

    belongs();
    equals_single_calls();
    ends_early();
    reads_the_clock_once();
    is_bounded(5 * tokens < 1000000 ? 5 * tokens : 1000000);
    are_shared_by_threads(tokens);
    /* Valgrind writes the buffer of a child, too. */
    fflush(stdout);
    forks(project);
    forks(application);
    forks_within_a_batch(project);
    forks_within_a_batch(application);
    tokmint_session_free(application);
    tokmint_session_free(project);
    printf("C sessions: %d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
