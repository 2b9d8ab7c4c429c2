/* A small HTTP/2 client for tests: one thread, one socket, everything bounded by time. */
#include "client.h"

#include "check.h"

#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_MS 20000

uint64_t now_ms(void)
{
    struct timespec now;
    (void) clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t) now.tv_sec * 1000 + (uint64_t) now.tv_nsec / 1000000;
}

uint64_t checksum(uint64_t sum, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sum = sum * 31 + bytes[i];
    return sum;
}

static int on_header(nghttp2_session *http2, const nghttp2_frame *frame, const uint8_t *name, size_t name_length,
    const uint8_t *value, size_t value_length, uint8_t flags, void *user_data)
{
    struct reply *reply = nghttp2_session_get_stream_user_data(http2, frame->hd.stream_id);
    (void) flags;
    (void) user_data;
    (void) value_length;
    if (reply != NULL && name_length == 7 && memcmp(name, ":status", 7) == 0)
        reply->status = atoi((const char *) value);
    return 0;
}

static int on_data(
    nghttp2_session *http2, uint8_t flags, int32_t stream_id, const uint8_t *bytes, size_t length, void *user_data)
{
    struct reply *reply = nghttp2_session_get_stream_user_data(http2, stream_id);
    (void) flags;
    (void) user_data;
    reply->received += length;
    reply->sum = checksum(reply->sum, bytes, length);
    if (!reply->drain) {
        reply->body = realloc(reply->body, reply->length + length + 1);
        assert_non_null(reply->body);
        memcpy(reply->body + reply->length, bytes, length);
        reply->length += length;
        reply->body[reply->length] = '\0';
    }
    if (!reply->has_held)
        (void) nghttp2_session_consume(http2, stream_id, length);
    return 0;
}

static int on_close(nghttp2_session *http2, int32_t stream_id, uint32_t error_code, void *user_data)
{
    struct reply *reply = nghttp2_session_get_stream_user_data(http2, stream_id);
    (void) user_data;
    if (reply == NULL)
        return 0;
    reply->ended = true;
    reply->was_reset = error_code != 0;
    return 0;
}

static int on_frame(nghttp2_session *http2, const nghttp2_frame *frame, void *user_data)
{
    struct reply *reply = nghttp2_session_get_stream_user_data(http2, frame->hd.stream_id);
    (void) user_data;
    bool carries = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
    if (reply != NULL && carries && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
        reply->ended = true;
    return 0;
}

struct client *client_over(int fd)
{
    struct client *client = calloc(1, sizeof *client);
    nghttp2_session_callbacks *callbacks = NULL;
    nghttp2_option *option = NULL;
    nghttp2_settings_entry settings = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1024 * 1024};
    assert_non_null(client);
    client->fd = fd;
    assert_int_equal(nghttp2_session_callbacks_new(&callbacks), 0);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    assert_int_equal(nghttp2_option_new(&option), 0);
    nghttp2_option_set_no_auto_window_update(option, 1);
    assert_int_equal(nghttp2_session_client_new2(&client->http2, callbacks, client, option), 0);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    assert_int_equal(nghttp2_submit_settings(client->http2, 0, &settings, 1), 0);
    assert_int_equal(nghttp2_session_set_local_window_size(client->http2, 0, 0, 8 * 1024 * 1024), 0);
    return client;
}

struct client *client_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    uint64_t end_ms = now_ms() + LIMIT_MS;
    assert_true(strlen(path) < sizeof address.sun_path);
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    while (connect(fd, (const struct sockaddr *) &address, sizeof address) < 0) {
        if (now_ms() > end_ms)
            fail_msg("nobody listens at %s", path);
        (void) poll(NULL, 0, 5);
    }
    return client_over(fd);
}

void client_close(struct client *client)
{
    for (size_t i = 0; i < client->count; i++)
        free(client->replies[i].body);
    nghttp2_session_del(client->http2);
    (void) close(client->fd);
    free(client);
}

static ssize_t read_upload(nghttp2_session *http2, int32_t stream_id, uint8_t *bytes, size_t size, uint32_t *data_flags,
    nghttp2_data_source *source, void *user_data)
{
    struct reply *reply = source->ptr;
    size_t left = reply->upload_length - reply->uploaded;
    size_t part = left < size ? left : size;
    (void) http2;
    (void) stream_id;
    (void) user_data;
    if (part == 0 && reply->upload_open)
        return NGHTTP2_ERR_DEFERRED;
    memcpy(bytes, reply->upload + reply->uploaded, part);
    reply->uploaded += part;
    if (part == left && !reply->upload_open)
        *data_flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t) part;
}

#define NV(name, value) \
    { \
        (uint8_t *) (uintptr_t) name, (uint8_t *) (uintptr_t) value, sizeof name - 1, strlen(value), 0 \
    }

static struct reply *submit(struct client *client, const char *method, const char *path, struct reply set_up, bool has_body)
{
    assert_true(client->count < REPLIES_MAX);
    struct reply *reply = &client->replies[client->count++];
    *reply = set_up;
    const nghttp2_nv headers[] = {NV(":method", method), NV(":scheme", "http"), NV(":authority", "kestrel"), NV(":path", path)};
    nghttp2_data_provider provider = {.source.ptr = reply, .read_callback = read_upload};
    reply->stream_id = nghttp2_submit_request(client->http2, NULL, headers, 4, has_body ? &provider : NULL, reply);
    assert_true(reply->stream_id > 0);
    return reply;
}

struct reply *client_request(struct client *client, const char *method, const char *path)
{
    return submit(client, method, path, (struct reply){0}, false);
}

struct reply *client_upload(
    struct client *client, const char *path, const uint8_t *bytes, size_t length, bool stays_open)
{
    struct reply set_up = {.upload = bytes, .upload_length = length, .upload_open = stays_open};
    return submit(client, "POST", path, set_up, true);
}

struct reply *client_put(struct client *client, const char *path, const uint8_t *bytes, size_t length, bool stays_open)
{
    struct reply set_up = {.upload = bytes, .upload_length = length, .upload_open = stays_open};
    return submit(client, "PUT", path, set_up, true);
}

void client_resume(struct client *client, struct reply *reply)
{
    if (reply->has_held) {
        reply->has_held = false;
        (void) nghttp2_session_consume(client->http2, reply->stream_id, reply->received);
    }
    (void) nghttp2_session_resume_data(client->http2, reply->stream_id);
}

static void receive(struct client *client)
{
    uint8_t bytes[65536];
    ssize_t length = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (length == 0 || (length < 0 && errno != EAGAIN))
        client->is_closed = true;
    if (length > 0 && nghttp2_session_mem_recv(client->http2, bytes, (size_t) length) < 0)
        client->is_closed = true;
}

/* One frame may wait in `pending` while the socket is full. */
static void send_all(struct client *client)
{
    const uint8_t *bytes = NULL;
    ssize_t length = 0;
    while ((length = nghttp2_session_mem_send(client->http2, &bytes)) > 0)
        while (length > 0) {
            ssize_t sent = send(client->fd, bytes, (size_t) length, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent < 0 && errno == EAGAIN) {
                struct pollfd polled = {.fd = client->fd, .events = POLLIN | POLLOUT};
                (void) poll(&polled, 1, 1000);
                if ((polled.revents & POLLIN) != 0)
                    receive(client); /* or both sides would wait for each other */
                sent = 0;
            }
            while (sent < 0 && !client->is_closed)
                receive(client); /* the other side has gone: what it said before counts all the same */
            if (client->is_closed)
                return;
            bytes += sent;
            length -= sent;
        }
}

void client_reset(struct client *client, const struct reply *reply)
{
    assert_int_equal(nghttp2_submit_rst_stream(client->http2, 0, reply->stream_id, NGHTTP2_CANCEL), 0);
    send_all(client);
}

/* False when nothing came for `wait_ms`. */
static bool serve(struct client *client, int wait_ms)
{
    struct pollfd polled = {.fd = client->fd, .events = POLLIN};
    send_all(client);
    if (client->is_closed || poll(&polled, 1, wait_ms) <= 0)
        return false;
    receive(client);
    return true;
}

bool client_run(struct client *client, bool (*done)(const struct reply *reply), const struct reply *reply, int limit_ms)
{
    uint64_t end_ms = now_ms() + (uint64_t) limit_ms;
    while (!done(reply) && !client->is_closed && now_ms() < end_ms)
        (void) serve(client, 50);
    return done(reply);
}

static bool has_ended(const struct reply *reply)
{
    return reply->ended;
}

static bool is_answered(const struct reply *reply)
{
    return reply->status != 0;
}

bool client_until_ended(struct client *client, const struct reply *reply)
{
    return client_run(client, has_ended, reply, LIMIT_MS);
}

bool client_until_answered(struct client *client, const struct reply *reply)
{
    return client_run(client, is_answered, reply, LIMIT_MS);
}

bool client_until_text(struct client *client, const struct reply *reply, const char *text)
{
    uint64_t end_ms = now_ms() + LIMIT_MS;
    while ((reply->body == NULL || strstr(reply->body, text) == NULL) && !client->is_closed && now_ms() < end_ms)
        (void) serve(client, 50);
    return reply->body != NULL && strstr(reply->body, text) != NULL;
}

void client_forget(struct reply *reply)
{
    reply->length = 0;
    if (reply->body != NULL)
        reply->body[0] = '\0';
}

void client_until_quiet(struct client *client, int quiet_ms)
{
    while (serve(client, quiet_ms))
        ;
}
