/* When what was done during the boot. It goes out in the `ready` event. */
#include "timeline.h"

#include "clock.h"
#include "text.h"

#include <string.h>

void timeline_add(struct timeline *timeline, const char *step, const char *detail)
{
    if (timeline->count == TIMELINE_STEPS_MAX)
        return;
    struct text text;
    text_init(&text, timeline->steps[timeline->count].name, TIMELINE_NAME_BYTES);
    text_add(&text, step);
    if (detail != NULL) {
        size_t room = TIMELINE_NAME_BYTES - 2 - text.length;
        size_t length = strlen(detail);
        text_add(&text, " ");
        text_add_bytes(&text, detail, length < room ? length : room);
    }
    (void) text_end(&text);
    timeline->steps[timeline->count++].uptime_ms = clock_uptime_ms();
}
