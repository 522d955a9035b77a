// SPDX-License-Identifier: GPL-2.0-only
/* The module's own hypercall, and the host's hands on registers. */
#include "test.h"

#include "../../ports/pkvm/common/trap.h"

static uint64_t call(enum hypiommu_module_fn fn, uint64_t a,
		     struct user_pt_regs *regs)
{
	memset(regs, 0, sizeof(*regs));
	regs->regs[1] = fn;
	regs->regs[2] = a;
	hypiommu_module_call(regs);
	return regs->regs[1];
}

void test_calls(void)
{
	struct user_pt_regs r;
	char byte = 0;

	mock_boot();
	check(call(HYPIOMMU_MODULE_DOMAIN, 0, &r) == (uint64_t)-12);
	check(call(HYPIOMMU_MODULE_FAULT, 0, &r) == (uint64_t)-12);
	check(mock_take_over() == 0);
	check(mock_take_over() == -EBUSY);
	check(call(HYPIOMMU_MODULE_DOMAIN, smmu_of(0), &r) == 0);
	check(r.regs[2] == 1 && r.regs[3] >= 39 && r.regs[4] & PAGE);
	check(call(HYPIOMMU_MODULE_DOMAIN, 99, &r) != 0);
	check(call(HYPIOMMU_MODULE_FAULT, 1ull << 32, &r) != 0);
	check(call((enum hypiommu_module_fn)1000, 0, &r) != 0);
	check(bed_dma(0, IOVA, true, &byte, 1) == SIM_DMA_ABORT);
	check(mock_alloc_domain(DOMAIN, TYPE) == 0);
	check(call(HYPIOMMU_MODULE_STATS, 0, &r) == 0);
	check(r.regs[2] == 0 && r.regs[5] > 0);
}

static void for_the_host(uint64_t pa, unsigned int width, bool write,
			 uint64_t val)
{
	(void)val;
	check(width == 4 && (write ? bed_host_writes(pa) : bed_host_reads(pa)));
}

void test_registers(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	mock_on_io = for_the_host;
	bed_test_registers();
	mock_on_io = NULL;
	check(reaches(0, IOVA));
}

/* A block of the memory controller that is longer shows no more: the list of
 * what may be read is not repeated. */
void test_long_block(void)
{
	struct hypiommu_machine_range *mc = hypiommu_machine.mc;

	start();
	if (!hypiommu_machine.mc_count)
		return;
	bed_write(mc[1].base, 4, 5);
	bed_write(mc[2].base, 4, 6);
	check(mock_host_read(mc[2].base) == 6);
	mc[1].size *= 2;
	check(mock_host_read(mc[1].base) == 5 && !mock_host_read(mc[2].base));
}

/* How an access is made: sizes, signs, XZR, and what cannot be told. */
void test_accesses(void)
{
	struct user_pt_regs r = { .regs[5] = 1, .regs[30] = 2, .sp = 3 };
	struct user_pt_regs kept = r;
	uint64_t pa;

	start();
	pa = hypiommu_machine.smmu[0].frame[0].base;
	check(mock_abort(pa, MOCK_ESR(2, 31), &r));
	check(mock_abort(pa, MOCK_ESR(2, 31) | MOCK_ESR_WRITE, &r));
	check(!memcmp(&r, &kept, sizeof(r)));
	for (unsigned int sas = 0; sas < 4; sas++) {
		r.regs[5] = ~0ull;
		check(mock_abort(pa + 0x1000, MOCK_ESR(sas, 5), &r));
		check(r.regs[5] == 0);
	}
	check(!mock_abort(pa, MOCK_ESR(2, 5) & ~(1ull << 24), &r)); /* ISV */
	check(!mock_abort(pa, MOCK_ESR(2, 5) | 1 << 7, &r));	    /* S1PTW */
	check(!mock_abort(pa, MOCK_ESR(2, 5) | 1 << 8, &r));	    /* CM */
	check(!mock_abort(pa, MOCK_ESR(2, 5) & ~(4ull << 26), &r)); /* fetch */
	check(!hypiommu_ops.dabt_handler(&r, MOCK_ESR(2, 5), BUF));
}

static uint64_t loaded(uint64_t esr, uint64_t val)
{
	struct hypiommu_trap t;

	check(hypiommu_trap_decode(esr, &t));
	return hypiommu_trap_loaded(&t, val);
}

void test_loads(void)
{
	const uint64_t val = 0x8899aabbccddeeffull;
	const uint64_t sse = MOCK_ESR_SSE, sf = MOCK_ESR_SF;

	check(loaded(MOCK_ESR(0, 1), val) == 0xff);
	check(loaded(MOCK_ESR(1, 1), val) == 0xeeff);
	check(loaded(MOCK_ESR(2, 1), val) == 0xccddeeff);
	check(loaded(MOCK_ESR(3, 1) | sf, val) == val);
	check(loaded(MOCK_ESR(0, 1) | sse, val) == 0xffffffff);
	check(loaded(MOCK_ESR(0, 1) | sse | sf, val) == ~0ull);
	check(loaded(MOCK_ESR(1, 1) | sse, 0x1234) == 0x1234);
	check(loaded(MOCK_ESR(1, 1) | sse, val) == 0xffffeeff);
	check(loaded(MOCK_ESR(2, 1) | sse | sf, val) == 0xffffffffccddeeffull);
	check(loaded(MOCK_ESR(2, 1) | sse | sf, 5) == 5);
}
