#ifndef KESTREL_POWER_H
#define KESTREL_POWER_H

/* Switches the machine off; nothing is written back any more. Does not return. Only for PID 1 of a machine. */
_Noreturn void power_off(void);

#endif
