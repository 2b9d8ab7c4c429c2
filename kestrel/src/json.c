/*
 * The little of JSON that PID 1 needs: writing strings. It never reads JSON.
 * What the workload prints is arbitrary, so every byte is looked at: valid UTF-8 passes, the rest is repaired.
 */
#include "json.h"

#include <string.h>

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD in UTF-8 */

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The length that a sequence claims by its first byte; 0 where no sequence begins so. */
static size_t claimed_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF)
        return 3;
    if (first >= 0xF0 && first <= 0xF4)
        return 4;
    return 0;
}

/* Overlong forms, surrogates and what lies beyond U+10FFFF show themselves in the second byte. */
static bool second_byte_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xE0:
        return second >= 0xA0;
    case 0xED:
        return second <= 0x9F;
    case 0xF0:
        return second >= 0x90;
    case 0xF4:
        return second <= 0x8F;
    default:
        return true;
    }
}

/* Length of the valid character at `bytes`, or 0 if its first byte begins none. */
static size_t character_length(const char *bytes, size_t length)
{
    unsigned char first = (unsigned char) bytes[0];
    size_t claimed = claimed_length(first);
    if (claimed == 0 || claimed > length)
        return 0;
    for (size_t i = 1; i < claimed; i++)
        if (!is_continuation((unsigned char) bytes[i]))
            return 0;
    if (claimed > 1 && !second_byte_fits(first, (unsigned char) bytes[1]))
        return 0;
    return claimed;
}

/* The two-character escape of a byte, or 0. */
static char short_escape(char byte)
{
    switch (byte) {
    case '"':
    case '\\':
        return byte;
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

/* Encodes the character at `bytes` to `encoded` (at most 6 bytes); returns how many bytes it took there. */
static size_t encode(const char *bytes, size_t length, char encoded[6], size_t *ret_encoded)
{
    static const char digits[] = "0123456789abcdef";
    char escape = short_escape(bytes[0]);
    unsigned char first = (unsigned char) bytes[0];
    if (escape != 0) {
        encoded[0] = '\\';
        encoded[1] = escape;
        *ret_encoded = 2;
        return 1;
    }
    if (first < 0x20) {
        memcpy(encoded, "\\u00", 4);
        encoded[4] = digits[first >> 4];
        encoded[5] = digits[first & 15];
        *ret_encoded = 6;
        return 1;
    }
    size_t taken = character_length(bytes, length);
    const char *from = taken > 0 ? bytes : replacement;
    *ret_encoded = taken > 0 ? taken : sizeof replacement - 1;
    memcpy(encoded, from, *ret_encoded);
    return taken > 0 ? taken : 1;
}

void json_add_string(struct text *text, const char *bytes, size_t length)
{
    text_add_bytes(text, "\"", 1);
    for (size_t at = 0; at < length;) {
        char encoded[6];
        size_t encoded_length = 0;
        at += encode(bytes + at, length - at, encoded, &encoded_length);
        text_add_bytes(text, encoded, encoded_length);
    }
    text_add_bytes(text, "\"", 1);
}

size_t json_fitting(const char *bytes, size_t length, size_t encoded_max)
{
    size_t at = 0;
    for (size_t used = 0; at < length;) {
        char encoded[6];
        size_t encoded_length = 0;
        size_t taken = encode(bytes + at, length - at, encoded, &encoded_length);
        if (encoded_length > encoded_max - used)
            break;
        used += encoded_length;
        at += taken;
    }
    return at;
}

size_t json_whole_characters(const char *bytes, size_t length)
{
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char byte = (unsigned char) bytes[length - back];
        if (is_continuation(byte))
            continue;
        return claimed_length(byte) > back ? length - back : length;
    }
    return length;
}
