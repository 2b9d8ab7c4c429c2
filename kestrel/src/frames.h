#ifndef KESTREL_FRAMES_H
#define KESTREL_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_HEADER_BYTES 9
#define FRAME_PAYLOAD_BYTES_MAX 16384 /* HTTP/2's default, which kestrel does not raise */

/* Follows the frames of an HTTP/2 stream, by their lengths only. */
struct frames {
    uint8_t header[FRAME_HEADER_BYTES];
    size_t header_length;
    size_t payload_left;
    bool is_broken; /* an impossible length: this is no longer the stream that it was */
};

/* False (and for ever after) once a frame is longer than any can be. */
bool frames_follow(struct frames *frames, const uint8_t *bytes, size_t length);

#endif
