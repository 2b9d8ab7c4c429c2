/*
 * The link's transport. A port without a host reports POLLHUP for as long as nobody connects, which would make the loop
 * spin; so such a port is watched through an edge-triggered epoll descriptor, which only speaks when something has changed.
 */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

static int make_non_blocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

static void close_quietly(int fd)
{
    if (fd >= 0)
        (void) close(fd); /* nothing can be done about an error, and nothing written is at stake */
}

int stream_of_connection(int fd, struct stream *ret_stream)
{
    int result = make_non_blocking(fd);
    if (result < 0) {
        close_quietly(fd);
        return result;
    }
    *ret_stream = (struct stream){.fd = fd, .wait_fd = -1};
    return 0;
}

int stream_of_port(int fd, struct stream *ret_stream)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET};
    int result = 0;
    int wait_fd = epoll_create1(EPOLL_CLOEXEC);
    if (wait_fd < 0 || epoll_ctl(wait_fd, EPOLL_CTL_ADD, fd, &event) < 0)
        result = -errno;
    else
        result = make_non_blocking(fd);
    if (result < 0) {
        close_quietly(wait_fd);
        close_quietly(fd);
        return result;
    }
    *ret_stream = (struct stream){.fd = fd, .is_port = true, .wait_fd = wait_fd};
    return 0;
}

void stream_close(struct stream *stream)
{
    close_quietly(stream->wait_fd);
    close_quietly(stream->fd);
    *stream = (struct stream){.fd = -1, .wait_fd = -1};
}

static ssize_t outcome(ssize_t result)
{
    if (result >= 0)
        return result;
    return errno == EAGAIN || errno == EINTR ? -EAGAIN : 0;
}

ssize_t stream_read(const struct stream *stream, void *bytes, size_t size)
{
    return outcome(read(stream->fd, bytes, size));
}

ssize_t stream_write(const struct stream *stream, const void *bytes, size_t length)
{
    return outcome(write(stream->fd, bytes, length));
}

bool stream_has_host(const struct stream *stream)
{
    struct epoll_event ignored;
    struct pollfd polled = {.fd = stream->fd, .events = POLLIN | POLLOUT};
    (void) epoll_wait(stream->wait_fd, &ignored, 1, 0); /* only to take the edge */
    return poll(&polled, 1, 0) > 0 && (polled.revents & (POLLHUP | POLLERR | POLLNVAL)) == 0;
}
