#ifndef KESTREL_MOUNTS_H
#define KESTREL_MOUNTS_H

/* Mounts what every program expects to find. 0 or -errno, then *ret_target says which. What is mounted already stays. */
int mounts_make(const char **ret_target);

#endif
