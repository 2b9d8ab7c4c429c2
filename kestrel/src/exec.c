/*
 * Commands of the host: one exchange, one process group. This file is their life and what the host says to them; what they say
 * is in exec_answer.c. A place in the pool is free again when both the exchange and the process are gone.
 */
#include "exec.h"

#include "clock.h"
#include "text.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void close_source(struct exec *exec, struct loop_source *source)
{
    if (source->fd < 0)
        return;
    loop_remove(exec->all->loop, source);
    (void) close(source->fd); /* what the command did not get by now is lost either way */
    source->fd = -1;
}

static void give_back(struct exec *exec, size_t length)
{
    if (exec->exchange != NULL && length > 0)
        exchange_consumed(exec->exchange, length);
}

static void close_input(struct exec *exec)
{
    give_back(exec, exec->backlog.length);
    backlog_clear(&exec->backlog);
    close_source(exec, &exec->input);
}

static void reset(struct exec *exec)
{
    *exec = (struct exec){
        .phase = EXEC_FREE,
        .all = exec->all,
        .backlog = {.bytes = exec->backlog.bytes},
        .input.fd = -1,
        .report.fd = -1,
        .outputs = {{.source.fd = -1}, {.source.fd = -1}},
    };
}

/* Frees the place once nothing needs it. */
static void settle(struct exec *exec)
{
    if (exec->exchange != NULL || exec->pid != 0)
        return;
    loop_cancel(&exec->timer);
    close_input(exec);
    close_source(exec, &exec->report);
    for (int i = 0; i < COMMAND_OUTPUTS; i++)
        exec_close_output(exec, &exec->outputs[i]);
    reset(exec);
}

/* To the command's group; to its process alone where that is not yet in a group of its own. */
static void send_signal(const struct exec *exec, int number)
{
    if (exec->pid != 0 && kill(-exec->pid, number) < 0)
        (void) kill(exec->pid, number); /* not reaped, so the number is still its own */
}

static void hang_up(struct exec *exec)
{
    exec->phase = EXEC_HUNG_UP;
    close_input(exec);
    close_source(exec, &exec->report);
    for (int i = 0; i < COMMAND_OUTPUTS; i++)
        exec_close_output(exec, &exec->outputs[i]);
    if (exec->pid == 0)
        return;
    send_signal(exec, SIGHUP);
    send_signal(exec, SIGCONT); /* one that is stopped would not see it */
    loop_at(exec->all->loop, &exec->timer, clock_uptime_ms() + EXEC_HANG_UP_LIMIT_MS);
}

static void stage_error(struct exec *exec, const char *words, const char *detail)
{
    char bytes[EXEC_ERROR_BYTES_MAX];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, words);
    if (detail != NULL) {
        text_add(&text, ": ");
        text_add(&text, detail);
    }
    exec_stage(exec, EXEC_FRAME_ERROR, text.bytes, text.length);
}

/* The host has broken the rules: this is the last that it hears. */
static void refuse(struct exec *exec, const char *rule)
{
    hang_up(exec);
    stage_error(exec, rule, NULL);
    exec->is_last = true;
}

void exec_answered(struct exec *exec)
{
    exec->exchange->state = NULL;
    exec->exchange = NULL;
    settle(exec);
}

static void want_input(struct exec *exec)
{
    bool waits = exec->backlog.length > 0 || exec->input_ended;
    exec->input.events = (short) (waits ? POLLOUT : 0);
}

/* False where there is no room yet. In the middle of a line it takes one more: the first only hands in what is there. */
static bool type_end(const struct exec *exec)
{
    uint8_t byte = command_end_byte(exec->input.fd);
    const uint8_t bytes[2] = {byte, byte};
    if (byte == 0 || write(exec->input.fd, bytes, exec->line_is_open ? 2 : 1) >= 0)
        return true;
    return errno != EAGAIN && errno != EINTR;
}

/* All is written and no more will come. A terminal stays open: the end of input is typed there. */
static void finish_input(struct exec *exec)
{
    if (!exec->input_ended || exec->backlog.length > 0 || exec->input.fd < 0)
        return;
    if (!exec->is_terminal || type_end(exec))
        close_input(exec);
}

static void on_input_ready(struct loop_source *source, short revents)
{
    struct exec *exec = container_of(source, struct exec, input);
    (void) revents;
    ssize_t written = backlog_flush(&exec->backlog, source->fd);
    if (written < 0) {
        close_input(exec); /* nobody reads any more: the host's bytes drain away */
        return;
    }
    give_back(exec, (size_t) written);
    finish_input(exec);
    want_input(exec);
}

/* Returns how many of these bytes wait now. */
static size_t put_input(struct exec *exec, const uint8_t *bytes, size_t length)
{
    if (exec->input.fd < 0 || length == 0)
        return 0;
    exec->line_is_open = bytes[length - 1] != '\r' && bytes[length - 1] != '\n';
    ssize_t written = backlog_write(&exec->backlog, exec->input.fd, bytes, length);
    if (written < 0) {
        close_input(exec);
        return 0;
    }
    want_input(exec);
    return length - (size_t) written;
}

static void tell_failure(struct exec *exec, const struct command_failure *failure)
{
    char bytes[128];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, "the command cannot be started: ");
    text_add(&text, command_step_name(failure->step));
    stage_error(exec, text_end(&text), failure->error != 0 ? strerror(failure->error) : NULL);
}

/* The child has become the command (end of file), or says why it could not; its death follows by SIGCHLD. */
static void on_report(struct loop_source *source, short revents)
{
    struct exec *exec = container_of(source, struct exec, report);
    struct command_failure failure;
    (void) revents;
    ssize_t length = read(source->fd, &failure, sizeof failure);
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    close_source(exec, source);
    exec->phase = EXEC_RUNNING;
    if (length == (ssize_t) sizeof failure) {
        tell_failure(exec, &failure);
        return;
    }
    uint32_t pid = (uint32_t) exec->pid;
    const uint8_t payload[4] = {(uint8_t) (pid >> 24), (uint8_t) (pid >> 16), (uint8_t) (pid >> 8), (uint8_t) pid};
    exec_stage(exec, EXEC_FRAME_STARTED, payload, sizeof payload);
}

/* Joins a command to the loop. */
static int watch(struct exec *exec, const struct command *command)
{
    struct loop *loop = exec->all->loop;
    exec->input = (struct loop_source){.fd = command->input, .on_ready = on_input_ready};
    exec->report = (struct loop_source){.fd = command->report, .events = POLLIN, .on_ready = on_report};
    int result = loop_add(loop, &exec->input);
    for (int i = 0; i < COMMAND_OUTPUTS; i++) {
        int added = exec_add_output(exec, i, command->outputs[i]);
        result = result < 0 ? result : added;
    }
    int added = loop_add(loop, &exec->report);
    return result < 0 ? result : added;
}

static void start(struct exec *exec)
{
    static struct exec_start order; /* large; used only within this function and by the child */
    struct command command;
    const char *rule = NULL;
    if (exec_start_parse((const char *) exec->backlog.bytes, exec->start_length, &order, &rule) < 0) {
        refuse(exec, rule);
        return;
    }
    exec_start_inherit(&order, exec->all->document);
    int result = command_start(&order, &command);
    exec->backlog.was_used = true;
    backlog_clear(&exec->backlog);
    if (result < 0) {
        stage_error(exec, "the command cannot be started", strerror(-result));
        exec->exit_payload[1] = 126;
        exec->phase = EXEC_DEAD; /* nothing has been opened: only the exit is left to say */
        return;
    }
    exec->pid = command.pid;
    exec->phase = EXEC_STARTING;
    exec->is_terminal = order.has_terminal;
    if (watch(exec, &command) < 0)
        refuse(exec, "too many descriptors are in use"); /* cannot be: the loop has places for all */
}

static size_t gather_start(struct exec *exec, const struct exec_piece *piece)
{
    memcpy(exec->backlog.bytes + exec->start_length, piece->bytes, piece->length); /* a frame is smaller than the window */
    exec->start_length += piece->length;
    exec->backlog.was_used = true;
    if (piece->is_last)
        start(exec);
    return 0;
}

static void end_input(struct exec *exec)
{
    exec->input_ended = true;
    finish_input(exec);
    want_input(exec);
}

/* Returns how many of the piece's bytes wait now. */
static size_t act(struct exec *exec, const struct exec_piece *piece)
{
    uint16_t rows = 0;
    uint16_t columns = 0;
    switch (piece->type) {
    case EXEC_FRAME_START:
        return gather_start(exec, piece);
    case EXEC_FRAME_STDIN:
        return put_input(exec, piece->bytes, piece->length);
    case EXEC_FRAME_STDIN_END:
        end_input(exec);
        return 0;
    case EXEC_FRAME_RESIZE:
        exec_frame_read_size(piece->bytes, &rows, &columns);
        if (exec->is_terminal && exec->outputs[0].source.fd >= 0)
            command_resize(exec->outputs[0].source.fd, rows, columns);
        return 0;
    case EXEC_FRAME_SIGNAL:
        send_signal(exec, piece->bytes[0]);
        return 0;
    default: /* NONE, and kestrel's own, which the parser does not let through */
        return 0;
    }
}

static void on_bytes(struct exchange *exchange, const uint8_t *bytes, size_t length)
{
    struct exec *exec = exchange->state;
    size_t waiting = 0;
    size_t taken = 0;
    while (taken < length && exec != NULL && !exec->is_last) {
        struct exec_piece piece;
        taken += exec_frames_next(&exec->frames, bytes + taken, length - taken, &piece);
        if (exec->frames.fault != NULL)
            refuse(exec, exec->frames.fault);
        else
            waiting += act(exec, &piece);
    }
    exchange_consumed(exchange, length - waiting);
}

static void on_request_end(struct exchange *exchange)
{
    struct exec *exec = exchange->state;
    if (exec == NULL || exec->is_last)
        return;
    if (exec_frames_is_inside(&exec->frames))
        refuse(exec, "the request ends inside a frame");
    else if (exec->phase == EXEC_WAITING)
        refuse(exec, "the request ends without 'start'");
    else
        end_input(exec);
}

static void on_close(struct exchange *exchange, bool is_clean)
{
    struct exec *exec = exchange->state;
    (void) is_clean; /* while the answer is not complete it never is */
    if (exec == NULL)
        return;
    exec->exchange = NULL;
    if (exec->phase != EXEC_HUNG_UP)
        hang_up(exec);
    settle(exec);
}

static const struct body exec_body = {
    .content_type = "application/octet-stream",
    .read = exec_read,
    .is_ready = exec_is_ready,
    .on_bytes = on_bytes,
    .on_request_end = on_request_end,
    .close = on_close,
};

static void on_time(struct loop_timer *timer)
{
    struct exec *exec = container_of(timer, struct exec, timer);
    if (exec->phase == EXEC_HUNG_UP) {
        send_signal(exec, SIGKILL);
        return;
    }
    exec->drain_is_over = true;
    exec_ask_again(exec);
}

static void died(struct exec *exec, int wait_status)
{
    bool by_signal = WIFSIGNALED(wait_status);
    if (exec->report.fd >= 0)
        on_report(&exec->report, POLLIN); /* started and died in one turn: first things first */
    if (exec->phase == EXEC_HUNG_UP) {
        (void) kill(-exec->pid, SIGKILL); /* ESRCH: nobody is left of its group */
        exec->pid = 0;
        settle(exec);
        return;
    }
    exec->pid = 0;
    exec->exit_payload[0] = by_signal ? 1 : 0;
    exec->exit_payload[1] = (uint8_t) (by_signal ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status));
    exec->phase = EXEC_DEAD;
    close_input(exec);
    exec_ask_again(exec);
    loop_at(exec->all->loop, &exec->timer, clock_uptime_ms() + EXEC_DRAIN_LIMIT_MS);
}

bool execs_reaped(struct execs *execs, pid_t pid, int wait_status)
{
    for (size_t i = 0; i < EXECS_MAX; i++)
        if (execs->pool[i].pid == pid) {
            died(&execs->pool[i], wait_status);
            return true;
        }
    return false;
}

void execs_init(struct execs *execs, struct loop *loop, const struct boot_document *document)
{
    execs->loop = loop;
    execs->document = document;
    for (size_t i = 0; i < EXECS_MAX; i++) {
        execs->pool[i].all = execs;
        execs->pool[i].backlog.bytes = execs->waiting[i];
        reset(&execs->pool[i]);
    }
}

void exec_open(struct execs *execs, struct exchange *exchange)
{
    struct exec *exec = NULL;
    for (size_t i = 0; i < EXECS_MAX && exec == NULL; i++)
        if (execs->pool[i].phase == EXEC_FREE)
            exec = &execs->pool[i];
    if (exec == NULL) {
        exchange_answer_text(exchange, 503, "too many commands are running\n");
        return;
    }
    exec->phase = EXEC_WAITING;
    exec->timer = (struct loop_timer){.on_time = on_time};
    exec->exchange = exchange;
    exchange->state = exec;
    exchange_answer(exchange, 200, &exec_body);
}
