#ifndef KESTREL_MODULES_H
#define KESTREL_MODULES_H

/* Loads one kernel module from a file (plain, or compressed if the kernel can do that). 0 or -errno; loaded already is fine. */
int module_load(const char *path);

#endif
