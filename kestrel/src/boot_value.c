/* The shapes of values in the boot document. Pure; every integer from the host is range-checked here. */
#include "boot_value.h"

#include <string.h>

#define PATH_BYTES_MAX 1024 /* far below PATH_MAX, so that a path always fits into the buffers that name it */
#define HOSTNAME_BYTES_MAX 63
#define MAC_BYTES 17
#define ACCOUNT_BYTES_MAX 64 /* useradd takes 32 */

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

static bool is_name_byte(char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '.' || byte == '_' ||
           byte == '-';
}

bool boot_value_serial(const char *value)
{
    size_t length = strlen(value);
    for (size_t i = 0; i < length; i++)
        if (!is_name_byte(value[i]))
            return false;
    return length > 0 && length <= BOOT_SERIAL_BYTES_MAX;
}

bool boot_value_root_fstype(const char *value)
{
    static const char *const types[] = {"ext4", "xfs", "btrfs", "squashfs", "erofs"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i], value) == 0)
            return true;
    return false;
}

bool boot_value_size(const char *value)
{
    uint64_t number = 0;
    if (!take_number(&value, INT64_MAX, &number) || number == 0) /* to tmpfs, 0 means no limit */
        return false;
    return *value == '\0' || (strcmp(value, "%") == 0 && number <= 100);
}

bool boot_value_id(const char *value, size_t length, uint32_t *ret_id)
{
    uint64_t id = 0;
    if (length == 0 || length > 10 || (length > 1 && value[0] == '0')) /* 2^32 has 10 digits */
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(value[i]))
            return false;
        id = id * 10 + (uint64_t) (value[i] - '0');
    }
    if (id >= UINT32_MAX) /* the last one means "leave it as it is" to the kernel */
        return false;
    *ret_id = (uint32_t) id;
    return true;
}

/* A name of a user or group, or a number. */
static bool is_account(const char *value, size_t length)
{
    uint32_t ignored = 0;
    bool is_number = true;
    if (length == 0 || length > ACCOUNT_BYTES_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (value[i] <= ' ' || value[i] > '~')
            return false;
        is_number = is_number && is_digit(value[i]);
    }
    return !is_number || boot_value_id(value, length, &ignored);
}

bool boot_value_user(const char *value)
{
    size_t length = strcspn(value, ":");
    const char *group = value + length + 1;
    if (!is_account(value, length))
        return false;
    return value[length] == '\0' || (strchr(group, ':') == NULL && is_account(group, strlen(group)));
}

bool boot_value_folder(const char *value)
{
    bool has_name = false;
    if (!boot_value_absolute_path(value))
        return false;
    while (*value != '\0') {
        value += strspn(value, "/");
        size_t length = strcspn(value, "/");
        if (length == 2 && value[0] == '.' && value[1] == '.')
            return false;
        has_name = has_name || (length > 0 && !(length == 1 && value[0] == '.'));
        value += length;
    }
    return has_name;
}
