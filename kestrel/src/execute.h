#ifndef KESTREL_EXECUTE_H
#define KESTREL_EXECUTE_H

/* What children of kestrel do on their way to becoming something else. Never called by PID 1 itself. */

/* Undoes what PID 1 has set: no signal is blocked or ignored. */
void execute_reset_signals(void);

/* Closes all descriptors from `first` on. */
void execute_close_from(int first);

/* Becomes the program: a path, or a name that is searched in the environment's PATH. Returns only on an error: -errno. */
int execute_program(const char *const arguments[], const char *const environment[]);

#endif
