/*
 * kestrel: PID 1 of a Volant microVM. Boots the guest as the host's boot document says, runs the workload and keeps it
 * running, and tells the host about it over one HTTP/2 link. PROTOCOL.md is the contract.
 *
 * Two eras. Before the workload an error ends in a line on the console and a power-off. After it PID 1 never exits,
 * aborts or blocks. With --boot it is no PID 1 but an ordinary process, a subreaper, for tests.
 */
#include "entrances.h"
#include "guest.h"
#include "power.h"
#include "write_back.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONSOLE_LIMIT_MS 2000 /* for the last words */
#define LINKS_MAX 4

/* What the command line of a test says. */
struct options {
    const char *boot;
    const char *console;
    const char *links[LINKS_MAX];
    size_t link_count;
};

/* Everything that lives as long as the process. Memory that is not used is not resident. */
static struct {
    struct output output;
    struct boot boot;
    struct guest guest;
} kestrel;

/* Signals are read from a descriptor, so that there is no handler to reason about. Faults stay as they are. */
static void block_signals(void)
{
    sigset_t signals;
    (void) sigfillset(&signals);
    (void) sigdelset(&signals, SIGSEGV);
    (void) sigdelset(&signals, SIGBUS);
    (void) sigdelset(&signals, SIGILL);
    (void) sigdelset(&signals, SIGFPE);
    (void) sigdelset(&signals, SIGABRT);
    (void) sigprocmask(SIG_SETMASK, &signals, NULL);
}

/* Descriptors 0 to 2 must be taken, or the first files that we open would become somebody's output. */
static void take_standard_descriptors(void)
{
    int fd = 0;
    do
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        (void) close(fd);
}

static bool parse_options(int count, char **words, struct options *ret_options)
{
    struct options options = {.console = "/proc/self/fd/1"};
    for (int i = 1; i + 1 < count; i += 2) {
        const char *value = words[i + 1];
        if (strcmp(words[i], "--boot") == 0)
            options.boot = value;
        else if (strcmp(words[i], "--console") == 0)
            options.console = value;
        else if (strcmp(words[i], "--link") == 0 && options.link_count < LINKS_MAX)
            options.links[options.link_count++] = value;
        else
            return false;
    }
    *ret_options = options;
    return count % 2 == 1 && options.boot != NULL;
}

static int usage(void)
{
    static const char text[] = "kestrel " KESTREL_VERSION ": PID 1 of a Volant microVM.\n"
                               "For tests: kestrel --boot FILE [--link unix:PATH|fd:N|port:N]... [--console PATH]\n";
    (void) !write(STDERR_FILENO, text, sizeof text - 1);
    return 2;
}

static int open_entrances(struct guest *guest, const struct options *options)
{
    for (size_t i = 0; i < options->link_count; i++) {
        int result = entrance_for_test(&guest->link, options->links[i]);
        if (result < 0) {
            output_error(guest->output, options->links[i], result);
            return result;
        }
    }
    if (!guest->is_machine)
        return 0;
    int result = entrance_vsock(&guest->link);
    if (result < 0 && result != -EAFNOSUPPORT)
        output_error(guest->output, "link: no vsock", result);
    return 0;
}

static int live(const struct options *options, bool is_machine)
{
    kestrel.boot.output = &kestrel.output;
    kestrel.boot.document_path = options->boot;
    int result = boot_run(&kestrel.boot, is_machine);
    if (result == 0) {
        result = guest_start(&kestrel.guest, &kestrel.output, &kestrel.boot, is_machine);
        if (result < 0)
            output_error(&kestrel.output, "boot failed: start", result);
    }
    if (result == 0)
        result = open_entrances(&kestrel.guest, options);
    if (result < 0)
        return 1;
    /* The second era begins here. */
    guest_run(&kestrel.guest);
    return 0;
}

/* Nobody may write to a disk any more when it is made read-only. */
static void end_disks(void)
{
    (void) kill(-1, SIGKILL); /* ESRCH: we are alone */
    int result = write_back(&kestrel.boot.document, &kestrel.boot.rootfs);
    if (result < 0)
        output_error(&kestrel.output, "disks: not all of them are clean", result);
}

int main(int count, char **words)
{
    struct options options = {.boot = BOOT_DOCUMENT_PATH, .console = "/dev/console"};
    bool is_machine = getpid() == 1 && !(count > 1 && strcmp(words[1], "--boot") == 0);
    block_signals();
    if (!is_machine && !parse_options(count, words, &options))
        return usage();
    (void) umask(022);
    if (is_machine)
        (void) mkdir("/dev", 0755); /* the kernel's own archive has it already, with /dev/console in it */
    take_standard_descriptors();
    output_init(&kestrel.output, options.console);
    if (!is_machine)
        (void) prctl(PR_SET_CHILD_SUBREAPER, 1); /* what PID 1 is by nature */
    int code = live(&options, is_machine);
    if (is_machine)
        end_disks();
    console_drain(&kestrel.output.console, CONSOLE_LIMIT_MS);
    if (is_machine)
        power_off();
    return code;
}
