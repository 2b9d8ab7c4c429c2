#ifndef KESTREL_JSON_H
#define KESTREL_JSON_H

#include "text.h"

/* Adds `bytes` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD, one each. */
void json_add_string(struct text *text, const char *bytes, size_t length);

/* How many of `bytes` can be encoded in `encoded_max` bytes (quotes not counted) without cutting a character in two. */
size_t json_fitting(const char *bytes, size_t length, size_t encoded_max);

/* How many of `bytes` are whole characters: less than `length` only where a UTF-8 sequence has begun and not ended. */
size_t json_whole_characters(const char *bytes, size_t length);

#endif
