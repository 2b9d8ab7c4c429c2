#ifndef KESTREL_HOST_FILES_H
#define KESTREL_HOST_FILES_H

#include "boot_document.h"
#include "text.h"

/* Writes /etc/hosts, /etc/hostname and (if the document has resolvers) /etc/resolv.conf in place of what is there.
   0 or -errno with the file named in `ret_detail`. */
int host_files_write(const struct boot_document *document, struct text *ret_detail);

#endif
