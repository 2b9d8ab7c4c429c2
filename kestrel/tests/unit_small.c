/* The small pure parts: status line, kernel words, backoff, the search for a preface, events to readers. */
#include "../src/backoff.h"
#include "../src/command_line.h"
#include "../src/events.h"
#include "../src/frames.h"
#include "../src/preface.h"
#include "../src/status_line.h"

#include "check.h"

#include <string.h>

static int status_of(const char *bytes, int *ret_status)
{
    return status_line_parse(bytes, strlen(bytes), ret_status);
}

static void a_status_is_read_as_soon_as_it_is_there(void **state)
{
    static const char answer[] = "HTTP/1.1 204 No Content\r\n";
    int status = 0;
    (void) state;
    for (size_t length = 0; length < 13; length++)
        assert_int_equal(status_line_parse(answer, length, &status), -EAGAIN);
    assert_int_equal(status, 0);
    for (size_t length = 13; length < sizeof answer; length++) {
        assert_int_equal(status_line_parse(answer, length, &status), 0);
        assert_int_equal(status, 204);
    }
    assert_int_equal(status_of("HTTP/1.0 503\n", &status), 0);
    assert_int_equal(status, 503);
}

static void what_is_not_http1_is_refused(void **state)
{
    static const char *const answers[] = {"x", "HTTP/2 200 ", "HTTP/1.1  200", "HTTP/1.1 20a ", "HTTP/1.1 2000", "http/1.1 200 ",
        "HTTP/1.1 099 ", "HTTP/1.1 600 ", "SSH-2.0-OpenSSH", "HTTP/1.x 200 "};
    int status = 7;
    (void) state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        assert_int_equal(status_of(answers[i], &status), -EPROTO);
    assert_int_equal(status, 7);
}

static void kernel_words_are_found(void **state)
{
    static const char line[] = "console=ttyS0 volant.boot=initramfs  volant.plugin=\"a b\" \"volant.runtime=c d\" xvolant.x=1 volant.boot\n";
    char value[16];
    (void) state;
    assert_true(command_line_value(line, "volant.boot", value, sizeof value));
    assert_string_equal(value, "initramfs");
    assert_true(command_line_value(line, "volant.plugin", value, sizeof value));
    assert_string_equal(value, "a b");
    assert_true(command_line_value(line, "volant.runtime", value, sizeof value));
    assert_string_equal(value, "c d");
    assert_false(command_line_value(line, "volant.x", value, sizeof value));
    assert_false(command_line_value("", "a", value, sizeof value));
    assert_true(command_line_value("a=1 a=2", "a", value, sizeof value));
    assert_string_equal(value, "2");
    assert_false(command_line_value("a=12345", "a", value, 5));
    assert_true(command_line_value("a=", "a", value, sizeof value));
    assert_string_equal(value, "");
}

static void pauses_double_up_to_the_most_and_a_long_life_forgives(void **state)
{
    struct backoff backoff;
    (void) state;
    backoff_init(&backoff, 200, 1000);
    assert_int_equal(backoff_pause_ms(&backoff, 0), 200);
    assert_int_equal(backoff_pause_ms(&backoff, 9999), 400);
    assert_int_equal(backoff_pause_ms(&backoff, 0), 800);
    assert_int_equal(backoff_pause_ms(&backoff, 0), 1000);
    assert_int_equal(backoff_pause_ms(&backoff, 0), 1000);
    assert_int_equal(backoff_pause_ms(&backoff, 10000), 200);
    assert_int_equal(backoff_pause_ms(&backoff, 0), 400);
    backoff_init(&backoff, 500, 100);
    assert_int_equal(backoff_pause_ms(&backoff, 0), 500);
    assert_int_equal(backoff_pause_ms(&backoff, 0), 500);
}

/* Where the preface ends in `text` when it comes in pieces; 0: nowhere. */
static size_t find_in_pieces(const char *text, size_t piece)
{
    struct preface_search search = {0};
    size_t length = strlen(text);
    for (size_t at = 0; at < length; at += piece) {
        size_t after = 0;
        size_t part = length - at < piece ? length - at : piece;
        if (preface_find(&search, (const uint8_t *) text + at, part, &after))
            return at + after;
    }
    return 0;
}

static void a_preface_is_found_in_any_pieces_and_after_any_litter(void **state)
{
    static const char *const litter[] = {"", "x", "P", "PR", "PRI * HTTP", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r", "PRI * HTTPPRI * HTT", "PPP"};
    char text[128];
    (void) state;
    for (size_t i = 0; i < sizeof litter / sizeof litter[0]; i++)
        for (size_t piece = 1; piece < 50; piece++) {
            strcpy(text, litter[i]);
            strcat(text, preface_bytes);
            strcat(text, "rest");
            assert_int_equal(find_in_pieces(text, piece), strlen(litter[i]) + PREFACE_BYTES);
        }
    assert_int_equal(find_in_pieces("PRI * HTTP/1.1\r\n\r\nSM\r\n\r\n", 4), 0);
}

static void frames_are_followed_in_any_pieces(void **state)
{
    uint8_t bytes[9 + 5 + 9 + 9 + 16384 + PREFACE_BYTES] = {0};
    (void) state;
    bytes[2] = 5;
    memset(bytes + 9, 0xFF, 5);
    bytes[9 + 5 + 9 + 1] = 0x40; /* 16384, after an empty frame */
    for (size_t piece = 1; piece < 40; piece++) {
        struct frames frames = {0};
        memcpy(bytes + sizeof bytes - PREFACE_BYTES, preface_bytes, PREFACE_BYTES);
        size_t sensible = sizeof bytes - PREFACE_BYTES + 8;
        for (size_t at = 0; at < sensible; at += piece)
            assert_true(frames_follow(&frames, bytes + at, sensible - at < piece ? sensible - at : piece));
        assert_false(frames_follow(&frames, bytes + sensible, 1));
        assert_false(frames_follow(&frames, bytes, 1));
    }
}

static struct events events;

static void publish(enum event_kind kind, const char *words)
{
    char bytes[EVENT_LINE_BYTES_MAX];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add(&text, words);
    events_publish(&events, kind, &text);
}

static const char *take(struct subscription *subscription)
{
    static char bytes[EVENTS_BUFFER_BYTES + 1];
    bytes[events_take(&events, subscription, bytes, sizeof bytes - 1)] = '\0';
    return bytes;
}

static void a_reader_hears_where_things_stand_and_then_changes(void **state)
{
    (void) state;
    memset(&events, 0, sizeof events);
    publish(EVENT_READY, "ready\n");
    publish(EVENT_HEALTH, "health 1\n");
    publish(EVENT_WORKLOAD, "workload\n");
    publish(EVENT_HEALTH, "health 2\n");
    publish(EVENT_STATS, "stats\n");
    struct subscription *subscription = events_subscribe(&events);
    assert_string_equal(take(subscription), "ready\nworkload\nhealth 2\n");
    assert_false(events_pending(subscription));
    publish(EVENT_STATS, "stats\n");
    assert_true(events_pending(subscription));
    assert_string_equal(take(subscription), "stats\n");
    events_unsubscribe(subscription);
}

static uint64_t clock_ms;

static uint64_t uptime_ms(void)
{
    return clock_ms;
}

static void every_line_says_when_the_reader_got_it(void **state)
{
    (void) state;
    memset(&events, 0, sizeof events);
    events.uptime_ms = uptime_ms;
    clock_ms = 812;
    publish(EVENT_READY, "{\"type\":\"ready\",\"uptime_ms\":812}\n");
    clock_ms = 5000;
    struct subscription *subscription = events_subscribe(&events);
    clock_ms = 5001;
    publish(EVENT_STATS, "{\"type\":\"stats\"}\n");
    assert_string_equal(take(subscription),
        "{\"type\":\"ready\",\"uptime_ms\":812,\"now_ms\":5000}\n{\"type\":\"stats\",\"now_ms\":5001}\n");
}

static void a_slow_reader_is_told_anew_and_holds_up_nobody(void **state)
{
    (void) state;
    memset(&events, 0, sizeof events);
    publish(EVENT_READY, "ready\n");
    struct subscription *slow = events_subscribe(&events);
    struct subscription *quick = events_subscribe(&events);
    (void) take(quick);
    for (int i = 0; i < 10000; i++) {
        publish(EVENT_HEALTH, "health\n");
        assert_string_equal(take(quick), "health\n");
    }
    publish(EVENT_HEALTH, "last\n");
    const char *old = take(slow);
    assert_memory_equal(old, "ready\nhealth\n", 13);
    assert_null(strstr(old, "last"));
    assert_true(events_pending(slow));
    assert_string_equal(take(slow), "ready\nlast\n");
    assert_false(events_pending(slow));
}

static void too_many_readers_are_refused(void **state)
{
    struct subscription *last = NULL;
    (void) state;
    memset(&events, 0, sizeof events);
    for (int i = 0; i < EVENTS_SUBSCRIPTIONS_MAX; i++)
        assert_non_null(last = events_subscribe(&events));
    assert_null(events_subscribe(&events));
    events_unsubscribe(last);
    assert_non_null(events_subscribe(&events));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_is_read_as_soon_as_it_is_there),
        cmocka_unit_test(what_is_not_http1_is_refused),
        cmocka_unit_test(kernel_words_are_found),
        cmocka_unit_test(pauses_double_up_to_the_most_and_a_long_life_forgives),
        cmocka_unit_test(a_preface_is_found_in_any_pieces_and_after_any_litter),
        cmocka_unit_test(frames_are_followed_in_any_pieces),
        cmocka_unit_test(a_reader_hears_where_things_stand_and_then_changes),
        cmocka_unit_test(every_line_says_when_the_reader_got_it),
        cmocka_unit_test(a_slow_reader_is_told_anew_and_holds_up_nobody),
        cmocka_unit_test(too_many_readers_are_refused),
    };
    return cmocka_run_group_tests_name("small parts", tests, NULL, NULL);
}
