/*
 * The status of an HTTP/1.x answer, and nothing else of it: "HTTP/1.1 200". The workload is not trusted, so the answer is
 * decided by its first thirteen bytes, whatever comes after them. Pure; fuzzed.
 */
#include "status_line.h"

#include <errno.h>
#include <stdbool.h>

/* 'd' stands for a digit, 'e' for a blank or the end of the line. */
static const char shape[] = "HTTP/1.d ddde";

static bool fits(char expected, char byte)
{
    switch (expected) {
    case 'd':
        return byte >= '0' && byte <= '9';
    case 'e':
        return byte == ' ' || byte == '\r' || byte == '\n';
    default:
        return byte == expected;
    }
}

int status_line_parse(const char *bytes, size_t length, int *ret_status)
{
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        if (i == length)
            return -EAGAIN;
        if (!fits(shape[i], bytes[i]))
            return -EPROTO;
    }
    int status = (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + (bytes[11] - '0');
    if (status < 100 || status > 599)
        return -EPROTO;
    *ret_status = status;
    return 0;
}
