/*
 * The boot document: `key=value` records, each ended by a NUL. Flat on purpose, so that PID 1 needs no JSON parser.
 * A table maps each key to how it is read. Pure; fuzzed. Nothing of a broken document is used.
 */
#include "boot_document.h"

#include <errno.h>
#include <string.h>

enum kind { NUMBER, PORT, TEXT, LIST, ADDRESS, GATEWAY, DISK };

/* How one key is read: into which field, how often, and the rule that a person is told when it is broken. */
struct key {
    const char *name;
    enum kind kind;
    size_t offset; /* of the field in struct boot_document */
    size_t count_offset; /* LIST and DISK: of its counter */
    size_t times_max;
    uint64_t min;
    uint64_t max;
    bool (*is_valid)(const char *value); /* TEXT and LIST; NULL: anything */
    const char *rule;
};

#define FIELD(name) offsetof(struct boot_document, name)
#define SERIAL_RULE "must be a serial number of 1 to 20 letters, digits, '.', '_' or '-'"
#define RANGE(low, high) .min = low, .max = high, .rule = "must be a number from " #low " to " #high

static bool is_ipv4(const char *value)
{
    uint8_t ignored[4];
    return boot_value_ipv4(value, ignored);
}

static bool is_not_empty(const char *value)
{
    return value[0] != '\0';
}

static const struct key keys[] = {
    {"boot", NUMBER, 0, 0, 0, 1, 1, NULL, "must be 1, in the first record and nowhere else"},
    {.name = "vm", .kind = NUMBER, .offset = FIELD(vm), .times_max = 1, RANGE(0, 9223372036854775807)},
    {"hostname", TEXT, FIELD(hostname), 0, 1, 0, 0, boot_value_hostname, "must be 1 to 63 letters, digits or '-'"},
    {"module", LIST, FIELD(modules), FIELD(module_count), BOOT_MODULES_MAX, 0, 0, boot_value_absolute_path,
        "must be an absolute path of at most 1024 bytes, at most 64 times"},
    {"address", ADDRESS, FIELD(address), 0, 1, 0, 0, NULL, "must be IPv4 with a prefix, such as 192.168.127.10/24"},
    {"gateway", GATEWAY, FIELD(gateway), 0, 1, 0, 0, NULL, "must be an IPv4 address"},
    {"mac", TEXT, FIELD(mac), 0, 1, 0, 0, boot_value_mac, "must be six lower-case hex bytes with ':' between them"},
    {"dns", LIST, FIELD(resolvers), FIELD(resolver_count), BOOT_RESOLVERS_MAX, 0, 0, is_ipv4,
        "must be an IPv4 address, at most 3 times"},
    {"arg", LIST, FIELD(arguments), FIELD(argument_count), BOOT_ARGUMENTS_MAX, 0, 0, NULL, "may come at most 256 times"},
    {"env", LIST, FIELD(environment), FIELD(environment_count), BOOT_ENVIRONMENT_MAX, 0, 0, boot_value_variable,
        "must be NAME=value, at most 256 times"},
    {"workdir", TEXT, FIELD(workdir), 0, 1, 0, 0, boot_value_absolute_path, "must be an absolute path of at most 1024 bytes"},
    {"probe_host", TEXT, FIELD(probe_host), 0, 1, 0, 0, is_ipv4, "must be an IPv4 address"},
    {.name = "probe_port", .kind = PORT, .offset = FIELD(probe_port), .times_max = 1, RANGE(1, 65535)},
    {"probe_path", TEXT, FIELD(probe_path), 0, 1, 0, 0, boot_value_request_path,
        "must begin with '/' and have only visible ASCII, at most 1024 bytes"},
    {.name = "probe_timeout_ms", .kind = NUMBER, .offset = FIELD(probe_timeout_ms), .times_max = 1, RANGE(10, 60000)},
    {.name = "probe_interval_ms", .kind = NUMBER, .offset = FIELD(probe_interval_ms), .times_max = 1, RANGE(100, 600000)},
    {.name = "stop_timeout_ms", .kind = NUMBER, .offset = FIELD(stop_timeout_ms), .times_max = 1, RANGE(0, 600000)},
    {.name = "restart_min_ms", .kind = NUMBER, .offset = FIELD(restart_min_ms), .times_max = 1, RANGE(1, 3600000)},
    {.name = "restart_max_ms", .kind = NUMBER, .offset = FIELD(restart_max_ms), .times_max = 1, RANGE(1, 3600000)},
    {"user", TEXT, FIELD(user), 0, 1, 0, 0, boot_value_user, "must be USER or USER:GROUP, each a name or a number below 4294967295"},
    {"root_disk", TEXT, FIELD(root_disk), 0, 1, 0, 0, boot_value_serial, SERIAL_RULE},
    {"root_fstype", TEXT, FIELD(root_fstype), 0, 1, 0, 0, boot_value_root_fstype, "must be ext4, xfs, btrfs, squashfs or erofs"},
    {"overlay_disk", TEXT, FIELD(overlay_disk), 0, 1, 0, 0, boot_value_serial, SERIAL_RULE},
    {"overlay_size", TEXT, FIELD(overlay_size), 0, 1, 0, 0, boot_value_size, "must be a number of bytes, or 1% to 100%"},
    {"disk", DISK, FIELD(disks), FIELD(disk_count), BOOT_DISKS_MAX, 0, 0, NULL,
        "must be SERIAL:rw:/folder or SERIAL:ro:/folder, without '..', at most 16 times"},
};

#define KEYS (sizeof keys / sizeof keys[0])

static const struct boot_document defaults = {
    .hostname = "volant",
    .workdir = "/",
    .probe_host = "127.0.0.1",
    .probe_timeout_ms = 1000,
    .probe_interval_ms = 2000,
    .stop_timeout_ms = 10000,
    .restart_min_ms = 200,
    .restart_max_ms = 30000,
};

static const struct key *find_key(const char *name, size_t length)
{
    for (size_t i = 0; i < KEYS; i++)
        if (strlen(keys[i].name) == length && memcmp(keys[i].name, name, length) == 0)
            return &keys[i];
    return NULL;
}

static bool set_number(const struct key *key, const char *value, void *field)
{
    uint64_t number = 0;
    if (!boot_value_number(value, key->min, key->max, &number))
        return false;
    if (key->kind == PORT)
        *(uint16_t *) field = (uint16_t) number;
    else
        *(uint64_t *) field = number;
    return true;
}

static bool set_text(const struct key *key, const char *value, const char **field)
{
    if (key->is_valid != NULL && !key->is_valid(value))
        return false;
    *field = value;
    return true;
}

/* SERIAL:rw:/folder or SERIAL:ro:/folder */
static bool set_disk(const char *value, struct boot_disk *ret_disk)
{
    struct boot_disk disk = {0};
    size_t length = strcspn(value, ":");
    const char *mode = value + length;
    if (length >= sizeof disk.serial || (strncmp(mode, ":rw:", 4) != 0 && strncmp(mode, ":ro:", 4) != 0))
        return false;
    memcpy(disk.serial, value, length);
    disk.is_read_only = mode[2] == 'o';
    disk.folder = mode + 4;
    if (!boot_value_serial(disk.serial) || !boot_value_folder(disk.folder))
        return false;
    *ret_disk = disk;
    return true;
}

/* Puts one value into the document. `times` counts how often its key has come before. */
static bool set_value(const struct key *key, const char *value, size_t times, struct boot_document *document)
{
    char *field = (char *) document + key->offset;
    if (times >= key->times_max)
        return false;
    switch (key->kind) {
    case NUMBER:
    case PORT:
        return set_number(key, value, field);
    case TEXT:
        return set_text(key, value, (const char **) (void *) field);
    case LIST:
        *(size_t *) (void *) ((char *) document + key->count_offset) = times + 1;
        return set_text(key, value, (const char **) (void *) field + times);
    case DISK:
        *(size_t *) (void *) ((char *) document + key->count_offset) = times + 1;
        return set_disk(value, (struct boot_disk *) (void *) field + times);
    case ADDRESS:
        document->has_address = true;
        return boot_value_ipv4_with_prefix(value, document->address, &document->prefix_bits);
    case GATEWAY:
        document->has_gateway = true;
        return boot_value_ipv4(value, document->gateway);
    }
    return false;
}

static int fault(struct boot_document_fault *ret_fault, size_t record, const char *key, size_t key_length, const char *rule)
{
    *ret_fault = (struct boot_document_fault){.record = record, .rule = rule};
    for (size_t i = 0; i < key_length && i < sizeof ret_fault->key - 1; i++)
        ret_fault->key[i] = key[i] > ' ' && key[i] <= '~' ? key[i] : '?'; /* it goes to a console */
    return -EINVAL;
}

/* Gives the workload a variable unless the document has it (false). The array has room for all defaults beyond the document's most. */
static bool add_default_variable(struct boot_document *document, const char *variable)
{
    size_t name_length = (size_t) (strchr(variable, '=') - variable) + 1;
    for (size_t i = 0; i < document->environment_count; i++)
        if (strncmp(document->environment[i], variable, name_length) == 0)
            return false;
    document->environment[document->environment_count++] = variable;
    return true;
}

static void add_defaults(struct boot_document *document)
{
    (void) add_default_variable(document, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    document->has_home = !add_default_variable(document, "HOME=/");
    (void) add_default_variable(document, "TERM=linux");
}

/* What concerns the document as a whole, once all its records are read. */
static const char *missing(const struct boot_document *document, const size_t times[KEYS])
{
    if (times[find_key("vm", 2) - keys] == 0)
        return "a record 'vm' is missing";
    if (document->argument_count == 0)
        return "a record 'arg' is missing: nothing to run";
    if (!is_not_empty(document->arguments[0]))
        return "the first 'arg' is empty: nothing to run";
    if (document->has_gateway && !document->has_address)
        return "'gateway' needs an 'address'";
    return NULL;
}

int boot_document_parse(
    const char *bytes, size_t length, struct boot_document *ret_document, struct boot_document_fault *ret_fault)
{
    static const char first[] = "boot=1";
    struct boot_document document = defaults;
    size_t times[KEYS] = {0};
    if (length > BOOT_DOCUMENT_BYTES_MAX)
        return fault(ret_fault, 0, "", 0, "it has more than 65536 bytes");
    if (length < sizeof first || memcmp(bytes, first, sizeof first) != 0)
        return fault(ret_fault, 1, "boot", 4, "the first record must be boot=1");
    if (bytes[length - 1] != '\0')
        return fault(ret_fault, 0, "", 0, "the last record is not ended by a NUL");
    size_t record = 1;
    for (const char *at = bytes + sizeof first; at < bytes + length; at += strlen(at) + 1) {
        record++;
        const char *equals = strchr(at, '=');
        if (equals == NULL || equals == at)
            return fault(ret_fault, record, at, strlen(at), "a record must be key=value");
        const struct key *key = find_key(at, (size_t) (equals - at));
        if (key == NULL)
            continue; /* a newer host knows more than this kestrel */
        if (!set_value(key, equals + 1, times[key - keys]++, &document))
            return fault(ret_fault, record, key->name, strlen(key->name), key->rule);
    }
    const char *rule = missing(&document, times);
    if (rule != NULL)
        return fault(ret_fault, 0, "", 0, rule);
    add_defaults(&document);
    *ret_document = document;
    return 0;
}
