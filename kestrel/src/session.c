/*
 * HTTP/2 on top of libnghttp2. Callbacks only note and pass on; no callback ever writes to a descriptor or ends a session.
 * Windows are given back by hand: the connection's at once (the streams' bound the memory, and one slow tunnel must not
 * hold up the others), a stream's when its bytes have really gone.
 */
#include "session.h"

#include <errno.h>
#include <nghttp2/nghttp2.h>
#include <string.h>

#define FRAME_HEAD_BYTES 9
#define PAYLOAD_WORTH_BYTES 4096 /* less room is left to what comes after a write */

static struct exchange *exchange_of(struct session *session, int32_t stream_id)
{
    return nghttp2_session_get_stream_user_data(session->http2, stream_id);
}

static void end_exchange(struct exchange *exchange, bool is_clean)
{
    if (exchange->stream_id == 0)
        return;
    if (exchange->body != NULL && exchange->body->close != NULL)
        exchange->body->close(exchange, is_clean);
    exchange->stream_id = 0;
    exchange->body = NULL;
    exchange->state = NULL;
}

static int on_begin_headers(nghttp2_session *http2, const nghttp2_frame *frame, void *user_data)
{
    struct session *session = user_data;
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
        return 0;
    for (size_t i = 0; i < SESSION_STREAMS_MAX; i++) {
        struct exchange *exchange = &session->exchanges[i];
        if (exchange->stream_id != 0)
            continue;
        *exchange = (struct exchange){.session = session, .stream_id = frame->hd.stream_id};
        session->path[0] = '\0';
        return nghttp2_session_set_stream_user_data(http2, frame->hd.stream_id, exchange);
    }
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE; /* cannot be: nghttp2 holds the same limit */
}

/* Too long a value becomes one that matches no route. */
static void keep(char *field, size_t size, const uint8_t *value, size_t length)
{
    size_t kept = length < size - 1 ? length : 0;
    memcpy(field, value, kept);
    field[kept] = '\0';
}

static int on_header(nghttp2_session *http2, const nghttp2_frame *frame, const uint8_t *name, size_t name_length,
    const uint8_t *value, size_t value_length, uint8_t flags, void *user_data)
{
    struct exchange *exchange = exchange_of(user_data, frame->hd.stream_id);
    (void) http2;
    (void) flags;
    if (exchange == NULL || exchange->body != NULL)
        return 0;
    if (name_length == 7 && memcmp(name, ":method", 7) == 0)
        keep(exchange->method, sizeof exchange->method, value, value_length);
    if (name_length == 5 && memcmp(name, ":path", 5) == 0)
        keep(exchange->session->path, sizeof exchange->session->path, value, value_length);
    return 0;
}

static int on_frame(nghttp2_session *http2, const nghttp2_frame *frame, void *user_data)
{
    struct session *session = user_data;
    (void) http2;
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA)
        return 0;
    struct exchange *exchange = exchange_of(session, frame->hd.stream_id);
    if (exchange == NULL)
        return 0;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
        session->handler->on_request(exchange, session->path, session->handler->context);
    bool has_ended = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (has_ended && exchange->body != NULL && exchange->body->on_request_end != NULL)
        exchange->body->on_request_end(exchange);
    return 0;
}

static int on_data(
    nghttp2_session *http2, uint8_t flags, int32_t stream_id, const uint8_t *bytes, size_t length, void *user_data)
{
    struct exchange *exchange = exchange_of(user_data, stream_id);
    (void) flags;
    int result = nghttp2_session_consume_connection(http2, length);
    if (result != 0)
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    if (exchange != NULL && exchange->body != NULL && exchange->body->on_bytes != NULL)
        exchange->body->on_bytes(exchange, bytes, length);
    else
        (void) nghttp2_session_consume_stream(http2, stream_id, length); /* fails only where the stream is gone */
    return 0;
}

static int on_stream_close(nghttp2_session *http2, int32_t stream_id, uint32_t error_code, void *user_data)
{
    struct exchange *exchange = exchange_of(user_data, stream_id);
    (void) http2;
    if (exchange != NULL)
        end_exchange(exchange, error_code == NGHTTP2_NO_ERROR);
    return 0;
}

static size_t room_for_payload(const struct session *session)
{
    size_t room = session->out_size - session->out_length;
    return room > FRAME_HEAD_BYTES ? room - FRAME_HEAD_BYTES : 0;
}

/* As long as the host allows and there is room for. */
static ssize_t choose_payload_length(nghttp2_session *http2, uint8_t type, int32_t stream_id, int32_t session_window,
    int32_t stream_window, uint32_t length_max, void *user_data)
{
    size_t room = room_for_payload(user_data);
    (void) http2;
    (void) type;
    (void) stream_id;
    (void) session_window;
    (void) stream_window;
    if (room == 0)
        return 1; /* must be something; on_read() will not read */
    return room < length_max ? (ssize_t) room : (ssize_t) length_max;
}

/* A payload was read to where it is to be, behind the place for this head. */
static int on_payload(nghttp2_session *http2, nghttp2_frame *frame, const uint8_t *head, size_t length,
    nghttp2_data_source *source, void *user_data)
{
    struct session *session = user_data;
    (void) http2;
    (void) frame;
    (void) source;
    memcpy(session->out + session->out_length, head, FRAME_HEAD_BYTES);
    session->out_length += FRAME_HEAD_BYTES + length;
    return 0;
}

static int set_callbacks(nghttp2_session_callbacks **ret_callbacks)
{
    if (nghttp2_session_callbacks_new(ret_callbacks) != 0)
        return -ENOMEM;
    nghttp2_session_callbacks_set_on_begin_headers_callback(*ret_callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(*ret_callbacks, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(*ret_callbacks, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(*ret_callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(*ret_callbacks, on_stream_close);
    nghttp2_session_callbacks_set_data_source_read_length_callback(*ret_callbacks, choose_payload_length);
    nghttp2_session_callbacks_set_send_data_callback(*ret_callbacks, on_payload);
    return 0;
}

static int greet(nghttp2_session *http2)
{
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, SESSION_STREAMS_MAX},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, SESSION_STREAM_WINDOW_BYTES},
    };
    if (nghttp2_submit_settings(http2, NGHTTP2_FLAG_NONE, settings, sizeof settings / sizeof settings[0]) != 0)
        return -ENOMEM;
    if (nghttp2_session_set_local_window_size(http2, NGHTTP2_FLAG_NONE, 0, SESSION_CONNECTION_WINDOW_BYTES) != 0)
        return -ENOMEM;
    return 0;
}

int session_open(struct session *session, const struct session_handler *handler)
{
    nghttp2_session_callbacks *callbacks = NULL;
    nghttp2_option *option = NULL;
    *session = (struct session){.handler = handler};
    int result = set_callbacks(&callbacks);
    if (result == 0 && nghttp2_option_new(&option) != 0)
        result = -ENOMEM;
    if (result == 0) {
        nghttp2_option_set_no_auto_window_update(option, 1);
        if (nghttp2_session_server_new2(&session->http2, callbacks, session, option) != 0)
            result = -ENOMEM;
        else
            result = greet(session->http2);
    }
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    if (result < 0)
        session_close(session);
    return result;
}

void session_close(struct session *session)
{
    for (size_t i = 0; i < SESSION_STREAMS_MAX; i++)
        end_exchange(&session->exchanges[i], false);
    nghttp2_session_del(session->http2);
    session->http2 = NULL;
    session->pending = NULL;
    session->pending_length = 0;
}

int session_receive(struct session *session, const uint8_t *bytes, size_t length)
{
    ssize_t taken = nghttp2_session_mem_recv(session->http2, bytes, length);
    return taken < 0 || nghttp2_session_want_read(session->http2) == 0 ? -EPROTO : 0;
}

size_t session_send(struct session *session, uint8_t *bytes, size_t size)
{
    session->out = bytes;
    session->out_size = size;
    session->out_length = 0;
    while (session->out_length < size) {
        if (session->pending_length == 0) {
            ssize_t length = nghttp2_session_mem_send(session->http2, &session->pending);
            if (length <= 0)
                break;
            session->pending_length = (size_t) length;
        }
        size_t room = size - session->out_length;
        size_t part = session->pending_length < room ? session->pending_length : room;
        memcpy(bytes + session->out_length, session->pending, part);
        session->out_length += part;
        session->pending += part;
        session->pending_length -= part;
    }
    return session->out_length;
}

void session_wake(struct session *session)
{
    for (size_t i = 0; i < SESSION_STREAMS_MAX; i++) {
        struct exchange *exchange = &session->exchanges[i];
        if (exchange->stream_id == 0 || !exchange->is_deferred)
            continue;
        if (exchange->body->is_ready != NULL && !exchange->body->is_ready(exchange))
            continue;
        exchange->is_deferred = false;
        (void) nghttp2_session_resume_data(session->http2, exchange->stream_id); /* fails only where the stream is gone */
    }
}

bool session_is_flushed(const struct session *session)
{
    return session->pending_length == 0 && nghttp2_session_want_write(session->http2) == 0;
}

bool session_is_over(const struct session *session)
{
    return nghttp2_session_want_read(session->http2) == 0 && session_is_flushed(session);
}

/* Reads a body straight to where it is written from: without KVM each copy of a byte costs as much as its way to the host. */
static ssize_t on_read(nghttp2_session *http2, int32_t stream_id, uint8_t *unused, size_t size, uint32_t *data_flags,
    nghttp2_data_source *source, void *user_data)
{
    struct session *session = user_data;
    struct exchange *exchange = source->ptr;
    size_t room = room_for_payload(session);
    bool end = false;
    (void) http2;
    (void) stream_id;
    (void) unused;
    if (session->out_length > 0 && room < PAYLOAD_WORTH_BYTES)
        return NGHTTP2_ERR_PAUSE; /* what is there is written first */
    uint8_t *payload = session->out + session->out_length + FRAME_HEAD_BYTES;
    ssize_t length = exchange->body->read(exchange, payload, size < room ? size : room, &end);
    if (length == -EAGAIN) {
        exchange->is_deferred = true;
        return NGHTTP2_ERR_DEFERRED;
    }
    if (length < 0)
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE; /* nghttp2 resets the stream: it has had its headers */
    *data_flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (end)
        *data_flags |= NGHTTP2_DATA_FLAG_EOF;
    return length;
}

static nghttp2_nv header(const char *name, const char *value)
{
    return (nghttp2_nv){.name = (uint8_t *) (uintptr_t) name,
        .value = (uint8_t *) (uintptr_t) value,
        .namelen = strlen(name),
        .valuelen = strlen(value)};
}

void exchange_answer(struct exchange *exchange, int status, const struct body *body)
{
    const char digits[] = {(char) ('0' + status / 100), (char) ('0' + status / 10 % 10), (char) ('0' + status % 10), '\0'};
    nghttp2_data_provider provider = {.source.ptr = exchange, .read_callback = on_read};
    nghttp2_nv headers[2] = {header(":status", digits)};
    size_t count = 1;
    if (body != NULL)
        headers[count++] = header("content-type", body->content_type);
    exchange->body = body;
    /* Out of memory, or the stream is already gone: in the first case the next call on the session fails as well. */
    (void) nghttp2_submit_response(
        exchange->session->http2, exchange->stream_id, headers, count, body != NULL ? &provider : NULL);
}

static ssize_t read_text(struct exchange *exchange, void *bytes, size_t size, bool *ret_end)
{
    size_t left = strlen(exchange->text) - exchange->text_taken;
    size_t part = left < size ? left : size;
    memcpy(bytes, exchange->text + exchange->text_taken, part);
    exchange->text_taken += part;
    *ret_end = part == left;
    return (ssize_t) part;
}

static const struct body text_body = {.content_type = "text/plain; charset=utf-8", .read = read_text};

void exchange_answer_text(struct exchange *exchange, int status, const char *text)
{
    keep(exchange->text, sizeof exchange->text, (const uint8_t *) text, strlen(text));
    exchange->text_taken = 0;
    exchange_answer(exchange, status, &text_body);
}

void exchange_consumed(struct exchange *exchange, size_t length)
{
    /* Fails only where the stream is gone or memory is out; then the window no longer matters. */
    (void) nghttp2_session_consume_stream(exchange->session->http2, exchange->stream_id, length);
}
