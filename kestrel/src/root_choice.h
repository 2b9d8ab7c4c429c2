#ifndef KESTREL_ROOT_CHOICE_H
#define KESTREL_ROOT_CHOICE_H

#include "boot_document.h"

#define ROOT_FSTYPE_BYTES 16

/* What the guest's root will be. */
struct root_choice {
    bool is_disk; /* else it stays the initramfs */
    const char *serial; /* of that disk; NULL: `device` says which it is */
    char device[BOOT_SERIAL_BYTES_MAX + 1]; /* a name such as vda */
    char fstype[ROOT_FSTYPE_BYTES]; /* empty: what the first bytes say */
};

/* Brings the kernel's command line and the document together. 0, or -EINVAL with the rule that is broken. */
int root_choice_make(const char *command_line, const struct boot_document *document, struct root_choice *ret_choice,
    const char **ret_rule);

#endif
