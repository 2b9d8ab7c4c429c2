/* The file systems that the kernel offers, where programs expect them. A table, in the order in which they need each other. */
#include "mounts.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

struct mount_point {
    const char *type;
    const char *target;
    unsigned long flags;
    const char *data;
};

static const struct mount_point mount_points[] = {
    {"proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL},
    {"sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL},
    {"devtmpfs", "/dev", MS_NOSUID, "mode=0755"},
    {"devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "mode=0620,gid=5,ptmxmode=0666"},
    {"tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777"},
    {"tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=0755"},
    {"tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777"},
};

/* Names that devtmpfs does not make and programs use all the same. */
static const char *const links[][2] = {
    {"/proc/self/fd", "/dev/fd"},
    {"/proc/self/fd/0", "/dev/stdin"},
    {"/proc/self/fd/1", "/dev/stdout"},
    {"/proc/self/fd/2", "/dev/stderr"},
};

int mounts_make(const char **ret_target)
{
    for (size_t i = 0; i < sizeof mount_points / sizeof mount_points[0]; i++) {
        const struct mount_point *point = &mount_points[i];
        *ret_target = point->target;
        if (mkdir(point->target, 0755) < 0 && errno != EEXIST)
            return -errno;
        if (mount(point->type, point->target, point->type, point->flags, point->data) < 0 && errno != EBUSY)
            return -errno;
    }
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        *ret_target = links[i][1];
        if (symlink(links[i][0], links[i][1]) < 0 && errno != EEXIST)
            return -errno;
    }
    return 0;
}
