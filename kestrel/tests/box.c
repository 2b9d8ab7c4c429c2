/* Starting the real binary as a subreaper, and looking at it from outside. */
#include "box.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

const char *workload_program;

static const char *kestrel_program(void)
{
    const char *path = getenv("KESTREL");
    assert_non_null(path);
    workload_program = getenv("WORKLOAD");
    assert_non_null(workload_program);
    return path;
}

static void write_boot(const struct box *box, const char *const records[])
{
    char path[96];
    (void) snprintf(path, sizeof path, "%s/boot", box->folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void) fwrite("boot=1\0vm=7", 1, 12, file);
    for (size_t i = 0; records[i] != NULL; i++)
        (void) fwrite(records[i], 1, strlen(records[i]) + 1, file);
    assert_int_equal(fclose(file), 0);
}

static void execute(const struct box *box, const char *console, int port_fd)
{
    char boot[96], link[128], port[32];
    (void) snprintf(boot, sizeof boot, "%s/boot", box->folder);
    (void) snprintf(link, sizeof link, "unix:%s", box->socket);
    (void) snprintf(port, sizeof port, "port:%d", port_fd);
    (void) prctl(PR_SET_PDEATHSIG, SIGKILL); /* no leftovers of a failed test */
    (void) close_range(3, ~0U, CLOSE_RANGE_CLOEXEC); /* kestrel gets nothing that whoever runs the tests has open */
    if (port_fd >= 0)
        (void) fcntl(port_fd, F_SETFD, 0);
    const char *const words[] = {kestrel_program(), "--boot", boot, "--console", console, "--link", link,
        port_fd >= 0 ? "--link" : NULL, port, NULL};
    (void) execv(words[0], (char *const *) (uintptr_t) words);
    _exit(126);
}

static struct box *start(const char *const records[], const char *console, bool has_port)
{
    struct box *box = calloc(1, sizeof *box);
    int pair[2] = {-1, -1};
    assert_non_null(box);
    strcpy(box->folder, "/tmp/kestrel-test-XXXXXX");
    assert_non_null(mkdtemp(box->folder));
    (void) snprintf(box->socket, sizeof box->socket, "%s/link", box->folder);
    (void) snprintf(box->console, sizeof box->console, "%s/console", box->folder);
    int fd = open(box->console, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    (void) close(fd);
    write_boot(box, records);
    if (has_port)
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    box->port_fd = pair[0];
    box->pid = fork();
    if (box->pid == 0)
        execute(box, console != NULL ? console : box->console, pair[1]);
    if (has_port)
        (void) close(pair[1]);
    assert_true(box->pid > 0);
    return box;
}

struct box *box_start(const char *const records[])
{
    return start(records, NULL, false);
}

struct box *box_start_with_port(const char *const records[])
{
    return start(records, NULL, true);
}

struct box *box_start_with_console(const char *const records[], const char *console)
{
    return start(records, console, false);
}

int box_wait(struct box *box)
{
    int status = 0;
    char command[128];
    assert_int_equal(waitpid(box->pid, &status, 0), box->pid);
    (void) snprintf(command, sizeof command, "rm -rf '%s'", box->folder);
    assert_int_equal(system(command), 0);
    if (box->port_fd >= 0)
        (void) close(box->port_fd);
    free(box);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

void box_stop(struct box *box)
{
    assert_int_equal(kill(box->pid, SIGTERM), 0);
    assert_int_equal(box_wait(box), 0);
}

static const char *read_text(const char *path)
{
    static char bytes[256 * 1024];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    bytes[fread(bytes, 1, sizeof bytes - 1, file)] = '\0';
    (void) fclose(file);
    return bytes;
}

const char *box_console(const struct box *box)
{
    return read_text(box->console);
}

long box_memory_kib(const struct box *box, const char *field)
{
    char path[64];
    (void) snprintf(path, sizeof path, "/proc/%d/status", (int) box->pid);
    return number_after(read_text(path), field);
}

long box_cpu_ms(const struct box *box)
{
    char path[64];
    (void) snprintf(path, sizeof path, "/proc/%d/stat", (int) box->pid);
    const char *at = strrchr(read_text(path), ')');
    for (int field = 2; at != NULL && field < 14; field++)
        at = strchr(at + 1, ' ');
    assert_non_null(at);
    char *rest = NULL;
    long user = strtol(at, &rest, 10);
    return (user + strtol(rest, NULL, 10)) * 1000 / sysconf(_SC_CLK_TCK);
}

const char *program(void)
{
    static char record[256];
    (void) kestrel_program();
    (void) snprintf(record, sizeof record, "arg=%s", workload_program);
    return record;
}

const char *run(const char *what)
{
    static char records[4][256];
    static int next;
    char *record = records[next++ % 4];
    (void) snprintf(record, sizeof records[0], "arg=%s", what);
    return record;
}

long number_after(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    if (at == NULL)
        return -1;
    at += strlen(name);
    return strtol(at + strspn(at, "\": \t"), NULL, 10);
}

void kill_hard(long pid)
{
    assert_true(pid > 1);
    (void) kill((pid_t) pid, SIGKILL); /* it may have gone by itself */
}

int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *) &address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *) &address, &size), 0);
    (void) close(fd);
    return ntohs(address.sin_port);
}
