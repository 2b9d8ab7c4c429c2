/*
 * The `start` frame of a command: records of the boot document's form. Pure; fuzzed. Nothing of a broken frame is used.
 */
#include "exec_start.h"

#include "boot_value.h"

#include <errno.h>
#include <string.h>

static bool is_term(const char *value)
{
    size_t length = strlen(value);
    if (length == 0 || length > EXEC_TERM_BYTES_MAX)
        return false;
    for (; *value != '\0'; value++) {
        bool letter = (*value >= 'a' && *value <= 'z') || (*value >= 'A' && *value <= 'Z');
        bool digit = *value >= '0' && *value <= '9';
        if (!letter && !digit && strchr("._+-", *value) == NULL)
            return false;
    }
    return true;
}

static bool is_named(const char *variable, const char *name, size_t name_length)
{
    return strncmp(variable, name, name_length) == 0 && variable[name_length] == '=';
}

static bool has_variable(const struct exec_start *start, const char *variable)
{
    size_t name_length = strcspn(variable, "=");
    for (size_t i = 0; i < start->environment_count; i++)
        if (is_named(start->environment[i], variable, name_length))
            return true;
    return false;
}

static const char *add_argument(struct exec_start *start, const char *value)
{
    if (start->argument_count == EXEC_ARGUMENTS_MAX)
        return "'arg' may come at most 256 times";
    if (start->argument_count == 0 && value[0] == '\0')
        return "the first 'arg' is empty: nothing to run";
    start->arguments[start->argument_count++] = value;
    return NULL;
}

static const char *add_variable(struct exec_start *start, const char *value)
{
    if (start->environment_count == EXEC_VARIABLES_MAX || !boot_value_variable(value))
        return "'env' must be NAME=value, at most 256 times";
    start->environment[start->environment_count++] = value;
    return NULL;
}

static const char *set_workdir(struct exec_start *start, const char *value)
{
    if (start->workdir != NULL || !boot_value_absolute_path(value))
        return "'workdir' must be an absolute path of at most 1024 bytes, once";
    start->workdir = value;
    return NULL;
}

static const char *set_user(struct exec_start *start, const char *value)
{
    if (start->user != NULL || !boot_value_user(value))
        return "'user' must be USER or USER:GROUP, once";
    start->user = value;
    return NULL;
}

static const char *set_terminal(struct exec_start *start, const char *value)
{
    if (start->has_terminal || strcmp(value, "1") != 0)
        return "'pty' must be 1, once";
    start->has_terminal = true;
    return NULL;
}

static const char *set_size(const char *value, uint16_t *size)
{
    uint64_t number = 0;
    if (*size != 0 || !boot_value_number(value, 1, 65535, &number))
        return "'rows' and 'columns' must be numbers from 1 to 65535, once each";
    *size = (uint16_t) number;
    return NULL;
}

static const char *set_rows(struct exec_start *start, const char *value)
{
    return set_size(value, &start->rows);
}

static const char *set_columns(struct exec_start *start, const char *value)
{
    return set_size(value, &start->columns);
}

static const char *set_term(struct exec_start *start, const char *value)
{
    if (start->term[0] != '\0' || !is_term(value))
        return "'term' must be 1 to 64 letters, digits or any of '._+-', once";
    memcpy(start->term, "TERM=", 5);
    memcpy(start->term + 5, value, strlen(value) + 1);
    return NULL;
}

static const struct key {
    const char *name;
    const char *(*set)(struct exec_start *start, const char *value); /* NULL, or the rule that is broken */
} keys[] = {
    {"arg", add_argument},
    {"env", add_variable},
    {"workdir", set_workdir},
    {"user", set_user},
    {"pty", set_terminal},
    {"rows", set_rows},
    {"columns", set_columns},
    {"term", set_term},
};

/* A key that we do not know is of a newer host. */
static const char *set_record(struct exec_start *start, const char *record)
{
    const char *equals = strchr(record, '=');
    if (equals == NULL || equals == record)
        return "a record must be key=value";
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (is_named(record, keys[i].name, strlen(keys[i].name)))
            return keys[i].set(start, equals + 1);
    return NULL;
}

static const char *parse(const char *bytes, size_t length, struct exec_start *start)
{
    if (length == 0 || bytes[length - 1] != '\0')
        return "the last record is not ended by a NUL";
    for (const char *at = bytes; at < bytes + length; at += strlen(at) + 1) {
        const char *rule = set_record(start, at);
        if (rule != NULL)
            return rule;
    }
    return start->argument_count == 0 ? "a record 'arg' is missing: nothing to run" : NULL;
}

int exec_start_parse(const char *bytes, size_t length, struct exec_start *ret_start, const char **ret_rule)
{
    struct exec_start *start = ret_start;
    memset(start, 0, sizeof *start);
    const char *rule = parse(bytes, length, start);
    if (rule != NULL) {
        memset(start, 0, sizeof *start);
        *ret_rule = rule;
        return -EINVAL;
    }
    start->rows = start->rows == 0 ? 24 : start->rows;
    start->columns = start->columns == 0 ? 80 : start->columns;
    if (start->term[0] == '\0')
        memcpy(start->term, "TERM=xterm", sizeof "TERM=xterm");
    return 0;
}

void exec_start_inherit(struct exec_start *start, const struct boot_document *document)
{
    start->has_home = document->has_home || has_variable(start, "HOME=");
    if (start->has_terminal && !has_variable(start, start->term))
        start->environment[start->environment_count++] = start->term;
    for (size_t i = 0; i < document->environment_count && start->environment_count < EXEC_ENVIRONMENT_MAX; i++)
        if (!has_variable(start, document->environment[i]))
            start->environment[start->environment_count++] = document->environment[i];
    start->environment[start->environment_count] = NULL;
    if (start->workdir == NULL)
        start->workdir = document->workdir;
}
