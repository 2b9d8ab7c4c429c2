/* The link, seen from outside: logs, nonsense, hosts that are slow or vanish, health. */
#include "box.h"

#include "../src/preface.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define RSS_KIB_MAX 2200 /* with the full ring of 1 MiB; the aim is 2048, but how much of the code is resident is up to the kernel */
#define IDLE_RSS_KIB_MAX 1200

static bool is_sanitized(void)
{
    return getenv("SANITIZED") != NULL; /* then memory figures mean nothing */
}

#define SERVED_TRIES 500

/* Whether a new host gets an answer. */
static bool is_served(const struct box *box)
{
    struct client *client = client_connect(box->socket);
    struct reply *logs = client_request(client, "GET", "/v1/logs");
    bool served = client_until_ended(client, logs) && logs->status == 200;
    client_close(client);
    return served;
}

static void expect_served(const struct box *box)
{
    assert_true(is_served(box));
}

/* Connections that have just been closed may still be counted when the next one comes. */
static void expect_served_soon(const struct box *box)
{
    for (int tries = 1; !is_served(box); tries++)
        assert_true(tries < SERVED_TRIES);
}

static void requests_that_mean_nothing_are_refused(void **state)
{
    static const struct {
        const char *method;
        const char *path;
        int status;
    } cases[] = {{"GET", "/", 404}, {"GET", "/v1/eventsx", 404}, {"POST", "/v1/events", 405}, {"DELETE", "/v1/logs", 405},
        {"GET", "/v1/tunnel/80", 405}, {"GET", "/v1/shutdown", 405}, {"POST", "/v1/tunnel/", 400}, {"POST", "/v1/tunnel/0", 400},
        {"POST", "/v1/tunnel/65536", 400}, {"POST", "/v1/tunnel/80x", 400}, {"GET", "/v1/logs?from=x", 400},
        {"GET", "/v1/logs?from=99999999999999999999999999", 400}, {"GET", "/v1/logs?other=1", 200}, {"OPTIONSANDMORE", "/v1/logs", 405}};
    (void) state;
    struct box *box = BOX(program(), "arg=sleep");
    struct client *client = client_connect(box->socket);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reply *reply = client_request(client, cases[i].method, cases[i].path);
        assert_true(client_until_ended(client, reply));
        assert_false(reply->was_reset);
        if (reply->status != cases[i].status)
            fail_msg("%s %s: %d", cases[i].method, cases[i].path, reply->status);
    }
    char path[5000]; /* more than a session keeps */
    memset(path, 'a', sizeof path);
    memcpy(path, "/v1/tunnel/", 11);
    path[sizeof path - 1] = '\0';
    struct reply *reply = client_request(client, "POST", path);
    assert_true(client_until_ended(client, reply));
    assert_int_equal(reply->status, 404);
    client_close(client);
    box_stop(box);
}

static void logs_are_cut_numbered_and_followed(void **state)
{
    (void) state;
    struct box *box = BOX(program(), "arg=long");
    struct client *client = client_connect(box->socket);
    struct reply *logs = client_request(client, "GET", "/v1/logs?follow=1&from=0");
    assert_true(client_until_text(client, logs, "\"line\":\"after\"}\n"));
    assert_false(logs->ended);
    size_t expected = 0;
    for (const char *line = logs->body; *line != '\0'; line = strchr(line, '\n') + 1) {
        assert_true((size_t) (strchr(line, '\n') - line) < 16384);
        assert_int_equal(number_after(line, "\"seq\":"), expected++);
    }
    assert_in_range(expected, 4, 8);
    char path[64];
    (void) snprintf(path, sizeof path, "/v1/logs?from=%zu", expected - 1);
    struct reply *last = client_request(client, "GET", path);
    assert_true(client_until_ended(client, last));
    assert_memory_equal(last->body, strstr(logs->body, "\"line\":\"after\"") == NULL ? "" : "{\"seq\":", 7);
    assert_non_null(strstr(last->body, "\"after\""));
    assert_ptr_equal(strchr(last->body, '\n') + 1, last->body + last->length);
    struct reply *beyond = client_request(client, "GET", "/v1/logs?from=1000000");
    assert_true(client_until_ended(client, beyond));
    assert_int_equal(beyond->length, 0);
    client_close(client);
    box_stop(box);
}

static void a_flood_of_logs_hurts_nobody(void **state)
{
    (void) state;
    struct box *box = BOX(program(), "arg=flood", "arg=30000000");
    struct client *client = client_connect(box->socket);
    struct reply *slow = client_request(client, "GET", "/v1/logs?follow=1");
    slow->has_held = true; /* a host that does not read */
    struct reply *events = client_request(client, "GET", "/v1/events");
    assert_true(client_until_text(client, events, "\"started\""));
    uint64_t longest_ms = 0;
    for (int i = 0; i < 20; i++) {
        uint64_t begun_ms = now_ms();
        struct reply *reply = client_request(client, "GET", "/v1/nothing");
        assert_true(client_until_ended(client, reply));
        longest_ms = now_ms() - begun_ms > longest_ms ? now_ms() - begun_ms : longest_ms;
    }
    assert_true(longest_ms < 1000);
    assert_true(slow->received <= 1024 * 1024); /* the window, and no byte more */
    client_resume(client, slow);
    assert_true(client_until_text(client, slow, "flood ends"));
    long gap = 0, seq = 0;
    for (const char *line = slow->body; *line != '\0'; line = strchr(line, '\n') + 1) {
        long next = number_after(line, "\"seq\":");
        assert_true(next >= seq);
        gap += next - seq;
        seq = next + 1;
    }
    assert_true(gap > 1000); /* overwritten lines show as a jump */
    if (!is_sanitized())
        assert_in_range(box_memory_kib(box, "VmHWM:"), 100, RSS_KIB_MAX);
    client_close(client);
    box_stop(box);
}

static void a_console_that_does_not_drain_holds_up_nobody(void **state)
{
    char path[] = "/tmp/kestrel-fifo-XXXXXX";
    (void) state;
    assert_non_null(mkdtemp(path));
    char fifo[64];
    (void) snprintf(fifo, sizeof fifo, "%s/console", path);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    int reader = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const char *const records[] = {program(), "arg=flood", "arg=3000000", NULL};
    struct box *box = box_start_with_console(records, fifo);
    struct client *client = client_connect(box->socket);
    struct reply *logs = client_request(client, "GET", "/v1/logs?follow=1");
    logs->drain = false;
    assert_true(client_until_text(client, logs, "flood ends"));
    client_close(client);
    (void) close(reader);
    expect_served(box);
    box_stop(box);
    (void) unlink(fifo);
    (void) rmdir(path);
}

static int raw_connection(const struct box *box)
{
    struct client *client = client_connect(box->socket);
    int fd = dup(client->fd);
    client_close(client);
    return fd;
}

static void nonsense_on_the_link_ends_only_the_link(void **state)
{
    static const char half_frame[] = "\x00\x00\x10\x04\x00\x00\x00\x00\x00\x01";
    static const char huge_frame[] = "\xFF\xFF\xFF\x00\x00\x00\x00\x00\x01xxxx";
    uint8_t noise[4096];
    (void) state;
    struct box *box = BOX(program(), "arg=sleep");
    srand(7);
    for (int round = 0; round < 60; round++) {
        int fd = raw_connection(box);
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (uint8_t) rand();
        if (round % 3 != 0)
            (void) send(fd, preface_bytes, PREFACE_BYTES, MSG_NOSIGNAL);
        if (round % 3 == 1)
            (void) send(fd, half_frame, sizeof half_frame - 1, MSG_NOSIGNAL);
        else if (round % 6 == 2)
            (void) send(fd, huge_frame, sizeof huge_frame - 1, MSG_NOSIGNAL);
        else
            (void) send(fd, noise, 1 + (size_t) rand() % sizeof noise, MSG_NOSIGNAL);
        (void) close(fd);
    }
    expect_served(box);
    box_stop(box);
}

/* Only so many connections are let in; when they go, others come. */
static void too_many_connections_are_refused(void **state)
{
    struct client *clients[8];
    int refused = 0;
    (void) state;
    struct box *box = BOX(program(), "arg=sleep");
    for (size_t i = 0; i < 8; i++) {
        clients[i] = client_connect(box->socket);
        struct reply *events = client_request(clients[i], "GET", "/v1/events");
        refused += !client_until_answered(clients[i], events);
    }
    assert_in_range(refused, 1, 7);
    for (size_t i = 0; i < 8; i++)
        client_close(clients[i]);
    expect_served_soon(box);
    box_stop(box);
}

/* On a port there are no connections: a new host's preface comes in the middle of an old session. */
static void a_host_that_comes_back_on_a_port_is_served(void **state)
{
    static const char half_frame[] = "\x00\x00\x04\x08\x00\x00";
    const char *const records[] = {program(), "arg=sleep", NULL};
    (void) state;
    struct box *box = box_start_with_port(records);
    assert_int_equal(send(box->port_fd, "litter PRI * HTTP", 17, 0), 17);
    for (int round = 0; round < 10; round++) {
        struct client *client = client_over(dup(box->port_fd));
        struct reply *events = client_request(client, "GET", "/v1/events");
        struct reply *logs = client_request(client, "GET", "/v1/logs");
        assert_true(client_until_text(client, events, "\"type\":\"health\""));
        assert_true(client_until_ended(client, logs));
        client_until_quiet(client, 30); /* else what is still on its way would meet the next host, as on a real port it may */
        client_close(client);
        if (round % 2 == 1)
            assert_int_equal(send(box->port_fd, half_frame, 6, 0), 6); /* it died in the middle of a frame */
    }
    box_stop(box);
}

static void a_port_without_a_host_costs_nothing(void **state)
{
    const char *const records[] = {program(), "arg=sleep", NULL};
    (void) state;
    struct box *box = box_start_with_port(records);
    expect_served(box);
    (void) shutdown(box->port_fd, SHUT_RDWR);
    expect_served(box);
    long before_ms = box_cpu_ms(box);
    (void) usleep(500000); /* time has to pass to see that nothing happens in it */
    assert_true(box_cpu_ms(box) - before_ms < 100);
    if (!is_sanitized())
        assert_in_range(box_memory_kib(box, "VmRSS:"), 100, IDLE_RSS_KIB_MAX);
    box_stop(box);
}

static void write_status(const char *folder, const char *line)
{
    char path[96], temporary[96];
    (void) snprintf(path, sizeof path, "%s/status", folder);
    (void) snprintf(temporary, sizeof temporary, "%s/status.new", folder);
    FILE *file = fopen(temporary, "w");
    assert_non_null(file);
    (void) fputs(line, file);
    (void) fclose(file);
    assert_int_equal(rename(temporary, path), 0);
}

static void health_follows_the_workload(void **state)
{
    char folder[] = "/tmp/kestrel-health-XXXXXX", workdir[64], number[16], probe[64];
    (void) state;
    assert_non_null(mkdtemp(folder));
    int port = free_port();
    (void) snprintf(workdir, sizeof workdir, "workdir=%s", folder);
    (void) snprintf(number, sizeof number, "arg=%d", port);
    (void) snprintf(probe, sizeof probe, "probe_port=%d", port);
    write_status(folder, "HTTP/1.1 503 Not yet\r\n");
    struct box *box = BOX(program(), "arg=http", number, workdir, probe, "probe_path=/healthz", "probe_interval_ms=100");
    struct client *client = client_connect(box->socket);
    struct reply *events = client_request(client, "GET", "/v1/events");
    struct reply *logs = client_request(client, "GET", "/v1/logs?follow=1");
    assert_true(client_until_text(client, logs, "listening"));
    client_until_quiet(client, 300);
    assert_null(strstr(events->body, "healthy")); /* neither healthy nor unhealthy before the first success */
    long pid = number_after(events->body, "\"pid\":");
    assert_true(client_until_text(client, events, "\"detail\":\"HTTP 503\"")); /* but why is told after a while */
    assert_null(strstr(events->body, "healthy"));
    client_forget(events);
    client_until_quiet(client, 300);
    assert_null(strstr(events->body, "503")); /* once */
    static const char *const steps[][2] = {{"HTTP/1.0 302 Found\n", "\"state\":\"healthy\""},
        {"HTTP/1.1 500 Oh\r\n", "\"detail\":\"HTTP 500\""}, {"HTTP/1.1 204 \r\n", "\"state\":\"healthy\""},
        {"nonsense\n", "the answer is not HTTP/1"}, {"HTTP/1.1 200 OK\r\n", "\"state\":\"healthy\""}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        client_forget(events);
        write_status(folder, steps[i][0]);
        assert_true(client_until_text(client, events, steps[i][1]));
    }
    client_forget(events);
    kill_hard(pid);
    assert_true(client_until_text(client, events, "\"attempt\":2,\"now_ms\":"));
    assert_true(client_until_text(client, events, "\"state\":\"healthy\"")); /* it may have come together with the one before */
    client_close(client);
    box_stop(box);
    (void) snprintf(probe, sizeof probe, "%s/status", folder);
    (void) unlink(probe);
    (void) rmdir(folder);
}

static void a_tcp_probe_is_healthy_when_connected_and_death_is_noticed_at_once(void **state)
{
    char number[16], probe[32];
    (void) state;
    int port = free_port();
    (void) snprintf(number, sizeof number, "arg=%d", port);
    (void) snprintf(probe, sizeof probe, "probe_port=%d", port);
    struct box *box = BOX(program(), "arg=echo", number, probe, "restart_min_ms=60000", "restart_max_ms=60000");
    struct client *client = client_connect(box->socket);
    struct reply *events = client_request(client, "GET", "/v1/events");
    assert_true(client_until_text(client, events, "\"state\":\"healthy\""));
    uint64_t begun_ms = now_ms();
    kill_hard(number_after(events->body, "\"pid\":"));
    assert_true(client_until_text(client, events, "\"detail\":\"the workload has exited\""));
    assert_true(now_ms() - begun_ms < 1000);
    client_close(client);
    box_stop(box);
}

static void nothing_is_begun_at_a_shutdown(void **state)
{
    static const char *const requests[][2] = {
        {"POST", "/v1/exec"}, {"GET", "/v1/files?path=/etc/passwd"}, {"PUT", "/v1/files?path=/tmp"}};
    (void) state;
    struct box *stubborn = BOX(program(), "arg=stubborn", "stop_timeout_ms=1000");
    struct client *host = client_connect(stubborn->socket);
    struct reply *logs = client_request(host, "GET", "/v1/logs?follow=1");
    assert_true(client_until_text(host, logs, "\"stubborn\""));
    struct reply *shutdown = client_request(host, "POST", "/v1/shutdown");
    assert_true(client_until_ended(host, shutdown));
    for (size_t i = 0; i < 3; i++) {
        struct reply *reply = client_request(host, requests[i][0], requests[i][1]);
        assert_true(client_until_ended(host, reply));
        assert_int_equal(reply->status, 503);
        assert_string_equal(reply->body, "the guest is shutting down\n");
    }
    client_close(host);
    assert_int_equal(box_wait(stubborn), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_that_mean_nothing_are_refused),
        cmocka_unit_test(logs_are_cut_numbered_and_followed),
        cmocka_unit_test(a_flood_of_logs_hurts_nobody),
        cmocka_unit_test(a_console_that_does_not_drain_holds_up_nobody),
        cmocka_unit_test(nonsense_on_the_link_ends_only_the_link),
        cmocka_unit_test(too_many_connections_are_refused),
        cmocka_unit_test(a_host_that_comes_back_on_a_port_is_served),
        cmocka_unit_test(a_port_without_a_host_costs_nothing),
        cmocka_unit_test(health_follows_the_workload),
        cmocka_unit_test(a_tcp_probe_is_healthy_when_connected_and_death_is_noticed_at_once),
        cmocka_unit_test(nothing_is_begun_at_a_shutdown),
    };
    return cmocka_run_group_tests_name("black box: link", tests, NULL, NULL);
}
