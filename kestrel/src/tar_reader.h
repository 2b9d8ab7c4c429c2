#ifndef KESTREL_TAR_READER_H
#define KESTREL_TAR_READER_H

#include "tar.h"

#include <sys/types.h>

#define TAR_PAX_BYTES_MAX 65536

/* What a PAX header says instead of the header that follows. Texts point into the bytes that were parsed, and do not end with a NUL. */
struct tar_pax {
    const char *path; /* NULL: not said, and so with the others */
    size_t path_length;
    const char *link;
    size_t link_length;
    bool has_size, has_user, has_group, has_time;
    uint64_t size;
    uint32_t user;
    uint32_t group;
    int64_t modified_s;
    uint32_t modified_ns;
};

/* 0 or -EBADMSG with the rule that is broken. */
int tar_pax_parse(const char *bytes, size_t length, struct tar_pax *ret_pax, const char **ret_rule);

/* Where the bytes of an archive come from: like read(2), with -errno. */
struct tar_source {
    ssize_t (*read)(void *context, void *bytes, size_t size);
    void *context;
};

/* An archive that is being read. Large. */
struct tar_reader {
    struct tar_source source;
    uint64_t left; /* of the entry's contents */
    size_t padding;
    const char *rule; /* the one that was broken, after -EBADMSG */
    struct tar_header header;
    char name[TAR_NAME_BYTES_MAX + 1];
    char link[TAR_NAME_BYTES_MAX + 1];
    char pax[TAR_PAX_BYTES_MAX];
};

void tar_reader_init(struct tar_reader *reader, const struct tar_source *source);

/* The next entry, whose texts live until the next call; contents that were not read are skipped. 1; 0 at the end; or -errno. */
int tar_reader_next(struct tar_reader *reader, struct tar_entry *ret_entry);

/* The next of the entry's contents; 0 at their end; or -errno. */
ssize_t tar_reader_contents(struct tar_reader *reader, void *bytes, size_t size);

#endif
