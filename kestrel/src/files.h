#ifndef KESTREL_FILES_H
#define KESTREL_FILES_H

#include "backlog.h"
#include "loop.h"

#define TRANSFERS_MAX 4

/* One archive on its way, joined to one exchange and one child that works on the files. */
struct transfer {
    struct files *all;
    struct exchange *exchange; /* NULL: a free place */
    bool is_upload;
    bool is_answered; /* a download whose archive has begun */
    pid_t pid; /* 0: the child is dead */
    bool is_complete; /* so says its exit code */
    struct loop_source from; /* what the child says; fd < 0: that has ended */
    bool wants_bytes;
    struct loop_source to; /* an upload: what the child reads; fd < 0: closed */
    bool request_ended;
    struct backlog backlog;
};

struct files {
    struct loop *loop;
    struct transfer pool[TRANSFERS_MAX];
    /* Memory that is touched only by uploads that are slow, and given back to the kernel after them. */
    uint8_t waiting[TRANSFERS_MAX][SESSION_STREAM_WINDOW_BYTES] __attribute__((aligned(4096)));
};

void files_init(struct files *files, struct loop *loop);

/* Answers the exchange with an archive, or unpacks its body. `query` is what follows the request's path. */
void files_download(struct files *files, struct exchange *exchange, const char *query);
void files_upload(struct files *files, struct exchange *exchange, const char *query);

/* A child has died: true if it was one of these. */
bool files_reaped(struct files *files, pid_t pid, int wait_status);

/* Whether a path of a request is absolute and has no part `.` or `..`. */
bool files_path_is_good(const char *path);

#endif
