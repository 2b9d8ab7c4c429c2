/*
 * Tunnels: raw bytes between an HTTP/2 exchange and a TCP connection inside the guest, flow-controlled both ways.
 * From the target: its socket is read only when HTTP/2 has room for the bytes, so nothing is buffered.
 * To the target: what it does not take waits in a buffer of one stream window, and the window is given back as it drains.
 */
#include "tunnel.h"

#include "clock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static void release(struct tunnel *tunnel)
{
    loop_cancel(&tunnel->timer);
    loop_remove(tunnel->loop, &tunnel->source);
    if (tunnel->source.fd >= 0)
        (void) close(tunnel->source.fd); /* what the target did not get by now is lost either way */
    if (tunnel->has_waited)
        (void) madvise(tunnel->waiting, SESSION_STREAM_WINDOW_BYTES, MADV_DONTNEED); /* only to stay small */
    *tunnel = (struct tunnel){.phase = TUNNEL_FREE, .loop = tunnel->loop, .waiting = tunnel->waiting, .source.fd = -1};
}

static void want(struct tunnel *tunnel)
{
    short events = 0;
    if (tunnel->phase == TUNNEL_CONNECTING || (tunnel->waiting_length > 0 && !tunnel->is_broken))
        events |= POLLOUT;
    if (tunnel->phase == TUNNEL_OPEN && tunnel->wants_bytes)
        events |= POLLIN;
    tunnel->source.events = events;
}

static void give_back(struct tunnel *tunnel, size_t length)
{
    if (tunnel->exchange != NULL && length > 0)
        exchange_consumed(tunnel->exchange, length);
}

/* The target takes nothing more: let the host's bytes drain away, so that its stream can end. */
static void break_off(struct tunnel *tunnel)
{
    give_back(tunnel, tunnel->waiting_length);
    tunnel->waiting_length = 0;
    tunnel->is_broken = true;
}

/* Sends what the target takes now; returns how much that was. */
static size_t send_some(struct tunnel *tunnel, const uint8_t *bytes, size_t length)
{
    ssize_t sent = send(tunnel->source.fd, bytes, length, MSG_NOSIGNAL);
    if (sent >= 0)
        return (size_t) sent;
    if (errno != EAGAIN && errno != EINTR)
        break_off(tunnel);
    return 0;
}

static void pass_on_end(struct tunnel *tunnel)
{
    if (tunnel->host_ended && tunnel->waiting_length == 0 && !tunnel->is_broken && tunnel->phase != TUNNEL_CONNECTING)
        (void) shutdown(tunnel->source.fd, SHUT_WR); /* fails only where the target has gone: then reading tells */
}

static void send_waiting(struct tunnel *tunnel)
{
    while (tunnel->waiting_length > 0) { /* at most twice: the ring may wrap once */
        size_t until_end = SESSION_STREAM_WINDOW_BYTES - tunnel->waiting_start;
        size_t part = tunnel->waiting_length < until_end ? tunnel->waiting_length : until_end;
        size_t sent = send_some(tunnel, tunnel->waiting + tunnel->waiting_start, part);
        if (sent == 0)
            break;
        tunnel->waiting_start = (tunnel->waiting_start + sent) % SESSION_STREAM_WINDOW_BYTES;
        tunnel->waiting_length -= sent;
        give_back(tunnel, sent);
    }
    pass_on_end(tunnel);
}

/* Keeps what the target does not take now. The window bounds it; a host that ignores the window is cut off. */
static void keep_waiting(struct tunnel *tunnel, const uint8_t *bytes, size_t length)
{
    if (length > SESSION_STREAM_WINDOW_BYTES - tunnel->waiting_length) {
        break_off(tunnel);
        give_back(tunnel, length);
        return;
    }
    size_t at = (tunnel->waiting_start + tunnel->waiting_length) % SESSION_STREAM_WINDOW_BYTES;
    size_t until_end = SESSION_STREAM_WINDOW_BYTES - at;
    size_t first = length < until_end ? length : until_end;
    memcpy(tunnel->waiting + at, bytes, first);
    memcpy(tunnel->waiting, bytes + first, length - first);
    tunnel->waiting_length += length;
    tunnel->has_waited = true;
}

static void on_bytes(struct exchange *exchange, const uint8_t *bytes, size_t length)
{
    struct tunnel *tunnel = exchange->state;
    if (tunnel->phase == TUNNEL_OPEN && tunnel->waiting_length == 0 && !tunnel->is_broken) {
        size_t sent = send_some(tunnel, bytes, length);
        give_back(tunnel, sent);
        bytes += sent;
        length -= sent;
    }
    if (tunnel->is_broken)
        give_back(tunnel, length);
    else if (length > 0)
        keep_waiting(tunnel, bytes, length);
    want(tunnel);
}

static void on_request_end(struct exchange *exchange)
{
    struct tunnel *tunnel = exchange->state;
    tunnel->host_ended = true;
    pass_on_end(tunnel);
}

static ssize_t read_target(struct exchange *exchange, void *bytes, size_t size, bool *ret_end)
{
    struct tunnel *tunnel = exchange->state;
    ssize_t length = recv(tunnel->source.fd, bytes, size, 0);
    int error = length < 0 ? errno : 0;
    *ret_end = length == 0;
    tunnel->wants_bytes = error == EAGAIN || error == EINTR;
    want(tunnel);
    if (tunnel->wants_bytes)
        return -EAGAIN;
    return error != 0 ? -error : length;
}

static bool is_ready(const struct exchange *exchange)
{
    const struct tunnel *tunnel = exchange->state;
    return !tunnel->wants_bytes;
}

/* The exchange is over. Where both sides had ended cleanly, the target still gets what it has not taken yet. */
static void on_close(struct exchange *exchange, bool is_clean)
{
    struct tunnel *tunnel = exchange->state;
    tunnel->exchange = NULL;
    if (!is_clean || tunnel->phase != TUNNEL_OPEN || tunnel->waiting_length == 0 || tunnel->is_broken) {
        release(tunnel);
        return;
    }
    tunnel->phase = TUNNEL_LINGERING;
    loop_at(tunnel->loop, &tunnel->timer, clock_uptime_ms() + TUNNEL_LINGER_LIMIT_MS);
    want(tunnel);
}

static const struct body tunnel_body = {
    .content_type = "application/octet-stream",
    .read = read_target,
    .is_ready = is_ready,
    .on_bytes = on_bytes,
    .on_request_end = on_request_end,
    .close = on_close,
};

static void refuse(struct tunnel *tunnel, const char *reason)
{
    struct exchange *exchange = tunnel->exchange;
    give_back(tunnel, tunnel->waiting_length);
    release(tunnel);
    exchange->state = NULL;
    exchange_answer_text(exchange, 502, reason);
}

static void on_time(struct loop_timer *timer)
{
    struct tunnel *tunnel = container_of(timer, struct tunnel, timer);
    if (tunnel->phase == TUNNEL_CONNECTING)
        refuse(tunnel, "the port did not answer within 5 s\n");
    else
        release(tunnel);
}

static void on_connected(struct tunnel *tunnel)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(tunnel->source.fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        error = errno;
    if (error != 0) {
        refuse(tunnel, error == ECONNREFUSED ? "connection refused\n" : "the port cannot be reached\n");
        return;
    }
    loop_cancel(&tunnel->timer);
    tunnel->phase = TUNNEL_OPEN;
    exchange_answer(tunnel->exchange, 200, &tunnel_body);
    send_waiting(tunnel);
    want(tunnel);
}

static void on_ready(struct loop_source *source, short revents)
{
    struct tunnel *tunnel = container_of(source, struct tunnel, source);
    if (tunnel->phase == TUNNEL_CONNECTING) {
        on_connected(tunnel);
        return;
    }
    if ((revents & (POLLIN | POLLHUP | POLLERR)) != 0)
        tunnel->wants_bytes = false; /* the session reads when it has room */
    if (tunnel->waiting_length > 0)
        send_waiting(tunnel);
    want(tunnel);
    if (tunnel->phase == TUNNEL_LINGERING && tunnel->waiting_length == 0)
        release(tunnel);
}

/* 0 or -errno; on success the tunnel is in the loop and connecting. */
static int begin(struct tunnel *tunnel, uint16_t port)
{
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    int result = 0;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    (void) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* only a matter of speed */
    tunnel->source = (struct loop_source){.fd = fd, .on_ready = on_ready};
    tunnel->timer = (struct loop_timer){.on_time = on_time};
    if (connect(fd, (const struct sockaddr *) &target, sizeof target) < 0 && errno != EINPROGRESS)
        result = -errno;
    else
        result = loop_add(tunnel->loop, &tunnel->source);
    if (result < 0) {
        (void) close(fd);
        tunnel->source.fd = -1;
    }
    return result;
}

void tunnels_init(struct tunnels *tunnels, struct loop *loop)
{
    tunnels->loop = loop;
    for (size_t i = 0; i < TUNNELS_MAX; i++)
        tunnels->pool[i] = (struct tunnel){.phase = TUNNEL_FREE, .loop = loop, .waiting = tunnels->waiting[i], .source.fd = -1};
}

void tunnel_open(struct tunnels *tunnels, struct exchange *exchange, uint16_t port)
{
    struct tunnel *tunnel = NULL;
    for (size_t i = 0; i < TUNNELS_MAX && tunnel == NULL; i++)
        if (tunnels->pool[i].phase == TUNNEL_FREE)
            tunnel = &tunnels->pool[i];
    if (tunnel == NULL) {
        exchange_answer_text(exchange, 503, "all tunnels are in use\n");
        return;
    }
    int result = begin(tunnel, port);
    if (result < 0) {
        exchange_answer_text(exchange, 502, result == -ECONNREFUSED ? "connection refused\n" : "the port cannot be reached\n");
        return;
    }
    tunnel->phase = TUNNEL_CONNECTING;
    tunnel->exchange = exchange;
    exchange->state = tunnel;
    exchange->body = &tunnel_body;
    loop_at(tunnel->loop, &tunnel->timer, clock_uptime_ms() + TUNNEL_CONNECT_LIMIT_MS);
    want(tunnel);
}
