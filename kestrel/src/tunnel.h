#ifndef KESTREL_TUNNEL_H
#define KESTREL_TUNNEL_H

#include "loop.h"
#include "session.h"

#define TUNNELS_MAX 28 /* of 32 streams: room is left for events, logs, a shutdown and refusals */
#define TUNNEL_CONNECT_LIMIT_MS 5000
#define TUNNEL_LINGER_LIMIT_MS 30000

enum tunnel_phase { TUNNEL_FREE, TUNNEL_CONNECTING, TUNNEL_OPEN, TUNNEL_LINGERING };

/* One connection to a port of the guest, joined to one exchange. */
struct tunnel {
    enum tunnel_phase phase;
    struct loop *loop;
    struct loop_source source;
    struct loop_timer timer; /* the limit of connecting, or of lingering */
    struct exchange *exchange; /* NULL while lingering: the host has all it wanted, the target not yet */
    uint8_t *waiting; /* a ring: bytes from the host that the target has not taken */
    bool has_waited;
    size_t waiting_start;
    size_t waiting_length;
    bool host_ended;
    bool is_broken; /* the target takes nothing more */
    bool wants_bytes; /* the answer is out of bytes */
};

struct tunnels {
    struct loop *loop;
    struct tunnel pool[TUNNELS_MAX];
    /* Memory that is touched only by tunnels whose target is slow, and given back to the kernel after them. */
    uint8_t waiting[TUNNELS_MAX][SESSION_STREAM_WINDOW_BYTES] __attribute__((aligned(4096)));
};

void tunnels_init(struct tunnels *tunnels, struct loop *loop);

/* Begins to connect the exchange with 127.0.0.1:port; it is answered in any case. */
void tunnel_open(struct tunnels *tunnels, struct exchange *exchange, uint16_t port);

#endif
