// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * PSCI (DEN 0022) for the host: a CPU it asks for comes up in EL2 first. What
 * is not needed to run two CPUs is not supported, CPU_OFF among it.
 */
#include "abi.h"
#include "hypiommu_env_el2.h"
#include "monitor.h"

struct cpu {
	uint64_t address, x0; /* where the host wants it */
	bool on;
};

static struct cpu cpus[CPUS] = { { .on = true } };
static hypiommu_env_lock_t lock;

static int64_t firmware(uint64_t fn, uint64_t a, uint64_t b, uint64_t c)
{
	register uint64_t x0 __asm__("x0") = fn;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;
	register uint64_t x3 __asm__("x3") = c;

	__asm__ volatile("smc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
			 :
			 : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11",
			   "x12", "x13", "x14", "x15", "x16", "x17", "memory");
	return (int64_t)x0;
}

_Noreturn void psci_system_off(void)
{
	firmware(PSCI_SYSTEM_OFF, 0, 0, 0);
	for (;;)
		__asm__ volatile("wfi");
}

static int64_t cpu_on(uint64_t target, uint64_t address, uint64_t x0)
{
	int64_t err = PSCI_ALREADY_ON;
	struct cpu *cpu;

	if (target >= CPUS)
		return PSCI_INVALID;
	cpu = &cpus[hypiommu_env_nospec(target, CPUS)];
	hypiommu_env_lock(&lock);
	if (!cpu->on) {
		cpu->address = address;
		cpu->x0 = x0;
		dsb(ish);
		err = firmware(PSCI_CPU_ON, target, (uintptr_t)secondary_start,
			       target);
		cpu->on = !err;
	}
	hypiommu_env_unlock(&lock);
	return err;
}

void psci_host_entry(unsigned int cpu, uint64_t *address, uint64_t *x0)
{
	*address = cpus[cpu].address;
	*x0 = cpus[cpu].x0;
}

void psci_call(struct frame *frame)
{
	int64_t result = PSCI_NOT_SUPPORTED;

	switch (frame->x[0]) {
	case PSCI_VERSION:
		result = 1 << 16;
		break;
	case PSCI_CPU_ON:
		result = cpu_on(frame->x[1], frame->x[2], frame->x[3]);
		break;
	case PSCI_SYSTEM_OFF:
		psci_system_off();
	}
	frame->x[0] = (uint64_t)result;
}
