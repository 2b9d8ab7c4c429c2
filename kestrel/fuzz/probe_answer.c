/* Any bytes as the answer to a probe: the verdict never depends on the pieces in which they come. */
#include "../src/status_line.h"

#include "targets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void require(int truth)
{
    if (!truth)
        abort();
}

static int parse(const uint8_t *bytes, size_t length, int *ret_status)
{
    char *copy = malloc(length > 0 ? length : 1);
    require(copy != NULL);
    if (length > 0)
        memcpy(copy, bytes, length);
    int result = status_line_parse(copy, length, ret_status);
    free(copy);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int status = 0;
    size_t most = length < STATUS_LINE_BYTES_MAX ? length : STATUS_LINE_BYTES_MAX;
    int whole = parse(bytes, length, &status);
    require(whole == 0 ? status >= 100 && status <= 599 : status == 0);
    require(length < STATUS_LINE_BYTES_MAX || whole != -EAGAIN);
    for (size_t part = 0; part <= most; part++) {
        int early = 0;
        int result = parse(bytes, part, &early);
        if (result != -EAGAIN)
            require(result == whole && early == status);
    }
    return 0;
}
