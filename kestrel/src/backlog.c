/* What waits for a slow pipe. Bounded by the stream's window: it is given back only for bytes that have gone out. */
#include "backlog.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What the descriptor takes now; 0: nothing, or -errno. */
static ssize_t write_some(int fd, const uint8_t *bytes, size_t length)
{
    ssize_t written = write(fd, bytes, length);
    if (written >= 0)
        return written;
    return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

ssize_t backlog_flush(struct backlog *backlog, int fd)
{
    ssize_t total = 0;
    while (backlog->length > 0) {
        size_t until_end = SESSION_STREAM_WINDOW_BYTES - backlog->start;
        size_t part = backlog->length < until_end ? backlog->length : until_end;
        ssize_t written = write_some(fd, backlog->bytes + backlog->start, part);
        if (written < 0)
            return written;
        if (written == 0)
            break;
        backlog->start = (backlog->start + (size_t) written) % SESSION_STREAM_WINDOW_BYTES;
        backlog->length -= (size_t) written;
        total += written;
    }
    return total;
}

static int keep(struct backlog *backlog, const uint8_t *bytes, size_t length)
{
    if (length > SESSION_STREAM_WINDOW_BYTES - backlog->length)
        return -ENOBUFS;
    size_t at = (backlog->start + backlog->length) % SESSION_STREAM_WINDOW_BYTES;
    size_t until_end = SESSION_STREAM_WINDOW_BYTES - at;
    size_t first = length < until_end ? length : until_end;
    memcpy(backlog->bytes + at, bytes, first);
    memcpy(backlog->bytes, bytes + first, length - first);
    backlog->length += length;
    backlog->was_used = backlog->was_used || length > 0;
    return 0;
}

ssize_t backlog_write(struct backlog *backlog, int fd, const uint8_t *bytes, size_t length)
{
    ssize_t written = 0;
    if (backlog->length == 0)
        written = write_some(fd, bytes, length);
    if (written < 0)
        return written;
    int result = keep(backlog, bytes + written, length - (size_t) written);
    return result < 0 ? result : written;
}

void backlog_clear(struct backlog *backlog)
{
    if (backlog->was_used)
        (void) madvise(backlog->bytes, SESSION_STREAM_WINDOW_BYTES, MADV_DONTNEED); /* only to stay small */
    backlog->start = 0;
    backlog->length = 0;
    backlog->was_used = false;
}
