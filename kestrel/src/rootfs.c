/*
 * Mounts what the new root is made of, at places inside the initramfs: the disk itself, or for a kind that nobody can write to
 * an overlay of the disk and a place for the changes. Images come from strangers, so nothing in them is followed or believed.
 */
#include "rootfs.h"

#include "folders.h"
#include "fstype.h"
#include "new_root.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define BASE "/volant/base"
#define CHANGES "/volant/changes"
#define UPPER CHANGES "/upper"
#define WORK CHANGES "/work"
#define DEFAULT_SIZE "50%"
#define FOLDER_BYTES_SHOWN 128

/* Writing down when a file was last read would make writes, and so blocks of its own, out of all that a VM only reads. */
#define ROOT_FLAGS MS_NOATIME
/* A further disk holds data: no devices, and no programs that give rights. */
#define FURTHER_FLAGS (MS_NOATIME | MS_NODEV | MS_NOSUID)

/* "disk X: " */
static void name_disk(struct text *detail, const char *serial)
{
    text_add(detail, "disk ");
    text_add(detail, serial);
    text_add(detail, ": ");
}

static int find_serial(const char *serial, struct disk *ret_disk, struct text *ret_detail)
{
    int result = disks_find_serial(serial, ret_disk);
    if (result < 0) {
        name_disk(ret_detail, serial);
        text_add(ret_detail, result == -ENODEV ? "there is none with this serial number" : "cannot be looked for");
    }
    return result;
}

/* Mounts a disk at a folder that is made first. An empty `type`: what the first bytes say. */
static int mount_disk(
    const struct disk *disk, const char *type, const char *folder, unsigned long flags, struct text *ret_detail)
{
    int result = folders_make(folder);
    if (result < 0) {
        text_add_bytes(ret_detail, folder, strnlen(folder, FOLDER_BYTES_SHOWN));
        text_add(ret_detail, " cannot be made");
        return result;
    }
    if (fstype_is_read_only(type))
        flags |= MS_RDONLY;
    if (mount(disk->device, folder, type, flags, NULL) == 0)
        return 0;
    result = -errno;
    if (result == -ENODEV) {
        text_add(ret_detail, "the kernel knows no file system ");
    } else {
        text_add(ret_detail, "cannot be mounted at ");
        text_add_bytes(ret_detail, folder, strnlen(folder, FOLDER_BYTES_SHOWN));
        text_add(ret_detail, " as ");
    }
    text_add(ret_detail, type);
    return result;
}

static int detect(const struct disk *disk, const char **ret_type, struct text *ret_detail)
{
    const char *type = NULL;
    int result = disks_detect(disk, &type);
    if (result < 0)
        text_add(ret_detail, "cannot be read");
    else if (type == NULL)
        text_add(ret_detail, "its first bytes are those of no file system that kestrel knows");
    else
        *ret_type = type;
    return result < 0 || type != NULL ? result : -EINVAL;
}

static int find_root(struct rootfs *rootfs, struct text *ret_detail)
{
    if (rootfs->choice.serial != NULL)
        return find_serial(rootfs->choice.serial, &rootfs->disk, ret_detail);
    int result = disks_find_name(rootfs->choice.device, &rootfs->disk);
    if (result < 0) {
        name_disk(ret_detail, rootfs->choice.device);
        text_add(ret_detail, "there is none with this name");
    }
    return result;
}

static const char *root_name(const struct rootfs *rootfs)
{
    return rootfs->choice.serial != NULL ? rootfs->choice.serial : rootfs->choice.device;
}

int rootfs_find(struct rootfs *rootfs, struct text *ret_detail)
{
    int result = find_root(rootfs, ret_detail);
    if (result < 0)
        return result;
    name_disk(ret_detail, root_name(rootfs));
    if (rootfs->choice.fstype[0] != '\0')
        rootfs->type = rootfs->choice.fstype;
    else
        result = detect(&rootfs->disk, &rootfs->type, ret_detail);
    if (result == 0 && !boot_value_root_fstype(rootfs->type)) {
        text_add(ret_detail, rootfs->type);
        text_add(ret_detail, " cannot be the root");
        result = -EINVAL;
    }
    return result;
}

/* The changes go to a disk of their own, or to memory. */
static int mount_changes(struct rootfs *rootfs, const struct boot_document *document, struct text *ret_detail)
{
    struct disk disk;
    char bytes[64];
    struct text options;
    if (document->overlay_disk != NULL) {
        int result = find_serial(document->overlay_disk, &disk, ret_detail);
        if (result < 0)
            return result;
        name_disk(ret_detail, document->overlay_disk);
        result = mount_disk(&disk, "ext4", CHANGES, ROOT_FLAGS, ret_detail);
        if (result < 0)
            return result;
        rootfs->changes_fd = open(CHANGES, O_PATH | O_DIRECTORY | O_CLOEXEC);
        return rootfs->changes_fd < 0 ? -errno : 0;
    }
    text_init(&options, bytes, sizeof bytes);
    text_add(&options, "mode=0755,size=");
    text_add(&options, document->overlay_size != NULL ? document->overlay_size : DEFAULT_SIZE);
    text_add(ret_detail, "memory for the changes: ");
    int result = folders_make(CHANGES);
    if (result == 0 && mount("tmpfs", CHANGES, "tmpfs", ROOT_FLAGS, text_end(&options)) < 0)
        result = -errno;
    return result;
}

/* The folder for the changes becomes the root of the overlay, so a new one gets owner and mode of the base's root. */
static int make_upper(struct text *ret_detail)
{
    struct stat base;
    struct stat upper;
    text_add(ret_detail, UPPER);
    if (stat(BASE, &base) < 0)
        return -errno;
    if (mkdir(UPPER, 0755) == 0)
        return chown(UPPER, base.st_uid, base.st_gid) < 0 || chmod(UPPER, base.st_mode & 07777U) < 0 ? -errno : 0;
    if (errno != EEXIST || lstat(UPPER, &upper) < 0)
        return -errno;
    return S_ISDIR(upper.st_mode) ? 0 : -ENOTDIR;
}

static int mount_overlay(struct text *ret_detail)
{
    static const char options[] = "lowerdir=" BASE ",upperdir=" UPPER ",workdir=" WORK;
    int result = make_upper(ret_detail);
    if (result < 0)
        return result;
    if (mkdir(WORK, 0755) < 0 && errno != EEXIST)
        return -errno;
    text_add(ret_detail, ": overlay");
    result = folders_make(NEW_ROOT);
    if (result == 0 && mount("overlay", NEW_ROOT, "overlay", ROOT_FLAGS, options) < 0)
        result = -errno;
    return result;
}

int rootfs_mount(struct rootfs *rootfs, const struct boot_document *document, struct text *ret_detail)
{
    size_t begin = ret_detail->length;
    rootfs->has_overlay = fstype_is_read_only(rootfs->type);
    name_disk(ret_detail, root_name(rootfs));
    int result =
        mount_disk(&rootfs->disk, rootfs->type, rootfs->has_overlay ? BASE : NEW_ROOT, ROOT_FLAGS, ret_detail);
    if (result < 0 || !rootfs->has_overlay)
        return result;
    ret_detail->length = begin; /* this disk is mounted: what fails now is another one */
    result = mount_changes(rootfs, document, ret_detail);
    if (result == 0) {
        ret_detail->length = begin;
        result = mount_overlay(ret_detail);
    }
    return result;
}

static int mount_further(const struct boot_disk *wanted, struct text *ret_detail)
{
    struct disk disk;
    const char *type = NULL;
    int result = find_serial(wanted->serial, &disk, ret_detail);
    if (result < 0)
        return result;
    name_disk(ret_detail, wanted->serial);
    result = detect(&disk, &type, ret_detail);
    if (result < 0)
        return result;
    return mount_disk(&disk, type, wanted->folder, FURTHER_FLAGS | (wanted->is_read_only ? MS_RDONLY : 0), ret_detail);
}

int rootfs_mount_further(const struct boot_document *document, struct text *ret_detail)
{
    size_t begin = ret_detail->length;
    for (size_t i = 0; i < document->disk_count; i++) {
        ret_detail->length = begin;
        int result = mount_further(&document->disks[i], ret_detail);
        if (result < 0)
            return result;
    }
    ret_detail->length = begin;
    return 0;
}
