/* Events to their readers: fixed buffers, no allocation, and no reader that can hold up another. Pure. */
#include "events.h"

#include <string.h>

static void give(struct subscription *subscription, const char *line, size_t length)
{
    if (subscription->overrun || length > sizeof subscription->bytes - subscription->length) {
        subscription->overrun = true;
        return;
    }
    memcpy(subscription->bytes + subscription->length, line, length);
    subscription->length += length;
}

static void tell_where_things_stand(const struct events *events, struct subscription *subscription)
{
    for (size_t kind = 0; kind < EVENT_KINDS_KEPT; kind++)
        give(subscription, events->kept[kind].bytes, events->kept[kind].length);
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
            give(&events->subscriptions[i], line->bytes, line->length);
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
