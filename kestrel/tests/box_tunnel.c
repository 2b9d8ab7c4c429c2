/* Tunnels, seen from outside: bytes, back pressure, half-closes, refusals. */
#include "box.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAYLOAD_BYTES 20000000

static struct client *client;
static char path[64];
static char folder[64];

/* A box whose workload serves on a port as `what`. */
static struct box *start(const char *what)
{
    char number[16], workdir[80];
    int port = free_port();
    strcpy(folder, "/tmp/kestrel-tunnel-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void) snprintf(number, sizeof number, "arg=%d", port);
    (void) snprintf(workdir, sizeof workdir, "workdir=%s", folder);
    (void) snprintf(path, sizeof path, "/v1/tunnel/%d", port);
    struct box *box = BOX(program(), run(what), number, workdir);
    client = client_connect(box->socket);
    struct reply *logs = client_request(client, "GET", "/v1/logs?follow=1");
    assert_true(client_until_text(client, logs, "listening"));
    return box;
}

static void go(void)
{
    char name[80];
    (void) snprintf(name, sizeof name, "%s/go", folder);
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    (void) fclose(file);
}

static void finish(struct box *box)
{
    char name[80];
    (void) snprintf(name, sizeof name, "%s/go", folder);
    (void) unlink(name);
    (void) rmdir(folder);
    client_close(client);
    box_stop(box);
}

static uint8_t *payload(void)
{
    static uint8_t bytes[PAYLOAD_BYTES];
    uint32_t number = 1;
    for (size_t i = 0; i < sizeof bytes; i++) {
        number = number * 1664525 + 1013904223;
        bytes[i] = (uint8_t) (number >> 24);
    }
    return bytes;
}

static void twenty_megabytes_pass_both_ways_at_once(void **state)
{
    (void) state;
    struct box *box = start("echo");
    const uint8_t *bytes = payload();
    struct reply *first = client_upload(client, path, bytes, PAYLOAD_BYTES, false);
    struct reply *second = client_upload(client, path, bytes, PAYLOAD_BYTES / 2, false);
    first->drain = true;
    second->drain = true;
    assert_true(client_until_ended(client, first));
    assert_true(client_until_ended(client, second));
    assert_int_equal(first->status, 200);
    assert_int_equal(first->received, PAYLOAD_BYTES);
    assert_int_equal(first->sum, checksum(0, bytes, PAYLOAD_BYTES));
    assert_int_equal(second->sum, checksum(0, bytes, PAYLOAD_BYTES / 2));
    finish(box);
}

/* A target that does not read stops the host after what buffers hold, and nobody else. */
static void a_slow_target_exerts_back_pressure(void **state)
{
    (void) state;
    struct box *box = start("lazy");
    struct reply *slow[6];
    for (size_t i = 0; i < 6; i++)
        slow[i] = client_upload(client, path, payload(), PAYLOAD_BYTES, false);
    client_until_quiet(client, 300);
    for (size_t i = 0; i < 6; i++)
        assert_true(slow[i]->uploaded < PAYLOAD_BYTES / 2);
    struct reply *other = client_request(client, "GET", "/v1/logs");
    assert_true(client_until_ended(client, other));
    long before_ms = box_cpu_ms(box);
    client_until_quiet(client, 400);
    assert_true(box_cpu_ms(box) - before_ms < 100);
    go();
    for (size_t i = 0; i < 6; i++) {
        assert_true(client_until_ended(client, slow[i]));
        assert_string_equal(slow[i]->body, "20000000");
    }
    finish(box);
}

/* A host that does not read stops the target, and nobody else. */
static void a_slow_host_exerts_back_pressure(void **state)
{
    (void) state;
    struct box *box = start("echo");
    struct reply *slow = client_upload(client, path, payload(), PAYLOAD_BYTES, false);
    slow->has_held = true;
    slow->drain = true;
    client_until_quiet(client, 300);
    assert_true(slow->received <= 1024 * 1024);
    long before_ms = box_cpu_ms(box);
    client_until_quiet(client, 400);
    assert_true(box_cpu_ms(box) - before_ms < 100);
    struct reply *quick = client_upload(client, path, payload(), 1000, false);
    assert_true(client_until_ended(client, quick));
    client_resume(client, slow);
    assert_true(client_until_ended(client, slow));
    assert_int_equal(slow->sum, checksum(0, payload(), PAYLOAD_BYTES));
    finish(box);
}

static void each_direction_closes_by_itself(void **state)
{
    (void) state;
    struct box *box = start("echo");
    struct reply *reply = client_upload(client, path, (const uint8_t *) "hello", 5, true);
    assert_true(client_until_text(client, reply, "hello"));
    assert_false(reply->ended);
    reply->upload_open = false;
    client_resume(client, reply);
    assert_true(client_until_ended(client, reply));
    assert_false(reply->was_reset);
    assert_int_equal(reply->received, 5);
    finish(box);
}

/* The target has said its end and the host too, but the target is still to get what the host has sent. */
static void a_target_that_ends_first_still_gets_everything(void **state)
{
    (void) state;
    struct box *box = start("talker");
    struct reply *reply = client_upload(client, path, payload(), 3000000, false);
    assert_true(client_until_text(client, reply, "bye"));
    go();
    assert_true(client_until_ended(client, reply));
    client_until_quiet(client, 100);
    assert_int_equal(reply->uploaded, 3000000);
    assert_false(reply->was_reset);
    finish(box);
}

static void a_reset_target_resets_the_stream_after_its_headers(void **state)
{
    (void) state;
    struct box *box = start("rude");
    struct reply *reply = client_upload(client, path, (const uint8_t *) "x", 1, true);
    assert_true(client_until_ended(client, reply));
    assert_int_equal(reply->status, 200);
    assert_true(reply->was_reset);
    struct reply *other = client_request(client, "GET", "/v1/logs");
    assert_true(client_until_ended(client, other));
    finish(box);
}

static void a_closed_port_is_a_502(void **state)
{
    (void) state;
    struct box *box = start("echo");
    (void) snprintf(path, sizeof path, "/v1/tunnel/%d", free_port());
    struct reply *reply = client_upload(client, path, payload(), 100000, false);
    assert_true(client_until_ended(client, reply));
    assert_int_equal(reply->status, 502);
    assert_false(reply->was_reset);
    assert_string_equal(reply->body, "connection refused\n");
    finish(box);
}

static void a_port_that_does_not_answer_is_a_502_after_5_s(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    (void) state;
    struct box *box = start("echo");
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (const struct sockaddr *) &address, size), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *) &address, &size), 0);
    assert_int_equal(listen(listener, 0), 0);
    int fillers[4]; /* the queue of one is full, so that further connections hang */
    for (size_t i = 0; i < 4; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void) connect(fillers[i], (const struct sockaddr *) &address, size);
    }
    (void) snprintf(path, sizeof path, "/v1/tunnel/%d", ntohs(address.sin_port));
    uint64_t begun_ms = now_ms();
    struct reply *reply = client_request(client, "POST", path);
    assert_true(client_until_ended(client, reply));
    assert_int_equal(reply->status, 502);
    assert_in_range(now_ms() - begun_ms, 4900, 7000);
    for (size_t i = 0; i < 4; i++)
        (void) close(fillers[i]);
    (void) close(listener);
    finish(box);
}

static void the_29th_tunnel_is_a_503_and_freed_ones_are_used_again(void **state)
{
    struct reply *replies[29];
    (void) state;
    struct box *box = start("echo");
    for (size_t i = 0; i < 29; i++)
        replies[i] = client_upload(client, path, (const uint8_t *) "x", 1, true);
    assert_true(client_until_ended(client, replies[28]) || replies[28]->status == 503);
    assert_int_equal(replies[28]->status, 503);
    for (size_t i = 0; i < 28; i++) {
        assert_true(client_until_answered(client, replies[i]));
        assert_int_equal(replies[i]->status, 200);
        replies[i]->upload_open = false;
        client_resume(client, replies[i]);
    }
    for (size_t i = 0; i < 28; i++)
        assert_true(client_until_ended(client, replies[i]));
    struct reply *reply = client_upload(client, path, (const uint8_t *) "again", 5, false);
    assert_true(client_until_ended(client, reply));
    assert_string_equal(reply->body, "again");
    finish(box);
}

/* A host that vanishes takes its tunnels with it. */
static void tunnels_of_a_vanished_host_are_freed(void **state)
{
    (void) state;
    struct box *box = start("lazy");
    for (int round = 0; round < 4; round++) {
        struct client *vanishing = client_connect(box->socket);
        struct reply *last = NULL;
        for (size_t i = 0; i < 28; i++)
            last = client_upload(vanishing, path, payload(), 400000, true);
        assert_true(client_until_answered(vanishing, last));
        assert_int_equal(last->status, 200);
        client_close(vanishing);
    }
    finish(box);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twenty_megabytes_pass_both_ways_at_once),
        cmocka_unit_test(a_slow_target_exerts_back_pressure),
        cmocka_unit_test(a_slow_host_exerts_back_pressure),
        cmocka_unit_test(each_direction_closes_by_itself),
        cmocka_unit_test(a_target_that_ends_first_still_gets_everything),
        cmocka_unit_test(a_reset_target_resets_the_stream_after_its_headers),
        cmocka_unit_test(a_closed_port_is_a_502),
        cmocka_unit_test(a_port_that_does_not_answer_is_a_502_after_5_s),
        cmocka_unit_test(the_29th_tunnel_is_a_503_and_freed_ones_are_used_again),
        cmocka_unit_test(tunnels_of_a_vanished_host_are_freed),
    };
    return cmocka_run_group_tests_name("black box: tunnels", tests, NULL, NULL);
}
