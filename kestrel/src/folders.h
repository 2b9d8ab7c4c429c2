#ifndef KESTREL_FOLDERS_H
#define KESTREL_FOLDERS_H

/* Makes the folder `path` (absolute, at most 1024 bytes) and those above it where they are missing, with mode 0755. 0 or -errno. */
int folders_make(const char *path);

#endif
