/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What the SMMUv2, the classic Tegra SMMU and Tegra's MC have in common. */
#ifndef SIM2_H
#define SIM2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attrs.h"
#include "mem.h"

#define SIM2_NONE UINT32_MAX /* no client, no stream, no context */

/* One way a device can reach memory at this instant. */
struct sim2_reach {
	uint32_t client;	 /* memory client, or SIM2_NONE below an MC */
	uint32_t sid, sid_mask;	 /* stream IDs equal to sid outside the mask; a
				  * mask of ~0: any that no entry matches */
	uint32_t context;	 /* context bank, ASID of the classic SMMU */
	uint8_t block;		 /* SMMU behind an MC */
	uint8_t instance;	 /* of a mirrored SMMU */
	uint64_t iova, pa, size; /* bytes; one leaf */
	bool read, write;
	struct sim_attrs attrs;
	bool cached; /* through a TLB, walk-cache or PTC entry */
	bool bypass; /* no translation at all: iova and pa are 0, size ~0 */
};

/* A translation table that hardware may read from. */
struct sim2_table {
	uint64_t pa, size;
	uint32_t context;
	uint8_t instance;
	bool cached; /* only through a cached pointer */
};

enum sim2_dma_result {
	SIM2_DMA_OK,
	SIM2_DMA_ABORT, /* terminated; a fault may have been recorded */
	SIM2_DMA_BUS,	/* translated, but nothing answers at the address */
	SIM2_DMA_STALL, /* waiting for RESUME (IHI 0062 3.8) */
};

/* Asked of every sync that is started: shall it never complete? */
typedef bool (*sim2_fail_fn)(void *ctx);

/* Something the architecture forbids or leaves UNPREDICTABLE. */
typedef void (*sim2_report_fn)(void *ctx, const char *what);
typedef void (*sim2_reach_fn)(void *ctx, const struct sim2_reach *reach);
typedef void (*sim2_table_fn)(void *ctx, const struct sim2_table *table);

/* Bad hardware in front of any register file. */
struct sim2_mmio_faults {
	bool dead;	    /* reads all ones, ignores writes */
	bool ignore_writes; /* reads are fine, no write sticks */
	bool ignore_one;    /* writes to ignore_offset do not stick */
	uint32_t ignore_offset;
};

static inline bool sim2_mmio_faulty(const struct sim2_mmio_faults *f)
{
	return f->dead || f->ignore_writes || f->ignore_one;
}

/* A device access: len bytes at iova, to or from buf. */
struct sim2_access {
	uint32_t id; /* stream ID or memory client */
	uint64_t iova;
	bool write;
	void *buf;
	uint64_t len;
};

#endif /* SIM2_H */
