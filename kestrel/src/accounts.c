/*
 * Users and groups as an image lists them: lines of fields with ':' between them. The files are a stranger's, so every line
 * that does not fit is passed over, and nothing but the bytes given is read. Pure; fuzzed.
 */
#include "accounts.h"

#include "boot_value.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define FIELDS_MAX 7 /* of a line in passwd; a line in group has 4 */

enum passwd_field { PASSWD_NAME = 0, PASSWD_USER = 2, PASSWD_GROUP = 3, PASSWD_HOME = 5 };
enum group_field { GROUP_NAME = 0, GROUP_ID = 2, GROUP_MEMBERS = 3 };

/* Bytes that belong to somebody else. */
struct piece {
    const char *bytes;
    size_t length;
};

/* Takes what is before the next `end` off `rest`, and `end` with it. */
static struct piece take(struct piece *rest, char end)
{
    const char *at = rest->length > 0 ? memchr(rest->bytes, end, rest->length) : NULL;
    struct piece taken = {rest->bytes, at != NULL ? (size_t) (at - rest->bytes) : rest->length};
    size_t gone = taken.length + (at != NULL);
    *rest = (struct piece){rest->bytes + gone, rest->length - gone};
    return taken;
}

/* The fields of a line; those that it does not have are empty. */
static void split(struct piece line, struct piece fields[FIELDS_MAX])
{
    for (size_t i = 0; i < FIELDS_MAX; i++)
        fields[i] = take(&line, ':');
}

static bool is_same(struct piece one, struct piece other)
{
    return one.length == other.length && (one.length == 0 || memcmp(one.bytes, other.bytes, one.length) == 0);
}

/* A home must be a path that a program can use; everything else counts as none. */
static void set_home(struct account *account, struct piece home)
{
    bool good = home.length > 0 && home.length <= ACCOUNT_HOME_BYTES_MAX && home.bytes[0] == '/' &&
                memchr(home.bytes, '\0', home.length) == NULL;
    memcpy(account->home, good ? home.bytes : "/", good ? home.length : 1);
    account->home[good ? home.length : 1] = '\0';
}

/* Looks for a user by number, or by name where `id` is NULL. The first line counts. */
static bool find_user(struct piece passwd, struct piece name, const uint32_t *id, struct account *account, struct piece *ret_name)
{
    while (passwd.length > 0) {
        struct piece fields[FIELDS_MAX] = {0};
        uint32_t user = 0;
        uint32_t group = 0;
        split(take(&passwd, '\n'), fields);
        if (!boot_value_id(fields[PASSWD_USER].bytes, fields[PASSWD_USER].length, &user) ||
            !boot_value_id(fields[PASSWD_GROUP].bytes, fields[PASSWD_GROUP].length, &group))
            continue;
        if (id != NULL ? user != *id : !is_same(fields[PASSWD_NAME], name))
            continue;
        account->user = user;
        account->group = group;
        set_home(account, fields[PASSWD_HOME]);
        *ret_name = fields[PASSWD_NAME];
        return true;
    }
    return false;
}

static bool find_group(struct piece groups, struct piece name, uint32_t *ret_group)
{
    if (boot_value_id(name.bytes, name.length, ret_group))
        return true;
    while (groups.length > 0) {
        struct piece fields[FIELDS_MAX] = {0};
        split(take(&groups, '\n'), fields);
        if (is_same(fields[GROUP_NAME], name) && boot_value_id(fields[GROUP_ID].bytes, fields[GROUP_ID].length, ret_group))
            return true;
    }
    return false;
}

static void add_group(struct account *account, uint32_t group)
{
    for (size_t i = 0; i < account->group_count; i++)
        if (account->groups[i] == group)
            return;
    if (account->group_count < ACCOUNT_GROUPS_MAX)
        account->groups[account->group_count++] = group;
}

static bool has_member(struct piece members, struct piece name)
{
    while (members.length > 0)
        if (is_same(take(&members, ','), name))
            return true;
    return false;
}

/* All groups that list the user. */
static void add_groups(struct piece groups, struct piece name, struct account *account)
{
    while (groups.length > 0) {
        struct piece fields[FIELDS_MAX] = {0};
        uint32_t group = 0;
        split(take(&groups, '\n'), fields);
        if (boot_value_id(fields[GROUP_ID].bytes, fields[GROUP_ID].length, &group) && has_member(fields[GROUP_MEMBERS], name))
            add_group(account, group);
    }
}

int accounts_find(const struct account_files *files, const char *wanted, struct account *ret_account)
{
    struct account account = {.home = "/"};
    struct piece passwd = {files->passwd, files->passwd_length};
    struct piece groups = {files->group, files->group_length};
    struct piece group = {wanted, strlen(wanted)};
    struct piece user = take(&group, ':');
    struct piece name = {"", 0};
    bool is_number = boot_value_id(user.bytes, user.length, &account.user);
    uint32_t id = account.user;
    if (!find_user(passwd, user, is_number ? &id : NULL, &account, &name) && !is_number)
        return -ENOENT;
    if (group.length > 0 && !find_group(groups, group, &account.group))
        return -ESRCH;
    add_group(&account, account.group);
    if (group.length == 0 && name.length > 0)
        add_groups(groups, name, &account);
    *ret_account = account;
    return 0;
}
