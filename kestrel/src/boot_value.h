#ifndef KESTREL_BOOT_VALUE_H
#define KESTREL_BOOT_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOOT_SERIAL_BYTES_MAX 20 /* what virtio's block devices have room for */

/* Checks of single values, as strict as the contract: no blanks, no signs, no leading or trailing bytes. */
bool boot_value_number(const char *value, uint64_t min, uint64_t max, uint64_t *ret_number);
bool boot_value_ipv4(const char *value, uint8_t ret_address[4]);
bool boot_value_ipv4_with_prefix(const char *value, uint8_t ret_address[4], uint8_t *ret_prefix_bits);
bool boot_value_mac(const char *value);
bool boot_value_hostname(const char *value);
bool boot_value_absolute_path(const char *value);
bool boot_value_request_path(const char *value);
bool boot_value_variable(const char *value);
bool boot_value_serial(const char *value);
bool boot_value_root_fstype(const char *value);
bool boot_value_size(const char *value); /* bytes, or 1% to 100% */
bool boot_value_user(const char *value); /* USER or USER:GROUP */
bool boot_value_folder(const char *value); /* an absolute path below the root, without ".." */

/* The number of a user or group; the text need not end with a NUL. */
bool boot_value_id(const char *value, size_t length, uint32_t *ret_id);

#endif
