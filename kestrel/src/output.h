#ifndef KESTREL_OUTPUT_H
#define KESTREL_OUTPUT_H

#include "console.h"
#include "log_ring.h"

#define OUTPUT_RING_BYTES (1024 * 1024)

/* All that is said in the guest: into the ring for the link, and to the console. */
struct output {
    struct log_ring ring;
    struct console console;
    char ring_bytes[OUTPUT_RING_BYTES];
};

void output_init(struct output *output, const char *console_path);

/* A line of the workload. Cut where its JSON form would be longer than a line on the link may be. */
void output_line(struct output *output, enum log_stream stream, const char *line, size_t length);

/* A line of kestrel's own: `words`, then (unless NULL) ": " and `detail`. */
void output_note(struct output *output, const char *words, const char *detail);

/* Likewise, the detail being an error number of either sign. */
void output_error(struct output *output, const char *words, int error);

#endif
