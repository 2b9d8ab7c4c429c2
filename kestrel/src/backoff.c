/* How long to wait before the workload is started again. Pure. */
#include "backoff.h"

void backoff_init(struct backoff *backoff, uint64_t min_ms, uint64_t max_ms)
{
    backoff->min_ms = min_ms;
    backoff->max_ms = max_ms < min_ms ? min_ms : max_ms;
    backoff->next_ms = min_ms;
}

uint64_t backoff_pause_ms(struct backoff *backoff, uint64_t lived_ms)
{
    if (lived_ms >= BACKOFF_FORGIVING_LIFE_MS)
        backoff->next_ms = backoff->min_ms;
    uint64_t pause_ms = backoff->next_ms;
    uint64_t doubled_ms = pause_ms > 0 ? pause_ms * 2 : 1;
    backoff->next_ms = doubled_ms < backoff->max_ms ? doubled_ms : backoff->max_ms;
    return pause_ms;
}
