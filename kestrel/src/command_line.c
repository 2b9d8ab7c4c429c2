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

bool command_line_value(const char *line, const char *name, char *value, size_t value_size)
{
    size_t name_length = strlen(name);
    bool found = false;
    while (*line != '\0') {
        if (is_blank(*line)) {
            line++;
            continue;
        }
        const char *end = word_end(line);
        const char *word = *line == '"' ? line + 1 : line;
        if ((size_t) (end - word) > name_length && strncmp(word, name, name_length) == 0 && word[name_length] == '=')
            found = copy_unquoted(word + name_length + 1, end, value, value_size) || found;
        line = end;
    }
    return found;
}
