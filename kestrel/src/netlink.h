#ifndef KESTREL_NETLINK_H
#define KESTREL_NETLINK_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

#define NETLINK_REQUEST_BYTES_MAX 256

/* A request under construction: header, body, attributes. */
struct netlink_request {
    union {
        struct nlmsghdr header;
        char bytes[NETLINK_REQUEST_BYTES_MAX];
    };
};

/* `groups`: multicast groups to hear, or 0. Answers are waited for, but never longer than a limit. 0 or -errno. */
int netlink_open(int protocol, uint32_t groups, int *ret_fd);

/* Begins a request and returns its zeroed body. */
void *netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags, size_t body_length);
void netlink_attribute(struct netlink_request *request, uint16_t type, const void *value, size_t length);

/* Sends a request and waits for the kernel's verdict. 0 or -errno. */
int netlink_call(int fd, struct netlink_request *request);

/* Sends a dump request and calls `on_message` for each answer until it returns non-zero; returns that, 0 or -errno. */
int netlink_dump(
    int fd, struct netlink_request *request, int (*on_message)(const struct nlmsghdr *message, void *context), void *context);

#endif
