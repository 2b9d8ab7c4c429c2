/*
 * The last that is done to the disks. A child does it: writing to a disk that does not answer cannot be interrupted, and PID 1
 * has to end the machine all the same.
 */
#include "write_back.h"

#include "clock.h"

#include <errno.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* False if it stays writable. EINVAL: nothing is mounted there (any more), so there is nothing to do. */
static bool make_read_only(const char *folder)
{
    return mount(NULL, folder, NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0 || errno == EINVAL;
}

/* From the top down: the root before the disk below it that takes the changes. That one is out of sight, but not out of reach. */
static bool make_all_read_only(const struct boot_document *document, const struct rootfs *rootfs)
{
    bool all = true;
    for (size_t i = document->disk_count; i > 0; i--)
        if (!document->disks[i - 1].is_read_only)
            all = make_read_only(document->disks[i - 1].folder) && all;
    if (rootfs->choice.is_disk)
        all = make_read_only("/") && all;
    if (rootfs->changes_fd >= 0)
        all = fchdir(rootfs->changes_fd) == 0 && make_read_only(".") && all;
    return all;
}

/* The child's exit status; -ETIMEDOUT where it does not end in time. */
static int wait_for(pid_t pid)
{
    sigset_t child;
    int status = 0;
    uint64_t end_ms = clock_uptime_ms() + WRITE_BACK_LIMIT_MS;
    (void) sigemptyset(&child);
    (void) sigaddset(&child, SIGCHLD); /* main() has blocked it, so it waits here for us */
    while (waitpid(pid, &status, WNOHANG) != pid) {
        uint64_t now_ms = clock_uptime_ms();
        if (now_ms >= end_ms)
            return -ETIMEDOUT;
        const struct timespec rest = {
            .tv_sec = (time_t) ((end_ms - now_ms) / 1000), .tv_nsec = (long) ((end_ms - now_ms) % 1000) * 1000000};
        (void) sigtimedwait(&child, NULL, &rest);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -EIO;
}

int write_back(const struct boot_document *document, const struct rootfs *rootfs)
{
    pid_t pid = fork();
    if (pid < 0)
        return -errno;
    if (pid == 0) {
        sync();
        _exit(make_all_read_only(document, rootfs) ? 0 : 1);
    }
    int result = wait_for(pid);
    return result > 0 ? -EBUSY : result;
}
