#ifndef KESTREL_IDENTITY_H
#define KESTREL_IDENTITY_H

#include "accounts.h"

/* Looks `wanted` up in /etc/passwd and /etc/group, as accounts_find() does. Only for a child that is to become a program:
   what it reads may be slow. 0 or -errno. */
int identity_find(const char *wanted, struct account *ret_account);

/* Becomes that user, for good. 0 or -errno. */
int identity_take(const struct account *account);

#endif
