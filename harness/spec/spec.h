/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What the library must do, said a second time and more simply: an abstract
 * state of the whole machine, and for every call which answers are right and
 * what the state is afterwards. Written from the public headers alone
 * (hypiommu/hcall.h, hypiommu/hypiommu.h); of the library it knows only the
 * numbers of the ABI. No tables, no registers, no locks, no time.
 *
 * A call is judged after it was answered. Where the ABI leaves the answer open
 * (table memory, identifiers, how far one call gets) every answer it allows is
 * right, and the state follows from the one that was given. Everything here is
 * a function of its arguments; spec_clone() keeps a state for later.
 */
#ifndef SPEC_H
#define SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPEC_NONE UINT32_MAX

/* ---------------------------------------------------------------- state */

enum spec_sharing {
	SPEC_OWNED,
	SPEC_SHARED,
	SPEC_LENT,
};

struct spec_page {
	uint8_t owner, peer; /* principals; peer is the owner of an owned one */
	uint8_t sharing;     /* enum spec_sharing */
	bool pool;	     /* table memory: EL2's, never given by ownership */
	uint32_t pins;
};

struct spec_region {
	uint64_t base, size;
	bool mmio;
	struct spec_page *pages;
};

/* [iova, iova + size) is mapped to pa on, all with the same prot. */
struct spec_extent {
	uint64_t iova, pa, size;
	uint32_t prot;
};

/* Sorted by IOVA; neighbours that continue each other are one extent. */
struct spec_map {
	struct spec_extent *extents;
	uint32_t count, room;
};

enum spec_life {
	SPEC_FREE,
	SPEC_LIVE,
	SPEC_DYING, /* DOMAIN_FREE has said E_AGAIN */
};

struct spec_domain {
	uint8_t life; /* enum spec_life */
	uint8_t owner, stage, ias, oas;
	uint32_t smmu;
	uint64_t leaf_sizes;
	uint64_t root_pages; /* of table memory, as observed at its birth */
	struct spec_map map;
	/* Unmapped, but an SMMU failed before all of it was forgotten: the
	 * pages stay pinned. */
	struct spec_map pending;
};

struct spec_stream {
	uint32_t smmu, sid, owner;
	uint32_t domain; /* or SPEC_NONE */
	/* An attach or detach failed: attached, and yet it may abort. */
	bool unsure;
};

/* What an SMMU offers is the hardware's, but never changes. */
struct spec_offer {
	bool known, supported;
	uint8_t ias, oas;
	uint64_t leaf_sizes;
};

struct spec_smmu {
	bool ready;  /* finalise has switched it on */
	bool broken; /* or suspended: every call says E_BROKEN */
	struct spec_offer offer[2][8]; /* by stage - 1 and what is asked of the
					* tables */
	/* log2 of what each table below a root translates, where there is but
	 * one level of them; 0: long descriptors, several levels. */
	uint8_t table_shift;
};

struct spec {
	bool finalised;
	struct spec_region *regions;
	struct spec_smmu *smmus;
	struct spec_domain *domains;
	struct spec_stream *streams;
	uint32_t region_count, smmu_count, domain_count, stream_count;
	bool own_tables; /* the port's own table memory: there is no pool */
	uint64_t pool_pages;
	uint64_t pool_base; /* of them in use before there is any domain */
	uint64_t pool_used; /* of them in use, as seen after the last call */
	uint64_t pool_top;  /* where the highest of them ends */
	/* The ranges of pages that calls touched since spec_touched_none(). */
	struct {
		uint64_t pa, size;
	} touched[16];
	uint32_t touched_count; /* more than there is room for: any page */
	char why[200];
};

/* -------------------------------------------------------- what it is told */

/* What is seen of the machine beside the answer itself. */
struct spec_seen {
	bool doubt;    /* hardware may fail in this call */
	bool quiesced; /* the sink acknowledged, or would have */
	bool reaches;  /* after a suspend, streams of the SMMU reach memory */
	uint64_t used; /* table pages in use after the call */
	bool refused;  /* the port refused table memory in this call */
	/* DMA pins of a page after the call: how far work went that the answer
	 * does not tell (DOMAIN_FREE that says E_AGAIN, a roll-back that
	 * failed). */
	uint32_t (*pins)(void *ctx, uint64_t pa);
	void *ctx;
};

/* Trusted phase. An empty machine with this many SMMUs and domains. */
struct spec *spec_create(uint32_t smmus, uint32_t domains);
void spec_destroy(struct spec *s);
struct spec *spec_clone(const struct spec *s);
void spec_add_region(struct spec *s, uint64_t base, uint64_t size, bool mmio);
void spec_carve_out(struct spec *s, uint64_t base, uint64_t size);
void spec_add_tables(struct spec *s, uint64_t base, uint64_t size);
void spec_add_stream(struct spec *s, uint32_t smmu, uint32_t sid,
		     uint32_t owner);
void spec_finalise(struct spec *s, uint64_t pool_used);

/*
 * A call was answered. NULL: rightly, and the state has moved on. Otherwise
 * what is wrong; the state is of no use from then on.
 */
const char *spec_hcall(struct spec *s, uint32_t caller, const uint64_t in[6],
		       const uint64_t out[8], const struct spec_seen *seen);

enum spec_transition {
	SPEC_DONATE,
	SPEC_SHARE,
	SPEC_UNSHARE,
	SPEC_LEND,
	SPEC_RECLAIM,
};
const char *spec_transition(struct spec *s, enum spec_transition how,
			    uint32_t a, uint32_t b, uint64_t pa, uint64_t size,
			    int result);
/* While a hypercall runs elsewhere: pages may be pinned, or not yet or no
 * more, and the hypercall is judged as if it came after. */
const char *spec_transition_meanwhile(struct spec *s, enum spec_transition how,
				      uint32_t a, uint32_t b, uint64_t pa,
				      uint64_t size, int result);
const char *spec_assign(struct spec *s, uint32_t smmu, uint32_t sid,
			uint32_t from, uint32_t to, int result,
			const struct spec_seen *seen);
const char *spec_suspend(struct spec *s, uint32_t smmu, int result,
			 const struct spec_seen *seen);
const char *spec_reset(struct spec *s, uint32_t smmu, int result,
		       const struct spec_seen *seen);

/* -------------------------------------------------------------- questions */

/* The page at pa, or NULL: nothing is declared there. */
struct spec_page *spec_page(const struct spec *s, uint64_t pa, bool *mmio);
struct spec_stream *spec_stream(const struct spec *s, uint32_t smmu,
				uint64_t sid);

/* What is mapped at iova, or NULL. */
const struct spec_extent *spec_map_at(const struct spec_map *m, uint64_t iova);
uint64_t spec_map_bytes(const struct spec_map *m);

/* Table pages all domains together need at least and at most. */
void spec_tables(const struct spec *s, uint64_t *least, uint64_t *most);

void spec_touched_none(struct spec *s);
/* Of all that later answers can depend on, but for pages outside of these
 * ranges. */
struct spec_range {
	uint64_t pa, size;
};
uint64_t spec_hash(const struct spec *s, const struct spec_range *ranges,
		   uint32_t count);
uint64_t spec_mix(uint64_t hash, uint64_t value);

#endif /* SPEC_H */
