// SPDX-License-Identifier: GPL-2.0-only
/* pKVM around the port's EL2 half: page states, its allocator, registers. */
#include "stand.h"

#include <hypiommu/pkvm_call.h>

#include "../../ports/pkvm/el2/hypiommu_el2.h"

#define PAGES	(STAND_RAM / PAGE_SIZE)
#define VA_BASE 0x600000000000ull /* of private mappings */

u64 hyp_sysreg_el1[SYS_REGS], hyp_sysreg_el2[SYS_REGS];
struct host_mmu host_mmu;

/* ------------------------------------------------------------------- memory */

/* Two blocks, and a part of the first that the host does not map. */
struct memblock_region hyp_memory[] = {
	{ STAND_RAM_BASE, STAND_BLOCK, 0 },
	{ STAND_RAM_BASE + STAND_BLOCK, STAND_RAM - STAND_BLOCK - PAGE_SIZE,
	  0 },
	{ STAND_RAM_BASE + STAND_RAM - PAGE_SIZE, PAGE_SIZE, MEMBLOCK_NOMAP },
};
unsigned int hyp_memblock_nr = ARRAY_SIZE(hyp_memory);
static struct hyp_page vmemmap[PAGES];
static enum stand_owner owners[PAGES];

bool addr_is_memory(u64 phys)
{
	return phys - STAND_RAM_BASE < STAND_RAM;
}

/* Of any address: whether there is such a page is for the caller to ask. */
struct hyp_page *hyp_phys_to_page(u64 phys)
{
	u64 index = (phys >> PAGE_SHIFT) - (STAND_RAM_BASE >> PAGE_SHIFT);

	return (struct hyp_page *)((uintptr_t)vmemmap +
				   index * sizeof(*vmemmap));
}

u64 hyp_page_to_phys(const struct hyp_page *p)
{
	return STAND_RAM_BASE + (u64)(p - vmemmap) * PAGE_SIZE;
}

void *hyp_phys_to_virt(u64 phys)
{
	return (void *)(uintptr_t)(phys + sim_mem_offset(mock_machine->mem));
}

u64 hyp_virt_to_phys(const void *va)
{
	return (uintptr_t)va - sim_mem_offset(mock_machine->mem);
}

void kvm_flush_dcache_to_poc(void *va, size_t size)
{
	sim_mem_clean(mock_machine->mem, va, size);
}

int hyp_pool_init(struct hyp_pool *pool, u64 pfn, u64 pages, u64 reserved)
{
	check(!reserved && pages <= HYP_POOL_MAX && !(pfn & (pages - 1)));
	pool->range_start = hyp_pfn_to_phys(pfn);
	pool->range_end = pool->range_start + pages * PAGE_SIZE;
	return 0;
}

static void *taken(u64 phys, unsigned int order)
{
	hyp_phys_to_page(phys)->refcount = 1;
	hyp_phys_to_page(phys)->order = (unsigned short)order;
	return memset(hyp_phys_to_virt(phys), 0, PAGE_SIZE << order);
}

void *hyp_alloc_pages(struct hyp_pool *pool, unsigned int order)
{
	u64 pages = (pool->range_end - pool->range_start) / PAGE_SIZE;
	u64 count = 1ull << order, i, k;

	/* As the buddy allocator: what splits nothing comes first. */
	if (!order && pool->free_count)
		return taken(pool->free[--pool->free_count], 0);
	for (i = 0; i + count <= pages; i += count) {
		for (k = 0; k < count && !pool->used[i + k]; k++)
			;
		if (k < count)
			continue;
		memset(&pool->used[i], 1, count);
		return taken(pool->range_start + i * PAGE_SIZE, order);
	}
	return NULL;
}

void hyp_put_page(struct hyp_pool *pool, void *va)
{
	struct hyp_page *p = hyp_virt_to_page(va);
	u64 phys = hyp_virt_to_phys(va);

	check(p->refcount == 1 && owners[p - vmemmap] == STAND_HYP);
	p->refcount = 0;
	if (phys >= pool->range_start && phys < pool->range_end) {
		memset(&pool->used[(phys - pool->range_start) / PAGE_SIZE], 0,
		       1u << p->order);
		return;
	}
	check(pool->free_count < HYP_POOL_MAX);
	pool->free[pool->free_count++] = phys;
}

/* ---------------------------------------------------------------- ownership */

enum stand_owner stand_owner(u64 phys)
{
	return addr_is_memory(phys)
		       ? owners[(phys - STAND_RAM_BASE) / PAGE_SIZE]
		       : STAND_NOBODY;
}

/* As the changed mem_protect.c: the state, then what DMA may. */
static int change(u64 phys, u64 pages, enum stand_owner from,
		  enum stand_owner to)
{
	int err = 0;

	hyp_spin_lock(&host_mmu.lock);
	for (u64 i = 0; i < pages; i++) {
		if (stand_owner(phys + i * PAGE_SIZE) != from)
			err = -EPERM;
	}
	if (!err && from == STAND_HOST)
		err = hypiommu_dma_idle(phys, pages * PAGE_SIZE);
	for (u64 i = 0; !err && i < pages; i++)
		owners[(phys - STAND_RAM_BASE) / PAGE_SIZE + i] = to;
	if (!err)
		hypiommu_dma_allow(phys, pages * PAGE_SIZE, to == STAND_HOST);
	hyp_spin_unlock(&host_mmu.lock);
	return err;
}

int __pkvm_host_donate_hyp(u64 pfn, u64 pages)
{
	return change(hyp_pfn_to_phys(pfn), pages, STAND_HOST, STAND_HYP);
}

int __pkvm_hyp_donate_host(u64 pfn, u64 pages)
{
	return change(hyp_pfn_to_phys(pfn), pages, STAND_HYP, STAND_HOST);
}

int hypiommu_host_set_guest(u64 phys, u64 size, bool guest)
{
	return change(phys, size / PAGE_SIZE, guest ? STAND_HOST : STAND_GUEST,
		      guest ? STAND_GUEST : STAND_HOST);
}

int hypiommu_host_recycle(void)
{
	return 0;
}

/* ---------------------------------------------------------------- registers */

int __pkvm_create_private_mapping(u64 phys, size_t size, int prot,
				  unsigned long *va)
{
	check(prot == PAGE_HYP_DEVICE && size && !addr_is_memory(phys));
	*va = VA_BASE + phys;
	return 0;
}

int kvm_pgtable_stage2_unmap(int *pgt, u64 phys, u64 size)
{
	check(pgt == &host_mmu.pgt && host_mmu.lock.held && size);
	(void)phys;
	return 0;
}

static bool host_touches; /* what follows is for the host */

u64 hyp_mmio_read(const void *va, unsigned int width)
{
	check(!host_touches || bed_host_reads((uintptr_t)va - VA_BASE));
	machine_step(mock_machine, MACHINE_STEP_MMIO_READ);
	return bed_read((uintptr_t)va - VA_BASE, width);
}

void hyp_mmio_write(void *va, unsigned int width, u64 val)
{
	check(!host_touches || bed_host_writes((uintptr_t)va - VA_BASE));
	bed_write((uintptr_t)va - VA_BASE, width, val);
	machine_step(mock_machine, MACHINE_STEP_MMIO_WRITE);
}

/* --------------------------------------------------------------- hypercalls */

static struct kvm_cpu_context context;
unsigned int stand_setups, stand_fail_setup;
void (*stand_before_finalise)(void);

void hypiommu_hvc(u32 id, u64 x[6])
{
	void (*before)(void) = stand_before_finalise;
	u64 *r = context.regs.regs;

	if (before && x[0] == HYPIOMMU_SETUP_FINALISE) {
		stand_before_finalise = NULL;
		before();
	}
	memset(&context, 0, sizeof(context));
	memcpy(&r[1], x, 6 * sizeof(*x));
	if (id != KVM_HOST_SMCCC_FUNC(__hypiommu_setup)) {
		handle___hypiommu_call(&context);
	} else if (stand_trusted && ++stand_setups != stand_fail_setup) {
		handle___hypiommu_setup(&context);
	} else {
		x[0] = (u64)HYPIOMMU_E_PHASE;
		return;
	}
	memcpy(x, &r[1], 5 * sizeof(*x));
}

s64 hypiommu_call(u64 x[6])
{
	hypiommu_hvc(KVM_HOST_SMCCC_FUNC(__hypiommu_call), x);
	return (s64)x[0];
}

s64 hypiommu_call_list(u64 x[17])
{
	memset(&context, 0, sizeof(context));
	memcpy(&context.regs.regs[1], x, 17 * sizeof(*x));
	handle___hypiommu_call(&context);
	memcpy(x, &context.regs.regs[1], 5 * sizeof(*x));
	return (s64)x[0];
}

/* A load or store of the host's that stage 2 does not let pass. */
bool stand_abort(u64 pa, u64 esr, struct user_pt_regs *regs)
{
	struct kvm_cpu_context host = { .regs = *regs };
	u64 start = 0, end = ~0ull;
	bool dealt;

	check((hypiommu_window_clip(pa, &start, &end) == -EPERM) ==
	      hypiommu_window_contains(pa));
	host_touches = true;
	dealt = hypiommu_host_abort(&host, esr, pa, pa & PAGE_MASK);
	host_touches = false;
	*regs = host.regs;
	return dealt;
}

uint32_t mock_host_read(uint64_t pa)
{
	struct user_pt_regs regs = { .regs[5] = ~0ull };

	check(stand_abort(pa, STAND_ESR(2, 5), &regs) && regs.regs[5] <= ~0u);
	return (uint32_t)regs.regs[5];
}

void mock_host_write(uint64_t pa, uint32_t val)
{
	struct user_pt_regs regs = { .regs[5] = val };

	check(stand_abort(pa, STAND_ESR(2, 5) | STAND_ESR_WRITE, &regs));
}
