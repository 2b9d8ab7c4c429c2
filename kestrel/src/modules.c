/* Kernel modules by finit_module(2): the host has sorted them, so there is nothing to resolve. */
#include "modules.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/module.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int module_load(const char *path)
{
    int result = 0;
    const char *dot = strrchr(path, '.');
    int flags = dot != NULL && strcmp(dot, ".ko") != 0 ? MODULE_INIT_COMPRESSED_FILE : 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (syscall(SYS_finit_module, fd, "", flags) < 0 && errno != EEXIST)
        result = -errno;
    (void) close(fd);
    return result;
}
