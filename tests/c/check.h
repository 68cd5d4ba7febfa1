/* Counts what fails, and says which. */

#ifndef CHECK_H
#define CHECK_H

#include <stdarg.h>
#include <stdio.h>

static int failures;

#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
static void
check(int holds, const char *format, ...) {
    if (holds) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    fputs("FAILED: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    failures++;
}

#endif
