/* Archives: headers there and back, numbers of all sizes, long names, PAX, names that lead astray; and what waits for a pipe. */
#include "../src/backlog.h"
#include "../src/files.h"
#include "../src/links.h"
#include "../src/tar_reader.h"

#include "check.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static uint8_t bytes[64 * 1024];
static size_t length;
static size_t taken;
static struct tar_reader reader;
static struct tar_entry entry;

static int append(void *context, const void *more, size_t size)
{
    (void) context;
    assert_true(size <= sizeof bytes - length);
    memcpy(bytes + length, more, size);
    length += size;
    return 0;
}

static const struct tar_sink sink = {.write = append};

/* In odd pieces, as a pipe might. */
static ssize_t take(void *context, void *place, size_t size)
{
    size_t part = size < 77 ? size : 77;
    (void) context;
    part = part < length - taken ? part : length - taken;
    memcpy(place, bytes + taken, part);
    taken += part;
    return (ssize_t) part;
}

static const struct tar_source source = {.read = take};

static void clear(void)
{
    length = 0;
    taken = 0;
    tar_reader_init(&reader, &source);
}

/* Writes the entry and reads it again. */
static void there_and_back(const struct tar_entry *in)
{
    clear();
    assert_int_equal(tar_write_entry(in, &sink), 0);
    assert_int_equal(length % TAR_BLOCK_BYTES, 0);
    assert_int_equal(tar_reader_next(&reader, &entry), 1);
    assert_int_equal(entry.type, in->type);
    assert_int_equal(entry.mode, in->mode);
    assert_int_equal(entry.user, in->user);
    assert_int_equal(entry.group, in->group);
    assert_int_equal(entry.size, in->size);
    assert_int_equal(entry.modified_s, in->modified_s);
    assert_string_equal(entry.name, in->name);
    assert_string_equal(entry.link, in->link);
    if (in->type == TAR_BLOCK_DEVICE) {
        assert_int_equal(entry.major, in->major);
        assert_int_equal(entry.minor, in->minor);
    }
}

static void entries_survive_the_journey(void **state)
{
    static const uint32_t ids[] = {0, 1000, 07777777, 010000000, TAR_ID_MAX};
    static const uint64_t sizes[] = {0, 1, 077777777777, 0100000000000, INT64_MAX};
    static const int64_t times[] = {0, 1700000000, 077777777777, 0100000000000, -1, -631152000, INT64_MAX, INT64_MIN};
    (void) state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        there_and_back(&(struct tar_entry){.type = TAR_FILE, .mode = 07777, .user = ids[i], .group = ids[i], .name = "a", .link = ""});
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        there_and_back(&(struct tar_entry){.type = TAR_FILE, .size = sizes[i], .name = "a", .link = ""});
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        there_and_back(&(struct tar_entry){.type = TAR_FOLDER, .modified_s = times[i], .name = "a/", .link = ""});
    there_and_back(&(struct tar_entry){.type = TAR_BLOCK_DEVICE, .major = 4095, .minor = 1048575, .name = "a", .link = ""});
    there_and_back(&(struct tar_entry){.type = TAR_BLOCK_DEVICE, .major = 010000000, .minor = UINT32_MAX, .name = "a", .link = ""});
    there_and_back(&(struct tar_entry){.type = TAR_FIFO, .name = "a", .link = ""});
}

static void names_of_any_length_survive(void **state)
{
    static const size_t lengths[] = {1, 99, 100, 101, 155, 256, 511, 512, 513, TAR_NAME_BYTES_MAX};
    static char name[TAR_NAME_BYTES_MAX + 1];
    (void) state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        memset(name, 'n', lengths[i]);
        name[lengths[i]] = '\0';
        there_and_back(&(struct tar_entry){.type = TAR_SYMBOLIC_LINK, .name = name, .link = name});
        there_and_back(&(struct tar_entry){.type = TAR_HARD_LINK, .name = "short", .link = name});
    }
    /* The long name of one entry is not the next one's. */
    there_and_back(&(struct tar_entry){.type = TAR_SYMBOLIC_LINK, .name = name, .link = name});
    assert_int_equal(tar_write_entry(&(struct tar_entry){.type = TAR_FILE, .name = "b", .link = ""}, &sink), 0);
    assert_int_equal(tar_write_end(&sink), 0);
    assert_int_equal(tar_reader_next(&reader, &entry), 1);
    assert_string_equal(entry.name, "b");
    assert_string_equal(entry.link, "");
    assert_int_equal(tar_reader_next(&reader, &entry), 0);
}

static void contents_are_read_or_skipped(void **state)
{
    char contents[4000];
    (void) state;
    clear();
    for (int i = 0; i < 2; i++) {
        memset(contents, 'c', 1000);
        assert_int_equal(tar_write_entry(&(struct tar_entry){.type = TAR_FILE, .size = 1000, .name = "a", .link = ""}, &sink), 0);
        (void) append(NULL, contents, 1000);
        assert_int_equal(tar_write_padding(1000, &sink), 0);
    }
    (void) tar_write_end(&sink);
    assert_int_equal(tar_reader_next(&reader, &entry), 1);
    assert_int_equal(tar_reader_contents(&reader, contents, 10), 10);
    assert_int_equal(tar_reader_next(&reader, &entry), 1);
    size_t total = 0;
    for (ssize_t part = 1; part > 0; total += (size_t) part)
        part = tar_reader_contents(&reader, contents, sizeof contents);
    assert_int_equal(total, 1000);
    assert_int_equal(tar_reader_next(&reader, &entry), 0);
}

static void a_cut_is_seen_anywhere(void **state)
{
    (void) state;
    clear();
    assert_int_equal(tar_write_entry(&(struct tar_entry){.type = TAR_FILE, .size = 5, .name = "a", .link = ""}, &sink), 0);
    (void) append(NULL, "12345", 5);
    (void) tar_write_padding(5, &sink);
    for (; length > 0; length--) {
        taken = 0;
        tar_reader_init(&reader, &source);
        int result = tar_reader_next(&reader, &entry);
        assert_int_equal(result, length >= 512 ? 1 : -EBADMSG);
        if (result == 1)
            assert_int_equal(tar_reader_next(&reader, &entry), -EBADMSG);
        assert_string_equal(reader.rule, "the archive is cut short");
    }
}

/* Puts a PAX header in front of a plain file. */
static int with_pax(const char *records, size_t size)
{
    clear();
    (void) tar_write_entry(&(struct tar_entry){.type = TAR_PAX, .size = size, .name = "pax", .link = ""}, &sink);
    (void) append(NULL, records, size);
    (void) tar_write_padding(size, &sink);
    (void) tar_write_entry(&(struct tar_entry){.type = TAR_FILE, .user = 1, .size = 0, .name = "plain", .link = ""}, &sink);
    return tar_reader_next(&reader, &entry);
}

#define PAX(literal) with_pax(literal, sizeof literal - 1)

static void pax_headers_have_their_way(void **state)
{
    (void) state;
    assert_int_equal(PAX("16 path=a/b/c/d\n21 size=123456789012\n18 uid=4000000000\n9 gid=10\n"), 1);
    assert_string_equal(entry.name, "a/b/c/d");
    assert_int_equal(entry.size, 123456789012);
    assert_int_equal(entry.user, 4000000000);
    assert_int_equal(entry.group, 10);
    assert_int_equal(PAX("20 mtime=12.5000001\n12 comment=\n"), 1);
    assert_int_equal(entry.modified_s, 12);
    assert_int_equal(entry.modified_ns, 500000100);
    assert_int_equal(PAX("16 mtime=-12.25\n"), 1);
    assert_int_equal(entry.modified_s, -13);
    assert_int_equal(entry.modified_ns, 750000000);
    assert_int_equal(PAX("10 mtime=\n8 path=\n7 uid=\n"), 1);
    assert_string_equal(entry.name, "plain");
    assert_int_equal(entry.user, 1);
    assert_int_equal(PAX(""), 1);
}

static void bad_pax_headers_are_refused(void **state)
{
    (void) state;
    assert_int_equal(PAX("8 path=a\n"), -EBADMSG);
    assert_int_equal(PAX("99 path=abc\n"), -EBADMSG);
    assert_int_equal(PAX("0 path=abc\n"), -EBADMSG);
    assert_int_equal(PAX("2 \n"), -EBADMSG);
    assert_int_equal(PAX("x"), -EBADMSG);
    assert_int_equal(PAX("99999999999999999999999 path=abc\n"), -EBADMSG);
    assert_int_equal(PAX("12 path=a\0b\n"), -EBADMSG);
    assert_int_equal(PAX("9 size=x\n"), -EBADMSG);
    assert_int_equal(PAX("12 size=-10\n"), -EBADMSG);
    assert_int_equal(PAX("28 size=9999999999999999999\n"), -EBADMSG);
    assert_int_equal(PAX("18 uid=4294967295\n"), -EBADMSG);
    assert_int_equal(PAX("12 mtime=1x\n"), -EBADMSG);
    assert_int_equal(PAX("22 GNU.sparse.major=1\n"), -EBADMSG);
    assert_string_equal(reader.rule, "sparse files are not supported");
}

static void other_forms_are_understood(void **state)
{
    struct tar_header header;
    (void) state;
    clear();
    (void) tar_write_entry(&(struct tar_entry){.type = TAR_FILE, .mode = 0644, .size = 7, .name = "name", .link = ""}, &sink);
    memcpy(bytes + 257, "ustar\00000", 8);
    memcpy(bytes + 345, "a/prefix", 8);
    memcpy(bytes + 124, "     000010 ", 12); /* blanks before and behind */
    unsigned sum = 8 * ' ';
    for (size_t i = 0; i < 512; i++)
        sum += i >= 148 && i < 156 ? 0 : bytes[i];
    for (int i = 0; i < 6; i++)
        bytes[148 + i] = (uint8_t) ('0' + (sum >> (15 - 3 * i) & 7));
    assert_int_equal(tar_header_read(bytes, &header), 0);
    assert_string_equal(header.name, "a/prefix/name");
    assert_int_equal(header.entry.size, 8);
    bytes[0]++;
    assert_int_equal(tar_header_read(bytes, &header), -EBADMSG);
    memset(bytes, 0, 512);
    assert_int_equal(tar_header_read(bytes, &header), -ENODATA);
}

static void names_are_cleaned_or_refused(void **state)
{
    static char name[TAR_NAME_BYTES_MAX + 1];
    static char longest[TAR_NAME_BYTES_MAX + 2];
    (void) state;
    assert_null(tar_clean_name("./a//b/./c/", name));
    assert_string_equal(name, "a/b/c");
    assert_null(tar_clean_name("./", name));
    assert_string_equal(name, "");
    assert_null(tar_clean_name("...", name));
    assert_string_equal(name, "...");
    assert_null(tar_clean_name("..a/.b", name));
    assert_non_null(tar_clean_name("", name));
    assert_non_null(tar_clean_name("/", name));
    assert_non_null(tar_clean_name("..", name));
    assert_non_null(tar_clean_name("a/..", name));
    assert_non_null(tar_clean_name("a/../b", name));
    memset(longest, 'a', TAR_NAME_BYTES_MAX - 1);
    assert_null(tar_clean_name(longest, name));
    assert_string_equal(name, longest);
}

static void paths_of_requests_are_checked(void **state)
{
    (void) state;
    assert_true(files_path_is_good("/"));
    assert_true(files_path_is_good("//a//..b/c./"));
    assert_false(files_path_is_good(""));
    assert_false(files_path_is_good("a"));
    assert_false(files_path_is_good("/a/.."));
    assert_false(files_path_is_good("/./a"));
}

static void hard_links_are_remembered(void **state)
{
    static struct links links;
    char name[16] = "name";
    (void) state;
    links_init(&links);
    assert_null(links_find(&links, 1, 2, "first"));
    assert_string_equal(links_find(&links, 1, 2, "second"), "first");
    assert_null(links_find(&links, 2, 2, "other"));
    for (ino_t inode = 10; inode < 10 + 2 * LINKS_MAX; inode++)
        assert_null(links_find(&links, 3, inode, name)); /* full at some time: then they are files */
    assert_string_equal(links_find(&links, 3, 10, "again"), "name");
}

static void a_backlog_keeps_what_a_pipe_does_not_take(void **state)
{
    static uint8_t memory[SESSION_STREAM_WINDOW_BYTES] __attribute__((aligned(4096)));
    static uint8_t sent[SESSION_STREAM_WINDOW_BYTES];
    static uint8_t got[65536];
    struct backlog backlog = {.bytes = memory};
    int ends[2];
    size_t out = 0;
    (void) state;
    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (uint8_t) (i * 7 + i / 251);
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    for (int round = 0; round < 3; round++) { /* the ring wraps */
        ssize_t written = backlog_write(&backlog, ends[1], sent, sizeof sent);
        assert_true(written >= 4096);
        assert_int_equal(backlog.length, sizeof sent - (size_t) written);
        assert_int_equal(backlog_write(&backlog, ends[1], sent, sizeof sent), -ENOBUFS);
        for (out = 0; out < sizeof sent;) {
            ssize_t part = read(ends[0], got, 5000);
            if (part > 0)
                assert_memory_equal(got, sent + out, (size_t) part);
            out += part > 0 ? (size_t) part : 0;
            assert_true(backlog_flush(&backlog, ends[1]) >= 0);
        }
        assert_int_equal(backlog.length, 0);
    }
    backlog_clear(&backlog);
    (void) close(ends[0]);
    (void) close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_survive_the_journey),
        cmocka_unit_test(names_of_any_length_survive),
        cmocka_unit_test(contents_are_read_or_skipped),
        cmocka_unit_test(a_cut_is_seen_anywhere),
        cmocka_unit_test(pax_headers_have_their_way),
        cmocka_unit_test(bad_pax_headers_are_refused),
        cmocka_unit_test(other_forms_are_understood),
        cmocka_unit_test(names_are_cleaned_or_refused),
        cmocka_unit_test(paths_of_requests_are_checked),
        cmocka_unit_test(hard_links_are_remembered),
        cmocka_unit_test(a_backlog_keeps_what_a_pipe_does_not_take),
    };
    return cmocka_run_group_tests_name("archives", tests, NULL, NULL);
}
