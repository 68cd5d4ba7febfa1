/* Measures the inputs that src/bin/quadratic.rs writes, through the interface of C: the time of 64 KiB in times of that
 * of 1 KiB, and how long 10 MB take to be refused, with their length given, without a copy.
 *
 * Usage: quadratic FOLDER FILE_OF_A_PUBLIC_KEY */

#define _DEFAULT_SOURCE
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "tokmint.h"

#define Z TOKMINT_NUL_TERMINATED

/* Nanoseconds, kilobytes, and turns of which the fastest counts. */
enum { MAX_RATIO = 100, MAX_REFUSAL = 20000, MAX_COPY = 1024, TURN = 200000, TURNS = 9, HUGE = 10000000 };

static const char APPLICATION[] = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
static const char SESSION[] = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
static const char SECRET[] = "1234567890abcdef1234567890abcdef1234567890";

static tokmint_opentok *project, *verifier;
static char public_key[8192];
static size_t public_key_length;

static void must(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "quadratic: %s\n", what);
        exit(2);
    }
}

typedef void (*reader)(const char *input, size_t length);

static void verify(const tokmint_opentok *opentok, const char *input, size_t length,
                   const tokmint_verify_options *options) {
    tokmint_token *verified = NULL;
    tokmint_verify_token(opentok, input, length, options, &verified, NULL);
    tokmint_token_free(verified);
}

static void read_verify(const char *input, size_t length) { verify(project, input, length, NULL); }

static void read_verify_of_application(const char *input, size_t length) { verify(verifier, input, length, NULL); }

static void inspect(const tokmint_opentok *opentok, const char *input, size_t length) {
    tokmint_inspection *inspection = NULL;
    tokmint_inspect_token(opentok, input, length, NULL, &inspection, NULL);
    tokmint_inspection_free(inspection);
}

static void read_inspect(const char *input, size_t length) { inspect(project, input, length); }

static void read_inspect_without_credentials(const char *input, size_t length) { inspect(NULL, input, length); }

static void read_private_key(const char *input, size_t length) {
    tokmint_opentok *opentok = NULL;
    tokmint_opentok_new_application(APPLICATION, Z, input, length, &opentok, NULL);
    tokmint_opentok_free(opentok);
}

static void read_public_key(const char *input, size_t length) {
    tokmint_opentok *opentok = NULL;
    tokmint_opentok_new_verifier(APPLICATION, Z, input, length, &opentok, NULL);
    tokmint_opentok_free(opentok);
}

static void read_session_id(const char *input, size_t length) {
    tokmint_session *session = NULL;
    tokmint_opentok_session(project, input, length, &session, NULL);
    tokmint_session_free(session);
}

static void read_api_key(const char *input, size_t length) {
    tokmint_opentok *opentok = NULL;
    tokmint_opentok_new(input, length, SECRET, Z, &opentok, NULL);
    tokmint_opentok_free(opentok);
}

static void read_api_secret(const char *input, size_t length) {
    tokmint_opentok *opentok = NULL;
    tokmint_opentok_new("123456", Z, input, length, &opentok, NULL);
    tokmint_opentok_free(opentok);
}

static void read_application_id(const char *input, size_t length) {
    tokmint_opentok *opentok = NULL;
    tokmint_opentok_new_verifier(input, length, public_key, public_key_length, &opentok, NULL);
    tokmint_opentok_free(opentok);
}

static void read_session_of_verify(const char *input, size_t length) {
    tokmint_verify_options options = TOKMINT_VERIFY_OPTIONS_INIT;
    options.session_id = input;
    options.session_id_length = length;
    verify(project, "eyJ", 3, &options);
}

static void generate(const tokmint_token_options *options) {
    char *token = NULL;
    tokmint_generate_token(project, SESSION, Z, options, &token, NULL, NULL);
    tokmint_string_free(token);
}

static void read_data(const char *input, size_t length) {
    tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
    options.data = input;
    options.data_length = length;
    generate(&options);
}

/* As many classes as the spaces make. */
static void read_layout_classes(const char *input, size_t length) {
    static const char *classes[65536];
    static size_t lengths[65536];
    size_t count = 0;
    for (const char *start = input, *end = input + length; start <= end && count < 65536; count++) {
        const char *space = length < HUGE ? memchr(start, ' ', (size_t)(end - start)) : NULL;
        classes[count] = start;
        lengths[count] = (size_t)((space == NULL ? end : space) - start);
        start += lengths[count] + 1;
    }
    tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
    options.initial_layout_class_list = classes;
    options.initial_layout_class_lengths = lengths;
    options.initial_layout_class_count = count;
    generate(&options);
}

static void read_role(const char *input, size_t length) {
    tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
    options.role = input;
    options.role_length = length;
    generate(&options);
    options.role = NULL;
    options.token_format = input;
    options.token_format_length = length;
    generate(&options);
}

static const struct {
    const char *name;
    reader read;
    /* Its error says how many UTF-16 code units were given, or its string must be UTF-8, which takes a pass over it. */
    bool is_scanned;
} READERS[] = {
    {"verify", read_verify, false},
    {"verify_of_application", read_verify_of_application, false},
    {"inspect", read_inspect, false},
    {"inspect_without_credentials", read_inspect_without_credentials, false},
    {"private_key", read_private_key, false},
    {"public_key", read_public_key, false},
    {"session_id", read_session_id, true},
    {"api_key", read_api_key, true},
    {"api_secret", read_api_secret, true},
    {"application_id", read_application_id, true},
    {"session_of_verify", read_session_of_verify, true},
    {"data", read_data, true},
    {"layout_classes", read_layout_classes, true},
    {"role", read_role, true},
};

static long long now_in_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000000000 + time.tv_nsec;
}

static size_t read_file(const char *path, char *buffer, size_t size) {
    FILE *file = fopen(path, "rb");
    must(file != NULL, path);
    const size_t length = fread(buffer, 1, size, file);
    fclose(file);
    return length;
}

/* Time of one call, of as many as take long enough. */
static double time_of(reader read, const char *input, size_t length, long long least) {
    const long long start = now_in_ns();
    long long calls = 0, elapsed = 0;
    while (calls == 0 || elapsed < least) {
        read(input, length);
        calls++;
        elapsed = now_in_ns() - start;
    }
    return (double)elapsed / (double)calls;
}

static double least(const double *times) {
    double least = times[0];
    for (int turn = 1; turn < TURNS; turn++) {
        least = times[turn] < least ? times[turn] : least;
    }
    return least;
}

static long largest_resident_kib(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

int main(int argc, char **argv) {
    static char small[8192], large[65536], path[4096], steepest_name[256], slowest_name[256];
    /* Both are there before memory is measured. */
    static char huge[HUGE];
    memset(huge, 1, sizeof huge);
    must(argc == 3, "usage: quadratic FOLDER FILE_OF_A_PUBLIC_KEY");
    public_key_length = read_file(argv[2], public_key, sizeof public_key);
    must(tokmint_opentok_new("123456", Z, SECRET, Z, &project, NULL) == TOKMINT_STATUS_OK &&
             tokmint_opentok_new_verifier(APPLICATION, Z, public_key, public_key_length, &verifier, NULL) ==
                 TOKMINT_STATUS_OK,
         "credentials");
    DIR *folder = opendir(argv[1]);
    must(folder != NULL, argv[1]);
    int shapes = 0, faults = 0;
    double steepest = 0, slowest = 0;
    long copied = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char *end = strstr(entry->d_name, ".1024");
        if (end == NULL) {
            continue;
        }
        size_t index = 0;
        const size_t name_length = strcspn(entry->d_name, ".");
        while (strncmp(READERS[index].name, entry->d_name, name_length) != 0 ||
               READERS[index].name[name_length] != '\0') {
            must(++index < sizeof READERS / sizeof *READERS, "each reader is known");
        }
        const reader read = READERS[index].read;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        const size_t small_length = read_file(path, small, sizeof small);
        *end = '\0';
        snprintf(path, sizeof path, "%s/%s.65536", argv[1], entry->d_name);
        const size_t large_length = read_file(path, large, sizeof large);
        shapes++;

        double small_times[TURNS], large_times[TURNS], times[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            small_times[turn] = time_of(read, small, small_length, TURN);
            large_times[turn] = time_of(read, large, large_length, TURN);
        }
        const double ratio = least(large_times) / least(small_times);
        if (ratio >= MAX_RATIO) {
            faults++;
            printf("%s: 64 KiB take %.0f times as long as 1 KiB\n", entry->d_name, ratio);
        }
        if (ratio > steepest) {
            steepest = ratio;
            snprintf(steepest_name, sizeof steepest_name, "%s", entry->d_name);
        }
        for (size_t at = 0; at < sizeof huge; at += small_length) {
            memcpy(huge + at, small, small_length < sizeof huge - at ? small_length : sizeof huge - at);
        }
        const long before = largest_resident_kib();
        for (int turn = 0; turn < TURNS; turn++) {
            times[turn] = time_of(read, huge, sizeof huge, 0);
        }
        const long growth = largest_resident_kib() - before;
        const double refusal = least(times);
        const bool is_slow = refusal >= MAX_REFUSAL && !READERS[index].is_scanned;
        if (is_slow || growth > MAX_COPY) {
            faults++;
            printf("%s: 10 MB take %.1f us and %ld KiB\n", entry->d_name, refusal / 1000, growth);
        }
        if (refusal > slowest && !READERS[index].is_scanned) {
            slowest = refusal;
            snprintf(slowest_name, sizeof slowest_name, "%s", entry->d_name);
        }
        copied = growth > copied ? growth : copied;
    }
    closedir(folder);
    tokmint_opentok_free(project);
    tokmint_opentok_free(verifier);
    must(shapes > 0, "there are inputs");
    printf("C: %d shapes; 64 KiB take at most %.0f times as long as 1 KiB (%s); 10 MB refused within %.1f us (%s), and "
           "%ld KiB more memory\n",
           shapes, steepest, steepest_name, slowest / 1000, slowest_name, copied);
    return faults == 0 ? 0 : 1;
}
