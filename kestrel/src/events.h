#ifndef KESTREL_EVENTS_H
#define KESTREL_EVENTS_H

#include "event_text.h"

#define EVENTS_SUBSCRIPTIONS_MAX 8
#define EVENTS_BUFFER_BYTES (EVENT_LINE_BYTES_MAX + 4096) /* where things stand, and some changes on top */

enum event_kind { EVENT_READY, EVENT_WORKLOAD, EVENT_HEALTH, EVENT_STATS };
#define EVENT_KINDS_KEPT 3 /* all but the stats say where things stand */

/* A reader of the events with its fixed buffer. One that is too slow misses changes and is then told anew where things stand. */
struct subscription {
    bool used;
    bool overrun;
    size_t length;
    char bytes[EVENTS_BUFFER_BYTES];
};

struct events {
    uint64_t (*uptime_ms)(void); /* NULL: lines are passed on without the time */
    struct {
        size_t length;
        char bytes[EVENT_LINE_BYTES_MAX];
    } kept[EVENT_KINDS_KEPT];
    struct subscription subscriptions[EVENTS_SUBSCRIPTIONS_MAX];
};

/* Takes one complete line: keeps it if it says where things stand, and hands it to every reader. */
void events_publish(struct events *events, enum event_kind kind, const struct text *line);

/* A reader who has already been told where things stand, or NULL when there are too many. */
struct subscription *events_subscribe(struct events *events);
void events_unsubscribe(struct subscription *subscription);

bool events_pending(const struct subscription *subscription);

/* Takes at most `size` bytes out. */
size_t events_take(const struct events *events, struct subscription *subscription, char *bytes, size_t size);

#endif
