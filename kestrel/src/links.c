/* Hard links: a hash table of files by device and number, and their names one behind the other. */
#include "links.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#define SLOTS (2 * LINKS_MAX) /* half empty at the most, so that looking for a free one ends soon */

struct links_slot {
    dev_t device;
    ino_t inode;
    uint32_t name; /* where it begins, plus 1; 0: a free slot */
};

void links_init(struct links *links)
{
    const size_t slots_size = SLOTS * sizeof(struct links_slot);
    *links = (struct links){0};
    char *memory = mmap(
        NULL, slots_size + LINKS_NAME_BYTES_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return;
    links->slots = (struct links_slot *) (void *) memory;
    links->names = memory + slots_size;
}

const char *links_find(struct links *links, dev_t device, ino_t inode, const char *name)
{
    size_t length = strlen(name) + 1;
    if (links->slots == NULL)
        return NULL;
    uint64_t hash = ((uint64_t) inode ^ (uint64_t) device << 32) * 0x9E3779B97F4A7C15U;
    struct links_slot *slot = &links->slots[hash >> 32 & (SLOTS - 1)];
    while (slot->name != 0) {
        if (slot->device == device && slot->inode == inode)
            return links->names + slot->name - 1;
        slot = slot == &links->slots[SLOTS - 1] ? links->slots : slot + 1;
    }
    if (links->count == LINKS_MAX || length > LINKS_NAME_BYTES_MAX - links->names_length)
        return NULL;
    *slot = (struct links_slot){.device = device, .inode = inode, .name = links->names_length + 1};
    memcpy(links->names + links->names_length, name, length);
    links->names_length += (uint32_t) length;
    links->count++;
    return NULL;
}
