/* Does in C what src/bin/dropped.rs does: signs, verifies and inspects with the secret and the private key of two
 * files, frees all, and waits twice for a line on its input. */

#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
static const char APPLICATION[] = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
static const char APPLICATION_SESSION[] =
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

static void must(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "dropped: %s\n", what);
        exit(1);
    }
}

/* Takes a token, and verifies it, and inspects it with a signature that is wrong. */
static void use(const tokmint_opentok *opentok, char *token) {
    tokmint_token *verified = NULL;
    tokmint_inspection *inspection = NULL;
    must(tokmint_verify_token(opentok, token, Z, NULL, &verified, NULL) == TOKMINT_STATUS_OK, "a token is verified");
    tokmint_token_free(verified);
    char *changed = token + strlen(token) - 9;
    *changed = *changed == 'A' ? 'B' : 'A';
    tokmint_inspect_token(opentok, token, Z, NULL, &inspection, NULL);
    must(tokmint_inspection_is_refused(inspection), "a changed token is refused");
    tokmint_inspection_free(inspection);
    tokmint_string_free(token);
}

static int take(void *opentok, size_t index, tokmint_status status, const char *token, size_t length,
                const char *message) {
    (void)index, (void)message;
    char *copy = malloc(length + 1);
    must(status == TOKMINT_STATUS_OK && copy != NULL, "a token of a batch");
    strcpy(copy, token);
    tokmint_token *verified = NULL;
    must(tokmint_verify_token(opentok, copy, length, NULL, &verified, NULL) == TOKMINT_STATUS_OK, "it is verified");
    tokmint_token_free(verified);
    free(copy);
    return 0;
}

static size_t read_file(const char *path, char *buffer, size_t size) {
    const int file = open(path, O_RDONLY);
    const ssize_t length = read(file, buffer, size);
    must(file >= 0 && length > 0 && close(file) == 0, "a file is read");
    return (size_t)length;
}

static void wait_for_line(const char *state) {
    char line[2];
    puts(state);
    fflush(stdout);
    must(read(STDIN_FILENO, line, sizeof line) >= 0, "a line is read");
}

int main(int argc, char **argv) {
    static char buffer[8192];
    tokmint_opentok *project = NULL, *application = NULL;
    tokmint_session *session = NULL;
    char *token = NULL;
    must(argc == 3, "usage: dropped SECRET_FILE KEY_FILE");
    size_t length = read_file(argv[1], buffer, sizeof buffer);
    must(tokmint_opentok_new("123456", Z, buffer, length, &project, NULL) == TOKMINT_STATUS_OK, "a project");
    explicit_bzero(buffer, sizeof buffer);
    length = read_file(argv[2], buffer, sizeof buffer);
    must(tokmint_opentok_new_application(APPLICATION, Z, buffer, length, &application, NULL) == TOKMINT_STATUS_OK,
         "an application");
    explicit_bzero(buffer, sizeof buffer);

    must(tokmint_opentok_session(project, SESSION, Z, &session, NULL) == TOKMINT_STATUS_OK, "a session");
    for (int turn = 0; turn < 2; turn++) {
        tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
        options.token_format = turn == 0 ? "jwt" : "t1";
        options.data = "name=Johnny";
        must(tokmint_generate_token(project, SESSION, Z, &options, &token, NULL, NULL) == TOKMINT_STATUS_OK, "a token");
        use(project, token);
        must(tokmint_session_generate_token(session, &options, &token, NULL, NULL) == TOKMINT_STATUS_OK, "a token");
        use(project, token);
        const tokmint_token_options batch[] = {options, options, options};
        must(tokmint_session_generate_tokens(session, batch, 3, take, project, NULL) == TOKMINT_STATUS_OK, "a batch");
    }
    must(tokmint_generate_token(application, APPLICATION_SESSION, Z, NULL, &token, NULL, NULL) == TOKMINT_STATUS_OK,
         "a token of the application");
    use(application, token);
    for (int turn = 0; turn < 2; turn++) {
        must(tokmint_generate_rest_token(turn == 0 ? project : application, NULL, &token, NULL, NULL) ==
                 TOKMINT_STATUS_OK,
             "a token for REST calls");
        tokmint_string_free(token);
    }
    wait_for_line("alive");
    tokmint_session_free(session);
    tokmint_opentok_free(project);
    tokmint_opentok_free(application);
    wait_for_line("dropped");
    return 0;
}
