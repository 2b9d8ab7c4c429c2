#ifndef KESTREL_ROOTFS_H
#define KESTREL_ROOTFS_H

#include "boot_document.h"
#include "disks.h"
#include "root_choice.h"
#include "text.h"

/* The root file system on a disk, from its choice to the end of the machine. */
struct rootfs {
    struct root_choice choice;
    struct disk disk;
    const char *type;
    bool has_overlay;
    int changes_fd; /* the disk below the overlay that takes the changes, hidden by the new root; -1: none */
};

/* Each is a step of the boot. 0 or -errno; what was wrong with which disk is added to `ret_detail`. */
int rootfs_find(struct rootfs *rootfs, struct text *ret_detail);
int rootfs_mount(struct rootfs *rootfs, const struct boot_document *document, struct text *ret_detail);

/* Mounts the document's further disks at their folders, below the root of that moment. */
int rootfs_mount_further(const struct boot_document *document, struct text *ret_detail);

#endif
