#ifndef KESTREL_NEW_ROOT_H
#define KESTREL_NEW_ROOT_H

#include "text.h"

#define NEW_ROOT "/volant/root" /* where the new root is mounted before it is the root */

/* Makes what is mounted at NEW_ROOT the root, with /proc, /sys, /dev, /run and /tmp moved there, and frees the memory of the
   initramfs. 0 or -errno with the place named in `ret_detail`. */
int new_root_enter(struct text *ret_detail);

#endif
