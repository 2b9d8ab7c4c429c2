/* From which disk the guest gets its root, if from any. The kernel's command line wins over the boot document. Pure. */
#include "root_choice.h"

#include "command_line.h"

#include <errno.h>
#include <string.h>

#define DEFAULT_DEVICE "vda"

/* The word's value with "/dev/" taken off; empty where there is no such word. False where it can be no device's name. */
static bool take_device(const char *command_line, char device[BOOT_SERIAL_BYTES_MAX + 1])
{
    char value[sizeof "/dev/" + BOOT_SERIAL_BYTES_MAX + 1] = "";
    if (!command_line_has(command_line, "volant.rootfs_device"))
        return true;
    if (!command_line_value(command_line, "volant.rootfs_device", value, sizeof value))
        return false;
    const char *name = strncmp(value, "/dev/", 5) == 0 ? value + 5 : value;
    if (!boot_value_serial(name) || name[0] == '.')
        return false;
    memcpy(device, name, strlen(name) + 1);
    return true;
}

int root_choice_make(const char *command_line, const struct boot_document *document, struct root_choice *ret_choice,
    const char **ret_rule)
{
    struct root_choice choice = {0};
    char mode[16] = "auto";
    bool has_mode = command_line_has(command_line, "volant.boot");
    *ret_rule = "volant.boot must be auto, initramfs or rootfs";
    if (has_mode && !command_line_value(command_line, "volant.boot", mode, sizeof mode))
        return -EINVAL;
    bool is_rootfs = strcmp(mode, "rootfs") == 0;
    bool is_initramfs = strcmp(mode, "initramfs") == 0;
    if (!is_rootfs && !is_initramfs && strcmp(mode, "auto") != 0)
        return -EINVAL;
    *ret_rule = "volant.rootfs_device must be the name of a device, such as vda";
    if (!take_device(command_line, choice.device))
        return -EINVAL;
    *ret_rule = "volant.rootfs_fstype must be ext4, xfs, btrfs, squashfs or erofs";
    if (document->root_fstype != NULL)
        memcpy(choice.fstype, document->root_fstype, strlen(document->root_fstype) + 1);
    if (command_line_has(command_line, "volant.rootfs_fstype") &&
        (!command_line_value(command_line, "volant.rootfs_fstype", choice.fstype, sizeof choice.fstype) ||
            !boot_value_root_fstype(choice.fstype)))
        return -EINVAL;
    if (choice.device[0] == '\0')
        choice.serial = document->root_disk;
    choice.is_disk = !is_initramfs && (is_rootfs || choice.serial != NULL || choice.device[0] != '\0');
    if (choice.is_disk && choice.serial == NULL && choice.device[0] == '\0')
        memcpy(choice.device, DEFAULT_DEVICE, sizeof DEFAULT_DEVICE);
    *ret_choice = choice;
    return 0;
}
