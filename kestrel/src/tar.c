/*
 * Headers of tar archives: blocks of 512 bytes with text fields and octal numbers. Pure; fuzzed.
 * Read: V7, ustar and GNU. Written: GNU, whose long names and numbers every reader of today knows.
 */
#include "tar.h"

#include <errno.h>
#include <string.h>

/* A field of the header. */
struct field {
    size_t at;
    size_t size;
};

static const struct field name_field = {0, 100};
static const struct field mode_field = {100, 8};
static const struct field user_field = {108, 8};
static const struct field group_field = {116, 8};
static const struct field size_field = {124, 12};
static const struct field time_field = {136, 12};
static const struct field sum_field = {148, 8};
static const struct field link_field = {157, 100};
static const struct field magic_field = {257, 8};
static const struct field major_field = {329, 8};
static const struct field minor_field = {337, 8};
static const struct field prefix_field = {345, 155};
#define TYPE_AT 156

static const uint8_t zeros[TAR_BLOCK_BYTES];

/* Base 256: the first bit says so, the second is the sign of a number in two's complement. */
static bool read_binary(const uint8_t *bytes, size_t size, int64_t *ret_number)
{
    bool is_negative = (bytes[0] & 0x40) != 0;
    uint64_t number = is_negative ? UINT64_MAX : 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = i == 0 ? (uint8_t) ((bytes[0] & 0x7F) | (is_negative ? 0x80 : 0)) : bytes[i];
        uint64_t top = number >> 55; /* must still be all sign when it is shifted out */
        if (top != 0 && top != 0x1FF)
            return false;
        number = number << 8 | byte;
    }
    *ret_number = (int64_t) number;
    return true;
}

static bool read_octal(const uint8_t *bytes, size_t size, int64_t *ret_number)
{
    size_t at = 0;
    uint64_t number = 0;
    while (at < size && bytes[at] == ' ')
        at++;
    for (; at < size && bytes[at] >= '0' && bytes[at] <= '7'; at++)
        number = number << 3 | (uint64_t) (bytes[at] - '0'); /* at most 12 digits: 36 bits */
    if (at < size && bytes[at] != ' ' && bytes[at] != '\0')
        return false;
    *ret_number = (int64_t) number;
    return true;
}

static bool read_number(const uint8_t *block, struct field field, int64_t min, int64_t max, int64_t *ret_number)
{
    const uint8_t *bytes = block + field.at;
    bool is_read = (bytes[0] & 0x80) != 0 ? read_binary(bytes, field.size, ret_number) : read_octal(bytes, field.size, ret_number);
    return is_read && *ret_number >= min && *ret_number <= max;
}

static size_t read_text(const uint8_t *block, struct field field, char *text)
{
    size_t length = strnlen((const char *) block + field.at, field.size);
    memcpy(text, block + field.at, length);
    text[length] = '\0';
    return length;
}

/* Of the block with blanks in the field itself. Very old programs added bytes with a sign. */
static bool has_right_sum(const uint8_t *block)
{
    int64_t expected = 0;
    int64_t sum = 0;
    int64_t signed_sum = 0;
    for (size_t i = 0; i < TAR_BLOCK_BYTES; i++) {
        bool is_sum = i >= sum_field.at && i < sum_field.at + sum_field.size;
        uint8_t byte = is_sum ? ' ' : block[i];
        sum += byte;
        signed_sum += (int8_t) byte;
    }
    return read_octal(block + sum_field.at, sum_field.size, &expected) && (expected == sum || expected == signed_sum);
}

static bool has_contents(char type)
{
    return type < TAR_HARD_LINK || type > TAR_FIFO;
}

static bool read_numbers(const uint8_t *block, struct tar_entry *entry)
{
    int64_t mode = 0, user = 0, group = 0, size = 0, time = 0, major = 0, minor = 0;
    bool is_device = entry->type == TAR_CHARACTER_DEVICE || entry->type == TAR_BLOCK_DEVICE;
    if (!read_number(block, mode_field, 0, INT64_MAX, &mode) || !read_number(block, user_field, 0, TAR_ID_MAX, &user) ||
        !read_number(block, group_field, 0, TAR_ID_MAX, &group) || !read_number(block, size_field, 0, INT64_MAX, &size) ||
        !read_number(block, time_field, INT64_MIN, INT64_MAX, &time))
        return false;
    if (is_device && (!read_number(block, major_field, 0, UINT32_MAX, &major) || !read_number(block, minor_field, 0, UINT32_MAX, &minor)))
        return false;
    entry->mode = (uint32_t) mode & 07777;
    entry->user = (uint32_t) user;
    entry->group = (uint32_t) group;
    entry->size = has_contents(entry->type) ? (uint64_t) size : 0; /* some give a hard link its file's size */
    entry->modified_s = time;
    entry->major = (uint32_t) major;
    entry->minor = (uint32_t) minor;
    return true;
}

int tar_header_read(const uint8_t block[TAR_BLOCK_BYTES], struct tar_header *ret_header)
{
    struct tar_header header = {.entry.type = (char) block[TYPE_AT]};
    if (memcmp(block, zeros, TAR_BLOCK_BYTES) == 0)
        return -ENODATA;
    if (!has_right_sum(block) || !read_numbers(block, &header.entry))
        return -EBADMSG;
    size_t length = 0;
    if (memcmp(block + magic_field.at, "ustar", 6) == 0) /* with its NUL: only there the prefix is one */
        length = read_text(block, prefix_field, header.name);
    if (length > 0)
        header.name[length++] = '/';
    length += read_text(block, name_field, header.name + length);
    (void) read_text(block, link_field, header.link);
    if (header.entry.type == TAR_OLD_FILE || header.entry.type == TAR_CONTIGUOUS)
        header.entry.type = TAR_FILE;
    if (header.entry.type == TAR_FILE && length > 0 && header.name[length - 1] == '/') {
        header.entry.type = TAR_FOLDER; /* V7 had no type for them */
        header.entry.size = 0;
    }
    *ret_header = header;
    return 0;
}

static void write_number(uint8_t *block, struct field field, int64_t number)
{
    uint8_t *bytes = block + field.at;
    uint64_t rest = (uint64_t) number;
    bool is_octal = number >= 0 && (rest >> (3 * (field.size - 1))) == 0;
    if (is_octal) {
        for (size_t i = field.size - 1; i-- > 0; rest >>= 3)
            bytes[i] = (uint8_t) ('0' + (rest & 7));
        return;
    }
    for (size_t i = field.size; i-- > 0; rest = number < 0 ? rest >> 8 | (uint64_t) 0xFF << 56 : rest >> 8)
        bytes[i] = (uint8_t) rest;
    bytes[0] = number < 0 ? 0xFF : (uint8_t) (bytes[0] | 0x80);
}

static void write_text(uint8_t *block, struct field field, const char *text)
{
    memcpy(block + field.at, text, strnlen(text, field.size)); /* a full field has no NUL */
}

static void write_sum(uint8_t *block)
{
    static const struct field digits = {148, 7};
    int64_t sum = 0;
    memset(block + sum_field.at, ' ', sum_field.size);
    for (size_t i = 0; i < TAR_BLOCK_BYTES; i++)
        sum += block[i];
    write_number(block, digits, sum);
    block[sum_field.at + 6] = '\0';
}

static int write_header(const struct tar_entry *entry, const struct tar_sink *sink)
{
    uint8_t block[TAR_BLOCK_BYTES] = {0};
    write_text(block, name_field, entry->name);
    write_number(block, mode_field, entry->mode);
    write_number(block, user_field, entry->user);
    write_number(block, group_field, entry->group);
    write_number(block, size_field, (int64_t) entry->size);
    write_number(block, time_field, entry->modified_s);
    block[TYPE_AT] = (uint8_t) entry->type;
    write_text(block, link_field, entry->link);
    memcpy(block + magic_field.at, "ustar  ", magic_field.size);
    write_number(block, major_field, entry->major);
    write_number(block, minor_field, entry->minor);
    write_sum(block);
    return sink->write(sink->context, block, sizeof block);
}

/* A name that the header has no room for is the contents of an entry before it. */
static int write_long(char type, const char *text, const struct tar_sink *sink)
{
    const struct tar_entry entry = {.type = type, .name = "././@LongLink", .link = "", .size = strlen(text) + 1};
    int result = write_header(&entry, sink);
    if (result == 0)
        result = sink->write(sink->context, text, (size_t) entry.size);
    return result == 0 ? tar_write_padding(entry.size, sink) : result;
}

int tar_write_entry(const struct tar_entry *entry, const struct tar_sink *sink)
{
    int result = 0;
    if (strlen(entry->link) > link_field.size)
        result = write_long(TAR_LONG_LINK, entry->link, sink);
    if (result == 0 && strlen(entry->name) > name_field.size)
        result = write_long(TAR_LONG_NAME, entry->name, sink);
    return result == 0 ? write_header(entry, sink) : result;
}

size_t tar_padding(uint64_t size)
{
    return (size_t) (-size % TAR_BLOCK_BYTES);
}

int tar_write_padding(uint64_t size, const struct tar_sink *sink)
{
    return sink->write(sink->context, zeros, tar_padding(size));
}

int tar_write_end(const struct tar_sink *sink)
{
    int result = sink->write(sink->context, zeros, sizeof zeros);
    return result == 0 ? sink->write(sink->context, zeros, sizeof zeros) : result;
}

const char *tar_clean_name(const char *name, char *ret_name)
{
    size_t filled = 0;
    if (name[0] == '\0')
        return "an empty name";
    if (name[0] == '/')
        return "an absolute name";
    while (*name != '\0') {
        size_t length = strcspn(name, "/");
        if (length == 2 && memcmp(name, "..", 2) == 0)
            return "'..' in a name";
        if (length > 0 && !(length == 1 && name[0] == '.')) {
            if (filled + 1 + length > TAR_NAME_BYTES_MAX)
                return "a name is too long";
            if (filled > 0)
                ret_name[filled++] = '/';
            memcpy(ret_name + filled, name, length);
            filled += length;
        }
        name += length + (name[length] == '/');
    }
    ret_name[filled] = '\0';
    return NULL;
}
