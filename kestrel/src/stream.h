#ifndef KESTREL_STREAM_H
#define KESTREL_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * A non-blocking stream of bytes to the host. Two kinds behind one face:
 * a connection (vsock, unix socket) is over when it hangs up; a virtio-serial port stays, and waits for the next host.
 */
struct stream {
    int fd;
    bool is_port;
    int wait_fd; /* ports: readable when the state of a port without a host may have changed; else -1 */
};

/* Both take over `fd`. 0 or -errno; on an error the descriptor is closed. */
int stream_of_connection(int fd, struct stream *ret_stream);
int stream_of_port(int fd, struct stream *ret_stream);
void stream_close(struct stream *stream);

/* > 0: bytes; 0: the other side is gone (end, hang-up or an error that amounts to it); -EAGAIN: later. */
ssize_t stream_read(const struct stream *stream, void *bytes, size_t size);
ssize_t stream_write(const struct stream *stream, const void *bytes, size_t length);

/* Ports: whether a host is connected now. Quiets wait_fd. */
bool stream_has_host(const struct stream *stream);

#endif
