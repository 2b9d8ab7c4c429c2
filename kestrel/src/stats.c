/* Memory and load of the guest, from /proc and sysinfo(2). */
#include "stats.h"

#include <fcntl.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define LOAD_SHIFT 16 /* sysinfo(2) gives loads in 1/65536 */

uint64_t stats_meminfo_kib(const char *meminfo, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = meminfo; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) != 0 || line[length] != ':')
            continue;
        uint64_t kib = 0;
        for (const char *at = line + length + 1 + strspn(line + length + 1, " "); *at >= '0' && *at <= '9'; at++)
            kib = kib * 10 + (uint64_t) (*at - '0');
        return kib;
    }
    return 0;
}

void stats_read(struct guest_stats *ret_stats)
{
    char meminfo[1024]; /* what we want is in the first lines */
    struct sysinfo info;
    int fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t length = read(fd, meminfo, sizeof meminfo - 1);
        meminfo[length > 0 ? length : 0] = '\0';
        (void) close(fd);
        ret_stats->mem_total_kib = stats_meminfo_kib(meminfo, "MemTotal");
        ret_stats->mem_available_kib = stats_meminfo_kib(meminfo, "MemAvailable");
    }
    if (sysinfo(&info) == 0)
        ret_stats->load1_milli = ((uint64_t) info.loads[0] * 1000) >> LOAD_SHIFT;
}
