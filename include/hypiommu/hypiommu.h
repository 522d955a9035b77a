/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhypiommu: EL2 IOMMU core. What a port calls and what it provides.
 *
 * Life of an instance:
 *   size = hypiommu_size(&limits);
 *   hypiommu_create(mem, size, &config, &h);      trusted phase begins
 *   hypiommu_add_ram / add_mmio / carve_out       what memory there is
 *   hypiommu_add_tables                           memory for tables
 *   hypiommu_smmuv3_add                           (smmuv3.h) DMA stops here
 *   hypiommu_add_stream                           who may do DMA at all
 *   hypiommu_finalise                             trusted phase ends
 *   hypiommu_hcall ...                            hostile callers from here on
 *
 * Principals are small numbers given by the port: HYPIOMMU_HOST,
 * HYPIOMMU_HYP, and HYPIOMMU_GUEST(n). The port vouches for them; no call
 * takes a principal from an untrusted register.
 *
 * Locking: after finalise every function here may be called from any CPU at
 * once. The trusted phase is single-threaded by contract. Lock order is in
 * docs/design.md; the library never calls out of itself with a lock held except
 * into the vtables below.
 */
#ifndef HYPIOMMU_HYPIOMMU_H
#define HYPIOMMU_HYPIOMMU_H

#include "types.h"
#include "error.h"
#include "hcall.h"

#ifdef __cplusplus
extern "C" {
#endif

struct hypiommu;

/* Page size of ownership, top-up and every alignment rule below, in bytes. */
#define HYPIOMMU_PAGE_SHIFT 12
#define HYPIOMMU_PAGE_SIZE  (1ull << HYPIOMMU_PAGE_SHIFT)

/* ------------------------------------------------------------ principals */

#define HYPIOMMU_HOST	    0u
#define HYPIOMMU_HYP	    1u
#define HYPIOMMU_GUEST(n)   (2u + (n)) /* n in [0, HYPIOMMU_GUESTS) */
#define HYPIOMMU_GUESTS	    126u
#define HYPIOMMU_PRINCIPALS 128u

/* ------------------------------------------------- what the port provides */

/*
 * MMIO. window is the number the port gave when it declared the register
 * frame; offset is in bytes, below the frame's declared size and aligned to
 * the access. Accesses are single and in program order with each other
 * (Device-nGnRE or stronger). Called with locks held: must not call back.
 */
struct hypiommu_mmio_ops {
	uint32_t (*read32)(void *ctx, uint32_t window, uint32_t offset);
	void (*write32)(void *ctx, uint32_t window, uint32_t offset,
			uint32_t val);
	uint64_t (*read64)(void *ctx, uint32_t window, uint32_t offset);
	void (*write64)(void *ctx, uint32_t window, uint32_t offset,
			uint64_t val);
};

struct hypiommu_segment; /* of hypiommu_map_list() */

/*
 * Ownership, where the hypervisor keeps page states itself. Leave the pointer
 * in hypiommu_config NULL for the built-in checker. All are atomic for the
 * whole range under the hypervisor's own page-state lock, which the functions
 * take themselves; the library holds a domain lock.
 */
struct hypiommu_owner_ops {
	/* Raise the DMA count of every page of [pa, pa + size), all or none.
	 * Each must be owned by principal, exclusively. *mmio says whether the
	 * range is MMIO; one range is never both. 0, E_PERM, E_OVERFLOW. */
	int (*pin_range)(void *ctx, uint32_t principal, uint64_t pa,
			 uint64_t size, bool *mmio);
	/* Lower it; only for pages that pin_range raised. Neighbours that were
	 * pinned by several calls may be unpinned by one, RAM next to MMIO
	 * among them. */
	void (*unpin_range)(void *ctx, uint64_t pa, uint64_t size);
	/* pin_range for each segment of RAM in turn, up to the first it would
	 * refuse or that is MMIO: how many were pinned, 0 to count. What comes
	 * next is asked of pin_range. The lock is worth taking once: a list is
	 * at most 512 pages. NULL: there is no such quick way. */
	uint32_t (*pin_list)(void *ctx, uint32_t principal,
			     const struct hypiommu_segment *list,
			     uint32_t count);
};

/*
 * Table memory, where the hypervisor brings its own allocator; NULL for the
 * built-in pool, which needs the built-in owner.
 */
struct hypiommu_table_ops {
	/* A zeroed block of 4 KiB << order, aligned to its size, wholly below
	 * limit (exclusive). 0 and *pa, or E_NOMEM. */
	int (*alloc)(void *ctx, uint32_t order, uint64_t limit, uint64_t *pa);
	/* Give it back; it is all zero again. */
	void (*free)(void *ctx, uint64_t pa, uint32_t order);
};

/* What the library has to say; any member may be NULL. Called with locks held:
 * must not call back. */
enum hypiommu_notice {
	HYPIOMMU_NOTICE_BROKEN, /* value: the enum hypiommu_error behind it */
	HYPIOMMU_NOTICE_COMMAND_ERROR, /* value: CMDQ_CONS.ERR; recovered */
	HYPIOMMU_NOTICE_RESET,	       /* value: 0 */
};
struct hypiommu_sink_ops {
	void (*notice)(void *ctx, enum hypiommu_notice what, uint32_t smmu,
		       uint64_t value);
	/* Acknowledged when this returns true: the device behind the stream
	 * was reset or quiesced and will issue nothing its old owner queued.
	 * Needed by hypiommu_assign_stream(); without it that call refuses. */
	bool (*quiesce)(void *ctx, uint32_t smmu, uint32_t sid);
};

/* How large an instance is. Every limit is at least 1, but where it says so. */
struct hypiommu_limits {
	uint32_t smmus;	  /* at most 64 */
	uint32_t domains; /* of all SMMUs together, at most 65535 */
	uint32_t streams; /* of all SMMUs together, at most 1 << 20 */
	uint32_t regions; /* RAM and MMIO windows, at most 1024 */
	uint32_t frames;  /* register windows, at most 1024 */
	uint32_t clients; /* Tegra234's memory clients, SWGROUPs of the classic
			   * MC-SMMU; at most 16384; may be 0 */
};

struct hypiommu_config {
	struct hypiommu_limits limits; /* the same as given to _size() */

	/* pointer = (physical address + phys_to_virt), for table memory and
	 * for memory given to hypiommu_add_tables() or MEM_TOPUP. */
	uint64_t phys_to_virt;

	const struct hypiommu_mmio_ops *mmio;	 /* required */
	const struct hypiommu_owner_ops *owner;	 /* NULL: built-in */
	const struct hypiommu_table_ops *tables; /* NULL: built-in pool */
	const struct hypiommu_sink_ops *sink;	 /* NULL: silent */
	void *mmio_ctx, *owner_ctx, *tables_ctx, *sink_ctx;
};

/* -------------------------------------------------------- trusted phase */

/*
 * Bytes hypiommu_create() needs for these limits; 0 if a limit is out of
 * range. Pure.
 */
size_t hypiommu_size(const struct hypiommu_limits *limits);

/*
 * Make an instance in mem: size bytes, aligned to 64, EL2's own, never moved.
 * Contents on entry do not matter. E_INVAL: an argument is NULL, out of range,
 * misaligned, too small, or table_ops is missing while owner_ops is given.
 */
int hypiommu_create(void *mem, size_t size,
		    const struct hypiommu_config *config, struct hypiommu **h);

/* Bytes of page state add_ram and add_mmio need for size bytes of memory: a
 * word a page, a lock and a word a MiB. */
#define HYPIOMMU_PAGE_STATE_SIZE(size) \
	(((size) >> 12) * 4 + 8 + (((size) >> 20) + 2) * 16)
size_t hypiommu_page_state_size(uint64_t size);

/*
 * Declare [base, base + size) as RAM, or as an MMIO window devices may be
 * mapped to, all of it owned by HYPIOMMU_HOST. state points to
 * HYPIOMMU_PAGE_STATE_SIZE(size) bytes of EL2 memory, aligned to 8; NULL with
 * delegated ownership. base and size are page-aligned. What is never declared
 * can never be mapped.
 * E_INVAL, E_EXIST (overlaps another region or a register frame), E_NOSPC,
 * E_PHASE.
 */
int hypiommu_add_ram(struct hypiommu *h, uint64_t base, uint64_t size,
		     void *state);
int hypiommu_add_mmio(struct hypiommu *h, uint64_t base, uint64_t size,
		      void *state);

/*
 * Declare [base, base + size) as registers only EL2 may touch (an SMMU's, a
 * memory controller's, the interrupt controller's): never mappable. Backends
 * call this for their own frames. E_INVAL, E_EXIST (overlaps a region),
 * E_NOSPC, E_PHASE. Declaring a frame inside a declared frame is fine.
 */
int hypiommu_add_frame(struct hypiommu *h, uint64_t base, uint64_t size);

/*
 * Mark RAM as EL2's own (its image, stacks, this instance's memory).
 * E_INVAL, E_PERM (not RAM of the host), E_PHASE.
 */
int hypiommu_carve_out(struct hypiommu *h, uint64_t base, uint64_t size);

/*
 * Give the pool RAM of the host for tables, in the trusted phase; any size.
 * Zeroed here. E_INVAL, E_PERM, E_PHASE, E_UNSUPPORTED (own table_ops).
 */
int hypiommu_add_tables(struct hypiommu *h, uint64_t base, uint64_t size);

/*
 * Declare that stream sid of an SMMU exists and belongs to principal; until it
 * is attached it aborts. E_NOENT (no such SMMU), E_RANGE (beyond the SMMU's
 * stream ID size), E_EXIST, E_NOSPC, E_PHASE, E_INVAL (principal).
 */
int hypiommu_add_stream(struct hypiommu *h, uint32_t smmu, uint32_t sid,
			uint32_t principal);

/*
 * End the trusted phase; from the first call on no SMMU, stream or client can
 * be added (E_PHASE), whatever it returns. Build stream tables, switch every
 * SMMU on with every stream aborting, accept hypercalls. Callable again after
 * E_NOMEM and a hypiommu_add_tables(); any other error (E_TIMEOUT, E_HW) leaves
 * DMA blocked and the phase unchanged: such a machine must not start its host.
 */
int hypiommu_finalise(struct hypiommu *h);

/* --------------------------------------------------------- at run time */

/*
 * Serve one hypercall of caller (a principal the port vouches for). Reads
 * regs->x[0..5], writes x[0..4], zeroes x[5..7]. ABI and errors: hcall.h.
 * Bounded: at most 512 descriptors of leaves (runs of the contiguous hint,
 * large pages and supersections count as many as they have), beside them the
 * table of each block that is split, 1 GiB of page states, and bounded waits
 * for hardware: one of the SMMU's timeout in all but broken hardware, a few
 * where it must be made to abort or lets each batch of commands wait. Before
 * finalise every call answers E_PHASE.
 */
void hypiommu_hcall(struct hypiommu *h, uint32_t caller,
		    struct hypiommu_regs *regs);

/*
 * Map a scatter list for caller, for a port whose own hypercall passes one (in
 * memory only EL2 can change, or in registers): the segments one behind the
 * other from iova on, each by the rules and with the errors of
 * HYPIOMMU_HC_MAP_PAGES. Stops at the first segment that is not mapped whole;
 * what is mapped before stays, also on an error, and progress says how much
 * that is. OK with fewer bytes than asked: call again for the rest.
 *
 * Bounded as one hypercall: no segment is begun that could take it beyond 512
 * descriptors. progress is always written.
 */
struct hypiommu_segment {
	uint64_t pa, size; /* as MAP_PAGES */
};
struct hypiommu_progress {
	uint64_t bytes;
	/* After E_NOMEM, the pages wanted: as x2 to x4 of MAP_PAGES; else 0. */
	uint32_t order, count;
	uint64_t limit;
};
int hypiommu_map_list(struct hypiommu *h, uint32_t caller, uint64_t domain,
		      uint64_t iova, uint64_t prot,
		      const struct hypiommu_segment *list, uint32_t count,
		      struct hypiommu_progress *progress);

/*
 * Ownership transitions of the built-in checker, for the port's own donation
 * and sharing hypercalls. [pa, pa + size) is page-aligned, not empty, at most
 * 1 GiB, all inside declared regions. All or nothing. A page pinned for DMA is
 * refused by every transition (E_BUSY), one in another state than required with
 * E_PERM; E_INVAL for malformed ranges and principals (HYPIOMMU_HYP's pool
 * pages are never given away by these: E_BUSY), E_UNSUPPORTED with delegated
 * ownership.
 *
 *   donate   owned by from            -> owned by to
 *   share    owned by owner           -> shared with with
 *   unshare  shared by owner with with -> owned by owner
 *   lend     owned by owner           -> lent to to: exclusive, but not for DMA
 *   reclaim  lent by owner to borrower -> owned by owner
 *
 * A transition of pages in more than one MiB is not one moment to other CPUs:
 * in passing its pages are HYPIOMMU_HYP's. Until it returns a call that needs
 * one of them may be refused (E_PERM or E_BUSY) though it would be granted
 * before and after, and hypiommu_page_info() may say so; a device is never let
 * in by it, and a transition that fails has every page back.
 *
 * The port changes CPU mappings around them: it removes access before donate
 * and lend, and gives access after.
 */
int hypiommu_donate(struct hypiommu *h, uint32_t from, uint32_t to, uint64_t pa,
		    uint64_t size);
int hypiommu_share(struct hypiommu *h, uint32_t owner, uint32_t with,
		   uint64_t pa, uint64_t size);
int hypiommu_unshare(struct hypiommu *h, uint32_t owner, uint32_t with,
		     uint64_t pa, uint64_t size);
int hypiommu_lend(struct hypiommu *h, uint32_t owner, uint32_t to, uint64_t pa,
		  uint64_t size);
int hypiommu_reclaim(struct hypiommu *h, uint32_t owner, uint32_t borrower,
		     uint64_t pa, uint64_t size);

enum hypiommu_page_state {
	HYPIOMMU_PAGE_OWNED = 0,
	HYPIOMMU_PAGE_SHARED = 1,
	HYPIOMMU_PAGE_LENT = 2,
};

struct hypiommu_page_info {
	uint32_t owner; /* principal */
	uint32_t peer;	/* with whom shared, to whom lent; else owner */
	enum hypiommu_page_state state;
	uint32_t pins; /* DMA pins, [0, 65535]; 0 for HYPIOMMU_HYP's */
	bool mmio;
};

/*
 * What the built-in checker knows of the page at pa (need not be aligned).
 * E_NOENT: not in any region. E_UNSUPPORTED with delegated ownership.
 */
int hypiommu_page_info(struct hypiommu *h, uint64_t pa,
		       struct hypiommu_page_info *info);

struct hypiommu_pool_info {
	uint64_t pages;	    /* in the pool, free or used */
	uint64_t used;	    /* serving as tables, queues, structures */
	uint64_t used_peak; /* since hypiommu_create() */
};
/* E_UNSUPPORTED with the port's own table_ops. */
int hypiommu_pool_info(struct hypiommu *h, struct hypiommu_pool_info *info);

/*
 * Hand a stream to another principal. It must be unattached; the sink's
 * quiesce hook must acknowledge, because commands the old owner queued inside
 * the device would otherwise run in the new owner's domain. Fault records of
 * the stream nobody has read yet are dropped. E_NOENT, E_BUSY (attached, or not
 * acknowledged), E_PERM (not from's), E_UNSUPPORTED (no hook), E_BROKEN.
 */
int hypiommu_assign_stream(struct hypiommu *h, uint32_t smmu, uint32_t sid,
			   uint32_t from, uint32_t to);

/*
 * Power. Suspend makes every stream abort, reads back that it does, and waits
 * until what was under way has ended; the state in memory stays. Reset (after
 * resume, or after a failure left the SMMU broken) programs it anew from that
 * state: abort-all, invalidate everything, enable. Calls for a
 * suspended SMMU answer E_BROKEN. E_NOENT; E_TIMEOUT, E_HW: the hardware does
 * not say that all of it was done. The SMMU is broken, its streams abort or go
 * on reaching what was mapped, and all of that stays pinned. A broken SMMU's
 * domains may need IOTLB_SYNC afterwards; a stream whose attach or detach
 * failed may abort until it is detached.
 */
int hypiommu_smmu_suspend(struct hypiommu *h, uint32_t smmu);
int hypiommu_smmu_reset(struct hypiommu *h, uint32_t smmu);

#ifdef __cplusplus
}
#endif

#endif /* HYPIOMMU_HYPIOMMU_H */
