/*
 * Which file system a disk has, by the mark that each kind puts at its own place. Pure: bytes come through a function.
 * A mark proves nothing; whether the rest is sound is the kernel's to find out when it mounts.
 */
#include "fstype.h"

#include <string.h>

struct mark {
    const char *type;
    uint32_t offset;
    const char *bytes;
    size_t length;
};

#define MARK(type, offset, bytes) {type, offset, bytes, sizeof bytes - 1}

/* The order matters where one kind leaves bytes alone that another one has its mark in: those that leave none come first. */
static const struct mark marks[] = {
    MARK("squashfs", 0, "hsqs"),
    MARK("xfs", 0, "XFSB"),
    MARK("erofs", 1024, "\xE2\xE1\xF5\xE0"),
    MARK("ext4", 1080, "\x53\xEF"),
    MARK("btrfs", 0x10040, "_BHRfS_M"),
    MARK("iso9660", 32769, "CD001"),
    MARK("vfat", 54, "FAT1"), /* FAT12 and FAT16 */
    MARK("vfat", 82, "FAT32"),
};

const char *fstype_detect(fstype_reader *read, void *context)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        uint8_t bytes[FSTYPE_MARK_BYTES_MAX];
        if (read(context, marks[i].offset, bytes, marks[i].length) && memcmp(bytes, marks[i].bytes, marks[i].length) == 0)
            return marks[i].type;
    }
    return NULL;
}

bool fstype_is_read_only(const char *type)
{
    return strcmp(type, "squashfs") == 0 || strcmp(type, "erofs") == 0 || strcmp(type, "iso9660") == 0;
}
