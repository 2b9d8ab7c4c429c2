#ifndef KESTREL_EXEC_H
#define KESTREL_EXEC_H

#include "backlog.h"
#include "command.h"
#include "exec_frame.h"
#include "loop.h"

#define EXECS_MAX 16
#define EXEC_HANG_UP_LIMIT_MS 5000 /* from SIGHUP to SIGKILL */
#define EXEC_DRAIN_LIMIT_MS 1000 /* for what a dead command's descendants still write */
#define EXEC_DRAIN_BYTES_MAX (1024 * 1024) /* after that; a pipe holds no more, so nothing of the command itself is lost */
#define EXEC_ERROR_BYTES_MAX 250
#define EXEC_STAGED_BYTES 512 /* `started`, `error`, `exit` and a small frame of output */

enum exec_phase {
    EXEC_FREE,
    EXEC_WAITING, /* for the start frame */
    EXEC_STARTING, /* there is a child */
    EXEC_RUNNING,
    EXEC_DEAD, /* the rest of its output is on its way */
    EXEC_HUNG_UP, /* the exchange is over, or will be with an error frame; the command is to die */
};

struct exec;

struct exec_output {
    struct exec *exec;
    struct loop_source source; /* fd < 0: ended */
    bool wants_bytes; /* it had none when it was asked last */
    size_t drained; /* read after the limit of draining */
};

/* One command, joined to one exchange. */
struct exec {
    enum exec_phase phase;
    struct execs *all;
    struct exchange *exchange; /* NULL: over */
    struct exec_frames frames;
    size_t start_length; /* of the start frame, which is gathered in the backlog's memory */
    struct backlog backlog; /* standard input */
    struct loop_source input; /* fd < 0: closed */
    bool input_ended;
    bool is_terminal;
    bool line_is_open; /* the last byte of the input did not end a line */
    struct loop_source report; /* fd < 0: heard */
    struct exec_output outputs[COMMAND_OUTPUTS];
    unsigned next_output;
    struct loop_timer timer; /* of draining, or of hanging up */
    bool drain_is_over;
    pid_t pid; /* 0: no process */
    uint8_t exit_payload[2];
    size_t staged_start;
    size_t staged_length;
    bool is_last; /* what is staged ends the answer */
    uint8_t staged[EXEC_STAGED_BYTES];
};

struct execs {
    struct loop *loop;
    const struct boot_document *document;
    struct exec pool[EXECS_MAX];
    /* Memory that is touched only by start frames and slow commands, and given back to the kernel after them. */
    uint8_t waiting[EXECS_MAX][SESSION_STREAM_WINDOW_BYTES] __attribute__((aligned(4096)));
};

/* `document` is the workload's, which commands inherit from. */
void execs_init(struct execs *execs, struct loop *loop, const struct boot_document *document);

/* Answers the exchange, and runs what its start frame will say. */
void exec_open(struct execs *execs, struct exchange *exchange);

/* A child has died: true if it was one of these. */
bool execs_reaped(struct execs *execs, pid_t pid, int wait_status);

/* Between exec.c and exec_answer.c: the answer. */
void exec_stage(struct exec *exec, enum exec_frame_type type, const void *payload, size_t length);
ssize_t exec_read(struct exchange *exchange, void *bytes, size_t size, bool *ret_end);
bool exec_is_ready(const struct exchange *exchange);
int exec_add_output(struct exec *exec, int index, int fd);
void exec_close_output(struct exec *exec, struct exec_output *output);
void exec_ask_again(struct exec *exec);

/* The answer is complete: the exchange is let go. */
void exec_answered(struct exec *exec);

#endif
