#ifndef KESTREL_DISKS_H
#define KESTREL_DISKS_H

#include "boot_document.h"
#include "text.h"

#define DISK_LIMIT_MS 10000 /* for a disk to appear */
#define DISK_DEVICE_BYTES 64

/* A disk that is there. */
struct disk {
    char device[DISK_DEVICE_BYTES]; /* such as /dev/vda */
};

/* Waits for the disk with this serial number, or for the device with this name. 0 or -errno: -ENODEV where none comes. */
int disks_find_serial(const char *serial, struct disk *ret_disk);
int disks_find_name(const char *name, struct disk *ret_disk);

/* Makes a link /dev/disk/by-id/virtio-SERIAL to each disk that has a serial number. 0 or -errno. */
int disks_link(void);

/* What its first bytes say, as fstype_detect() does; NULL in *ret_type where they say nothing. 0 or -errno. */
int disks_detect(const struct disk *disk, const char **ret_type);

#endif
