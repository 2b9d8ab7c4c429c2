#ifndef KESTREL_TESTS_CLIENT_H
#define KESTREL_TESTS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLIES_MAX 48

/* A request of ours and its answer so far. */
struct reply {
    int32_t stream_id;
    int status; /* 0: no headers yet */
    char *body; /* ends with a NUL; only what was not drained */
    size_t length;
    size_t received; /* all bytes ever */
    uint64_t sum; /* of all bytes ever */
    bool ended;
    bool was_reset;
    bool has_held; /* held: the window is not given back, as by a host that does not read */
    bool drain; /* do not keep the body */
    const uint8_t *upload;
    size_t upload_length;
    size_t uploaded;
    bool upload_open; /* more may come: do not end the request */
};

/* The host's side of the link, over any connected socket. */
struct client {
    int fd;
    struct nghttp2_session *http2;
    struct reply replies[REPLIES_MAX];
    size_t count;
    bool is_closed;
};

/* Waits until somebody listens at `path`. */
struct client *client_connect(const char *path);
struct client *client_over(int fd);
void client_close(struct client *client);

/* Sends a request without a body, or one whose body is set up in the reply before the next client_run(). */
struct reply *client_request(struct client *client, const char *method, const char *path);
struct reply *client_upload(
    struct client *client, const char *path, const uint8_t *bytes, size_t length, bool stays_open);

struct reply *client_put(struct client *client, const char *path, const uint8_t *bytes, size_t length, bool stays_open);

/* Gives the stream up, as a host that no longer wants the answer. */
void client_reset(struct client *client, const struct reply *reply);

/* Lets a held or open upload go on. */
void client_resume(struct client *client, struct reply *reply);

/* Serves the connection until `done` says so (true), it is closed or the limit is reached (false). */
bool client_run(struct client *client, bool (*done)(const struct reply *reply), const struct reply *reply, int limit_ms);

/* Often wanted endings. */
bool client_until_ended(struct client *client, const struct reply *reply);
bool client_until_text(struct client *client, const struct reply *reply, const char *text);
bool client_until_answered(struct client *client, const struct reply *reply);

/* What has come so far is no longer of interest. */
void client_forget(struct reply *reply);

/* Serves the connection for as long as nothing new comes for `quiet_ms`. */
void client_until_quiet(struct client *client, int quiet_ms);

uint64_t checksum(uint64_t sum, const uint8_t *bytes, size_t length);
uint64_t now_ms(void);

#endif
