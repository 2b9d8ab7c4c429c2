/* The boot document: what it means, and that each broken one is refused with the record's number and rule. */
#include "../src/boot_document.h"

#include "check.h"

#include <string.h>

#define PARSE(literal, document, fault) boot_document_parse(literal, sizeof literal - 1, document, fault)

static struct boot_document document;
static struct boot_document_fault fault;

static void a_small_document_gets_the_defaults(void **state)
{
    (void) state;
    assert_int_equal(PARSE("boot=1\0vm=7\0arg=/bin/true\0", &document, &fault), 0);
    assert_int_equal(document.vm, 7);
    assert_string_equal(document.hostname, "volant");
    assert_string_equal(document.workdir, "/");
    assert_string_equal(document.probe_host, "127.0.0.1");
    assert_int_equal(document.probe_port, 0);
    assert_int_equal(document.probe_timeout_ms, 1000);
    assert_int_equal(document.probe_interval_ms, 2000);
    assert_int_equal(document.stop_timeout_ms, 10000);
    assert_int_equal(document.restart_min_ms, 200);
    assert_int_equal(document.restart_max_ms, 30000);
    assert_false(document.has_address);
    assert_false(document.has_gateway);
    assert_int_equal(document.argument_count, 1);
    assert_null(document.arguments[1]);
    assert_int_equal(document.environment_count, 3);
    assert_null(document.environment[3]);
    assert_false(document.has_home);
    assert_null(document.user);
    assert_null(document.root_disk);
    assert_null(document.root_fstype);
    assert_null(document.overlay_disk);
    assert_null(document.overlay_size);
    assert_int_equal(document.disk_count, 0);
}

static void every_key_is_read(void **state)
{
    (void) state;
    assert_int_equal(
        PARSE("boot=1\0vm=12\0hostname=web-1\0module=/a.ko\0module=/b.ko\0address=192.168.127.10/24\0"
              "gateway=192.168.127.1\0mac=02:00:00:00:00:0a\0dns=1.1.1.1\0dns=9.9.9.9\0arg=sh\0arg=-c\0arg=a=b\nc\0"
              "env=A=1=2\0env=HOME=/root\0workdir=/srv\0probe_host=10.0.0.1\0probe_port=65535\0probe_path=/healthz?x=1\0"
              "probe_timeout_ms=10\0probe_interval_ms=600000\0stop_timeout_ms=0\0restart_min_ms=1\0restart_max_ms=3600000\0",
            &document, &fault),
        0);
    assert_string_equal(document.hostname, "web-1");
    assert_int_equal(document.module_count, 2);
    assert_string_equal(document.modules[1], "/b.ko");
    assert_memory_equal(document.address, "\xC0\xA8\x7F\x0A", 4);
    assert_int_equal(document.prefix_bits, 24);
    assert_memory_equal(document.gateway, "\xC0\xA8\x7F\x01", 4);
    assert_string_equal(document.mac, "02:00:00:00:00:0a");
    assert_int_equal(document.resolver_count, 2);
    assert_string_equal(document.arguments[2], "a=b\nc");
    assert_string_equal(document.environment[0], "A=1=2");
    assert_int_equal(document.environment_count, 4); /* HOME is given, so PATH and TERM are added */
    assert_string_equal(document.workdir, "/srv");
    assert_int_equal(document.probe_port, 65535);
    assert_string_equal(document.probe_path, "/healthz?x=1");
    assert_int_equal(document.stop_timeout_ms, 0);
    assert_int_equal(document.restart_max_ms, 3600000);
}

static void disks_and_the_user_are_read(void **state)
{
    (void) state;
    assert_int_equal(
        PARSE("boot=1\0vm=7\0arg=x\0user=www-data:4294967294\0root_disk=volant_7.root-123456\0root_fstype=squashfs\0"
              "overlay_disk=c\0overlay_size=100%\0disk=data:rw:/srv/data\0disk=cidata-1:ro:/a:b/..c/\0env=HOME=/x\0",
            &document, &fault),
        0);
    assert_string_equal(document.user, "www-data:4294967294");
    assert_string_equal(document.root_disk, "volant_7.root-123456");
    assert_string_equal(document.root_fstype, "squashfs");
    assert_string_equal(document.overlay_disk, "c");
    assert_string_equal(document.overlay_size, "100%");
    assert_int_equal(document.disk_count, 2);
    assert_string_equal(document.disks[0].serial, "data");
    assert_false(document.disks[0].is_read_only);
    assert_string_equal(document.disks[0].folder, "/srv/data");
    assert_string_equal(document.disks[1].serial, "cidata-1");
    assert_true(document.disks[1].is_read_only);
    assert_string_equal(document.disks[1].folder, "/a:b/..c/");
    assert_true(document.has_home);
}

static void good_users_and_sizes(void **state)
{
    static const char *const users[] = {"root", "0", "1000:1000", "a:b", "4294967294", "1a", "_apt:nogroup", "user@realm$"};
    static const char *const sizes[] = {"1", "9223372036854775807", "1%", "100%", "65536"};
    (void) state;
    for (size_t i = 0; i < sizeof users / sizeof users[0]; i++)
        assert_true(boot_value_user(users[i]));
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        assert_true(boot_value_size(sizes[i]));
}

static void unknown_keys_are_ignored(void **state)
{
    (void) state;
    assert_int_equal(PARSE("boot=1\0vm=7\0colour=blue\0colour=red\0arg=x\0", &document, &fault), 0);
}

struct broken {
    const char *bytes;
    size_t length;
    size_t record;
    const char *key;
};
#define BROKEN(literal, record, key) {literal, sizeof literal - 1, record, key}
#define START "boot=1\0vm=7\0arg=x\0"

static const struct broken broken[] = {
    BROKEN("", 1, "boot"),
    BROKEN("boot=1", 1, "boot"),
    BROKEN("boot=2\0vm=7\0arg=x\0", 1, "boot"),
    BROKEN("vm=7\0boot=1\0arg=x\0", 1, "boot"),
    BROKEN(START "boot=1\0", 4, "boot"),
    BROKEN(START "hostname=a", 0, ""),
    BROKEN("boot=1\0arg=x\0", 0, ""),
    BROKEN("boot=1\0vm=7\0", 0, ""),
    BROKEN("boot=1\0vm=7\0arg=\0", 0, ""),
    BROKEN(START "\0", 4, ""),
    BROKEN(START "nothing\0", 4, "nothing"),
    BROKEN(START "=x\0", 4, "=x"),
    BROKEN(START "vm=8\0", 4, "vm"),
    BROKEN("boot=1\0vm=-1\0arg=x\0", 2, "vm"),
    BROKEN("boot=1\0vm=9223372036854775808\0arg=x\0", 2, "vm"),
    BROKEN("boot=1\0vm=99999999999999999999999\0arg=x\0", 2, "vm"),
    BROKEN(START "hostname=\0", 4, "hostname"),
    BROKEN(START "hostname=a.b\0", 4, "hostname"),
    BROKEN(START "hostname=a234567890123456789012345678901234567890123456789012345678901234\0", 4, "hostname"),
    BROKEN(START "hostname=a\0hostname=a\0", 5, "hostname"),
    BROKEN(START "module=a.ko\0", 4, "module"),
    BROKEN(START "address=1.2.3.4\0", 4, "address"),
    BROKEN(START "address=1.2.3.4/33\0", 4, "address"),
    BROKEN(START "address=1.2.3.4/0\0", 4, "address"),
    BROKEN(START "address=1.2.3.256/24\0", 4, "address"),
    BROKEN(START "address=1.2.3/24\0", 4, "address"),
    BROKEN(START "address=01.2.3.4/24\0", 4, "address"),
    BROKEN(START "gateway=1.2.3.4.5\0", 4, "gateway"),
    BROKEN(START "gateway=1.2.3.4\0", 0, ""),
    BROKEN(START "mac=02:00:00:00:00\0", 4, "mac"),
    BROKEN(START "mac=02:00:00:00:00:0A\0", 4, "mac"),
    BROKEN(START "dns=::1\0", 4, "dns"),
    BROKEN(START "dns=1.1.1.1\0dns=1.1.1.1\0dns=1.1.1.1\0dns=1.1.1.1\0", 7, "dns"),
    BROKEN(START "env=A\0", 4, "env"),
    BROKEN(START "env==A\0", 4, "env"),
    BROKEN(START "workdir=tmp\0", 4, "workdir"),
    BROKEN(START "probe_port=0\0", 4, "probe_port"),
    BROKEN(START "probe_port=65536\0", 4, "probe_port"),
    BROKEN(START "probe_port=+80\0", 4, "probe_port"),
    BROKEN(START "probe_port=80 \0", 4, "probe_port"),
    BROKEN(START "probe_port=\0", 4, "probe_port"),
    BROKEN(START "probe_path=x\0", 4, "probe_path"),
    BROKEN(START "probe_path=/a b\0", 4, "probe_path"),
    BROKEN(START "probe_path=/a\r\nX: y\0", 4, "probe_path"),
    BROKEN(START "probe_timeout_ms=9\0", 4, "probe_timeout_ms"),
    BROKEN(START "probe_interval_ms=99\0", 4, "probe_interval_ms"),
    BROKEN(START "stop_timeout_ms=600001\0", 4, "stop_timeout_ms"),
    BROKEN(START "restart_min_ms=0\0", 4, "restart_min_ms"),
    BROKEN(START "a\x1B[2Jb\0", 4, "a?[2Jb"),
    BROKEN(START "user=\0", 4, "user"),
    BROKEN(START "user=:\0", 4, "user"),
    BROKEN(START "user=a:\0", 4, "user"),
    BROKEN(START "user=:a\0", 4, "user"),
    BROKEN(START "user=a:b:c\0", 4, "user"),
    BROKEN(START "user=a b\0", 4, "user"),
    BROKEN(START "user=a\n\0", 4, "user"),
    BROKEN(START "user=\xC3\xA4\0", 4, "user"),
    BROKEN(START "user=4294967295\0", 4, "user"),
    BROKEN(START "user=00\0", 4, "user"),
    BROKEN(START "user=99999999999999999999\0", 4, "user"),
    BROKEN(START "user=a2345678901234567890123456789012345678901234567890123456789012345\0", 4, "user"),
    BROKEN(START "user=a\0user=a\0", 5, "user"),
    BROKEN(START "root_disk=\0", 4, "root_disk"),
    BROKEN(START "root_disk=a/b\0", 4, "root_disk"),
    BROKEN(START "root_disk=123456789012345678901\0", 4, "root_disk"),
    BROKEN(START "root_disk=a\0root_disk=a\0", 5, "root_disk"),
    BROKEN(START "root_fstype=vfat\0", 4, "root_fstype"),
    BROKEN(START "root_fstype=EXT4\0", 4, "root_fstype"),
    BROKEN(START "root_fstype=\0", 4, "root_fstype"),
    BROKEN(START "overlay_disk=a b\0", 4, "overlay_disk"),
    BROKEN(START "overlay_size=0\0", 4, "overlay_size"),
    BROKEN(START "overlay_size=0%\0", 4, "overlay_size"),
    BROKEN(START "overlay_size=101%\0", 4, "overlay_size"),
    BROKEN(START "overlay_size=1G\0", 4, "overlay_size"),
    BROKEN(START "overlay_size=1%,x\0", 4, "overlay_size"),
    BROKEN(START "overlay_size=9223372036854775808\0", 4, "overlay_size"),
    BROKEN(START "disk=\0", 4, "disk"),
    BROKEN(START "disk=a\0", 4, "disk"),
    BROKEN(START "disk=a:\0", 4, "disk"),
    BROKEN(START "disk=a:rw\0", 4, "disk"),
    BROKEN(START "disk=a:rw:\0", 4, "disk"),
    BROKEN(START "disk=a:rx:/b\0", 4, "disk"),
    BROKEN(START "disk=:rw:/b\0", 4, "disk"),
    BROKEN(START "disk=a:ro:b\0", 4, "disk"),
    BROKEN(START "disk=a:ro:/\0", 4, "disk"),
    BROKEN(START "disk=a:ro://./\0", 4, "disk"),
    BROKEN(START "disk=a:ro:/..\0", 4, "disk"),
    BROKEN(START "disk=a:ro:/b/../c\0", 4, "disk"),
    BROKEN(START "disk=123456789012345678901:ro:/b\0", 4, "disk"),
};

static void a_broken_document_is_refused_with_its_record_named(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        memset(&fault, 0, sizeof fault);
        int result = boot_document_parse(broken[i].bytes, broken[i].length, &document, &fault);
        if (result != -EINVAL || fault.record != broken[i].record || strcmp(fault.key, broken[i].key) != 0)
            fail_msg("case %zu: result %d record %zu key '%s'", i, result, fault.record, fault.key);
        assert_non_null(fault.rule);
        assert_true(strlen(fault.rule) > 0);
    }
}

/* `count` records of `record`, after a valid start. */
static int parse_many(const char *record, size_t count)
{
    static char bytes[BOOT_DOCUMENT_BYTES_MAX + 1];
    size_t length = sizeof START - 1;
    memcpy(bytes, START, length);
    for (size_t i = 0; i < count; i++) {
        memcpy(bytes + length, record, strlen(record) + 1);
        length += strlen(record) + 1;
    }
    return boot_document_parse(bytes, length, &document, &fault);
}

static void lists_hold_their_most_and_no_more(void **state)
{
    (void) state;
    assert_int_equal(parse_many("arg=y", 255), 0);
    assert_int_equal(document.argument_count, 256);
    assert_null(document.arguments[256]);
    assert_int_equal(parse_many("arg=y", 256), -EINVAL);
    assert_int_equal(parse_many("env=A=b", 256), 0);
    assert_int_equal(document.environment_count, 259);
    assert_null(document.environment[259]);
    assert_int_equal(parse_many("env=A=b", 257), -EINVAL);
    assert_int_equal(parse_many("module=/m.ko", 64), 0);
    assert_int_equal(parse_many("module=/m.ko", 65), -EINVAL);
    assert_int_equal(parse_many("disk=a:rw:/b", 16), 0);
    assert_int_equal(parse_many("disk=a:rw:/b", 17), -EINVAL);
}

static void a_document_over_64_kib_is_refused(void **state)
{
    static char bytes[BOOT_DOCUMENT_BYTES_MAX + 1];
    (void) state;
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes, START "env=A=", sizeof START + 5);
    bytes[BOOT_DOCUMENT_BYTES_MAX - 1] = '\0';
    assert_int_equal(boot_document_parse(bytes, BOOT_DOCUMENT_BYTES_MAX, &document, &fault), 0);
    bytes[BOOT_DOCUMENT_BYTES_MAX] = '\0';
    assert_int_equal(boot_document_parse(bytes, BOOT_DOCUMENT_BYTES_MAX + 1, &document, &fault), -EINVAL);
    assert_int_equal(fault.record, 0);
}

static void a_folder_has_at_most_1024_bytes(void **state)
{
    static char record[1100] = "disk=a:rw:/";
    (void) state;
    memset(record + 11, 'x', 1023);
    assert_int_equal(parse_many(record, 1), 0);
    record[11 + 1023] = 'x';
    assert_int_equal(parse_many(record, 1), -EINVAL);
}

static void a_fault_leaves_the_document_untouched(void **state)
{
    (void) state;
    memset(&document, 0x5A, sizeof document);
    struct boot_document before = document;
    assert_int_equal(PARSE(START "probe_port=0\0", &document, &fault), -EINVAL);
    assert_memory_equal(&before, &document, sizeof document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_document_gets_the_defaults),
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(disks_and_the_user_are_read),
        cmocka_unit_test(good_users_and_sizes),
        cmocka_unit_test(unknown_keys_are_ignored),
        cmocka_unit_test(a_broken_document_is_refused_with_its_record_named),
        cmocka_unit_test(lists_hold_their_most_and_no_more),
        cmocka_unit_test(a_document_over_64_kib_is_refused),
        cmocka_unit_test(a_folder_has_at_most_1024_bytes),
        cmocka_unit_test(a_fault_leaves_the_document_untouched),
    };
    return cmocka_run_group_tests_name("boot document", tests, NULL, NULL);
}
