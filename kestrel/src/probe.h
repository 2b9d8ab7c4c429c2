#ifndef KESTREL_PROBE_H
#define KESTREL_PROBE_H

#include "boot_document.h"
#include "event_text.h"
#include "loop.h"
#include "status_line.h"

#define PROBE_FIRST_INTERVAL_MS 50 /* before the first success: readiness is wanted at once */
#define PROBE_FAILURES_MAX 3
#define PROBE_EXPLAIN_MS 2000 /* not more often than this it is said why the first success has not come */
#define PROBE_REASON_BYTES_MAX 64
#define PROBE_REQUEST_BYTES_MAX 2048

enum probe_phase { PROBE_OFF, PROBE_IDLE, PROBE_CONNECTING, PROBE_SENDING, PROBE_READING, PROBE_CLOSING };

/* The health of the workload, as seen by asking it. */
struct probe {
    struct loop *loop;
    const struct boot_document *document;
    void (*on_change)(void *context, enum health_state state, const char *detail);
    void *context;
    enum probe_phase phase;
    enum health_state health;
    bool has_succeeded; /* since the workload's last start */
    int failures; /* in a row */
    uint64_t explain_ms; /* not before then */
    char explained[PROBE_REASON_BYTES_MAX]; /* what was said last */
    struct loop_source source;
    struct loop_timer timer; /* the next probe, or this one's limit */
    uint64_t begun_ms;
    size_t sent;
    size_t closing_bytes;
    char answer[STATUS_LINE_BYTES_MAX];
    size_t answer_length;
};

void probe_init(struct probe *probe, struct loop *loop, const struct boot_document *document,
    void (*on_change)(void *context, enum health_state state, const char *detail), void *context);

/* The workload runs: ask it. */
void probe_start(struct probe *probe);

/* The workload is gone: unhealthy at once. */
void probe_stop(struct probe *probe);

#endif
