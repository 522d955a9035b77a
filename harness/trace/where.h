/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Where the reader is, for error messages. */
#ifndef TRACE_WHERE_H
#define TRACE_WHERE_H

#include <stdint.h>

struct trace_error;

/* The longest file name a message shows; of longer ones it shows the end. */
#define WHERE_NAME_MAX 120u

struct where {
	char name[WHERE_NAME_MAX + 1];
	uint64_t line; /* 0: the file as a whole */
	struct trace_error *err;
};

void where_set_name(struct where *where, const char *name);

/* Writes "name:line: message" to where->err; always -1. */
int where_fail(const struct where *where, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* TRACE_WHERE_H */
