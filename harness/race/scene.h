/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Where two calls meet: a small machine in the middle of its life, the same
 * each time it is set up, and what can be told of it afterwards.
 *
 *	stream 1  the host's, attached to domain 0
 *	stream 2  the host's, attached to nothing
 *	stream 3  guest 0's, attached to its domain 3
 *	domain 0  HOST_PAGE(0), HOST_PAGE(1), and a 2 MiB block if asked for
 *	domain 1  the other stage where there is one: HOST_PAGE(0) again
 *	domain 2  empty
 *	domain 3  guest 0's: GUEST_PAGE(0)
 */
#ifndef SCENE_H
#define SCENE_H

#include "machine.h"

#define SCENE_PAGE 0x1000ull
#define BLOCK_SIZE 0x200000ull
#define GUEST	   HYPIOMMU_GUEST(0)

#define HOST_PAGE(i)  (MACHINE_RAM_BASE + (uint64_t)(i)*SCENE_PAGE)
#define GUEST_PAGE(i) (MACHINE_RAM_BASE + 0x100000 + (uint64_t)(i)*SCENE_PAGE)
#define SHARED_PAGE   (MACHINE_RAM_BASE + 0x180000)
#define LENT_PAGE     (MACHINE_RAM_BASE + 0x181000)
#define BLOCK_PA      (MACHINE_RAM_BASE + BLOCK_SIZE)
/* Two MiB of the host's that nothing uses: two chunks of page states. */
#define FAR_PA	      (MACHINE_RAM_BASE + 2 * BLOCK_SIZE)
/* Given to the pool by the setup, never used by it: the host may ask for it. */
#define SPARE_PAGE    (MACHINE_DONOR_BASE + 0x1000)
/* Not given yet. Its first words are no zeroes. */
#define FRESH_PAGE(i) (MACHINE_DONOR_BASE + 0x10000 + (uint64_t)(i)*SCENE_PAGE)

#define IOVA(i)	   ((uint64_t)(i)*SCENE_PAGE)
#define BLOCK_IOVA BLOCK_SIZE

/* Streams by their role; the number depends on the machine. */
enum scene_stream {
	STREAM_HOST,
	STREAM_FREE,
	STREAM_GUEST,
	SCENE_STREAMS,
};

struct scene_kind {
	const char *name;
	const char *what;
	unsigned int stage; /* of domain 0, 2 and 3 */
	unsigned int other; /* of domain 1 */
	void (*configure)(struct machine_config *config);
	uint32_t smmu;
	const uint32_t *sids;	 /* by enum scene_stream */
	const uint32_t *clients; /* the same, where devices are clients */
	/* Hardware that fails when the calls meet: at an event of this kind,
	 * or from a register access on. */
	enum machine_fault_kind fault;
};

extern const struct scene_kind scene_kinds[];
extern const size_t scene_kind_count;

struct scene {
	const struct scene_kind *kind;
	struct machine *m;
	uint64_t base_used; /* table pages before there was any domain */
	uint32_t pins;	    /* of the pages told of last */
	bool clean;	    /* told to the end, and nothing was left behind */
};

/*
 * With the block, or without: to look at it takes most of the time. judged:
 * the specification judges every call, so calls may not overlap. false: said
 * says why.
 */
struct scene_options {
	bool block, judged;
};
bool scene_begin(struct scene *s, const struct scene_kind *kind,
		 const struct scene_options *options, char *said, size_t size);
/* At the event of that number from here on, 1 or more, hardware fails as the
 * kind says; the calls come next. */
void scene_fail(struct scene *s, uint64_t event);
void scene_end(struct scene *s);

/*
 * All that callers and devices can tell of the state, in words, one fact a
 * line. Destroys the scene: in the end everything is freed, so that a leak is a
 * fact too. With reset, hardware is mended, the SMMU reset and every domain
 * synchronised first.
 */
#define SCENE_TEXT 8192u
void scene_tell(struct scene *s, bool reset, char *text);

#endif /* SCENE_H */
