#ifndef KESTREL_FUZZ_TARGETS_H
#define KESTREL_FUZZ_TARGETS_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls; replay.c calls it too. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#endif
