#ifndef KESTREL_ACCOUNTS_H
#define KESTREL_ACCOUNTS_H

#include <stddef.h>
#include <stdint.h>

#define ACCOUNT_GROUPS_MAX 256 /* the kernel takes more, but nobody is in that many; further ones are left out */
#define ACCOUNT_HOME_BYTES_MAX 1024

/* Who runs a program. */
struct account {
    uint32_t user;
    uint32_t group;
    uint32_t groups[ACCOUNT_GROUPS_MAX]; /* `group` among them */
    size_t group_count;
    char home[ACCOUNT_HOME_BYTES_MAX + 1];
};

/* What is in /etc/passwd and /etc/group. Any bytes. */
struct account_files {
    const char *passwd;
    size_t passwd_length;
    const char *group;
    size_t group_length;
};

/*
 * `wanted` is USER or USER:GROUP (as boot_value_user() takes it), each a name or a number; a number need not be listed.
 * A user without a group gets its own group and all that it is listed in. 0, -ENOENT where there is no such user,
 * -ESRCH where there is no such group.
 */
int accounts_find(const struct account_files *files, const char *wanted, struct account *ret_account);

#endif
