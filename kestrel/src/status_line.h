#ifndef KESTREL_STATUS_LINE_H
#define KESTREL_STATUS_LINE_H

#include <stddef.h>

/* More bytes than this are never needed to know the status. */
#define STATUS_LINE_BYTES_MAX 16

/* Reads the status of an HTTP/1.x answer. 0; -EAGAIN while bytes are missing; -EPROTO where it is no such answer. */
int status_line_parse(const char *bytes, size_t length, int *ret_status);

#endif
