// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's EL2 half, as it is, on simulated hardware behind a model of the
 * core. The observer of mock.c looks at every step from the moment the module
 * takes its first page: a device reaches pages of the host that are counted,
 * and nothing else.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "mock.h"

#include "../../ports/pkvm/common/trap.h"

#define TYPE   HYPIOMMU_MACHINE_TYPE(smmu_of(0))
#define DOMAIN 1u
#define IOVA   0x10000000ull
#define BUF    (RAM + 4 * MiB)

static uint32_t smmu_of(unsigned int device)
{
	uint32_t smmu, sid;

	bed_stream(device, &smmu, &sid);
	return smmu;
}

static bool reaches(unsigned int device, uint64_t iova)
{
	char byte = 0x5a;

	return bed_dma(device, iova, true, &byte, 1) == SIM_DMA_OK;
}

static void assert_all_blocked(void)
{
	mock_watch = true;
	mock_look();
	for (unsigned int i = 0; i < bed_devices; i++) {
		check(!reaches(i, BUF));
		check(!reaches(i, IOVA));
	}
}

static void start(void)
{
	mock_boot();
	check(mock_take_over() == 0);
	assert_all_blocked();
}

static void start_attached(void)
{
	start();
	check(mock_alloc_domain(DOMAIN, TYPE) == 0);
	check(mock_attach(0, DOMAIN) == 0);
}

/* ---------------------------------------------------------------- the tests */

/* What the core does not offer is noticed when the module is loaded. */
static void test_core_without(void)
{
	void **member = (void **)(void *)&mock_ops;

	for (size_t i = 0; i < sizeof(mock_ops) / sizeof(*member); i++) {
		void *kept = member[i];

		member[i] = NULL;
		check(hypiommu_module_init(&mock_ops) == -EOPNOTSUPP);
		member[i] = kept;
	}
	check(hypiommu_module_init(NULL) == -EOPNOTSUPP);
	check(mock_take_over() == -EBUSY);
}

static void test_life(void)
{
	char text[] = "through the module", back[sizeof(text)] = { 0 };

	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, 8 * PAGE) == 8 * PAGE);
	check(mock_count(BUF) == 1 && mock_count(BUF + 7 * PAGE) == 1);
	check(mock_iova_to_phys(DOMAIN, IOVA + 5) == BUF + 5);
	check(bed_dma(0, IOVA + PAGE - 4, true, text, sizeof(text)) ==
	      SIM_DMA_OK);
	check(!memcmp(sim_mem_ptr(mock_machine->mem, BUF + PAGE - 4), text,
		      sizeof(text)));
	check(bed_dma(0, IOVA + PAGE - 4, false, back, sizeof(back)) ==
	      SIM_DMA_OK);
	check(!strcmp(back, text));
	check(!reaches(1, IOVA)); /* not attached */
	check(mock_unmap(DOMAIN, IOVA, 8 * PAGE) == 8 * PAGE);
	check(!reaches(0, IOVA));
	check(mock_count(BUF) == 0 && mock_count(BUF + 7 * PAGE) == 0);
	check(mock_detach(0, DOMAIN) == 0);
	check(mock_free_domain(DOMAIN) == 0);
	assert_all_blocked();
}

/* Pages that are not the host's, registers, and what nobody declared. */
static void test_refused_pages(void)
{
	start_attached();
	check(mock_give(BUF, MOCK_GUEST) == 0);
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == 0);
	check(mock_map(DOMAIN, IOVA, BUF - PAGE, 2 * PAGE) == 0);
	check(mock_count(BUF - PAGE) == 0);
	check(mock_return(BUF) == 0);
	check(mock_map(DOMAIN, IOVA, hypiommu_machine.tables.base, PAGE) == 0);
	check(mock_map(DOMAIN, IOVA, hypiommu_machine.instance.base, PAGE) ==
	      0);
	check(mock_map(DOMAIN, IOVA, hypiommu_machine.smmu[0].frame[0].base,
		       PAGE) == 0);
	check(mock_map(DOMAIN, IOVA, 0x0c000000, PAGE) == 0); /* some MMIO */
	check(mock_map(DOMAIN, IOVA, hypiommu_machine.doorbell[0].base, PAGE) ==
	      PAGE);
	check(mock_unmap(DOMAIN, IOVA, PAGE) == PAGE);
	/* RAM the core knows and the machine's description does not. */
	hypiommu_machine.ram[0].size -= 4 * MiB;
	check(mock_map(DOMAIN, IOVA, RAM + 30 * MiB, PAGE) == 0);
	check(mock_count(RAM + 30 * MiB) == 0);
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	check(reaches(0, IOVA));
}

static void test_pinned_pages_stay(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	check(mock_map(DOMAIN, IOVA + PAGE, BUF, PAGE) == PAGE);
	check(mock_give(BUF, MOCK_GUEST) == -EBUSY);
	check(mock_unmap(DOMAIN, IOVA, PAGE) == PAGE);
	check(mock_give(BUF, MOCK_HYP) == -EBUSY);
	check(mock_unmap(DOMAIN, IOVA + PAGE, PAGE) == PAGE);
	check(mock_give(BUF, MOCK_GUEST) == 0);
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == 0);
}

/* Where a request ends early, the core lowers the rest, and only that. */
static void test_partly_mapped(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA + 4 * PAGE, BUF, PAGE) == PAGE);
	check(mock_map(DOMAIN, IOVA, BUF + PAGE, 8 * PAGE) == 0);
	for (unsigned int i = 1; i < 9; i++)
		check(mock_count(BUF + i * PAGE) == 0);
	check(mock_count(BUF) == 1 && reaches(0, IOVA + 4 * PAGE));
	check(!reaches(0, IOVA));
	/* More than a call does, and no pages for tables. */
	mock_topup = false;
	check(mock_map(DOMAIN, IOVA + (1ull << 33), BUF, 4 * MiB) == 0);
	mock_topup = true;
	check(mock_map(DOMAIN, IOVA + (1ull << 33), BUF, 4 * MiB) == 4 * MiB);
	check(mock_unmap(DOMAIN, IOVA + (1ull << 33), 4 * MiB) == 4 * MiB);
}

/* While one CPU maps another unmaps: each lowers what is its own. */
static void other_unmaps(void)
{
	check(mock_unmap(DOMAIN + 1, IOVA, PAGE) == PAGE);
}

static void test_two_cpus(void)
{
	start_attached();
	check(mock_alloc_domain(DOMAIN + 1, TYPE) == 0);
	for (unsigned int same = 0; same < 2; same++) {
		uint64_t pa = BUF + (same ? PAGE : 9 * PAGE);

		check(mock_map(DOMAIN + 1, IOVA, pa, PAGE) == PAGE);
		mock_rival = other_unmaps;
		check(mock_map(DOMAIN, IOVA, BUF, 4 * PAGE) == 4 * PAGE);
		check(!mock_rival);
		check(mock_count(pa) == same && mock_count(BUF) == 1);
		check(mock_unmap(DOMAIN, IOVA, 4 * PAGE) == 4 * PAGE);
		check(mock_count(BUF) == 0 && mock_count(BUF + PAGE) == 0);
	}
}

static void test_refused_kinds(void)
{
	struct kvm_hyp_iommu_domain domain = { .domain_id = 2 };
	struct kvm_hyp_iommu *iommu;
	uint32_t smmu, sid;

	start_attached();
	bed_stream(1, &smmu, &sid);
	iommu = hypiommu_ops.get_iommu_by_id(smmu);
	check(mock_alloc_domain(2, KVM_IOMMU_DOMAIN_IDMAP_TYPE) == -EOPNOTSUPP);
	check(mock_alloc_domain(2, KVM_IOMMU_DOMAIN_ANY_TYPE) == -EOPNOTSUPP);
	check(mock_alloc_domain(2, -1) == -EOPNOTSUPP);
	check(mock_alloc_domain(
		      2, HYPIOMMU_MACHINE_TYPE(hypiommu_machine.smmu_count)) ==
	      -EOPNOTSUPP);
	check(mock_alloc_domain(KVM_IOMMU_MAX_DOMAINS / 2, TYPE) ==
	      -EOPNOTSUPP); /* a VM's */
	check(mock_alloc_domain(2, HYPIOMMU_MACHINE_TYPE(smmu)) == 0);
	domain = (struct kvm_hyp_iommu_domain){ .domain_id = 2, .priv = NULL };
	check(hypiommu_ops.attach_dev(iommu, &domain, sid, 0, 0, 0) ==
	      -ENOENT); /* never allocated */
	check(hypiommu_ops.attach_dev(iommu, &domain, sid, 1, 4, 0) ==
	      -EOPNOTSUPP);
	check(hypiommu_ops.attach_dev(iommu, &domain, sid, 0, 0, 1) ==
	      -EOPNOTSUPP);
	check(hypiommu_ops.detach_dev(iommu, &domain, sid, 1) == -EOPNOTSUPP);
	check(hypiommu_ops.attach_dev(iommu, &domain, 0x7ff, 0, 0, 0) ==
	      -ENOENT); /* nobody's stream */
	check(!hypiommu_ops.get_iommu_by_id(hypiommu_machine.smmu_count));
	check(!hypiommu_ops.get_iommu_by_id(~0u));
	check(!reaches(1, IOVA));
}

/* Hardware that stops answering: what it may still reach stays counted. */
static void test_unmap_not_confirmed(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, 4 * PAGE) == 4 * PAGE);
	bed_stall(true);
	check(mock_unmap(DOMAIN, IOVA, 4 * PAGE) == 0);
	check(mock_count(BUF) == 1 && mock_give(BUF, MOCK_GUEST) == -EBUSY);
	bed_stall(false);
	check(mock_power(smmu_of(0), true) == 0);
	check(mock_unmap(DOMAIN, IOVA, PAGE) == 0); /* finishes the first */
	check(mock_count(BUF) == 0 && mock_give(BUF, MOCK_GUEST) == 0);
}

/* What was mapped before a request was refused midway is undone; if hardware
 * does not confirm that, the core must not lower the counts. */
static void test_undo_not_confirmed(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA + 4 * PAGE, BUF, PAGE) == PAGE);
	bed_stall(true);
	mock_map_once(DOMAIN, IOVA, BUF + PAGE, 8 * PAGE, 3);
	for (unsigned int i = 1; i < 5; i++)
		check(mock_count(BUF + i * PAGE) == 1);
	bed_stall(false);
	check(mock_power(smmu_of(0), true) == 0);
	mock_look();
}

static void test_power(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	check(mock_power(smmu_of(0), false) == 0);
	check(!reaches(0, IOVA));
	check(mock_map(DOMAIN, IOVA + PAGE, BUF + PAGE, PAGE) == 0);
	check(mock_count(BUF + PAGE) == 0);
	mock_watch = false; /* out of reset hardware is as hardware is */
	check(mock_power(smmu_of(0), true) == 0);
	mock_watch = true;
	mock_look();
	check(reaches(0, IOVA));
	/* That of another SMMU is no matter of this one. */
	for (unsigned int i = 0; i < hypiommu_machine.smmu_count; i++) {
		if (i == smmu_of(0))
			continue;
		check(mock_power(i, false) == 0 && reaches(0, IOVA));
		check(mock_power(i, true) == 0 && reaches(0, IOVA));
	}
	for (unsigned int i = 0; i < hypiommu_machine.smmu_count; i++)
		check(mock_power(i, false) == 0);
	check(!reaches(0, IOVA));
	mock_sleep();
	mock_watch = false;
	for (unsigned int i = 0; i < hypiommu_machine.smmu_count; i++)
		check(mock_power(i, true) == 0);
	mock_watch = true;
	mock_look();
	check(reaches(0, IOVA));
	check(mock_unmap(DOMAIN, IOVA, PAGE) == PAGE);
	check(mock_count(BUF) == 0);
}

/* A host that says nothing of it: hardware that comes up open is closed before
 * the host runs; other hardware comes up blocking. */
static void test_sleep(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	if (!bed_always_on)
		return;
	mock_sleep();
	mock_look();
	check(reaches(0, IOVA) && !reaches(1, IOVA));
	check(mock_unmap(DOMAIN, IOVA, PAGE) == PAGE);
	check(!reaches(0, IOVA));
}

/* A domain that is freed with mappings in it, more than one call clears. */
static void test_free_mapped(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, 6 * MiB) == 6 * MiB);
	check(mock_map(DOMAIN, IOVA + (1ull << 30), BUF + PAGE, MiB) == MiB);
	check(mock_free_domain(DOMAIN) == -EINVAL);
	check(mock_detach(0, DOMAIN) == 0);
	check(mock_count(BUF + PAGE) == 2);
	check(mock_free_domain(DOMAIN) == 0);
	for (uint64_t at = 0; at < 6 * MiB; at += PAGE)
		check(mock_count(BUF + at) == 0);
	assert_all_blocked();
}

/* ------------------------------------------------------- the module's own call
 */

static uint64_t call(enum hypiommu_module_fn fn, uint64_t a,
		     struct user_pt_regs *regs)
{
	memset(regs, 0, sizeof(*regs));
	regs->regs[1] = fn;
	regs->regs[2] = a;
	hypiommu_module_call(regs);
	return regs->regs[1];
}

static void test_calls(void)
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

/* ------------------------------------------------------------- registers */

static void test_registers(void)
{
	start_attached();
	check(mock_map(DOMAIN, IOVA, BUF, PAGE) == PAGE);
	bed_test_registers();
	check(reaches(0, IOVA));
}

/* How an access is made: sizes, signs, XZR, and what cannot be told. */
static void test_accesses(void)
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

static void test_loads(void)
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

/* ------------------------------------------------------------- the take-over
 */

static void after_failure(void)
{
	struct kvm_hyp_iommu_domain domain = { .domain_id = 1 };
	struct kvm_hyp_iommu *iommu = hypiommu_ops.get_iommu_by_id(0);
	struct user_pt_regs regs = { 0 };
	uint32_t smmu, sid;
	size_t mapped = 1;

	bed_stream(0, &smmu, &sid);
	check(hypiommu_ops.attach_dev(iommu, &domain, sid, 0, 0, 0) != 0);
	check(hypiommu_ops.detach_dev(iommu, &domain, sid, 0) != 0);
	hypiommu_ops.map_pages(&domain, IOVA, BUF, PAGE, 1, 3, &mapped);
	check(mapped == 0);
	check(hypiommu_ops.unmap_pages(&domain, IOVA, PAGE, 1, NULL) == 0);
	check(hypiommu_ops.iova_to_phys(&domain, IOVA) == 0);
	hypiommu_ops.iotlb_sync(&domain, NULL);
	hypiommu_ops.free_domain(&domain);
	check(hypiommu_ops.suspend(iommu) != 0);
	check(hypiommu_ops.resume(iommu) != 0);
	check(!hypiommu_ops.dabt_handler(&regs, 0, 0x1000));
	assert_all_blocked();
}

/* A hook fails: the take-over does, and no device gets through. Before the
 * registers are mapped, it is the host that stops them. */
static void failing_hook(unsigned int k)
{
	mock_fail_hook = k;
	mock_boot();
	check(mock_take_over() != 0);
	if (!mock_stopped_at)
		bed_host_stops();
	assert_all_blocked();
	/* The core has the module's table by now, and goes on calling it. */
	check(mock_alloc_domain(DOMAIN, TYPE) != 0);
	after_failure();
}

static void count_hooks(void)
{
	start();
	_exit((int)mock_hooks);
}

/* The description is the host's: nonsense ends the take-over. */
static void bad_machine(unsigned int k)
{
	struct hypiommu_machine *m = &hypiommu_machine;

	mock_boot();
	switch (k) {
	case 0:
		m->version++;
		break;
	case 1:
		m->smmu_count = HYPIOMMU_MACHINE_SMMUS + 1;
		break;
	case 2:
		m->smmu[0].frames = 3;
		break;
	case 3:
		m->cpus = HYPIOMMU_MACHINE_CPUS + 1;
		break;
	case 4:
		m->smmu[0].frame[0].size += 1;
		break;
	case 5:
		m->instance.size -= PAGE;
		break;
	case 6:
		m->tables.size = PAGE;
		break;
	case 7:
		m->stream_count = 1u << 20;
		break;
	case 8:
		m->domains = 0;
		break;
	case 9:
		m->ram_count = HYPIOMMU_MACHINE_RAM + 1;
		break;
	default:
		m->mc_count = HYPIOMMU_MACHINE_MC + 1;
		break;
	}
	check(mock_take_over() != 0);
	if (!mock_stopped_at)
		bed_host_stops();
	assert_all_blocked();
}
#define BAD_MACHINES 11u

/* --------------------------------------------------------------- random */

static uint32_t seed = 1;

static uint32_t dice(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* What must be counted: the same requests, kept apart. */
#define SLOTS 24u
static uint64_t slots[2][SLOTS]; /* pa mapped at IOVA + slot; 0: none */

static unsigned int mappings_of(uint64_t pa)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < 2 * SLOTS; i++)
		n += slots[i / SLOTS][i % SLOTS] == pa;
	return n;
}

static void one_step(void)
{
	uint64_t pa = BUF + dice(8) * PAGE;
	unsigned int d = dice(2), slot = dice(SLOTS);
	uint64_t iova = IOVA + (uint64_t)slot * PAGE;

	switch (dice(6)) {
	case 0:
	case 1:
		if (mock_map(DOMAIN + d, iova, pa, PAGE) == PAGE) {
			check(!slots[d][slot]);
			slots[d][slot] = pa;
		}
		break;
	case 2:
	case 3:
		check(!!mock_unmap(DOMAIN + d, iova, PAGE) == !!slots[d][slot]);
		slots[d][slot] = 0;
		break;
	case 4:
		if (mock_give(pa, MOCK_GUEST) == 0)
			check(!mappings_of(pa));
		break;
	default:
		mock_return(pa);
		break;
	}
	check(mock_count(pa) == mappings_of(pa));
	check(reaches(0, iova) == !!slots[0][slot]);
}

static void test_random(void)
{
	start_attached();
	check(mock_alloc_domain(DOMAIN + 1,
				HYPIOMMU_MACHINE_TYPE(smmu_of(1))) == 0);
	check(mock_attach(1, DOMAIN + 1) == 0);
	for (int i = 0; i < 3000; i++)
		one_step();
}

/* The same where hardware stops answering now and then, and is reset: what may
 * be reached is for the observer to say, who counts what is not told apart. */
static void one_bad_step(void)
{
	uint64_t pa = BUF + dice(8) * PAGE;
	pkvm_handle_t domain = DOMAIN + dice(2);
	uint64_t iova = IOVA + (uint64_t)dice(SLOTS) * PAGE;
	bool stall = !dice(8);

	bed_stall(stall);
	switch (dice(4)) {
	case 0:
		mock_map_once(domain, iova, pa, (1 + dice(4)) * PAGE, 3);
		break;
	case 1:
		mock_unmap(domain, iova, (1 + dice(4)) * PAGE);
		break;
	case 2:
		mock_give(pa, MOCK_GUEST);
		break;
	default:
		mock_return(pa);
		break;
	}
	bed_stall(false);
	if (stall) {
		for (unsigned int i = 0; i < hypiommu_machine.smmu_count; i++)
			check(mock_power(i, true) == 0);
	}
}

static void test_random_failing(void)
{
	start_attached();
	check(mock_alloc_domain(DOMAIN + 1,
				HYPIOMMU_MACHINE_TYPE(smmu_of(1))) == 0);
	check(mock_attach(1, DOMAIN + 1) == 0);
	for (int i = 0; i < 1000; i++)
		one_bad_step();
	for (unsigned int i = 0; i < 2; i++) {
		check(mock_detach(i, DOMAIN + i) == 0);
		check(mock_free_domain(DOMAIN + i) == 0);
	}
	assert_all_blocked();
}

/* --------------------------------------------------------------------- main */

static int run(void (*plain)(void), void (*with)(unsigned int), unsigned int k)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (plain)
			plain();
		else
			with(k);
		machine_destroy(mock_machine);
		exit(0);
	}
	check(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int failed, number;

static void report(const char *name, unsigned int k, bool ok)
{
	printf("%sok %d - %s %u\n", ok ? "" : "not ", ++number, name, k);
	failed += !ok;
}

#define TEST(name)                 \
	{                          \
#name, test_##name \
	}
static const struct {
	const char *name;
	void (*fn)(void);
} tests[] = {
	TEST(core_without),
	TEST(life),
	TEST(refused_pages),
	TEST(pinned_pages_stay),
	TEST(partly_mapped),
	TEST(two_cpus),
	TEST(refused_kinds),
	TEST(unmap_not_confirmed),
	TEST(undo_not_confirmed),
	TEST(power),
	TEST(sleep),
	TEST(free_mapped),
	TEST(calls),
	TEST(registers),
	TEST(accesses),
	TEST(loads),
	TEST(random),
	TEST(random_failing),
};

int main(void)
{
	unsigned int hooks = (unsigned int)run(count_hooks, NULL, 0);

	setvbuf(stdout, NULL, _IONBF, 0);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		report(tests[i].name, 0, run(tests[i].fn, NULL, 0) == 0);
	for (unsigned int k = 0; k < BAD_MACHINES; k++)
		report("bad machine", k, run(NULL, bad_machine, k) == 0);
	report("hooks there are", hooks, hooks >= 6 && hooks < 100);
	for (unsigned int k = 1; k <= hooks; k++)
		report("failing hook", k, run(NULL, failing_hook, k) == 0);
	printf("1..%d\n", number);
	return failed != 0;
}
