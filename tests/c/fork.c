/* A child that is forked while another thread makes its first call must not hang.
 *
 * Whatever the library sets up once, behind a lock or a lazy value, is half done in such a child, where nobody will
 * finish it. Each trial is a process in which the library has not been called yet: a thread makes the first call, the
 * process forks some hundred nanoseconds later, and the child makes its own first call. A child that hangs is killed
 * by its alarm, which the trial reports. */

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

/* The exit status of a trial whose child made its token. */
enum { MADE = 0, FAILED = 1, HUNG = 2 };

static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

static atomic_bool is_started;

/* Calls everything that a process calls first. */
static bool call(void) {
    tokmint_opentok *opentok = NULL;
    char *token = NULL;
    tokmint_token *verified = NULL;
    tokmint_inspection *inspection = NULL;
    const bool is_made = tokmint_opentok_new("123456", Z, "1234567890abcdef1234567890abcdef1234567890", Z, &opentok,
                                             NULL) == TOKMINT_STATUS_OK &&
                         tokmint_generate_token(opentok, SESSION, Z, NULL, &token, NULL, NULL) == TOKMINT_STATUS_OK &&
                         tokmint_verify_token(opentok, token, Z, NULL, &verified, NULL) == TOKMINT_STATUS_OK &&
                         tokmint_inspect_token(opentok, token, Z, NULL, &inspection, NULL) == TOKMINT_STATUS_OK;
    tokmint_inspection_free(inspection);
    tokmint_token_free(verified);
    tokmint_string_free(token);
    tokmint_opentok_free(opentok);
    return is_made;
}

static void *first_call(void *unused) {
    atomic_store(&is_started, true);
    call();
    return unused;
}

static long long now_in_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int trial(long long delay) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, first_call, NULL) != 0) {
        return FAILED;
    }
    while (!atomic_load(&is_started)) {
    }
    const long long start = now_in_ns();
    while (now_in_ns() - start < delay) {
    }
    const pid_t child = fork();
    if (child == 0) {
        alarm(5);
        _exit(call() ? MADE : FAILED);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child) {
        return FAILED;
    }
    pthread_join(thread, NULL);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? HUNG : WIFEXITED(status) ? WEXITSTATUS(status) : FAILED;
}

int main(int argc, char **argv) {
    const int trials = argc == 2 ? atoi(argv[1]) : 4000;
    int hung = 0, failed = 0;
    for (int count = 0; count < trials; count++) {
        /* 0.3 to 12 us: that is where children hung while core still had lazy values. */
        const long long delay = 300 + (long long)count * 11700 / trials;
        const pid_t process = fork();
        if (process == 0) {
            _exit(trial(delay));
        }
        int status = 0;
        waitpid(process, &status, 0);
        hung += WIFEXITED(status) && WEXITSTATUS(status) == HUNG;
        failed += !WIFEXITED(status) || WEXITSTATUS(status) == FAILED;
    }
    check(hung == 0, "%d of %d children hang", hung, trials);
    check(failed == 0, "%d of %d trials fail", failed, trials);
    printf("C forks at the first call: %d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
