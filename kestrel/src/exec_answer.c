/*
 * What a command says to the host, as frames. Its output is read only when HTTP/2 has room, straight behind a frame's header;
 * small frames go through a staging place, because there may be room for half a frame only.
 */
#include "exec.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define ROOM_FOR_DIRECT 64 /* less room than this is filled from a staged frame */
#define STAGED_PIECE 64

void exec_stage(struct exec *exec, enum exec_frame_type type, const void *payload, size_t length)
{
    if (exec->staged_start > 0) {
        memmove(exec->staged, exec->staged + exec->staged_start, exec->staged_length);
        exec->staged_start = 0;
    }
    if (EXEC_FRAME_HEADER_BYTES + length > sizeof exec->staged - exec->staged_length)
        return; /* cannot be: the place is made for all that can wait in it */
    uint8_t *at = exec->staged + exec->staged_length;
    exec_frame_write_header(type, length, at);
    memcpy(at + EXEC_FRAME_HEADER_BYTES, payload, length);
    exec->staged_length += EXEC_FRAME_HEADER_BYTES + length;
}

static size_t take_staged(struct exec *exec, uint8_t *bytes, size_t size)
{
    size_t part = exec->staged_length < size ? exec->staged_length : size;
    memcpy(bytes, exec->staged + exec->staged_start, part);
    exec->staged_start += part;
    exec->staged_length -= part;
    return part;
}

void exec_close_output(struct exec *exec, struct exec_output *output)
{
    if (output->source.fd < 0)
        return;
    loop_remove(exec->all->loop, &output->source);
    (void) close(output->source.fd);
    output->source.fd = -1;
}

static void on_output(struct loop_source *source, short revents)
{
    struct exec_output *output = container_of(source, struct exec_output, source);
    (void) revents;
    output->wants_bytes = false; /* the session reads when it has room */
    source->events = 0;
}

int exec_add_output(struct exec *exec, int index, int fd)
{
    struct exec_output *output = &exec->outputs[index];
    *output = (struct exec_output){.exec = exec, .source = {.fd = fd, .on_ready = on_output}};
    return fd < 0 ? 0 : loop_add(exec->all->loop, &output->source);
}

static bool may_read(const struct exec *exec, const struct exec_output *output)
{
    bool may = exec->phase == EXEC_RUNNING || exec->phase == EXEC_DEAD;
    return may && output->source.fd >= 0 && !output->wants_bytes;
}

static bool has_nothing_left(const struct exec *exec)
{
    return exec->phase == EXEC_DEAD && exec->outputs[0].source.fd < 0 && exec->outputs[1].source.fd < 0;
}

/* Reads behind the place of a header. How much came, 0 where nothing did; an output that has ended is closed. */
static size_t read_output(struct exec *exec, struct exec_output *output, uint8_t *bytes, size_t size)
{
    ssize_t length = read(output->source.fd, bytes, size);
    bool is_empty = length < 0 && (errno == EAGAIN || errno == EINTR);
    if (length > 0) {
        output->drained += exec->drain_is_over ? (size_t) length : 0;
        if (output->drained > EXEC_DRAIN_BYTES_MAX)
            exec_close_output(exec, output);
        return (size_t) length;
    }
    if (is_empty && !exec->drain_is_over) {
        output->wants_bytes = true;
        output->source.events = POLLIN;
    } else if (exec->is_terminal && exec->phase == EXEC_RUNNING) {
        output->wants_bytes = true; /* nobody is on the terminal; but closing it would hang up a command about to exit */
    } else {
        exec_close_output(exec, output); /* a terminal ends with EIO */
    }
    return 0;
}

/* A frame of output: into `bytes` if there is room for a sensible one, else into the staging place. */
static size_t make_frame(struct exec *exec, struct exec_output *output, uint8_t *bytes, size_t room)
{
    uint8_t piece[STAGED_PIECE];
    enum exec_frame_type type = output == &exec->outputs[0] ? EXEC_FRAME_STDOUT : EXEC_FRAME_STDERR;
    if (room < ROOM_FOR_DIRECT) {
        size_t length = read_output(exec, output, piece, sizeof piece);
        if (length > 0)
            exec_stage(exec, type, piece, length);
        return 0;
    }
    size_t size = room - EXEC_FRAME_HEADER_BYTES;
    size = size < EXEC_FRAME_PAYLOAD_BYTES_MAX ? size : EXEC_FRAME_PAYLOAD_BYTES_MAX;
    size_t length = read_output(exec, output, bytes + EXEC_FRAME_HEADER_BYTES, size);
    if (length == 0)
        return 0;
    exec_frame_write_header(type, length, bytes);
    return EXEC_FRAME_HEADER_BYTES + length;
}

/* The next frame. Returns how much of it was put into `bytes`, with *ret_more false where there was none at all. */
static size_t next_frame(struct exec *exec, uint8_t *bytes, size_t room, bool *ret_more)
{
    *ret_more = false;
    for (int i = 0; i < COMMAND_OUTPUTS; i++) {
        struct exec_output *output = &exec->outputs[exec->next_output];
        exec->next_output = (exec->next_output + 1) % COMMAND_OUTPUTS; /* so that neither waits for the other */
        if (!may_read(exec, output))
            continue;
        size_t length = make_frame(exec, output, bytes, room);
        if (length == 0 && exec->staged_length == 0)
            continue;
        *ret_more = true;
        return length;
    }
    if (has_nothing_left(exec)) {
        exec_stage(exec, EXEC_FRAME_EXIT, exec->exit_payload, sizeof exec->exit_payload);
        exec->is_last = true;
        *ret_more = true;
    }
    return 0;
}

ssize_t exec_read(struct exchange *exchange, void *bytes, size_t size, bool *ret_end)
{
    struct exec *exec = exchange->state;
    size_t filled = 0;
    bool has_more = true;
    *ret_end = false;
    while (has_more) {
        filled += take_staged(exec, (uint8_t *) bytes + filled, size - filled);
        if (exec->staged_length > 0)
            break;
        if (exec->is_last) {
            *ret_end = true;
            exec_answered(exec);
            return (ssize_t) filled;
        }
        if (filled == size)
            break;
        filled += next_frame(exec, (uint8_t *) bytes + filled, size - filled, &has_more);
    }
    return filled > 0 ? (ssize_t) filled : -EAGAIN;
}

bool exec_is_ready(const struct exchange *exchange)
{
    const struct exec *exec = exchange->state;
    if (exec->staged_length > 0 || exec->is_last || has_nothing_left(exec))
        return true;
    return may_read(exec, &exec->outputs[0]) || may_read(exec, &exec->outputs[1]);
}

void exec_ask_again(struct exec *exec)
{
    for (int i = 0; i < COMMAND_OUTPUTS; i++)
        exec->outputs[i].wants_bytes = false;
}
