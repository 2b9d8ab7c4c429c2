/* Commands on a terminal of their own, seen from outside. */
#include "commands.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static struct box *box;
static struct client *client;

static int start(void **state)
{
    (void) state;
    box = BOX(program(), run("sleep"));
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

#define TERMINAL(script, ...) COMMAND(client, "arg=/bin/sh", "arg=-c", "arg=" script, "pty=1", __VA_ARGS__)

static void it_is_a_controlling_terminal_of_the_asked_size(void **state)
{
    (void) state;
    struct command_run *run = TERMINAL(
        "test -t 0 && test -t 1 && test -t 2 && echo tty; stty size; echo $TERM; echo hello >/dev/tty; stty -a; exit 9", "rows=40",
        "columns=132", "term=xterm-256color");
    command_finish(run);
    const char *expected = "tty\r\n40 132\r\nxterm-256color\r\nhello\r\n";
    assert_memory_equal(run->out, expected, strlen(expected));
    assert_non_null(strstr(run->out, "icrnl"));
    assert_non_null(strstr(run->out, " iutf8"));
    assert_non_null(strstr(run->out, "onlcr"));
    assert_non_null(strstr(run->out, " echo "));
    assert_int_equal(run->err_length, 0);
    assert_int_equal(run->exit_number, 9);
    command_free(run);
    run = TERMINAL("stty size; echo $TERM", "env=TERM=dumb");
    command_finish(run);
    assert_string_equal(run->out, "24 80\r\ndumb\r\n");
    command_free(run);
}

static void control_c_interrupts(void **state)
{
    (void) state;
    struct command_run *run = TERMINAL("echo up; exec sleep 100", "rows=24");
    assert_true(command_until(run, "up"));
    command_send(run, EXEC_FRAME_STDIN, "\3", 1);
    command_finish(run);
    assert_int_equal(run->exit_kind, 1);
    assert_int_equal(run->exit_number, SIGINT);
    assert_non_null(strstr(run->out, "^C"));
    command_free(run);
}

static void a_resize_is_seen(void **state)
{
    static const uint8_t size[] = {0, 50, 1, 0};
    (void) state;
    struct command_run *run = TERMINAL("trap 'stty size; exit 4' WINCH; echo up; while :; do sleep 0.05; done", "rows=24");
    assert_true(command_until(run, "up"));
    command_send(run, EXEC_FRAME_RESIZE, size, sizeof size);
    command_finish(run);
    assert_non_null(strstr(run->out, "50 256"));
    assert_int_equal(run->exit_number, 4);
    command_free(run);
}

static void lines_are_edited_and_input_ends(void **state)
{
    (void) state;
    struct command_run *run = COMMAND(client, "arg=cat", "pty=1");
    command_send(run, EXEC_FRAME_STDIN, "helxo\x7f\x7flo\r", 10);
    command_send(run, EXEC_FRAME_STDIN_END, "", 0);
    command_finish(run);
    assert_non_null(strstr(run->out, "\r\nhello\r\n"));
    assert_int_equal(run->exit_kind, 0);
    assert_int_equal(run->exit_number, 0);
    command_free(run);
}

static void input_may_end_in_the_middle_of_a_line(void **state)
{
    (void) state;
    struct command_run *run = COMMAND(client, "arg=cat", "pty=1");
    command_send(run, EXEC_FRAME_STDIN, "no end", 6);
    command_end_request(run);
    command_finish(run);
    assert_string_equal(run->out, "no endno end"); /* echo and answer */
    assert_int_equal(run->exit_number, 0);
    command_free(run);
}

/* A command that closes its terminal before it exits is not hung up. */
static void a_terminal_may_be_closed_early(void **state)
{
    (void) state;
    struct command_run *run = TERMINAL("echo bye; exec <&- >&- 2>&-; sleep 0.3; exit 5", "rows=24");
    command_finish(run);
    assert_string_equal(run->out, "bye\r\n");
    assert_int_equal(run->exit_kind, 0);
    assert_int_equal(run->exit_number, 5);
    command_free(run);
}

static void megabytes_come_out_of_a_terminal(void **state)
{
    (void) state;
    struct command_run *run = COMMAND(client, "arg=/bin/sh", "arg=-c", "arg=stty raw; head -c 3000000 /dev/zero; echo end", "pty=1");
    command_finish(run);
    assert_int_equal(run->out_length, 3000004);
    assert_memory_equal(run->out + 3000000, "end\n", 4);
    command_free(run);
}

static void megabytes_go_into_a_raw_terminal(void **state)
{
    static uint8_t bytes[40000];
    (void) state;
    struct command_run *run = TERMINAL("stty raw -echo; echo up; head -c 2000000 | wc -c", "rows=24");
    assert_true(command_until(run, "up"));
    memset(bytes, 'x', sizeof bytes);
    for (int i = 0; i < 50; i++)
        command_send(run, EXEC_FRAME_STDIN, bytes, sizeof bytes);
    command_send(run, EXEC_FRAME_STDIN_END, "", 0); /* a raw terminal has no end: nothing is typed */
    command_finish(run);
    assert_non_null(strstr(run->out, "2000000"));
    command_free(run);
}

static void a_host_that_gives_up_hangs_up_the_terminal(void **state)
{
    (void) state;
    struct command_run *run = TERMINAL("sleep 100 & echo $!; wait", "rows=24");
    assert_true(command_until(run, "\n"));
    command_read(run);
    long pids[2] = {run->pid, strtol(run->out, NULL, 10)};
    assert_true(pids[1] > 1);
    client_reset(client, run->reply);
    for (int i = 0; i < 200 && (kill((pid_t) pids[0], 0) == 0 || kill((pid_t) pids[1], 0) == 0); i++)
        client_until_quiet(client, 20);
    assert_int_equal(kill((pid_t) pids[0], 0), -1);
    assert_int_equal(kill((pid_t) pids[1], 0), -1);
    command_free(run);
}

static void an_interactive_shell_has_job_control(void **state)
{
    (void) state;
    struct command_run *run = COMMAND(client, "arg=/bin/sh", "arg=-i", "pty=1", "env=PS1=ready>");
    assert_true(command_until(run, "ready>"));
    command_send(run, EXEC_FRAME_STDIN, "sleep 100\r", 10);
    client_until_quiet(client, 300);
    command_send(run, EXEC_FRAME_STDIN, "\3", 1);
    client_until_quiet(client, 100);
    command_send(run, EXEC_FRAME_STDIN, "exit 7\r", 7);
    command_finish(run);
    assert_null(strstr(run->out, "job control turned off"));
    assert_int_equal(run->exit_kind, 0);
    assert_int_equal(run->exit_number, 7);
    command_free(run);
}

static void the_terminal_belongs_to_the_user(void **state)
{
    (void) state;
    struct command_run *run = TERMINAL("stat -c %u $(tty); echo hi >/dev/tty", "user=1234");
    command_finish(run);
    assert_string_equal(run->out, "1234\r\nhi\r\n");
    command_free(run);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_a_controlling_terminal_of_the_asked_size),
        TEST(control_c_interrupts),
        TEST(a_resize_is_seen),
        TEST(lines_are_edited_and_input_ends),
        TEST(input_may_end_in_the_middle_of_a_line),
        TEST(a_terminal_may_be_closed_early),
        TEST(megabytes_come_out_of_a_terminal),
        TEST(megabytes_go_into_a_raw_terminal),
        TEST(a_host_that_gives_up_hangs_up_the_terminal),
        TEST(an_interactive_shell_has_job_control),
        TEST(the_terminal_belongs_to_the_user),
    };
    return cmocka_run_group_tests_name("black box: terminals", tests, NULL, NULL);
}
