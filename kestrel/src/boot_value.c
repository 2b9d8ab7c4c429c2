/* The shapes of values in the boot document. Pure; every integer from the host is range-checked here. */
#include "boot_value.h"

#include <string.h>

#define PATH_BYTES_MAX 1024 /* far below PATH_MAX, so that a path always fits into the buffers that name it */
#define HOSTNAME_BYTES_MAX 63
#define MAC_BYTES 17

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Reads decimal digits, moves *at behind them. False where there are none or the number exceeds `max`. */
static bool take_number(const char **at, uint64_t max, uint64_t *ret_number)
{
    const char *digit = *at;
    uint64_t number = 0;
    if (!is_digit(*digit) || (digit[0] == '0' && is_digit(digit[1])))
        return false;
    for (; is_digit(*digit); digit++) {
        uint64_t value = (uint64_t) (*digit - '0');
        if (number > (UINT64_MAX - value) / 10)
            return false;
        number = number * 10 + value;
    }
    if (number > max)
        return false;
    *at = digit;
    *ret_number = number;
    return true;
}

static bool take_ipv4(const char **at, uint8_t ret_address[4])
{
    uint8_t address[4];
    for (int i = 0; i < 4; i++) {
        uint64_t part = 0;
        if (i > 0 && *(*at)++ != '.')
            return false;
        if (!take_number(at, 255, &part))
            return false;
        address[i] = (uint8_t) part;
    }
    memcpy(ret_address, address, sizeof address);
    return true;
}

bool boot_value_number(const char *value, uint64_t min, uint64_t max, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (!take_number(&value, max, &number) || *value != '\0' || number < min)
        return false;
    *ret_number = number;
    return true;
}

bool boot_value_ipv4(const char *value, uint8_t ret_address[4])
{
    return take_ipv4(&value, ret_address) && *value == '\0';
}

bool boot_value_ipv4_with_prefix(const char *value, uint8_t ret_address[4], uint8_t *ret_prefix_bits)
{
    uint64_t bits = 0;
    if (!take_ipv4(&value, ret_address) || *value != '/')
        return false;
    if (!boot_value_number(value + 1, 1, 32, &bits))
        return false;
    *ret_prefix_bits = (uint8_t) bits;
    return true;
}

bool boot_value_mac(const char *value)
{
    if (strlen(value) != MAC_BYTES)
        return false;
    for (int i = 0; i < MAC_BYTES; i++) {
        bool good = i % 3 == 2 ? value[i] == ':' : is_digit(value[i]) || (value[i] >= 'a' && value[i] <= 'f');
        if (!good)
            return false;
    }
    return true;
}

bool boot_value_hostname(const char *value)
{
    size_t length = strlen(value);
    if (length == 0 || length > HOSTNAME_BYTES_MAX)
        return false;
    for (; *value != '\0'; value++) {
        bool letter = (*value >= 'a' && *value <= 'z') || (*value >= 'A' && *value <= 'Z');
        if (!letter && !is_digit(*value) && *value != '-')
            return false;
    }
    return true;
}

bool boot_value_absolute_path(const char *value)
{
    return value[0] == '/' && strlen(value) <= PATH_BYTES_MAX;
}

bool boot_value_request_path(const char *value)
{
    if (!boot_value_absolute_path(value))
        return false;
    for (; *value != '\0'; value++)
        if (*value <= ' ' || *value > '~') /* anything else would need escaping, or would break the request line */
            return false;
    return true;
}

bool boot_value_variable(const char *value)
{
    const char *equals = strchr(value, '=');
    return equals != NULL && equals != value;
}
