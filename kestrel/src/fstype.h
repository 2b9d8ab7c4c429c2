#ifndef KESTREL_FSTYPE_H
#define KESTREL_FSTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FSTYPE_MARK_BYTES_MAX 8

/* Reads exactly `length` (at most FSTYPE_MARK_BYTES_MAX) bytes at `offset`; false where there are none. */
typedef bool fstype_reader(void *context, uint64_t offset, uint8_t *bytes, size_t length);

/* The kernel's name of the file system that these bytes begin, or NULL: ext4 (which means ext2 and ext3 too), xfs, btrfs,
   squashfs, erofs, iso9660, vfat. */
const char *fstype_detect(fstype_reader *read, void *context);

/* Of those that nobody can write to. */
bool fstype_is_read_only(const char *type);

#endif
