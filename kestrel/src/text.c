/* Bounded text without stdio: small, no locale, no format strings. Pure. */
#include "text.h"

#include <string.h>

void text_init(struct text *text, char *bytes, size_t size)
{
    *text = (struct text){.bytes = bytes, .size = size};
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    if (text->cut || length > text->size - text->length) {
        text->cut = true;
        return;
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

void text_add(struct text *text, const char *words)
{
    text_add_bytes(text, words, strlen(words));
}

void text_add_number(struct text *text, uint64_t number)
{
    char digits[20]; /* 2^64 has 20 digits */
    size_t at = sizeof digits;
    do {
        digits[--at] = (char) ('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_add_bytes(text, digits + at, sizeof digits - at);
}

const char *text_end(struct text *text)
{
    if (text->size == 0)
        return "";
    size_t end = text->length < text->size ? text->length : text->size - 1;
    text->bytes[end] = '\0';
    return text->bytes;
}
