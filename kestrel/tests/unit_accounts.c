/* Users and groups of an image, whose files may hold anything. */
#include "../src/accounts.h"

#include "check.h"

#include <string.h>

#define PASSWD                                                                                                              \
    "root:x:0:0:root:/root:/bin/sh\n"                                                                                       \
    "# a remark\n\n"                                                                                                        \
    "broken:x:12\n"                                                                                                         \
    "broken:x:-1:5::/b:\n"                                                                                                  \
    "app:x:1000:1001:An App,,,:/home/app:/bin/false\n"                                                                      \
    "app:x:1:1::/second:\n"                                                                                                 \
    "relative:x:7:7::home:\n"                                                                                               \
    "short:x:8:9\n"                                                                                                         \
    "highest:x:4294967294:4294967294::/h:\n"                                                                                \
    "none:x:4294967295:1::/h:"
#define GROUP                                                                                                               \
    "root:x:0:\n"                                                                                                           \
    "app:x:1001:\n"                                                                                                         \
    "disk:x:6:root,app\n"                                                                                                   \
    "apple:x:9:apple,xapp,appx\n"                                                                                           \
    "broken:x:x:app\n"                                                                                                      \
    "twice:x:6:app\n"                                                                                                       \
    "video:x:44:app"

static struct account account;

static int find(const char *wanted)
{
    const struct account_files files = {PASSWD, sizeof PASSWD - 1, GROUP, sizeof GROUP - 1};
    memset(&account, 0x5A, sizeof account);
    return accounts_find(&files, wanted, &account);
}

static void expect(const char *wanted, uint32_t user, uint32_t group, size_t group_count, const char *home)
{
    if (find(wanted) != 0)
        fail_msg("%s is not found", wanted);
    assert_int_equal(account.user, user);
    assert_int_equal(account.group, group);
    assert_int_equal(account.group_count, group_count);
    assert_string_equal(account.home, home);
    assert_int_equal(account.groups[0], group);
}

static void a_user_gets_its_group_and_all_that_list_it(void **state)
{
    (void) state;
    expect("app", 1000, 1001, 3, "/home/app");
    assert_int_equal(account.groups[1], 6);
    assert_int_equal(account.groups[2], 44);
    expect("1000", 1000, 1001, 3, "/home/app");
    expect("root", 0, 0, 2, "/root");
    expect("highest", 4294967294, 4294967294, 1, "/h");
}

static void a_group_that_is_given_is_the_only_one(void **state)
{
    (void) state;
    expect("app:disk", 1000, 6, 1, "/home/app");
    expect("app:77", 1000, 77, 1, "/home/app");
    expect("5000:video", 5000, 44, 1, "/");
}

static void numbers_need_not_be_listed(void **state)
{
    (void) state;
    expect("5000", 5000, 0, 1, "/");
    expect("5000:6000", 5000, 6000, 1, "/");
    expect("12", 12, 0, 1, "/"); /* its line is broken */
}

static void homes_that_are_no_paths_count_as_none(void **state)
{
    (void) state;
    expect("relative", 7, 7, 1, "/");
    expect("short", 8, 9, 1, "/");
}

static void strangers_are_refused(void **state)
{
    (void) state;
    assert_int_equal(find("nobody"), -ENOENT);
    assert_int_equal(find("ap"), -ENOENT);
    assert_int_equal(find("appx"), -ENOENT);
    assert_int_equal(find("broken"), -ENOENT);
    assert_int_equal(find("none"), -ENOENT);
    assert_int_equal(find("# a remark"), -ENOENT);
    assert_int_equal(find("app:nobody"), -ESRCH);
    assert_int_equal(find("app:broken"), -ESRCH);
    assert_int_equal(account.user, 0x5A5A5A5A);
}

static void files_may_be_missing(void **state)
{
    const struct account_files files = {0};
    (void) state;
    assert_int_equal(accounts_find(&files, "0", &account), 0);
    assert_int_equal(accounts_find(&files, "1:2", &account), 0);
    assert_int_equal(accounts_find(&files, "root", &account), -ENOENT);
    assert_int_equal(accounts_find(&files, "0:root", &account), -ESRCH);
}

static void a_home_has_at_most_1024_bytes(void **state)
{
    static char passwd[2000] = "a:x:1:1::/";
    size_t start = strlen(passwd);
    struct account_files files = {.passwd = passwd};
    (void) state;
    memset(passwd + start, 'h', 1100);
    files.passwd_length = start + 1023;
    assert_int_equal(accounts_find(&files, "a", &account), 0);
    assert_int_equal(strlen(account.home), 1024);
    files.passwd_length++;
    assert_int_equal(accounts_find(&files, "a", &account), 0);
    assert_string_equal(account.home, "/");
    passwd[start + 5] = '\0';
    files.passwd_length = start + 10;
    assert_int_equal(accounts_find(&files, "a", &account), 0);
    assert_string_equal(account.home, "/");
}

static void more_groups_than_there_is_room_for_are_left_out(void **state)
{
    static char groups[20000];
    struct account_files files = {.passwd = "a:x:1:1::/:", .passwd_length = 11, .group = groups};
    (void) state;
    for (int i = 0; i < 600; i++) {
        char line[] = "g:x:1000:a\n";
        line[5] = (char) ('0' + i / 100);
        line[6] = (char) ('0' + i / 10 % 10);
        line[7] = (char) ('0' + i % 10);
        memcpy(groups + files.group_length, line, sizeof line - 1);
        files.group_length += sizeof line - 1;
    }
    assert_int_equal(accounts_find(&files, "a", &account), 0);
    assert_int_equal(account.group_count, ACCOUNT_GROUPS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_user_gets_its_group_and_all_that_list_it),
        cmocka_unit_test(a_group_that_is_given_is_the_only_one),
        cmocka_unit_test(numbers_need_not_be_listed),
        cmocka_unit_test(homes_that_are_no_paths_count_as_none),
        cmocka_unit_test(strangers_are_refused),
        cmocka_unit_test(files_may_be_missing),
        cmocka_unit_test(a_home_has_at_most_1024_bytes),
        cmocka_unit_test(more_groups_than_there_is_room_for_are_left_out),
    };
    return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
