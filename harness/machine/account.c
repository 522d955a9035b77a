// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Who owns what, as the harness believes it: changed only by what a caller was
 * told succeeded, never read from the library.
 */
#include <string.h>

#include "judge.h"
#include "machine.h"

#define PAGE 4096ull

static uint8_t *truth_of(const struct machine *m, uint64_t pa)
{
	uint64_t ram = m->config.ram_size;

	if (pa >= MACHINE_RAM_BASE && pa - MACHINE_RAM_BASE < ram)
		return &m->truth[(pa - MACHINE_RAM_BASE) / PAGE];
	if (pa >= MACHINE_EL2_BASE &&
	    pa - MACHINE_EL2_BASE < MACHINE_EL2_SIZE + MACHINE_DONOR_SIZE)
		return &m->truth[(ram + pa - MACHINE_EL2_BASE) / PAGE];
	if (pa >= m->config.doorbell && pa - m->config.doorbell < PAGE)
		return (uint8_t *)&m->doorbell_truth;
	return NULL;
}

uint8_t machine_truth(const struct machine *m, uint64_t pa)
{
	const uint8_t *t = truth_of(m, pa);

	return t ? *t : TRUTH_NOBODY;
}

void machine_set_truth(struct machine *m, uint64_t pa, uint64_t size,
		       uint8_t who)
{
	for (uint64_t at = 0; at < size; at += PAGE) {
		uint8_t *t = truth_of(m, pa + at);

		if (t)
			*t = who;
		else
			machine_violation(m, "a transition of what is no "
					     "memory was accepted");
	}
}

typedef int (*transition_fn)(struct hypiommu *h, uint32_t a, uint32_t b,
			     uint64_t pa, uint64_t size);

/*
 * One transition: `who` may have the pages afterwards. Judge it, account for
 * it if the library accepted it, and look.
 */
static int transition(struct machine *m, enum spec_transition how,
		      transition_fn fn, uint32_t a, uint32_t b, uint64_t pa,
		      uint64_t size, uint32_t who)
{
	int err;

	machine_current = m;
	judge_begin(m);
	err = fn(m->h, a, b, pa, size);
	judge_transition(m->judge, how, a, b, pa, size, err);
	judge_end(m);
	if (err)
		return err;
	machine_set_truth(m, pa, size, (uint8_t)who);
	if (m->config.check != MACHINE_CHECK_OFF)
		machine_look(m);
	return err;
}

int machine_donate(struct machine *m, uint32_t from, uint32_t to, uint64_t pa,
		   uint64_t size)
{
	return transition(m, SPEC_DONATE, hypiommu_donate, from, to, pa, size,
			  to);
}

int machine_share(struct machine *m, uint32_t owner, uint32_t with, uint64_t pa,
		  uint64_t size)
{
	return transition(m, SPEC_SHARE, hypiommu_share, owner, with, pa, size,
			  TRUTH_NOBODY);
}

int machine_unshare(struct machine *m, uint32_t owner, uint32_t with,
		    uint64_t pa, uint64_t size)
{
	return transition(m, SPEC_UNSHARE, hypiommu_unshare, owner, with, pa,
			  size, owner);
}

int machine_lend(struct machine *m, uint32_t owner, uint32_t to, uint64_t pa,
		 uint64_t size)
{
	return transition(m, SPEC_LEND, hypiommu_lend, owner, to, pa, size,
			  TRUTH_NOBODY);
}

int machine_reclaim(struct machine *m, uint32_t owner, uint32_t borrower,
		    uint64_t pa, uint64_t size)
{
	return transition(m, SPEC_RECLAIM, hypiommu_reclaim, owner, borrower,
			  pa, size, owner);
}

size_t machine_stream(const struct machine *m, uint64_t smmu, uint64_t sid)
{
	const struct machine_config *c = &m->config;
	size_t i = 0;

	while (i < c->sid_count &&
	       (c->sids[i] != sid ||
		(c->sid_smmus ? c->sid_smmus[i] : 0) != smmu))
		i++;
	return i;
}

int machine_assign_stream_behind(struct machine *m, uint32_t smmu, uint32_t sid,
				 uint32_t from, uint32_t to)
{
	size_t stream = machine_stream(m, smmu, sid);
	int err;

	machine_current = m;
	judge_begin(m);
	err = hypiommu_assign_stream(m->h, smmu, sid, from, to);
	judge_assign(m->judge, smmu, sid, from, to, err);
	judge_end(m);
	if (!err && stream < m->config.sid_count)
		m->stream_truth[stream] = to;
	return err;
}

int machine_assign_stream(struct machine *m, uint32_t sid, uint32_t from,
			  uint32_t to)
{
	return machine_assign_stream_behind(m, 0, sid, from, to);
}

int machine_suspend(struct machine *m, uint32_t smmu)
{
	int err;

	machine_current = m;
	judge_begin(m);
	err = hypiommu_smmu_suspend(m->h, smmu);
	judge_suspend(m->judge, smmu, err);
	judge_end(m);
	return err;
}

int machine_reset(struct machine *m, uint32_t smmu)
{
	int err;

	machine_current = m;
	judge_begin(m);
	err = hypiommu_smmu_reset(m->h, smmu);
	judge_reset(m->judge, smmu, err);
	judge_end(m);
	return err;
}

static void account_hcall(struct machine *m, const struct hypiommu_regs *in,
			  const struct hypiommu_regs *out)
{
	if (out->x[0])
		return;
	if (in->x[0] == HYPIOMMU_HC_MEM_TOPUP)
		machine_set_truth(m, in->x[1], out->x[1] * PAGE, HYPIOMMU_HYP);
	else if (in->x[0] == HYPIOMMU_HC_MEM_GIVEBACK)
		machine_set_truth(m, out->x[1], PAGE, HYPIOMMU_HOST);
}

void machine_hcall(struct machine *m, uint32_t caller,
		   struct hypiommu_regs *regs)
{
	const struct hypiommu_regs in = *regs;
	struct mappings_call call;

	machine_current = m;
	judge_begin(m);
	mappings_begin(m, &call, &in);
	hypiommu_hcall(m->h, caller, regs);
	mappings_end(m, &call, regs);
	judge_hcall(m->judge, caller, &in, regs);
	judge_end(m);
	m->stats.hypercalls++;
	if (m->locks->count)
		machine_violation(m, "a hypercall returned with a lock held");
	account_hcall(m, &in, regs);
	if (m->config.check != MACHINE_CHECK_OFF &&
	    ++m->calls % m->config.check_every == 0)
		machine_look(m);
}
