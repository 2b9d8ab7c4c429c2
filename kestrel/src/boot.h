#ifndef KESTREL_BOOT_H
#define KESTREL_BOOT_H

#include "boot_document.h"
#include "command_line.h"
#include "output.h"
#include "rootfs.h"
#include "timeline.h"

#define BOOT_DOCUMENT_PATH "/volant/boot"

/* Everything until the workload may start. */
struct boot {
    struct output *output;
    const char *document_path;
    struct boot_document document;
    struct timeline timeline;
    char command_line[COMMAND_LINE_BYTES_MAX];
    struct rootfs rootfs;
    struct text detail; /* what the step that failed has to say */
    char detail_bytes[320];
    char bytes[BOOT_DOCUMENT_BYTES_MAX + 1]; /* one more, to see that a document is too long */
};

/* As PID 1 of a machine, or (is_machine false) as far as a test can go: the document only. 0, or -errno with the step named in the output. */
int boot_run(struct boot *boot, bool is_machine);

#endif
