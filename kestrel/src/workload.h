#ifndef KESTREL_WORKLOAD_H
#define KESTREL_WORKLOAD_H

#include "backoff.h"
#include "boot.h"
#include "event_text.h"
#include "lines.h"
#include "loop.h"
#include "output.h"

#include <sys/types.h>

enum workload_state { WORKLOAD_WAITING, WORKLOAD_STARTING, WORKLOAD_RUNNING, WORKLOAD_STOPPING, WORKLOAD_ENDED };
#define WORKLOAD_STATES 5

struct workload;

/* What the rest of kestrel wants to know. */
struct workload_listener {
    void (*on_started)(void *context, const struct workload *workload);
    /* `restart_in_ms` NULL: it stays down. */
    void (*on_exited)(void *context, const struct workload *workload, const struct exit_report *report,
        const uint64_t *restart_in_ms);
    void (*on_ended)(void *context); /* after workload_stop(): nothing runs any more */
    void *context;
};

/* One end of the workload's output. The pipe outlives the processes: it is made once, and kestrel keeps both ends open. */
struct workload_pipe {
    struct loop_source source;
    struct lines lines;
    struct workload *workload;
    enum log_stream stream;
    int write_fd;
};

/* The program that this guest is for, supervised. */
struct workload {
    struct loop *loop;
    struct output *output;
    const struct boot_document *document;
    bool root_is_disk;
    struct workload_listener listener;
    enum workload_state state;
    struct workload_pipe pipes[2];
    struct loop_source report; /* of a starting program */
    struct loop_timer timer; /* restart or kill, as the state says */
    struct backoff backoff;
    pid_t pid; /* 0: none */
    uint64_t attempt;
    uint64_t started_ms;
    struct exit_report last_exit;
};

/* 0 or -errno. Nothing runs yet. */
int workload_init(struct workload *workload, struct loop *loop, struct output *output, const struct boot *boot,
    const struct workload_listener *listener);
void workload_start(struct workload *workload);

/* SIGTERM now, SIGKILL after the document's stop_timeout_ms; never started again. */
void workload_stop(struct workload *workload);

/* A child has died: true if it was the workload. */
bool workload_reaped(struct workload *workload, pid_t pid, int wait_status);

#endif
