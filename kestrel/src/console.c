/*
 * The console as a bounded, non-blocking outlet. A serial line takes 10 kB/s and its reader may be asleep,
 * so a line that does not fit is dropped whole and counted; the ring keeps it for the link all the same.
 */
#include "console.h"

#include "clock.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static void on_writable(struct loop_source *source, short revents)
{
    struct console *console = container_of(source, struct console, source);
    if ((revents & POLLOUT) == 0) { /* only an error: nobody will ever read this */
        console->length = 0;
        source->events = 0;
        return;
    }
    console_flush(console);
}

void console_open(struct console *console, const char *path)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    console->source = (struct loop_source){.fd = fd, .on_ready = on_writable};
    console->loop = NULL;
    console->length = 0;
    console->lost_lines = 0;
}

void console_attach(struct console *console, struct loop *loop)
{
    if (console->source.fd >= 0 && loop_add(loop, &console->source) == 0)
        console->loop = loop;
}

static bool fits(const struct console *console, size_t length)
{
    return length <= sizeof console->bytes - console->length;
}

static void append(struct console *console, const char *bytes, size_t length)
{
    memcpy(console->bytes + console->length, bytes, length);
    console->length += length;
}

/* Says how many lines are missing, at the place where they are missing. */
static void tell_lost(struct console *console)
{
    char bytes[64];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, "kestrel: console: ");
    text_add_number(&text, console->lost_lines);
    text_add(&text, " lines dropped\n");
    if (!fits(console, text.length))
        return;
    append(console, text.bytes, text.length);
    console->lost_lines = 0;
}

void console_line(struct console *console, const char *prefix, const char *line, size_t length)
{
    size_t prefix_length = strlen(prefix);
    if (console->source.fd < 0)
        return;
    if (console->lost_lines > 0 && console->length < sizeof console->bytes / 2)
        tell_lost(console);
    if (console->lost_lines > 0 || !fits(console, prefix_length + length + 1)) {
        console->lost_lines++;
        return;
    }
    append(console, prefix, prefix_length);
    append(console, line, length);
    append(console, "\n", 1);
}

void console_flush(struct console *console)
{
    ssize_t written = 0;
    if (console->length == 0 || console->source.fd < 0) {
        console->source.events = 0;
        return;
    }
    written = write(console->source.fd, console->bytes, console->length);
    if (written < 0 && errno != EAGAIN && errno != EINTR)
        console->length = 0; /* a console that is gone must not keep us busy */
    if (written > 0) {
        console->length -= (size_t) written;
        memmove(console->bytes, console->bytes + written, console->length);
    }
    console->source.events = console->length > 0 ? POLLOUT : 0;
}

void console_drain(struct console *console, int limit_ms)
{
    uint64_t end_ms = clock_uptime_ms() + (uint64_t) limit_ms;
    if (console->lost_lines > 0)
        tell_lost(console);
    console_flush(console);
    while (console->length > 0 && clock_uptime_ms() < end_ms) {
        struct pollfd polled = {.fd = console->source.fd, .events = POLLOUT};
        if (poll(&polled, 1, (int) (end_ms - clock_uptime_ms())) <= 0 || (polled.revents & POLLOUT) == 0)
            return;
        console_flush(console);
    }
}
