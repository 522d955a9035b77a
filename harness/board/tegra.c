// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Lookups in the tables made of data/. */
#include <string.h>

#include "tegra.h"

const struct tegra234_client *tegra234_client_by_id(uint32_t id)
{
	for (size_t i = 0; i < tegra234_client_count; i++) {
		if (tegra234_clients[i].id == id)
			return &tegra234_clients[i];
	}
	return NULL;
}

const struct tegra234_client *tegra234_client_by_name(const char *name)
{
	for (size_t i = 0; i < tegra234_client_count; i++) {
		if (!strcmp(tegra234_clients[i].name, name))
			return &tegra234_clients[i];
	}
	return NULL;
}

enum tegra234_block tegra234_block_at(uint64_t frame_base)
{
	switch (frame_base) {
	case 0x07000000:
	case 0x08000000:
		return TEGRA234_NISO1;
	case 0x10000000:
		return TEGRA234_ISO;
	case 0x11000000:
	case 0x12000000:
		return TEGRA234_NISO0;
	default:
		return TEGRA234_NONE;
	}
}

const char *tegra234_block_name(enum tegra234_block block)
{
	static const char *const names[] = {
		[TEGRA234_NONE] = "none",     [TEGRA234_ISO] = "iso",
		[TEGRA234_NISO0] = "niso0",   [TEGRA234_NISO1] = "niso1",
		[TEGRA234_SHARED] = "shared", [TEGRA234_SPECIAL] = "special",
	};

	return names[block];
}

/* Shared SIDs, too, are one behind each of the two NISO SMMUs. */
static int behind(enum tegra234_block sid, enum tegra234_block block)
{
	return sid == block ||
	       (sid == TEGRA234_SHARED &&
		(block == TEGRA234_NISO0 || block == TEGRA234_NISO1));
}

const char *tegra234_sid_name(enum tegra234_block block, uint32_t sid)
{
	for (size_t i = 0; i < tegra234_sid_count; i++) {
		if (tegra234_sids[i].sid == sid &&
		    behind(tegra234_sids[i].block, block))
			return tegra234_sids[i].name;
	}
	return NULL;
}

size_t tegra234_clients_of(enum tegra234_block block, uint32_t sid,
			   uint32_t *ids, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < tegra234_client_count; i++) {
		const struct tegra234_client *c = &tegra234_clients[i];

		if (!c->sid_name || c->sid != sid || c->block != block)
			continue;
		if (count < max)
			ids[count] = c->id;
		count++;
	}
	return count;
}

const struct tegra_classic_client *tegra_classic_client_by_id(const char *soc,
							      uint32_t id)
{
	for (size_t i = 0; i < tegra_classic_client_count; i++) {
		const struct tegra_classic_client *c =
			&tegra_classic_clients[i];

		if (c->id == id && !strcmp(c->soc, soc))
			return c;
	}
	return NULL;
}

const struct tegra_classic_swgroup *tegra_classic_swgroup_by_id(const char *soc,
								uint32_t id)
{
	for (size_t i = 0; i < tegra_classic_swgroup_count; i++) {
		const struct tegra_classic_swgroup *g =
			&tegra_classic_swgroups[i];

		if (g->id == id && !strcmp(g->soc, soc))
			return g;
	}
	return NULL;
}

const struct tegra_classic_swgroup *
tegra_classic_swgroup_by_name(const char *soc, const char *name)
{
	for (size_t i = 0; i < tegra_classic_swgroup_count; i++) {
		const struct tegra_classic_swgroup *g =
			&tegra_classic_swgroups[i];

		if (!strcmp(g->name, name) && !strcmp(g->soc, soc))
			return g;
	}
	return NULL;
}
