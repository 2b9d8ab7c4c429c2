/*
 * Disks by serial number: names such as vda are given in the order of discovery, which nobody promises.
 * Used during the boot only, so it may wait, with a limit; the kernel's uevents say when looking again is worth it.
 */
#include "disks.h"

#include "clock.h"
#include "devices.h"
#include "fstype.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_FOLDER "/sys/block"
#define CLASS_FOLDER "/sys/class/block/" /* partitions too */
#define LINK_FOLDER "/dev/disk/by-id"
#define PATH_BYTES 320 /* the longest name in a folder and what is around it */

/* The serial number of a disk; false where it has none that a document could name. */
static bool read_serial(const char *name, char serial[BOOT_SERIAL_BYTES_MAX + 1])
{
    char bytes[PATH_BYTES];
    struct text path;
    text_init(&path, bytes, sizeof bytes);
    text_add(&path, BLOCK_FOLDER "/");
    text_add(&path, name);
    text_add(&path, "/serial");
    int fd = open(text_end(&path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t length = read(fd, serial, BOOT_SERIAL_BYTES_MAX);
    (void) close(fd);
    serial[length > 0 ? length : 0] = '\0';
    serial[strcspn(serial, "\n")] = '\0';
    return boot_value_serial(serial);
}

/* Calls `visit` with each disk that has a serial number until it returns non-zero. Returns that, 0 or -errno. */
static int visit_disks(int (*visit)(const char *name, const char *serial, void *context), void *context)
{
    int result = 0;
    DIR *folder = opendir(BLOCK_FOLDER);
    if (folder == NULL)
        return errno == ENOENT ? 0 : -errno; /* no disk was ever seen */
    for (const struct dirent *entry = readdir(folder); entry != NULL && result == 0; entry = readdir(folder)) {
        char serial[BOOT_SERIAL_BYTES_MAX + 1];
        if (entry->d_name[0] != '.' && read_serial(entry->d_name, serial))
            result = visit(entry->d_name, serial, context);
    }
    (void) closedir(folder);
    return result;
}

static int set_device(const char *name, struct disk *ret_disk)
{
    struct text device;
    text_init(&device, ret_disk->device, sizeof ret_disk->device);
    text_add(&device, "/dev/");
    text_add(&device, name);
    (void) text_end(&device);
    return device.cut || device.length == sizeof ret_disk->device ? -ENAMETOOLONG : 1;
}

/* What is looked for, and where it was found. */
struct search {
    const char *wanted;
    struct disk disk;
};

static int compare_serial(const char *name, const char *serial, void *context)
{
    struct search *search = context;
    return strcmp(serial, search->wanted) == 0 ? set_device(name, &search->disk) : 0;
}

static int look_for_serial(struct search *search)
{
    return visit_disks(compare_serial, search);
}

static int look_for_name(struct search *search)
{
    char bytes[PATH_BYTES];
    struct text path;
    text_init(&path, bytes, sizeof bytes);
    text_add(&path, CLASS_FOLDER);
    text_add(&path, search->wanted);
    return access(text_end(&path), F_OK) == 0 ? set_device(search->wanted, &search->disk) : 0;
}

/* Looks, and again whenever devices have changed, until `look` returns non-zero or the limit is reached. */
static int wait_for(int (*look)(struct search *search), struct search *search)
{
    int events = -1;
    uint64_t end_ms = clock_uptime_ms() + DISK_LIMIT_MS;
    int result = devices_open(&events); /* before the first look, so that nothing comes in between unseen */
    if (result < 0)
        return result;
    result = look(search);
    while (result == 0) {
        uint64_t now_ms = clock_uptime_ms();
        struct pollfd polled = {.fd = events, .events = POLLIN};
        if (now_ms >= end_ms || poll(&polled, 1, (int) (end_ms - now_ms)) <= 0)
            break;
        if (devices_concern(events, "SUBSYSTEM=block"))
            result = look(search);
    }
    (void) close(events);
    return result == 0 ? -ENODEV : result;
}

static int find(int (*look)(struct search *search), const char *wanted, struct disk *ret_disk)
{
    struct search search = {.wanted = wanted};
    int result = wait_for(look, &search);
    if (result < 0)
        return result;
    *ret_disk = search.disk;
    return 0;
}

int disks_find_serial(const char *serial, struct disk *ret_disk)
{
    return find(look_for_serial, serial, ret_disk);
}

int disks_find_name(const char *name, struct disk *ret_disk)
{
    return find(look_for_name, name, ret_disk);
}

static int link_disk(const char *name, const char *serial, void *context)
{
    char from_bytes[PATH_BYTES];
    char to_bytes[PATH_BYTES];
    struct text from;
    struct text to;
    (void) context;
    text_init(&from, from_bytes, sizeof from_bytes);
    text_add(&from, LINK_FOLDER "/virtio-");
    text_add(&from, serial);
    text_init(&to, to_bytes, sizeof to_bytes);
    text_add(&to, "../../");
    text_add(&to, name);
    /* The first of two with the same number keeps the link. */
    return symlink(text_end(&to), text_end(&from)) < 0 && errno != EEXIST ? -errno : 0;
}

int disks_link(void)
{
    if (mkdir("/dev/disk", 0755) < 0 && errno != EEXIST)
        return -errno;
    if (mkdir(LINK_FOLDER, 0755) < 0 && errno != EEXIST)
        return -errno;
    return visit_disks(link_disk, NULL);
}

static bool read_device(void *context, uint64_t offset, uint8_t *bytes, size_t length)
{
    const int *fd = context;
    return pread(*fd, bytes, length, (off_t) offset) == (ssize_t) length;
}

int disks_detect(const struct disk *disk, const char **ret_type)
{
    int fd = open(disk->device, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    *ret_type = fstype_detect(read_device, &fd);
    (void) close(fd);
    return 0;
}
