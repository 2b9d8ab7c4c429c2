/*
 * The link: streams to the host and the sessions on them. What comes in is untrusted; a broken session is ended and the
 * stream goes on (a port) or is closed (a connection). Nothing here blocks, and all buffers are fixed.
 */
#include "link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void link_init(struct link *link, struct loop *loop, struct output *output, struct events *events)
{
    link->loop = loop;
    link->output = output;
    link->listener_count = 0;
    routes_init(&link->routes, events, &output->ring, loop);
    for (size_t i = 0; i < LINK_CHANNELS_MAX; i++)
        link->channels[i].used = false;
}

static void end_session(struct channel *channel)
{
    if (channel->has_session)
        session_close(&channel->session);
    channel->has_session = false;
    channel->is_ending = false;
    channel->out_start = 0;
    channel->out_length = 0;
}

static void begin_session(struct channel *channel)
{
    int result = session_open(&channel->session, &channel->link->routes.handler);
    channel->has_session = result == 0;
    if (result < 0)
        output_error(channel->link->output, "link: no session", result);
}

static void remove_channel(struct channel *channel)
{
    end_session(channel);
    loop_remove(channel->link->loop, &channel->source);
    stream_close(&channel->stream);
    channel->used = false;
}

/* Nobody is there. A port is watched for the next host; the channel of a connection is free again. */
static void hang_up(struct channel *channel)
{
    if (!channel->stream.is_port) {
        remove_channel(channel);
        return;
    }
    end_session(channel);
    channel->search.matched = 0;
    channel->source.fd = channel->stream.wait_fd;
    channel->source.events = POLLIN;
}

static void fail(struct channel *channel)
{
    channel->is_ending = true;
    output_note(channel->link->output, "link: a session ended", "not HTTP/2, or against its rules");
}

static void feed(struct channel *channel, const uint8_t *bytes, size_t length)
{
    if (length > 0 && channel->has_session && !channel->is_ending && session_receive(&channel->session, bytes, length) < 0)
        fail(channel);
}

/* Whether a session is there and its stream still makes sense. */
static bool follow(struct channel *channel, const uint8_t *bytes, size_t length)
{
    return channel->has_session && !channel->is_ending && frames_follow(&channel->frames, bytes, length);
}

/*
 * A client may come back without a hang-up that we saw. Its preface makes the old session's frames senseless, and begins
 * the new one. (A preface while the frames do make sense is somebody's data.)
 */
static void feed_port(struct channel *channel, const uint8_t *bytes, size_t length)
{
    size_t after = 0;
    bool found = preface_find(&channel->search, bytes, length, &after);
    if (follow(channel, bytes, length) || !found) {
        feed(channel, bytes, length);
        return;
    }
    end_session(channel);
    begin_session(channel);
    channel->frames = (struct frames){0};
    feed(channel, (const uint8_t *) preface_bytes, PREFACE_BYTES);
    if (follow(channel, bytes + after, length - after))
        feed(channel, bytes + after, length - after);
}

/* Fills the buffer: a port gives only a page at a time, and each piece costs a walk through HTTP/2 and the loop. */
static ssize_t read_much(const struct stream *stream, uint8_t *bytes, size_t size)
{
    size_t length = 0;
    ssize_t part = 0;
    do {
        part = stream_read(stream, bytes + length, size - length);
        length += part > 0 ? (size_t) part : 0;
    } while (part > 0 && stream->is_port && length < size);
    return length > 0 ? (ssize_t) length : part; /* an end after bytes shows itself again */
}

static void receive(struct channel *channel)
{
    ssize_t length = read_much(&channel->stream, channel->link->in, sizeof channel->link->in);
    if (length == 0)
        hang_up(channel);
    else if (length > 0 && channel->stream.is_port)
        feed_port(channel, channel->link->in, (size_t) length);
    else if (length > 0)
        feed(channel, channel->link->in, (size_t) length);
}

static void on_ready(struct loop_source *source, short revents)
{
    struct channel *channel = container_of(source, struct channel, source);
    if (source->fd == channel->stream.wait_fd) {
        if (stream_has_host(&channel->stream)) {
            source->fd = channel->stream.fd;
            source->events = POLLIN;
        }
        return;
    }
    if ((revents & POLLIN) != 0) /* first: what was said before a hang-up counts */
        receive(channel);
    else if ((revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
        hang_up(channel);
}

int link_add_stream(struct link *link, int fd, bool is_port)
{
    struct channel *channel = NULL;
    for (size_t i = 0; i < LINK_CHANNELS_MAX && channel == NULL; i++)
        if (!link->channels[i].used)
            channel = &link->channels[i];
    if (channel == NULL) {
        (void) close(fd);
        return -ENOSPC;
    }
    int result = is_port ? stream_of_port(fd, &channel->stream) : stream_of_connection(fd, &channel->stream);
    if (result < 0)
        return result;
    channel->link = link;
    channel->has_session = false;
    channel->search.matched = 0;
    end_session(channel);
    channel->source = (struct loop_source){.fd = channel->stream.fd, .events = POLLIN, .on_ready = on_ready};
    result = loop_add(link->loop, &channel->source);
    if (result < 0) {
        stream_close(&channel->stream);
        return result;
    }
    channel->used = true;
    if (!is_port)
        begin_session(channel);
    return 0;
}

static void on_connection(struct loop_source *source, short revents)
{
    struct listener *listener = container_of(source, struct listener, source);
    (void) revents;
    int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return; /* the client has gone again, or descriptors are out: others may be let in later */
    int result = link_add_stream(listener->link, fd, false);
    if (result < 0)
        output_error(listener->link->output, "link: a connection was refused", result);
}

int link_add_listener(struct link *link, int fd)
{
    if (link->listener_count == LINK_LISTENERS_MAX) {
        (void) close(fd);
        return -ENOSPC;
    }
    struct listener *listener = &link->listeners[link->listener_count++];
    listener->link = link;
    listener->source = (struct loop_source){.fd = fd, .events = POLLIN, .on_ready = on_connection};
    return loop_add(link->loop, &listener->source);
}

static bool refill(struct channel *channel)
{
    if (channel->out_length == 0) {
        channel->out_start = 0;
        channel->out_length = session_send(&channel->session, channel->out, sizeof channel->out);
    }
    return channel->out_length > 0;
}

/* Writes until the stream takes no more or nothing is left; a few buffers at most, so that others get their turn. */
static void flush_channel(struct channel *channel)
{
    session_wake(&channel->session);
    for (int round = 0; round < 8 && refill(channel); round++) {
        ssize_t written = stream_write(&channel->stream, channel->out + channel->out_start, channel->out_length);
        if (written == 0) {
            hang_up(channel);
            return;
        }
        if (written < 0)
            break;
        channel->out_start += (size_t) written;
        channel->out_length -= (size_t) written;
    }
    bool is_flushed = channel->out_length == 0 && session_is_flushed(&channel->session);
    channel->source.events = (short) (is_flushed ? POLLIN : POLLIN | POLLOUT);
    if (!is_flushed || (!channel->is_ending && !session_is_over(&channel->session)))
        return;
    if (channel->stream.is_port)
        end_session(channel);
    else
        remove_channel(channel);
}

void link_flush(struct link *link)
{
    for (size_t i = 0; i < LINK_CHANNELS_MAX; i++) {
        struct channel *channel = &link->channels[i];
        if (!channel->used)
            continue;
        if (channel->has_session)
            flush_channel(channel);
        else if (!channel->stream.is_port)
            remove_channel(channel); /* there was no memory for its session */
    }
}

bool link_is_flushed(const struct link *link)
{
    for (size_t i = 0; i < LINK_CHANNELS_MAX; i++) {
        const struct channel *channel = &link->channels[i];
        if (channel->used && channel->has_session && (channel->out_length > 0 || !session_is_flushed(&channel->session)))
            return false;
    }
    return true;
}
