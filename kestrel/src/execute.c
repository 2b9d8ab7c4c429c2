/* The last steps of a child before it becomes a program. */
#include "execute.h"

#include "text.h"

#include <errno.h>
#include <limits.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 4096 /* more than kestrel can have open, where the kernel does not know close_range() */

void execute_reset_signals(void)
{
    const struct sigaction by_default = {.sa_handler = SIG_DFL};
    sigset_t none;
    for (int signal = 1; signal < NSIG; signal++)
        (void) sigaction(signal, &by_default, NULL); /* fails only for those that cannot be changed anyway */
    (void) sigemptyset(&none);
    (void) sigprocmask(SIG_SETMASK, &none, NULL);
}

void execute_close_from(int first)
{
    if (syscall(SYS_close_range, (unsigned) first, ~0U, 0U) == 0)
        return;
    for (int fd = first; fd < DESCRIPTORS_MAX; fd++)
        (void) close(fd); /* EBADF: it was not open */
}

static const char *search_path(const char *const environment[])
{
    for (; *environment != NULL; environment++)
        if (strncmp(*environment, "PATH=", 5) == 0)
            return *environment + 5;
    return "";
}

static int execute_file(const char *path, const char *const arguments[], const char *const environment[])
{
    /* execve() changes neither: its parameter types are older than const. */
    (void) execve(path, (char *const *) (uintptr_t) arguments, (char *const *) (uintptr_t) environment);
    return -errno;
}

/* Tries the folders of PATH in turn. Returns the most telling error: a file that may not be run counts more than none. */
int execute_program(const char *const arguments[], const char *const environment[])
{
    int result = -ENOENT;
    if (strchr(arguments[0], '/') != NULL)
        return execute_file(arguments[0], arguments, environment);
    for (const char *folder = search_path(environment); *folder != '\0';) {
        char bytes[PATH_MAX];
        struct text path;
        size_t length = strcspn(folder, ":");
        text_init(&path, bytes, sizeof bytes);
        text_add_bytes(&path, length > 0 ? folder : ".", length > 0 ? length : 1);
        text_add(&path, "/");
        text_add(&path, arguments[0]);
        if (!path.cut && path.length < sizeof bytes) {
            int error = execute_file(text_end(&path), arguments, environment);
            if (error != -ENOENT && error != -ENOTDIR)
                result = error;
        }
        folder += length + (folder[length] == ':');
    }
    return result;
}
