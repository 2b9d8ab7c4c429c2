/* Files to and from a guest, seen from outside: trees there and back, archives of other programs, hostile archives, sizes. */
#include "box.h"

#include "../src/tar.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BIG 200000000
#define ARCHIVE_BYTES_MAX (256 * 1024)

static struct box *box;
static struct client *client;
static char folder[64];

static int start(void **state)
{
    (void) state;
    box = BOX(program(), run("sleep"));
    client = client_connect(box->socket);
    strcpy(folder, "/tmp/kestrel-files-XXXXXX");
    return mkdtemp(folder) == NULL;
}

/* Runs a shell script in the test's folder; its exit code. */
static int shell(const char *script)
{
    char command[4096];
    int length = snprintf(command, sizeof command, "cd '%s' && (%s\n)", folder, script);
    assert_true(length < (int) sizeof command);
    return system(command);
}

#define SHELL(script) assert_int_equal(shell("set -e; " script), 0)

static int stop(void **state)
{
    char command[256];
    (void) state;
    client_close(client);
    box_stop(box);
    (void) snprintf(command, sizeof command, "umount '%s/small' 2>/dev/null; rm -rf '%s'", folder, folder);
    return system(command);
}

static char *query_of(const char *name, const char *more)
{
    static char paths[4][512];
    static int next;
    char *path = paths[next++ % 4];
    (void) snprintf(path, sizeof paths[0], "/v1/files?path=%s%s%s", folder, name, more);
    return path;
}

static struct reply *get(const char *name, const char *more)
{
    struct reply *reply = client_request(client, "GET", query_of(name, more));
    assert_true(client_until_ended(client, reply));
    return reply;
}

static struct reply *put(const char *name, const char *more, const void *bytes, size_t length)
{
    struct reply *reply = client_put(client, query_of(name, more), bytes, length, false);
    assert_true(client_until_ended(client, reply));
    return reply;
}

static void save(const struct reply *reply, const char *name)
{
    char path[128];
    (void) snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(reply->body, 1, reply->length, file), reply->length);
    assert_int_equal(fclose(file), 0);
}

static const uint8_t *load(const char *name, size_t *ret_length)
{
    static uint8_t bytes[4 * 1024 * 1024];
    char path[128];
    (void) snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    *ret_length = fread(bytes, 1, sizeof bytes, file);
    (void) fclose(file);
    return bytes;
}

#define LONG_PART "a-part-of-a-name-that-is-long-enough-to-make-three-of-them-too-long-for-any-field-of-a-header-block"

static void make_tree(void)
{
    SHELL("mkdir -p tree/empty tree/deep/er/" LONG_PART "/" LONG_PART "/" LONG_PART);
    SHELL("cd tree; echo one >one; chmod 4751 one; chown 12:34 one; : >nothing; ln one deep/two; ln -s one link; ln -s /no/such dangling;"
          "ln -s " LONG_PART LONG_PART " long-link; chown -h 5:6 link; mkfifo fifo; mknod null c 1 3; chmod 604 null;"
          "head -c 700000 /dev/urandom >large; echo x >'a b'; echo y >deep/er/" LONG_PART "/" LONG_PART "/" LONG_PART "/file;"
          "ln deep/er/" LONG_PART "/" LONG_PART "/" LONG_PART "/file long-two; chown 3000000:4000000 large; chmod 1777 empty; chmod 700 deep");
    SHELL("find tree -exec touch -h -d 2001-02-03T04:05:06Z {} +; touch -h -d 1950-01-01T00:00:00Z tree/nothing");
}

#define LIST(name) \
    "cd " name " && find . -type d -printf '%p %m %U %G %T@\\n' -o -printf '%p %y %m %U %G %s %T@ %l %n\\n' | sort; " \
    "find . -type f -exec md5sum {} + | sort; find . -type c -exec stat -c '%n %t %T' {} +"

#define SAME(left, right) SHELL("(" LIST(left) ") >left.list; (" LIST(right) ") >right.list; diff left.list right.list >&2")

static void a_tree_goes_there_and_back(void **state)
{
    (void) state;
    make_tree();
    struct reply *down = get("/tree", "");
    assert_int_equal(down->status, 200);
    assert_false(down->was_reset);
    assert_int_equal(down->length % 512, 0);
    assert_string_equal(down->body, "tree/");
    struct reply *up = put("/back", "&mkdir=1", down->body, down->length);
    assert_int_equal(up->status, 204);
    assert_int_equal(up->received, 0);
    SAME("tree", "back/tree");
    up = put("/back", "", down->body, down->length); /* on top of itself */
    assert_int_equal(up->status, 204);
    SAME("tree", "back/tree");
    save(down, "tree.tar");
    SHELL("mkdir other && tar --numeric-owner -xpf tree.tar -C other");
    SAME("tree", "other/tree");
}

static void archives_of_other_programs_are_unpacked(void **state)
{
    static const char *const formats[] = {"gnu", "pax", "ustar"};
    (void) state;
    make_tree();
    SHELL("rm -r tree/deep/er tree/long-two; chown 5:6 tree/large; touch -d 2001-01-01T01:01:01Z tree/nothing tree/deep tree");
    for (size_t i = 0; i < 3; i++) {
        char script[256];
        size_t length = 0;
        if (i == 2)
            SHELL("rm tree/long-link; touch -d 2001-01-01T01:01:01Z tree"); /* more than it can say */
        (void) snprintf(script, sizeof script, "rm -rf new; mkdir new; tar -cf it.tar --format=%s ./tree", formats[i]);
        assert_int_equal(shell(script), 0);
        const uint8_t *bytes = load("it.tar", &length);
        struct reply *reply = put("/new", "", bytes, length);
        assert_int_equal(reply->status, 204);
        SAME("tree", "new/tree");
    }
}

static void single_files_and_links_are_archives_too(void **state)
{
    (void) state;
    SHELL("echo hello >'a file'; ln -s 'a file' link; mkdir place");
    struct reply *reply = get("/a%20file", "");
    assert_int_equal(reply->status, 200);
    assert_int_equal(reply->length, 2048);
    assert_string_equal(reply->body, "a file");
    assert_string_equal(reply->body + 512, "hello\n");
    reply = get("/link", "");
    assert_int_equal(reply->body[156], '2');
    assert_string_equal(reply->body + 157, "a file");
    reply = get("/link", "&follow=1");
    assert_string_equal(reply->body, "link");
    assert_string_equal(reply->body + 512, "hello\n");
    reply = get("/place/", "");
    assert_string_equal(reply->body, "place/");
    reply = client_request(client, "GET", "/v1/files?path=/proc/version");
    assert_true(client_until_ended(client, reply));
    assert_memory_equal(reply->body + 512, "Linux", 5);
    SHELL("touch -d @99999999999 place; chmod 0 'a file'");
    assert_int_equal(get("/place", "")->status, 200);
    assert_int_equal(get("/a%20file", "")->status, 200);
}

static void bad_requests_are_told_so(void **state)
{
    static const struct {
        const char *method;
        const char *path;
        int status;
    } cases[] = {
        {"GET", "/v1/files", 400},
        {"GET", "/v1/files?path=", 400},
        {"GET", "/v1/files?path=etc", 400},
        {"GET", "/v1/files?path=/etc/../etc", 400},
        {"GET", "/v1/files?path=/etc/.", 400},
        {"GET", "/v1/files?path=/%2E%2e/etc", 400},
        {"GET", "/v1/files?path=/a%00b", 400},
        {"GET", "/v1/files?path=/a%0", 400},
        {"GET", "/v1/files?path=/a%zz", 400},
        {"GET", "/v1/files?path=/etc&path=/etc", 400},
        {"GET", "/v1/files?path=/no/such/file", 404},
        {"GET", "/v1/files?path=/etc/passwd/x", 404},
        {"PUT", "/v1/files?path=/no/such/folder", 404},
        {"PUT", "/v1/files?path=/etc/passwd", 409},
        {"PUT", "/v1/files?path=/etc/passwd/x&mkdir=1", 409},
        {"PUT", "/v1/files?path=/tmp", 400}, /* an empty body */
        {"POST", "/v1/files?path=/tmp", 405},
    };
    (void) state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reply *reply = client_request(client, cases[i].method, cases[i].path);
        assert_true(client_until_ended(client, reply));
        assert_int_equal(reply->status, cases[i].status);
        if (reply->status != 405)
            assert_int_equal(reply->body[reply->length - 1], '\n');
    }
    char path[1200] = "/v1/files?path=/";
    memset(path + strlen(path), 'x', 1100);
    struct reply *reply = client_request(client, "GET", path);
    assert_true(client_until_ended(client, reply));
    assert_int_equal(reply->status, 400);
}

/* An archive under construction. */
static uint8_t archive[ARCHIVE_BYTES_MAX];
static size_t archive_length;

static int append(void *context, const void *bytes, size_t length)
{
    (void) context;
    assert_true(length <= sizeof archive - archive_length);
    memcpy(archive + archive_length, bytes, length);
    archive_length += length;
    return 0;
}

static const struct tar_sink sink = {.write = append};

static void entry(char type, const char *name, const char *link, const char *contents)
{
    const struct tar_entry entry = {.type = type, .mode = 0644, .name = name, .link = link, .size = strlen(contents)};
    assert_int_equal(tar_write_entry(&entry, &sink), 0);
    (void) append(NULL, contents, strlen(contents));
    (void) tar_write_padding(strlen(contents), &sink);
}

static void expect(int status, const char *words)
{
    (void) tar_write_end(&sink);
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
    if (shell("mount -t tmpfs -o size=64k tmpfs small 2>/dev/null") != 0)
        skip();
    memset(archive, 0, sizeof archive);
    const struct tar_entry file = {.type = TAR_FILE, .name = "file", .link = "", .size = 200000};
    archive_length = 0;
    assert_int_equal(tar_write_entry(&file, &sink), 0);
    struct reply *reply = put("/small", "", archive, sizeof archive);
    archive_length = 0;
    SHELL("umount small");
    assert_int_equal(reply->status, 507);
    assert_non_null(strstr(reply->body, "file: No space left"));
}

static bool has_begun(const struct reply *reply)
{
    return reply->received > 0;
}

static void the_fifth_transfer_is_a_503(void **state)
{
    struct reply *replies[4];
    (void) state;
    SHELL("mkdir target; truncate -s 50M large");
    memset(archive, 0, sizeof archive);
    for (int i = 0; i < 4; i++) {
        if (i % 2 == 0)
            replies[i] = client_request(client, "GET", query_of("/large", ""));
        else
            replies[i] = client_put(client, query_of("/target", ""), archive, 0, true);
        replies[i]->has_held = true;
        replies[i]->drain = true;
        if (i % 2 == 0)
            assert_true(client_run(client, has_begun, replies[i], 10000));
    }
    assert_int_equal(get("/large", "")->status, 503);
    long before_ms = box_cpu_ms(box);
    client_until_quiet(client, 300);
    assert_true(box_cpu_ms(box) - before_ms < 100); /* the host does not read: everything waits */
    client_reset(client, replies[0]);
    client_reset(client, replies[1]);
    client_until_quiet(client, 50);
    assert_int_equal(put("/target", "", archive, 1024)->status, 204);
    assert_int_equal(get("/target", "")->status, 200);
    client_close(client); /* takes the other two with it */
    client = client_connect(box->socket);
    for (int i = 0; i < 4; i++) {
        replies[i] = client_request(client, "GET", query_of("/large", ""));
        replies[i]->drain = true;
    }
    for (int i = 0; i < 4; i++) {
        assert_true(client_until_ended(client, replies[i]));
        assert_int_equal(replies[i]->status, 200);
        assert_in_range(replies[i]->received, 50 * 1024 * 1024, 51 * 1024 * 1024);
    }
    char command[96];
    (void) snprintf(command, sizeof command, "test -z \"$(pgrep -P %d -x kestrel)\"", (int) box->pid);
    SHELL("sleep 0.2");
    assert_int_equal(system(command), 0); /* no child is left */
}

static void a_big_file_passes_without_memory(void **state)
{
    const struct tar_entry file = {.type = TAR_FILE, .mode = 0644, .name = "big", .link = "", .size = BIG};
    (void) state;
    SHELL("truncate -s 200000000 big; mkdir target");
    assert_int_equal(get("/target", "")->status, 200);
    long before_kib = box_memory_kib(box, "VmHWM");
    struct reply *down = client_request(client, "GET", query_of("/big", ""));
    down->drain = true;
    assert_true(client_until_ended(client, down));
    assert_false(down->was_reset);
    assert_int_equal(down->received, 512 + BIG + tar_padding(BIG) + 1024);
    archive_length = 0;
    assert_int_equal(tar_write_entry(&file, &sink), 0);
    size_t length = 512 + BIG + tar_padding(BIG) + 1024;
    uint8_t *bytes = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(bytes != MAP_FAILED);
    memcpy(bytes, archive, 512);
    archive_length = 0;
    struct reply *up = put("/target", "", bytes, length);
    assert_int_equal(up->status, 204);
    (void) munmap(bytes, length);
    SHELL("test $(stat -c %s target/big) = 200000000");
    if (getenv("SANITIZED") == NULL)
        assert_true(box_memory_kib(box, "VmHWM") - before_kib < 600); /* a slow disk: the upload's window waits in between */
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_tree_goes_there_and_back),
        TEST(archives_of_other_programs_are_unpacked),
        TEST(single_files_and_links_are_archives_too),
        TEST(bad_requests_are_told_so),
        TEST(hostile_archives_reach_nothing_outside),
        TEST(broken_archives_are_a_400),
        TEST(the_file_system_may_be_full),
        TEST(the_fifth_transfer_is_a_503),
        TEST(a_big_file_passes_without_memory),
    };
    return cmocka_run_group_tests_name("black box: files", tests, NULL, NULL);
}
