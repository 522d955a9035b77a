/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The stand on which a hostile host is let loose: one machine, two devices of
 * the host in two domains, a guest with a device, a domain and pages of its
 * own, and one of everything that must not be had.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include "board.h"
#include "front.h"

#define RAM_SIZE 0x4000000ull /* 64 MiB */
#define AT(mib)	 (MACHINE_RAM_BASE + (mib)*0x100000ull)
#define PAGE	 0x1000ull
#define BLOCK	 0x200000ull

/* Memory. */
#define PA_HOST	  AT(1)		   /* two pages, mapped for device A */
#define PA_BLOCK  AT(4)		   /* 2 MiB, mapped for device A */
#define PA_B	  AT(8)		   /* mapped for device B */
#define PA_FREE	  AT(16)	   /* the host's, used for nothing */
#define PA_GUEST  AT(24)	   /* 16 pages of the guest */
#define PA_SHARED AT(25)	   /* the host's, shared with the guest */
#define PA_LENT	  AT(26)	   /* the host's, lent to the guest */
#define PA_RDONLY AT(27)	   /* mapped for device A, to read */
#define PA_EL2	  MACHINE_EL2_BASE /* EL2's own */
#define PA_HOLE	  0x20000000ull	   /* declared as nothing */

/* What the devices see. */
#define IOVA_HOST   0x10000000ull
#define IOVA_RDONLY 0x10100000ull
#define IOVA_BLOCK  0x20000000ull
#define IOVA_FREE   0x30000000ull /* nothing there, and nothing to be */

#define SID_A	  0x8u
#define SID_B	  0x10u
#define SID_FREE  0x18u /* the host's, attached to nothing */
#define SID_GUEST 0x20u
#define SID_NONE  0x7777u /* declared by nobody */

#define RW (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE)

struct stand {
	struct machine *m;
	struct front host, guest;
	unsigned int stage;
	bool tegra;	    /* devices are memory clients */
	uint64_t registers; /* the SMMU's, where they begin */
	uint32_t a, b, g;   /* domains */
	uint64_t iova_end, pa_end;
	uint64_t stream_table, root_table; /* pages that serve as such */
	uint64_t owners; /* digest of who owns what, with pins */
	uint64_t table_pages;
	char wrong[256]; /* what is no longer as it must be */
};

/* false: the machine could not be set up; wrong says why. */
bool stand_set_up(struct stand *s, unsigned int stage,
		  const struct board *board);
void stand_tear_down(struct stand *s);

/* A device, on a Tegra234 its memory client for that kind of access. */
enum sim_dma_result stand_dma(struct stand *s, uint32_t sid, uint64_t iova,
			      bool write, void *buf, uint64_t len);
enum sim_dma_result stand_translate(struct stand *s, uint32_t sid,
				    uint64_t iova, bool write, uint64_t *pa);
/* The SMMU fills its caches with all it may. */
void stand_speculate(struct stand *s);

/* Is all as it was, and does what is right still work? Else wrong says what. */
bool stand_is_intact(struct stand *s);

/* Results of an attack besides error codes. */
#define GOT_THROUGH 0
#define ABORTED	    (-100) /* the SMMU terminated the access */
#define NOT_HERE    (-101) /* makes no sense at this stage */

#define BY(error)      (1u << -HYPIOMMU_E_##error)
#define BY_ABORT       (1u << 31)
#define TRIED_BY_GUEST (1u << 30)

/* An attack of several steps: what refused it, or GOT_THROUGH. */
struct attack {
	const char *name;
	int (*run)(struct stand *s);
	uint32_t by; /* what may refuse it */
};

/* An attack by one hypercall. Arguments may be names, resolved late. */
#define NAMED		0xfeed000000000000ull
#define DOMAIN_A	(NAMED + 1)
#define DOMAIN_B	(NAMED + 2)
#define DOMAIN_GUEST	(NAMED + 3)
#define DOMAIN_A_HIGH	(NAMED + 4) /* 2^32 + A */
#define PA_STREAM_TABLE (NAMED + 5)
#define PA_ROOT_TABLE	(NAMED + 6)
#define IOVA_END	(NAMED + 7) /* the first the domain cannot have */
#define PA_END		(NAMED + 8)
#define IOVA_LAST	(NAMED + 9) /* the last page it can */
#define PA_REGISTERS	(NAMED + 10)
#define PA_DOORBELL	(NAMED + 11)
#define SMMU_NONE	(NAMED + 12) /* the first that is not there */
#define PA_MC		(NAMED + 13) /* a Tegra234's */
#define PA_MIRROR	(NAMED + 14)
#define PA_OTHER	(NAMED + 15)

struct hcall_attack {
	const char *name;
	enum hypiommu_hcall_fn fn;
	uint64_t x[5];
	uint32_t by;
};

int attack_by_hcall(struct stand *s, const struct hcall_attack *attack);

extern const struct hcall_attack hcall_attacks[];
extern const size_t hcall_attack_count;
extern const struct hcall_attack tegra_attacks[];
extern const size_t tegra_attack_count;
extern const struct attack owner_attacks[], phase_attacks[], dma_attacks[];
extern const size_t owner_attack_count, phase_attack_count, dma_attack_count;

/* Thousands of hypercalls with random registers; false if one got through. */
bool attack_at_random(struct stand *s, unsigned int count,
		      unsigned int *refused);

#endif /* ATTACK_H */
