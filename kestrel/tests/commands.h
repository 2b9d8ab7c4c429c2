#ifndef KESTREL_TESTS_COMMANDS_H
#define KESTREL_TESTS_COMMANDS_H

#include "box.h"

#include "../src/exec_frame.h"

#define COMMAND_BYTES_MAX (8 * 1024 * 1024)

/* The host's side of one command. */
struct command_run {
    struct client *client;
    struct reply *reply;
    uint8_t *request; /* all frames so far */
    size_t request_length;
    /* What the answer says, after command_read(). */
    long pid; /* 0: not started */
    char *out;
    size_t out_length;
    char *err;
    size_t err_length;
    char error[256];
    int exit_kind; /* -1: none yet */
    int exit_number;
};

/* Begins a command with these records (NULL at the end). */
struct command_run *command_begin(struct client *client, const char *const records[]);
struct command_run *command_begin_raw(struct client *client);
void command_send(struct command_run *run, int type, const void *payload, size_t length);
void command_send_raw(struct command_run *run, const void *bytes, size_t length);
void command_end_request(struct command_run *run);

/* Takes the answer so far apart; every frame must be whole if the answer has ended. */
void command_read(struct command_run *run);

/* Serves the link until the answer has ended, and reads it. */
void command_finish(struct command_run *run);

/* Until the text is in what the command wrote. */
bool command_until(struct command_run *run, const char *text);
void command_free(struct command_run *run);

#define COMMAND(client, ...) command_begin(client, (const char *const[]){__VA_ARGS__, NULL})
#define SHELL(client, script) COMMAND(client, "arg=/bin/sh", "arg=-c", "arg=" script)

#endif
