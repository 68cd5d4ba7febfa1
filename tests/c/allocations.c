/* The call with the caller's buffer allocates nothing for a project, once the process has made a token of the format.
 * Linked with
 * --wrap for each allocating function of libc, and with the static library, so that every call of the library's goes
 * through here. */

#include <stddef.h>

#include "check.h"
#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

static size_t allocations;

#define WRAP(name, parameters, arguments)                                                                              \
    void *__real_##name parameters;                                                                                    \
    void *__wrap_##name parameters;                                                                                    \
    void *__wrap_##name parameters {                                                                                   \
        allocations++;                                                                                                 \
        return __real_##name arguments;                                                                                \
    }

WRAP(malloc, (size_t size), (size))
WRAP(calloc, (size_t count, size_t size), (count, size))
WRAP(realloc, (void *memory, size_t size), (memory, size))
WRAP(aligned_alloc, (size_t alignment, size_t size), (alignment, size))

int __real_posix_memalign(void **memory, size_t alignment, size_t size);
int __wrap_posix_memalign(void **memory, size_t alignment, size_t size);
int __wrap_posix_memalign(void **memory, size_t alignment, size_t size) {
    allocations++;
    return __real_posix_memalign(memory, alignment, size);
}

static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

/* The number of allocations at the third token of a batch, and at its last. */
static size_t at_third, at_last;

static int take(void *user_data, size_t index, tokmint_status status, const char *token, size_t length,
                const char *message) {
    (void)user_data;
    check(status == TOKMINT_STATUS_OK && token[length] == '\0' && message == NULL, "a token of a batch");
    at_third = index == 2 ? allocations : at_third;
    at_last = allocations;
    return 0;
}

int main(void) {
    tokmint_opentok *opentok = NULL;
    tokmint_session *session = NULL;
    if (tokmint_opentok_new("123456", Z, "1234567890abcdef1234567890abcdef1234567890", Z, &opentok, NULL) !=
            TOKMINT_STATUS_OK ||
        tokmint_opentok_session(opentok, SESSION, Z, &session, NULL) != TOKMINT_STATUS_OK) {
        return 2;
    }
    const char *classes[17];
    for (size_t index = 0; index < 17; index++) {
        classes[index] = "focus";
    }
    tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
    options.role = "moderator";
    options.data = "name=Johnny";
    options.initial_layout_class_list = classes;
    options.initial_layout_class_count = 16;
    char buffer[2048];
    char *message = NULL;
    size_t length = 0;
    for (int turn = 0; turn < 4; turn++) {
        options.token_format = turn % 2 == 0 ? "jwt" : "t1";
        const size_t before = allocations;
        const tokmint_status status =
            tokmint_generate_token_into(opentok, SESSION, Z, &options, buffer, sizeof buffer, &length, &message);
        const size_t during = allocations - before;
        check(status == TOKMINT_STATUS_OK && (turn < 2 || during == 0), "%s: %zu allocations", options.token_format,
              during);
        const size_t before_session = allocations;
        check(tokmint_session_generate_token_into(session, &options, buffer, sizeof buffer, &length, &message) ==
                      TOKMINT_STATUS_OK &&
                  allocations == before_session,
              "%s of a session: %zu allocations", options.token_format, allocations - before_session);
        static const char *const data[] = {"name=Johnny", "name=Jane", "name=\xc3\xa9"};
        tokmint_token_options batch[100];
        for (size_t index = 0; index < 100; index++) {
            batch[index] = options;
            batch[index].data = data[index % 3];
        }
        check(tokmint_session_generate_tokens(session, batch, 100, take, NULL, &message) == TOKMINT_STATUS_OK &&
                  at_last == at_third,
              "%s of a batch: %zu allocations", options.token_format, at_last - at_third);
    }
    /* What the header says costs an allocation does, so they are counted at all. */
    size_t before = allocations;
    options.initial_layout_class_count = 17;
    tokmint_generate_token_into(opentok, SESSION, Z, &options, buffer, sizeof buffer, &length, &message);
    check(allocations > before, "more than 16 classes allocate");
    before = allocations;
    char *token = NULL;
    check(tokmint_generate_token(opentok, SESSION, Z, NULL, &token, NULL, NULL) == TOKMINT_STATUS_OK, "a token");
    check(allocations > before, "a token of its own allocates");
    tokmint_string_free(token);
    tokmint_session_free(session);
    tokmint_opentok_free(opentok);
    printf("C allocations: %d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
