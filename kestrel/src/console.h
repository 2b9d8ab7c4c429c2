#ifndef KESTREL_CONSOLE_H
#define KESTREL_CONSOLE_H

#include "loop.h"

#define CONSOLE_BYTES_MAX (8192 + 4096) /* the longest line, and some more */

/* Lines on their way to the console. A console that does not drain loses whole lines; it never holds anybody up. */
struct console {
    struct loop_source source; /* fd -1: there is no console */
    struct loop *loop; /* NULL before the loop runs */
    char bytes[CONSOLE_BYTES_MAX];
    size_t length;
    uint64_t lost_lines;
};

/* Opens the device or pipe at `path`. Without one all lines are dropped: a guest may have no console. */
void console_open(struct console *console, const char *path);

/* From now on the loop tells when there is room again. */
void console_attach(struct console *console, struct loop *loop);

void console_line(struct console *console, const char *prefix, const char *line, size_t length);

/* Writes what the console takes now. */
void console_flush(struct console *console);

/* Waits for at most `limit_ms` until all is written: for the last words only. */
void console_drain(struct console *console, int limit_ms);

#endif
