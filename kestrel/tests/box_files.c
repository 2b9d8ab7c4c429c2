/* Files to and from a guest, seen from outside: trees there and back, archives of other programs, refusals, sizes. */
#include "folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define BIG 200000000

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
        assert_int_equal(folder_shell(script), 0);
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
    assert_int_equal(tar_write_entry(&file, &archive_sink), 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_tree_goes_there_and_back),
        TEST(archives_of_other_programs_are_unpacked),
        TEST(single_files_and_links_are_archives_too),
        TEST(bad_requests_are_told_so),
        TEST(the_fifth_transfer_is_a_503),
        TEST(a_big_file_passes_without_memory),
    };
    return cmocka_run_group_tests_name("black box: files", tests, NULL, NULL);
}
