/* Any bytes as output of the workload: the line on the link is valid UTF-8, bounded, and one line. */
#include "../src/event_text.h"
#include "../src/json.h"
#include "../src/lines.h"

#include "targets.h"

#include <stdlib.h>

static void require(int truth)
{
    if (!truth)
        abort();
}

static void check_part(const char *part, size_t length)
{
    static char bytes[EVENT_LINE_BYTES_MAX];
    struct text text;
    const struct log_record record = {
        .seq = UINT64_MAX, .uptime_ms = UINT64_MAX, .length = (uint32_t) length, .stream = LOG_KESTREL};
    text_init(&text, bytes, sizeof bytes);
    event_text_log(&text, &record, part);
    require(!text.cut && text.bytes[text.length - 1] == '\n');
    for (size_t i = 0; i + 1 < text.length; i++)
        require((unsigned char) text.bytes[i] >= 0x20);
    require(json_whole_characters(text.bytes, text.length) == text.length);
}

/* As output_line() cuts. */
static void on_line(void *context, const char *line, size_t length)
{
    (void) context;
    while (length > 0) {
        size_t part = json_fitting(line, length, EVENT_LINE_BYTES_MAX - 128);
        require(part > 0);
        check_part(line, part);
        line += part;
        length -= part;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct lines lines;
    lines_init(&lines, on_line, NULL);
    for (size_t at = 0; at < length;) {
        size_t piece = 1 + bytes[at] % 97U;
        piece = piece < length - at ? piece : length - at;
        lines_add(&lines, (const char *) bytes + at, piece);
        at += piece;
    }
    lines_flush(&lines);
    return 0;
}
