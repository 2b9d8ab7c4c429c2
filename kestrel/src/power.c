/*
 * The end of the machine. With ACPI it can be switched off. Without, RB_POWER_OFF would only halt the processor and leave
 * the hypervisor running for ever; a reset ends QEMU (which runs with -no-reboot) and Firecracker.
 */
#include "power.h"

#include <sys/reboot.h>
#include <unistd.h>

#define ACPI_FOLDER "/sys/firmware/acpi" /* there is none with acpi=off, nor on a machine without ACPI */

_Noreturn void power_off(void)
{
    if (access(ACPI_FOLDER, F_OK) == 0)
        (void) reboot(RB_POWER_OFF);
    (void) reboot(RB_AUTOBOOT);
    for (;;)
        (void) pause(); /* not even a reset is possible: PID 1 must not return */
}
