#ifndef KESTREL_TIMELINE_H
#define KESTREL_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

#define TIMELINE_STEPS_MAX 96 /* all boot steps and 64 modules */
#define TIMELINE_NAME_BYTES 48

/* The steps of the boot, each with the time at which it was done. */
struct timeline {
    struct {
        char name[TIMELINE_NAME_BYTES];
        uint64_t uptime_ms;
    } steps[TIMELINE_STEPS_MAX];
    size_t count;
};

/* Notes that a step is done now. `detail` may be NULL. Long names are cut; steps beyond the most are left out. */
void timeline_add(struct timeline *timeline, const char *step, const char *detail);

#endif
