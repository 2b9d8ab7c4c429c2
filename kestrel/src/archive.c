/*
 * A file or tree as a tar archive on standard output: the job of a child, so that no disk ever holds up PID 1. It may
 * wait, and allocate; what it cannot do ends it.
 */
#include "archive.h"

#include "links.h"
#include "tar.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define DEPTH_MAX 256
#define SMALL_FILE_BYTES (256 * 1024) /* read before its size is told: the files of /proc and /sys do not know theirs */
#define BUFFER_BYTES 65536

/* Touched by the child alone. */
static struct {
    struct tar_sink sink;
    dev_t device; /* of the top: others are not entered */
    char name[TAR_NAME_BYTES_MAX + 1]; /* of the current entry */
    size_t name_length;
    struct links links;
    char target[TAR_NAME_BYTES_MAX + 1];
    uint8_t file[SMALL_FILE_BYTES];
    size_t waiting;
    uint8_t buffer[BUFFER_BYTES];
} archive;

void archive_answer(const char *status, const char *name, const char *words, int error)
{
    char bytes[3 + ARCHIVE_ANSWER_BYTES_MAX];
    struct text text;
    text_init(&text, bytes, sizeof bytes - 1);
    text_add(&text, status);
    for (size_t i = 0; name[i] != '\0' && i < 60; i++)
        text_add_bytes(&text, name[i] >= ' ' && name[i] <= '~' ? &name[i] : "?", 1);
    if (name[0] != '\0')
        text_add(&text, ": ");
    text_add(&text, words);
    if (error != 0)
        text_add(&text, strerror(error));
    if (text.length > 3)
        bytes[text.length++] = '\n'; /* there is a byte for it */
    (void) !write(STDOUT_FILENO, bytes, text.length); /* a reader that has gone needs no answer */
}

static int write_all(const uint8_t *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, length);
        if (written < 0)
            return -errno;
        bytes += written;
        length -= (size_t) written;
    }
    return 0;
}

static int flush(void)
{
    int result = write_all(archive.buffer, archive.waiting);
    archive.waiting = 0;
    return result;
}

static int put(void *context, const void *bytes, size_t length)
{
    (void) context;
    int result = length > BUFFER_BYTES - archive.waiting ? flush() : 0;
    if (result < 0 || length > BUFFER_BYTES)
        return result < 0 ? result : write_all(bytes, length);
    memcpy(archive.buffer + archive.waiting, bytes, length);
    archive.waiting += length;
    return 0;
}

/* Reads until `size` or the end of the file. */
static ssize_t read_fully(int fd, uint8_t *bytes, size_t size)
{
    size_t filled = 0;
    while (filled < size) {
        ssize_t length = read(fd, bytes + filled, size - filled);
        if (length < 0 && errno != EINTR)
            return -errno;
        if (length == 0)
            break;
        filled += length > 0 ? (size_t) length : 0;
    }
    return (ssize_t) filled;
}

static int put_zeros(uint64_t count)
{
    static const uint8_t zeros[4096];
    int result = 0;
    for (; result == 0 && count > 0; count -= count < sizeof zeros ? count : sizeof zeros)
        result = put(NULL, zeros, count < sizeof zeros ? (size_t) count : sizeof zeros);
    return result;
}

/* The rest of a large file, exactly as long as its header has said. */
static int put_rest(int fd, uint64_t left)
{
    int result = 0;
    while (result == 0 && left > 0) {
        ssize_t length = read_fully(fd, archive.file, left < sizeof archive.file ? (size_t) left : sizeof archive.file);
        if (length < 0)
            return (int) length;
        if (length == 0)
            return put_zeros(left);
        result = put(NULL, archive.file, (size_t) length);
        left -= (uint64_t) length;
    }
    return result;
}

static int put_contents(int fd, struct tar_entry *entry)
{
    struct stat now;
    ssize_t length = read_fully(fd, archive.file, sizeof archive.file);
    if (length < 0)
        return (int) length;
    entry->size = (uint64_t) length;
    if ((size_t) length == sizeof archive.file) { /* there may be more, and the size must be known before */
        if (fstat(fd, &now) < 0)
            return -errno;
        if ((uint64_t) now.st_size < entry->size)
            return -EFBIG;
        entry->size = (uint64_t) now.st_size;
    }
    int result = tar_write_entry(entry, &archive.sink);
    if (result == 0)
        result = put(NULL, archive.file, (size_t) length);
    if (result == 0)
        result = put_rest(fd, entry->size - (uint64_t) length);
    return result == 0 ? tar_write_padding(entry->size, &archive.sink) : result;
}

static int add_file(int folder, const char *base, bool follow, struct tar_entry *entry)
{
    struct stat now;
    int fd = openat(folder, base, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
    if (fd < 0)
        return errno == ELOOP ? -ENOENT : -errno; /* it was replaced this very moment */
    int result = fstat(fd, &now) < 0 ? -errno : 0;
    if (result == 0)
        result = S_ISREG(now.st_mode) ? put_contents(fd, entry) : -ENOENT;
    (void) close(fd);
    return result;
}

static int add(int folder, const char *base, bool follow, int depth);

static int add_child(int folder, const char *base, int depth)
{
    size_t before = archive.name_length;
    size_t length = strlen(base);
    if (before + 1 + length > TAR_NAME_BYTES_MAX - 1) /* a folder still gets its '/' */
        return -ENAMETOOLONG;
    archive.name[before] = '/';
    memcpy(archive.name + before + 1, base, length + 1);
    archive.name_length = before + 1 + length;
    int result = add(folder, base, false, depth);
    archive.name_length = before;
    archive.name[before] = '\0';
    return result == -ENOENT ? 0 : result; /* it went away in between */
}

static int add_children(int folder, const char *base, bool follow, int depth)
{
    if (depth == DEPTH_MAX)
        return -ELOOP;
    int fd = openat(folder, base, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
    DIR *children = fd < 0 ? NULL : fdopendir(fd);
    if (children == NULL)
        return -errno;
    int result = 0;
    do {
        errno = 0;
        const struct dirent *child = readdir(children);
        if (child == NULL) {
            result = -errno;
            break;
        }
        if (strcmp(child->d_name, ".") != 0 && strcmp(child->d_name, "..") != 0)
            result = add_child(fd, child->d_name, depth + 1);
    } while (result == 0);
    (void) closedir(children);
    return result;
}

static int add_folder(int folder, const char *base, bool follow, int depth, const struct stat *status, struct tar_entry *entry)
{
    archive.name[archive.name_length] = '/';
    archive.name[archive.name_length + 1] = '\0';
    int result = tar_write_entry(entry, &archive.sink);
    archive.name[archive.name_length] = '\0';
    return result < 0 || status->st_dev != archive.device ? result : add_children(folder, base, follow, depth);
}

static int add_symbolic_link(int folder, const char *base, struct tar_entry *entry)
{
    ssize_t length = readlinkat(folder, base, archive.target, TAR_NAME_BYTES_MAX);
    if (length < 0)
        return -errno;
    archive.target[length] = '\0';
    entry->link = archive.target;
    return tar_write_entry(entry, &archive.sink);
}

/* A further name of a file that is in the archive. */
static int add_hard_link(const char *first, struct tar_entry *entry)
{
    entry->type = TAR_HARD_LINK;
    entry->link = first;
    return tar_write_entry(entry, &archive.sink);
}

static char type_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return TAR_FILE;
    case S_IFDIR:
        return TAR_FOLDER;
    case S_IFLNK:
        return TAR_SYMBOLIC_LINK;
    case S_IFCHR:
        return TAR_CHARACTER_DEVICE;
    case S_IFBLK:
        return TAR_BLOCK_DEVICE;
    case S_IFIFO:
        return TAR_FIFO;
    default: /* a socket means nothing without who listens */
        return 0;
    }
}

static int add(int folder, const char *base, bool follow, int depth)
{
    struct stat status;
    if (fstatat(folder, base, &status, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    struct tar_entry entry = {
        .type = type_of(status.st_mode),
        .mode = status.st_mode & 07777,
        .user = status.st_uid,
        .group = status.st_gid,
        .modified_s = status.st_mtim.tv_sec,
        .name = archive.name,
        .link = "",
    };
    if (entry.type == TAR_FOLDER)
        return add_folder(folder, base, follow, depth, &status, &entry);
    const char *first = status.st_nlink > 1 ? links_find(&archive.links, status.st_dev, status.st_ino, archive.name) : NULL;
    if (first != NULL)
        return add_hard_link(first, &entry);
    if (entry.type == TAR_CHARACTER_DEVICE || entry.type == TAR_BLOCK_DEVICE) {
        entry.major = major(status.st_rdev);
        entry.minor = minor(status.st_rdev);
    }
    switch (entry.type) {
    case TAR_FILE:
        return add_file(folder, base, follow, &entry);
    case TAR_SYMBOLIC_LINK:
        return add_symbolic_link(folder, base, &entry);
    case 0:
        return 0;
    default:
        return tar_write_entry(&entry, &archive.sink);
    }
}

/* Splits the path into an open folder and a name in it, which becomes the name of the first entry. */
static int find_top(const char *path, int *ret_folder)
{
    char parent[TAR_NAME_BYTES_MAX + 1];
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] == '/')
        length--;
    size_t base = length;
    while (base > 0 && path[base - 1] != '/')
        base--;
    memcpy(parent, path, base);
    parent[base] = '\0';
    archive.name_length = length - base;
    memcpy(archive.name, path + base, archive.name_length);
    if (archive.name_length == 0)
        archive.name[archive.name_length++] = '.';
    archive.name[archive.name_length] = '\0';
    *ret_folder = open(base > 0 ? parent : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    return *ret_folder < 0 ? -errno : 0;
}

_Noreturn void archive_send(const char *path, bool follow)
{
    struct stat status;
    int folder = -1;
    archive.sink = (struct tar_sink){.write = put};
    links_init(&archive.links);
    int result = find_top(path, &folder);
    if (result == 0 && fstatat(folder, archive.name, &status, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0)
        result = -errno;
    if (result < 0) {
        bool is_missing = result == -ENOENT || result == -ENOTDIR;
        archive_answer(is_missing ? "404" : "500", path, is_missing ? "there is no such file" : "", is_missing ? 0 : -result);
        _exit(1);
    }
    archive_answer("200", "", "", 0);
    archive.device = status.st_dev;
    char base[TAR_NAME_BYTES_MAX + 1];
    memcpy(base, archive.name, sizeof base);
    result = add(folder, base, follow, 0);
    if (result == 0)
        result = tar_write_end(&archive.sink);
    if (result == 0)
        result = flush();
    _exit(result == 0 ? 0 : 1);
}
