#ifndef KESTREL_EXEC_FRAME_H
#define KESTREL_EXEC_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXEC_FRAME_HEADER_BYTES 5
#define EXEC_FRAME_PAYLOAD_BYTES_MAX 65536
#define EXEC_SIGNAL_MAX 64

/* The types of PROTOCOL.md section 3. */
enum exec_frame_type {
    EXEC_FRAME_NONE = 0x00,
    EXEC_FRAME_START = 0x01,
    EXEC_FRAME_STDIN = 0x02,
    EXEC_FRAME_STDIN_END = 0x03,
    EXEC_FRAME_RESIZE = 0x04,
    EXEC_FRAME_SIGNAL = 0x05,
    EXEC_FRAME_STARTED = 0x11,
    EXEC_FRAME_STDOUT = 0x12,
    EXEC_FRAME_STDERR = 0x13,
    EXEC_FRAME_EXIT = 0x14,
    EXEC_FRAME_ERROR = 0x15,
};

/* Where the host's sequence of frames stands. All zero at the start. */
struct exec_frames {
    uint8_t header[EXEC_FRAME_HEADER_BYTES];
    size_t header_length;
    uint32_t left; /* of the payload */
    uint8_t whole[4]; /* the payload of a small frame */
    bool has_start;
    bool has_stdin_end;
    const char *fault; /* the rule that was broken; nothing more is read then */
};

/* A piece of a `start` or `stdin` frame, or another frame as a whole. */
struct exec_piece {
    enum exec_frame_type type; /* NONE: the bytes were used up before anything was complete */
    const uint8_t *bytes;
    size_t length;
    bool is_last; /* the frame ends with it */
};

/* Takes the next piece out of `bytes` and returns how many were used; 0 only where `frames->fault` is set. */
size_t exec_frames_next(struct exec_frames *frames, const uint8_t *bytes, size_t length, struct exec_piece *ret_piece);

/* Whether a frame has begun and not ended. */
bool exec_frames_is_inside(const struct exec_frames *frames);

void exec_frame_write_header(enum exec_frame_type type, size_t length, uint8_t ret_header[EXEC_FRAME_HEADER_BYTES]);

/* The two numbers of a `resize`. */
void exec_frame_read_size(const uint8_t payload[4], uint16_t *ret_rows, uint16_t *ret_columns);

#endif
