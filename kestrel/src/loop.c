/*
 * The one loop: poll(2) over descriptors, one timerfd for all timers. No threads, no async handlers.
 * Handlers must do a bounded amount of work and never block. They may add and remove sources, themselves among them.
 */
#include "loop.h"

#include "clock.h"

#include <errno.h>
#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* The time itself is looked at in every turn, so the descriptor only has to be made quiet. */
static void on_clock(struct loop_source *source, short revents)
{
    uint64_t expirations = 0;
    (void) revents;
    (void) !read(source->fd, &expirations, sizeof expirations); /* EAGAIN: the clock was set anew in between */
}

int loop_init(struct loop *loop, void (*after_turn)(void *context), void *context)
{
    *loop = (struct loop){.after_turn = after_turn, .context = context, .clock_at_ms = UINT64_MAX};
    int fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (fd < 0)
        return -errno;
    loop->clock = (struct loop_source){.fd = fd, .events = POLLIN, .on_ready = on_clock};
    return loop_add(loop, &loop->clock);
}

int loop_add(struct loop *loop, struct loop_source *source)
{
    for (size_t i = 0; i < LOOP_SOURCES_MAX; i++)
        if (loop->sources[i] == NULL) {
            loop->sources[i] = source;
            return 0;
        }
    return -ENOSPC;
}

void loop_remove(struct loop *loop, const struct loop_source *source)
{
    for (size_t i = 0; i < LOOP_SOURCES_MAX; i++)
        if (loop->sources[i] == source)
            loop->sources[i] = NULL;
}

void loop_at(struct loop *loop, struct loop_timer *timer, uint64_t at_ms)
{
    size_t free_slot = LOOP_TIMERS_MAX;
    timer->at_ms = at_ms;
    timer->armed = true;
    for (size_t i = 0; i < LOOP_TIMERS_MAX; i++) {
        if (loop->timers[i] == timer)
            return;
        if (loop->timers[i] == NULL || !loop->timers[i]->armed)
            free_slot = i;
    }
    if (free_slot < LOOP_TIMERS_MAX)
        loop->timers[free_slot] = timer;
}

void loop_cancel(struct loop_timer *timer)
{
    timer->armed = false;
}

static void set_clock(struct loop *loop)
{
    uint64_t earliest_ms = UINT64_MAX;
    for (size_t i = 0; i < LOOP_TIMERS_MAX; i++)
        if (loop->timers[i] != NULL && loop->timers[i]->armed && loop->timers[i]->at_ms < earliest_ms)
            earliest_ms = loop->timers[i]->at_ms;
    if (earliest_ms == loop->clock_at_ms)
        return;
    struct itimerspec when = {0}; /* all zero: never */
    if (earliest_ms != UINT64_MAX) {
        when.it_value.tv_sec = (time_t) (earliest_ms / 1000);
        when.it_value.tv_nsec = (long) (earliest_ms % 1000) * 1000000 + 1; /* + 1: time 0 must not mean never */
    }
    if (timerfd_settime(loop->clock.fd, TFD_TIMER_ABSTIME, &when, NULL) == 0)
        loop->clock_at_ms = earliest_ms;
}

static void run_timers(struct loop *loop)
{
    uint64_t now_ms = clock_uptime_ms();
    for (size_t i = 0; i < LOOP_TIMERS_MAX; i++) {
        struct loop_timer *timer = loop->timers[i];
        if (timer == NULL || !timer->armed || timer->at_ms > now_ms)
            continue;
        timer->armed = false;
        timer->on_time(timer);
    }
    if (loop->clock_at_ms <= now_ms)
        loop->clock_at_ms = UINT64_MAX; /* it has rung: set it again, even to the same time */
}

void loop_turn(struct loop *loop)
{
    struct pollfd polled[LOOP_SOURCES_MAX];
    struct loop_source *sources[LOOP_SOURCES_MAX];
    nfds_t count = 0;
    size_t slots[LOOP_SOURCES_MAX];
    set_clock(loop);
    for (size_t i = 0; i < LOOP_SOURCES_MAX; i++) {
        struct loop_source *source = loop->sources[i];
        if (source == NULL || source->events == 0) /* 0: not even a hang-up is of interest now */
            continue;
        polled[count] = (struct pollfd){.fd = source->fd, .events = source->events};
        sources[count] = source;
        slots[count++] = i;
    }
    if (poll(polled, count, -1) < 0)
        return; /* EINTR, ENOMEM: nothing is known to be ready; try again */
    run_timers(loop);
    for (nfds_t i = 0; i < count; i++)
        if (polled[i].revents != 0 && loop->sources[slots[i]] == sources[i]) /* else a handler before has removed it */
            sources[i]->on_ready(sources[i], polled[i].revents);
    loop->after_turn(loop->context);
}
