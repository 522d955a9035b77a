/* SPDX-License-Identifier: GPL-2.0-only */
/* What code at EL2 sees of pKVM. */
#ifndef KERNEL_EL2_H
#define KERNEL_EL2_H

/* --------------------------------------------------------- the host's context
 */

struct user_pt_regs {
	u64 regs[31];
	u64 sp;
};
struct kvm_cpu_context {
	struct user_pt_regs regs;
};
#define cpu_reg(ctxt, r)	      ((ctxt)->regs.regs[r])
#define DECLARE_REG(type, n, ctxt, r) type n = (type)cpu_reg(ctxt, r)

enum el2_sysreg {
	SYS_SPSR,
	SYS_ELR,
	SYS_ESR,
	SYS_FAR,
	SYS_VBAR,
	SYS_REGS,
};
extern u64 hyp_sysreg_el1[SYS_REGS], hyp_sysreg_el2[SYS_REGS];
#define read_sysreg_el1(r)	 hyp_sysreg_el1[r]
#define read_sysreg_el2(r)	 hyp_sysreg_el2[r]
#define write_sysreg_el1(v, r)	 ((void)(hyp_sysreg_el1[r] = (v)))
#define write_sysreg_el2(v, r)	 ((void)(hyp_sysreg_el2[r] = (v)))
#define kvm_skip_host_instr()	 ((void)(hyp_sysreg_el2[SYS_ELR] += 4))
#define cpus_have_final_cap(cap) true

/* DDI 0487 C5.2.19, D24.2.40 */
#define PSR_MODE_EL0t	    0x0ull
#define PSR_MODE_EL1t	    0x4ull
#define PSR_MODE_EL1h	    0x5ull
#define PSR_MODE_MASK	    0xfull
#define PSR_MODE32_BIT	    0x10ull
#define PSR_F_BIT	    0x40ull
#define PSR_I_BIT	    0x80ull
#define PSR_A_BIT	    0x100ull
#define PSR_D_BIT	    0x200ull
#define PSR_PAN_BIT	    0x400000ull
#define ESR_ELx_EC_SHIFT    26
#define ESR_ELx_EC(esr)	    ((esr) >> 26 & 0x3f)
#define ESR_ELx_EC_IABT_LOW 0x20ull
#define ESR_ELx_EC_IABT_CUR 0x21ull
#define ESR_ELx_EC_DABT_LOW 0x24ull
#define ESR_ELx_EC_DABT_CUR 0x25ull
#define ESR_ELx_IL	    (1ull << 25)
#define ESR_ELx_WNR	    (1ull << 6)
#define ESR_ELx_FSC_EXTABT  0x10ull

/* -------------------------------------------------------------------- memory
 */

struct hyp_page {
	unsigned short refcount, order;
	u32 dma;
};
struct memblock_region {
	u64 base, size, flags;
};
#define MEMBLOCK_NOMAP 4
extern struct memblock_region hyp_memory[];
extern unsigned int hyp_memblock_nr;
bool addr_is_memory(u64 phys);

struct hyp_page *hyp_phys_to_page(u64 phys);
u64 hyp_page_to_phys(const struct hyp_page *p);
void *hyp_phys_to_virt(u64 phys);
u64 hyp_virt_to_phys(const void *va);
#define hyp_pfn_to_phys(pfn)	   ((u64)(pfn) << PAGE_SHIFT)
#define hyp_phys_to_pfn(phys)	   ((u64)(phys) >> PAGE_SHIFT)
#define hyp_virt_to_page(va)	   hyp_phys_to_page(hyp_virt_to_phys(va))
#define hyp_page_to_virt(p)	   hyp_phys_to_virt(hyp_page_to_phys(p))
#define hyp_page_to_pfn(p)	   hyp_phys_to_pfn(hyp_page_to_phys(p))
#define hyp_set_page_refcounted(p) ((void)((p)->refcount = 1))
void kvm_flush_dcache_to_poc(void *va, size_t size);

#define HYP_POOL_MAX 1024
struct hyp_pool {
	u64 range_start, range_end;
	u64 free[HYP_POOL_MAX]; /* single pages that were added */
	unsigned int free_count;
	bool used[HYP_POOL_MAX]; /* pages of the range */
};
int hyp_pool_init(struct hyp_pool *pool, u64 pfn, u64 pages, u64 reserved);
void *hyp_alloc_pages(struct hyp_pool *pool, unsigned int order);
void hyp_put_page(struct hyp_pool *pool, void *va);

/* ----------------------------------------------------------------- ownership
 */

struct hyp_spinlock {
	bool held;
};
extern struct host_mmu {
	struct hyp_spinlock lock;
	int pgt;
} host_mmu;
#define hyp_spin_lock(l)	(BUG_ON((l)->held), (void)((l)->held = true))
#define hyp_spin_unlock(l)	(BUG_ON(!(l)->held), (void)((l)->held = false))
#define hyp_assert_lock_held(l) BUG_ON(!(l)->held)

int __pkvm_host_donate_hyp(u64 pfn, u64 pages);
int __pkvm_hyp_donate_host(u64 pfn, u64 pages);

/* ----------------------------------------------------------------- registers
 */

#define PAGE_HYP_DEVICE 1
int __pkvm_create_private_mapping(u64 phys, size_t size, int prot,
				  unsigned long *va);
int kvm_pgtable_stage2_unmap(int *pgt, u64 phys, u64 size);
u64 hyp_mmio_read(const void *va, unsigned int width);
void hyp_mmio_write(void *va, unsigned int width, u64 val);
#define readl_relaxed(va)	((u32)hyp_mmio_read(va, 4))
#define readq_relaxed(va)	hyp_mmio_read(va, 8)
#define writel_relaxed(val, va) hyp_mmio_write(va, 4, val)
#define writeq_relaxed(val, va) hyp_mmio_write(va, 8, val)

#endif /* KERNEL_EL2_H */
