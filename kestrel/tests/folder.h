#ifndef KESTREL_TESTS_FOLDER_H
#define KESTREL_TESTS_FOLDER_H

#include "box.h"

#include "../src/tar.h"

#define ARCHIVE_BYTES_MAX (256 * 1024)

/* A box, a client of it and a folder of its own, for tests of files. */
extern struct box *box;
extern struct client *client;
extern char folder[64];

int folder_start(void **state);
int folder_stop(void **state);

/* Runs a shell script in the test's folder; its exit code. */
int folder_shell(const char *script);

#define SHELL(script) assert_int_equal(folder_shell("set -e; " script), 0)

/* The request's path for `name` in the folder, with `more` behind it. */
char *query_of(const char *name, const char *more);

/* Requests with their complete answers. */
struct reply *get(const char *name, const char *more);
struct reply *put(const char *name, const char *more, const void *bytes, size_t length);

/* An archive under construction. */
extern uint8_t archive[ARCHIVE_BYTES_MAX];
extern size_t archive_length;
extern const struct tar_sink archive_sink;

#define TEST(function) cmocka_unit_test_setup_teardown(function, folder_start, folder_stop)

#endif
