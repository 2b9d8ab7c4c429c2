/* Where lines go: ring and console, in this order, neither ever waiting. */
#include "output.h"

#include "clock.h"
#include "json.h"

#include <string.h>

/* A line on the link has at most 16 KiB; its other fields take less than 128 bytes of them. */
#define ENCODED_BYTES_MAX (16384 - 128)

void output_init(struct output *output, const char *console_path)
{
    log_ring_init(&output->ring, output->ring_bytes, sizeof output->ring_bytes);
    console_open(&output->console, console_path);
}

void output_line(struct output *output, enum log_stream stream, const char *line, size_t length)
{
    uint64_t now_ms = clock_uptime_ms();
    console_line(&output->console, stream == LOG_KESTREL ? "kestrel: " : "", line, length);
    do {
        size_t part = json_fitting(line, length, ENCODED_BYTES_MAX);
        log_ring_add(&output->ring, stream, now_ms, line, part);
        line += part;
        length -= part;
    } while (length > 0);
}

void output_note(struct output *output, const char *words, const char *detail)
{
    char bytes[512];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, words);
    if (detail != NULL) {
        text_add(&text, ": ");
        text_add(&text, detail);
    }
    output_line(output, LOG_KESTREL, text.bytes, text.length);
}

void output_error(struct output *output, const char *words, int error)
{
    output_note(output, words, strerror(error < 0 ? -error : error));
}
