/*
 * Any bytes as the host's side of a command, and as the query of a request: what is read never depends on the pieces in which
 * it comes, rules hold, strings end.
 */
#include "../src/exec_frame.h"
#include "../src/exec_start.h"
#include "../src/query.h"

#include "targets.h"

#include <stdlib.h>
#include <string.h>

static void require(int truth)
{
    if (!truth)
        abort();
}

/* What a reading came to. */
struct outcome {
    uint64_t sum;
    const char *fault;
    size_t start_length;
    uint8_t start[EXEC_FRAME_PAYLOAD_BYTES_MAX];
};

static void note(struct outcome *outcome, const struct exec_piece *piece)
{
    if (piece->type == EXEC_FRAME_NONE)
        return;
    require(piece->type >= EXEC_FRAME_START && piece->type <= EXEC_FRAME_SIGNAL);
    require(piece->type != EXEC_FRAME_SIGNAL || (piece->length == 1 && piece->bytes[0] >= 1 && piece->bytes[0] <= 64));
    require(piece->type != EXEC_FRAME_RESIZE || piece->length == 4);
    for (size_t i = 0; i < piece->length; i++)
        outcome->sum = outcome->sum * 31 + piece->bytes[i];
    if (piece->is_last)
        outcome->sum = outcome->sum * 31 + piece->type + 1000;
    if (piece->type == EXEC_FRAME_START) {
        require(piece->length <= sizeof outcome->start - outcome->start_length);
        memcpy(outcome->start + outcome->start_length, piece->bytes, piece->length);
        outcome->start_length += piece->length;
    }
}

static void follow(const uint8_t *bytes, size_t length, size_t step, struct outcome *outcome)
{
    struct exec_frames frames = {0};
    *outcome = (struct outcome){0};
    for (size_t at = 0; at < length && frames.fault == NULL;) {
        struct exec_piece piece;
        size_t part = step < length - at ? step : length - at;
        size_t taken = exec_frames_next(&frames, bytes + at, part, &piece);
        require(taken > 0 && taken <= part);
        if (frames.fault == NULL)
            note(outcome, &piece);
        at += taken;
    }
    outcome->fault = frames.fault;
}

static void check_start(const uint8_t *bytes, size_t length)
{
    static struct exec_start start;
    static const struct boot_document document = {.environment = {"PATH=/bin", "TERM=linux"}, .environment_count = 2, .workdir = "/"};
    const char *rule = NULL;
    char *copy = malloc(length > 0 ? length : 1); /* exactly as long, so that a byte too far is seen */
    require(copy != NULL);
    memcpy(copy, bytes, length);
    if (exec_start_parse(copy, length, &start, &rule) < 0) {
        require(rule != NULL);
    } else {
        exec_start_inherit(&start, &document);
        require(start.argument_count >= 1 && start.argument_count <= EXEC_ARGUMENTS_MAX);
        require(start.arguments[start.argument_count] == NULL && start.environment[start.environment_count] == NULL);
        require(start.rows > 0 && start.columns > 0 && start.workdir[0] == '/' && strlen(start.term) > 5);
        for (size_t i = 0; i < start.environment_count; i++)
            require(strchr(start.environment[i], '=') != NULL);
    }
    free(copy);
}

static void check_query(const uint8_t *bytes, size_t length)
{
    char value[32];
    char *text = malloc(length + 1);
    require(text != NULL);
    memcpy(text, bytes, length);
    text[length] = '\0';
    if (query_value(text, "path", value, sizeof value) == 0)
        require(memchr(value, '\0', sizeof value) != NULL);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct outcome whole;
    static struct outcome other;
    follow(bytes, length, length, &whole);
    for (size_t step = 1; step <= 7; step += 3) {
        follow(bytes, length, step, &other);
        require(other.sum == whole.sum && other.fault == whole.fault);
    }
    if (whole.start_length > 0)
        check_start(whole.start, whole.start_length);
    if (length > 0)
        check_start(bytes, length);
    check_query(bytes, length);
    return 0;
}
