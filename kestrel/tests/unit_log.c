/* The log ring and the cutting of lines. */
#include "../src/lines.h"
#include "../src/log_ring.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

static char bytes[64 * 1024];
static struct log_ring ring;

/* What the sink has been given, joined by '|'. */
static char heard[64 * 1024];

static void hear(void *context, const char *line, size_t length)
{
    (void) context;
    strncat(heard, line, length);
    strcat(heard, "|");
}

static void add(const char *line)
{
    log_ring_add(&ring, LOG_STDOUT, ring.next_seq * 10, line, strlen(line));
}

static void lines_come_back_in_order(void **state)
{
    char line[LOG_LINE_BYTES_MAX];
    struct log_record record;
    (void) state;
    log_ring_init(&ring, bytes, sizeof bytes);
    struct log_cursor cursor = log_ring_seek(&ring, 0);
    assert_int_equal(log_ring_next(&ring, &cursor, &record, line), -EAGAIN);
    add("one");
    log_ring_add(&ring, LOG_KESTREL, 77, "", 0);
    assert_int_equal(log_ring_next(&ring, &cursor, &record, line), 0);
    assert_int_equal(record.seq, 0);
    assert_int_equal(record.length, 3);
    assert_memory_equal(line, "one", 3);
    assert_int_equal(log_ring_next(&ring, &cursor, &record, line), 0);
    assert_int_equal(record.seq, 1);
    assert_int_equal(record.uptime_ms, 77);
    assert_int_equal(record.stream, LOG_KESTREL);
    assert_int_equal(record.length, 0);
    assert_int_equal(log_ring_next(&ring, &cursor, &record, line), -EAGAIN);
}

/* Whatever the lengths, the ring holds an unbroken run of the newest lines, each as it was added. */
static void the_newest_lines_push_out_the_oldest(void **state)
{
    char line[LOG_LINE_BYTES_MAX];
    static char got[LOG_LINE_BYTES_MAX];
    struct log_record record;
    (void) state;
    srand(1);
    for (size_t size = 9000; size < 12000; size += 977) {
        log_ring_init(&ring, bytes, size);
        struct log_cursor slow = log_ring_seek(&ring, 0);
        for (unsigned i = 0; i < 3000; i++) {
            size_t length = (size_t) rand() % (i % 50 == 0 ? LOG_LINE_BYTES_MAX + 500 : 300);
            size_t kept = length < LOG_LINE_BYTES_MAX ? length : LOG_LINE_BYTES_MAX;
            memset(line, 'a' + (int) (i % 26), sizeof line);
            log_ring_add(&ring, LOG_STDOUT, i, line, kept);
            assert_true(ring.next_position - ring.first_position <= size);
            assert_int_equal(ring.next_seq, i + 1);
            if (i % 7 != 0)
                continue;
            struct log_cursor cursor = log_ring_seek(&ring, i);
            assert_int_equal(log_ring_next(&ring, &cursor, &record, got), 0);
            assert_int_equal(record.uptime_ms, i);
            assert_int_equal(record.length, kept);
            assert_memory_equal(got, line, kept);
        }
        uint64_t expected = ring.first_seq;
        assert_true(expected > 0);
        while (log_ring_next(&ring, &slow, &record, got) == 0) /* overtaken long ago */
            assert_int_equal(record.seq, expected++);
        assert_int_equal(expected, 3000);
    }
}

static void seeking_finds_old_and_future_numbers(void **state)
{
    (void) state;
    log_ring_init(&ring, bytes, 9000);
    for (int i = 0; i < 500; i++)
        add("a line of some length, so that old ones are pushed out");
    assert_int_equal(log_ring_seek(&ring, 0).seq, ring.first_seq);
    assert_int_equal(log_ring_seek(&ring, 499).seq, 499);
    assert_int_equal(log_ring_seek(&ring, UINT64_MAX).seq, 500);
}

static const char *cut(const char *text, size_t piece)
{
    static struct lines lines;
    size_t length = strlen(text);
    heard[0] = '\0';
    lines_init(&lines, hear, NULL);
    for (size_t at = 0; at < length; at += piece)
        lines_add(&lines, text + at, length - at < piece ? length - at : piece);
    lines_flush(&lines);
    return heard;
}

static void lines_are_the_same_in_whatever_pieces_they_come(void **state)
{
    (void) state;
    for (size_t piece = 1; piece < 12; piece++) {
        assert_string_equal(cut("a\nbc\r\n\n\nd\re", piece), "a|bc|||d\re|");
        assert_string_equal(cut("", piece), "");
        assert_string_equal(cut("\n", piece), "|");
    }
}

static void a_long_line_is_cut_between_characters(void **state)
{
    static char text[LOG_LINE_BYTES_MAX + 8];
    (void) state;
    memset(text, 'x', sizeof text);
    memcpy(text + LOG_LINE_BYTES_MAX - 1, "\xE2\x82\xAC" "y", 5);
    const char *result = cut(text, 1000);
    assert_int_equal(strcspn(result, "|"), LOG_LINE_BYTES_MAX - 1);
    assert_string_equal(result + LOG_LINE_BYTES_MAX, "\xE2\x82\xAC" "y|");
}

static void a_line_of_exactly_the_most_is_one_line(void **state)
{
    static char text[LOG_LINE_BYTES_MAX + 4];
    (void) state;
    memset(text, 'x', LOG_LINE_BYTES_MAX);
    memcpy(text + LOG_LINE_BYTES_MAX, "\nz", 3);
    const char *result = cut(text, 500);
    assert_int_equal(strcspn(result, "|"), LOG_LINE_BYTES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_back_in_order),
        cmocka_unit_test(the_newest_lines_push_out_the_oldest),
        cmocka_unit_test(seeking_finds_old_and_future_numbers),
        cmocka_unit_test(lines_are_the_same_in_whatever_pieces_they_come),
        cmocka_unit_test(a_long_line_is_cut_between_characters),
        cmocka_unit_test(a_line_of_exactly_the_most_is_one_line),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
