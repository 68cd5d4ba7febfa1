/* Generates tokens in a family of processes: forks FORK|CLONE TOKENS FOLDER
 *
 * The parent has made tokens before. It makes eight children, of which each makes one of its own in the middle of its
 * work, and all of them go on with the objects of the parent. Every process writes its tokens to a file of its own. */

#define _GNU_SOURCE

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

enum { CHILDREN = 8 };

static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

static tokmint_opentok *opentok;
static tokmint_session *session;

static void fail(const char *why) {
    perror(why);
    _exit(1);
}

/* A child that no handler of forks hears of: what fork does, less its handlers, which a process with one thread can do
 * without. */
static pid_t bare_clone(void) { return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }

/* Tokens that differ in nothing but their nonce or jti: of an OpenTok, of a session, and for REST calls. */
static void generate(FILE *file, long count) {
    tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
    tokmint_rest_token_options rest = TOKMINT_REST_TOKEN_OPTIONS_INIT;
    options.create_time = rest.create_time = 1700000000;
    for (long index = 0; index < count; index++) {
        char *token = NULL, *rest_token = NULL;
        const tokmint_status status = index % 2 == 0
                                          ? tokmint_generate_token(opentok, SESSION, Z, &options, &token, NULL, NULL)
                                          : tokmint_session_generate_token(session, &options, &token, NULL, NULL);
        if (status != TOKMINT_STATUS_OK ||
            tokmint_generate_rest_token(opentok, &rest, &rest_token, NULL, NULL) != TOKMINT_STATUS_OK) {
            fail("a token");
        }
        fprintf(file, "%s\n%s\n", token, rest_token);
        tokmint_string_free(token);
        tokmint_string_free(rest_token);
    }
}

static void wait_for(pid_t child) {
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        fail("a child");
    }
}

static FILE *open_file(const char *folder, const char *name, int number) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s%d", folder, name, number);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        fail(path);
    }
    return file;
}

static void close_file(FILE *file) {
    if (fclose(file) != 0) {
        fail("a file");
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: forks FORK|CLONE TOKENS FOLDER\n", stderr);
        return 2;
    }
    pid_t (*const make)(void) = strcmp(argv[1], "CLONE") == 0 ? bare_clone : fork;
    const long tokens = atol(argv[2]);
    const char *folder = argv[3];
    if (tokmint_opentok_new("123456", Z, "1234567890abcdef1234567890abcdef1234567890", Z, &opentok, NULL) !=
            TOKMINT_STATUS_OK ||
        tokmint_opentok_session(opentok, SESSION, Z, &session, NULL) != TOKMINT_STATUS_OK) {
        fail("tokmint");
    }
    FILE *file = open_file(folder, "parent", 0);
    generate(file, 100);
    /* Else each child would write the buffer of the parent, too. */
    fflush(file);
    pid_t children[CHILDREN];
    for (int number = 0; number < CHILDREN; number++) {
        children[number] = make();
        if (children[number] == 0) {
            FILE *mine = open_file(folder, "child", number);
            generate(mine, tokens / 2);
            fflush(mine);
            const pid_t grandchild = make();
            if (grandchild == 0) {
                FILE *own = open_file(folder, "grandchild", number);
                generate(own, tokens);
                close_file(own);
                _exit(0);
            }
            generate(mine, tokens - tokens / 2);
            close_file(mine);
            wait_for(grandchild);
            _exit(0);
        }
    }
    generate(file, tokens);
    close_file(file);
    for (int number = 0; number < CHILDREN; number++) {
        wait_for(children[number]);
    }
    return 0;
}
