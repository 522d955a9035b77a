/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hostile host: each attack is a file in debugfs, hypiommu-attack/NAME;
 * reading it runs the attack and gives "ok", or what EL2 let happen.
 */
#ifndef HYPIOMMU_ATTACK_H
#define HYPIOMMU_ATTACK_H

#include <linux/seq_file.h>
#include <linux/types.h>

#include <hypiommu/pkvm_call.h>

/* An attack: NULL if all was refused that should be, else what was not. */
typedef const char *(*attack_fn)(void);

struct attack {
	const char *name;
	attack_fn run;
};

extern const struct attack call_attacks[], owner_attacks[], register_attacks[],
	dma_attacks[], random_attacks[], sleep_attacks[];

/* The hypercall: x1 = a.. in, the status out; results in last_result(). */
s64 call(u64 fn, u64 a, u64 b, u64 c, u64 d, u64 e);
u64 last_result(unsigned int i); /* x[i], 1 to 4 */

/* A domain of the attacker's own; negative: EL2's status. */
s64 domain_get(void);
void domain_put(u64 domain);

/* EXPECT(what, status): leave the attack unless what gave this status. */
#define EXPECT(what, status)                                                \
	do {                                                                \
		s64 got_ = (what);                                          \
		if (got_ != (status)) {                                     \
			pr_err("hypiommu-attack: %s: %lld instead of %d\n", \
			       #what, got_, (status));                      \
			return #what;                                       \
		}                                                           \
	} while (0)

/* One page of the host's, as a physical address and a page frame. */
struct page *page_get(void);

/* edu.c: QEMU's DMA engine. */
int edu_init(void);
void edu_exit(void);
bool edu_present(void);
u32 edu_stream(void);
void edu_from_ram(u64 iova, u32 bytes); /* RAM -> edu */
void edu_to_ram(u64 iova, u32 bytes);	/* edu -> RAM */
const char *edu_copy(void);		/* through the kernel's DMA API */

/* dma.c: run in a domain of the attacker's own, with edu attached to it. */
const char *in_edu_domain(const char *(*fn)(u64 d));
#define SECRET 0x5ec4e75ec4e75ec4ull

#define SMMU 0 /* the machine has one */

#endif /* HYPIOMMU_ATTACK_H */
