#ifndef KESTREL_BOOT_VALUE_H
#define KESTREL_BOOT_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* Checks of single values, as strict as the contract: no blanks, no signs, no leading or trailing bytes. */
bool boot_value_number(const char *value, uint64_t min, uint64_t max, uint64_t *ret_number);
bool boot_value_ipv4(const char *value, uint8_t ret_address[4]);
bool boot_value_ipv4_with_prefix(const char *value, uint8_t ret_address[4], uint8_t *ret_prefix_bits);
bool boot_value_mac(const char *value);
bool boot_value_hostname(const char *value);
bool boot_value_absolute_path(const char *value);
bool boot_value_request_path(const char *value);
bool boot_value_variable(const char *value);

#endif
