/* PAX headers: `LENGTH KEY=VALUE\n` records, where the length counts itself. Pure; fuzzed. */
#include "tar_reader.h"

#include <errno.h>
#include <string.h>

/* Decimal digits from the front of `text`; false where there are none, or too many. */
static bool take_number(const char **text, const char *end, uint64_t max, uint64_t *ret_number)
{
    const char *at = *text;
    uint64_t number = 0;
    for (; at < end && *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t) (*at - '0');
        if (number > (max - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    if (at == *text)
        return false;
    *text = at;
    *ret_number = number;
    return true;
}

static bool set_number(const char *value, const char *end, uint64_t max, uint64_t *ret_number)
{
    return take_number(&value, end, max, ret_number) && value == end;
}

static bool set_id(const char *value, const char *end, uint32_t *ret_id)
{
    uint64_t number = 0;
    if (!set_number(value, end, TAR_ID_MAX, &number))
        return false;
    *ret_id = (uint32_t) number;
    return true;
}

/* Seconds, with a sign and a fraction if need be. */
static bool set_time(const char *value, const char *end, struct tar_pax *pax)
{
    uint64_t seconds = 0;
    uint32_t nanoseconds = 0;
    bool is_negative = value < end && *value == '-';
    value += is_negative;
    if (!take_number(&value, end, INT64_MAX - 1, &seconds))
        return false;
    if (value < end && *value++ != '.')
        return false;
    for (uint32_t unit = 100000000; value < end; value++, unit /= 10) {
        if (*value < '0' || *value > '9')
            return false;
        nanoseconds += unit * (uint32_t) (*value - '0');
    }
    pax->modified_s = is_negative ? -(int64_t) seconds : (int64_t) seconds;
    if (is_negative && nanoseconds > 0) {
        pax->modified_s--;
        nanoseconds = 1000000000 - nanoseconds;
    }
    pax->modified_ns = nanoseconds;
    return true;
}

static bool set_text(const char *value, const char *end, const char **ret_text, size_t *ret_length)
{
    size_t length = (size_t) (end - value);
    if (length > TAR_NAME_BYTES_MAX || memchr(value, '\0', length) != NULL)
        return false;
    *ret_text = value;
    *ret_length = length;
    return true;
}

static bool is_key(const char *key, size_t length, const char *name)
{
    return strlen(name) == length && memcmp(key, name, length) == 0;
}

/* NULL, or the rule that the record breaks. An empty value takes back what was said before. */
static const char *set_record(struct tar_pax *pax, const char *key, const char *end)
{
    const char *equals = memchr(key, '=', (size_t) (end - key));
    if (equals == NULL)
        return "a PAX record without '='";
    size_t length = (size_t) (equals - key);
    const char *value = equals + 1;
    bool is_good = true;
    if (length >= 11 && memcmp(key, "GNU.sparse.", 11) == 0)
        return "sparse files are not supported";
    if (is_key(key, length, "path"))
        is_good = set_text(value, end, &pax->path, &pax->path_length);
    else if (is_key(key, length, "linkpath"))
        is_good = set_text(value, end, &pax->link, &pax->link_length);
    else if (is_key(key, length, "size"))
        is_good = (pax->has_size = value < end) ? set_number(value, end, INT64_MAX, &pax->size) : true;
    else if (is_key(key, length, "uid"))
        is_good = (pax->has_user = value < end) ? set_id(value, end, &pax->user) : true;
    else if (is_key(key, length, "gid"))
        is_good = (pax->has_group = value < end) ? set_id(value, end, &pax->group) : true;
    else if (is_key(key, length, "mtime"))
        is_good = (pax->has_time = value < end) ? set_time(value, end, pax) : true;
    return is_good ? NULL : "a PAX record has a bad value";
}

int tar_pax_parse(const char *bytes, size_t length, struct tar_pax *ret_pax, const char **ret_rule)
{
    struct tar_pax pax = {0};
    const char *end = bytes + length;
    for (const char *record = bytes; record < end;) {
        const char *at = record;
        uint64_t size = 0;
        *ret_rule = "a PAX record has a bad length";
        if (!take_number(&at, end, TAR_PAX_BYTES_MAX, &size) || size > (uint64_t) (end - record))
            return -EBADMSG;
        const char *next = record + size;
        if (at + 2 > next || *at != ' ' || next[-1] != '\n')
            return -EBADMSG;
        *ret_rule = set_record(&pax, at + 1, next - 1);
        if (*ret_rule != NULL)
            return -EBADMSG;
        record = next;
    }
    *ret_pax = pax;
    return 0;
}
