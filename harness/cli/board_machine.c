// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The machine that stands for a board. */
#include <string.h>

#include "board_machine.h"
#include "cli.h"
#include "tegra.h"

#define BLOCK_PAGE 0x10000ull
#define BANKS	   128u

bool board_is_tegra(const struct board *b)
{
	if (!b->mc.present || strcmp(b->mc.compatible, "nvidia,tegra234-mc") ||
	    b->smmu_count != MACHINE_V2_MAX)
		return false;
	for (size_t i = 0; i < b->smmu_count; i++) {
		if (strcmp(b->smmus[i].compatible, "nvidia,tegra234-smmu") !=
			    0 ||
		    !b->smmus[i].frames.count)
			return false;
	}
	return true;
}

struct board *board_open(const char *path, const char *verb)
{
	struct board_error err;
	struct board *b = board_load(path, &err);

	if (!b) {
		cli_fail("%s", err.text);
		return NULL;
	}
	if (board_is_tegra(b) || board_smmuv3(b) != BOARD_NO_SMMU)
		return b;
	cli_fail("%s: neither a Tegra234 nor an SMMUv3: no machine to %s", path,
		 verb);
	board_free(b);
	return NULL;
}

size_t board_clients(const struct board *b, const struct board_master *m,
		     uint32_t *ids, size_t max)
{
	const struct board_stream *s = m->streams;
	size_t count = 0;

	while (count < m->client_count && count < max) {
		ids[count] = m->clients[count].id;
		count++;
	}
	if (!count)
		count = tegra234_clients_of(
			tegra234_block_at(
				b->smmus[s->smmu].frames.list[0].base),
			s->sid, ids, max);
	return count < max ? count : max;
}

size_t board_smmuv3(const struct board *b)
{
	for (size_t i = 0; i < b->smmu_count; i++) {
		if (b->smmus[i].kind == BOARD_SMMUV3 && !b->smmus[i].disabled)
			return i;
	}
	return BOARD_NO_SMMU;
}

static bool is_window(const struct board *b, uint64_t page)
{
	return page < MACHINE_RAM_BASE && !(page & (CLI_PAGE - 1)) &&
	       !board_is_register(b, page, CLI_PAGE);
}

uint64_t board_machine_doorbell(const struct board *b)
{
	uint64_t page = 0x03000000;

	if (b->doorbell && is_window(b, b->doorbell->base))
		return b->doorbell->base;
	while (!is_window(b, page))
		page += 0x10000;
	return page;
}

/* As many banks as the frames of the tree have room for. */
static int make_smmu(const struct board_smmu *s, struct machine_config *c,
		     size_t i)
{
	uint64_t pages = s->frames.list[0].size / (2 * BLOCK_PAGE);
	unsigned int log2 = 0;

	while (2ull << log2 <= pages)
		log2++;
	if (!log2 || log2 > 8 || 1ull << log2 != pages ||
	    s->frames.count > SIM_SMMUV2_MAX_INSTANCES)
		return cli_fail("%s: no register frames of a Tegra234's SMMU",
				s->path);
	c->smmuv2[i].instances = (unsigned int)s->frames.count;
	c->smmuv2[i].nr_smrg = 127;
	c->smmuv2[i].nr_cb = pages < BANKS ? (unsigned int)pages : BANKS;
	c->smmuv2[i].numpagendxb = log2 - 1;
	for (size_t k = 0; k < s->frames.count; k++)
		c->v2_base[i][k] = s->frames.list[k].base;
	return 0;
}

int board_machine(const struct board *b, struct machine_config *config)
{
	bool tegra = board_is_tegra(b);
	int code = 0;

	if (tegra) {
		machine_tegra234(config);
		config->mc_base = b->mc.sid_base;
	}
	config->doorbell = board_machine_doorbell(b);
	for (size_t i = 0; !code && tegra && i < b->smmu_count; i++)
		code = make_smmu(&b->smmus[i], config, i);
	return code;
}
