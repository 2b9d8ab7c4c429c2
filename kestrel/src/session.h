#ifndef KESTREL_SESSION_H
#define KESTREL_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SESSION_STREAMS_MAX 32
#define SESSION_STREAM_WINDOW_BYTES (256 * 1024) /* what the host may send ahead on one stream; a tunnel buffers this much */
#define SESSION_PATH_BYTES 4096 /* a path of 1024 bytes, each escaped, and what is around it */
#define SESSION_CONNECTION_WINDOW_BYTES (4 * 1024 * 1024)
#define SESSION_SEND_BYTES_MIN 64 /* room that session_send() needs at least */

struct session;
struct exchange;

/* The body of an answer, and what becomes of the request's body. All but `content_type` and `read` may be NULL. */
struct body {
    const char *content_type;
    /* Fills in at most `size` bytes; -EAGAIN: later; any other -errno resets the stream. Sets *ret_end with the last bytes. */
    ssize_t (*read)(struct exchange *exchange, void *bytes, size_t size, bool *ret_end);
    /* Whether `read` would have something after an -EAGAIN. NULL: always. */
    bool (*is_ready)(const struct exchange *exchange);
    /* Takes bytes of the request, and gives the window back by exchange_consumed() when it has got rid of them. */
    void (*on_bytes)(struct exchange *exchange, const uint8_t *bytes, size_t length);
    void (*on_request_end)(struct exchange *exchange);
    /* The exchange is over; `is_clean`: both sides had ended it, nothing was reset. */
    void (*close)(struct exchange *exchange, bool is_clean);
};

/* One request and its answer. */
struct exchange {
    struct session *session;
    int32_t stream_id; /* 0: free */
    char method[8];
    bool is_deferred; /* the answer waits for is_ready */
    const struct body *body;
    void *state; /* of the body */
    char text[128]; /* of a short answer */
    size_t text_taken;
};

struct session_handler {
    /* `path` lives only as long as the call; one that is too long is empty, and matches nothing. */
    void (*on_request)(struct exchange *exchange, const char *path, void *context);
    void *context;
};

/* An HTTP/2 server session between two streams of bytes. It knows no descriptors and no loop. */
struct session {
    struct nghttp2_session *http2; /* NULL: closed */
    const struct session_handler *handler;
    struct exchange exchanges[SESSION_STREAMS_MAX];
    char path[SESSION_PATH_BYTES]; /* of the request whose headers are coming: they never mix with another's */
    const uint8_t *pending; /* the rest of a frame that did not fit */
    size_t pending_length;
    uint8_t *out; /* where session_send() puts what is to be sent; of its caller */
    size_t out_size;
    size_t out_length;
};

int session_open(struct session *session, const struct session_handler *handler);

/* Ends every exchange as not clean. */
void session_close(struct session *session);

/* 0, or -EPROTO where nothing more can come of this session (what is to be sent may still say why). */
int session_receive(struct session *session, const uint8_t *bytes, size_t length);

/* Fills `bytes`, of at least SESSION_SEND_BYTES_MIN, with what is to be sent. 0: nothing now. */
size_t session_send(struct session *session, uint8_t *bytes, size_t size);

/* Lets answers go on that were waiting and have something now. */
void session_wake(struct session *session);

/* Whether nothing is left to send. */
bool session_is_flushed(const struct session *session);
bool session_is_over(const struct session *session);

/* Answers. `body` NULL: the headers end it. Any error ends the session, as the next receive or send will tell. */
void exchange_answer(struct exchange *exchange, int status, const struct body *body);
void exchange_answer_text(struct exchange *exchange, int status, const char *text);
void exchange_consumed(struct exchange *exchange, size_t length);

#endif
