/*
 * Finding the beginning of a session. A virtio-serial port has no connections: when a host vanishes and comes back, its bytes
 * follow the old ones. The preface is where a new session begins, and what lies before it is litter. Pure.
 */
#include "preface.h"

#include <string.h>

const char preface_bytes[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

_Static_assert(sizeof preface_bytes - 1 == PREFACE_BYTES, "the preface has 24 bytes");

/* The longest beginning of the preface that ends with what was matched and this byte. Only "P" can overlap. */
static size_t advance(size_t matched, char byte)
{
    if (byte == preface_bytes[matched])
        return matched + 1;
    if (matched > 0 && preface_bytes[matched - 1] == 'P' && byte == preface_bytes[1])
        return 2;
    return byte == preface_bytes[0] ? 1 : 0;
}

bool preface_find(struct preface_search *search, const uint8_t *bytes, size_t length, size_t *ret_after)
{
    size_t at = 0;
    while (at < length) {
        if (search->matched == 0) { /* the usual case in a running session: skip fast */
            const uint8_t *first = memchr(bytes + at, preface_bytes[0], length - at);
            if (first == NULL)
                return false;
            at = (size_t) (first - bytes);
        }
        search->matched = advance(search->matched, (char) bytes[at]);
        at++;
        if (search->matched == PREFACE_BYTES) {
            search->matched = 0;
            *ret_after = at;
            return true;
        }
    }
    return false;
}
