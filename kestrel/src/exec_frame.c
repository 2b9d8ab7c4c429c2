/*
 * The frames inside the bodies of a command's exchange (PROTOCOL.md section 3). Pure; fuzzed. Payloads of any size are passed
 * on piece by piece as they come, so nothing but a header is ever kept here.
 */
#include "exec_frame.h"

#include <string.h>

static bool is_small(uint8_t type)
{
    return type == EXEC_FRAME_STDIN_END || type == EXEC_FRAME_RESIZE || type == EXEC_FRAME_SIGNAL;
}

/* The rule that a frame with this header breaks, or NULL. */
static const char *check_header(const struct exec_frames *frames, uint32_t length)
{
    uint8_t type = frames->header[0];
    if (length > EXEC_FRAME_PAYLOAD_BYTES_MAX)
        return "a frame has more than 65536 bytes";
    if (type < EXEC_FRAME_START || type > EXEC_FRAME_SIGNAL)
        return "a frame has an unknown type";
    if (!frames->has_start && type != EXEC_FRAME_START)
        return "the first frame must be 'start'";
    if (frames->has_start && type == EXEC_FRAME_START)
        return "'start' may come only once";
    if (frames->has_stdin_end && (type == EXEC_FRAME_STDIN || type == EXEC_FRAME_STDIN_END))
        return "'stdin' after 'stdin_end'";
    if (type == EXEC_FRAME_START && length == 0)
        return "'start' is empty";
    if (type == EXEC_FRAME_STDIN_END && length != 0)
        return "'stdin_end' must be empty";
    if (type == EXEC_FRAME_RESIZE && length != 4)
        return "'resize' must have 4 bytes";
    if (type == EXEC_FRAME_SIGNAL && length != 1)
        return "'signal' must have 1 byte";
    return NULL;
}

static const char *check_whole(const struct exec_frames *frames)
{
    uint16_t rows = 0;
    uint16_t columns = 0;
    if (frames->header[0] == EXEC_FRAME_SIGNAL && (frames->whole[0] < 1 || frames->whole[0] > EXEC_SIGNAL_MAX))
        return "'signal' must be from 1 to 64";
    exec_frame_read_size(frames->whole, &rows, &columns);
    if (frames->header[0] == EXEC_FRAME_RESIZE && (rows == 0 || columns == 0))
        return "'resize' must be from 1 to 65535";
    return NULL;
}

/* Completes the header. False where bytes are missing or a rule is broken. */
static bool take_header(struct exec_frames *frames, const uint8_t *bytes, size_t length, size_t *taken)
{
    size_t wanted = EXEC_FRAME_HEADER_BYTES - frames->header_length;
    size_t part = wanted < length ? wanted : length;
    memcpy(frames->header + frames->header_length, bytes, part);
    frames->header_length += part;
    *taken += part;
    if (part < wanted)
        return false;
    const uint8_t *header = frames->header;
    frames->left = (uint32_t) header[1] << 24 | (uint32_t) header[2] << 16 | (uint32_t) header[3] << 8 | header[4];
    frames->fault = check_header(frames, frames->left);
    return frames->fault == NULL;
}

static void end_frame(struct exec_frames *frames)
{
    frames->header_length = 0;
    frames->has_start = true;
    if (frames->header[0] == EXEC_FRAME_STDIN_END)
        frames->has_stdin_end = true;
}

size_t exec_frames_next(struct exec_frames *frames, const uint8_t *bytes, size_t length, struct exec_piece *ret_piece)
{
    size_t taken = 0;
    *ret_piece = (struct exec_piece){.type = EXEC_FRAME_NONE};
    if (frames->fault != NULL)
        return 0;
    if (frames->header_length < EXEC_FRAME_HEADER_BYTES && !take_header(frames, bytes, length, &taken))
        return taken;
    size_t part = frames->left < length - taken ? frames->left : length - taken;
    const uint8_t *payload = bytes + taken;
    taken += part;
    if (part == 0 && frames->left > 0)
        return taken;
    if (is_small(frames->header[0])) {
        memcpy(frames->whole + frames->header[4] - frames->left, payload, part);
        frames->left -= (uint32_t) part;
        if (frames->left > 0)
            return taken;
        frames->fault = check_whole(frames);
        if (frames->fault != NULL)
            return taken;
        *ret_piece = (struct exec_piece){.bytes = frames->whole, .length = frames->header[4]};
    } else {
        frames->left -= (uint32_t) part;
        *ret_piece = (struct exec_piece){.bytes = payload, .length = part};
    }
    ret_piece->type = (enum exec_frame_type) frames->header[0];
    ret_piece->is_last = frames->left == 0;
    if (ret_piece->is_last)
        end_frame(frames);
    return taken;
}

bool exec_frames_is_inside(const struct exec_frames *frames)
{
    return frames->header_length > 0;
}

void exec_frame_write_header(enum exec_frame_type type, size_t length, uint8_t ret_header[EXEC_FRAME_HEADER_BYTES])
{
    ret_header[0] = (uint8_t) type;
    ret_header[1] = (uint8_t) (length >> 24);
    ret_header[2] = (uint8_t) (length >> 16);
    ret_header[3] = (uint8_t) (length >> 8);
    ret_header[4] = (uint8_t) length;
}

void exec_frame_read_size(const uint8_t payload[4], uint16_t *ret_rows, uint16_t *ret_columns)
{
    *ret_rows = (uint16_t) (payload[0] << 8 | payload[1]);
    *ret_columns = (uint16_t) (payload[2] << 8 | payload[3]);
}
