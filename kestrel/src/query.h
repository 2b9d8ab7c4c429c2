#ifndef KESTREL_QUERY_H
#define KESTREL_QUERY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Finds `key` in a query ("?a=b&c=d", or what follows a path) and decodes its value into `value`, with a NUL.
 * 0; -ENOENT where the key is missing; -EINVAL where it comes twice, an escape is broken or stands for NUL, or it does not fit.
 */
int query_value(const char *query, const char *key, char *value, size_t size);

/* Whether the query has `key` with the value `1`. */
bool query_flag(const char *query, const char *key);

#endif
