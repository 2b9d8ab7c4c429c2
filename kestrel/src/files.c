/*
 * Files to and from the host. PID 1 only moves bytes between the exchange and a child's pipes, as it does for a tunnel;
 * the child (archive.c, unpack.c) works on the files, and may wait for a disk as long as it likes.
 */
#include "files.h"

#include "archive.h"
#include "execute.h"
#include "query.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_BYTES_MAX 1024
#define STATUS_DIGITS 3

/* What a child is to do. */
struct job {
    bool is_upload;
    bool flag; /* follow, or mkdir */
    char path[PATH_BYTES_MAX + 1];
};

static void close_source(struct transfer *transfer, struct loop_source *source)
{
    if (source->fd < 0)
        return;
    loop_remove(transfer->all->loop, source);
    (void) close(source->fd); /* nothing written is at stake: an upload's end is what the child says */
    source->fd = -1;
}

static void give_back(struct transfer *transfer, size_t length)
{
    if (transfer->exchange != NULL && length > 0)
        exchange_consumed(transfer->exchange, length);
}

static void close_to(struct transfer *transfer)
{
    give_back(transfer, transfer->backlog.length);
    backlog_clear(&transfer->backlog);
    close_source(transfer, &transfer->to);
}

static void reset(struct transfer *transfer)
{
    *transfer = (struct transfer){
        .all = transfer->all, .backlog = {.bytes = transfer->backlog.bytes}, .from.fd = -1, .to.fd = -1};
}

/* The exchange goes on without its transfer. A child that still lives dies as an orphan. */
static void release(struct transfer *transfer)
{
    close_to(transfer);
    close_source(transfer, &transfer->from);
    if (transfer->pid != 0)
        (void) kill(transfer->pid, SIGKILL); /* not reaped, so the number is still its own */
    transfer->exchange->state = NULL;
    reset(transfer);
}

/* Reads the archive of a download. Its end counts only once the child has said by its exit code that it is complete. */
static ssize_t read_archive(struct exchange *exchange, void *bytes, size_t size, bool *ret_end)
{
    struct transfer *transfer = exchange->state;
    *ret_end = false;
    if (transfer->from.fd >= 0) {
        ssize_t length = read(transfer->from.fd, bytes, size);
        if (length > 0)
            return length;
        if (length < 0 && (errno == EAGAIN || errno == EINTR)) {
            transfer->wants_bytes = true;
            transfer->from.events = POLLIN;
            return -EAGAIN;
        }
        close_source(transfer, &transfer->from);
    }
    if (transfer->pid != 0)
        return -EAGAIN;
    bool is_complete = transfer->is_complete;
    release(transfer);
    *ret_end = is_complete;
    return is_complete ? 0 : -EIO;
}

static bool is_ready(const struct exchange *exchange)
{
    const struct transfer *transfer = exchange->state;
    return transfer->from.fd >= 0 ? !transfer->wants_bytes : transfer->pid == 0;
}

static void want(struct transfer *transfer)
{
    transfer->to.events = (short) (transfer->backlog.length > 0 ? POLLOUT : 0);
}

/* All is written and no more will come: the child sees the end. */
static void pass_on_end(struct transfer *transfer)
{
    if (transfer->request_ended && transfer->backlog.length == 0)
        close_to(transfer);
}

static void on_bytes(struct exchange *exchange, const uint8_t *bytes, size_t length)
{
    struct transfer *transfer = exchange->state;
    ssize_t written = (ssize_t) length; /* nobody reads any more: away with them */
    if (transfer != NULL && transfer->to.fd >= 0) {
        written = backlog_write(&transfer->backlog, transfer->to.fd, bytes, length);
        if (written < 0) {
            close_to(transfer);
            written = (ssize_t) length;
        }
        want(transfer);
    }
    exchange_consumed(exchange, (size_t) written);
}

static void on_request_end(struct exchange *exchange)
{
    struct transfer *transfer = exchange->state;
    if (transfer == NULL)
        return;
    transfer->request_ended = true;
    pass_on_end(transfer);
}

static void on_close(struct exchange *exchange, bool is_clean)
{
    (void) is_clean; /* while there is a transfer it never is */
    if (exchange->state != NULL)
        release(exchange->state);
}

static const struct body download_body = {
    .content_type = "application/x-tar", .read = read_archive, .is_ready = is_ready, .close = on_close};

/* Only until there is an answer. */
static const struct body upload_body = {
    .content_type = "text/plain", .read = read_archive, .on_bytes = on_bytes, .on_request_end = on_request_end, .close = on_close};

static void answer(struct transfer *transfer, int status, const char *text)
{
    struct exchange *exchange = transfer->exchange;
    release(transfer);
    if (text[0] == '\0')
        exchange_answer(exchange, status, NULL);
    else
        exchange_answer_text(exchange, status, text);
}

static int status_of(const char digits[STATUS_DIGITS])
{
    for (int i = 0; i < STATUS_DIGITS; i++)
        if (digits[i] < '0' || digits[i] > '9')
            return 0;
    return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
}

/* The child's verdict. It writes it at once, so that it is here as a whole; what may follow is an archive. */
static void on_verdict(struct transfer *transfer)
{
    char text[ARCHIVE_ANSWER_BYTES_MAX + 1] = {0};
    char digits[STATUS_DIGITS];
    ssize_t length = read(transfer->from.fd, digits, sizeof digits);
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    int status = length == STATUS_DIGITS ? status_of(digits) : 0;
    if (status == 200 && !transfer->is_upload) {
        transfer->is_answered = true;
        exchange_answer(transfer->exchange, status, &download_body);
        return;
    }
    if (status >= 400 && read(transfer->from.fd, text, sizeof text - 1) <= 0)
        status = 0;
    if (status >= 400 || (status == 204 && transfer->is_upload))
        answer(transfer, status, text);
    else
        answer(transfer, 500, "the child that works on the files has died\n");
}

static void on_from(struct loop_source *source, short revents)
{
    struct transfer *transfer = container_of(source, struct transfer, from);
    (void) revents;
    if (!transfer->is_answered) {
        on_verdict(transfer);
        return;
    }
    transfer->wants_bytes = false; /* the session reads when it has room */
    source->events = 0;
}

static void on_to(struct loop_source *source, short revents)
{
    struct transfer *transfer = container_of(source, struct transfer, to);
    (void) revents;
    ssize_t written = backlog_flush(&transfer->backlog, source->fd);
    if (written < 0) {
        close_to(transfer);
        return;
    }
    give_back(transfer, (size_t) written);
    pass_on_end(transfer);
    want(transfer);
}

static _Noreturn void work(const struct job *job, int input, int output)
{
    (void) setsid(); /* cannot fail: a fresh child leads no group */
    execute_reset_signals();
    if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0)
        _exit(1);
    execute_close_from(STDERR_FILENO + 1); /* the link's streams among them, whose end others must see */
    if (job->is_upload)
        archive_unpack(job->path, job->flag);
    archive_send(job->path, job->flag);
}

static void close_pair(const int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            (void) close(pair[i]);
}

/* Forks the child. On success our ends are in the loop. */
static int begin(struct transfer *transfer, const struct job *job)
{
    int down[2] = {-1, -1}; /* to the child */
    int up[2] = {-1, -1};
    int result = 0;
    if (pipe2(down, O_CLOEXEC) < 0 || pipe2(up, O_CLOEXEC) < 0 || fcntl(down[1], F_SETFL, O_NONBLOCK) < 0 ||
        fcntl(up[0], F_SETFL, O_NONBLOCK) < 0)
        result = -errno;
    pid_t pid = result == 0 ? fork() : -1;
    if (pid == 0)
        work(job, down[0], up[1]);
    if (result == 0 && pid < 0)
        result = -errno;
    if (result < 0) {
        close_pair(down);
        close_pair(up);
        return result;
    }
    (void) close(down[0]);
    (void) close(up[1]);
    transfer->pid = pid;
    transfer->from = (struct loop_source){.fd = up[0], .events = POLLIN, .on_ready = on_from};
    transfer->to = (struct loop_source){.fd = down[1], .on_ready = on_to};
    result = loop_add(transfer->all->loop, &transfer->from);
    int added = loop_add(transfer->all->loop, &transfer->to);
    if (!job->is_upload)
        close_to(transfer); /* there is nothing to read */
    return result < 0 ? result : added;
}

bool files_path_is_good(const char *path)
{
    if (path[0] != '/')
        return false;
    while (*path != '\0') {
        size_t length = strcspn(path, "/");
        if ((length == 1 && path[0] == '.') || (length == 2 && path[0] == '.' && path[1] == '.'))
            return false;
        path += length + (path[length] == '/');
    }
    return true;
}

static void open_transfer(struct files *files, struct exchange *exchange, const struct job *job)
{
    struct transfer *transfer = NULL;
    for (size_t i = 0; i < TRANSFERS_MAX && transfer == NULL; i++)
        if (files->pool[i].exchange == NULL)
            transfer = &files->pool[i];
    if (transfer == NULL) {
        exchange_answer_text(exchange, 503, "too many transfers are under way\n");
        return;
    }
    transfer->exchange = exchange;
    transfer->is_upload = job->is_upload;
    exchange->state = transfer;
    if (begin(transfer, job) < 0)
        answer(transfer, 503, "no process can be had for it\n");
    else
        exchange->body = job->is_upload ? &upload_body : &download_body;
}

static void handle(struct files *files, struct exchange *exchange, const char *query, struct job *job)
{
    int result = query_value(query, "path", job->path, sizeof job->path);
    if (result < 0 || !files_path_is_good(job->path))
        exchange_answer_text(exchange, 400, "'path' must be an absolute path without '.' and '..', at most 1024 bytes\n");
    else
        open_transfer(files, exchange, job);
}

void files_download(struct files *files, struct exchange *exchange, const char *query)
{
    struct job job = {.flag = query_flag(query, "follow")};
    handle(files, exchange, query, &job);
}

void files_upload(struct files *files, struct exchange *exchange, const char *query)
{
    struct job job = {.is_upload = true, .flag = query_flag(query, "mkdir")};
    handle(files, exchange, query, &job);
}

bool files_reaped(struct files *files, pid_t pid, int wait_status)
{
    for (size_t i = 0; i < TRANSFERS_MAX; i++) {
        struct transfer *transfer = &files->pool[i];
        if (transfer->pid != pid)
            continue;
        transfer->pid = 0;
        transfer->is_complete = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
        return true;
    }
    return false;
}

void files_init(struct files *files, struct loop *loop)
{
    files->loop = loop;
    for (size_t i = 0; i < TRANSFERS_MAX; i++) {
        files->pool[i].all = files;
        files->pool[i].backlog.bytes = files->waiting[i];
        reset(&files->pool[i]);
    }
}
