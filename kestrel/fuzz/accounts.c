/* Three NUL-ended pieces: a user that is wanted, a passwd, a group; then the same bytes as a disk. Whatever comes out is whole. */
#include "../src/accounts.h"
#include "../src/boot_value.h"
#include "../src/fstype.h"

#include "targets.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
    const uint8_t *bytes;
    size_t length;
};

static void require(int truth)
{
    if (!truth)
        abort();
}

/* A copy that is exactly as long as the piece, so that a byte too far is seen. */
static char *take(struct bytes *rest, size_t *ret_length, bool is_last)
{
    const uint8_t *end = is_last || rest->length == 0 ? NULL : memchr(rest->bytes, '\0', rest->length);
    size_t length = end != NULL ? (size_t) (end - rest->bytes) : rest->length;
    char *copy = malloc(length > 0 ? length : 1);
    require(copy != NULL);
    if (length > 0)
        memcpy(copy, rest->bytes, length);
    rest->bytes += length + (end != NULL);
    rest->length -= length + (end != NULL);
    *ret_length = length;
    return copy;
}

static void check(const struct account_files *files, const char *wanted)
{
    struct account account = {0};
    int result = accounts_find(files, wanted, &account);
    require(result == 0 || result == -ENOENT || result == -ESRCH);
    if (result < 0)
        return;
    require(account.home[0] == '/' && memchr(account.home, '\0', sizeof account.home) != NULL);
    require(account.group_count >= 1 && account.group_count <= ACCOUNT_GROUPS_MAX && account.groups[0] == account.group);
    require(account.user != UINT32_MAX && account.group != UINT32_MAX);
}

static bool read_disk(void *context, uint64_t offset, uint8_t *bytes, size_t length)
{
    const struct bytes *disk = context;
    require(length <= FSTYPE_MARK_BYTES_MAX);
    if (offset > disk->length || length > disk->length - offset)
        return false;
    memcpy(bytes, disk->bytes + offset, length);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct bytes rest = {bytes, length};
    struct bytes disk = rest;
    struct account_files files = {0};
    char wanted[130] = "";
    size_t wanted_length = 0;
    char *user = take(&rest, &wanted_length, false);
    char *passwd = take(&rest, &files.passwd_length, false);
    char *group = take(&rest, &files.group_length, true);
    files.passwd = passwd;
    files.group = group;
    if (wanted_length < sizeof wanted)
        memcpy(wanted, user, wanted_length);
    check(&files, boot_value_user(wanted) ? wanted : "app");
    (void) fstype_detect(read_disk, &disk);
    free(user);
    free(passwd);
    free(group);
    return 0;
}
