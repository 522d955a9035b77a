// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "host.h"
#include "tap.h"

_Noreturn void host_main(void)
{
	test_main();
	tap_done();
	for (;;)
		psci(PSCI_SYSTEM_OFF, 0, 0, 0);
}

_Noreturn void host_exception(uint64_t vector)
{
	print("\nBail out! EL1: vector %lu esr %#lx elr %#lx far %#lx\n",
	      vector, sysreg_read(esr_el1), sysreg_read(elr_el1),
	      sysreg_read(far_el1));
	for (;;)
		psci(PSCI_SYSTEM_OFF, 0, 0, 0);
}

void hvc(struct hypiommu_regs *regs)
{
	register uint64_t x0 __asm__("x0") = regs->x[0];
	register uint64_t x1 __asm__("x1") = regs->x[1];
	register uint64_t x2 __asm__("x2") = regs->x[2];
	register uint64_t x3 __asm__("x3") = regs->x[3];
	register uint64_t x4 __asm__("x4") = regs->x[4];
	register uint64_t x5 __asm__("x5") = regs->x[5];
	register uint64_t x6 __asm__("x6") = regs->x[6];
	register uint64_t x7 __asm__("x7") = regs->x[7];

	__asm__ volatile("hvc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4),
			   "+r"(x5), "+r"(x6), "+r"(x7)
			 :
			 : "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
			   "x16", "x17", "memory");
	*regs = (struct hypiommu_regs){ .x = { x0, x1, x2, x3, x4, x5, x6,
					       x7 } };
}

int64_t psci(uint64_t fn, uint64_t a, uint64_t b, uint64_t c)
{
	struct hypiommu_regs regs = { .x = { fn, a, b, c } };

	hvc(&regs);
	return (int64_t)regs.x[0];
}

bool second_cpu(void (*f)(void))
{
	return !psci(PSCI_CPU_ON, 1, (uintptr_t)secondary_start, (uintptr_t)f);
}

uint64_t now_us(void)
{
	isb();
	return sysreg_read(cntpct_el0) / (sysreg_read(cntfrq_el0) / 1000000);
}

void *host_alloc(uint64_t size)
{
	static uint64_t next = HEAP_BASE;
	uint64_t old = __atomic_load_n(&next, __ATOMIC_RELAXED), at;

	do {
		at = (old + size - 1) & ~(size - 1);
		if (at + size > RAM_BASE + RAM_SIZE) {
			print("Bail out! out of memory\n");
			psci(PSCI_SYSTEM_OFF, 0, 0, 0);
		}
	} while (!__atomic_compare_exchange_n(&next, &old, at + size, false,
					      __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
	return memset((void *)(uintptr_t)at, 0, size);
}
