// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The life of the monitor: MMU on, library bound, SMMU taken over, host
 * started at EL1 behind stage 2. From then on it only answers exceptions.
 */
#include "monitor.h"

/* What EL1 sees of this CPU, and where its exceptions go. */
static void host_registers(void)
{
	extern char vectors[];
	uint64_t counters = sysreg_read(pmcr_el0) >> 11 & 31;

	sysreg_write(vbar_el2, (uintptr_t)vectors);
	sysreg_write(vpidr_el2, sysreg_read(midr_el1));
	sysreg_write(vmpidr_el2, sysreg_read(mpidr_el1));
	sysreg_write(sctlr_el1, 0x30d00800); /* RES1: MMU and caches off */
	sysreg_write(cptr_el2, 0x33ff);	     /* RES1: floating point is EL1's */
	sysreg_write(hstr_el2, 0);
	sysreg_write(cnthctl_el2, 3); /* EL1 reads clock and timer */
	sysreg_write(cntvoff_el2, 0);
	/* Counters are trapped: they would count what EL2 does. */
	sysreg_write(mdcr_el2, 1u << 6 | 1u << 5 | counters);
	/* EL1 is AArch64, SMC is trapped; set/way cleans also invalidate. */
	sysreg_write(hcr_el2, 1ull << 31 | 1u << 19 | 1u << 1);
}

static void cpu_init(unsigned int cpu)
{
	mmu_enable();
	host_registers();
	gic_init(cpu);
}

_Noreturn void monitor_panic(const char *what, uint64_t value)
{
	print("\nBail out! EL2: %s %#lx\n", what, value);
	psci_system_off();
}

_Noreturn void monitor_main(void)
{
	struct hypiommu *h;

	mmu_build();
	cpu_init(0);
	print("# monitor: EL2, MMU and caches on\n");
	h = iommu_init();
	if (!h)
		psci_system_off(); /* DMA cannot be held: no host */
	trap_init(h);
	stage2_build();
	stage2_follow(h, RAM_BASE, RAM_SIZE);
	stage2_enable();
	enter_host(HOST_ENTRY, 0);
}

_Noreturn void monitor_secondary(uint64_t cpu)
{
	uint64_t address, x0;

	cpu_init((unsigned int)cpu);
	stage2_enable();
	psci_host_entry((unsigned int)cpu, &address, &x0);
	enter_host(address, x0);
}
