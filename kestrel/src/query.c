/* The query of a request: pairs joined by '&', values with %XX. Pure; fuzzed. */
#include "query.h"

#include <errno.h>
#include <string.h>

static int digit_of(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

/* Decodes `length` bytes. 0 or -EINVAL. */
static int decode(const char *bytes, size_t length, char *value, size_t size)
{
    size_t filled = 0;
    for (size_t i = 0; i < length; i++) {
        char byte = bytes[i];
        if (byte == '%') {
            int high = length - i > 2 ? digit_of(bytes[i + 1]) : -1;
            int low = length - i > 2 ? digit_of(bytes[i + 2]) : -1;
            if (high < 0 || low < 0)
                return -EINVAL;
            byte = (char) (high << 4 | low);
            i += 2;
        }
        if (byte == '\0' || filled + 1 >= size)
            return -EINVAL;
        value[filled++] = byte;
    }
    value[filled] = '\0';
    return 0;
}

int query_value(const char *query, const char *key, char *value, size_t size)
{
    size_t key_length = strlen(key);
    const char *found = NULL;
    size_t found_length = 0;
    while (*query == '?' || *query == '&') {
        const char *word = query + 1;
        size_t length = strcspn(word, "&");
        query = word + length;
        if (length <= key_length || memcmp(word, key, key_length) != 0 || word[key_length] != '=')
            continue;
        if (found != NULL)
            return -EINVAL;
        found = word + key_length + 1;
        found_length = length - key_length - 1;
    }
    return found == NULL ? -ENOENT : decode(found, found_length, value, size);
}

bool query_flag(const char *query, const char *key)
{
    char value[8];
    return query_value(query, key, value, sizeof value) == 0 && strcmp(value, "1") == 0;
}
