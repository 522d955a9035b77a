// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "attack.h"
#include "board_machine.h"
#include "look.h"
#include "mem.h"

#define SECRET 0x5ec2e75ec2e75ec2ull

static const uint32_t sids[] = { SID_A, SID_B, SID_FREE, SID_GUEST };

/* On a Tegra234, behind its first SMMU: one client reads, one writes. */
static const struct machine_client clients[] = {
	{ 0x15, 0, SID_A },	{ 0x35, 0, SID_A },	{ 0x58, 0, SID_B },
	{ 0x5c, 0, SID_B },	{ 0x63, 0, SID_FREE },	{ 0x67, 0, SID_FREE },
	{ 0xe0, 0, SID_GUEST }, { 0xe1, 0, SID_GUEST },
};

#define STRAY 0x124u
#define LIVE(i, where)                                                      \
	{                                                                   \
		.id = i, .block = where, .native_sid = 0x7f, .fw_sid = 0x7f \
	}
static const struct sim_tegra_mc_client hw_clients[] = {
	LIVE(0x15, 0), LIVE(0x35, 0), LIVE(0x58, 0),  LIVE(0x5c, 0),
	LIVE(0x63, 0), LIVE(0x67, 0), LIVE(0xe0, 0),  LIVE(0xe1, 0),
	LIVE(0xa1, 1), LIVE(0x40, 2), LIVE(STRAY, 0),
};

/* Pages whose contents no attack may change. */
static const uint64_t secrets[] = {
	PA_GUEST, PA_GUEST + 15 * PAGE, PA_SHARED, PA_LENT, PA_RDONLY, PA_EL2,
};

/* Where attacks try to get something mapped; nothing may ever be there. */
static const uint64_t forbidden[] = {
	IOVA_FREE,
	IOVA_FREE + PAGE,
	IOVA_FREE + 2 * PAGE,
	IOVA_FREE + 599 * PAGE,
	IOVA_BLOCK + BLOCK,
	IOVA_HOST - 2 * PAGE,
	IOVA_HOST - PAGE,
	IOVA_HOST + 2 * PAGE,
	0,
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool wrong(struct stand *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool wrong(struct stand *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(s->wrong, sizeof(s->wrong), format, args);
	va_end(args);
	return false;
}

static bool worked(struct stand *s, const char *what, int err)
{
	return !err || wrong(s, "%s: %s", what, hypiommu_error_name(err));
}

/* --------------------------------------------------------------- set-up */

static bool map(struct stand *s, struct front *f, const char *what,
		uint32_t domain, uint64_t iova, uint64_t pa, uint64_t size,
		uint32_t prot)
{
	uint64_t mapped;

	return worked(s, what,
		      front_map(f, domain, iova, pa, size, prot, &mapped));
}

static bool give_pages(struct stand *s)
{
	const uint32_t guest = HYPIOMMU_GUEST(0);

	for (size_t i = 0; i < COUNT(secrets); i++)
		*(uint64_t *)sim_mem_ptr(s->m->mem, secrets[i]) = SECRET;
	return worked(s, "donate",
		      machine_donate(s->m, HYPIOMMU_HOST, guest, PA_GUEST,
				     16 * PAGE)) &&
	       worked(s, "share",
		      machine_share(s->m, HYPIOMMU_HOST, guest, PA_SHARED,
				    PAGE)) &&
	       worked(s, "lend",
		      machine_lend(s->m, HYPIOMMU_HOST, guest, PA_LENT,
				   PAGE)) &&
	       worked(s, "assign stream",
		      machine_assign_stream(s->m, SID_GUEST, HYPIOMMU_HOST,
					    guest));
}

static bool make_domains(struct stand *s)
{
	bool ok = worked(s, "alloc A",
			 front_domain_alloc(&s->host, 0, s->stage, &s->a));

	s->iova_end = 1ull << (s->host.last.x[2] & 63);
	s->pa_end = 1ull << (s->host.last.x[3] & 63);
	return ok &&
	       worked(s, "alloc B",
		      front_domain_alloc(&s->host, 0, s->stage, &s->b)) &&
	       worked(s, "alloc guest's",
		      front_domain_alloc(&s->guest, 0, s->stage, &s->g)) &&
	       worked(s, "attach A", front_attach(&s->host, 0, SID_A, s->a)) &&
	       worked(s, "attach B", front_attach(&s->host, 0, SID_B, s->b)) &&
	       worked(s, "attach guest's",
		      front_attach(&s->guest, 0, SID_GUEST, s->g));
}

static bool make_mappings(struct stand *s)
{
	return map(s, &s->host, "map A", s->a, IOVA_HOST, PA_HOST, 2 * PAGE,
		   RW) &&
	       map(s, &s->host, "map block", s->a, IOVA_BLOCK, PA_BLOCK, BLOCK,
		   RW) &&
	       map(s, &s->host, "map read-only", s->a, IOVA_RDONLY, PA_RDONLY,
		   PAGE, HYPIOMMU_PROT_READ) &&
	       map(s, &s->host, "map B", s->b, IOVA_HOST, PA_B, PAGE, RW) &&
	       map(s, &s->guest, "map guest's", s->g, IOVA_HOST, PA_GUEST, PAGE,
		   RW);
}

/* FNV-1a over what the ownership checker knows of every page. */
static uint64_t digest(struct stand *s)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	for (uint64_t at = 0; at < RAM_SIZE + MACHINE_EL2_SIZE; at += PAGE) {
		uint64_t pa = at < RAM_SIZE ? MACHINE_RAM_BASE + at
					    : MACHINE_EL2_BASE + at - RAM_SIZE;
		struct hypiommu_page_info info = { 0 };
		uint64_t word;

		hypiommu_page_info(s->m->h, pa, &info);
		word = info.owner | (uint64_t)info.peer << 8 |
		       (uint64_t)info.state << 16 | (uint64_t)info.pins << 24;
		hash = (hash ^ word) * 0x100000001b3ull;
	}
	return hash;
}

static uint64_t table_pages(struct stand *s)
{
	struct machine_stats stats;

	machine_get_stats(s->m, &stats);
	return stats.table_pages;
}

static void first_table(void *ctx, const struct sim2_table *table)
{
	struct stand *s = ctx;

	if (!s->root_table)
		s->root_table = table->pa & ~(PAGE - 1);
}

static void find_tables(struct stand *s)
{
	struct look_stream look;

	if (s->tegra) {
		sim_smmuv2_for_each_table(s->m->v2[0], first_table, s);
		return;
	}
	look_stream(s->m, SID_A, &look);
	s->stream_table = look.strtab & ~(PAGE - 1);
	s->root_table = look.table.root;
}

static bool on_board(struct stand *s, const struct board *board,
		     struct machine_config *config)
{
	s->registers = MACHINE_SMMU_BASE;
	if (!board)
		return true;
	if (board_machine(board, config))
		return false;
	s->tegra = config->kind == MACHINE_TEGRA234;
	if (!s->tegra)
		return true;
	s->registers = config->v2_base[0][0];
	config->clients = clients;
	config->client_count = COUNT(clients);
	config->mc_clients = hw_clients;
	config->mc_client_count = COUNT(hw_clients);
	config->limits.clients = COUNT(clients);
	return true;
}

bool stand_set_up(struct stand *s, unsigned int stage,
		  const struct board *board)
{
	struct machine_config config;

	memset(s, 0, sizeof(*s));
	machine_defaults(&config);
	config.ram_size = RAM_SIZE;
	config.sids = sids;
	config.sid_count = COUNT(sids);
	config.check = MACHINE_CHECK_CALLS;
	s->stage = stage;
	if (!on_board(s, board, &config))
		return wrong(s, "this board");
	s->m = machine_create(&config);
	if (!s->m)
		return wrong(s, "out of memory");
	if (!s->m->h)
		return wrong(s, "%s", s->m->error);
	front_init(&s->host, s->m, HYPIOMMU_HOST);
	front_init(&s->guest, s->m, HYPIOMMU_GUEST(0));
	if (!give_pages(s) || !make_domains(s) || !make_mappings(s))
		return false;
	find_tables(s);
	s->owners = digest(s);
	s->table_pages = table_pages(s);
	return stand_is_intact(s);
}

void stand_tear_down(struct stand *s)
{
	front_fini(&s->host);
	front_fini(&s->guest);
	machine_destroy(s->m);
}

/* ------------------------------------------------------------------ DMA */

static uint32_t client_of(uint32_t sid, bool write)
{
	for (size_t i = 0; i < COUNT(clients); i++) {
		if (clients[i].sid == sid)
			return clients[i + write].id;
	}
	return STRAY;
}

enum sim_dma_result stand_dma(struct stand *s, uint32_t sid, uint64_t iova,
			      bool write, void *buf, uint64_t len)
{
	if (s->tegra)
		return machine_client_dma(s->m, client_of(sid, write), iova,
					  write, buf, len);
	return machine_dma(s->m, sid, iova, write, buf, len);
}

enum sim_dma_result stand_translate(struct stand *s, uint32_t sid,
				    uint64_t iova, bool write, uint64_t *pa)
{
	if (s->tegra)
		return machine_client_translate(s->m, client_of(sid, write),
						iova, write, pa);
	return machine_translate(s->m, sid, iova, write, pa);
}

void stand_speculate(struct stand *s)
{
	if (s->tegra)
		sim_smmuv2_speculate(s->m->v2[0]);
	else
		sim_smmuv3_speculate(s->m->smmu);
}

/* ------------------------------------------------------------ intactness */

static bool dma_works(struct stand *s, uint32_t sid, uint64_t iova, uint64_t pa)
{
	uint64_t *word = sim_mem_ptr(s->m->mem, pa), was = *word;
	uint64_t put = ~was, got = 0;
	bool ok = stand_dma(s, sid, iova, true, &put, 8) == SIM_DMA_OK &&
		  *word == put &&
		  stand_dma(s, sid, iova, false, &got, 8) == SIM_DMA_OK &&
		  got == put;

	*word = was;
	return ok || wrong(s, "stream 0x%x no longer reaches its page", sid);
}

static bool dma_aborts(struct stand *s, uint32_t sid, uint64_t iova)
{
	uint64_t pa = 0;

	for (int write = 0; write < 2; write++) {
		if (stand_translate(s, sid, iova, write, &pa) != SIM_DMA_ABORT)
			return wrong(s,
				     "stream 0x%x reaches 0x%" PRIx64
				     " at iova 0x%" PRIx64,
				     sid, pa, iova);
	}
	return true;
}

static bool right_works(struct stand *s)
{
	return dma_works(s, SID_A, IOVA_HOST, PA_HOST) &&
	       dma_works(s, SID_A, IOVA_HOST + PAGE, PA_HOST + PAGE) &&
	       dma_works(s, SID_A, IOVA_BLOCK, PA_BLOCK) &&
	       dma_works(s, SID_A, IOVA_BLOCK + BLOCK - PAGE,
			 PA_BLOCK + BLOCK - PAGE) &&
	       dma_works(s, SID_B, IOVA_HOST, PA_B) &&
	       dma_works(s, SID_GUEST, IOVA_HOST, PA_GUEST);
}

static bool wrong_aborts(struct stand *s)
{
	for (size_t i = 0; i < COUNT(forbidden); i++) {
		if (!dma_aborts(s, SID_A, forbidden[i]) ||
		    !dma_aborts(s, SID_B, forbidden[i]) ||
		    !dma_aborts(s, SID_GUEST, forbidden[i]))
			return false;
	}
	return dma_aborts(s, SID_A, s->iova_end - PAGE) &&
	       dma_aborts(s, SID_FREE, IOVA_HOST) &&
	       dma_aborts(s, SID_NONE, IOVA_HOST);
}

static bool secrets_kept(struct stand *s)
{
	for (size_t i = 0; i < COUNT(secrets); i++) {
		if (*(uint64_t *)sim_mem_ptr(s->m->mem, secrets[i]) != SECRET)
			return wrong(s, "the page at 0x%" PRIx64 " changed",
				     secrets[i]);
	}
	return true;
}

/* A map of the host's own free page, used and undone. */
static bool map_works(struct stand *s)
{
	uint64_t done;

	return map(s, &s->host, "a legitimate map", s->b, IOVA_FREE, PA_FREE,
		   PAGE, RW) &&
	       dma_works(s, SID_B, IOVA_FREE, PA_FREE) &&
	       worked(s, "its unmap",
		      front_unmap(&s->host, s->b, IOVA_FREE, PAGE, &done)) &&
	       dma_aborts(s, SID_B, IOVA_FREE);
}

static void drain(struct front *f, uint32_t smmu)
{
	int err;

	do {
		err = front_call(f, HYPIOMMU_HC_FAULT_READ, smmu, 0, 0, 0, 0);
	} while (!err || err == HYPIOMMU_E_AGAIN);
}

bool stand_is_intact(struct stand *s)
{
	machine_check_now(s->m);
	if (s->m->stats.violations)
		return wrong(s, "%s", s->m->violation);
	if (!wrong_aborts(s) || !right_works(s) || !secrets_kept(s) ||
	    !map_works(s))
		return false;
	for (uint32_t i = 0; i < s->m->config.limits.smmus; i++)
		drain(&s->host, i);
	if (digest(s) != s->owners)
		return wrong(s, "a page changed its owner, state or pins");
	if (table_pages(s) != s->table_pages)
		return wrong(s, "table pages were lost or won");
	return true;
}
