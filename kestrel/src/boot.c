/*
 * The first era: before the workload. A table of steps walked by one loop. Here an error ends the boot, and waiting
 * (with a limit) is allowed.
 */
#include "boot.h"

#include "host_files.h"
#include "modules.h"
#include "mounts.h"
#include "network.h"
#include "new_root.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

static void set_detail(struct boot *boot, const char *words)
{
    size_t room = boot->detail.size - boot->detail.length;
    text_add_bytes(&boot->detail, words, strnlen(words, room));
}

/* Reads a whole file of at most `size` bytes. Its length, or -errno. */
static ssize_t read_file(const char *path, char *bytes, size_t size)
{
    size_t length = 0;
    ssize_t part = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    do {
        part = read(fd, bytes + length, size - length);
        length += part > 0 ? (size_t) part : 0;
    } while (part > 0 && length < size);
    int error = part < 0 ? errno : 0;
    (void) close(fd);
    return error != 0 ? -error : (ssize_t) length;
}

static int mount_file_systems(struct boot *boot)
{
    const char *target = "";
    int result = mounts_make(&target);
    if (result < 0)
        set_detail(boot, target);
    return result;
}

/* Ctrl-Alt-Del is to be a signal to us, not a hard reset; a kernel that cannot do that still boots. */
static int take_over(struct boot *boot)
{
    (void) boot;
    (void) reboot(RB_DISABLE_CAD);
    return 0;
}

static int read_command_line(struct boot *boot)
{
    char name[128];
    ssize_t length = read_file("/proc/cmdline", boot->command_line, sizeof boot->command_line - 1);
    if (length < 0)
        return (int) length;
    boot->command_line[length] = '\0';
    if (command_line_value(boot->command_line, "volant.plugin", name, sizeof name))
        output_note(boot->output, "plugin", name);
    if (command_line_value(boot->command_line, "volant.runtime", name, sizeof name))
        output_note(boot->output, "runtime", name);
    return 0;
}

static int read_document(struct boot *boot)
{
    struct boot_document_fault fault;
    ssize_t length = read_file(boot->document_path, boot->bytes, sizeof boot->bytes);
    if (length < 0) {
        set_detail(boot, boot->document_path);
        return (int) length;
    }
    int result = boot_document_parse(boot->bytes, (size_t) length, &boot->document, &fault);
    if (result == 0)
        return 0;
    if (fault.record > 0) {
        text_add(&boot->detail, "record ");
        text_add_number(&boot->detail, fault.record);
        text_add(&boot->detail, " '");
        text_add(&boot->detail, fault.key);
        text_add(&boot->detail, "' ");
    }
    text_add(&boot->detail, fault.rule);
    return result;
}

static int load_modules(struct boot *boot)
{
    for (size_t i = 0; i < boot->document.module_count; i++) {
        const char *path = boot->document.modules[i];
        int result = module_load(path);
        if (result < 0) {
            set_detail(boot, path);
            return result;
        }
        timeline_add(&boot->timeline, "load", strrchr(path, '/') + 1);
    }
    return 0;
}

static int choose_root(struct boot *boot)
{
    const char *rule = "";
    int result = root_choice_make(boot->command_line, &boot->document, &boot->rootfs.choice, &rule);
    if (result < 0)
        set_detail(boot, rule);
    return result;
}

static int find_root(struct boot *boot)
{
    return rootfs_find(&boot->rootfs, &boot->detail);
}

static int mount_root(struct boot *boot)
{
    return rootfs_mount(&boot->rootfs, &boot->document, &boot->detail);
}

static int enter_root(struct boot *boot)
{
    return new_root_enter(&boot->detail);
}

static int link_disks(struct boot *boot)
{
    (void) boot;
    return disks_link();
}

static int mount_further_disks(struct boot *boot)
{
    return rootfs_mount_further(&boot->document, &boot->detail);
}

static int set_host_name(struct boot *boot)
{
    return sethostname(boot->document.hostname, strlen(boot->document.hostname)) < 0 ? -errno : 0;
}

static int bring_up_loopback(struct boot *boot)
{
    (void) boot;
    return network_bring_up_loopback();
}

static int configure_network(struct boot *boot)
{
    int result = network_configure(&boot->document);
    if (result == -ENODEV)
        set_detail(boot, boot->document.mac != NULL ? boot->document.mac : "no network interface");
    return result;
}

static int write_host_files(struct boot *boot)
{
    return host_files_write(&boot->document, &boot->detail);
}

/* Where a step is done: by a test too, in a machine only, or in a machine that gets its root from a disk. */
enum place { ANYWHERE, MACHINE, DISK_ROOT };

struct boot_step {
    const char *name;
    enum place place;
    int (*run)(struct boot *boot);
};

static const struct boot_step steps[] = {
    {"mount file systems", MACHINE, mount_file_systems},
    {"take over ctrl-alt-del", MACHINE, take_over},
    {"read kernel command line", MACHINE, read_command_line},
    {"read boot document", ANYWHERE, read_document},
    {"load modules", MACHINE, load_modules},
    {"choose root", MACHINE, choose_root},
    {"find root disk", DISK_ROOT, find_root},
    {"mount root", DISK_ROOT, mount_root},
    {"enter root", DISK_ROOT, enter_root},
    {"mount disks", MACHINE, mount_further_disks},
    {"link disks", MACHINE, link_disks}, /* after all waiting for disks */
    {"set host name", MACHINE, set_host_name},
    {"bring up loopback", MACHINE, bring_up_loopback},
    {"configure network", MACHINE, configure_network},
    {"write files in /etc", MACHINE, write_host_files},
};

static bool belongs_here(const struct boot *boot, const struct boot_step *step, bool is_machine)
{
    if (step->place == DISK_ROOT)
        return boot->rootfs.choice.is_disk;
    return is_machine || step->place == ANYWHERE;
}

static void tell_failure(struct boot *boot, const char *step, int result)
{
    char bytes[512];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, "boot failed: ");
    text_add(&text, step);
    if (boot->detail.length > 0) {
        text_add(&text, ": ");
        text_add_bytes(&text, boot->detail.bytes, boot->detail.length);
    }
    output_error(boot->output, text_end(&text), result);
}

int boot_run(struct boot *boot, bool is_machine)
{
    timeline_add(&boot->timeline, "kestrel", NULL);
    boot->rootfs.changes_fd = -1;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (!belongs_here(boot, &steps[i], is_machine))
            continue;
        text_init(&boot->detail, boot->detail_bytes, sizeof boot->detail_bytes);
        int result = steps[i].run(boot);
        if (result < 0) {
            tell_failure(boot, steps[i].name, result);
            return result;
        }
        timeline_add(&boot->timeline, steps[i].name, NULL);
    }
    return 0;
}
