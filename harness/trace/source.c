/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "source.h"

#include <errno.h>
#include <string.h>

/* Enough for xz -9 (a 64 MiB dictionary). */
#define XZ_MEMORY_MIB 128u

static const uint8_t xz_magic[] = { 0xfd, '7', 'z', 'X', 'Z', 0 };
static const uint8_t tracecmd_magic[] = { 0x17, 0x08, 0x44, 't', 'r', 'a' };

static int refill_from_file(struct source *s, const struct where *where)
{
	errno = 0;
	s->in_len = fread(s->in, 1, sizeof(s->in), s->file);
	if (ferror(s->file))
		return where_fail(where, "cannot read: %s", strerror(errno));
	return 0;
}

static void refill_from_memory(struct source *s)
{
	uint64_t left = s->size - s->taken;

	s->in_len = left < sizeof(s->in) ? (size_t)left : sizeof(s->in);
	if (s->in_len)
		memcpy(s->in, s->memory + s->taken, s->in_len);
}

/* Replaces the stored bytes in s->in; none left means the end. */
static int refill(struct source *s, const struct where *where)
{
	s->in_pos = 0;
	if (!s->file)
		refill_from_memory(s);
	else if (refill_from_file(s, where))
		return -1;
	s->taken += s->in_len;
	return 0;
}

static bool begins_with(const struct source *s, const uint8_t *magic,
			size_t len)
{
	return s->in_len >= len && memcmp(s->in, magic, len) == 0;
}

static int xz_start(struct source *s, const struct where *where)
{
	lzma_ret ret = lzma_stream_decoder(
		&s->lzma, (uint64_t)XZ_MEMORY_MIB << 20, LZMA_CONCATENATED);

	if (ret != LZMA_OK)
		return where_fail(where, "out of memory");
	return 0;
}

static int start(struct source *s, const struct where *where)
{
	s->taken = 0;
	s->ended = false;
	if (refill(s, where))
		return -1;
	if (!s->in_len)
		return where_fail(where, "empty file");
	if (begins_with(s, tracecmd_magic, sizeof(tracecmd_magic)))
		return where_fail(where, "a trace-cmd data file: give the "
					 "output of trace-cmd report");
	s->xz = s->named_xz || begins_with(s, xz_magic, sizeof(xz_magic));
	return s->xz ? xz_start(s, where) : 0;
}

static void clear(struct source *s)
{
	static const lzma_stream none = LZMA_STREAM_INIT;

	memset(s, 0, sizeof(*s));
	s->lzma = none;
}

static bool is_named_xz(const char *path)
{
	size_t len = strlen(path);

	return len > 3 && strcmp(path + len - 3, ".xz") == 0;
}

int source_open_file(struct source *s, const char *path,
		     const struct where *where)
{
	long size;

	clear(s);
	s->named_xz = is_named_xz(path);
	s->file = fopen(path, "rb");
	if (!s->file)
		return where_fail(where, "%s", strerror(errno));
	if (fseek(s->file, 0, SEEK_END) || (size = ftell(s->file)) < 0)
		return where_fail(where, "not a regular file (a trace is read "
					 "twice)");
	s->size = (uint64_t)size;
	return source_rewind(s, where);
}

int source_open_memory(struct source *s, const void *bytes, size_t len,
		       const struct where *where)
{
	clear(s);
	s->memory = bytes;
	s->size = len;
	return start(s, where);
}

int source_rewind(struct source *s, const struct where *where)
{
	if (s->file && fseek(s->file, 0, SEEK_SET))
		return where_fail(where, "cannot rewind: %s", strerror(errno));
	return start(s, where);
}

void source_close(struct source *s)
{
	lzma_end(&s->lzma);
	if (s->file)
		fclose(s->file);
	s->file = NULL;
}

static int read_plain(struct source *s, char *to, size_t room, size_t *len,
		      const struct where *where)
{
	if (s->in_pos == s->in_len && refill(s, where))
		return -1;

	size_t n = s->in_len - s->in_pos;

	if (n > room)
		n = room;
	memcpy(to, s->in + s->in_pos, n);
	s->in_pos += n;
	*len = n;
	return 0;
}

static int xz_failed(lzma_ret ret, const struct where *where)
{
	switch (ret) {
	case LZMA_BUF_ERROR:
		return where_fail(where, "truncated xz");
	case LZMA_FORMAT_ERROR:
		return where_fail(where, "not an xz file");
	case LZMA_MEMLIMIT_ERROR:
		return where_fail(where, "xz needs more than %u MiB to decode",
				  XZ_MEMORY_MIB);
	case LZMA_MEM_ERROR:
		return where_fail(where, "out of memory");
	default:
		return where_fail(where, "corrupt xz");
	}
}

/* One step of the decoder. With no input left it must finish or complain. */
static lzma_ret xz_step(struct source *s)
{
	s->lzma.next_in = s->in + s->in_pos;
	s->lzma.avail_in = s->in_len - s->in_pos;

	lzma_ret ret = lzma_code(&s->lzma, s->in_len ? LZMA_RUN : LZMA_FINISH);

	s->in_pos = s->in_len - s->lzma.avail_in;
	return ret;
}

static int read_xz(struct source *s, char *to, size_t room, size_t *len,
		   const struct where *where)
{
	s->lzma.next_out = (uint8_t *)to;
	s->lzma.avail_out = room;
	while (s->lzma.avail_out && !s->ended) {
		if (s->in_pos == s->in_len && refill(s, where))
			return -1;

		lzma_ret ret = xz_step(s);

		if (ret == LZMA_STREAM_END)
			s->ended = true;
		else if (ret != LZMA_OK)
			return xz_failed(ret, where);
	}
	*len = room - s->lzma.avail_out;
	return 0;
}

int source_read(struct source *s, char *to, size_t room, size_t *len,
		const struct where *where)
{
	return s->xz ? read_xz(s, to, room, len, where)
		     : read_plain(s, to, room, len, where);
}
