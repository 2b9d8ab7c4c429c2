/*
 * From boot document to running process. The child shares nothing with PID 1 but its output pipes: own session and process
 * group, no blocked or ignored signals, standard input from /dev/null. Files of an image are read here, where a slow one
 * holds up nobody else.
 */
#include "program.h"

#include "execute.h"
#include "folders.h"
#include "identity.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The child's own, so that HOME can be put in: PID 1 never writes here. */
static const char *environment[BOOT_ENVIRONMENT_MAX + BOOT_ENVIRONMENT_DEFAULTS + 1];

static _Noreturn void fail(int report, enum program_step step, int error)
{
    struct program_failure failure = {.step = step, .error = error};
    (void) !write(report, &failure, sizeof failure); /* nobody is left to be told about an error here */
    _exit(127);
}

static void connect_output(const struct program_orders *orders, int report)
{
    int input = open("/dev/null", O_RDONLY);
    if (input < 0 || dup2(input, STDIN_FILENO) < 0)
        fail(report, PROGRAM_INPUT, errno);
    if (dup2(orders->stdout_fd, STDOUT_FILENO) < 0 || dup2(orders->stderr_fd, STDERR_FILENO) < 0)
        fail(report, PROGRAM_OUTPUT, errno);
    if (input > STDERR_FILENO)
        (void) close(input);
}

/* The home of the user, unless the document has one. */
static void set_home(const struct boot_document *document, const struct account *account)
{
    static char bytes[sizeof "HOME=" + ACCOUNT_HOME_BYTES_MAX];
    struct text text;
    if (document->has_home)
        return;
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, "HOME=");
    text_add(&text, account->home);
    for (size_t i = 0; i < document->environment_count; i++)
        if (strncmp(environment[i], "HOME=", 5) == 0)
            environment[i] = text_end(&text);
}

/* Images link their log files to /dev/stdout. That opens the pipe anew, which only its owner may. */
static int give_output(const struct account *account)
{
    if (fchown(STDOUT_FILENO, account->user, account->group) < 0 || fchown(STDERR_FILENO, account->user, account->group) < 0)
        return -errno;
    return 0;
}

/* As root, which may enter any folder; an image need not have the one that it names. */
static int enter_workdir(const struct program_orders *orders)
{
    const char *path = orders->document->workdir;
    int result = chdir(path) < 0 ? -errno : 0;
    if (result != -ENOENT || !orders->root_is_disk)
        return result;
    result = folders_make(path);
    return result == 0 && chdir(path) < 0 ? -errno : result;
}

static _Noreturn void become(const struct program_orders *orders, int report)
{
    static struct account account;
    const struct boot_document *document = orders->document;
    (void) setsid(); /* cannot fail: a fresh child leads no group */
    execute_reset_signals();
    connect_output(orders, report);
    memcpy(environment, document->environment, sizeof environment);
    if (document->user != NULL || orders->root_is_disk) {
        int result = identity_find(document->user != NULL ? document->user : "0", &account);
        if (result < 0)
            fail(report, result == -ENOENT ? PROGRAM_NO_USER : PROGRAM_NO_GROUP, 0);
        set_home(document, &account);
    }
    int result = enter_workdir(orders);
    if (result < 0)
        fail(report, PROGRAM_WORKDIR, -result);
    if (document->user != NULL) {
        result = give_output(&account);
        if (result == 0)
            result = identity_take(&account);
        if (result < 0)
            fail(report, PROGRAM_USER, -result);
    }
    fail(report, PROGRAM_EXECUTE, -execute_program(document->arguments, environment));
}

int program_start(const struct program_orders *orders, pid_t *ret_pid, int *ret_report)
{
    int report[2];
    if (pipe2(report, O_CLOEXEC | O_NONBLOCK) < 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0)
        become(orders, report[1]);
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
    case PROGRAM_NO_USER:
        return "is not listed in /etc/passwd";
    case PROGRAM_NO_GROUP:
        return "the group is not listed in /etc/group";
    case PROGRAM_USER:
        return "cannot be taken";
    case PROGRAM_WORKDIR:
        return "its working directory cannot be entered";
    case PROGRAM_EXECUTE:
        return "the program cannot be run";
    }
    return "";
}
