// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What holds of every hypercall, whatever the scenario expected of it. */
#include <inttypes.h>

#include "play.h"

/* What iova translates to as the library says; ~0 for nothing. */
static uint64_t lookup(struct play *p, uint32_t caller, uint64_t domain,
		       uint64_t iova)
{
	struct hypiommu_regs regs = {
		.x = { HYPIOMMU_HC_IOVA_TO_PHYS, domain, iova },
	};

	hypiommu_hcall(p->m->h, caller, &regs);
	return regs.x[0] ? ~0ull : regs.x[1];
}

static bool hardware_may_fail(const struct play *p)
{
	return p->ailing || p->m->fault.fired;
}

static void judge_status(struct play *p, const struct hypiommu_regs *out)
{
	int64_t status = (int64_t)out->x[0];

	if (status > 0 || status < HYPIOMMU_E_NOSYS)
		play_broken(p, "a status that does not exist: %" PRId64,
			    status);
	if (out->x[5] | out->x[6] | out->x[7])
		play_broken(p, "x5 to x7 are not zero");
	if ((status == HYPIOMMU_E_TIMEOUT || status == HYPIOMMU_E_HW) &&
	    !hardware_may_fail(p))
		play_broken(p, "good hardware was called bad");
}

/* As much as it says, or nothing. */
static void judge_progress(struct play *p, uint32_t caller,
			   const struct hypiommu_regs *in,
			   const struct hypiommu_regs *out)
{
	bool map = in->x[0] == HYPIOMMU_HC_MAP_PAGES;
	uint64_t size = map ? in->x[4] : in->x[3], done = out->x[1];
	uint64_t first = map ? in->x[3] : ~0ull, last;
	int64_t status = (int64_t)out->x[0];

	if (done > size || done % PLAY_PAGE)
		play_broken(p, "a progress that cannot be: %" PRIu64, done);
	if (!status && !done)
		play_broken(p, "nothing was done, and it is called a success");
	if (status && done && status != HYPIOMMU_E_NOMEM &&
	    status != HYPIOMMU_E_TIMEOUT && status != HYPIOMMU_E_HW)
		play_broken(p, "refused, and yet something was done");
	if (!done || p->result->failed)
		return;
	last = map ? first + done - 1 : ~0ull;
	if (lookup(p, caller, in->x[1], in->x[2]) != first ||
	    lookup(p, caller, in->x[1], in->x[2] + done - 1) != last)
		play_broken(p,
			    "%" PRIu64 " bytes are said to be done, and "
			    "are not",
			    done);
}

void play_judge(struct play *p, uint32_t caller, const struct hypiommu_regs *in,
		const struct hypiommu_regs *out)
{
	judge_status(p, out);
	if (in->x[0] == HYPIOMMU_HC_MAP_PAGES ||
	    in->x[0] == HYPIOMMU_HC_UNMAP_PAGES)
		judge_progress(p, caller, in, out);
}
