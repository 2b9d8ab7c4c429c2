#ifndef KESTREL_CLOCK_H
#define KESTREL_CLOCK_H

#include <stdint.h>

/* Milliseconds since the guest's kernel started (CLOCK_BOOTTIME): the only time that kestrel knows. */
uint64_t clock_uptime_ms(void);

#endif
