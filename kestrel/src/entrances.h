#ifndef KESTREL_ENTRANCES_H
#define KESTREL_ENTRANCES_H

#include "link.h"

#define ENTRANCE_VSOCK_PORT 1024

/* Listens on vsock. 0 or -errno; -EAFNOSUPPORT: this kernel has no vsock, which is fine. */
int entrance_vsock(struct link *link);

/* For tests: `unix:PATH` listens there, `fd:N` is a connected stream, `port:N` one that behaves like a virtio-serial port. */
int entrance_for_test(struct link *link, const char *description);

#endif
