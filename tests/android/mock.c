// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "mock_io.h"
#include "mock.h"

#define PAGES	(MOCK_RAM / PAGE)
#define VA_BASE 0x600000000000ull /* of private mappings */

struct machine *mock_machine;
unsigned int mock_hooks, mock_fail_hook, mock_stopped_at;
bool mock_watch, mock_topup = true;
unsigned int mock_closely;

static struct {
	enum mock_owner owner;
	unsigned int count;
} pages[PAGES];

static uint64_t pool[PAGES]; /* free pages of the core's pool */
static uint64_t pool_count, pool_wanted, host_next = 16 * MiB / PAGE;

_Noreturn void mock_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, what);
	fflush(NULL);
	_exit(1);
}

static bool is_ram(uint64_t pa)
{
	return pa >= RAM && pa - RAM < PAGES * PAGE;
}

static bool one_block(uint64_t pa, uint64_t size)
{
	uint64_t first = pa - RAM, last = first + size - 1;

	return is_ram(pa) && is_ram(pa + size - 1) &&
	       (first < MOCK_BLOCK) == (last < MOCK_BLOCK);
}

static unsigned int page(uint64_t pa)
{
	check(is_ram(pa));
	return (unsigned int)((pa - RAM) / PAGE);
}

unsigned int mock_count(uint64_t pa)
{
	return pages[page(pa)].count;
}

/* ----------------------------------------------------------- the observer */

static void reached(const struct bed_reach *r)
{
	check(!r->bypass);
	for (uint64_t at = r->pa; at < r->pa + r->size; at += PAGE) {
		if (at == mock_machine->config.doorbell)
			continue;
		check(is_ram(at));
		check(pages[page(at)].owner == MOCK_HOST);
		check(pages[page(at)].count > 0);
	}
}

void mock_look(void)
{
	if (mock_machine->stats.violations)
		mock_fail("hardware", 0, mock_machine->violation);
	mock_machine->checking = true; /* looking takes no locks */
	bed_for_each_reach(reached);
	mock_machine->checking = false;
}

bool mock_taking_over;
static int cpu = 3;
void (*mock_rival)(void);

/* Another CPU, at the first barrier: no lock but the domain's is held there. */
static void rival(enum machine_step step)
{
	void (*fn)(void) = mock_rival;

	if (!fn || step != MACHINE_STEP_BARRIER)
		return;
	mock_rival = NULL;
	cpu = 1;
	fn();
	cpu = 3;
}

void mock_on_step(struct machine *m, enum machine_step step, void *ctx)
{
	unsigned int stride = mock_taking_over ? bed_stride : 1;

	(void)ctx;
	/* Under valgrind it looks after calls only. */
	if (getenv("HYPIOMMU_CHECK_CALLS"))
		stride = ~0u, mock_closely = 0;
	if (mock_watch && step != MACHINE_STEP_MMIO_READ &&
	    (mock_closely || !(m->stats.steps % stride))) {
		mock_closely -= !!mock_closely;
		mock_look();
	}
	rival(step);
}

/* ---------------------------------------------------------------- registers */

void (*mock_on_io)(uint64_t pa, unsigned int width, bool write, uint64_t val);

uint64_t mock_io_read(unsigned long va, unsigned int width)
{
	uint64_t val;

	machine_step(mock_machine, MACHINE_STEP_MMIO_READ);
	val = bed_read(va - VA_BASE, width);
	if (mock_on_io)
		mock_on_io(va - VA_BASE, width, false, val);
	return val;
}

void mock_io_write(unsigned long va, unsigned int width, uint64_t val)
{
	if (mock_on_io)
		mock_on_io(va - VA_BASE, width, true, val);
	bed_write(va - VA_BASE, width, val);
	machine_step(mock_machine, MACHINE_STEP_MMIO_WRITE);
}

/* -------------------------------------------------------------- module ops */

static bool fails(void)
{
	return ++mock_hooks == mock_fail_hook;
}

static uint64_t taken[64][2]; /* MMIO that is EL2's */
static unsigned int taken_count;

static int create_private_mapping(phys_addr_t phys, size_t size,
				  enum kvm_pgtable_prot prot,
				  unsigned long *haddr)
{
	check(prot == PAGE_HYP_DEVICE && !is_ram(phys) && size);
	if (fails())
		return -ENOMEM;
	*haddr = VA_BASE + phys;
	return 0;
}

static int host_donate_hyp(u64 pfn, u64 nr_pages, bool accept_mmio)
{
	uint64_t pa = pfn * PAGE;

	if (!mock_stopped_at) {
		mock_stopped_at = mock_hooks;
		mock_watch = true;
		mock_look();
	}
	if (fails())
		return -EPERM;
	if (accept_mmio) {
		check(!is_ram(pa) && taken_count < 64);
		taken[taken_count][0] = pa;
		taken[taken_count++][1] = nr_pages * PAGE;
		return 0;
	}
	for (uint64_t i = 0; i < nr_pages; i++) {
		unsigned int p = page(pa + i * PAGE);

		if (pages[p].owner != MOCK_HOST || pages[p].count)
			return -EPERM;
		pages[p].owner = MOCK_HYP;
	}
	return 0;
}

bool mock_is_taken(uint64_t pa)
{
	for (unsigned int i = 0; i < taken_count; i++) {
		if (pa - taken[i][0] < taken[i][1])
			return true;
	}
	return false;
}

static void flush_dcache_to_poc(void *addr, size_t size)
{
	sim_mem_clean(mock_machine->mem, addr, size);
}

static phys_addr_t hyp_pa(void *x)
{
	return (uintptr_t)x - sim_mem_offset(mock_machine->mem);
}

static void *hyp_va(phys_addr_t phys)
{
	return sim_mem_ptr(mock_machine->mem, phys);
}

static void *iommu_donate_pages(u8 order, int flags)
{
	check(!order && !flags); /* nothing here asks for more */
	if (!pool_count) {
		pool_wanted = 1;
		return NULL;
	}
	return hyp_va(pool[--pool_count]);
}

static void iommu_reclaim_pages(void *p, u8 order)
{
	const uint64_t *words = p;

	check(!order);
	check(pages[page(hyp_pa(p))].owner == MOCK_HYP);
	for (uint64_t i = 0; i < PAGE / 8; i++)
		check(!words[i]);
	/* A walker that still goes there finds a way to EL2's memory: zeroed
	 * again only when the page is taken out, as if by the host's refill. */
	pool[pool_count++] = hyp_pa(p);
}

static int iommu_init_device(struct kvm_hyp_iommu *iommu)
{
	if (fails())
		return -EINVAL;
	iommu->power_is_off = false;
	return 0;
}

void (*mock_notify)(enum pkvm_psci_notification, struct user_pt_regs *);

static int register_psci_notifier(void (*cb)(enum pkvm_psci_notification,
					     struct user_pt_regs *))
{
	if (mock_notify || fails())
		return -EBUSY;
	mock_notify = cb;
	return 0;
}

static int pkvm_unuse_dma(phys_addr_t phys, size_t size)
{
	if (!one_block(phys, size))
		return 0;
	for (uint64_t at = phys; at < phys + size; at += PAGE) {
		check(pages[page(at)].count > 0);
		pages[page(at)].count--;
	}
	return 0;
}

static int hyp_smp_processor_id(void)
{
	return cpu;
}

struct pkvm_module_ops mock_ops = {
	.create_private_mapping = create_private_mapping,
	.flush_dcache_to_poc = flush_dcache_to_poc,
	.host_donate_hyp = host_donate_hyp,
	.memcpy = memcpy,
	.memset = memset,
	.hyp_pa = hyp_pa,
	.hyp_va = hyp_va,
	.iommu_donate_pages = iommu_donate_pages,
	.iommu_reclaim_pages = iommu_reclaim_pages,
	.iommu_init_device = iommu_init_device,
	.register_psci_notifier = register_psci_notifier,
	.pkvm_unuse_dma = pkvm_unuse_dma,
	.hyp_smp_processor_id = hyp_smp_processor_id,
};

/* ------------------------------------------------------------------- owners */

int mock_give(uint64_t pa, enum mock_owner to)
{
	unsigned int p = page(pa);

	if (pages[p].owner != MOCK_HOST)
		return -EPERM;
	if (pages[p].count)
		return -EBUSY;
	pages[p].owner = to;
	mock_look();
	return 0;
}

int mock_return(uint64_t pa)
{
	unsigned int p = page(pa);

	if (pages[p].owner != MOCK_GUEST && pages[p].owner != MOCK_SHARED)
		return -EPERM;
	pages[p].owner = MOCK_HOST;
	return 0;
}

/* __pkvm_use_dma() */
int mock_use_dma(uint64_t pa, uint64_t size)
{
	if (!is_ram(pa))
		return mock_is_taken(pa) ? -EPERM : 0;
	if (!one_block(pa, size))
		return -EINVAL;
	for (uint64_t at = pa; at < pa + size; at += PAGE) {
		if (pages[page(at)].owner != MOCK_HOST)
			return -EPERM;
	}
	for (uint64_t at = pa; at < pa + size; at += PAGE)
		pages[page(at)].count++;
	return 0;
}

/* The host fills the pool with one of its pages, if it was asked to. */
bool mock_top_up(void)
{
	if (!pool_wanted || !mock_topup)
		return false;
	pool_wanted = 0;
	while (pages[host_next].owner != MOCK_HOST || pages[host_next].count)
		check(host_next--);
	pages[host_next].owner = MOCK_HYP;
	memset(hyp_va(RAM + host_next * PAGE), 0, PAGE);
	pool[pool_count++] = RAM + host_next * PAGE;
	return true;
}

uint64_t mock_pool_free(void)
{
	return pool_count;
}
