/* The user that a program runs as: two files of the image, and the system calls in the only order that works. */
#include "identity.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MAX (256 * 1024) /* thousands of users; what is beyond is not looked at */

/* A file that is missing, or none that can be read to its end, has no lines. A pipe in its place must not be waited for. */
static size_t read_file(const char *path, char *bytes, size_t size)
{
    size_t length = 0;
    struct stat status;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
        ssize_t part = 0;
        do {
            part = read(fd, bytes + length, size - length);
            length += part > 0 ? (size_t) part : 0;
        } while (part > 0 && length < size);
    }
    (void) close(fd);
    while (length == size && length > 0 && bytes[length - 1] != '\n')
        size = --length; /* half a line could be taken for a whole one */
    return length;
}

int identity_find(const char *wanted, struct account *ret_account)
{
    static char passwd[FILE_BYTES_MAX]; /* not on the stack: the child's pages of these are its own, and go with it */
    static char group[FILE_BYTES_MAX];
    const struct account_files files = {
        .passwd = passwd,
        .passwd_length = read_file("/etc/passwd", passwd, sizeof passwd),
        .group = group,
        .group_length = read_file("/etc/group", group, sizeof group),
    };
    return accounts_find(&files, wanted, ret_account);
}

int identity_take(const struct account *account)
{
    _Static_assert(sizeof(gid_t) == sizeof account->groups[0], "groups go to the kernel as they are");
    if (setgroups(account->group_count, account->groups) < 0 || setgid(account->group) < 0 || setuid(account->user) < 0)
        return -errno;
    return 0;
}
