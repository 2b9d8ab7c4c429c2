/* Which disk becomes the root, and what file system a disk has. */
#include "../src/fstype.h"
#include "../src/root_choice.h"

#include "check.h"

#include <string.h>

static struct boot_document document;
static struct root_choice choice;
static const char *rule;

static int choose(const char *command_line, const char *root_disk, const char *root_fstype)
{
    document.root_disk = root_disk;
    document.root_fstype = root_fstype;
    memset(&choice, 0x5A, sizeof choice);
    return root_choice_make(command_line, &document, &choice, &rule);
}

static void without_words_the_document_decides(void **state)
{
    (void) state;
    assert_int_equal(choose("quiet panic=-1", NULL, NULL), 0);
    assert_false(choice.is_disk);
    assert_int_equal(choose("volant.boot=auto", "root-7", NULL), 0);
    assert_true(choice.is_disk);
    assert_string_equal(choice.serial, "root-7");
    assert_string_equal(choice.fstype, "");
    assert_int_equal(choose("", "root-7", "erofs"), 0);
    assert_string_equal(choice.fstype, "erofs");
}

static void initramfs_means_no_disk(void **state)
{
    (void) state;
    assert_int_equal(choose("volant.boot=initramfs", "root-7", "ext4"), 0);
    assert_false(choice.is_disk);
    assert_int_equal(choose("volant.boot=initramfs volant.rootfs_device=vdb", "root-7", "ext4"), 0);
    assert_false(choice.is_disk);
}

static void rootfs_means_a_disk_in_any_case(void **state)
{
    (void) state;
    assert_int_equal(choose("volant.boot=rootfs", "root-7", NULL), 0);
    assert_string_equal(choice.serial, "root-7");
    assert_int_equal(choose("volant.boot=rootfs", NULL, NULL), 0);
    assert_true(choice.is_disk);
    assert_null(choice.serial);
    assert_string_equal(choice.device, "vda");
}

static void words_win_over_the_document(void **state)
{
    (void) state;
    assert_int_equal(choose("volant.rootfs_device=vdb volant.rootfs_fstype=xfs", "root-7", "ext4"), 0);
    assert_true(choice.is_disk);
    assert_null(choice.serial);
    assert_string_equal(choice.device, "vdb");
    assert_string_equal(choice.fstype, "xfs");
    assert_int_equal(choose("volant.rootfs_device=/dev/nvme0n1p1", NULL, NULL), 0);
    assert_true(choice.is_disk);
    assert_string_equal(choice.device, "nvme0n1p1");
}

static void broken_words_are_refused(void **state)
{
    static const char *const lines[] = {"volant.boot=disk", "volant.boot=", "volant.boot=initramfsinitramfs",
        "volant.rootfs_device=", "volant.rootfs_device=/dev/", "volant.rootfs_device=../x", "volant.rootfs_device=..",
        "volant.rootfs_device=a/b", "volant.rootfs_device=123456789012345678901", "volant.rootfs_fstype=vfat",
        "volant.rootfs_fstype=", "volant.rootfs_fstype=ext4ext4ext4ext4ext4"};
    (void) state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        rule = NULL;
        if (choose(lines[i], "root-7", NULL) != -EINVAL || strncmp(rule, lines[i], strcspn(lines[i], "=")) != 0)
            fail_msg("%s: %s", lines[i], rule);
    }
}

/* A disk in memory. */
static uint8_t disk[0x10080];
static size_t disk_length;

static bool read_disk(void *context, uint64_t offset, uint8_t *bytes, size_t length)
{
    (void) context;
    assert_true(length <= FSTYPE_MARK_BYTES_MAX);
    if (offset > disk_length || length > disk_length - offset)
        return false;
    memcpy(bytes, disk + offset, length);
    return true;
}

static const char *detect(size_t offset, const char *bytes, size_t length)
{
    memset(disk, 0, sizeof disk);
    memcpy(disk + offset, bytes, length);
    return fstype_detect(read_disk, NULL);
}

static void each_file_system_is_known_by_its_mark(void **state)
{
    static const struct {
        const char *type;
        size_t offset;
        const char *bytes;
    } cases[] = {{"squashfs", 0, "hsqs"}, {"erofs", 1024, "\xE2\xE1\xF5\xE0"}, {"ext4", 1080, "\x53\xEF"}, {"xfs", 0, "XFSB"},
        {"btrfs", 0x10040, "_BHRfS_M"}, {"iso9660", 32769, "CD001"}, {"vfat", 54, "FAT12   "}, {"vfat", 54, "FAT16   "},
        {"vfat", 82, "FAT32   "}};
    (void) state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = strlen(cases[i].bytes);
        disk_length = sizeof disk;
        assert_string_equal(detect(cases[i].offset, cases[i].bytes, length), cases[i].type);
        assert_null(detect(cases[i].offset + 1, cases[i].bytes, length));
        disk_length = cases[i].offset + 1; /* the mark is cut off */
        assert_null(detect(cases[i].offset, cases[i].bytes, length));
    }
    disk_length = 0;
    assert_null(detect(0, "", 0));
}

static void read_only_kinds(void **state)
{
    (void) state;
    assert_true(fstype_is_read_only("squashfs") && fstype_is_read_only("erofs") && fstype_is_read_only("iso9660"));
    assert_false(fstype_is_read_only("ext4") || fstype_is_read_only("vfat"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_words_the_document_decides),
        cmocka_unit_test(initramfs_means_no_disk),
        cmocka_unit_test(rootfs_means_a_disk_in_any_case),
        cmocka_unit_test(words_win_over_the_document),
        cmocka_unit_test(broken_words_are_refused),
        cmocka_unit_test(each_file_system_is_known_by_its_mark),
        cmocka_unit_test(read_only_kinds),
    };
    return cmocka_run_group_tests_name("disks", tests, NULL, NULL);
}
