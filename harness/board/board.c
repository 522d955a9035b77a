// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* A board is loaded whole, or not at all. */
#include <errno.h>
#include <libfdt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board_priv.h"

static void say(struct board_error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct board_error *err, const char *format, ...)
{
	size_t used = strlen(err->text);
	va_list args;

	va_start(args, format);
	vsnprintf(err->text + used, sizeof(err->text) - used, format, args);
	va_end(args);
}

bool load_fail(struct load *l, uint32_t node, const char *property,
	       const char *format, ...)
{
	char what[160];
	va_list args;
	char *path;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	say(l->err, "%.200s: ", l->name);
	if (node != NODE_NONE) {
		path = tree_path(l, node);
		say(l->err, "%.200s: ", path ? path : "?");
		free(path);
	}
	if (property)
		say(l->err, "%s: ", property);
	say(l->err, "%s", what);
	for (char *s = l->err->text; *s; s++) {
		if (*s < ' ' || *s > '~')
			*s = '?';
	}
	return false;
}

bool load_no_memory(struct load *l)
{
	return load_fail(l, NODE_NONE, NULL, "out of memory");
}

void *load_room(struct load *l, void *list, size_t count, size_t size)
{
	void *room;

	if (list && (count & (count - 1)) != 0)
		return list;
	room = reallocarray(list, count ? count * 2 : 1, size);
	if (!room)
		load_no_memory(l);
	return room;
}

static int by_id(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* How many different clients the masters name. */
static bool count_clients(struct load *l)
{
	struct board *b = l->board;
	size_t total = 0, n = 0;
	uint32_t *ids;

	for (size_t i = 0; i < b->master_count; i++)
		total += b->masters[i].client_count;
	ids = calloc(total ? total : 1, sizeof(*ids));
	if (!ids)
		return load_no_memory(l);
	for (size_t i = 0; i < b->master_count; i++) {
		for (size_t j = 0; j < b->masters[i].client_count; j++)
			ids[n++] = b->masters[i].clients[j].id;
	}
	qsort(ids, total, sizeof(*ids), by_id);
	for (size_t i = 0; i < total; i++)
		b->mc.clients += !i || ids[i] != ids[i - 1];
	free(ids);
	return true;
}

static bool load_model(struct load *l)
{
	struct prop prop;
	const char *model = NULL;

	if (!tree_strings(l, 0, "model"))
		return false;
	if (tree_prop(l, 0, "model", &prop))
		model = prop_string(&prop, 0);
	l->board->model = strdup(model ? model : "");
	return l->board->model || load_no_memory(l);
}

static bool load_all(struct load *l)
{
	if (!tree_index(l) || !load_model(l))
		return false;
	l->smmu_of = calloc(l->node_count, sizeof(*l->smmu_of));
	if (!l->smmu_of)
		return load_no_memory(l);
	for (uint32_t i = 0; i < l->node_count; i++)
		l->smmu_of[i] = BOARD_NO_SMMU;
	for (uint32_t i = 0; i < l->node_count; i++) {
		if (!load_part(l, i))
			return false;
	}
	if (!load_check(l))
		return false;
	if (!l->board->smmu_count)
		return load_fail(l, NODE_NONE, NULL, "no SMMU in this tree");
	for (uint32_t i = 0; i < l->node_count; i++) {
		if (!load_master(l, i))
			return false;
	}
	return count_clients(l);
}

static bool check_size(struct load *l, const void *bytes, size_t length)
{
	uint32_t total;

	if (!length)
		return load_fail(l, NODE_NONE, NULL, "an empty file");
	if (length > BOARD_BYTES_MAX)
		return load_fail(l, NODE_NONE, NULL, "more than %u bytes",
				 BOARD_BYTES_MAX);
	if (length < sizeof(struct fdt_header))
		return load_fail(l, NODE_NONE, NULL,
				 "%zu bytes, less than the header of a "
				 "flattened device tree",
				 length);
	l->fdt = malloc(length); /* aligned, unlike bytes perhaps */
	if (!l->fdt)
		return load_no_memory(l);
	memcpy(l->fdt, bytes, length);
	if (fdt_magic(l->fdt) != FDT_MAGIC)
		return load_fail(l, NODE_NONE, NULL,
				 "not a flattened device tree: magic 0x%08x",
				 fdt_magic(l->fdt));
	total = fdt_totalsize(l->fdt);
	if (total > length)
		return load_fail(l, NODE_NONE, NULL,
				 "%zu bytes, but its header says %u", length,
				 total);
	return true;
}

struct board *board_load_mem(const void *bytes, size_t length, const char *name,
			     struct board_error *err)
{
	struct load l = { .name = name, .err = err };
	bool good;

	err->text[0] = '\0';
	l.board = calloc(1, sizeof(*l.board));
	if (!l.board) {
		load_no_memory(&l);
		return NULL;
	}
	good = check_size(&l, bytes, length) && load_all(&l);
	free(l.fdt);
	free(l.nodes);
	free(l.handles);
	free(l.smmu_of);
	if (good)
		return l.board;
	board_free(l.board);
	return NULL;
}

struct board *board_load(const char *path, struct board_error *err)
{
	struct board *board = NULL;
	size_t length = 0;
	FILE *in = fopen(path, "rb");
	char *bytes;

	err->text[0] = '\0';
	bytes = in ? malloc(BOARD_BYTES_MAX + 1) : NULL;
	errno = in && !bytes ? ENOMEM : errno;
	if (bytes)
		length = fread(bytes, 1, BOARD_BYTES_MAX + 1, in);
	if (!bytes || ferror(in))
		say(err, "%.200s: %s", path, strerror(errno));
	else
		board = board_load_mem(bytes, length, path, err);
	free(bytes);
	if (in)
		fclose(in);
	return board;
}
