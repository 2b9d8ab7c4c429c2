/* Commands on pipes, seen from outside: exit codes, bytes, signals, back pressure, hosts that vanish or talk nonsense. */
#include "commands.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MUCH 4000000

static struct box *box;
static struct client *client;

static int start(void **state)
{
    (void) state;
    box = BOX(program(), run("sleep"), "env=COLOUR=red", "env=SHAPE=round", "workdir=/tmp");
    client = client_connect(box->socket);
    return 0;
}

static int stop(void **state)
{
    (void) state;
    client_close(client);
    box_stop(box);
    return 0;
}

static bool is_alive(long pid)
{
    return kill((pid_t) pid, 0) == 0;
}

/* False when it still lives after the limit. */
static bool is_gone(long pid, uint64_t limit_ms)
{
    uint64_t end_ms = now_ms() + limit_ms;
    while (is_alive(pid) && now_ms() < end_ms)
        client_until_quiet(client, 20);
    return !is_alive(pid);
}

static void every_exit_code_is_told(void **state)
{
    char record[16];
    (void) state;
    for (int code = 0; code < 256; code++) {
        if (client->count + 1 >= REPLIES_MAX) {
            client_close(client);
            client = client_connect(box->socket);
        }
        (void) snprintf(record, sizeof record, "arg=%d", code);
        struct command_run *run = COMMAND(client, program(), "arg=exit", record);
        command_finish(run);
        assert_true(run->pid > 1);
        assert_int_equal(run->exit_kind, 0);
        assert_int_equal(run->exit_number, code);
        assert_int_equal(run->out_length + run->err_length, 0);
        command_free(run);
    }
}

static void output_comes_before_the_exit(void **state)
{
    (void) state;
    struct command_run *run = SHELL(client, "echo out; echo err >&2; exit 3");
    command_finish(run);
    assert_string_equal(run->out, "out\n");
    assert_string_equal(run->err, "err\n");
    assert_int_equal(run->exit_number, 3);
    command_free(run);
}

static void the_environment_is_the_workloads_and_its_own(void **state)
{
    (void) state;
    struct command_run *run = COMMAND(client, "arg=sh", "arg=-c", "arg=echo $COLOUR $SHAPE $SIZE; pwd; id -u; ls /proc/self/fd | wc -l",
        "env=COLOUR=blue", "env=SIZE=5", "future=1");
    command_finish(run);
    assert_string_equal(run->out, "blue round 5\n/tmp\n0\n4\n"); /* ls itself has one more for the folder */
    command_free(run);
    run = COMMAND(client, "arg=sh", "arg=-c", "arg=id -u; id -g; id -G; pwd", "user=7:8", "workdir=/usr");
    command_finish(run);
    assert_string_equal(run->out, "7\n8\n8\n/usr\n");
    command_free(run);
    run = COMMAND(client, "arg=sh", "arg=-c", "arg=id -un; id -gn; echo $HOME", "user=daemon");
    command_finish(run);
    assert_string_equal(run->out, "daemon\ndaemon\n/usr/sbin\n");
    command_free(run);
    run = COMMAND(client, "arg=id", "user=nobody-at-all");
    command_finish(run);
    assert_int_equal(run->exit_number, 126);
    assert_string_equal(run->error, "the command cannot be started: its user is not listed in /etc/passwd");
    command_free(run);
}

static void signals_end_and_reach_the_group(void **state)
{
    (void) state;
    static const uint8_t numbers[] = {SIGTERM, SIGKILL, SIGSEGV, SIGUSR1, 34, 64};
    for (size_t i = 0; i < sizeof numbers; i++) {
        struct command_run *run = SHELL(client, "sleep 100 & echo up; wait");
        assert_true(command_until(run, "up"));
        command_send(run, EXEC_FRAME_SIGNAL, &numbers[i], 1);
        uint64_t before_ms = now_ms();
        command_finish(run);
        assert_int_equal(run->exit_kind, 1);
        assert_int_equal(run->exit_number, numbers[i]);
        assert_true(now_ms() - before_ms < 900); /* the sleep is dead as well, or its pipe would be waited for */
        command_free(run);
    }
}

static void what_cannot_be_started_is_127_or_126(void **state)
{
    (void) state;
    static const char *const cases[][2] = {
        {"arg=/no/such/program", "127"}, {"arg=no-such-program", "127"}, {"arg=/etc/passwd", "126"}, {"arg=/tmp", "126"}};
    for (size_t i = 0; i < 4; i++) {
        struct command_run *run = COMMAND(client, cases[i][0]);
        command_finish(run);
        assert_int_equal(run->pid, 0);
        assert_int_equal(run->exit_kind, 0);
        assert_int_equal(run->exit_number, atoi(cases[i][1]));
        assert_non_null(strstr(run->error, "cannot be"));
        command_free(run);
    }
    struct command_run *run = COMMAND(client, "arg=/bin/true", "workdir=/no/such/folder");
    command_finish(run);
    assert_int_equal(run->exit_number, 126);
    assert_non_null(strstr(run->error, "working directory"));
    command_free(run);
}

static uint8_t *payload(void)
{
    static uint8_t bytes[MUCH];
    uint32_t number = 1;
    for (size_t i = 0; i < sizeof bytes; i++) {
        number = number * 1664525 + 1013904223;
        bytes[i] = (uint8_t) (number >> 24);
    }
    return bytes;
}

static void send_much(struct command_run *run)
{
    const uint8_t *bytes = payload();
    for (size_t at = 0; at < MUCH; at += 40000)
        command_send(run, EXEC_FRAME_STDIN, bytes + at, 40000);
    command_send(run, EXEC_FRAME_STDIN_END, "", 0);
}

/* The host does not read for a while: the command waits, nothing is lost, and kestrel is idle. */
static void megabytes_pass_both_ways_with_a_slow_reader(void **state)
{
    (void) state;
    struct command_run *run = COMMAND(client, "arg=cat");
    send_much(run);
    run->reply->has_held = true;
    client_until_quiet(client, 300);
    assert_true(run->reply->received <= 1024 * 1024);
    assert_true(run->reply->uploaded < MUCH);
    long before_ms = box_cpu_ms(box);
    client_until_quiet(client, 400);
    assert_true(box_cpu_ms(box) - before_ms < 100);
    client_resume(client, run->reply);
    command_finish(run);
    assert_int_equal(run->out_length, MUCH);
    assert_memory_equal(run->out, payload(), MUCH);
    assert_int_equal(run->exit_number, 0);
    command_free(run);
}

static void a_command_that_does_not_read_exerts_back_pressure(void **state)
{
    (void) state;
    struct command_run *run = SHELL(client, "sleep 1; wc -c");
    send_much(run);
    client_until_quiet(client, 300);
    assert_true(run->reply->uploaded < 1000000);
    struct command_run *other = SHELL(client, "echo quick");
    command_finish(other);
    assert_string_equal(other->out, "quick\n");
    command_free(other);
    command_finish(run);
    assert_string_equal(run->out, "4000000\n");
    command_free(run);
}

/* Input that nobody takes drains away; the end of the request is the end of the input. */
static void input_may_be_ignored_or_end_with_the_request(void **state)
{
    (void) state;
    struct command_run *run = SHELL(client, "exec <&-; sleep 0.2; echo done");
    send_much(run);
    command_finish(run);
    assert_string_equal(run->out, "done\n");
    command_free(run);
    run = COMMAND(client, "arg=cat");
    command_send(run, EXEC_FRAME_STDIN, "abc", 3);
    command_end_request(run);
    command_finish(run);
    assert_string_equal(run->out, "abc");
    command_free(run);
}

static void a_grandchild_that_holds_the_output_delays_the_exit_by_a_second(void **state)
{
    (void) state;
    uint64_t before_ms = now_ms();
    struct command_run *run = SHELL(client, "sh -c 'sleep 0.3; echo late; exec sleep 100' & echo $!; exit 5");
    command_finish(run);
    assert_in_range(now_ms() - before_ms, 900, 3000);
    assert_non_null(strstr(run->out, "late"));
    assert_int_equal(run->exit_number, 5);
    long left = atol(run->out);
    assert_true(is_alive(left));
    kill_hard(left);
    command_free(run);
    run = SHELL(client, "yes & echo $! >&2; exit 6"); /* one that never stops writing */
    command_finish(run);
    assert_int_equal(run->exit_number, 6);
    kill_hard(atol(run->err));
    command_free(run);
}

/* A busy machine takes its time; but after 5 s they would be killed anyway. */
#define HANG_UP_LIMIT_MS 4500

static void a_host_that_gives_up_hangs_up_the_group(void **state)
{
    (void) state;
    struct command_run *run = SHELL(client, "sleep 100 & echo $!; wait");
    assert_true(command_until(run, "\n"));
    command_read(run);
    long pids[2] = {run->pid, atol(run->out)};
    client_reset(client, run->reply);
    assert_true(is_gone(pids[0], HANG_UP_LIMIT_MS) && is_gone(pids[1], HANG_UP_LIMIT_MS));
    command_free(run);

    struct client *vanishing = client_connect(box->socket);
    run = SHELL(vanishing, "trap 'sleep 0.1; exit' HUP; sleep 100 & echo $!; wait");
    assert_true(command_until(run, "\n"));
    command_read(run);
    pids[0] = run->pid;
    pids[1] = atol(run->out);
    client_close(vanishing);
    assert_true(is_gone(pids[0], HANG_UP_LIMIT_MS) && is_gone(pids[1], HANG_UP_LIMIT_MS));
    free(run->request);
    free(run->out);
    free(run->err);
    free(run);
}

static void one_that_ignores_the_hang_up_is_killed(void **state)
{
    (void) state;
    struct command_run *run = SHELL(client, "trap '' HUP; echo up; while :; do sleep 0.1; done");
    assert_true(command_until(run, "up"));
    command_read(run);
    long pid = run->pid;
    uint64_t before_ms = now_ms();
    client_reset(client, run->reply);
    client_until_quiet(client, 1000);
    assert_true(is_alive(pid));
    assert_true(is_gone(pid, 8000));
    assert_in_range(now_ms() - before_ms, 4500, 7000);
    command_free(run);
}

static void the_17th_command_is_a_503(void **state)
{
    struct command_run *runs[17];
    (void) state;
    for (size_t i = 0; i < 16; i++)
        runs[i] = COMMAND(client, "arg=cat");
    for (size_t i = 0; i < 16; i++) {
        command_send(runs[i], EXEC_FRAME_STDIN, "x", 1);
        assert_true(command_until(runs[i], "x"));
    }
    runs[16] = command_begin_raw(client);
    command_end_request(runs[16]);
    assert_true(client_until_ended(client, runs[16]->reply));
    assert_int_equal(runs[16]->reply->status, 503);
    for (size_t i = 0; i < 17; i++) {
        if (i < 16) {
            command_send(runs[i], EXEC_FRAME_STDIN_END, "", 0);
            command_finish(runs[i]);
            assert_int_equal(runs[i]->exit_number, 0);
        }
        command_free(runs[i]);
    }
    struct command_run *run = SHELL(client, "echo again");
    command_finish(run);
    assert_string_equal(run->out, "again\n");
    command_free(run);
}

static void garbage_ends_its_stream_and_no_other(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *words;
    } cases[] = {
        {"\x02\0\0\0\1x", 6, "first frame"},
        {"\x01\0\0\0\0", 5, "empty"},
        {"\x01\0\1\0\1", 5, "65536"},
        {"\x01\0\0\0\3arg", 8, "NUL"},
        {"\x01\0\0\0\4arg", 9, "key=value"},
        {"\x01\0\0\0\6env=a", 11, "NAME=value"},
        {"\x01\0\0\0\6pty=1", 11, "'arg' is missing"},
        {"\xFF\xFF\xFF\xFF\xFF", 5, "65536"},
        {"\x11\0\0\0\0", 5, "unknown"},
        {"GET / HTTP/1.1\r\n", 16, "65536"},
        {"\x01\0\0", 3, "inside a frame"},
        {"", 0, "without 'start'"},
    };
    (void) state;
    struct command_run *other = COMMAND(client, "arg=cat");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct command_run *run = command_begin_raw(client);
        command_send_raw(run, cases[i].bytes, cases[i].length);
        command_end_request(run);
        command_finish(run);
        assert_int_equal(run->exit_kind, -1);
        assert_int_equal(run->pid, 0);
        assert_non_null(strstr(run->error, cases[i].words));
        command_free(run);
    }
    command_send(other, EXEC_FRAME_STDIN, "still here", 10);
    command_send(other, EXEC_FRAME_STDIN_END, "", 0);
    command_finish(other);
    assert_string_equal(other->out, "still here");
    command_free(other);
}

static void garbage_hangs_up_a_running_command(void **state)
{
    (void) state;
    for (int zero = 0; zero < 2; zero++) {
        struct command_run *run = SHELL(client, "echo up; exec sleep 100");
        assert_true(command_until(run, "up"));
        command_send(run, zero ? EXEC_FRAME_SIGNAL : EXEC_FRAME_START, "\0", 1);
        assert_true(client_until_ended(client, run->reply));
        command_read(run);
        assert_int_equal(run->exit_kind, -1);
        assert_true(run->error[0] != '\0');
        assert_true(is_gone(run->pid, 2000));
        command_free(run);
    }
}

static void memory_stays_small(void **state)
{
    (void) state;
    long before_kib = box_memory_kib(box, "VmRSS");
    for (int round = 0; round < 3; round++) {
        struct command_run *runs[8];
        for (size_t i = 0; i < 8; i++) {
            runs[i] = SHELL(client, "sleep 0.3; cat");
            for (size_t at = 0; at < 800000; at += 40000)
                command_send(runs[i], EXEC_FRAME_STDIN, payload() + at, 40000);
            command_send(runs[i], EXEC_FRAME_STDIN_END, "", 0);
        }
        for (size_t i = 0; i < 8; i++) {
            command_finish(runs[i]);
            assert_int_equal(runs[i]->out_length, 800000);
            command_free(runs[i]);
        }
    }
    if (getenv("SANITIZED") == NULL)
        assert_true(box_memory_kib(box, "VmRSS") - before_kib < 600);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_exit_code_is_told),
        TEST(output_comes_before_the_exit),
        TEST(the_environment_is_the_workloads_and_its_own),
        TEST(signals_end_and_reach_the_group),
        TEST(what_cannot_be_started_is_127_or_126),
        TEST(megabytes_pass_both_ways_with_a_slow_reader),
        TEST(a_command_that_does_not_read_exerts_back_pressure),
        TEST(input_may_be_ignored_or_end_with_the_request),
        TEST(a_grandchild_that_holds_the_output_delays_the_exit_by_a_second),
        TEST(a_host_that_gives_up_hangs_up_the_group),
        TEST(one_that_ignores_the_hang_up_is_killed),
        TEST(the_17th_command_is_a_503),
        TEST(garbage_ends_its_stream_and_no_other),
        TEST(garbage_hangs_up_a_running_command),
        TEST(memory_stays_small),
    };
    return cmocka_run_group_tests_name("black box: commands", tests, NULL, NULL);
}
