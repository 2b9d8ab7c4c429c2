/* What the host says to commands, and the queries of requests: frames in any pieces, records, escapes. */
#include "../src/exec_frame.h"
#include "../src/exec_start.h"
#include "../src/query.h"

#include "check.h"

#include <string.h>

static struct exec_frames frames;
static struct exec_piece piece;

static size_t next(const char *bytes, size_t length)
{
    return exec_frames_next(&frames, (const uint8_t *) bytes, length, &piece);
}

#define NEXT(literal) next(literal, sizeof literal - 1)

static void begin(void)
{
    frames = (struct exec_frames){0};
    assert_int_equal(NEXT("\x01\0\0\0\1s"), 6);
    assert_int_equal(piece.type, EXEC_FRAME_START);
}

static void payloads_are_passed_on_piece_by_piece(void **state)
{
    (void) state;
    begin();
    assert_true(piece.is_last);
    assert_int_equal(NEXT("\x02\0\0"), 3);
    assert_int_equal(piece.type, EXEC_FRAME_NONE);
    assert_true(exec_frames_is_inside(&frames));
    assert_int_equal(NEXT("\0\5"), 2);
    assert_int_equal(piece.type, EXEC_FRAME_NONE);
    assert_int_equal(NEXT("ab"), 2);
    assert_int_equal(piece.type, EXEC_FRAME_STDIN);
    assert_int_equal(piece.length, 2);
    assert_false(piece.is_last);
    assert_int_equal(NEXT("cde\x03"), 3);
    assert_int_equal(piece.length, 3);
    assert_true(piece.is_last);
    assert_false(exec_frames_is_inside(&frames));
    assert_int_equal(NEXT("\x02\0\0\0\0\x03"), 5); /* an empty one is complete with its header */
    assert_int_equal(piece.type, EXEC_FRAME_STDIN);
    assert_int_equal(piece.length, 0);
}

static void small_frames_come_whole(void **state)
{
    uint16_t rows = 0;
    uint16_t columns = 0;
    (void) state;
    begin();
    assert_int_equal(NEXT("\x04\0\0\0\4\1"), 6);
    assert_int_equal(NEXT("\2\3"), 2);
    assert_int_equal(piece.type, EXEC_FRAME_NONE);
    assert_int_equal(NEXT("\4\x05\0\0\0\1\x0f"), 1);
    assert_int_equal(piece.type, EXEC_FRAME_RESIZE);
    exec_frame_read_size(piece.bytes, &rows, &columns);
    assert_int_equal(rows, 0x0102);
    assert_int_equal(columns, 0x0304);
    assert_int_equal(NEXT("\x05\0\0\0\1\x0f"), 6);
    assert_int_equal(piece.type, EXEC_FRAME_SIGNAL);
    assert_int_equal(piece.bytes[0], 15);
    assert_int_equal(NEXT("\x03\0\0\0\0"), 5);
    assert_int_equal(piece.type, EXEC_FRAME_STDIN_END);
    assert_true(piece.is_last);
}

static const char *fault_of(const char *bytes, size_t length, bool has_begun)
{
    size_t at = 0;
    frames = (struct exec_frames){0};
    if (has_begun)
        begin();
    while (at < length && frames.fault == NULL)
        at += next(bytes + at, length - at);
    if (frames.fault != NULL) {
        assert_int_equal(NEXT("\x02\0\0\0\0"), 0); /* nothing more */
        assert_int_equal(piece.type, EXEC_FRAME_NONE);
    }
    return frames.fault;
}

#define FAULT(has_begun, literal) fault_of(literal, sizeof literal - 1, has_begun)

static void broken_rules_are_named(void **state)
{
    (void) state;
    assert_string_equal(FAULT(false, "\x02\0\0\0\0"), "the first frame must be 'start'");
    assert_string_equal(FAULT(false, "\x01\0\0\0\0"), "'start' is empty");
    assert_string_equal(FAULT(false, "\x01\0\1\0\1"), "a frame has more than 65536 bytes");
    assert_null(FAULT(false, "\x01\0\1\0\0"));
    assert_string_equal(FAULT(true, "\x01\0\0\0\1"), "'start' may come only once");
    assert_string_equal(FAULT(true, "\x00\0\0\0\1"), "a frame has an unknown type");
    assert_string_equal(FAULT(true, "\x06\0\0\0\1"), "a frame has an unknown type");
    assert_string_equal(FAULT(true, "\x12\0\0\0\1"), "a frame has an unknown type");
    assert_string_equal(FAULT(true, "\x03\0\0\0\1"), "'stdin_end' must be empty");
    assert_string_equal(FAULT(true, "\x03\0\0\0\0\x02\0\0\0\0"), "'stdin' after 'stdin_end'");
    assert_string_equal(FAULT(true, "\x04\0\0\0\3"), "'resize' must have 4 bytes");
    assert_string_equal(FAULT(true, "\x04\0\0\0\4\0\0\0\1"), "'resize' must be from 1 to 65535");
    assert_string_equal(FAULT(true, "\x05\0\0\0\0"), "'signal' must have 1 byte");
    assert_string_equal(FAULT(true, "\x05\0\0\0\1\0"), "'signal' must be from 1 to 64");
    assert_string_equal(FAULT(true, "\x05\0\0\0\1\x41"), "'signal' must be from 1 to 64");
    assert_null(FAULT(true, "\x05\0\0\0\1\x40\x03\0\0\0\0\x05\0\0\0\1\x01"));
}

static struct exec_start start;

static const char *parse(const char *bytes, size_t length)
{
    const char *rule = NULL;
    int result = exec_start_parse(bytes, length, &start, &rule);
    assert_int_equal(result, rule == NULL ? 0 : -EINVAL);
    return rule;
}

#define PARSE(literal) parse(literal, sizeof literal) /* with the literal's own NUL */

static void records_become_a_command(void **state)
{
    (void) state;
    assert_null(PARSE("arg=ls\0arg=\0env=A=b=c\0workdir=/tmp\0user=www:9\0pty=1\0rows=1\0columns=65535\0term=xterm-256color\0new=x"));
    assert_int_equal(start.argument_count, 2);
    assert_string_equal(start.arguments[0], "ls");
    assert_string_equal(start.arguments[1], "");
    assert_null(start.arguments[2]);
    assert_string_equal(start.environment[0], "A=b=c");
    assert_string_equal(start.workdir, "/tmp");
    assert_string_equal(start.user, "www:9");
    assert_true(start.has_terminal);
    assert_int_equal(start.rows, 1);
    assert_int_equal(start.columns, 65535);
    assert_string_equal(start.term, "TERM=xterm-256color");
    assert_null(PARSE("arg=x"));
    assert_false(start.has_terminal);
    assert_int_equal(start.rows, 24);
    assert_int_equal(start.columns, 80);
    assert_string_equal(start.term, "TERM=xterm");
    assert_null(start.user);
}

static void bad_records_are_refused(void **state)
{
    (void) state;
    assert_non_null(parse("", 0));
    assert_non_null(parse("arg=x", 5));
    assert_non_null(PARSE(""));
    assert_non_null(PARSE("env=A=b"));
    assert_non_null(PARSE("arg="));
    assert_non_null(PARSE("arg=x\0=y"));
    assert_non_null(PARSE("arg=x\0env=A"));
    assert_non_null(PARSE("arg=x\0env==A"));
    assert_non_null(PARSE("arg=x\0workdir=tmp"));
    assert_non_null(PARSE("arg=x\0workdir=/a\0workdir=/a"));
    assert_non_null(PARSE("arg=x\0user="));
    assert_non_null(PARSE("arg=x\0pty=0"));
    assert_non_null(PARSE("arg=x\0rows=0"));
    assert_non_null(PARSE("arg=x\0rows=65536"));
    assert_non_null(PARSE("arg=x\0rows=1\0rows=1"));
    assert_non_null(PARSE("arg=x\0term="));
    assert_non_null(PARSE("arg=x\0term=a b"));
    assert_int_equal(start.argument_count, 0); /* nothing of it is left */
}

static void too_many_words_are_refused(void **state)
{
    static char bytes[20000];
    size_t length = 0;
    (void) state;
    for (int i = 0; i < 256; i++, length += 6)
        memcpy(bytes + length, "arg=x", 6);
    for (int i = 0; i < 256; i++, length += 8)
        memcpy(bytes + length, "env=A=b", 8);
    assert_null(parse(bytes, length));
    assert_int_equal(start.environment_count, 256);
    memcpy(bytes + length, "arg=x", 6);
    assert_non_null(parse(bytes, length + 6));
    memcpy(bytes + length, "env=A=b", 8);
    assert_non_null(parse(bytes, length + 8));
}

static void the_workloads_environment_is_inherited(void **state)
{
    static struct boot_document document = {
        .environment = {"PATH=/bin", "A=theirs", "AB=theirs", "TERM=linux"}, .environment_count = 4, .workdir = "/srv"};
    (void) state;
    assert_null(PARSE("arg=x\0env=A=mine"));
    exec_start_inherit(&start, &document);
    assert_int_equal(start.environment_count, 4);
    assert_string_equal(start.environment[0], "A=mine");
    assert_string_equal(start.environment[1], "PATH=/bin");
    assert_string_equal(start.environment[2], "AB=theirs");
    assert_string_equal(start.environment[3], "TERM=linux");
    assert_null(start.environment[4]);
    assert_string_equal(start.workdir, "/srv");
    assert_null(PARSE("arg=x\0pty=1\0workdir=/"));
    exec_start_inherit(&start, &document);
    assert_string_equal(start.environment[0], "TERM=xterm");
    assert_int_equal(start.environment_count, 4);
    assert_string_equal(start.workdir, "/");
    for (size_t i = 0; i < BOOT_ENVIRONMENT_MAX + BOOT_ENVIRONMENT_DEFAULTS; i++)
        document.environment[i] = "X=y";
    document.environment_count = BOOT_ENVIRONMENT_MAX + BOOT_ENVIRONMENT_DEFAULTS;
    assert_null(PARSE("arg=x\0pty=1"));
    exec_start_inherit(&start, &document);
    assert_null(start.environment[start.environment_count]);
}

static char value[8];

static int query(const char *text, const char *key)
{
    return query_value(text, key, value, sizeof value);
}

static void values_are_found_and_decoded(void **state)
{
    (void) state;
    assert_int_equal(query("?path=/a", "path"), 0);
    assert_string_equal(value, "/a");
    assert_int_equal(query("?a=1&path=%2fx%20%C3%A9", "path"), 0);
    assert_string_equal(value, "/x \xC3\xA9");
    assert_int_equal(query("?path=a+b=c", "path"), 0);
    assert_string_equal(value, "a+b=c");
    assert_int_equal(query("?path=", "path"), 0);
    assert_string_equal(value, "");
    assert_int_equal(query("?path=1234567", "path"), 0);
    assert_true(query_flag("?a=2&b=1", "b"));
    assert_false(query_flag("?a=2&b=1", "a"));
    assert_false(query_flag("?a=2&b=1", "c"));
}

static void bad_values_are_refused(void **state)
{
    (void) state;
    assert_int_equal(query("", "path"), -ENOENT);
    assert_int_equal(query("?", "path"), -ENOENT);
    assert_int_equal(query("?path", "path"), -ENOENT);
    assert_int_equal(query("?pathx=1&xpath=2", "path"), -ENOENT);
    assert_int_equal(query("?path=a&path=a", "path"), -EINVAL);
    assert_int_equal(query("?path=12345678", "path"), -EINVAL);
    assert_int_equal(query("?path=%00", "path"), -EINVAL);
    assert_int_equal(query("?path=%", "path"), -EINVAL);
    assert_int_equal(query("?path=%4", "path"), -EINVAL);
    assert_int_equal(query("?path=%4&a=1", "path"), -EINVAL);
    assert_int_equal(query("?path=%g1", "path"), -EINVAL);
    assert_int_equal(query("?path=%1 ", "path"), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payloads_are_passed_on_piece_by_piece),
        cmocka_unit_test(small_frames_come_whole),
        cmocka_unit_test(broken_rules_are_named),
        cmocka_unit_test(records_become_a_command),
        cmocka_unit_test(bad_records_are_refused),
        cmocka_unit_test(too_many_words_are_refused),
        cmocka_unit_test(the_workloads_environment_is_inherited),
        cmocka_unit_test(values_are_found_and_decoded),
        cmocka_unit_test(bad_values_are_refused),
    };
    return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
