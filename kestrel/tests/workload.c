/*
 * The workloads of the black-box tests, in one small program: the first word says what to do.
 * It is no test itself.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Counts in the file how often it was called, and exits with that number. */
static int count(const char *path)
{
    unsigned char number = 0;
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd < 0)
        return 255;
    unsigned char next = (unsigned char) (pread(fd, &number, 1, 0) == 1 ? number + 1 : 0);
    (void) !pwrite(fd, &next, 1, 0);
    return next;
}

/* Leaves grandchildren behind that die at different times, as orphans. */
static int orphans(int number)
{
    for (int i = 0; i < number; i++)
        if (fork() == 0) {
            for (int j = 0; j < 2; j++)
                if (fork() == 0) {
                    (void) setsid();
                    (void) poll(NULL, 0, 5 * i);
                    _exit(i);
                }
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    printf("left them\n");
    (void) fflush(stdout);
    return pause();
}

static int flood(long bytes)
{
    static char line[1000];
    memset(line, 'f', sizeof line);
    line[sizeof line - 1] = '\n';
    for (long sent = 0; sent < bytes; sent += (long) sizeof line)
        if (write(STDOUT_FILENO, line, sizeof line) < 0)
            return 1;
    static const char end[] = "flood ends\n";
    (void) !write(STDOUT_FILENO, end, sizeof end - 1);
    return pause();
}

static int listen_on(int port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t) port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    (void) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (const struct sockaddr *) &address, sizeof address) < 0 || listen(fd, 64) < 0)
        exit(99);
    return fd;
}

/* Each connection in a process of its own. */
static _Noreturn void serve(int port, void (*talk)(int fd))
{
    int listener = listen_on(port);
    (void) signal(SIGCHLD, SIG_IGN);
    printf("listening\n");
    (void) fflush(stdout);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        if (fork() == 0) {
            talk(fd);
            _exit(0);
        }
        (void) close(fd);
    }
}

static void write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0)
            _exit(1);
        bytes += written;
        length -= (size_t) written;
    }
}

static void echo(int fd)
{
    static char bytes[65536];
    ssize_t length = 0;
    while ((length = read(fd, bytes, sizeof bytes)) > 0)
        write_all(fd, bytes, (size_t) length);
}

/* Reads nothing until the file `go` is there, then counts. */
static void lazy(int fd)
{
    static char bytes[65536];
    long long total = 0;
    ssize_t length = 0;
    while (access("go", F_OK) < 0)
        (void) poll(NULL, 0, 10);
    while ((length = read(fd, bytes, sizeof bytes)) > 0)
        total += length;
    (void) dprintf(fd, "%lld", total);
}

/* Says all it has to say at once and closes its side, then takes its time to read. */
static void talker(int fd)
{
    static char bytes[65536];
    (void) dprintf(fd, "bye");
    (void) shutdown(fd, SHUT_WR);
    lazy(fd);
    (void) bytes;
}

/* Resets the connection after the first bytes. */
static void rude(int fd)
{
    char byte = 0;
    struct linger linger = {.l_onoff = 1};
    (void) !read(fd, &byte, 1);
    (void) setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    (void) close(fd);
}

/* Answers with the status line in the file `status`. */
static void http(int fd)
{
    char request[2048];
    char status[64] = "HTTP/1.1 200 OK\r\n";
    ssize_t length = read(fd, request, sizeof request - 1);
    FILE *file = fopen("status", "r");
    if (file != NULL && fgets(status, sizeof status, file) == NULL)
        status[0] = '\0';
    if (length > 0)
        (void) dprintf(fd, "%s\r\n%.*s", status, (int) length, request);
}

static int tell(char **environment)
{
    char folder[256];
    printf("folder %s pid %d group %d session %d\n", getcwd(folder, sizeof folder), getpid() == getpgrp(),
        getpgrp() == getpid(), getsid(0) == getpid());
    for (; *environment != NULL; environment++)
        printf("env %s\n", *environment);
    sigset_t blocked;
    (void) sigprocmask(SIG_SETMASK, NULL, &blocked);
    printf("blocked %d ignored %d\n", sigismember(&blocked, SIGTERM), signal(SIGPIPE, SIG_DFL) == SIG_IGN);
    for (int fd = 3; fd < 64; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            printf("leaked %d\n", fd);
    fprintf(stderr, "bad \xFF\xC3\x28 tab\t quote\" nul \n");
    printf("no end of line");
    (void) fflush(stdout);
    return pause();
}

static _Noreturn void stubborn(void)
{
    (void) signal(SIGTERM, SIG_IGN);
    printf("stubborn\n");
    (void) fflush(stdout);
    for (;;)
        (void) pause();
}

static int long_line(void)
{
    for (int i = 0; i < 20000; i++)
        putchar(i % 3 == 0 ? 1 : 'x');
    printf("\nafter\n");
    (void) fflush(stdout);
    return pause();
}

int main(int words, char **word, char **environment)
{
    const char *what = words > 1 ? word[1] : "";
    const char *value = words > 2 ? word[2] : "0";
    if (strcmp(what, "count") == 0)
        return count(value);
    if (strcmp(what, "exit") == 0)
        return atoi(value);
    if (strcmp(what, "signal") == 0)
        return raise(atoi(value));
    if (strcmp(what, "orphans") == 0)
        return orphans(atoi(value));
    if (strcmp(what, "flood") == 0)
        return flood(atol(value));
    if (strcmp(what, "echo") == 0)
        serve(atoi(value), echo);
    if (strcmp(what, "lazy") == 0)
        serve(atoi(value), lazy);
    if (strcmp(what, "talker") == 0)
        serve(atoi(value), talker);
    if (strcmp(what, "rude") == 0)
        serve(atoi(value), rude);
    if (strcmp(what, "http") == 0)
        serve(atoi(value), http);
    if (strcmp(what, "tell") == 0)
        return tell(environment);
    if (strcmp(what, "stubborn") == 0)
        stubborn();
    if (strcmp(what, "long") == 0)
        return long_line();
    if (strcmp(what, "sleep") == 0)
        return pause();
    return 98;
}
