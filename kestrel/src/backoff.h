#ifndef KESTREL_BACKOFF_H
#define KESTREL_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FORGIVING_LIFE_MS 10000

/* Pauses between restarts: each twice the one before, from `min_ms` to `max_ms`; a life of 10 s begins anew. */
struct backoff {
    uint64_t min_ms;
    uint64_t max_ms;
    uint64_t next_ms;
};

void backoff_init(struct backoff *backoff, uint64_t min_ms, uint64_t max_ms);

/* The pause to make now, after a life of `lived_ms`. */
uint64_t backoff_pause_ms(struct backoff *backoff, uint64_t lived_ms);

#endif
