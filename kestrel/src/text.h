#ifndef KESTREL_TEXT_H
#define KESTREL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text that grows inside a fixed buffer. What does not fit sets `cut` and is left out; nothing is ever written past `size`. */
struct text {
    char *bytes;
    size_t size;
    size_t length;
    bool cut;
};

void text_init(struct text *text, char *bytes, size_t size);
void text_add(struct text *text, const char *words);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_add_number(struct text *text, uint64_t number);

/* Ends the text with a NUL (the last byte gives way when the buffer is full) and returns it. */
const char *text_end(struct text *text);

#endif
