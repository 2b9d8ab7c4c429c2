#ifndef KESTREL_BACKLOG_H
#define KESTREL_BACKLOG_H

#include "session.h"

/* Bytes from the host that a pipe has not taken yet: a ring of one stream window in memory that others own. */
struct backlog {
    uint8_t *bytes; /* SESSION_STREAM_WINDOW_BYTES, whole pages */
    size_t start;
    size_t length;
    bool was_used;
};

/*
 * Writes `bytes` behind what waits, and keeps what `fd` does not take now. Returns how many bytes went out, or -errno where
 * nothing more can: -EPIPE, or -ENOBUFS for a host that does not keep to its window.
 */
ssize_t backlog_write(struct backlog *backlog, int fd, const uint8_t *bytes, size_t length);

/* Writes what waits, likewise. */
ssize_t backlog_flush(struct backlog *backlog, int fd);

/* Forgets all bytes, and gives their memory back to the kernel. */
void backlog_clear(struct backlog *backlog);

#endif
