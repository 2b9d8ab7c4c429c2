/*
 * A tar archive on standard input becomes files: the job of a child, so that no disk ever holds up PID 1. The archive is not
 * trusted: it reaches nothing outside its folder. Whatever is in the place of an entry is removed, never written to.
 */
#include "archive.h"

#include "place.h"
#include "tar_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define BUFFER_BYTES 65536
#define LATER_BYTES_MAX (16 * 1024 * 1024) /* of names of folders */

/* A folder's time is set at the end: its entries change it. Followed by the name. */
struct later {
    struct timespec modified;
    uint32_t name_size;
};

/* Touched by the child alone. */
static struct {
    struct place place;
    struct tar_reader reader;
    char name[TAR_NAME_BYTES_MAX + 1];
    char target[TAR_NAME_BYTES_MAX + 1];
    char *later; /* NULL: there was no memory, and the times stay as they come */
    size_t later_length;
    size_t start;
    size_t length;
    uint8_t input[BUFFER_BYTES];
    uint8_t contents[BUFFER_BYTES];
} unpack;

/* What ends the job, for the answer. */
struct failure {
    const char *status;
    const char *name;
    const char *words;
    int error;
};

static ssize_t read_input(void *context, void *bytes, size_t size)
{
    (void) context;
    while (unpack.length == 0) {
        ssize_t length = read(STDIN_FILENO, unpack.input, sizeof unpack.input);
        if (length < 0 && errno == EINTR)
            continue;
        if (length <= 0)
            return length < 0 ? -errno : 0;
        unpack.start = 0;
        unpack.length = (size_t) length;
    }
    size_t part = unpack.length < size ? unpack.length : size;
    memcpy(bytes, unpack.input + unpack.start, part);
    unpack.start += part;
    unpack.length -= part;
    return (ssize_t) part;
}

static bool refuse(struct failure *failure, const char *status, const char *words)
{
    *failure = (struct failure){.status = status, .name = unpack.name, .words = words};
    return false;
}

static bool fail(struct failure *failure, int result)
{
    bool is_full = result == -ENOSPC || result == -EDQUOT;
    *failure = (struct failure){.status = is_full ? "507" : "500", .name = unpack.name, .words = "", .error = -result};
    return false;
}

static bool fail_way(struct failure *failure, int result)
{
    if (result == -ELOOP)
        return refuse(failure, "400", "leads through a symbolic link");
    if (result == -ENOTDIR)
        return refuse(failure, "409", "there is no folder on the way");
    if (result == -ENAMETOOLONG)
        return refuse(failure, "400", "a name is too long");
    return fail(failure, result);
}

/* Removes what is in the entry's place, unless it and the entry are folders. */
static bool make_way(int folder, const char *base, bool is_folder, bool *ret_is_there, struct failure *failure)
{
    struct stat status;
    *ret_is_there = false;
    if (fstatat(folder, base, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? true : fail(failure, -errno);
    if (S_ISDIR(status.st_mode) != is_folder)
        return refuse(failure, "409", is_folder ? "there is something that is no folder" : "there is a folder");
    *ret_is_there = is_folder;
    return is_folder || unlinkat(folder, base, 0) == 0 ? true : fail(failure, -errno);
}

static int copy_contents(int fd)
{
    for (;;) {
        ssize_t length = tar_reader_contents(&unpack.reader, unpack.contents, sizeof unpack.contents);
        if (length <= 0)
            return (int) length;
        for (ssize_t at = 0; at < length;) {
            ssize_t written = write(fd, unpack.contents + at, (size_t) (length - at));
            if (written < 0 && errno != EINTR)
                return -errno;
            at += written > 0 ? written : 0;
        }
    }
}

/* The owner before the mode, for a change of owner takes set-user-id away. */
static int set_status(int fd, const struct tar_entry *entry)
{
    const struct timespec times[2] = {
        {.tv_nsec = UTIME_OMIT}, {.tv_sec = entry->modified_s, .tv_nsec = (long) entry->modified_ns}};
    if (fchown(fd, entry->user, entry->group) < 0 || fchmod(fd, entry->mode) < 0 || futimens(fd, times) < 0)
        return -errno;
    return 0;
}

static int make_file(int folder, const char *base, const struct tar_entry *entry)
{
    int fd = openat(folder, base, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    int result = copy_contents(fd);
    if (result == 0)
        result = set_status(fd, entry);
    return close(fd) < 0 && result == 0 ? -errno : result; /* some file systems say only now that they are full */
}

static void set_time_later(const struct tar_entry *entry)
{
    const struct later later = {
        .modified = {.tv_sec = entry->modified_s, .tv_nsec = (long) entry->modified_ns},
        .name_size = (uint32_t) strlen(unpack.name) + 1,
    };
    if (unpack.later == NULL || sizeof later + later.name_size > LATER_BYTES_MAX - unpack.later_length)
        return;
    memcpy(unpack.later + unpack.later_length, &later, sizeof later);
    memcpy(unpack.later + unpack.later_length + sizeof later, unpack.name, later.name_size);
    unpack.later_length += sizeof later + later.name_size;
}

static void set_times(void)
{
    for (size_t at = 0; at < unpack.later_length;) {
        struct later later;
        const char *base = NULL;
        int folder = -1;
        memcpy(&later, unpack.later + at, sizeof later);
        const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, later.modified};
        if (place_find(&unpack.place, unpack.later + at + sizeof later, false, &folder, &base) == 0)
            (void) utimensat(folder, base, times, AT_SYMLINK_NOFOLLOW); /* somebody else has moved it: so be it */
        at += sizeof later + later.name_size;
    }
}

static int make_folder(int folder, const char *base, bool is_there, const struct tar_entry *entry)
{
    if (!is_there && mkdirat(folder, base, 0700) < 0)
        return -errno;
    int fd = openat(folder, base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int result = set_status(fd, entry);
    (void) close(fd);
    set_time_later(entry);
    return result;
}

/* Neither links nor devices are ever opened. */
static int make_node(int folder, const char *base, const struct tar_entry *entry)
{
    const struct timespec times[2] = {
        {.tv_nsec = UTIME_OMIT}, {.tv_sec = entry->modified_s, .tv_nsec = (long) entry->modified_ns}};
    static const mode_t kinds[] = {S_IFCHR, S_IFBLK, 0, S_IFIFO}; /* by type from '3' on */
    int result = 0;
    if (entry->type == TAR_SYMBOLIC_LINK)
        result = symlinkat(entry->link, folder, base);
    else
        result = mknodat(folder, base, kinds[entry->type - TAR_CHARACTER_DEVICE] | entry->mode, makedev(entry->major, entry->minor));
    if (result < 0 || fchownat(folder, base, entry->user, entry->group, AT_SYMLINK_NOFOLLOW) < 0 ||
        utimensat(folder, base, times, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    return 0;
}

static bool make_hard_link(int folder, const char *base, const struct tar_entry *entry, struct failure *failure)
{
    const char *target_base = NULL;
    int target = -1;
    int own = dup(folder); /* finding the target may close it */
    const char *rule = own < 0 ? "no descriptor is left" : tar_clean_name(entry->link, unpack.target);
    bool done = rule == NULL || refuse(failure, own < 0 ? "500" : "400", rule);
    int result = done ? place_find(&unpack.place, unpack.target, false, &target, &target_base) : 0;
    if (done && result < 0)
        done = result == -ENOENT ? refuse(failure, "400", "a link to nothing") : fail_way(failure, result);
    if (done && linkat(target, target_base, own, base, 0) < 0)
        done = errno == ENOENT ? refuse(failure, "400", "a link to nothing") : fail(failure, -errno);
    if (own >= 0)
        (void) close(own);
    return done;
}

static bool fail_reading(struct failure *failure, int result)
{
    return result == -EBADMSG && unpack.reader.rule != NULL ? refuse(failure, "400", unpack.reader.rule) : fail(failure, result);
}

/* False, with the failure, where it cannot be. */
static bool make_entry(const struct tar_entry *entry, struct failure *failure)
{
    const char *base = NULL;
    int folder = -1;
    int result = 0;
    bool is_there = false;
    const char *rule = tar_clean_name(entry->name, unpack.name);
    if (rule != NULL) {
        unpack.name[0] = '\0';
        return refuse(failure, "400", rule);
    }
    if (unpack.name[0] == '\0')
        return entry->type == TAR_FOLDER ? true : refuse(failure, "400", "an entry in the place of the folder itself");
    if (entry->type == TAR_SYMBOLIC_LINK && entry->link[0] == '\0')
        return refuse(failure, "400", "a link to nothing");
    if (entry->type < TAR_FILE || entry->type > TAR_FIFO)
        return true; /* of a kind that we do not know: its contents are skipped */
    result = place_find(&unpack.place, unpack.name, true, &folder, &base);
    if (result < 0)
        return fail_way(failure, result);
    if (!make_way(folder, base, entry->type == TAR_FOLDER, &is_there, failure))
        return false;
    switch (entry->type) {
    case TAR_FILE:
        result = make_file(folder, base, entry);
        break;
    case TAR_FOLDER:
        result = make_folder(folder, base, is_there, entry);
        break;
    case TAR_HARD_LINK:
        return make_hard_link(folder, base, entry, failure);
    default:
        result = make_node(folder, base, entry);
        break;
    }
    return result == 0 || fail_reading(failure, result);
}

static bool make_all(struct failure *failure)
{
    static const struct tar_source source = {.read = read_input};
    struct tar_entry entry;
    int result = 0;
    tar_reader_init(&unpack.reader, &source);
    while ((result = tar_reader_next(&unpack.reader, &entry)) > 0)
        if (!make_entry(&entry, failure))
            return false;
    unpack.name[0] = '\0';
    if (result < 0)
        return fail_reading(failure, result);
    while (unpack.length = 0, read_input(NULL, unpack.contents, 1) > 0)
        ; /* more zeros, as most programs add */
    set_times();
    return true;
}

_Noreturn void archive_unpack(const char *folder, bool make)
{
    struct failure failure = {0};
    (void) umask(0);
    int result = place_open(&unpack.place, folder, make);
    if (result == -ENOENT)
        archive_answer("404", folder, "there is no such folder", 0);
    else if (result == -ENOTDIR || result == -EEXIST)
        archive_answer("409", folder, "it is no folder", 0);
    else if (result < 0)
        archive_answer(result == -ENOSPC || result == -EDQUOT ? "507" : "500", folder, "", -result);
    if (result < 0)
        _exit(1);
    void *memory = mmap(NULL, LATER_BYTES_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    unpack.later = memory == MAP_FAILED ? NULL : memory;
    if (!make_all(&failure)) {
        archive_answer(failure.status, failure.name, failure.words, failure.error);
        _exit(1);
    }
    archive_answer("204", "", "", 0);
    _exit(0);
}
