#ifndef KESTREL_LOG_RING_H
#define KESTREL_LOG_RING_H

#include <stddef.h>
#include <stdint.h>

#define LOG_LINE_BYTES_MAX 8192

enum log_stream { LOG_STDOUT, LOG_STDERR, LOG_KESTREL };

struct log_record {
    uint64_t seq;
    uint64_t uptime_ms;
    uint32_t length;
    uint32_t stream; /* an enum log_stream */
};

/* Lines in a ring of bytes: the newest push the oldest out. Positions count bytes ever written, so they never wrap. */
struct log_ring {
    char *bytes;
    size_t size;
    uint64_t first_position;
    uint64_t next_position;
    uint64_t first_seq;
    uint64_t next_seq;
};

/* Where a reader stands. A reader that was overtaken goes on at the oldest line that is kept. */
struct log_cursor {
    uint64_t seq;
    uint64_t position;
};

/* `size` must hold at least one longest line and its header. */
void log_ring_init(struct log_ring *ring, char *bytes, size_t size);

/* Adds one line (without its end); what is beyond LOG_LINE_BYTES_MAX is left out: callers cut before. */
void log_ring_add(struct log_ring *ring, enum log_stream stream, uint64_t uptime_ms, const char *line, size_t length);

/* A cursor at the first kept line whose number is `seq` or higher. */
struct log_cursor log_ring_seek(const struct log_ring *ring, uint64_t seq);

/* Copies the next line to `line` (LOG_LINE_BYTES_MAX bytes). 0, or -EAGAIN where there is none yet. */
int log_ring_next(const struct log_ring *ring, struct log_cursor *cursor, struct log_record *ret_record, char *line);

#endif
