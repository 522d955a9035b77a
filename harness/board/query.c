// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Questions about a loaded board, and its end. */
#include <stdlib.h>
#include <string.h>

#include "board_priv.h"

void load_free_master(struct board_master *m)
{
	for (size_t i = 0; i < m->client_count; i++)
		free(m->clients[i].name);
	free(m->clients);
	free(m->streams);
	free(m->path);
}

void board_free(struct board *board)
{
	if (!board)
		return;
	for (size_t i = 0; i < board->smmu_count; i++) {
		free(board->smmus[i].path);
		free(board->smmus[i].name);
		free(board->smmus[i].frames.list);
	}
	for (size_t i = 0; i < board->master_count; i++)
		load_free_master(&board->masters[i]);
	free(board->smmus);
	free(board->masters);
	free(board->mc.path);
	free(board->mc.frames.list);
	free(board->memory.list);
	free(board->irqchip.list);
	free(board->model);
	free(board);
}

const struct board_master *board_find_master(const struct board *board,
					     const char *name)
{
	for (size_t i = 0; i < board->master_count; i++) {
		const struct board_master *m = &board->masters[i];

		if (!strcmp(m->path, name) || !strcmp(m->name, name))
			return m;
	}
	return NULL;
}

const struct board_smmu *board_find_smmu(const struct board *board,
					 const char *name)
{
	for (size_t i = 0; i < board->smmu_count; i++) {
		const struct board_smmu *s = &board->smmus[i];

		if (!strcmp(s->path, name) || !strcmp(s->name, name))
			return s;
	}
	return NULL;
}

static bool any_overlaps(const struct board_frames *frames, uint64_t base,
			 uint64_t size)
{
	for (size_t i = 0; i < frames->count; i++) {
		if (board_frame_overlaps(&frames->list[i], base, size))
			return true;
	}
	return false;
}

bool board_is_register(const struct board *board, uint64_t base, uint64_t size)
{
	for (size_t i = 0; i < board->smmu_count; i++) {
		if (any_overlaps(&board->smmus[i].frames, base, size))
			return true;
	}
	return any_overlaps(&board->mc.frames, base, size) ||
	       any_overlaps(&board->irqchip, base, size);
}

/* Is one of a's (at most 64 Ki) streams among those b's mask admits? */
static bool matches(const struct board_stream *a, const struct board_stream *b)
{
	for (uint32_t i = 0; i < a->count; i++) {
		if (!(((a->sid + i) ^ b->sid) & ~(a->mask | b->mask)))
			return true;
	}
	return false;
}

/* SID spaces are per SMMU. */
static bool same_stream(const struct board_stream *a,
			const struct board_stream *b)
{
	if (a->smmu != b->smmu)
		return false;
	if (b->mask)
		return matches(a, b);
	if (a->mask)
		return matches(b, a);
	return a->sid <= b->sid + (b->count - 1) &&
	       b->sid <= a->sid + (a->count - 1);
}

bool board_share_stream(const struct board_master *a,
			const struct board_master *b)
{
	for (size_t i = 0; i < a->stream_count; i++) {
		for (size_t j = 0; j < b->stream_count; j++) {
			if (same_stream(&a->streams[i], &b->streams[j]))
				return true;
		}
	}
	return false;
}
