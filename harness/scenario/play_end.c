// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The end of every scenario, played through or not: the hardware is good again.
 * What failed is reset, everything comes free, nobody's account is wrong, and
 * the machine serves a new life.
 */
#include <inttypes.h>
#include <string.h>

#include "play.h"

/* A page no scenario has: runs are laid out from the start of RAM. */
#define SPARE	   (MACHINE_RAM_BASE + SCN_LOW_POOL - PLAY_PAGE)
#define MORE_PAGES 8ull
#define MORE	   (SPARE - MORE_PAGES * PLAY_PAGE)
#define MAX_CALLS  100000u

static int call(struct play *p, uint32_t caller, uint64_t fn, uint64_t a,
		uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t *x1)
{
	struct hypiommu_regs regs = { .x = { fn, a, b, c, d, e } };
	const struct hypiommu_regs in = regs;

	machine_hcall(p->m, caller, &regs);
	play_judge(p, caller, &in, &regs);
	if (x1)
		*x1 = regs.x[1];
	return (int)(int64_t)regs.x[0];
}

static bool finalised(struct play *p)
{
	return call(p, HYPIOMMU_HOST, HYPIOMMU_HC_INFO, 0, 0, 0, 0, 0, NULL) !=
	       HYPIOMMU_E_PHASE;
}

static uint32_t smmu_count(const struct play *p)
{
	return p->config.kind == MACHINE_TEGRA234 ? MACHINE_V2_MAX : 1;
}

/* ------------------------------------------------------------------ closed */

static enum sim_dma_result reach(struct play *p, const struct scn_device *d,
				 uint64_t iova, uint64_t *pa)
{
	if (d->has_client)
		return machine_client_translate(p->m, d->client, iova, true,
						pa);
	return machine_translate(p->m, d->sid, iova, true, pa);
}

/* Of a machine that does not start its host. */
static void all_blocked(struct play *p)
{
	for (uint32_t i = 0; p->m->armed && i < p->s->device_count; i++) {
		const struct scn_device *d = &p->s->devices[i];
		uint64_t pa = 0;

		if (reach(p, d, MACHINE_RAM_BASE, &pa) != SIM_DMA_ABORT)
			play_broken(p,
				    "the machine is refused, and %s reaches "
				    "0x%" PRIx64,
				    d->name, pa);
	}
}

void play_refused(struct play *p)
{
	machine_mend(p->m);
	all_blocked(p);
	if (p->m->stats.violations)
		play_broken(p, "the promise is broken: %s", p->m->violation);
}

/* ------------------------------------------------------------------ repair */

static bool reset(struct play *p, uint32_t smmu)
{
	int err = machine_reset(p->m, smmu);

	return !err || play_broken(p, "good hardware is not reset: SMMU %u: %s",
				   smmu, hypiommu_error_name(err));
}

static bool repair(struct play *p)
{
	bool good = true, off = p->unpowered[PLAY_MC];
	int err;

	machine_on_step(p->m, NULL, NULL);
	machine_mend(p->m);
	machine_current = p->m;
	if (off) {
		err = hypiommu_tegra234_mc_resume(p->m->h);
		if (err)
			return play_broken(p, "the good MC is not resumed: %s",
					   hypiommu_error_name(err));
	}
	for (uint32_t i = 0; good && i < smmu_count(p); i++) {
		/* Service failure mode ends with a reset. */
		if (off || p->unpowered[i] ||
		    (p->m->fault.kind == MACHINE_FAULT_GERROR &&
		     p->m->fault.fired) ||
		    p->m->broken >> i & 1 || p->down[i])
			good = reset(p, i);
	}
	memset(p->down, 0, sizeof(p->down));
	memset(p->unpowered, 0, sizeof(p->unpowered));
	p->ailing = false;
	p->m->armed = true;
	machine_check_now(p->m);
	return good;
}

/* ---------------------------------------------------------------- take down */

/* Everybody who did anything, and the host. */
static uint32_t principals(const struct play *p, uint32_t who[SCN_STEPS])
{
	bool is[HYPIOMMU_PRINCIPALS] = { [HYPIOMMU_HOST] = true };
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->s->step_count; i++)
		is[p->s->steps[i].arg[SCN_A_WHO] % HYPIOMMU_PRINCIPALS] = true;
	for (uint32_t i = 0; i < HYPIOMMU_PRINCIPALS; i++) {
		if (is[i] && i != HYPIOMMU_HYP)
			who[n++] = i;
	}
	return n;
}

static bool free_domain(struct play *p, uint32_t who, uint64_t domain)
{
	int err = HYPIOMMU_E_AGAIN;

	for (uint32_t i = 0; i < MAX_CALLS && err == HYPIOMMU_E_AGAIN; i++)
		err = call(p, who, HYPIOMMU_HC_DOMAIN_FREE, domain, 0, 0, 0, 0,
			   NULL);
	return !err || err == HYPIOMMU_E_NOENT ||
	       play_broken(p, "domain %" PRIu64 " cannot be freed: %s", domain,
			   hypiommu_error_name(err));
}

static bool take_down_of(struct play *p, uint32_t who)
{
	uint32_t domains = p->config.limits.domains;
	bool good = true;

	for (uint64_t d = 0; good && d < domains; d++) {
		call(p, who, HYPIOMMU_HC_IOTLB_SYNC, d, 0, 0, 0, 0, NULL);
		for (size_t i = 0; i < p->config.sid_count; i++)
			call(p, who, HYPIOMMU_HC_DETACH_DEV, p->sid_smmus[i],
			     p->sids[i], d, 0, 0, NULL);
		good = free_domain(p, who, d);
	}
	return good;
}

static bool take_down(struct play *p)
{
	uint32_t who[SCN_STEPS], n = principals(p, who);
	bool good = true;

	for (uint32_t i = 0; good && i < n; i++)
		good = take_down_of(p, who[i]);
	return good;
}

/* ----------------------------------------------------------------- accounts */

static bool page_right(struct play *p, uint64_t pa)
{
	uint32_t truth = machine_truth(p->m, pa);
	struct hypiommu_page_info info;
	char text[64];
	bool right;

	if (machine_page_info(p->m, pa, &info))
		return play_broken(p, "0x%" PRIx64 " is no memory any more",
				   pa);
	if (info.pins)
		return play_broken(p,
				   "%s is still pinned, and nothing is "
				   "mapped",
				   play_address(p, pa, text));
	right = truth == TRUTH_NOBODY ? info.state != HYPIOMMU_PAGE_OWNED
				      : info.state == HYPIOMMU_PAGE_OWNED &&
						info.owner == truth;
	return right || play_broken(p, "%s is not accounted to its owner",
				    play_address(p, pa, text));
}

static bool accounts_right(struct play *p)
{
	uint64_t tables = machine_tables_used(p->m);
	bool good = true;

	for (uint64_t at = 0; good && at < SCN_RAM_SIZE; at += PLAY_PAGE)
		good = page_right(p, MACHINE_RAM_BASE + at);
	good = good && page_right(p, p->config.doorbell);
	if (good && tables != p->m->base_tables)
		return play_broken(p, "%" PRId64 " table pages are lost",
				   (int64_t)(tables - p->m->base_tables));
	return good;
}

/* ------------------------------------------------------------------ new life
 */

static bool life(struct play *p, const char *what, int err)
{
	return !err || play_broken(p, "the machine serves no new life: %s: %s",
				   what, hypiommu_error_name(err));
}

static bool one_life(struct play *p, const struct scn_device *d, uint32_t stage)
{
	const uint32_t who = HYPIOMMU_HOST;
	uint64_t domain, pa = 0;

	if (!life(p, "alloc",
		  call(p, who, HYPIOMMU_HC_DOMAIN_ALLOC, d->smmu, stage, 0, 0,
		       0, &domain)) ||
	    !life(p, "attach",
		  call(p, who, HYPIOMMU_HC_ATTACH_DEV, d->smmu, d->sid, domain,
		       0, 0, NULL)) ||
	    !life(p, "map",
		  call(p, who, HYPIOMMU_HC_MAP_PAGES, domain, 0x7000, SPARE,
		       PLAY_PAGE, 3, NULL)))
		return false;
	if (reach(p, d, 0x7000, &pa) != SIM_DMA_OK || pa != SPARE)
		return play_broken(p, "a new life: %s does not reach its page",
				   d->name);
	if (!life(p, "unmap",
		  call(p, who, HYPIOMMU_HC_UNMAP_PAGES, domain, 0x7000,
		       PLAY_PAGE, 0, 0, NULL)))
		return false;
	if (reach(p, d, 0x7000, &pa) != SIM_DMA_ABORT)
		return play_broken(p, "a new life: %s reaches an unmapped page",
				   d->name);
	return life(p, "detach",
		    call(p, who, HYPIOMMU_HC_DETACH_DEV, d->smmu, d->sid,
			 domain, 0, 0, NULL)) &&
	       free_domain(p, who, domain);
}

/* Not where the scenario gave the device, or the page, to somebody else. */
static bool hosts(const struct play *p, const struct scn_device *d)
{
	size_t i = machine_stream(p->m, d->smmu, d->sid);

	return d->standing == SCN_DECLARED && i < p->config.sid_count &&
	       p->m->stream_truth[i] == HYPIOMMU_HOST &&
	       machine_truth(p->m, SPARE) == HYPIOMMU_HOST;
}

/* Some scenarios leave the pool empty. */
static void feed_pool(struct play *p)
{
	struct hypiommu_pool_info pool;

	if (hypiommu_pool_info(p->m->h, &pool) ||
	    pool.pages - pool.used >= MORE_PAGES)
		return;
	call(p, HYPIOMMU_HOST, HYPIOMMU_HC_MEM_TOPUP, MORE, MORE_PAGES, 0, 0, 0,
	     NULL);
}

static bool new_life(struct play *p)
{
	bool only2 = p->s->machine.has >> SCN_O_ONE_STAGE & 1 &&
		     p->s->machine.value[SCN_O_ONE_STAGE] == 2;
	bool good = true;

	feed_pool(p);
	for (uint32_t i = 0; good && i < p->s->device_count; i++) {
		if (hosts(p, &p->s->devices[i]))
			good = one_life(p, &p->s->devices[i], only2 ? 2 : 1);
	}
	return good;
}

void play_end(struct play *p)
{
	if (!finalised(p)) {
		machine_mend(p->m);
		all_blocked(p);
		return;
	}
	if (!repair(p) || !take_down(p))
		return;
	machine_check_now(p->m);
	if (accounts_right(p) && new_life(p))
		accounts_right(p);
}
