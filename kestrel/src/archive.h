#ifndef KESTREL_ARCHIVE_H
#define KESTREL_ARCHIVE_H

#include <stdbool.h>

/*
 * The two jobs of a child of kestrel that works on files. Both say on standard output how it went: three digits of a status,
 * then one line of text if it is an error. Neither returns.
 */

/* Reads `path`: the status 200 is followed by the archive, and the exit code says whether it is complete. */
_Noreturn void archive_send(const char *path, bool follow);

/* Unpacks the archive on standard input below `folder`. */
_Noreturn void archive_unpack(const char *folder, bool make);

#define ARCHIVE_ANSWER_BYTES_MAX 120 /* fits an answer's text, and a pipe takes it as a whole */

/* Says a status; the text may be about a name and may be an error number's (0: none). */
void archive_answer(const char *status, const char *name, const char *words, int error);

#endif
