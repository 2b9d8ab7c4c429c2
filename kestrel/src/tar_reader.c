/*
 * From the bytes of an archive to its entries: joins headers with the long names and PAX headers before them.
 * Pure but for its source; fuzzed. An archive is bytes from somebody else: everything is bounded and checked.
 */
#include "tar_reader.h"

#include <errno.h>
#include <string.h>

void tar_reader_init(struct tar_reader *reader, const struct tar_source *source)
{
    reader->source = *source;
    reader->left = 0;
    reader->padding = 0;
    reader->rule = NULL;
}

static int broken(struct tar_reader *reader, const char *rule)
{
    reader->rule = rule;
    return -EBADMSG;
}

static int read_all(struct tar_reader *reader, void *bytes, size_t size)
{
    for (size_t filled = 0; filled < size;) {
        ssize_t length = reader->source.read(reader->source.context, (char *) bytes + filled, size - filled);
        if (length == 0)
            return broken(reader, "the archive is cut short");
        if (length < 0)
            return (int) length;
        filled += (size_t) length;
    }
    return 0;
}

ssize_t tar_reader_contents(struct tar_reader *reader, void *bytes, size_t size)
{
    size_t wanted = reader->left < size ? (size_t) reader->left : size;
    if (wanted == 0)
        return 0;
    ssize_t length = reader->source.read(reader->source.context, bytes, wanted);
    if (length == 0)
        return broken(reader, "the archive is cut short");
    if (length > 0)
        reader->left -= (uint64_t) length;
    return length;
}

static int skip_contents(struct tar_reader *reader)
{
    char bytes[4096];
    ssize_t length = 0;
    do
        length = tar_reader_contents(reader, bytes, sizeof bytes);
    while (length > 0);
    if (length < 0)
        return (int) length;
    int result = read_all(reader, bytes, reader->padding);
    reader->padding = 0;
    return result;
}

static void expect_contents(struct tar_reader *reader, uint64_t size)
{
    reader->left = size;
    reader->padding = tar_padding(size);
}

/* A text as the contents of an entry of its own, with or without a final NUL. */
static int read_long(struct tar_reader *reader, char text[TAR_NAME_BYTES_MAX + 1])
{
    uint64_t size = reader->header.entry.size;
    if (size > TAR_NAME_BYTES_MAX + 1)
        return broken(reader, "a name is too long");
    expect_contents(reader, size);
    reader->left = 0;
    int result = read_all(reader, text, (size_t) size);
    if (result < 0)
        return result;
    if (size == TAR_NAME_BYTES_MAX + 1 && text[size - 1] != '\0')
        return broken(reader, "a name is too long");
    if (size <= TAR_NAME_BYTES_MAX)
        text[size] = '\0';
    return skip_contents(reader); /* the padding */
}

static int read_pax(struct tar_reader *reader, struct tar_pax *pax)
{
    uint64_t size = reader->header.entry.size;
    if (size > TAR_PAX_BYTES_MAX)
        return broken(reader, "a PAX header is too long");
    expect_contents(reader, size);
    reader->left = 0;
    int result = read_all(reader, reader->pax, (size_t) size);
    if (result == 0)
        result = skip_contents(reader);
    return result == 0 ? tar_pax_parse(reader->pax, (size_t) size, pax, &reader->rule) : result;
}

static void keep_text(char text[TAR_NAME_BYTES_MAX + 1], const char *bytes, size_t length)
{
    memcpy(text, bytes, length); /* the parser has seen to the length */
    text[length] = '\0';
}

/* Lets the PAX header have its way. */
static void apply(struct tar_reader *reader, const struct tar_pax *pax, struct tar_entry *entry)
{
    if (pax->path != NULL && pax->path_length > 0)
        keep_text(reader->name, pax->path, pax->path_length);
    if (pax->link != NULL && pax->link_length > 0)
        keep_text(reader->link, pax->link, pax->link_length);
    if (pax->has_size && (entry->type < TAR_HARD_LINK || entry->type > TAR_FIFO))
        entry->size = pax->size;
    if (pax->has_user)
        entry->user = pax->user;
    if (pax->has_group)
        entry->group = pax->group;
    if (pax->has_time) {
        entry->modified_s = pax->modified_s;
        entry->modified_ns = pax->modified_ns;
    }
}

static int finish(struct tar_reader *reader, const struct tar_pax *pax, struct tar_entry *ret_entry)
{
    struct tar_entry entry = reader->header.entry;
    if (entry.type == TAR_SPARSE)
        return broken(reader, "sparse files are not supported");
    if (reader->name[0] == '\0')
        memcpy(reader->name, reader->header.name, sizeof reader->header.name);
    if (reader->link[0] == '\0')
        memcpy(reader->link, reader->header.link, sizeof reader->header.link);
    apply(reader, pax, &entry);
    entry.name = reader->name;
    entry.link = reader->link;
    expect_contents(reader, entry.size);
    *ret_entry = entry;
    return 1;
}

int tar_reader_next(struct tar_reader *reader, struct tar_entry *ret_entry)
{
    struct tar_pax pax = {0};
    int result = skip_contents(reader);
    reader->name[0] = '\0';
    reader->link[0] = '\0';
    while (result == 0) {
        uint8_t block[TAR_BLOCK_BYTES];
        result = read_all(reader, block, sizeof block);
        if (result < 0)
            break;
        result = tar_header_read(block, &reader->header);
        if (result == -ENODATA)
            return 0;
        if (result < 0)
            return broken(reader, "this is not a tar archive, or a damaged one");
        switch (reader->header.entry.type) {
        case TAR_LONG_NAME:
            result = read_long(reader, reader->name);
            break;
        case TAR_LONG_LINK:
            result = read_long(reader, reader->link);
            break;
        case TAR_PAX:
            result = read_pax(reader, &pax);
            break;
        case TAR_PAX_GLOBAL:
            expect_contents(reader, reader->header.entry.size);
            result = skip_contents(reader);
            break;
        default:
            return finish(reader, &pax, ret_entry);
        }
    }
    return result;
}
