#ifndef KESTREL_ROUTES_H
#define KESTREL_ROUTES_H

#include "events.h"
#include "exec.h"
#include "files.h"
#include "session.h"
#include "tunnel.h"

/* What the requests of the protocol act on. */
struct routes {
    struct session_handler handler; /* give this to sessions */
    struct events *events;
    const struct log_ring *ring;
    struct tunnels tunnels;
    struct execs execs; /* set up by whoever knows the workload */
    struct files files;
    void (*on_shutdown)(void *context); /* called before the answer is on its way */
    bool (*is_stopping)(void *context); /* then nothing new is begun that works on disks */
    void *context;
};

void routes_init(struct routes *routes, struct events *events, const struct log_ring *ring, struct loop *loop);

/* A child has died: true if it was one of a request's. */
bool routes_reaped(struct routes *routes, pid_t pid, int wait_status);

#endif
