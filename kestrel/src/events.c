/* Events to their readers: fixed buffers, no allocation, and no reader that can hold up another. Pure but for the clock it is given. */
#include "events.h"

#include <string.h>

/* The line with the time at which this reader gets it, so that the host can place old news on its own clock. */
static void add_dated(const struct events *events, struct text *text, const char *line, size_t length)
{
    static const char end[] = "}\n";
    size_t end_length = sizeof end - 1;
    bool is_object = length > end_length && memcmp(line + length - end_length, end, end_length) == 0;
    if (events->uptime_ms == NULL || !is_object) {
        text_add_bytes(text, line, length);
        return;
    }
    text_add_bytes(text, line, length - end_length);
    text_add(text, ",\"now_ms\":");
    text_add_number(text, events->uptime_ms());
    text_add(text, end);
}

static void give(const struct events *events, struct subscription *subscription, const char *line, size_t length)
{
    struct text text;
    text_init(&text, subscription->bytes + subscription->length, sizeof subscription->bytes - subscription->length);
    if (!subscription->overrun)
        add_dated(events, &text, line, length);
    if (subscription->overrun || text.cut) {
        subscription->overrun = true; /* what was written of this line lies behind the length */
        return;
    }
    subscription->length += text.length;
}

static void tell_where_things_stand(const struct events *events, struct subscription *subscription)
{
    for (size_t kind = 0; kind < EVENT_KINDS_KEPT; kind++)
        give(events, subscription, events->kept[kind].bytes, events->kept[kind].length);
}

void events_publish(struct events *events, enum event_kind kind, const struct text *line)
{
    if (line->cut)
        return; /* half a line would be worse than none; every line is far shorter than its buffer */
    if (kind < EVENT_KINDS_KEPT) {
        memcpy(events->kept[kind].bytes, line->bytes, line->length);
        events->kept[kind].length = line->length;
    }
    for (size_t i = 0; i < EVENTS_SUBSCRIPTIONS_MAX; i++)
        if (events->subscriptions[i].used)
            give(events, &events->subscriptions[i], line->bytes, line->length);
}

struct subscription *events_subscribe(struct events *events)
{
    for (size_t i = 0; i < EVENTS_SUBSCRIPTIONS_MAX; i++) {
        struct subscription *subscription = &events->subscriptions[i];
        if (subscription->used)
            continue;
        subscription->used = true;
        subscription->overrun = false;
        subscription->length = 0;
        tell_where_things_stand(events, subscription);
        return subscription;
    }
    return NULL;
}

void events_unsubscribe(struct subscription *subscription)
{
    subscription->used = false;
}

bool events_pending(const struct subscription *subscription)
{
    return subscription->length > 0 || subscription->overrun;
}

size_t events_take(const struct events *events, struct subscription *subscription, char *bytes, size_t size)
{
    if (subscription->length == 0 && subscription->overrun) {
        subscription->overrun = false;
        tell_where_things_stand(events, subscription);
    }
    size_t taken = subscription->length < size ? subscription->length : size;
    memcpy(bytes, subscription->bytes, taken);
    subscription->length -= taken;
    memmove(subscription->bytes, subscription->bytes + taken, subscription->length);
    return taken;
}
