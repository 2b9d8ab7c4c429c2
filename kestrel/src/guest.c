/*
 * The second era. From here on kestrel never exits, aborts or blocks: errors are noted and life goes on.
 * This file joins the parts: what happens to the workload becomes events and starts or stops the probe; signals, uevents
 * and the link ask for actions; a shutdown goes through its phases.
 */
#include "guest.h"

#include "clock.h"
#include "devices.h"
#include "stats.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATS_INTERVAL_MS 5000
#define ANSWER_LIMIT_MS 500 /* for the answer to a shutdown request, and for the last events, to get out */
#define REAPED_A_TURN 64

static struct text new_line(struct guest *guest)
{
    struct text text;
    text_init(&text, guest->line, sizeof guest->line);
    return text;
}

static void on_started(void *context, const struct workload *workload)
{
    struct guest *guest = context;
    struct text text = new_line(guest);
    event_text_started(&text, clock_uptime_ms(), (uint64_t) workload->pid, workload->attempt);
    events_publish(&guest->events, EVENT_WORKLOAD, &text);
    probe_start(&guest->probe);
}

static void on_exited(void *context, const struct workload *workload, const struct exit_report *report,
    const uint64_t *restart_in_ms)
{
    struct guest *guest = context;
    struct text text = new_line(guest);
    event_text_exited(&text, clock_uptime_ms(), (uint64_t) workload->pid, workload->attempt, report, restart_in_ms);
    events_publish(&guest->events, EVENT_WORKLOAD, &text);
    probe_stop(&guest->probe);
}

static void on_health(void *context, enum health_state state, const char *detail)
{
    struct guest *guest = context;
    struct text text = new_line(guest);
    event_text_health(&text, clock_uptime_ms(), state, detail);
    events_publish(&guest->events, EVENT_HEALTH, &text);
}

static void set_limit(struct guest *guest)
{
    loop_at(&guest->loop, &guest->phase_timer, clock_uptime_ms() + ANSWER_LIMIT_MS);
}

static void end(struct guest *guest)
{
    guest->phase = GUEST_ENDING;
    set_limit(guest);
}

/* Whoever runs in the guest is our child or comes to be it when its parent dies, so without a child nobody is left. */
static bool is_alone(void)
{
    siginfo_t ignored;
    return waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD;
}

/* The workload is gone. What it has left behind may still write to disks, and gets the rest of the time to stop. */
static void on_ended(void *context)
{
    struct guest *guest = context;
    if (!guest->is_machine || is_alone()) {
        end(guest);
        return;
    }
    guest->phase = GUEST_CLEARING;
    (void) kill(-1, SIGTERM);
    loop_at(&guest->loop, &guest->phase_timer, guest->stop_end_ms);
}

static void kill_all(struct guest *guest)
{
    guest->phase = GUEST_KILLING;
    (void) kill(-1, SIGKILL);
    set_limit(guest);
}

static void stop(struct guest *guest)
{
    guest->phase = GUEST_STOPPING;
    guest->stop_end_ms = clock_uptime_ms() + guest->boot->document.stop_timeout_ms;
    loop_cancel(&guest->phase_timer);
    output_note(guest->output, "shutting down", NULL);
    workload_stop(&guest->workload);
}

/* The host asks: its answer goes out first. */
static void on_shutdown_request(void *context)
{
    struct guest *guest = context;
    if (guest->phase != GUEST_RUNNING)
        return;
    guest->phase = GUEST_ANSWERING;
    set_limit(guest);
}

static bool is_stopping(void *context)
{
    const struct guest *guest = context;
    return guest->phase != GUEST_RUNNING;
}

static void on_phase_time(struct loop_timer *timer)
{
    struct guest *guest = container_of(timer, struct guest, phase_timer);
    if (guest->phase == GUEST_ANSWERING)
        stop(guest);
    else if (guest->phase == GUEST_CLEARING)
        kill_all(guest);
    else if (guest->phase == GUEST_KILLING)
        end(guest); /* somebody hangs in the kernel */
    else if (guest->phase == GUEST_ENDING)
        guest->loop.ended = true;
}

/* Takes in dead children, ours and orphans. A bounded number a turn: a fork bomb must not occupy PID 1. */
static void reap(struct guest *guest)
{
    for (int count = 0; count < REAPED_A_TURN; count++) {
        int status = 0;
        pid_t pid = waitpid(-1, &status, WNOHANG);
        if (pid <= 0)
            return;
        if (!workload_reaped(&guest->workload, pid, status))
            (void) routes_reaped(&guest->link.routes, pid, status); /* false: an orphan, of no interest */
    }
    loop_at(&guest->loop, &guest->reap_timer, clock_uptime_ms());
}

static void on_reap_time(struct loop_timer *timer)
{
    reap(container_of(timer, struct guest, reap_timer));
}

static void on_signal(struct loop_source *source, short revents)
{
    struct guest *guest = container_of(source, struct guest, signals);
    struct signalfd_siginfo info;
    (void) revents;
    if (read(source->fd, &info, sizeof info) != (ssize_t) sizeof info)
        return;
    if (info.ssi_signo == SIGCHLD)
        reap(guest);
    else if (guest->phase == GUEST_RUNNING || guest->phase == GUEST_ANSWERING)
        stop(guest);
}

static void on_device(struct loop_source *source, short revents)
{
    struct guest *guest = container_of(source, struct guest, devices);
    (void) revents;
    if (devices_concern(source->fd, "SUBSYSTEM=virtio-ports"))
        link_find_port(&guest->link);
}

static void on_stats_time(struct loop_timer *timer)
{
    struct guest *guest = container_of(timer, struct guest, stats_timer);
    struct text text = new_line(guest);
    struct guest_stats stats = {
        .log_next = guest->output->ring.next_seq,
        .log_dropped = guest->output->ring.first_seq,
    };
    stats_read(&stats);
    event_text_stats(&text, clock_uptime_ms(), &stats);
    events_publish(&guest->events, EVENT_STATS, &text);
    loop_at(&guest->loop, timer, clock_uptime_ms() + STATS_INTERVAL_MS);
}

static void after_turn(void *context)
{
    struct guest *guest = context;
    link_flush(&guest->link);
    console_flush(&guest->output->console);
    if (guest->phase == GUEST_ANSWERING && link_is_flushed(&guest->link))
        stop(guest);
    else if ((guest->phase == GUEST_CLEARING || guest->phase == GUEST_KILLING) && is_alone())
        end(guest);
    else if (guest->phase == GUEST_ENDING && link_is_flushed(&guest->link))
        guest->loop.ended = true;
}

/* main() has blocked these before anything else. */
static int watch_signals(struct guest *guest)
{
    sigset_t signals;
    (void) sigemptyset(&signals);
    (void) sigaddset(&signals, SIGCHLD);
    (void) sigaddset(&signals, SIGTERM);
    (void) sigaddset(&signals, SIGINT);
    (void) sigaddset(&signals, SIGPWR);
    int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        return -errno;
    guest->signals = (struct loop_source){.fd = fd, .events = POLLIN, .on_ready = on_signal};
    return loop_add(&guest->loop, &guest->signals);
}

/* The link's ports may appear late. Without uevents kestrel still finds those that are there now. */
static void watch_devices(struct guest *guest)
{
    int fd = -1;
    int result = devices_open(&fd);
    if (result == 0) {
        guest->devices = (struct loop_source){.fd = fd, .events = POLLIN, .on_ready = on_device};
        result = loop_add(&guest->loop, &guest->devices);
    }
    if (result < 0)
        output_error(guest->output, "devices that appear later will not be seen", result);
}

static void publish_ready(struct guest *guest)
{
    guest->events.uptime_ms = clock_uptime_ms;
    struct text text = new_line(guest);
    event_text_ready(&text, clock_uptime_ms(), &guest->boot->timeline);
    events_publish(&guest->events, EVENT_READY, &text);
    text = new_line(guest);
    event_text_health(&text, clock_uptime_ms(), HEALTH_UNKNOWN, NULL);
    events_publish(&guest->events, EVENT_HEALTH, &text);
}

int guest_start(struct guest *guest, struct output *output, const struct boot *boot, bool is_machine)
{
    const struct workload_listener listener = {
        .on_started = on_started, .on_exited = on_exited, .on_ended = on_ended, .context = guest};
    guest->output = output;
    guest->boot = boot;
    guest->is_machine = is_machine;
    guest->phase = GUEST_RUNNING;
    guest->stats_timer = (struct loop_timer){.on_time = on_stats_time};
    guest->phase_timer = (struct loop_timer){.on_time = on_phase_time};
    guest->reap_timer = (struct loop_timer){.on_time = on_reap_time};
    int result = loop_init(&guest->loop, after_turn, guest);
    if (result == 0)
        result = watch_signals(guest);
    if (result == 0)
        result = workload_init(&guest->workload, &guest->loop, output, boot, &listener);
    if (result < 0)
        return result;
    console_attach(&output->console, &guest->loop);
    probe_init(&guest->probe, &guest->loop, &boot->document, on_health, guest);
    link_init(&guest->link, &guest->loop, output, &guest->events);
    execs_init(&guest->link.routes.execs, &guest->loop, &boot->document);
    guest->link.routes.on_shutdown = on_shutdown_request;
    guest->link.routes.is_stopping = is_stopping;
    guest->link.routes.context = guest;
    publish_ready(guest);
    workload_start(&guest->workload);
    if (is_machine) {
        watch_devices(guest);
        link_find_port(&guest->link);
    }
    loop_at(&guest->loop, &guest->stats_timer, clock_uptime_ms() + STATS_INTERVAL_MS);
    return 0;
}

void guest_run(struct guest *guest)
{
    while (!guest->loop.ended)
        loop_turn(&guest->loop);
}
