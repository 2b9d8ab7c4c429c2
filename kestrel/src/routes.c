/* The requests of the protocol (PROTOCOL.md section 2): which path and method means what, and the bodies of the answers. */
#include "routes.h"

#include "boot_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct log_reader {
    const struct log_ring *ring;
    struct log_cursor cursor;
    bool follow;
    size_t start;
    size_t length;
    char line[EVENT_LINE_BYTES_MAX]; /* the line that is being sent */
};

static ssize_t read_events(struct exchange *exchange, void *bytes, size_t size, bool *ret_end)
{
    struct routes *routes = exchange->session->handler->context;
    size_t taken = events_take(routes->events, exchange->state, bytes, size);
    *ret_end = false;
    return taken > 0 ? (ssize_t) taken : -EAGAIN;
}

static bool has_events(const struct exchange *exchange)
{
    return events_pending(exchange->state);
}

static void close_events(struct exchange *exchange, bool is_clean)
{
    (void) is_clean;
    events_unsubscribe(exchange->state);
}

static const struct body events_body = {
    .content_type = "application/x-ndjson", .read = read_events, .is_ready = has_events, .close = close_events};

static void get_events(struct routes *routes, struct exchange *exchange, const char *rest)
{
    (void) rest;
    exchange->state = events_subscribe(routes->events);
    if (exchange->state == NULL)
        exchange_answer_text(exchange, 503, "too many readers of events\n");
    else
        exchange_answer(exchange, 200, &events_body);
}

/* Formats the next line of the log into the reader. False where there is none. */
static bool next_line(struct log_reader *reader)
{
    char line[LOG_LINE_BYTES_MAX];
    struct log_record record;
    struct text text;
    if (log_ring_next(reader->ring, &reader->cursor, &record, line) < 0)
        return false;
    text_init(&text, reader->line, sizeof reader->line);
    event_text_log(&text, &record, line);
    reader->start = 0;
    reader->length = text.cut ? 0 : text.length; /* cannot be cut: output_line() has cut before */
    return true;
}

static ssize_t read_logs(struct exchange *exchange, void *bytes, size_t size, bool *ret_end)
{
    struct log_reader *reader = exchange->state;
    size_t filled = 0;
    while (filled < size) {
        if (reader->start == reader->length && !next_line(reader)) {
            *ret_end = !reader->follow;
            break;
        }
        size_t left = reader->length - reader->start;
        size_t part = left < size - filled ? left : size - filled;
        memcpy((char *) bytes + filled, reader->line + reader->start, part);
        reader->start += part;
        filled += part;
    }
    return filled > 0 || *ret_end ? (ssize_t) filled : -EAGAIN;
}

static bool has_logs(const struct exchange *exchange)
{
    const struct log_reader *reader = exchange->state;
    return reader->cursor.seq < reader->ring->next_seq;
}

static void close_logs(struct exchange *exchange, bool is_clean)
{
    (void) is_clean;
    free(exchange->state);
}

static const struct body logs_body = {
    .content_type = "application/x-ndjson", .read = read_logs, .is_ready = has_logs, .close = close_logs};

/* Reads `from=N` and `follow=1`, in any order; what else there is is ignored. False where a value is bad. */
static bool parse_log_query(const char *query, uint64_t *ret_from, bool *ret_follow)
{
    char value[24];
    *ret_from = 0;
    *ret_follow = false;
    while (*query == '?' || *query == '&') {
        const char *word = query + 1;
        size_t length = strcspn(word, "&");
        query = word + length;
        if (length == 8 && memcmp(word, "follow=1", 8) == 0)
            *ret_follow = true;
        if (length < 5 || memcmp(word, "from=", 5) != 0)
            continue;
        if (length - 5 >= sizeof value)
            return false;
        memcpy(value, word + 5, length - 5);
        value[length - 5] = '\0';
        if (!boot_value_number(value, 0, UINT64_MAX, ret_from))
            return false;
    }
    return true;
}

static void get_logs(struct routes *routes, struct exchange *exchange, const char *rest)
{
    uint64_t from = 0;
    bool follow = false;
    if (!parse_log_query(rest, &from, &follow)) {
        exchange_answer_text(exchange, 400, "'from' must be a sequence number\n");
        return;
    }
    struct log_reader *reader = malloc(sizeof *reader);
    if (reader == NULL) {
        exchange_answer_text(exchange, 503, "out of memory\n");
        return;
    }
    reader->ring = routes->ring;
    reader->cursor = log_ring_seek(routes->ring, from);
    reader->follow = follow;
    reader->start = 0;
    reader->length = 0;
    exchange->state = reader;
    exchange_answer(exchange, 200, &logs_body);
}

static void post_tunnel(struct routes *routes, struct exchange *exchange, const char *rest)
{
    uint64_t port = 0;
    if (boot_value_number(rest, 1, 65535, &port))
        tunnel_open(&routes->tunnels, exchange, (uint16_t) port);
    else
        exchange_answer_text(exchange, 400, "the port must be a number from 1 to 65535\n");
}

static bool refuse_when_stopping(const struct routes *routes, struct exchange *exchange)
{
    if (!routes->is_stopping(routes->context))
        return false;
    exchange_answer_text(exchange, 503, "the guest is shutting down\n");
    return true;
}

static void post_exec(struct routes *routes, struct exchange *exchange, const char *rest)
{
    (void) rest;
    if (!refuse_when_stopping(routes, exchange))
        exec_open(&routes->execs, exchange);
}

static void get_files(struct routes *routes, struct exchange *exchange, const char *rest)
{
    if (!refuse_when_stopping(routes, exchange))
        files_download(&routes->files, exchange, rest);
}

static void put_files(struct routes *routes, struct exchange *exchange, const char *rest)
{
    if (!refuse_when_stopping(routes, exchange))
        files_upload(&routes->files, exchange, rest);
}

static void post_shutdown(struct routes *routes, struct exchange *exchange, const char *rest)
{
    (void) rest;
    exchange_answer(exchange, 202, NULL);
    routes->on_shutdown(routes->context);
}

struct route {
    const char *method;
    const char *path;
    bool has_rest; /* something follows the path */
    void (*act)(struct routes *routes, struct exchange *exchange, const char *rest);
};

static const struct route table[] = {
    {"GET", "/v1/events", false, get_events},
    {"GET", "/v1/logs", false, get_logs},
    {"POST", "/v1/tunnel/", true, post_tunnel},
    {"POST", "/v1/exec", false, post_exec},
    {"GET", "/v1/files", false, get_files},
    {"PUT", "/v1/files", false, put_files},
    {"POST", "/v1/shutdown", false, post_shutdown},
};

static bool matches(const struct route *route, const char *path)
{
    size_t length = strlen(route->path);
    if (strncmp(path, route->path, length) != 0)
        return false;
    return route->has_rest || path[length] == '\0' || path[length] == '?';
}

static void on_request(struct exchange *exchange, const char *path, void *context)
{
    struct routes *routes = context;
    bool is_known = false; /* with another method */
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (!matches(&table[i], path))
            continue;
        if (strcmp(exchange->method, table[i].method) == 0) {
            table[i].act(routes, exchange, path + strlen(table[i].path));
            return;
        }
        is_known = true;
    }
    exchange_answer(exchange, is_known ? 405 : 404, NULL);
}

bool routes_reaped(struct routes *routes, pid_t pid, int wait_status)
{
    return execs_reaped(&routes->execs, pid, wait_status) || files_reaped(&routes->files, pid, wait_status);
}

void routes_init(struct routes *routes, struct events *events, const struct log_ring *ring, struct loop *loop)
{
    routes->handler = (struct session_handler){.on_request = on_request, .context = routes};
    routes->events = events;
    routes->ring = ring;
    tunnels_init(&routes->tunnels, loop);
    files_init(&routes->files, loop);
}
