/* Bytes to lines. Pure but for its sink. A cut never falls into the middle of a UTF-8 character. */
#include "lines.h"

#include "json.h"

#include <string.h>

void lines_init(struct lines *lines, lines_sink *sink, void *context)
{
    lines->length = 0;
    lines->sink = sink;
    lines->context = context;
}

static void hand_on(struct lines *lines, size_t length)
{
    lines->sink(lines->context, lines->bytes, length);
    lines->length -= length;
    memmove(lines->bytes, lines->bytes + length, lines->length);
}

/* The line has ended: a carriage return before the end belongs to the end. */
static void end_line(struct lines *lines)
{
    size_t length = lines->length;
    if (length > 0 && lines->bytes[length - 1] == '\r')
        length--;
    lines->sink(lines->context, lines->bytes, length);
    lines->length = 0;
}

void lines_add(struct lines *lines, const char *bytes, size_t length)
{
    while (length > 0) {
        if (lines->length == sizeof lines->bytes)
            hand_on(lines, json_whole_characters(lines->bytes, lines->length));
        const char *newline = memchr(bytes, '\n', length);
        size_t part = newline != NULL ? (size_t) (newline - bytes) : length;
        size_t room = sizeof lines->bytes - lines->length;
        size_t taken = part < room ? part : room;
        memcpy(lines->bytes + lines->length, bytes, taken);
        lines->length += taken;
        bytes += taken;
        length -= taken;
        if (newline != NULL && taken == part) {
            end_line(lines);
            bytes++;
            length--;
        }
    }
}

void lines_flush(struct lines *lines)
{
    if (lines->length > 0)
        end_line(lines);
}
