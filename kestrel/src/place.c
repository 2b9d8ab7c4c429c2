/*
 * Names of an archive as places in a file system. Each step of a way is opened from the folder before it, and as a folder
 * only: so there is no moment at which a symbolic link could lead elsewhere, and no need for newer system calls.
 */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_FLAGS (O_PATH | O_DIRECTORY | O_CLOEXEC)
#define FOLDER_MODE 0755

static int make_folders(const char *path)
{
    char way[TAR_NAME_BYTES_MAX + 1];
    size_t length = strlen(path);
    if (length > TAR_NAME_BYTES_MAX)
        return -ENAMETOOLONG;
    memcpy(way, path, length + 1);
    for (size_t at = 1; at <= length; at++) {
        if (path[at] != '/' && path[at] != '\0')
            continue;
        way[at] = '\0';
        if (mkdir(way, FOLDER_MODE) < 0 && errno != EEXIST)
            return -errno;
        way[at] = path[at];
    }
    return 0;
}

int place_open(struct place *place, const char *path, bool make)
{
    int result = make ? make_folders(path) : 0;
    if (result < 0)
        return result;
    place->root = open(path, FOLDER_FLAGS);
    place->folder = -1;
    return place->root < 0 ? -errno : 0;
}

/* What is in the way: the kernel says the same of both. */
static int obstacle(int folder, const char *base)
{
    struct stat status;
    bool is_link = fstatat(folder, base, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
    return is_link ? -ELOOP : -ENOTDIR;
}

/* One step down. A descriptor or -errno. */
static int enter(int folder, const char *base, bool make)
{
    int fd = openat(folder, base, FOLDER_FLAGS | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT && make) {
        if (mkdirat(folder, base, FOLDER_MODE) < 0 && errno != EEXIST)
            return -errno;
        fd = openat(folder, base, FOLDER_FLAGS | O_NOFOLLOW);
    }
    if (fd >= 0)
        return fd;
    return errno == ENOTDIR || errno == ELOOP ? obstacle(folder, base) : -errno;
}

static void forget(struct place *place)
{
    if (place->folder >= 0)
        (void) close(place->folder);
    place->folder = -1;
}

/* Walks down `path`, which is not empty, to a descriptor or -errno. */
static int walk(const struct place *place, const char *path, bool make)
{
    int folder = place->root;
    while (folder >= 0 && *path != '\0') {
        char base[TAR_NAME_BYTES_MAX + 1];
        size_t length = strcspn(path, "/");
        memcpy(base, path, length);
        base[length] = '\0';
        int next = enter(folder, base, make);
        if (folder != place->root)
            (void) close(folder);
        folder = next;
        path += length + (path[length] == '/');
    }
    return folder;
}

int place_find(struct place *place, const char *name, bool make, int *ret_folder, const char **ret_base)
{
    char path[TAR_NAME_BYTES_MAX + 1];
    const char *slash = strrchr(name, '/');
    size_t length = slash != NULL ? (size_t) (slash - name) : 0;
    *ret_base = slash != NULL ? slash + 1 : name;
    if (length == 0) {
        *ret_folder = place->root;
        return 0;
    }
    memcpy(path, name, length);
    path[length] = '\0';
    if (place->folder < 0 || strcmp(place->path, path) != 0) {
        forget(place);
        int folder = walk(place, path, make);
        if (folder < 0)
            return folder;
        place->folder = folder;
        memcpy(place->path, path, length + 1);
    }
    *ret_folder = place->folder;
    return 0;
}
