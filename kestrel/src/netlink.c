/*
 * Talking to the kernel about its network, in the few forms that kestrel needs.
 * Used during the boot only, so it may wait, with a limit.
 */
#include "netlink.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define ANSWER_LIMIT_S 5
#define ATTRIBUTE_HEADER_BYTES sizeof(struct nlattr)

int netlink_open(int protocol, uint32_t groups, int *ret_fd)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
    struct timeval limit = {.tv_sec = ANSWER_LIMIT_S};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (fd < 0)
        return -errno;
    if (bind(fd, (const struct sockaddr *) &address, sizeof address) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0) {
        int result = -errno;
        (void) close(fd);
        return result;
    }
    *ret_fd = fd;
    return 0;
}

void *netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags, size_t body_length)
{
    memset(request, 0, sizeof *request);
    request->header.nlmsg_len = (uint32_t) NLMSG_LENGTH(body_length);
    request->header.nlmsg_type = type;
    request->header.nlmsg_flags = (uint16_t) (NLM_F_REQUEST | flags);
    return request->bytes + NLMSG_HDRLEN;
}

void netlink_attribute(struct netlink_request *request, uint16_t type, const void *value, size_t length)
{
    size_t at = NLMSG_ALIGN(request->header.nlmsg_len);
    struct nlattr attribute = {.nla_len = (uint16_t) (ATTRIBUTE_HEADER_BYTES + length), .nla_type = type};
    if (at + ATTRIBUTE_HEADER_BYTES + length > sizeof request->bytes)
        return; /* cannot be: addresses are small; the kernel would refuse the request without it */
    memcpy(request->bytes + at, &attribute, sizeof attribute);
    memcpy(request->bytes + at + ATTRIBUTE_HEADER_BYTES, value, length);
    request->header.nlmsg_len = (uint32_t) (at + ATTRIBUTE_HEADER_BYTES + length);
}

static int verdict(const struct nlmsghdr *message)
{
    struct nlmsgerr error;
    if (message->nlmsg_len < NLMSG_LENGTH(sizeof error))
        return -EPROTO;
    memcpy(&error, NLMSG_DATA(message), sizeof error);
    return error.error;
}

static ssize_t exchange(int fd, const struct netlink_request *request, char *answer, size_t size)
{
    if (request != NULL && send(fd, request->bytes, request->header.nlmsg_len, 0) < 0)
        return -errno;
    ssize_t length = recv(fd, answer, size, 0);
    if (length < 0)
        return errno == EAGAIN ? -ETIMEDOUT : -errno;
    return length;
}

int netlink_call(int fd, struct netlink_request *request)
{
    char answer[1024] __attribute__((aligned(NLMSG_ALIGNTO)));
    const struct nlmsghdr *message = (const struct nlmsghdr *) (const void *) answer;
    request->header.nlmsg_flags |= NLM_F_ACK;
    ssize_t length = exchange(fd, request, answer, sizeof answer);
    if (length < 0)
        return (int) length;
    if (!NLMSG_OK(message, (size_t) length) || message->nlmsg_type != NLMSG_ERROR)
        return -EPROTO;
    return verdict(message);
}

int netlink_dump(
    int fd, struct netlink_request *request, int (*on_message)(const struct nlmsghdr *message, void *context), void *context)
{
    char answer[16384] __attribute__((aligned(NLMSG_ALIGNTO)));
    request->header.nlmsg_flags |= NLM_F_DUMP;
    for (const struct netlink_request *sending = request;; sending = NULL) {
        ssize_t length = exchange(fd, sending, answer, sizeof answer);
        if (length < 0)
            return (int) length;
        size_t left = (size_t) length;
        const struct nlmsghdr *message = (const struct nlmsghdr *) (const void *) answer;
        for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
            if (message->nlmsg_type == NLMSG_DONE)
                return 0;
            int result = message->nlmsg_type == NLMSG_ERROR ? verdict(message) : on_message(message, context);
            if (result != 0)
                return result;
        }
    }
}
