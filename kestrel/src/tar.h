#ifndef KESTREL_TAR_H
#define KESTREL_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAR_BLOCK_BYTES 512
#define TAR_NAME_BYTES_MAX 4095 /* as for any path */
#define TAR_ID_MAX (UINT32_MAX - 1) /* the kernel's "no such id" is one more */

/* The types that mean something here; others are skipped. */
enum tar_type {
    TAR_FILE = '0',
    TAR_HARD_LINK = '1',
    TAR_SYMBOLIC_LINK = '2',
    TAR_CHARACTER_DEVICE = '3',
    TAR_BLOCK_DEVICE = '4',
    TAR_FOLDER = '5',
    TAR_FIFO = '6',
    TAR_CONTIGUOUS = '7', /* a file, for all that anybody knows */
    TAR_OLD_FILE = '\0',
    TAR_LONG_LINK = 'K',
    TAR_LONG_NAME = 'L',
    TAR_SPARSE = 'S',
    TAR_PAX = 'x',
    TAR_PAX_GLOBAL = 'g',
};

/* One entry: what there is to say about a file beside its contents. */
struct tar_entry {
    char type;
    uint32_t mode; /* permissions only */
    uint32_t user;
    uint32_t group;
    uint32_t major;
    uint32_t minor;
    uint64_t size; /* of the contents that follow; 0 for all but files */
    int64_t modified_s;
    uint32_t modified_ns;
    const char *name; /* of a folder: with or without a final '/' */
    const char *link; /* "" for all but links */
};

/* A header block taken apart. Names end with a NUL. */
struct tar_header {
    struct tar_entry entry; /* without names */
    char name[100 + 1 + 155 + 1];
    char link[100 + 1];
};

/* 0; -ENODATA for a block of zeros; -EBADMSG for what is no header. */
int tar_header_read(const uint8_t block[TAR_BLOCK_BYTES], struct tar_header *ret_header);

/* Takes bytes of an archive. 0 or -errno. */
struct tar_sink {
    int (*write)(void *context, const void *bytes, size_t length);
    void *context;
};

/* Writes all that comes before an entry's contents, in GNU form. 0 or what the sink says. */
int tar_write_entry(const struct tar_entry *entry, const struct tar_sink *sink);

/* Zeros: after contents of this size, and at the end of an archive. */
int tar_write_padding(uint64_t size, const struct tar_sink *sink);
int tar_write_end(const struct tar_sink *sink);

/* How many bytes follow contents of this size up to the next header. */
size_t tar_padding(uint64_t size);

/*
 * Brings a name from an archive into the form `a/b/c`; "" is the folder itself. Returns NULL, or what is wrong with it.
 * `ret_name` has TAR_NAME_BYTES_MAX + 1 bytes.
 */
const char *tar_clean_name(const char *name, char *ret_name);

#endif
