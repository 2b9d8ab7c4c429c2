#ifndef KESTREL_TESTS_CHECK_H
#define KESTREL_TESTS_CHECK_H

/* cmocka and the headers that it wants before it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
