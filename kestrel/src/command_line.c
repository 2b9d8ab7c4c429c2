/* Words of the kernel's command line. Pure. */
#include "command_line.h"

#include <string.h>

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n';
}

/* The end of the word at `at`: blanks between double quotes belong to it. */
static const char *word_end(const char *at)
{
    bool quoted = false;
    while (*at != '\0' && (quoted || !is_blank(*at))) {
        if (*at == '"')
            quoted = !quoted;
        at++;
    }
    return at;
}

static bool copy_unquoted(const char *from, const char *end, char *value, size_t value_size)
{
    size_t length = 0;
    for (; from < end; from++) {
        if (*from == '"')
            continue;
        if (length + 1 >= value_size)
            return false;
        value[length++] = *from;
    }
    value[length] = '\0';
    return true;
}

/* The value of the next word with this name at or after *at, which moves behind it; NULL where there is none. */
static const char *next_value(const char **at, const char *name, const char **ret_end)
{
    size_t name_length = strlen(name);
    while (**at != '\0') {
        if (is_blank(**at)) {
            (*at)++;
            continue;
        }
        const char *end = word_end(*at);
        const char *word = **at == '"' ? *at + 1 : *at;
        *at = end;
        if ((size_t) (end - word) > name_length && strncmp(word, name, name_length) == 0 && word[name_length] == '=') {
            *ret_end = end;
            return word + name_length + 1;
        }
    }
    return NULL;
}

bool command_line_has(const char *line, const char *name)
{
    const char *end = NULL;
    return next_value(&line, name, &end) != NULL;
}

bool command_line_value(const char *line, const char *name, char *value, size_t value_size)
{
    const char *end = NULL;
    bool found = false;
    for (const char *at = next_value(&line, name, &end); at != NULL; at = next_value(&line, name, &end))
        found = copy_unquoted(at, end, value, value_size) || found;
    return found;
}
