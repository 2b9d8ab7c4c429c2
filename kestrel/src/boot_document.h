#ifndef KESTREL_BOOT_DOCUMENT_H
#define KESTREL_BOOT_DOCUMENT_H

#include "boot_value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOOT_DOCUMENT_BYTES_MAX 65536
#define BOOT_MODULES_MAX 64
#define BOOT_RESOLVERS_MAX 3
#define BOOT_ARGUMENTS_MAX 256
#define BOOT_ENVIRONMENT_MAX 256
#define BOOT_ENVIRONMENT_DEFAULTS 3
#define BOOT_DISKS_MAX 16

/* A further disk and the folder where it belongs. */
struct boot_disk {
    char serial[BOOT_SERIAL_BYTES_MAX + 1];
    bool is_read_only;
    const char *folder;
};

/* What the host wants of this boot. Strings point into the bytes that were parsed; a missing text is NULL, a missing number its default. */
struct boot_document {
    uint64_t vm;
    const char *hostname;
    const char *modules[BOOT_MODULES_MAX];
    size_t module_count;
    const char *mac;
    uint8_t address[4];
    uint8_t prefix_bits;
    bool has_address;
    uint8_t gateway[4];
    bool has_gateway;
    const char *resolvers[BOOT_RESOLVERS_MAX];
    size_t resolver_count;
    const char *arguments[BOOT_ARGUMENTS_MAX + 1]; /* ends with NULL, as execve wants it */
    size_t argument_count;
    const char *environment[BOOT_ENVIRONMENT_MAX + BOOT_ENVIRONMENT_DEFAULTS + 1]; /* likewise, defaults included */
    size_t environment_count;
    bool has_home; /* HOME is the document's, not the default */
    const char *workdir;
    const char *user; /* USER or USER:GROUP */
    const char *root_disk; /* serial numbers; NULL: none */
    const char *overlay_disk;
    const char *root_fstype;
    const char *overlay_size; /* as tmpfs takes it */
    struct boot_disk disks[BOOT_DISKS_MAX];
    size_t disk_count;
    const char *probe_host;
    uint16_t probe_port; /* 0: no probe */
    const char *probe_path;
    uint64_t probe_timeout_ms;
    uint64_t probe_interval_ms;
    uint64_t stop_timeout_ms;
    uint64_t restart_min_ms;
    uint64_t restart_max_ms;
};

/* What is wrong with a document: which record (from 1; 0: the document as a whole), its key, and the rule that it breaks. */
struct boot_document_fault {
    size_t record;
    char key[32];
    const char *rule;
};

/* Parses `length` bytes, which must outlive `ret_document`. 0, or -EINVAL with `ret_fault` filled in. */
int boot_document_parse(
    const char *bytes, size_t length, struct boot_document *ret_document, struct boot_document_fault *ret_fault);

#endif
