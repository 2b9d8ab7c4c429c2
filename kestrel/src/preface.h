#ifndef KESTREL_PREFACE_H
#define KESTREL_PREFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PREFACE_BYTES 24

/* What every HTTP/2 client says first. */
extern const char preface_bytes[];

/* Looks for the preface in a stream that comes in pieces. */
struct preface_search {
    size_t matched;
};

/* True when the preface ends within `bytes`; *ret_after is then the offset after its last byte. The search begins anew. */
bool preface_find(struct preface_search *search, const uint8_t *bytes, size_t length, size_t *ret_after);

#endif
