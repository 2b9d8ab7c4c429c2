#ifndef KESTREL_LINKS_H
#define KESTREL_LINKS_H

#include <stdint.h>
#include <sys/types.h>

#define LINKS_MAX (64 * 1024)
#define LINKS_NAME_BYTES_MAX (8 * 1024 * 1024)

struct links_slot;

/* Which files with several names are in the archive already. In memory of its own, which only a child ever has. */
struct links {
    struct links_slot *slots; /* NULL: there was no memory; then every name is a file */
    char *names;
    uint32_t count;
    uint32_t names_length;
};

void links_init(struct links *links);

/* The name under which the file is known; NULL where it was not, and from now on is under `name` (as long as there is room). */
const char *links_find(struct links *links, dev_t device, ino_t inode, const char *name);

#endif
