#ifndef KESTREL_LOOP_H
#define KESTREL_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOOP_SOURCES_MAX 192 /* 28 tunnels, 16 commands of 4, sessions, pipes, timers: with room to spare */
#define LOOP_TIMERS_MAX 96

#define container_of(pointer, type, member) ((type *) (void *) ((char *) (pointer) -offsetof(type, member)))

/* A descriptor to wait for. `events` as for poll(2), changeable at any time; 0 sleeps. Never freed while it is in the loop. */
struct loop_source {
    int fd;
    short events;
    void (*on_ready)(struct loop_source *source, short revents);
};

/* Something to do once, at a time. */
struct loop_timer {
    uint64_t at_ms;
    bool armed;
    void (*on_time)(struct loop_timer *timer);
};

struct loop {
    struct loop_source *sources[LOOP_SOURCES_MAX];
    struct loop_timer *timers[LOOP_TIMERS_MAX];
    struct loop_source clock; /* the one timerfd, set to the earliest timer */
    uint64_t clock_at_ms;
    void (*after_turn)(void *context); /* called when all that was ready has been looked at */
    void *context;
    bool ended;
};

/* 0 or -errno. */
int loop_init(struct loop *loop, void (*after_turn)(void *context), void *context);

/* 0, or -ENOSPC when the loop is full: the caller then refuses what it was about to do. */
int loop_add(struct loop *loop, struct loop_source *source);
void loop_remove(struct loop *loop, const struct loop_source *source);

/* Sets (or sets anew) a timer. Timers are few and known, so there is always room. */
void loop_at(struct loop *loop, struct loop_timer *timer, uint64_t at_ms);
void loop_cancel(struct loop_timer *timer);

/* Waits once and serves what is ready. */
void loop_turn(struct loop *loop);

#endif
