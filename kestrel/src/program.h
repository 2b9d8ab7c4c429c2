#ifndef KESTREL_PROGRAM_H
#define KESTREL_PROGRAM_H

#include "boot_document.h"

#include <sys/types.h>

enum program_step { PROGRAM_INPUT, PROGRAM_OUTPUT, PROGRAM_WORKDIR, PROGRAM_EXECUTE };

/* What the child says when it cannot become the program. */
struct program_failure {
    enum program_step step;
    int error;
};

/*
 * Forks a child that becomes the document's program in a session of its own, with these descriptors as its output.
 * *ret_report is readable when that has worked (end of file) or failed (one struct program_failure).
 * 0 or -errno; on an error there is no child.
 */
int program_start(
    const struct boot_document *document, int stdout_fd, int stderr_fd, pid_t *ret_pid, int *ret_report);

/* What the step was about, for a message. */
const char *program_step_name(enum program_step step);

#endif
