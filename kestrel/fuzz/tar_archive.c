/* Any bytes as an archive: entries are bounded, clean names stay inside, and what was read can be written and read again. */
#include "../src/tar_reader.h"

#include "targets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void require(int truth)
{
    if (!truth)
        abort();
}

struct memory {
    const uint8_t *bytes;
    size_t length;
    size_t taken;
};

static ssize_t take(void *context, void *bytes, size_t size)
{
    struct memory *memory = context;
    size_t part = size < memory->length - memory->taken ? size : memory->length - memory->taken;
    part = part < 300 ? part : 300;
    memcpy(bytes, memory->bytes + memory->taken, part);
    memory->taken += part;
    return (ssize_t) part;
}

static uint8_t written[64 * 1024];
static size_t written_length;

static int append(void *context, const void *bytes, size_t length)
{
    (void) context;
    require(length <= sizeof written - written_length);
    memcpy(written + written_length, bytes, length);
    written_length += length;
    return 0;
}

static void require_inside(const char *name)
{
    static char clean[TAR_NAME_BYTES_MAX + 1];
    require(strlen(name) <= TAR_NAME_BYTES_MAX);
    if (tar_clean_name(name, clean) != NULL)
        return;
    require(clean[0] != '/' && strlen(clean) <= TAR_NAME_BYTES_MAX);
    for (const char *at = clean; *at != '\0';) {
        size_t length = strcspn(at, "/");
        require(length > 0 && !(length == 2 && memcmp(at, "..", 2) == 0) && !(length == 1 && *at == '.'));
        at += length + (at[length] == '/');
    }
}

static void require_round_trip(const struct tar_entry *entry)
{
    static struct tar_reader again;
    static const struct tar_sink sink = {.write = append};
    struct memory memory = {.bytes = written};
    const struct tar_source source = {.read = take, .context = &memory};
    struct tar_entry copy;
    written_length = 0;
    if (entry->name[0] == '\0')
        return; /* nothing that we would write */
    require(tar_write_entry(entry, &sink) == 0);
    memory.length = written_length;
    tar_reader_init(&again, &source);
    require(tar_reader_next(&again, &copy) == 1);
    require(strcmp(copy.name, entry->name) == 0 && strcmp(copy.link, entry->link) == 0);
    require(copy.mode == entry->mode && copy.user == entry->user && copy.group == entry->group);
    require(copy.modified_s == entry->modified_s);
    if (entry->type != TAR_FILE) /* a name with a '/' at its end makes a folder of it, which has no size */
        return;
    require(copy.type == TAR_FOLDER || (copy.type == TAR_FILE && copy.size == entry->size));
}

static void read_archive(const uint8_t *bytes, size_t length)
{
    static struct tar_reader reader;
    struct memory memory = {.bytes = bytes, .length = length};
    const struct tar_source source = {.read = take, .context = &memory};
    struct tar_entry entry;
    int result = 0;
    int count = 0;
    tar_reader_init(&reader, &source);
    while ((result = tar_reader_next(&reader, &entry)) > 0) {
        char contents[100];
        require(entry.mode <= 07777 && entry.user <= TAR_ID_MAX && entry.group <= TAR_ID_MAX && entry.modified_ns < 1000000000);
        require(entry.size <= INT64_MAX && entry.type != TAR_SPARSE);
        require_inside(entry.name);
        require_inside(entry.link);
        if (entry.type >= TAR_FILE && entry.type <= TAR_FIFO)
            require_round_trip(&entry);
        if (++count % 2 == 0)
            require(tar_reader_contents(&reader, contents, sizeof contents) <= (ssize_t) sizeof contents);
    }
    require(result == 0 || (result == -EBADMSG && reader.rule != NULL));
}

/* A sum that is right is not found by chance. */
static void repair(uint8_t *block)
{
    unsigned sum = 8 * ' ';
    for (size_t i = 0; i < TAR_BLOCK_BYTES; i++)
        sum += i >= 148 && i < 156 ? 0 : block[i];
    for (unsigned i = 0; i < 6; i++)
        block[148 + i] = (uint8_t) ('0' + (sum >> (15 - 3 * i) & 7));
    block[154] = '\0';
    block[155] = ' ';
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    read_archive(bytes, length);
    uint8_t *copy = malloc(length + 1);
    require(copy != NULL);
    memcpy(copy, bytes, length);
    for (size_t at = 0; length - at >= TAR_BLOCK_BYTES; at += TAR_BLOCK_BYTES)
        if (memcmp(copy + at + 257, "ustar", 5) == 0)
            repair(copy + at);
    read_archive(copy, length);
    free(copy);
    return 0;
}
