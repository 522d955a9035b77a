/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The instance and its objects. Private to the library and its backends; what
 * each lock guards is said beside the lock.
 */
#ifndef HYPIOMMU_CORE_H
#define HYPIOMMU_CORE_H

#include "env.h"
#include "hypiommu/hypiommu.h"
#include "ids.h"
#include "owner_pins.h"
#include "pgtable.h"
#include "pool.h"
#include "swgroup.h"

#define HYPIOMMU_NO_DOMAIN (~0u)

/* A call handles at most this many descriptors of leaves, a run of them or a
 * large page being several, and this much memory. */
#define CALL_MAX_ENTRIES 512u
#define CALL_MAX_BYTES	 (1ull << 30)

enum tlb_kind {
	TLB_PAGES, /* one command a page */
	TLB_RANGE, /* range commands */
	TLB_ALL,   /* the whole ASID or VMID */
};

/* What an unmap must invalidate; [iova, iova + size) is what was cleared. */
struct tlb_request {
	enum tlb_kind kind;
	uint64_t iova, size;
	uint8_t page_shift; /* smallest leaf cleared */
	bool leaf_only;	    /* no table descriptor was cleared */
};

struct hypiommu_domain;
struct hypiommu_stream;
struct hypiommu_smmu;

/* A hardware event as a backend decodes it. */
struct fault_record {
	uint32_t sid;
	uint32_t code; /* the hardware's own */
	uint16_t reason, flags;
	uint64_t iova;
	uint64_t number; /* see forget_faults(); 0 where that has no use */
};

/*
 * A backend: registers and structures in memory, nothing about owners.
 * Called with smmu->lock held unless said otherwise; 0 or a negative error.
 * E_TIMEOUT and E_HW make the core poison the SMMU.
 */
struct hypiommu_smmu_ops {
	const char *name;
	/* May this stream exist beside those declared? Trusted phase; NULL:
	 * the range check of the core is all. */
	int (*add_stream)(struct hypiommu_smmu *smmu, uint32_t sid);
	/* Allocate what the declared streams need (E_NOMEM, resumable). No
	 * lock held: the trusted phase has one CPU. */
	int (*prepare)(struct hypiommu_smmu *smmu);
	/* From any state to: all streams as their structures in memory say,
	 * caches empty, enabled. No bypass on the way. */
	int (*reset)(struct hypiommu_smmu *smmu);
	/* Every transaction aborts from here on; best effort, cannot fail. */
	void (*abort_all)(struct hypiommu_smmu *smmu);
	/* After abort_all: read back that everything aborts, and wait for what
	 * was under way to end. */
	int (*quiet)(struct hypiommu_smmu *smmu);
	/* Stage and tables supported? config has the granule and the contiguous
	 * hint asked for: fill in the rest, take an ASID or VMID (hw_id). */
	int (*domain_init)(struct hypiommu_smmu *smmu,
			   struct hypiommu_domain *domain,
			   struct pgtable_config *config);
	/* After the root table exists: what a stream will point to. On an
	 * error nothing is left programmed, the identifier stays taken. */
	int (*domain_ready)(struct hypiommu_smmu *smmu,
			    struct hypiommu_domain *domain);
	/* Unreachable and invalidated: give the identifiers back. */
	void (*domain_fini)(struct hypiommu_smmu *smmu,
			    struct hypiommu_domain *domain);
	int (*attach)(struct hypiommu_smmu *smmu,
		      struct hypiommu_stream *stream,
		      struct hypiommu_domain *domain);
	/* The stream aborts, its configuration is in no cache. */
	int (*detach)(struct hypiommu_smmu *smmu,
		      struct hypiommu_stream *stream);
	/* Hardware that remembers empty entries: [iova, iova + size) of a
	 * domain with streams was mapped. NULL where a map needs nothing. */
	int (*mapped)(struct hypiommu_smmu *smmu,
		      struct hypiommu_domain *domain, uint64_t iova,
		      uint64_t size);
	/* Invalidate and complete, on every instance. */
	int (*invalidate)(struct hypiommu_smmu *smmu,
			  struct hypiommu_domain *domain,
			  const struct tlb_request *request);
	/* Oldest record; E_NOENT when empty. *more: another one waits. */
	int (*fault_read)(struct hypiommu_smmu *smmu,
			  struct fault_record *record, bool *more);
	/* The stream aborts and changes hands: what was recorded of it so far
	 * is never read again, or has a number below stream->faults_from, which
	 * is set. NULL where nothing is recorded. */
	void (*forget_faults)(struct hypiommu_smmu *smmu,
			      struct hypiommu_stream *stream);
};

#define SMMU_PRIV_SIZE 504u /* whole lines with the lock */

/* Cache lines of its own: other CPUs work on its neighbours. */
struct __attribute__((aligned(64))) hypiommu_smmu {
	struct hypiommu *h;
	const struct hypiommu_smmu_ops *ops;
	uint32_t index;
	uint32_t window;
	uint32_t broken; /* 0, or why as a positive enum hypiommu_error */
	bool ready;	 /* finalise has switched it on */
	bool coherent;	 /* walkers snoop */
	bool fault_lost; /* a record nobody was given said that others were
			  * lost: the next one does; the attach lock's */
	bool range_inval;
	bool whole_on_tables; /* erratum: a table may go only with the whole
			       * context invalidated */
	uint32_t max_page_commands; /* above this many pages: everything */
	uint32_t sid_bits;
	/* A backend sizes them in domain_init's terms; 0 is never given out. */
	struct ids asids, vmids;
	/* Guards the hardware, priv, and broken. Innermost. On another line
	 * than what calls read without it; with what they do under it. */
	_Alignas(64) hypiommu_env_lock_t lock;
	uint64_t priv[SMMU_PRIV_SIZE / 8];
};

struct hypiommu_stream {
	uint32_t sid;
	uint32_t domain; /* index, or HYPIOMMU_NO_DOMAIN; attach lock */
	uint16_t smmu;
	uint8_t owner; /* principal; attach lock */
	uint32_t hw;   /* the backend's; SMMU lock */
	/* Number of the first fault record that can be of its owner's time;
	 * attach lock. */
	uint64_t faults_from;
};

/* Tegra's memory controller, which routes clients to SMMUs. */
struct hypiommu_mc {
	uint32_t window;
	uint32_t ids; /* client ids its aperture has room for; 0: no MC */
};

enum domain_state {
	DOMAIN_FREE,
	DOMAIN_LIVE,
	DOMAIN_DYING, /* domain_free has begun */
};

/* A cache line of its own: other CPUs work on its neighbours. */
struct __attribute__((aligned(64))) hypiommu_domain {
	/* Guards everything below; order: attach, domain, pool, owner, SMMU. */
	hypiommu_env_lock_t lock;
	uint32_t index;
	uint32_t state; /* enum domain_state; to and from FREE: attach too */
	uint16_t smmu;
	uint8_t owner; /* principal whose pages may be mapped */
	uint8_t stage;
	uint32_t streams; /* attached; 0 means no TLB can hold anything of it */
	uint32_t hw_id;	  /* ASID or VMID */
	/* Cleared, not yet invalidated and unpinned; only an error leaves its
	 * size above 0 when a call returns. */
	uint64_t pending_iova;
	struct pgtable_cleared pending;
	uint64_t drain_iova; /* where domain_free goes on */
	struct owner_user pages;
	struct pgtable pt;
};

struct frame {
	uint64_t base, size;
};

struct hypiommu {
	struct hypiommu_config config;
	/* Guards streams, domain states, stream owners. Outermost. */
	hypiommu_env_lock_t attach_lock;
	bool frozen;	/* finalise has begun: streams are what they are */
	bool finalised; /* and has ended: hypercalls are served */
	uint32_t smmu_count, stream_count, frame_count;
	struct hypiommu_mc mc; /* attach lock */
	struct swgroups swgroups;
	struct owner owner;
	struct pool pool;
	struct hypiommu_smmu *smmus;
	struct hypiommu_domain *domains;
	struct hypiommu_stream *streams; /* sorted by (smmu, sid) */
	struct frame *frames;
	struct ids domain_ids; /* attach lock */
	uint64_t *id_words;    /* of every SMMU's asids and vmids */
};

static inline void *phys_to_virt(const struct hypiommu *h, uint64_t pa)
{
	return (void *)(uintptr_t)(pa + h->config.phys_to_virt);
}

/* MMIO of an SMMU's own window. */
static inline uint32_t smmu_read32(const struct hypiommu_smmu *s, uint32_t off)
{
	return s->h->config.mmio->read32(s->h->config.mmio_ctx, s->window, off);
}

static inline void smmu_write32(const struct hypiommu_smmu *s, uint32_t off,
				uint32_t val)
{
	s->h->config.mmio->write32(s->h->config.mmio_ctx, s->window, off, val);
}

static inline void smmu_write64(const struct hypiommu_smmu *s, uint32_t off,
				uint64_t val)
{
	s->h->config.mmio->write64(s->h->config.mmio_ctx, s->window, off, val);
}

/* May this principal call now? */
static inline int caller_check(const struct hypiommu *h, uint32_t caller)
{
	if (!h->finalised)
		return HYPIOMMU_E_PHASE;
	if (caller >= HYPIOMMU_PRINCIPALS || caller == HYPIOMMU_HYP)
		return HYPIOMMU_E_PERM;
	return HYPIOMMU_OK;
}

/* machine.c: the frozen description */
bool frame_overlaps(const struct hypiommu *h, uint64_t base, uint64_t size);
int smmu_add(struct hypiommu *h, const struct hypiommu_smmu_ops *ops,
	     uint32_t window, struct hypiommu_smmu **smmu);
void smmu_ids(struct hypiommu_smmu *smmu, uint32_t asid_bits,
	      uint32_t vmid_bits);
struct hypiommu_smmu *smmu_get(struct hypiommu *h, uint64_t index);
struct hypiommu_stream *stream_find(struct hypiommu *h, uint32_t smmu,
				    uint64_t sid);
int range_check(uint64_t base, uint64_t size);

/* smmu.c: one SMMU's health */
int smmu_usable(struct hypiommu_smmu *smmu);
int smmu_result(struct hypiommu_smmu *smmu, int err);
void smmu_notice(struct hypiommu_smmu *smmu, enum hypiommu_notice what,
		 uint64_t value);

/* domain.c, map.c, attach.c: what hcall.c dispatches to */
int domain_alloc(struct hypiommu *h, uint32_t caller, uint64_t smmu,
		 uint64_t kind, struct hypiommu_domain **domain,
		 struct pool_request *want);
int domain_free(struct hypiommu *h, uint32_t caller, uint64_t id);
int domain_lock(struct hypiommu *h, uint32_t caller, uint64_t id,
		struct hypiommu_domain **domain);
void domain_unlock(struct hypiommu_domain *domain);
int domain_attach(struct hypiommu *h, uint32_t caller, uint64_t smmu,
		  uint64_t sid, uint64_t id);
int domain_detach(struct hypiommu *h, uint32_t caller, uint64_t smmu,
		  uint64_t sid, uint64_t id);
int domain_map(struct hypiommu *h, uint32_t caller, uint64_t id, uint64_t iova,
	       uint64_t pa, uint64_t size, uint64_t prot,
	       struct pgtable_mapped *m);
/* *unmapped is 0 before, and stays so where nothing was. */
int domain_unmap(struct hypiommu *h, uint32_t caller, uint64_t id,
		 uint64_t iova, uint64_t size, uint64_t *unmapped,
		 struct pool_request *want);
int domain_lookup(struct hypiommu *h, uint32_t caller, uint64_t id,
		  uint64_t iova, uint64_t *pa);
int domain_sync(struct hypiommu *h, uint32_t caller, uint64_t id);

/* Clear, invalidate, complete, unpin; domain lock held. */
int domain_clear(struct hypiommu *h, struct hypiommu_domain *domain,
		 uint64_t iova, uint64_t size, uint64_t *cleared,
		 struct pool_request *want);
/* Invalidate, unpin and erase what is pending; domain lock held. */
int domain_finish(struct hypiommu *h, struct hypiommu_domain *domain);

/* tlb.c */
void tlb_choose(const struct hypiommu_smmu *smmu, struct tlb_request *request);
int tlb_invalidate(struct hypiommu_smmu *smmu, struct hypiommu_domain *domain,
		   struct tlb_request *request);
int tlb_mapped(struct hypiommu_smmu *smmu, struct hypiommu_domain *domain,
	       uint64_t iova, uint64_t size);
int tlb_invalidate_all(struct hypiommu_smmu *smmu,
		       struct hypiommu_domain *domain);

#endif /* HYPIOMMU_CORE_H */
