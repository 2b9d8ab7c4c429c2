/* Talking to commands in tests: frames out, frames in. */
#include "commands.h"

#include <stdlib.h>

struct command_run *command_begin_raw(struct client *client)
{
    struct command_run *run = calloc(1, sizeof *run);
    assert_non_null(run);
    run->client = client;
    run->request = malloc(COMMAND_BYTES_MAX);
    run->out = malloc(COMMAND_BYTES_MAX);
    run->err = malloc(COMMAND_BYTES_MAX);
    assert_true(run->request != NULL && run->out != NULL && run->err != NULL);
    run->exit_kind = -1;
    run->reply = client_upload(client, "/v1/exec", run->request, 0, true);
    return run;
}

void command_send_raw(struct command_run *run, const void *bytes, size_t length)
{
    assert_true(length <= COMMAND_BYTES_MAX - run->request_length);
    memcpy(run->request + run->request_length, bytes, length);
    run->request_length += length;
    run->reply->upload_length = run->request_length;
    client_resume(run->client, run->reply);
}

void command_send(struct command_run *run, int type, const void *payload, size_t length)
{
    uint8_t header[5] = {(uint8_t) type, (uint8_t) (length >> 24), (uint8_t) (length >> 16), (uint8_t) (length >> 8), (uint8_t) length};
    command_send_raw(run, header, sizeof header);
    command_send_raw(run, payload, length);
}

struct command_run *command_begin(struct client *client, const char *const records[])
{
    char bytes[65536];
    size_t length = 0;
    struct command_run *run = command_begin_raw(client);
    for (size_t i = 0; records[i] != NULL; i++) {
        size_t size = strlen(records[i]) + 1;
        assert_true(size <= sizeof bytes - length);
        memcpy(bytes + length, records[i], size);
        length += size;
    }
    command_send(run, EXEC_FRAME_START, bytes, length);
    return run;
}

void command_end_request(struct command_run *run)
{
    run->reply->upload_open = false;
    client_resume(run->client, run->reply);
}

static void take_frame(struct command_run *run, int type, const uint8_t *payload, size_t length)
{
    assert_int_equal(run->exit_kind, -1); /* it is the last */
    switch (type) {
    case EXEC_FRAME_STARTED:
        assert_int_equal(length, 4);
        assert_int_equal(run->pid, 0);
        run->pid = (long) payload[0] << 24 | payload[1] << 16 | payload[2] << 8 | payload[3];
        break;
    case EXEC_FRAME_STDOUT:
        assert_true(length > 0 && run->pid > 0);
        memcpy(run->out + run->out_length, payload, length);
        run->out_length += length;
        break;
    case EXEC_FRAME_STDERR:
        assert_true(length > 0 && run->pid > 0);
        memcpy(run->err + run->err_length, payload, length);
        run->err_length += length;
        break;
    case EXEC_FRAME_EXIT:
        assert_int_equal(length, 2);
        run->exit_kind = payload[0];
        run->exit_number = payload[1];
        break;
    case EXEC_FRAME_ERROR:
        assert_true(length > 0 && length <= 250);
        memcpy(run->error, payload, length);
        run->error[length] = '\0';
        break;
    default:
        fail_msg("a frame of type %d", type);
    }
}

void command_read(struct command_run *run)
{
    const uint8_t *body = (const uint8_t *) run->reply->body;
    size_t at = 0;
    run->pid = 0;
    run->out_length = 0;
    run->err_length = 0;
    run->error[0] = '\0';
    run->exit_kind = -1;
    while (run->reply->length - at >= 5) {
        size_t length = (size_t) body[at + 1] << 24 | (size_t) body[at + 2] << 16 | (size_t) body[at + 3] << 8 | body[at + 4];
        assert_true(length <= 65536);
        if (length > run->reply->length - at - 5)
            break;
        take_frame(run, body[at], body + at + 5, length);
        at += 5 + length;
    }
    if (run->reply->ended && !run->reply->was_reset)
        assert_int_equal(at, run->reply->length);
    run->out[run->out_length] = '\0';
    run->err[run->err_length] = '\0';
}

void command_finish(struct command_run *run)
{
    assert_true(client_until_ended(run->client, run->reply));
    assert_false(run->reply->was_reset);
    assert_int_equal(run->reply->status, 200);
    command_read(run);
}

static struct {
    struct command_run *run;
    const char *text;
} wanted;

/* In what the command wrote: the frames around it may hold any byte, a pid's among them. */
static bool has_wanted(const struct reply *reply)
{
    struct command_run *run = wanted.run;
    size_t length = strlen(wanted.text);
    if (reply->body == NULL)
        return false;
    command_read(run);
    return memmem(run->out, run->out_length, wanted.text, length) != NULL
        || memmem(run->err, run->err_length, wanted.text, length) != NULL;
}

bool command_until(struct command_run *run, const char *text)
{
    wanted.run = run;
    wanted.text = text;
    return client_run(run->client, has_wanted, run->reply, 20000);
}

void command_free(struct command_run *run)
{
    if (run->reply->upload_open)
        command_end_request(run);
    client_until_quiet(run->client, 0);
    free(run->request);
    free(run->out);
    free(run->err);
    free(run);
}
