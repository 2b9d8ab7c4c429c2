/* The files in /etc that libc reads about this host and its network. */
#include "host_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_file(const char *path, const struct text *text, struct text *ret_detail)
{
    text_add(ret_detail, path);
    (void) unlink(path); /* images have links here, to files of a host or of a program that does not run */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return -errno;
    ssize_t written = write(fd, text->bytes, text->length);
    int result = written == (ssize_t) text->length ? 0 : -EIO;
    if (close(fd) < 0 && result == 0)
        result = -errno;
    if (result == 0)
        ret_detail->length = 0;
    return result;
}

static void add_address(struct text *text, const uint8_t address[4])
{
    for (int i = 0; i < 4; i++) {
        text_add(text, i == 0 ? "" : ".");
        text_add_number(text, address[i]);
    }
}

/* Without a resolver of ours the image's own file stays. */
static int write_resolvers(const struct boot_document *document, struct text *ret_detail)
{
    char bytes[128];
    struct text text;
    if (document->resolver_count == 0)
        return 0;
    text_init(&text, bytes, sizeof bytes);
    for (size_t i = 0; i < document->resolver_count; i++) {
        text_add(&text, "nameserver ");
        text_add(&text, document->resolvers[i]);
        text_add(&text, "\n");
    }
    return write_file("/etc/resolv.conf", &text, ret_detail);
}

static int write_hosts(const struct boot_document *document, struct text *ret_detail)
{
    char bytes[256];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, "127.0.0.1 localhost\n::1 localhost\n");
    if (document->has_address)
        add_address(&text, document->address);
    else
        text_add(&text, "127.0.1.1");
    text_add(&text, " ");
    text_add(&text, document->hostname);
    text_add(&text, "\n");
    return write_file("/etc/hosts", &text, ret_detail);
}

static int write_name(const struct boot_document *document, struct text *ret_detail)
{
    char bytes[128];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, document->hostname);
    text_add(&text, "\n");
    return write_file("/etc/hostname", &text, ret_detail);
}

int host_files_write(const struct boot_document *document, struct text *ret_detail)
{
    if (mkdir("/etc", 0755) < 0 && errno != EEXIST)
        return -errno;
    int result = write_resolvers(document, ret_detail);
    if (result == 0)
        result = write_hosts(document, ret_detail);
    return result == 0 ? write_name(document, ret_detail) : result;
}
