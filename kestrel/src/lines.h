#ifndef KESTREL_LINES_H
#define KESTREL_LINES_H

#include "log_ring.h"

#include <stddef.h>

typedef void lines_sink(void *context, const char *line, size_t length);

/* Turns a stream of bytes into lines. Holds at most one line: a longer one is cut into several. */
struct lines {
    char bytes[LOG_LINE_BYTES_MAX];
    size_t length;
    lines_sink *sink;
    void *context;
};

void lines_init(struct lines *lines, lines_sink *sink, void *context);
void lines_add(struct lines *lines, const char *bytes, size_t length);

/* Hands on what is there as a line of its own, if anything is. */
void lines_flush(struct lines *lines);

#endif
