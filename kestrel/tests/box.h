#ifndef KESTREL_TESTS_BOX_H
#define KESTREL_TESTS_BOX_H

#include "check.h"
#include "client.h"

#include <string.h>
#include <sys/types.h>

/* A kestrel that runs as an ordinary process, and what belongs to it. */
struct box {
    pid_t pid;
    char folder[64];
    char socket[96];
    char console[96];
    int port_fd; /* our end of a socket pair that kestrel takes for a virtio-serial port; -1: none */
};

/* The program that plays workloads: tests/workload.c. */
extern const char *workload_program;

/* Starts kestrel with these records (NULL at the end) after `boot=1` and `vm=7`. */
struct box *box_start(const char *const records[]);
struct box *box_start_with_port(const char *const records[]);
struct box *box_start_with_console(const char *const records[], const char *console);

#define BOX(...) box_start((const char *const[]){__VA_ARGS__, NULL})

/* Waits for the end and removes everything; the exit code, or 1000 + signal. */
int box_wait(struct box *box);

/* SIGTERM, then box_wait(), which must give 0. */
void box_stop(struct box *box);

/* All of the console so far; static memory. */
const char *box_console(const struct box *box);

/* A number from /proc/PID/status in KiB, such as VmRSS. */
long box_memory_kib(const struct box *box, const char *field);

/* CPU time used so far in milliseconds. */
long box_cpu_ms(const struct box *box);

/* The record that makes the workload program do `what`. */
const char *run(const char *what);
const char *program(void);

/* A number that follows `name` in `text`, such as "code":3. -1: none. */
long number_after(const char *text, const char *name);

/* SIGKILL to a process whose pid was read from text. What was not found there is a failed test, and not a kill(-1),
 * which ends every process on the machine. */
void kill_hard(long pid);

/* A TCP port that was free a moment ago. */
int free_port(void);

#endif
