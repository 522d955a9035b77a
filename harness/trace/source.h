/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The bytes of a trace: from a file or from memory, decompressed if xz. */
#ifndef TRACE_SOURCE_H
#define TRACE_SOURCE_H

#include "where.h"

#include <lzma.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct source {
	FILE *file;	       /* or, if NULL: */
	const uint8_t *memory; /* size bytes of it */
	uint64_t size;	       /* as stored */
	uint64_t taken;	       /* of those */
	bool named_xz;
	bool xz;
	bool ended;
	lzma_stream lzma;
	size_t in_pos, in_len;
	uint8_t in[32768];
};

/*
 * All: 0, or -1 and where->err filled. Opening leaves the source at its start;
 * source_close() is due whether or not it succeeded.
 */
int source_open_file(struct source *source, const char *path,
		     const struct where *where);
int source_open_memory(struct source *source, const void *bytes, size_t len,
		       const struct where *where);
int source_rewind(struct source *source, const struct where *where);
void source_close(struct source *source);

/* Up to room bytes; *len is 0 only at the end. */
int source_read(struct source *source, char *to, size_t room, size_t *len,
		const struct where *where);

#endif /* TRACE_SOURCE_H */
