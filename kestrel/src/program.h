#ifndef KESTREL_PROGRAM_H
#define KESTREL_PROGRAM_H

#include "boot_document.h"

#include <sys/types.h>

enum program_step {
    PROGRAM_INPUT,
    PROGRAM_OUTPUT,
    PROGRAM_NO_USER,
    PROGRAM_NO_GROUP,
    PROGRAM_USER,
    PROGRAM_WORKDIR,
    PROGRAM_EXECUTE
};

/* What the child says when it cannot become the program. */
struct program_failure {
    enum program_step step;
    int error; /* 0: the step says all */
};

/* How the child is to become the program. */
struct program_orders {
    const struct boot_document *document;
    bool root_is_disk; /* then an image says where the user is at home, and a missing working directory is made */
    int stdout_fd;
    int stderr_fd;
};

/*
 * Forks a child that becomes the document's program in a session of its own, as the document's user.
 * *ret_report is readable when that has worked (end of file) or failed (one struct program_failure).
 * 0 or -errno; on an error there is no child.
 */
int program_start(const struct program_orders *orders, pid_t *ret_pid, int *ret_report);

/* What the step was about, for a message. */
const char *program_step_name(enum program_step step);

#endif
