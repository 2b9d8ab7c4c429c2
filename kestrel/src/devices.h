#ifndef KESTREL_DEVICES_H
#define KESTREL_DEVICES_H

#include <stdbool.h>

/* A non-blocking socket with the kernel's news of devices. 0 or -errno. */
int devices_open(int *ret_fd);

/* Takes in what has arrived; true if some of it has the word, such as SUBSYSTEM=block, in it (or news were lost). */
bool devices_concern(int fd, const char *word);

#endif
