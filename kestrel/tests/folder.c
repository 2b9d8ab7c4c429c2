/* What tests of files share: a box with a folder beside it, requests, an archive under construction. */
#include "folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct box *box;
struct client *client;
char folder[64];

int folder_start(void **state)
{
    (void) state;
    box = BOX(program(), run("sleep"));
    client = client_connect(box->socket);
    strcpy(folder, "/tmp/kestrel-files-XXXXXX");
    return mkdtemp(folder) == NULL;
}

int folder_shell(const char *script)
{
    char command[4096];
    int length = snprintf(command, sizeof command, "cd '%s' && (%s\n)", folder, script);
    assert_true(length < (int) sizeof command);
    return system(command);
}

int folder_stop(void **state)
{
    char command[256];
    (void) state;
    client_close(client);
    box_stop(box);
    (void) snprintf(command, sizeof command, "umount '%s/small' 2>/dev/null; rm -rf '%s'", folder, folder);
    return system(command);
}

char *query_of(const char *name, const char *more)
{
    static char paths[4][512];
    static int next;
    char *path = paths[next++ % 4];
    (void) snprintf(path, sizeof paths[0], "/v1/files?path=%s%s%s", folder, name, more);
    return path;
}

struct reply *get(const char *name, const char *more)
{
    struct reply *reply = client_request(client, "GET", query_of(name, more));
    assert_true(client_until_ended(client, reply));
    return reply;
}

struct reply *put(const char *name, const char *more, const void *bytes, size_t length)
{
    struct reply *reply = client_put(client, query_of(name, more), bytes, length, false);
    assert_true(client_until_ended(client, reply));
    return reply;
}

uint8_t archive[ARCHIVE_BYTES_MAX];
size_t archive_length;

static int append(void *context, const void *bytes, size_t length)
{
    (void) context;
    assert_true(length <= sizeof archive - archive_length);
    memcpy(archive + archive_length, bytes, length);
    archive_length += length;
    return 0;
}

const struct tar_sink archive_sink = {.write = append};
