#ifndef KESTREL_LINK_H
#define KESTREL_LINK_H

#include "frames.h"
#include "output.h"
#include "preface.h"
#include "routes.h"
#include "stream.h"

#define LINK_CHANNELS_MAX 5 /* the port, and four connections */
#define LINK_LISTENERS_MAX 2
#define LINK_IN_BYTES 16384 /* one frame; twice as much would be no faster and stay resident */
#define LINK_OUT_BYTES 65536 /* two writes to a port, which takes 32 KiB at a time */

struct link;

/* A stream to the host, with the HTTP/2 session on it if there is one. */
struct channel {
    struct link *link;
    bool used;
    bool has_session;
    bool is_ending; /* the session has failed: say so, then end */
    struct stream stream;
    struct loop_source source;
    struct session session;
    struct preface_search search; /* ports: where the next session begins */
    struct frames frames; /* ports: whether this session still makes sense */
    size_t out_start;
    size_t out_length;
    uint8_t out[LINK_OUT_BYTES];
};

struct listener {
    struct link *link;
    struct loop_source source;
};

/* All ways in from the host. */
struct link {
    struct loop *loop;
    struct output *output;
    struct routes routes;
    struct channel channels[LINK_CHANNELS_MAX];
    struct listener listeners[LINK_LISTENERS_MAX];
    size_t listener_count;
    uint8_t in[LINK_IN_BYTES];
};

void link_init(struct link *link, struct loop *loop, struct output *output, struct events *events);

/* Each takes over `fd`. 0 or -errno. */
int link_add_stream(struct link *link, int fd, bool is_port);
int link_add_listener(struct link *link, int fd);

/* Looks for the virtio-serial port of the link and opens it, unless it is open. */
void link_find_port(struct link *link);

/* Once a turn: lets answers go on, and writes what the streams take. */
void link_flush(struct link *link);

/* Whether everything said so far is on its way. */
bool link_is_flushed(const struct link *link);

#endif
