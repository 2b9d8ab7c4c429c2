#ifndef KESTREL_STATS_H
#define KESTREL_STATS_H

#include "event_text.h"

/* Fills in memory and load. What cannot be read stays 0. */
void stats_read(struct guest_stats *ret_stats);

/* The value of `name` in the text of /proc/meminfo, in KiB; 0 where it is missing. Pure. */
uint64_t stats_meminfo_kib(const char *meminfo, const char *name);

#endif
