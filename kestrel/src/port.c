/* Finding the link's virtio-serial port: the kernel numbers ports as they come, so only the name tells which is ours. */
#include "link.h"

#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define PORTS_FOLDER "/sys/class/virtio-ports/"
#define PORT_NAME "volant.kestrel"

static bool has_our_name(const char *entry)
{
    char path[PATH_MAX];
    char name[64] = {0};
    struct text text;
    text_init(&text, path, sizeof path);
    text_add(&text, PORTS_FOLDER);
    text_add(&text, entry);
    text_add(&text, "/name");
    int fd = open(text_end(&text), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false; /* a port without a name, or not named yet: an event follows */
    ssize_t length = read(fd, name, sizeof name - 1);
    (void) close(fd);
    return length > 0 && strcmp(name, PORT_NAME "\n") == 0;
}

static void open_port(struct link *link, const char *entry)
{
    char path[PATH_MAX];
    struct text text;
    text_init(&text, path, sizeof path);
    text_add(&text, "/dev/");
    text_add(&text, entry);
    int fd = open(text_end(&text), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    int result = fd < 0 ? -errno : link_add_stream(link, fd, true);
    if (result < 0)
        output_error(link->output, "link: the port cannot be opened", result);
    else
        output_note(link->output, "link: on port", entry);
}

void link_find_port(struct link *link)
{
    for (size_t i = 0; i < LINK_CHANNELS_MAX; i++)
        if (link->channels[i].used && link->channels[i].stream.is_port)
            return;
    DIR *folder = opendir(PORTS_FOLDER);
    if (folder == NULL)
        return; /* no such driver (yet) */
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        if (entry->d_name[0] != '.' && has_our_name(entry->d_name)) {
            open_port(link, entry->d_name);
            break;
        }
    (void) closedir(folder);
}
