#ifndef KESTREL_PLACE_H
#define KESTREL_PLACE_H

#include "tar.h"

/* Where the entries of an archive go: names below one folder, never through a symbolic link. */
struct place {
    int root;
    int folder; /* the folder of the last name, for the next one is likely to be there too; -1: none */
    char path[TAR_NAME_BYTES_MAX + 1]; /* of `folder` below `root` */
};

/* Opens the folder with all its symbolic links, and makes it first if asked. 0 or -errno. */
int place_open(struct place *place, const char *path, bool make);

/*
 * Finds the folder of a clean name, making those on the way that are missing. `*ret_folder` stays the place's own.
 * 0; -ELOOP where the way leads through a symbolic link, -ENOTDIR through something else, or another -errno.
 */
int place_find(struct place *place, const char *name, bool make, int *ret_folder, const char **ret_base);

#endif
