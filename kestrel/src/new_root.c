/*
 * From the initramfs to the new root. PID 1 stays the same process: only what "/" means changes.
 * The new root is an image of a stranger: a link in it must never lead a mount or a file of ours to another place.
 */
#include "new_root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 32 /* of folders in the initramfs; what lies deeper stays in memory */

struct moved {
    const char *name;
    mode_t mode; /* where the image does not have the folder */
};

static const struct moved moved[] = {
    {"proc", 0555},
    {"sys", 0555},
    {"dev", 0755},
    {"run", 0755},
    {"tmp", 01777},
};

/* The folder itself, made where it is missing; -ENOTDIR for a link or anything else of that name. */
static int open_folder(int root, const struct moved *folder)
{
    const int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(root, folder->name, flags);
    if (fd >= 0 || errno != ENOENT)
        return fd >= 0 ? fd : -errno;
    if (mkdirat(root, folder->name, 0700) < 0 || fchmodat(root, folder->name, folder->mode, 0) < 0)
        return -errno;
    fd = openat(root, folder->name, flags);
    return fd >= 0 ? fd : -errno;
}

static int move_mounts(int old_root, int root, struct text *ret_detail)
{
    size_t begin = ret_detail->length;
    for (size_t i = 0; i < sizeof moved / sizeof moved[0]; i++) {
        ret_detail->length = begin;
        text_add(ret_detail, "/");
        text_add(ret_detail, moved[i].name);
        text_add(ret_detail, " of the image must be a folder, or missing");
        int target = open_folder(root, &moved[i]);
        if (target < 0)
            return target;
        int result = move_mount(old_root, moved[i].name, target, "", MOVE_MOUNT_T_EMPTY_PATH) < 0 ? -errno : 0;
        (void) close(target);
        if (result < 0)
            return result;
    }
    ret_detail->length = begin;
    return 0;
}

/* Deletes what is in the folder and on its own file system. Errors cost memory only, so they are passed over. Takes `fd` over. */
static void delete_content(int fd, dev_t device, int depth)
{
    DIR *folder = fdopendir(fd);
    if (folder == NULL) {
        (void) close(fd);
        return;
    }
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        struct stat status;
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (fstatat(dirfd(folder), name, &status, AT_SYMLINK_NOFOLLOW) < 0 || status.st_dev != device)
            continue;
        bool is_folder = S_ISDIR(status.st_mode);
        if (is_folder && depth < DEPTH_MAX) {
            int inner = openat(dirfd(folder), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (inner >= 0)
                delete_content(inner, device, depth + 1);
        }
        (void) unlinkat(dirfd(folder), name, is_folder ? AT_REMOVEDIR : 0);
    }
    (void) closedir(folder);
}

/* The boot document goes first and alone: nothing in the new root is to read it, whatever becomes of the rest. */
static int free_initramfs(int old_root)
{
    struct stat status;
    if (unlinkat(old_root, "volant/boot", 0) < 0 && errno != ENOENT)
        return -errno;
    if (fstat(old_root, &status) < 0)
        return -errno;
    int fd = openat(old_root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        delete_content(fd, status.st_dev, 0);
    return 0;
}

static int become_root(int root)
{
    if (fchdir(root) < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 || chdir("/") < 0)
        return -errno;
    return 0;
}

int new_root_enter(struct text *ret_detail)
{
    int old_root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int root = open(NEW_ROOT, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int result = old_root < 0 || root < 0 ? -errno : move_mounts(old_root, root, ret_detail);
    if (result == 0)
        result = become_root(root);
    if (result == 0)
        result = free_initramfs(old_root);
    if (root >= 0)
        (void) close(root);
    if (old_root >= 0)
        (void) close(old_root);
    return result;
}
