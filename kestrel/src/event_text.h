#ifndef KESTREL_EVENT_TEXT_H
#define KESTREL_EVENT_TEXT_H

#include "log_ring.h"
#include "text.h"
#include "timeline.h"

#define KESTREL_VERSION "0.1.0"
#define EVENT_LINE_BYTES_MAX 16384

enum health_state { HEALTH_UNKNOWN, HEALTH_HEALTHY, HEALTH_UNHEALTHY };

/* How a process ended: by itself with a code, or by a signal (then signal > 0). */
struct exit_report {
    int code;
    int signal;
};

struct guest_stats {
    uint64_t mem_total_kib;
    uint64_t mem_available_kib;
    uint64_t load1_milli;
    uint64_t log_next;
    uint64_t log_dropped;
};

/* Each adds one line of the protocol, its line end included. */
void event_text_ready(struct text *text, uint64_t uptime_ms, const struct timeline *timeline);
void event_text_started(struct text *text, uint64_t uptime_ms, uint64_t pid, uint64_t attempt);

/* `restart_in_ms` NULL: it will not be started again. */
void event_text_exited(struct text *text, uint64_t uptime_ms, uint64_t pid, uint64_t attempt,
    const struct exit_report *report, const uint64_t *restart_in_ms);

/* `detail` NULL: none. */
void event_text_health(struct text *text, uint64_t uptime_ms, enum health_state state, const char *detail);
void event_text_stats(struct text *text, uint64_t uptime_ms, const struct guest_stats *stats);
void event_text_log(struct text *text, const struct log_record *record, const char *line);

#endif
