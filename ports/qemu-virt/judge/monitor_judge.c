// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* At EL2: what the monitor asks of the library passes through here. For one
 * CPU at a time. */
#include <stdlib.h>

#include "judge.h"
#include "monitor.h"

int __real_hypiommu_finalise(struct hypiommu *h);
int __wrap_hypiommu_finalise(struct hypiommu *h);
void __real_hypiommu_hcall(struct hypiommu *h, uint32_t caller,
			   struct hypiommu_regs *regs);
void __wrap_hypiommu_hcall(struct hypiommu *h, uint32_t caller,
			   struct hypiommu_regs *regs);
int __real_hypiommu_donate(struct hypiommu *h, uint32_t from, uint32_t to,
			   uint64_t pa, uint64_t size);
int __wrap_hypiommu_donate(struct hypiommu *h, uint32_t from, uint32_t to,
			   uint64_t pa, uint64_t size);
void __real_psci_call(struct frame *frame);
void __wrap_psci_call(struct frame *frame);

static struct hypiommu *instance;
static struct spec *spec;
static uint64_t judged;

void abort(void)
{
	monitor_panic("abort", 0);
}

static void verdict(const char *objection)
{
	if (objection)
		print("\n# %s\n", objection);
	if (objection)
		monitor_panic("the specification objects, call", judged);
	judged++;
}

static uint64_t pool_used(void)
{
	struct hypiommu_pool_info info = { 0 };

	hypiommu_pool_info(instance, &info);
	return info.used;
}

static uint32_t pins(void *ctx, uint64_t pa)
{
	struct hypiommu_page_info info = { 0 };

	(void)ctx;
	hypiommu_page_info(instance, pa, &info);
	return info.pins;
}

int __wrap_hypiommu_finalise(struct hypiommu *h)
{
	int err = __real_hypiommu_finalise(h);

	instance = h;
	spec = judge_machine(pool_used());
	return err;
}

void __wrap_hypiommu_hcall(struct hypiommu *h, uint32_t caller,
			   struct hypiommu_regs *regs)
{
	const struct hypiommu_regs in = *regs;
	struct spec_seen seen = { .pins = pins };

	__real_hypiommu_hcall(h, caller, regs);
	seen.used = pool_used();
	verdict(spec_hcall(spec, caller, in.x, regs->x, &seen));
}

int __wrap_hypiommu_donate(struct hypiommu *h, uint32_t from, uint32_t to,
			   uint64_t pa, uint64_t size)
{
	int err = __real_hypiommu_donate(h, from, to, pa, size);

	verdict(spec_transition(spec, SPEC_DONATE, from, to, pa, size, err));
	return err;
}

/* Where the monitor sends calls it does not know. */
void __wrap_psci_call(struct frame *frame)
{
	if (frame->x[0] == JUDGE_SEEN) {
		frame->x[2] = pins(NULL, frame->x[1]);
		frame->x[1] = pool_used();
	} else if (frame->x[0] == JUDGE_HASH) {
		frame->x[1] = judged;
		frame->x[2] = judge_hash(spec);
	} else {
		__real_psci_call(frame);
	}
}
