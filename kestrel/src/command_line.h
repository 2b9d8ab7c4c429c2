#ifndef KESTREL_COMMAND_LINE_H
#define KESTREL_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

#define COMMAND_LINE_BYTES_MAX 4096

/* Copies the value of the kernel word `name` (as in `name=value`) to `value`. False where the word is missing or does not fit.
   The last of several wins; double quotes around a value, or around the whole word, are taken off. */
bool command_line_value(const char *line, const char *name, char *value, size_t value_size);

/* Whether the word is there, even where its value would not fit. */
bool command_line_has(const char *line, const char *name);

#endif
