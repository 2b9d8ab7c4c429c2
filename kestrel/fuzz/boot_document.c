/* Any bytes as a boot document: never a read outside, never a half-filled result, strings always within the input. */
#include "../src/boot_document.h"

#include "targets.h"

#include <stdlib.h>
#include <string.h>

static void require(int truth)
{
    if (!truth)
        abort();
}

static void require_inside(const char *text, const char *bytes, size_t length)
{
    if (text >= bytes && text < bytes + length)
        require(memchr(text, '\0', (size_t) (bytes + length - text)) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct boot_document document;
    struct boot_document_fault fault = {0};
    char *copy = malloc(length > 0 ? length : 1); /* exactly as long, so that a byte too far is seen */
    require(copy != NULL);
    if (length > 0)
        memcpy(copy, bytes, length);
    if (boot_document_parse(copy, length, &document, &fault) < 0) {
        require(fault.rule != NULL && memchr(fault.key, '\0', sizeof fault.key) != NULL);
    } else {
        require(document.argument_count >= 1 && document.argument_count <= BOOT_ARGUMENTS_MAX);
        require(document.arguments[document.argument_count] == NULL);
        require(document.environment[document.environment_count] == NULL);
        require(document.module_count <= BOOT_MODULES_MAX && document.resolver_count <= BOOT_RESOLVERS_MAX);
        require(document.probe_timeout_ms >= 10 && document.probe_timeout_ms <= 60000);
        require(document.stop_timeout_ms <= 600000 && document.restart_min_ms >= 1);
        require(document.user == NULL || boot_value_user(document.user));
        require(document.disk_count <= BOOT_DISKS_MAX);
        for (size_t i = 0; i < document.disk_count; i++) {
            require(boot_value_serial(document.disks[i].serial) && document.disks[i].folder[0] == '/');
            require_inside(document.disks[i].folder, copy, length);
        }
        for (size_t i = 0; i < document.argument_count; i++)
            require_inside(document.arguments[i], copy, length);
        for (size_t i = 0; i < document.environment_count; i++)
            require(strchr(document.environment[i], '=') != NULL);
    }
    free(copy);
    return 0;
}
