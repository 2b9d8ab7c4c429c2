/*
 * The health probe: one TCP connection at a time, non-blocking, with a limit. Healthy is what accepts and (with a path)
 * answers GET with 200-399. Only changes are reported. The answer is the workload's, so it is bounded and barely looked at.
 */
#include "probe.h"

#include "boot_value.h"
#include "clock.h"
#include "text.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLOSING_BYTES_MAX 65536 /* of an answer are read and thrown away, so that a server does not see a reset */

static void disconnect(struct probe *probe)
{
    if (probe->source.fd < 0)
        return;
    loop_remove(probe->loop, &probe->source);
    (void) close(probe->source.fd);
    probe->source.fd = -1;
}

static void report(struct probe *probe, enum health_state health, const char *detail)
{
    if (health == probe->health)
        return;
    probe->health = health;
    probe->on_change(probe->context, health, detail);
}

static void schedule(struct probe *probe)
{
    uint64_t interval_ms = probe->has_succeeded ? probe->document->probe_interval_ms : PROBE_FIRST_INTERVAL_MS;
    uint64_t now_ms = clock_uptime_ms();
    uint64_t due_ms = probe->begun_ms + interval_ms;
    probe->phase = PROBE_IDLE;
    loop_at(probe->loop, &probe->timer, due_ms > now_ms ? due_ms : now_ms + 1);
}

/* Who waits for the first success wants to know what keeps it away; said now and then, and only what is new. */
static void explain(struct probe *probe, const char *detail)
{
    struct text reason;
    uint64_t now_ms = clock_uptime_ms();
    if (now_ms < probe->explain_ms || strcmp(detail, probe->explained) == 0)
        return;
    probe->explain_ms = now_ms + PROBE_EXPLAIN_MS;
    text_init(&reason, probe->explained, sizeof probe->explained);
    text_add(&reason, detail);
    probe->on_change(probe->context, HEALTH_UNKNOWN, text_end(&reason));
}

/* Before the first success a failure decides nothing: the workload may still be coming up. */
static void failed(struct probe *probe, const char *detail)
{
    disconnect(probe);
    probe->failures++;
    if (probe->has_succeeded && probe->failures >= PROBE_FAILURES_MAX)
        report(probe, HEALTH_UNHEALTHY, detail);
    else if (probe->health == HEALTH_UNKNOWN)
        explain(probe, detail);
    schedule(probe);
}

static void succeeded(struct probe *probe)
{
    probe->failures = 0;
    probe->has_succeeded = true;
    report(probe, HEALTH_HEALTHY, NULL);
}

static void failed_with_error(struct probe *probe, int error)
{
    switch (error) {
    case ECONNREFUSED:
        failed(probe, "connection refused");
        break;
    case ECONNRESET:
    case EPIPE:
        failed(probe, "connection reset");
        break;
    default:
        failed(probe, strerror(error));
        break;
    }
}

static void judge(struct probe *probe, int status)
{
    char bytes[16];
    struct text detail;
    if (status >= 200 && status <= 399) {
        succeeded(probe);
        probe->phase = PROBE_CLOSING;
        probe->closing_bytes = 0;
        return;
    }
    text_init(&detail, bytes, sizeof bytes);
    text_add(&detail, "HTTP ");
    text_add_number(&detail, (uint64_t) status);
    failed(probe, text_end(&detail));
}

/* The verdict is spoken; the rest of the answer is let in, so that the server is not disturbed in saying it. */
static void finish(struct probe *probe)
{
    char ignored[4096];
    ssize_t length = recv(probe->source.fd, ignored, sizeof ignored, 0);
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (length > 0 && (probe->closing_bytes += (size_t) length) < CLOSING_BYTES_MAX)
        return;
    disconnect(probe);
    schedule(probe);
}

static void read_answer(struct probe *probe)
{
    int status = 0;
    ssize_t length = recv(
        probe->source.fd, probe->answer + probe->answer_length, sizeof probe->answer - probe->answer_length, 0);
    if (length < 0) {
        if (errno != EAGAIN && errno != EINTR)
            failed_with_error(probe, errno);
        return;
    }
    probe->answer_length += (size_t) length;
    int result = status_line_parse(probe->answer, probe->answer_length, &status);
    if (result == 0)
        judge(probe, status);
    else if (result == -EPROTO)
        failed(probe, "the answer is not HTTP/1");
    else if (length == 0)
        failed(probe, "closed without an answer");
}

static size_t make_request(const struct probe *probe, char *bytes, size_t size)
{
    struct text request;
    text_init(&request, bytes, size);
    text_add(&request, "GET ");
    text_add(&request, probe->document->probe_path);
    text_add(&request, " HTTP/1.1\r\nHost: ");
    text_add(&request, probe->document->probe_host);
    text_add(&request, ":");
    text_add_number(&request, probe->document->probe_port);
    text_add(&request, "\r\nUser-Agent: kestrel\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    return request.length;
}

static void send_request(struct probe *probe)
{
    char bytes[PROBE_REQUEST_BYTES_MAX];
    size_t length = make_request(probe, bytes, sizeof bytes);
    ssize_t sent = send(probe->source.fd, bytes + probe->sent, length - probe->sent, MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EINTR)
            failed_with_error(probe, errno);
        return;
    }
    probe->sent += (size_t) sent;
    if (probe->sent == length) {
        probe->phase = PROBE_READING;
        probe->source.events = POLLIN;
    }
}

static void connected(struct probe *probe)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(probe->source.fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        error = errno;
    if (error != 0) {
        failed_with_error(probe, error);
    } else if (probe->document->probe_path == NULL) {
        succeeded(probe);
        disconnect(probe);
        schedule(probe);
    } else {
        probe->phase = PROBE_SENDING;
        send_request(probe);
    }
}

static void on_ready(struct loop_source *source, short revents)
{
    struct probe *probe = container_of(source, struct probe, source);
    (void) revents;
    switch (probe->phase) {
    case PROBE_CONNECTING:
        connected(probe);
        break;
    case PROBE_SENDING:
        send_request(probe);
        break;
    case PROBE_READING:
        read_answer(probe);
        break;
    case PROBE_CLOSING:
        finish(probe);
        break;
    case PROBE_OFF:
    case PROBE_IDLE:
        break;
    }
}

/* 0 or -errno, with nothing left open. */
static int connect_to_workload(struct probe *probe)
{
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons(probe->document->probe_port)};
    uint8_t address[4] = {127, 0, 0, 1};
    (void) boot_value_ipv4(probe->document->probe_host, address); /* the document's parser has checked it */
    memcpy(&target.sin_addr, address, sizeof address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    probe->source = (struct loop_source){.fd = fd, .events = POLLOUT, .on_ready = on_ready};
    int result = loop_add(probe->loop, &probe->source);
    if (result == 0 && connect(fd, (const struct sockaddr *) &target, sizeof target) < 0 && errno != EINPROGRESS)
        result = -errno;
    if (result < 0)
        disconnect(probe);
    return result;
}

static void begin(struct probe *probe)
{
    probe->begun_ms = clock_uptime_ms();
    probe->sent = 0;
    probe->answer_length = 0;
    int result = connect_to_workload(probe);
    if (result < 0) {
        failed_with_error(probe, -result);
        return;
    }
    probe->phase = PROBE_CONNECTING;
    loop_at(probe->loop, &probe->timer, probe->begun_ms + probe->document->probe_timeout_ms);
}

static void on_time(struct loop_timer *timer)
{
    struct probe *probe = container_of(timer, struct probe, timer);
    if (probe->phase == PROBE_IDLE) {
        begin(probe);
    } else if (probe->phase == PROBE_CLOSING) { /* it has answered, only not to the end */
        disconnect(probe);
        schedule(probe);
    } else if (probe->phase != PROBE_OFF) {
        failed(probe, "no answer in time");
    }
}

void probe_init(struct probe *probe, struct loop *loop, const struct boot_document *document,
    void (*on_change)(void *context, enum health_state state, const char *detail), void *context)
{
    *probe = (struct probe){
        .loop = loop,
        .document = document,
        .on_change = on_change,
        .context = context,
        .source.fd = -1,
        .timer.on_time = on_time,
    };
}

void probe_start(struct probe *probe)
{
    if (probe->document->probe_port == 0)
        return;
    probe->has_succeeded = false;
    probe->failures = 0;
    probe->explain_ms = clock_uptime_ms() + PROBE_EXPLAIN_MS;
    begin(probe);
}

void probe_stop(struct probe *probe)
{
    if (probe->document->probe_port == 0)
        return;
    disconnect(probe);
    loop_cancel(&probe->timer);
    probe->phase = PROBE_OFF;
    report(probe, HEALTH_UNHEALTHY, "the workload has exited");
}
