#ifndef KESTREL_COMMAND_H
#define KESTREL_COMMAND_H

#include "exec_start.h"

#define COMMAND_OUTPUTS 2

enum command_step { COMMAND_INPUT, COMMAND_NO_USER, COMMAND_NO_GROUP, COMMAND_WORKDIR, COMMAND_USER, COMMAND_EXECUTE };

/* What the child says when it cannot become the command. Its exit code then is 126 or 127. */
struct command_failure {
    enum command_step step;
    int error; /* 0: the step says all */
};

/* A child and our ends of what joins us. */
struct command {
    pid_t pid;
    int report; /* readable: end of file when the command has been executed, or one struct command_failure */
    int input;
    int outputs[COMMAND_OUTPUTS]; /* the second is -1 with a terminal */
};

/* Forks a child that becomes the command. 0 or -errno; on an error there is no child and nothing is open. */
int command_start(struct exec_start *start, struct command *ret_command);

/* What the step was about, for a message. */
const char *command_step_name(enum command_step step);

/* Of a terminal, by any of our descriptors. */
void command_resize(int fd, uint16_t rows, uint16_t columns);

/* The byte that means the end of input to a terminal that edits lines. 0: it does not. */
uint8_t command_end_byte(int fd);

#endif
