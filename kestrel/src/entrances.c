/* The ways in that are not virtio-serial: vsock for other hypervisors, and what tests use instead of a machine. */
#include "entrances.h"

#include "boot_value.h"

#include <errno.h>
#include <limits.h>
#include <linux/vm_sockets.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 8

static int listen_on(struct link *link, int family, const struct sockaddr *address, socklen_t size)
{
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (bind(fd, address, size) < 0 || listen(fd, BACKLOG) < 0) {
        int result = -errno;
        (void) close(fd);
        return result;
    }
    return link_add_listener(link, fd);
}

int entrance_vsock(struct link *link)
{
    struct sockaddr_vm address = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = ENTRANCE_VSOCK_PORT};
    return listen_on(link, AF_VSOCK, (const struct sockaddr *) &address, sizeof address);
}

static int listen_on_path(struct link *link, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, length);
    (void) unlink(path); /* of an earlier run */
    return listen_on(link, AF_UNIX, (const struct sockaddr *) &address, sizeof address);
}

int entrance_for_test(struct link *link, const char *description)
{
    uint64_t fd = 0;
    if (strncmp(description, "unix:", 5) == 0)
        return listen_on_path(link, description + 5);
    if (strncmp(description, "fd:", 3) == 0 && boot_value_number(description + 3, 0, INT_MAX, &fd))
        return link_add_stream(link, (int) fd, false);
    if (strncmp(description, "port:", 5) == 0 && boot_value_number(description + 5, 0, INT_MAX, &fd))
        return link_add_stream(link, (int) fd, true);
    return -EINVAL;
}
