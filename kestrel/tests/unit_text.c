/* Text, JSON strings, protocol lines: bounds, escapes, repair of what is not UTF-8. */
#include "../src/event_text.h"
#include "../src/json.h"
#include "../src/stats.h"
#include "../src/text.h"

#include "check.h"

#include <string.h>

static char buffer[EVENT_LINE_BYTES_MAX];
static struct text text;

static const char *json(const char *bytes, size_t length)
{
    text_init(&text, buffer, sizeof buffer);
    json_add_string(&text, bytes, length);
    return text_end(&text);
}

#define JSON(literal) json(literal, sizeof literal - 1)

static void text_never_passes_its_buffer(void **state)
{
    char small[5];
    struct text cut;
    (void) state;
    text_init(&cut, small, sizeof small);
    text_add(&cut, "abc");
    text_add(&cut, "def");
    text_add(&cut, "g"); /* once cut, nothing more: a hole in the middle would mislead */
    assert_true(cut.cut);
    assert_string_equal(text_end(&cut), "abc");
    text_init(&cut, small, sizeof small);
    text_add(&cut, "abcde");
    assert_false(cut.cut);
    assert_string_equal(text_end(&cut), "abcd");
}

static void numbers_are_written_in_full(void **state)
{
    (void) state;
    text_init(&text, buffer, sizeof buffer);
    text_add_number(&text, 0);
    text_add(&text, " ");
    text_add_number(&text, UINT64_MAX);
    assert_string_equal(text_end(&text), "0 18446744073709551615");
}

static void json_escapes_what_json_must(void **state)
{
    (void) state;
    assert_string_equal(JSON("plain"), "\"plain\"");
    assert_string_equal(JSON("a\"b\\c\n\r\t"), "\"a\\\"b\\\\c\\n\\r\\t\"");
    assert_string_equal(JSON("\0\x01\x1F"), "\"\\u0000\\u0001\\u001f\"");
    assert_string_equal(JSON("\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x90\xA6"), "\"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x90\xA6\"");
}

static void bytes_that_are_not_utf8_are_replaced(void **state)
{
    (void) state;
    assert_string_equal(JSON("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
    assert_string_equal(JSON("\x80"), "\"\xEF\xBF\xBD\"");
    assert_string_equal(JSON("\xC3"), "\"\xEF\xBF\xBD\"");
    assert_string_equal(JSON("\xC3("), "\"\xEF\xBF\xBD(\"");
    assert_string_equal(JSON("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    assert_string_equal(JSON("\xE0\x80\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    assert_string_equal(JSON("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    assert_string_equal(JSON("\xF4\x90\x80\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

static void fitting_counts_encoded_bytes_and_keeps_characters_whole(void **state)
{
    (void) state;
    assert_int_equal(json_fitting("abc", 3, 2), 2);
    assert_int_equal(json_fitting("abc", 3, 100), 3);
    assert_int_equal(json_fitting("\x01\x01", 2, 11), 1);
    assert_int_equal(json_fitting("\xE2\x82\xAC", 3, 2), 0);
    assert_int_equal(json_fitting("a\xE2\x82\xAC", 4, 3), 1);
    assert_int_equal(json_fitting("\xFF\xFF", 2, 5), 1);
}

static void whole_characters_hold_back_a_begun_one(void **state)
{
    (void) state;
    assert_int_equal(json_whole_characters("abc", 3), 3);
    assert_int_equal(json_whole_characters("ab\xE2\x82", 4), 2);
    assert_int_equal(json_whole_characters("ab\xE2\x82\xAC", 5), 5);
    assert_int_equal(json_whole_characters("\xF0\x9F\x90", 3), 0);
    assert_int_equal(json_whole_characters("a\x80\x80\x80\x80", 5), 5);
}

static void lines_of_the_protocol_have_their_shape(void **state)
{
    struct timeline timeline = {.count = 2, .steps = {{"kestrel", 801}, {"read \"it\"", 812}}};
    const struct exit_report code = {.code = 3};
    const struct exit_report by_signal = {.signal = 11};
    const struct log_record record = {.seq = 12, .uptime_ms = 840, .length = 4, .stream = LOG_STDERR};
    uint64_t pause_ms = 400;
    (void) state;
    text_init(&text, buffer, sizeof buffer);
    event_text_ready(&text, 812, &timeline);
    event_text_started(&text, 830, 42, 1);
    event_text_exited(&text, 9120, 42, 1, &code, &pause_ms);
    event_text_exited(&text, 9120, 42, 2, &by_signal, NULL);
    event_text_health(&text, 851, HEALTH_HEALTHY, NULL);
    event_text_health(&text, 852, HEALTH_UNHEALTHY, "HTTP 503");
    event_text_log(&text, &record, "text");
    assert_string_equal(text_end(&text),
        "{\"type\":\"ready\",\"uptime_ms\":812,\"version\":\"0.1.0\",\"boot\":[{\"step\":\"kestrel\",\"uptime_ms\":801},"
        "{\"step\":\"read \\\"it\\\"\",\"uptime_ms\":812}]}\n"
        "{\"type\":\"workload\",\"state\":\"started\",\"uptime_ms\":830,\"pid\":42,\"attempt\":1}\n"
        "{\"type\":\"workload\",\"state\":\"exited\",\"uptime_ms\":9120,\"pid\":42,\"attempt\":1,\"code\":3,\"restart_in_ms\":400}\n"
        "{\"type\":\"workload\",\"state\":\"exited\",\"uptime_ms\":9120,\"pid\":42,\"attempt\":2,\"signal\":11}\n"
        "{\"type\":\"health\",\"state\":\"healthy\",\"uptime_ms\":851}\n"
        "{\"type\":\"health\",\"state\":\"unhealthy\",\"uptime_ms\":852,\"detail\":\"HTTP 503\"}\n"
        "{\"seq\":12,\"uptime_ms\":840,\"stream\":\"stderr\",\"line\":\"text\"}\n");
}

static void the_longest_timeline_fits_a_line(void **state)
{
    static struct timeline timeline;
    (void) state;
    for (int i = 0; i < 200; i++)
        timeline_add(&timeline, "load", "\"a-module-with-a-name-that-is-far-too-long-for-a-line-and-has-\\-in-it\".ko");
    assert_int_equal(timeline.count, TIMELINE_STEPS_MAX);
    assert_int_equal(strlen(timeline.steps[0].name), TIMELINE_NAME_BYTES - 1);
    text_init(&text, buffer, sizeof buffer);
    event_text_ready(&text, UINT64_MAX, &timeline);
    assert_false(text.cut);
}

static void meminfo_is_found_by_its_name(void **state)
{
    static const char meminfo[] = "MemTotal:         124000 kB\nMemFree:  5 kB\nMemAvailable:   101000 kB\n";
    (void) state;
    assert_int_equal(stats_meminfo_kib(meminfo, "MemTotal"), 124000);
    assert_int_equal(stats_meminfo_kib(meminfo, "MemAvailable"), 101000);
    assert_int_equal(stats_meminfo_kib(meminfo, "Mem"), 0);
    assert_int_equal(stats_meminfo_kib("", "MemTotal"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_never_passes_its_buffer),
        cmocka_unit_test(numbers_are_written_in_full),
        cmocka_unit_test(json_escapes_what_json_must),
        cmocka_unit_test(bytes_that_are_not_utf8_are_replaced),
        cmocka_unit_test(fitting_counts_encoded_bytes_and_keeps_characters_whole),
        cmocka_unit_test(whole_characters_hold_back_a_begun_one),
        cmocka_unit_test(lines_of_the_protocol_have_their_shape),
        cmocka_unit_test(the_longest_timeline_fits_a_line),
        cmocka_unit_test(meminfo_is_found_by_its_name),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
