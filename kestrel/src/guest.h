#ifndef KESTREL_GUEST_H
#define KESTREL_GUEST_H

#include "boot.h"
#include "events.h"
#include "link.h"
#include "probe.h"
#include "workload.h"

/* Of a shutdown: the answer gets out, the workload is stopped, then what it has left behind, then the last events get out. */
enum guest_phase { GUEST_RUNNING, GUEST_ANSWERING, GUEST_STOPPING, GUEST_CLEARING, GUEST_KILLING, GUEST_ENDING };

/* The second era: everything after the boot, around one loop. */
struct guest {
    struct loop loop;
    struct output *output;
    const struct boot *boot;
    struct events events;
    struct link link;
    struct workload workload;
    struct probe probe;
    enum guest_phase phase;
    bool is_machine;
    struct loop_source signals;
    struct loop_source devices; /* uevents; only in a machine */
    struct loop_timer stats_timer;
    struct loop_timer phase_timer; /* the limit of each phase but the first */
    uint64_t stop_end_ms; /* when the stop timeout is over */
    struct loop_timer reap_timer; /* more children than one turn takes */
    char line[EVENT_LINE_BYTES_MAX]; /* the event under construction */
};

/* Sets everything up and starts the workload. 0 or -errno: the last error that may end a boot. */
int guest_start(struct guest *guest, struct output *output, const struct boot *boot, bool is_machine);

/* Serves until a shutdown is complete. */
void guest_run(struct guest *guest);

#endif
