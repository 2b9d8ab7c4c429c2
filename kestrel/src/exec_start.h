#ifndef KESTREL_EXEC_START_H
#define KESTREL_EXEC_START_H

#include "boot_document.h"

#include <sys/types.h>

#define EXEC_ARGUMENTS_MAX 256
#define EXEC_VARIABLES_MAX 256
#define EXEC_TERM_BYTES_MAX 64
/* The command's own, TERM, and all of the workload's. */
#define EXEC_ENVIRONMENT_MAX (EXEC_VARIABLES_MAX + 1 + BOOT_ENVIRONMENT_MAX + BOOT_ENVIRONMENT_DEFAULTS)

/* What a `start` frame asks for. Strings point into the bytes that were parsed. */
struct exec_start {
    const char *arguments[EXEC_ARGUMENTS_MAX + 1]; /* ends with NULL, as execve wants it */
    size_t argument_count;
    const char *environment[EXEC_ENVIRONMENT_MAX + 1]; /* likewise */
    size_t environment_count;
    const char *workdir; /* NULL: the workload's */
    const char *user; /* NULL: root */
    bool has_home; /* HOME is as somebody wanted it, not the default */
    bool has_terminal;
    uint16_t rows;
    uint16_t columns;
    char term[sizeof "TERM=" + EXEC_TERM_BYTES_MAX];
};

/* Parses `length` bytes, which must outlive `ret_start`. 0, or -EINVAL with the rule that is broken. */
int exec_start_parse(const char *bytes, size_t length, struct exec_start *ret_start, const char **ret_rule);

/* Adds what the workload has and the command does not say for itself. */
void exec_start_inherit(struct exec_start *start, const struct boot_document *document);

#endif
