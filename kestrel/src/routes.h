#ifndef KESTREL_ROUTES_H
#define KESTREL_ROUTES_H

#include "events.h"
#include "session.h"
#include "tunnel.h"

/* What the requests of the protocol act on. */
struct routes {
    struct session_handler handler; /* give this to sessions */
    struct events *events;
    const struct log_ring *ring;
    struct tunnels tunnels;
    void (*on_shutdown)(void *context); /* called before the answer is on its way */
    void *context;
};

void routes_init(struct routes *routes, struct events *events, const struct log_ring *ring, struct loop *loop);

#endif
