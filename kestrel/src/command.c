/*
 * From a `start` frame to a running process, on pipes or on a terminal of its own. The child shares nothing with PID 1 but
 * these: own session and process group, no blocked or ignored signals.
 */
#include "command.h"

#include "execute.h"
#include "identity.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define CANNOT_RUN 126 /* as shells say it */
#define NOT_FOUND 127

/* The child's ends. All three are the same with a terminal. */
struct ends {
    bool is_terminal;
    int standard[3];
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        (void) close(*fd); /* nothing written is at stake */
    *fd = -1;
}

static int make_non_blocking(int fd)
{
    return fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

static _Noreturn void fail(int report, enum command_step step, int error)
{
    struct command_failure failure = {.step = step, .error = error};
    bool is_missing = step == COMMAND_EXECUTE && (error == ENOENT || error == ENOTDIR);
    (void) !write(report, &failure, sizeof failure); /* nobody is left to be told about an error here */
    _exit(is_missing ? NOT_FOUND : CANNOT_RUN);
}

/* Puts the user's home into the environment, unless somebody has said where it is. The child may: its memory is its own. */
static void set_home(struct exec_start *start, const struct account *account)
{
    static char bytes[sizeof "HOME=" + ACCOUNT_HOME_BYTES_MAX];
    struct text text;
    if (start->has_home)
        return;
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, "HOME=");
    text_add(&text, account->home);
    for (size_t i = 0; i < start->environment_count; i++)
        if (strncmp(start->environment[i], "HOME=", 5) == 0)
            start->environment[i] = text_end(&text);
}

static int take_user(const struct account *account)
{
    for (int fd = 0; fd < 3; fd++)
        if (fchown(fd, account->user, (gid_t) -1) < 0) /* /dev/stdout and /dev/tty are opened anew, which only the owner may */
            return -errno;
    return identity_take(account);
}

static int take_ends(const struct ends *ends)
{
    if (ends->is_terminal && ioctl(ends->standard[0], TIOCSCTTY, 0) < 0)
        return -errno;
    for (int fd = 0; fd < 3; fd++)
        if (dup2(ends->standard[fd], fd) < 0) /* ours are all above 2 */
            return -errno;
    return 0;
}

static _Noreturn void become(struct exec_start *start, const struct ends *ends, int report)
{
    static struct account account;
    (void) setsid(); /* cannot fail: a fresh child leads no group */
    execute_reset_signals();
    int result = take_ends(ends);
    if (result < 0)
        fail(report, COMMAND_INPUT, -result);
    result = identity_find(start->user != NULL ? start->user : "0", &account);
    if (result < 0)
        fail(report, result == -ENOENT ? COMMAND_NO_USER : COMMAND_NO_GROUP, 0);
    set_home(start, &account);
    if (chdir(start->workdir) < 0)
        fail(report, COMMAND_WORKDIR, errno);
    result = start->user != NULL ? take_user(&account) : 0;
    if (result < 0)
        fail(report, COMMAND_USER, -result);
    fail(report, COMMAND_EXECUTE, -execute_program(start->arguments, start->environment));
}

/* Pipe `index` is the child's descriptor of that number. */
static int open_pipe(int index, struct ends *ends, int *ours)
{
    int pair[2];
    if (pipe2(pair, O_CLOEXEC) < 0)
        return -errno;
    ends->standard[index] = pair[index == 0 ? 0 : 1];
    *ours = pair[index == 0 ? 1 : 0];
    return make_non_blocking(*ours); /* our end only: programs expect blocking ones */
}

static int open_pipes(struct ends *ends, struct command *command)
{
    int result = open_pipe(STDIN_FILENO, ends, &command->input);
    if (result == 0)
        result = open_pipe(STDOUT_FILENO, ends, &command->outputs[0]);
    return result < 0 ? result : open_pipe(STDERR_FILENO, ends, &command->outputs[1]);
}

/* The kernel's own modes are sane; what it cannot know is that all text is UTF-8 today. */
static int set_up_terminal(int fd, const struct exec_start *start)
{
    struct termios modes;
    if (tcgetattr(fd, &modes) < 0)
        return -errno;
    modes.c_iflag |= IUTF8;
    if (tcsetattr(fd, TCSANOW, &modes) < 0)
        return -errno;
    command_resize(fd, start->rows, start->columns);
    return 0;
}

static int open_terminal(const struct exec_start *start, struct ends *ends, struct command *command)
{
    int unlocked = 0;
    command->outputs[0] = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (command->outputs[0] < 0 || ioctl(command->outputs[0], TIOCSPTLCK, &unlocked) < 0)
        return -errno;
    /* The other side by descriptor: no name that might be mounted elsewhere, and no moment without anybody on it. */
    ends->standard[0] = ioctl(command->outputs[0], TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (ends->standard[0] < 0)
        return -errno;
    ends->standard[1] = ends->standard[0];
    ends->standard[2] = ends->standard[0];
    command->input = fcntl(command->outputs[0], F_DUPFD_CLOEXEC, 0);
    return command->input < 0 ? -errno : set_up_terminal(ends->standard[0], start);
}

static int fork_child(struct exec_start *start, const struct ends *ends, struct command *command)
{
    int report[2];
    if (pipe2(report, O_CLOEXEC | O_NONBLOCK) < 0)
        return -errno;
    command->pid = fork();
    if (command->pid == 0)
        become(start, ends, report[1]);
    int result = command->pid < 0 ? -errno : 0;
    (void) close(report[1]);
    command->report = report[0];
    return result;
}

int command_start(struct exec_start *start, struct command *ret_command)
{
    struct command command = {.report = -1, .input = -1, .outputs = {-1, -1}};
    struct ends ends = {.is_terminal = start->has_terminal, .standard = {-1, -1, -1}};
    int result = ends.is_terminal ? open_terminal(start, &ends, &command) : open_pipes(&ends, &command);
    if (result == 0)
        result = fork_child(start, &ends, &command);
    close_end(&ends.standard[0]);
    if (!ends.is_terminal) {
        close_end(&ends.standard[1]);
        close_end(&ends.standard[2]);
    }
    if (result == 0) {
        *ret_command = command;
        return 0;
    }
    close_end(&command.report);
    close_end(&command.input);
    close_end(&command.outputs[0]);
    close_end(&command.outputs[1]);
    return result;
}

const char *command_step_name(enum command_step step)
{
    switch (step) {
    case COMMAND_INPUT:
        return "its input and output cannot be connected";
    case COMMAND_WORKDIR:
        return "its working directory cannot be entered";
    case COMMAND_NO_USER:
        return "its user is not listed in /etc/passwd";
    case COMMAND_NO_GROUP:
        return "its group is not listed in /etc/group";
    case COMMAND_USER:
        return "its user cannot be taken";
    case COMMAND_EXECUTE:
        return "it cannot be run";
    }
    return "";
}

void command_resize(int fd, uint16_t rows, uint16_t columns)
{
    const struct winsize size = {.ws_row = rows, .ws_col = columns};
    (void) ioctl(fd, TIOCSWINSZ, &size); /* fails only for what is no terminal */
}

uint8_t command_end_byte(int fd)
{
    struct termios modes;
    if (tcgetattr(fd, &modes) < 0 || (modes.c_lflag & ICANON) == 0)
        return 0;
    return modes.c_cc[VEOF];
}
