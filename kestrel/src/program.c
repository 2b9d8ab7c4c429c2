/*
 * From boot document to running process. The child shares nothing with PID 1 but its output pipes: own session and process
 * group, no blocked or ignored signals, standard input from /dev/null.
 */
#include "program.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* PID 1 blocks all signals and ignores some; both would be inherited across exec. */
static void reset_signals(void)
{
    const struct sigaction by_default = {.sa_handler = SIG_DFL};
    sigset_t none;
    for (int signal = 1; signal < NSIG; signal++)
        (void) sigaction(signal, &by_default, NULL); /* fails only for those that cannot be changed anyway */
    (void) sigemptyset(&none);
    (void) sigprocmask(SIG_SETMASK, &none, NULL);
}

static const char *search_path(const struct boot_document *document)
{
    const char *path = "";
    for (size_t i = 0; i < document->environment_count; i++)
        if (strncmp(document->environment[i], "PATH=", 5) == 0)
            path = document->environment[i] + 5;
    return path;
}

static void execute(const struct boot_document *document, const char *path)
{
    /* execve() changes neither: its parameter types are older than const. */
    (void) execve(path, (char *const *) (uintptr_t) document->arguments, (char *const *) (uintptr_t) document->environment);
}

/* Tries the folders of PATH in turn. Returns the most telling error: a file that may not be run counts more than none. */
static int execute_from_path(const struct boot_document *document)
{
    int error = ENOENT;
    for (const char *folder = search_path(document); *folder != '\0';) {
        char bytes[PATH_MAX];
        struct text path;
        size_t length = strcspn(folder, ":");
        text_init(&path, bytes, sizeof bytes);
        text_add_bytes(&path, length > 0 ? folder : ".", length > 0 ? length : 1);
        text_add(&path, "/");
        text_add(&path, document->arguments[0]);
        if (!path.cut && path.length < sizeof bytes) {
            execute(document, text_end(&path));
            if (errno != ENOENT && errno != ENOTDIR)
                error = errno;
        }
        folder += length + (folder[length] == ':');
    }
    return error;
}

static _Noreturn void fail(int report, enum program_step step, int error)
{
    struct program_failure failure = {.step = step, .error = error};
    (void) !write(report, &failure, sizeof failure); /* nobody is left to be told about an error here */
    _exit(127);
}

static _Noreturn void become(const struct boot_document *document, int stdout_fd, int stderr_fd, int report)
{
    (void) setsid(); /* cannot fail: a fresh child leads no group */
    reset_signals();
    int input = open("/dev/null", O_RDONLY);
    if (input < 0 || dup2(input, STDIN_FILENO) < 0)
        fail(report, PROGRAM_INPUT, errno);
    if (dup2(stdout_fd, STDOUT_FILENO) < 0 || dup2(stderr_fd, STDERR_FILENO) < 0)
        fail(report, PROGRAM_OUTPUT, errno);
    if (input > STDERR_FILENO)
        (void) close(input);
    if (chdir(document->workdir) < 0)
        fail(report, PROGRAM_WORKDIR, errno);
    if (strchr(document->arguments[0], '/') == NULL)
        fail(report, PROGRAM_EXECUTE, execute_from_path(document));
    execute(document, document->arguments[0]);
    fail(report, PROGRAM_EXECUTE, errno);
}

int program_start(const struct boot_document *document, int stdout_fd, int stderr_fd, pid_t *ret_pid, int *ret_report)
{
    int report[2];
    if (pipe2(report, O_CLOEXEC | O_NONBLOCK) < 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0)
        become(document, stdout_fd, stderr_fd, report[1]);
    int result = pid < 0 ? -errno : 0;
    (void) close(report[1]);
    if (result < 0) {
        (void) close(report[0]);
        return result;
    }
    *ret_pid = pid;
    *ret_report = report[0];
    return 0;
}

const char *program_step_name(enum program_step step)
{
    switch (step) {
    case PROGRAM_INPUT:
        return "/dev/null cannot be opened";
    case PROGRAM_OUTPUT:
        return "its output cannot be connected";
    case PROGRAM_WORKDIR:
        return "its working directory cannot be entered";
    case PROGRAM_EXECUTE:
        return "the program cannot be run";
    }
    return "";
}
