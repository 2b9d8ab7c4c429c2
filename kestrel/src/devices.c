/* uevents: the kernel says when devices come, so nobody has to look again and again. */
#include "devices.h"

#include "netlink.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

#define KERNEL_GROUP 1
#define MESSAGES_A_TURN 16

int devices_open(int *ret_fd)
{
    int result = netlink_open(NETLINK_KOBJECT_UEVENT, KERNEL_GROUP, ret_fd);
    if (result < 0)
        return result;
    return fcntl(*ret_fd, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

/* A message is a row of NUL-ended words. */
static bool has_word(const char *message, size_t length, const char *word)
{
    size_t word_length = strlen(word) + 1;
    return memmem(message, length, word, word_length) != NULL;
}

bool devices_concern(int fd, const char *word)
{
    bool concern = false;
    for (int count = 0; count < MESSAGES_A_TURN; count++) {
        char message[4096];
        ssize_t length = recv(fd, message, sizeof message, 0);
        if (length < 0)
            return concern || errno == ENOBUFS; /* some were lost: better look once too often */
        concern = concern || has_word(message, (size_t) length, word);
    }
    return concern;
}
