/*
 * Supervision of the workload. The whole behaviour is the table at the end of this file: state x input.
 * An error never ends kestrel: a program that cannot be started counts as one that exited with 127.
 */
#include "workload.h"

#include "clock.h"
#include "program.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_BYTES_A_TURN 8192
#define NAME_BYTES_SHOWN 128

enum input { INPUT_TIME, INPUT_EXECUTED, INPUT_DIED, INPUT_STOP };
#define INPUTS 4

static void feed(struct workload *workload, enum input input);

static void on_line(void *context, const char *line, size_t length)
{
    struct workload_pipe *pipe = context;
    output_line(pipe->workload->output, pipe->stream, line, length);
}

/* Reads once; false where nothing is left. */
static bool read_pipe(struct workload_pipe *pipe)
{
    char bytes[PIPE_BYTES_A_TURN];
    ssize_t length = read(pipe->source.fd, bytes, sizeof bytes);
    if (length <= 0)
        return false;
    lines_add(&pipe->lines, bytes, (size_t) length);
    return true;
}

static void on_output(struct loop_source *source, short revents)
{
    (void) revents;
    (void) read_pipe(container_of(source, struct workload_pipe, source));
}

/* What a dead process has left in the pipes belongs before the news of its death. Bounded: an orphan may go on writing. */
static void drain_pipes(struct workload *workload)
{
    for (size_t i = 0; i < 2; i++) {
        struct workload_pipe *pipe = &workload->pipes[i];
        for (int round = 0; round < 8 && read_pipe(pipe); round++)
            ;
        lines_flush(&pipe->lines);
    }
}

static int open_pipe(struct workload *workload, struct workload_pipe *pipe, enum log_stream stream)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    pipe->workload = workload;
    pipe->stream = stream;
    pipe->write_fd = ends[1];
    pipe->source = (struct loop_source){.fd = ends[0], .events = POLLIN, .on_ready = on_output};
    lines_init(&pipe->lines, on_line, pipe);
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) /* our end only: programs expect blocking output */
        return -errno;
    return loop_add(workload->loop, &pipe->source);
}

static void on_time(struct loop_timer *timer)
{
    feed(container_of(timer, struct workload, timer), INPUT_TIME);
}

static void forget_report(struct workload *workload)
{
    if (workload->report.fd < 0)
        return;
    loop_remove(workload->loop, &workload->report);
    (void) close(workload->report.fd);
    workload->report.fd = -1;
}

static void tell_failure(struct workload *workload, const struct program_failure *failure)
{
    char bytes[256];
    struct text text;
    bool is_user = failure->step == PROGRAM_NO_USER || failure->step == PROGRAM_NO_GROUP || failure->step == PROGRAM_USER;
    const char *name = is_user ? workload->document->user : workload->document->arguments[0];
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, is_user ? "user " : "");
    text_add_bytes(&text, name, strnlen(name, NAME_BYTES_SHOWN));
    text_add(&text, ": ");
    text_add(&text, program_step_name(failure->step));
    if (failure->error != 0)
        output_error(workload->output, text_end(&text), failure->error);
    else
        output_note(workload->output, text_end(&text), NULL);
}

/* The child has become the program (end of file), or says why it could not; its death follows by SIGCHLD. */
static void on_report(struct loop_source *source, short revents)
{
    struct workload *workload = container_of(source, struct workload, report);
    struct program_failure failure;
    (void) revents;
    ssize_t length = read(source->fd, &failure, sizeof failure);
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    forget_report(workload);
    if (length == (ssize_t) sizeof failure)
        tell_failure(workload, &failure);
    else
        feed(workload, INPUT_EXECUTED);
}

static void wait_for_restart(struct workload *workload, uint64_t pause_ms)
{
    workload->state = WORKLOAD_WAITING;
    loop_at(workload->loop, &workload->timer, clock_uptime_ms() + pause_ms);
}

static void start(struct workload *workload)
{
    int report = -1;
    workload->started_ms = clock_uptime_ms();
    const struct program_orders orders = {
        .document = workload->document,
        .root_is_disk = workload->root_is_disk,
        .stdout_fd = workload->pipes[0].write_fd,
        .stderr_fd = workload->pipes[1].write_fd,
    };
    int result = program_start(&orders, &workload->pid, &report);
    if (result < 0) { /* no memory or no process to be had: both may pass */
        output_error(workload->output, "workload: cannot start a process", result);
        wait_for_restart(workload, backoff_pause_ms(&workload->backoff, 0));
        return;
    }
    workload->attempt++;
    workload->state = WORKLOAD_STARTING;
    workload->report = (struct loop_source){.fd = report, .events = POLLIN, .on_ready = on_report};
    if (loop_add(workload->loop, &workload->report) < 0)
        forget_report(workload); /* cannot be: the loop has a place for it */
}

static void running(struct workload *workload)
{
    workload->state = WORKLOAD_RUNNING;
    workload->listener.on_started(workload->listener.context, workload);
}

/* The main process is dead: what is left of its group would hold its ports and files. */
static void clean_up(struct workload *workload)
{
    (void) kill(-workload->pid, SIGKILL); /* ESRCH: nobody is left */
    forget_report(workload);
    drain_pipes(workload);
}

static void died(struct workload *workload)
{
    uint64_t pause_ms = backoff_pause_ms(&workload->backoff, clock_uptime_ms() - workload->started_ms);
    clean_up(workload);
    wait_for_restart(workload, pause_ms);
    workload->listener.on_exited(workload->listener.context, workload, &workload->last_exit, &pause_ms);
    workload->pid = 0;
}

static void end(struct workload *workload)
{
    workload->state = WORKLOAD_ENDED;
    loop_cancel(&workload->timer);
    workload->listener.on_ended(workload->listener.context);
}

static void died_at_stop(struct workload *workload)
{
    clean_up(workload);
    workload->listener.on_exited(workload->listener.context, workload, &workload->last_exit, NULL);
    workload->pid = 0;
    end(workload);
}

static void terminate(struct workload *workload)
{
    workload->state = WORKLOAD_STOPPING;
    (void) kill(-workload->pid, SIGTERM); /* ESRCH: not yet in its own session, or dead; the next two lines see to both */
    (void) kill(workload->pid, SIGTERM);
    loop_at(workload->loop, &workload->timer, clock_uptime_ms() + workload->document->stop_timeout_ms);
}

static void kill_hard(struct workload *workload)
{
    output_note(workload->output, "workload: did not end in time", "SIGKILL");
    (void) kill(-workload->pid, SIGKILL);
    (void) kill(workload->pid, SIGKILL);
}

static void ignore(struct workload *workload)
{
    (void) workload;
}

/* clang-format off */
static void (*const actions[WORKLOAD_STATES][INPUTS])(struct workload *workload) = {
    /*                      TIME       EXECUTED  DIED          STOP */
    [WORKLOAD_WAITING]  = { start,     ignore,   ignore,       end       },
    [WORKLOAD_STARTING] = { ignore,    running,  died,         terminate },
    [WORKLOAD_RUNNING]  = { ignore,    ignore,   died,         terminate },
    [WORKLOAD_STOPPING] = { kill_hard, ignore,   died_at_stop, ignore    },
    [WORKLOAD_ENDED]    = { ignore,    ignore,   ignore,       ignore    },
};
/* clang-format on */

static void feed(struct workload *workload, enum input input)
{
    actions[workload->state][input](workload);
}

int workload_init(struct workload *workload, struct loop *loop, struct output *output, const struct boot *boot,
    const struct workload_listener *listener)
{
    const struct boot_document *document = &boot->document;
    workload->loop = loop;
    workload->output = output;
    workload->document = document;
    workload->root_is_disk = boot->rootfs.choice.is_disk;
    workload->listener = *listener;
    workload->state = WORKLOAD_WAITING;
    workload->report = (struct loop_source){.fd = -1};
    workload->timer = (struct loop_timer){.on_time = on_time};
    workload->pid = 0;
    workload->attempt = 0;
    backoff_init(&workload->backoff, document->restart_min_ms, document->restart_max_ms);
    int result = open_pipe(workload, &workload->pipes[0], LOG_STDOUT);
    return result < 0 ? result : open_pipe(workload, &workload->pipes[1], LOG_STDERR);
}

void workload_start(struct workload *workload)
{
    feed(workload, INPUT_TIME);
}

void workload_stop(struct workload *workload)
{
    feed(workload, INPUT_STOP);
}

bool workload_reaped(struct workload *workload, pid_t pid, int wait_status)
{
    if (pid != workload->pid || workload->pid == 0)
        return false;
    if (workload->report.fd >= 0)
        on_report(&workload->report, POLLIN); /* started and died in one turn: first things first */
    workload->last_exit = (struct exit_report){
        .code = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 0,
        .signal = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0,
    };
    feed(workload, INPUT_DIED);
    return true;
}
