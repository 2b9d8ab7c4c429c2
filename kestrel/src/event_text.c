/* The lines of the protocol as text. Pure: facts in, bytes out. */
#include "event_text.h"

#include "json.h"

#include <string.h>

static void add_number(struct text *text, const char *before, uint64_t number)
{
    text_add(text, before);
    text_add_number(text, number);
}

static void add_string(struct text *text, const char *before, const char *value)
{
    text_add(text, before);
    json_add_string(text, value, strlen(value));
}

void event_text_ready(struct text *text, uint64_t uptime_ms, const struct timeline *timeline)
{
    add_number(text, "{\"type\":\"ready\",\"uptime_ms\":", uptime_ms);
    add_string(text, ",\"version\":", KESTREL_VERSION);
    text_add(text, ",\"boot\":[");
    for (size_t i = 0; i < timeline->count; i++) {
        add_string(text, i == 0 ? "{\"step\":" : ",{\"step\":", timeline->steps[i].name);
        add_number(text, ",\"uptime_ms\":", timeline->steps[i].uptime_ms);
        text_add(text, "}");
    }
    text_add(text, "]}\n");
}

static void add_workload(struct text *text, const char *state, uint64_t uptime_ms, uint64_t pid, uint64_t attempt)
{
    add_string(text, "{\"type\":\"workload\",\"state\":", state);
    add_number(text, ",\"uptime_ms\":", uptime_ms);
    add_number(text, ",\"pid\":", pid);
    add_number(text, ",\"attempt\":", attempt);
}

void event_text_started(struct text *text, uint64_t uptime_ms, uint64_t pid, uint64_t attempt)
{
    add_workload(text, "started", uptime_ms, pid, attempt);
    text_add(text, "}\n");
}

void event_text_exited(struct text *text, uint64_t uptime_ms, uint64_t pid, uint64_t attempt,
    const struct exit_report *report, const uint64_t *restart_in_ms)
{
    add_workload(text, "exited", uptime_ms, pid, attempt);
    if (report->signal > 0)
        add_number(text, ",\"signal\":", (uint64_t) report->signal);
    else
        add_number(text, ",\"code\":", (uint64_t) report->code);
    if (restart_in_ms != NULL)
        add_number(text, ",\"restart_in_ms\":", *restart_in_ms);
    text_add(text, "}\n");
}

static const char *health_name(enum health_state state)
{
    switch (state) {
    case HEALTH_UNKNOWN:
        return "unknown";
    case HEALTH_HEALTHY:
        return "healthy";
    case HEALTH_UNHEALTHY:
        return "unhealthy";
    }
    return "unknown";
}

void event_text_health(struct text *text, uint64_t uptime_ms, enum health_state state, const char *detail)
{
    add_string(text, "{\"type\":\"health\",\"state\":", health_name(state));
    add_number(text, ",\"uptime_ms\":", uptime_ms);
    if (detail != NULL)
        add_string(text, ",\"detail\":", detail);
    text_add(text, "}\n");
}

void event_text_stats(struct text *text, uint64_t uptime_ms, const struct guest_stats *stats)
{
    add_number(text, "{\"type\":\"stats\",\"uptime_ms\":", uptime_ms);
    add_number(text, ",\"mem_total_kib\":", stats->mem_total_kib);
    add_number(text, ",\"mem_available_kib\":", stats->mem_available_kib);
    add_number(text, ",\"load1_milli\":", stats->load1_milli);
    add_number(text, ",\"log_next\":", stats->log_next);
    add_number(text, ",\"log_dropped\":", stats->log_dropped);
    text_add(text, "}\n");
}

static const char *stream_name(uint32_t stream)
{
    switch ((enum log_stream) stream) {
    case LOG_STDOUT:
        return "stdout";
    case LOG_STDERR:
        return "stderr";
    case LOG_KESTREL:
        return "kestrel";
    }
    return "kestrel";
}

void event_text_log(struct text *text, const struct log_record *record, const char *line)
{
    add_number(text, "{\"seq\":", record->seq);
    add_number(text, ",\"uptime_ms\":", record->uptime_ms);
    add_string(text, ",\"stream\":", stream_name(record->stream));
    text_add(text, ",\"line\":");
    json_add_string(text, line, record->length);
    text_add(text, "}\n");
}
