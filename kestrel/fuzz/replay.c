/* Feeds files to a fuzz target without libFuzzer: the corpus as a regression test, and a way to look at a crash. */
#include "targets.h"

#include <stdio.h>
#include <stdlib.h>

#define FILE_BYTES_MAX (1024 * 1024)

int main(int count, char **paths)
{
    static uint8_t bytes[FILE_BYTES_MAX];
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(paths[i], "rb");
        if (file == NULL) {
            perror(paths[i]);
            return EXIT_FAILURE;
        }
        size_t length = fread(bytes, 1, sizeof bytes, file);
        (void) fclose(file);
        (void) LLVMFuzzerTestOneInput(bytes, length);
    }
    (void) printf("%s: %d inputs\n", paths[0], count - 1);
    return count > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
