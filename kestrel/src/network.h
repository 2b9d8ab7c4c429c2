#ifndef KESTREL_NETWORK_H
#define KESTREL_NETWORK_H

#include "boot_document.h"

#define NETWORK_NIC_LIMIT_MS 5000 /* from its driver's load to the NIC's appearance */

/* Each 0 or -errno. */
int network_bring_up_loopback(void);

/* Finds the document's NIC (waiting for it to appear), and gives it address and default route. */
int network_configure(const struct boot_document *document);

#endif
