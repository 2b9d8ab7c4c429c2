/* Archives that mean harm, or are broken, or are too large: what PUT makes of them. */
#include "folder.h"

#include <stdio.h>
#include <stdlib.h>

static void entry(char type, const char *name, const char *link, const char *contents)
{
    const struct tar_entry entry = {.type = type, .mode = 0644, .name = name, .link = link, .size = strlen(contents)};
    assert_int_equal(tar_write_entry(&entry, &archive_sink), 0);
    (void) archive_sink.write(NULL, contents, strlen(contents));
    (void) tar_write_padding(strlen(contents), &archive_sink);
}

static void expect(int status, const char *words)
{
    (void) tar_write_end(&archive_sink);
    struct reply *reply = put("/target", "", archive, archive_length);
    archive_length = 0;
    assert_int_equal(reply->status, status);
    if (words != NULL)
        assert_non_null(strstr(reply->body, words));
    SHELL("test \"$(cat victim)\" = safe && test \"$(ls outside)\" = kept && test ! -e evil && test \"$(stat -c %h victim)\" = 1");
}

static void hostile_archives_reach_nothing_outside(void **state)
{
    char absolute[80];
    (void) state;
    SHELL("mkdir target outside; echo safe >victim; echo x >outside/kept; ln -s ../outside target/there");
    entry(TAR_FILE, "../evil", "", "x");
    expect(400, "'..'");
    entry(TAR_FILE, "a/b/../../../evil", "", "x");
    expect(400, "'..'");
    (void) snprintf(absolute, sizeof absolute, "%s/evil", folder);
    entry(TAR_FILE, absolute, "", "x");
    expect(400, "absolute");
    entry(TAR_FILE, "", "", "x");
    expect(400, "empty");
    entry(TAR_SYMBOLIC_LINK, "way", "../outside", "");
    entry(TAR_FILE, "way/evil", "", "x");
    expect(400, "way/evil: leads through a symbolic link");
    entry(TAR_SYMBOLIC_LINK, "up", "..", "");
    entry(TAR_FOLDER, "up/outside/evil", "", "");
    expect(400, "symbolic link");
    entry(TAR_FILE, "there/evil", "", "x"); /* a link that was there before */
    expect(400, "symbolic link");
    entry(TAR_FOLDER, "there", "", "");
    expect(409, "no folder");
    entry(TAR_SYMBOLIC_LINK, "file", "../victim", "");
    entry(TAR_FILE, "file", "", "overwritten");
    expect(204, NULL);
    SHELL("test ! -L target/file && test \"$(cat target/file)\" = overwritten");
    entry(TAR_HARD_LINK, "hard", "../victim", "");
    expect(400, "'..'");
    entry(TAR_SYMBOLIC_LINK, "way2", "..", "");
    entry(TAR_HARD_LINK, "hard", "way2/victim", "");
    expect(400, "symbolic link");
    entry(TAR_SYMBOLIC_LINK, "soft", "../victim", "");
    entry(TAR_HARD_LINK, "hard", "soft", ""); /* of the link itself */
    entry(TAR_FILE, "hard", "", "x");
    expect(204, NULL);
    entry(TAR_HARD_LINK, "hard", "nothing", "");
    expect(400, "nothing");
    SHELL("mkdir -p target/full/of");
    entry(TAR_FILE, "full", "", "x");
    expect(409, "there is a folder");
    entry(TAR_FILE, "file/below", "", "x");
    expect(409, "no folder");
    entry(TAR_SPARSE, "sparse", "", "");
    expect(400, "sparse");
    entry('V', "a label", "", "contents of a label");
    entry(TAR_FOLDER, "./", "", "");
    entry(TAR_FILE, "././/fine", "", "x");
    expect(204, NULL);
    SHELL("test -f target/fine && test ! -e 'target/a label' && test \"$(stat -c %a target)\" = 755");
}

static void broken_archives_are_a_400(void **state)
{
    (void) state;
    SHELL("mkdir target");
    entry(TAR_FILE, "file", "", "contents");
    struct reply *reply = put("/target", "", archive, archive_length); /* no end */
    assert_int_equal(reply->status, 400);
    assert_non_null(strstr(reply->body, "cut short"));
    reply = put("/target", "", archive, 515);
    assert_int_equal(reply->status, 400);
    reply = put("/target", "", archive, 100);
    assert_int_equal(reply->status, 400);
    archive[0] = 'F'; /* the sum is wrong now */
    reply = put("/target", "", archive, archive_length);
    assert_int_equal(reply->status, 400);
    assert_non_null(strstr(reply->body, "not a tar archive"));
    memset(archive, 'x', sizeof archive);
    reply = put("/target", "", archive, sizeof archive); /* answered before it has all been sent */
    assert_int_equal(reply->status, 400);
    memset(archive, 0, sizeof archive);
    reply = put("/target", "", archive, sizeof archive);
    assert_int_equal(reply->status, 204); /* an empty archive, with much padding */
    archive_length = 0;
}

static void the_file_system_may_be_full(void **state)
{
    (void) state;
    SHELL("mkdir small");
    if (folder_shell("mount -t tmpfs -o size=64k tmpfs small 2>/dev/null") != 0)
        skip();
    memset(archive, 0, sizeof archive);
    const struct tar_entry file = {.type = TAR_FILE, .name = "file", .link = "", .size = 200000};
    archive_length = 0;
    assert_int_equal(tar_write_entry(&file, &archive_sink), 0);
    struct reply *reply = put("/small", "", archive, sizeof archive);
    archive_length = 0;
    SHELL("umount small");
    assert_int_equal(reply->status, 507);
    assert_non_null(strstr(reply->body, "file: No space left"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hostile_archives_reach_nothing_outside),
        TEST(broken_archives_are_a_400),
        TEST(the_file_system_may_be_full),
    };
    return cmocka_run_group_tests_name("black box: unpacking", tests, NULL, NULL);
}
