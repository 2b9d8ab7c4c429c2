/*
 * Where HTTP/2 frames begin and end. libnghttp2 tells of a broken stream only once it has sent its GOAWAY; on a port whose
 * next host is already talking that is too late. A new host's preface read as a frame has the length "PRI": impossible,
 * and seen here at once. Pure.
 */
#include "frames.h"

#include <string.h>

static void end_header(struct frames *frames)
{
    frames->payload_left =
        (size_t) frames->header[0] << 16 | (size_t) frames->header[1] << 8 | (size_t) frames->header[2];
    frames->header_length = 0;
    frames->is_broken = frames->payload_left > FRAME_PAYLOAD_BYTES_MAX;
}

bool frames_follow(struct frames *frames, const uint8_t *bytes, size_t length)
{
    while (length > 0 && !frames->is_broken) {
        bool in_payload = frames->payload_left > 0;
        size_t wanted = in_payload ? frames->payload_left : FRAME_HEADER_BYTES - frames->header_length;
        size_t part = wanted < length ? wanted : length;
        if (in_payload) {
            frames->payload_left -= part;
        } else {
            memcpy(frames->header + frames->header_length, bytes, part);
            frames->header_length += part;
            if (frames->header_length == FRAME_HEADER_BYTES)
                end_header(frames);
        }
        bytes += part;
        length -= part;
    }
    return !frames->is_broken;
}
