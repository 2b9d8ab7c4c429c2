/* The bounded memory of what was said: pure, no allocation, no clock. */
#include "log_ring.h"

#include <errno.h>
#include <string.h>

static void copy_in(struct log_ring *ring, uint64_t position, const void *from, size_t length)
{
    size_t at = (size_t) (position % ring->size);
    size_t until_end = ring->size - at;
    size_t first = length < until_end ? length : until_end;
    memcpy(ring->bytes + at, from, first);
    memcpy(ring->bytes, (const char *) from + first, length - first);
}

static void copy_out(const struct log_ring *ring, uint64_t position, void *to, size_t length)
{
    size_t at = (size_t) (position % ring->size);
    size_t until_end = ring->size - at;
    size_t first = length < until_end ? length : until_end;
    memcpy(to, ring->bytes + at, first);
    memcpy((char *) to + first, ring->bytes, length - first);
}

static size_t stored_bytes(const struct log_record *record)
{
    return sizeof *record + record->length;
}

/* Lets the oldest lines go until `needed` bytes are free. */
static void make_room(struct log_ring *ring, size_t needed)
{
    while (ring->size - (size_t) (ring->next_position - ring->first_position) < needed) {
        struct log_record oldest;
        copy_out(ring, ring->first_position, &oldest, sizeof oldest);
        ring->first_position += stored_bytes(&oldest);
        ring->first_seq++;
    }
}

void log_ring_init(struct log_ring *ring, char *bytes, size_t size)
{
    *ring = (struct log_ring){.bytes = bytes, .size = size};
}

void log_ring_add(struct log_ring *ring, enum log_stream stream, uint64_t uptime_ms, const char *line, size_t length)
{
    if (length > LOG_LINE_BYTES_MAX)
        length = LOG_LINE_BYTES_MAX;
    struct log_record record = {
        .seq = ring->next_seq, .uptime_ms = uptime_ms, .length = (uint32_t) length, .stream = (uint32_t) stream};
    if (stored_bytes(&record) > ring->size)
        return;
    make_room(ring, stored_bytes(&record));
    copy_in(ring, ring->next_position, &record, sizeof record);
    copy_in(ring, ring->next_position + sizeof record, line, length);
    ring->next_position += stored_bytes(&record);
    ring->next_seq++;
}

struct log_cursor log_ring_seek(const struct log_ring *ring, uint64_t seq)
{
    struct log_cursor cursor = {.seq = ring->first_seq, .position = ring->first_position};
    while (cursor.seq < seq && cursor.seq < ring->next_seq) {
        struct log_record record;
        copy_out(ring, cursor.position, &record, sizeof record);
        cursor.position += stored_bytes(&record);
        cursor.seq++;
    }
    return cursor;
}

int log_ring_next(const struct log_ring *ring, struct log_cursor *cursor, struct log_record *ret_record, char *line)
{
    if (cursor->seq < ring->first_seq)
        *cursor = log_ring_seek(ring, ring->first_seq);
    if (cursor->seq >= ring->next_seq)
        return -EAGAIN;
    copy_out(ring, cursor->position, ret_record, sizeof *ret_record);
    copy_out(ring, cursor->position + sizeof *ret_record, line, ret_record->length);
    cursor->position += stored_bytes(ret_record);
    cursor->seq++;
    return 0;
}
