#ifndef KESTREL_WRITE_BACK_H
#define KESTREL_WRITE_BACK_H

#include "boot_document.h"
#include "rootfs.h"

#define WRITE_BACK_LIMIT_MS 10000 /* a disk that takes longer than that is stuck */

/* Writes back what is in memory and makes the file systems on disks read-only, so that they are clean when the machine ends.
   Nothing else may run any more. 0, -EBUSY if one stays writable, -ETIMEDOUT if the disks do not answer, or another -errno. */
int write_back(const struct boot_document *document, const struct rootfs *rootfs);

#endif
