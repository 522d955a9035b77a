// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What the host does that traps: calls are served, everything else is given
 * back to it as an exception of its own. */
#include "abi.h"
#include "monitor.h"

#define ESR_EC(esr)   ((esr) >> 26 & 0x3f)
#define EC_UNKNOWN    0x00ull
#define EC_HVC64      0x16ull
#define EC_SMC64      0x17ull
#define EC_IABT_LOWER 0x20ull
#define EC_DABT_LOWER 0x24ull
#define ESR_IL	      (1ull << 25)
#define ESR_WNR	      (1ull << 6)
#define FSC_EXTERNAL  0x10ull

static struct hypiommu *instance;

void trap_init(struct hypiommu *h)
{
	instance = h;
}

/* Where EL1's vector for its own synchronous exceptions begins. */
static uint64_t host_vector(uint64_t spsr)
{
	uint64_t vbar = sysreg_read(vbar_el1);

	if (spsr & 0x10) /* EL0, AArch32 */
		return vbar + 0x600;
	if ((spsr & 0xf) == 5) /* EL1h */
		return vbar + 0x200;
	return (spsr & 0xf) == 4 ? vbar : vbar + 0x400;
}

static void inject(uint64_t esr)
{
	uint64_t spsr = sysreg_read(spsr_el2);

	sysreg_write(esr_el1, esr);
	sysreg_write(elr_el1, sysreg_read(elr_el2));
	sysreg_write(spsr_el1, spsr);
	sysreg_write(far_el1, sysreg_read(far_el2));
	sysreg_write(elr_el2, host_vector(spsr));
	sysreg_write(spsr_el2, SPSR_EL1H_MASKED);
}

/* Stage 2 said no: to the host, nothing answers at that address. */
static void inject_abort(uint64_t esr)
{
	bool from_el0 = !(sysreg_read(spsr_el2) & 0xf);
	uint64_t ec = ESR_EC(esr) + (from_el0 ? 0 : 1);

	inject(ec << 26 | ESR_IL | (esr & ESR_WNR) | FSC_EXTERNAL);
}

/* What changes owners goes through ownership.c, table pages included. */
static bool changes_owners(uint64_t fn)
{
	return fn == MONITOR_IOMMU + HYPIOMMU_HC_MEM_TOPUP ||
	       fn == MONITOR_IOMMU + HYPIOMMU_HC_MEM_GIVEBACK ||
	       (fn >= MONITOR_DONATE && fn <= MONITOR_GUEST_LOAD);
}

static void hypercall(struct frame *frame)
{
	uint64_t fn = frame->x[0];

	if (fn - MONITOR_IOMMU >= 0x1000) /* not ours: PSCI, or nothing */
		psci_call(frame);
	else if (changes_owners(fn))
		ownership_call(instance, frame);
	else if (fn == MONITOR_SUSPEND || fn == MONITOR_RESUME)
		power_call(instance, frame);
	else
		iommu_hypercall(instance, frame);
}

void trap_from_host(struct frame *frame)
{
	uint64_t esr = sysreg_read(esr_el2);

	switch (ESR_EC(esr)) {
	case EC_HVC64:
		hypercall(frame);
		break;
	case EC_SMC64: /* trapped before it ran */
		sysreg_write(elr_el2, sysreg_read(elr_el2) + 4);
		psci_call(frame);
		break;
	case EC_IABT_LOWER:
	case EC_DABT_LOWER:
		inject_abort(esr);
		break;
	default:
		inject(EC_UNKNOWN << 26 | ESR_IL);
		break;
	}
}

_Noreturn void trap_unexpected(uint64_t vector)
{
	print("\n# esr %#lx elr %#lx far %#lx\n", sysreg_read(esr_el2),
	      sysreg_read(elr_el2), sysreg_read(far_el2));
	monitor_panic("unexpected exception, vector", vector);
}
