// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* At EL1: every HVC passes through here, with the registers as they came. */
#include <stdlib.h>

#include "abi.h"
#include "host.h"
#include "hypiommu/hypiommu.h"
#include "judge.h"

void __real_hvc(struct hypiommu_regs *regs);
void __wrap_hvc(struct hypiommu_regs *regs);

static struct spec *spec;
static const char *objection;
static uint64_t judged;

void abort(void)
{
	print("Bail out! EL1: abort\n");
	for (;;)
		psci(PSCI_SYSTEM_OFF, 0, 0, 0);
}

static struct hypiommu_regs ask(uint64_t pa)
{
	struct hypiommu_regs regs = { .x = { JUDGE_SEEN, pa } };

	__real_hvc(&regs);
	return regs;
}

static uint32_t pins(void *ctx, uint64_t pa)
{
	(void)ctx;
	return (uint32_t)ask(pa).x[2];
}

static void verdict(const char *says)
{
	judged++;
	if (!objection)
		objection = says;
}

static void judge_hypercall(const struct hypiommu_regs *in,
			    const struct hypiommu_regs *out)
{
	struct hypiommu_regs asked = *in;
	struct spec_seen seen = { .used = ask(0).x[1], .pins = pins };

	asked.x[0] -= MONITOR_IOMMU;
	verdict(spec_hcall(spec, HYPIOMMU_HOST, asked.x, out->x, &seen));
}

/* What MONITOR_DONATE and MONITOR_RETURN do to the books, if they get so far
 * (monitor/ownership.c). */
static void judge_ownership(const struct hypiommu_regs *in, int status)
{
	uint32_t guest = (uint32_t)HYPIOMMU_GUEST(in->x[3]);
	uint64_t pa = in->x[1], size = in->x[2];

	if (status == HYPIOMMU_E_INVAL)
		return; /* the monitor's own limits */
	if (in->x[0] == MONITOR_DONATE) {
		verdict(spec_transition(spec, SPEC_DONATE, HYPIOMMU_HOST, guest,
					pa, size, status));
		return;
	}
	verdict(spec_transition(spec, SPEC_DONATE, guest, HYPIOMMU_HYP, pa,
				size, status));
	if (!status)
		verdict(spec_transition(spec, SPEC_DONATE, HYPIOMMU_HYP,
					HYPIOMMU_HOST, pa, size, status));
}

void __wrap_hvc(struct hypiommu_regs *regs)
{
	const struct hypiommu_regs in = *regs;

	__real_hvc(regs);
	if (!spec || objection)
		return;
	if (in.x[0] - MONITOR_IOMMU < MONITOR_DONATE - MONITOR_IOMMU)
		judge_hypercall(&in, regs);
	else if (in.x[0] == MONITOR_DONATE || in.x[0] == MONITOR_RETURN)
		judge_ownership(&in, (int)regs->x[0]);
}

const struct spec *judge_begin(void)
{
	spec = judge_machine(ask(0).x[1]);
	return spec;
}

uint64_t judge_calls(void)
{
	return judged;
}

const char *judge_objection(void)
{
	return objection;
}
