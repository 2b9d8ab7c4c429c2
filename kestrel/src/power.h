#ifndef KESTREL_POWER_H
#define KESTREL_POWER_H

/* Ends every other process, writes everything out and switches the machine off. Does not return. Only for PID 1 of a machine. */
_Noreturn void power_off(void);

#endif
