/* Supervision, seen from outside: exit codes, signals, restarts, orphans, environment, shutdown. */
#include "box.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct client *client;
static struct reply *events;

static struct box *watch(struct box *box)
{
    client = client_connect(box->socket);
    events = client_request(client, "GET", "/v1/events");
    assert_true(client_until_text(client, events, "\"type\":\"ready\""));
    return box;
}

static void finish(struct box *box)
{
    client_close(client);
    box_stop(box);
}

static char *counter_file(void)
{
    static char path[] = "/tmp/kestrel-counter-XXXXXX";
    strcpy(path + sizeof path - 7, "XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void) close(fd);
    return path;
}

static void every_exit_code_is_reported(void **state)
{
    char *path = counter_file();
    (void) state;
    struct box *box = watch(BOX(program(), "arg=count", run(path), "restart_min_ms=1", "restart_max_ms=1"));
    assert_true(client_until_text(client, events, "\"code\":255,"));
    for (int code = 0; code <= 255; code++) {
        char wanted[80];
        (void) snprintf(wanted, sizeof wanted, "\"attempt\":%d,\"code\":%d,\"restart_in_ms\":1,\"now_ms\":", code + 1, code);
        if (strstr(events->body, wanted) == NULL) /* told again at the connect only if it was early: then it is in the log */
            assert_true(code < number_after(strstr(events->body, "\"exited\""), "\"attempt\":"));
    }
    finish(box);
    (void) unlink(path);
}

static void deaths_by_signal_are_reported(void **state)
{
    static const char *const signals[] = {"9", "11", "15", "6", "1"};
    (void) state;
    for (size_t i = 0; i < 5; i++) {
        char wanted[32];
        struct box *box = watch(BOX(program(), "arg=signal", run(signals[i])));
        (void) snprintf(wanted, sizeof wanted, "\"signal\":%s,", signals[i]);
        assert_true(client_until_text(client, events, wanted));
        assert_null(strstr(events->body, "\"code\""));
        finish(box);
    }
}

static void restarts_wait_longer_each_time(void **state)
{
    (void) state;
    uint64_t begun_ms = now_ms();
    struct box *box = watch(BOX(program(), "arg=exit", "arg=3", "restart_min_ms=50", "restart_max_ms=150"));
    assert_true(client_until_text(client, events, "\"attempt\":4,\"code\":3,\"restart_in_ms\":150,\"now_ms\":"));
    assert_non_null(strstr(events->body, "\"attempt\":3,\"code\":3,\"restart_in_ms\":150,\"now_ms\":"));
    assert_true(now_ms() - begun_ms >= 50 + 100 + 150);
    finish(box);
}

static void a_program_that_cannot_be_run_counts_as_127(void **state)
{
    (void) state;
    struct box *box = watch(BOX("arg=/nonexistent"));
    assert_true(client_until_text(client, events, "\"code\":127,"));
    assert_null(strstr(events->body, "\"started\""));
    struct reply *logs = client_request(client, "GET", "/v1/logs");
    assert_true(client_until_ended(client, logs));
    assert_non_null(strstr(logs->body, "/nonexistent: the program cannot be run: No such file or directory"));
    finish(box);
    box = watch(BOX("arg=/etc/passwd", "workdir=/nonexistent"));
    assert_true(client_until_text(client, events, "\"code\":127,"));
    logs = client_request(client, "GET", "/v1/logs");
    assert_true(client_until_ended(client, logs));
    assert_non_null(strstr(logs->body, "its working directory cannot be entered"));
    finish(box);
}

static void the_workload_gets_its_environment_and_nothing_of_ours(void **state)
{
    char *folder = strdup(workload_program != NULL ? workload_program : (program(), workload_program));
    char path[300];
    (void) state;
    assert_non_null(folder);
    char *slash = strrchr(folder, '/');
    *slash = '\0';
    (void) snprintf(path, sizeof path, "env=PATH=/nonexistent::%s", folder);
    struct box *box = watch(BOX(run(slash + 1), "arg=tell", path, "env=A=b=c", "env=TERM=dumb", "workdir=/tmp"));
    assert_true(client_until_text(client, events, "\"started\""));
    struct reply *logs = client_request(client, "GET", "/v1/logs?follow=1");
    assert_true(client_until_text(client, logs, "nul "));
    assert_true(client_until_text(client, logs, "blocked ")); /* two pipes: which is read first is nobody's promise */
    assert_non_null(strstr(logs->body, "folder /tmp pid 1 group 1 session 1\""));
    assert_non_null(strstr(logs->body, "env A=b=c\""));
    assert_non_null(strstr(logs->body, "env TERM=dumb\""));
    assert_non_null(strstr(logs->body, "env HOME=/\""));
    assert_non_null(strstr(logs->body, "blocked 0 ignored 0\""));
    assert_null(strstr(logs->body, "leaked"));
    assert_non_null(strstr(logs->body, "\"stream\":\"stderr\",\"line\":\"bad \xEF\xBF\xBD\xEF\xBF\xBD( tab\\t quote\\\" nul \"}"));
    finish(box);
    free(folder);
}

static void a_user_that_is_not_listed_counts_as_127(void **state)
{
    static const struct {
        const char *record;
        const char *line;
    } cases[] = {{"user=kestrel-nobody", "user kestrel-nobody: is not listed in /etc/passwd\"}"},
        {"user=0:kestrel-nobody", "user 0:kestrel-nobody: the group is not listed in /etc/group\"}"}};
    (void) state;
    for (size_t i = 0; i < 2; i++) {
        struct box *box = watch(BOX(program(), "arg=tell", cases[i].record));
        assert_true(client_until_text(client, events, "\"code\":127,"));
        assert_null(strstr(events->body, "\"started\""));
        struct reply *logs = client_request(client, "GET", "/v1/logs");
        assert_true(client_until_ended(client, logs));
        assert_non_null(strstr(logs->body, cases[i].line));
        finish(box);
    }
}

/* As root the user is taken, and it may open its output anew as logs of images do; anybody else is told that it cannot be. */
static void the_workload_runs_as_its_user(void **state)
{
    (void) state;
    struct box *box = watch(BOX("arg=/bin/sh", "arg=-c",
        "arg=echo id $(id -u):$(id -g):$(id -G) $HOME; echo anew >/dev/stdout; echo anew too >/dev/stderr; exec sleep 60",
        "user=65533:65532", "env=HOME=/given"));
    struct reply *logs = client_request(client, "GET", "/v1/logs?follow=1");
    if (geteuid() == 0) {
        assert_true(client_until_text(client, logs, "\"stdout\",\"line\":\"id 65533:65532:65532 /given\""));
        assert_true(client_until_text(client, logs, "\"stdout\",\"line\":\"anew\""));
        assert_true(client_until_text(client, logs, "\"stderr\",\"line\":\"anew too\""));
    } else {
        assert_true(client_until_text(client, logs, "user 65533:65532: cannot be taken"));
        assert_true(client_until_text(client, events, "\"code\":127,"));
    }
    finish(box);
}

/* How many children of the box are zombies, and how many there are. */
static int children(const struct box *box, int *ret_zombies)
{
    char path[64], line[64];
    int count = 0, child = 0;
    (void) snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int) box->pid, (int) box->pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (*ret_zombies = 0; fscanf(file, "%d", &child) == 1; count++) {
        char name[64];
        (void) snprintf(name, sizeof name, "/proc/%d/status", child);
        FILE *status = fopen(name, "r");
        while (status != NULL && fgets(line, sizeof line, status) != NULL)
            *ret_zombies += strncmp(line, "State:\tZ", 8) == 0;
        if (status != NULL)
            (void) fclose(status);
    }
    (void) fclose(file);
    return count;
}

static void orphans_are_reaped(void **state)
{
    int zombies = 0;
    (void) state;
    struct box *box = watch(BOX(program(), "arg=orphans", "arg=60"));
    struct reply *logs = client_request(client, "GET", "/v1/logs?follow=1");
    assert_true(client_until_text(client, logs, "left them"));
    for (uint64_t end_ms = now_ms() + 10000; children(box, &zombies) > 1 && now_ms() < end_ms;)
        client_until_quiet(client, 20);
    assert_int_equal(children(box, &zombies), 1);
    assert_int_equal(zombies, 0);
    finish(box);
}

static void a_shutdown_is_answered_and_then_done(void **state)
{
    (void) state;
    struct box *box = watch(BOX(program(), "arg=sleep"));
    assert_true(client_until_text(client, events, "\"started\""));
    struct reply *answer = client_request(client, "POST", "/v1/shutdown");
    struct reply *again = client_request(client, "POST", "/v1/shutdown");
    assert_true(client_until_ended(client, answer));
    assert_int_equal(answer->status, 202);
    assert_true(client_until_text(client, events, "\"signal\":15,\"now_ms\":"));
    assert_true(again->status == 202 || !again->ended);
    client_until_quiet(client, 1000);
    assert_true(client->is_closed);
    client_close(client);
    assert_int_equal(box_wait(box), 0);
}

static void a_workload_that_ignores_sigterm_is_killed_in_time(void **state)
{
    (void) state;
    struct box *box = watch(BOX(program(), "arg=stubborn", "stop_timeout_ms=300"));
    struct reply *logs = client_request(client, "GET", "/v1/logs?follow=1");
    assert_true(client_until_text(client, logs, "\"line\":\"stubborn\""));
    uint64_t begun_ms = now_ms();
    struct reply *answer = client_request(client, "POST", "/v1/shutdown");
    assert_true(client_until_text(client, events, "\"signal\":9,\"now_ms\":"));
    assert_int_equal(answer->status, 202);
    assert_in_range(now_ms() - begun_ms, 290, 3000);
    client_close(client);
    assert_int_equal(box_wait(box), 0);
}

static void signals_to_kestrel_shut_it_down(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGPWR};
    (void) state;
    for (size_t i = 0; i < 3; i++) {
        struct box *box = watch(BOX(program(), "arg=sleep"));
        assert_true(client_until_text(client, events, "\"started\""));
        assert_int_equal(kill(box->pid, signals[i]), 0);
        assert_true(client_until_text(client, events, "\"signal\":15,\"now_ms\":"));
        client_close(client);
        assert_int_equal(box_wait(box), 0);
    }
}

static void a_shutdown_while_waiting_for_a_restart_ends_at_once(void **state)
{
    (void) state;
    struct box *box = watch(BOX(program(), "arg=exit", "arg=1", "restart_min_ms=60000", "restart_max_ms=60000"));
    assert_true(client_until_text(client, events, "\"restart_in_ms\":60000"));
    uint64_t begun_ms = now_ms();
    finish(box);
    assert_true(now_ms() - begun_ms < 3000);
}

static void other_signals_change_nothing(void **state)
{
    (void) state;
    struct box *box = watch(BOX(program(), "arg=sleep"));
    assert_true(client_until_text(client, events, "\"started\""));
    for (int signal = 1; signal < 32; signal++)
        if (signal != SIGKILL && signal != SIGSTOP && signal != SIGTERM && signal != SIGINT && signal != SIGPWR &&
            signal != SIGSEGV && signal != SIGBUS && signal != SIGILL && signal != SIGFPE && signal != SIGABRT)
            assert_int_equal(kill(box->pid, signal), 0);
    struct reply *logs = client_request(client, "GET", "/v1/logs");
    assert_true(client_until_ended(client, logs));
    assert_int_equal(logs->status, 200);
    finish(box);
}

static void a_broken_document_ends_with_a_line_on_the_console(void **state)
{
    (void) state;
    struct box *box = BOX("arg=x", "probe_port=0");
    while (strchr(box_console(box), '\n') == NULL && kill(box->pid, 0) == 0)
        (void) usleep(1000);
    assert_string_equal(box_console(box),
        "kestrel: boot failed: read boot document: record 4 'probe_port' must be a number from 1 to 65535: Invalid argument\n");
    assert_int_equal(box_wait(box), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_exit_code_is_reported),
        cmocka_unit_test(deaths_by_signal_are_reported),
        cmocka_unit_test(restarts_wait_longer_each_time),
        cmocka_unit_test(a_program_that_cannot_be_run_counts_as_127),
        cmocka_unit_test(the_workload_gets_its_environment_and_nothing_of_ours),
        cmocka_unit_test(a_user_that_is_not_listed_counts_as_127),
        cmocka_unit_test(the_workload_runs_as_its_user),
        cmocka_unit_test(orphans_are_reaped),
        cmocka_unit_test(a_shutdown_is_answered_and_then_done),
        cmocka_unit_test(a_workload_that_ignores_sigterm_is_killed_in_time),
        cmocka_unit_test(signals_to_kestrel_shut_it_down),
        cmocka_unit_test(a_shutdown_while_waiting_for_a_restart_ends_at_once),
        cmocka_unit_test(other_signals_change_nothing),
        cmocka_unit_test(a_broken_document_ends_with_a_line_on_the_console),
    };
    return cmocka_run_group_tests_name("black box: workload", tests, NULL, NULL);
}
