/* Time since the kernel started. Wall clocks jump and a young guest has none, so nothing here asks for one. */
#include "clock.h"

#include <time.h>

uint64_t clock_uptime_ms(void)
{
    struct timespec now = {0};
    (void) clock_gettime(CLOCK_BOOTTIME, &now); /* cannot fail: the clock id is a constant that every kernel knows */
    return (uint64_t) now.tv_sec * 1000 + (uint64_t) now.tv_nsec / 1000000;
}
