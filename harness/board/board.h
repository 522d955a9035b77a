/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What a flattened device tree says of a machine's DMA: its SMMUs, Tegra's
 * memory controller, the masters behind them, and the windows of memory and
 * registers. A tree is hostile input: every length, cell count, phandle and
 * depth is checked, and the work is bounded by the tree's size.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOARD_BYTES_MAX	  (2u << 20) /* of a tree: Linux' own limit */
#define BOARD_NODES_MAX	  65536u
#define BOARD_DEPTH_MAX	  32u
#define BOARD_NAME_MAX	  128u /* of one node */
#define BOARD_SMMUS_MAX	  64u
#define BOARD_MASTERS_MAX 4096u
#define BOARD_FRAMES_MAX  64u /* of one node */

#define BOARD_NO_SMMU SIZE_MAX

/* Physical addresses as the CPU sees them; size is not 0, no wrap. */
struct board_frame {
	uint64_t base, size;
};

struct board_frames {
	struct board_frame *list;
	size_t count;
};

enum board_smmu_kind {
	BOARD_SMMUV2,
	BOARD_SMMUV3,
	BOARD_TEGRA_SMMU, /* inside Tegra30..210's MC; SIDs are SWGROUPs */
};

struct board_smmu {
	char *path;
	char *name; /* label, if the tree has symbols, or node name */
	const char *compatible;
	enum board_smmu_kind kind;
	bool disabled;
	bool dma_coherent;
	uint32_t phandle; /* 0 if none */
	uint32_t iommu_cells;
	uint32_t stream_match_mask;
	struct board_frames frames; /* in order of reg: mirrors follow */
};

/* The memory controller that turns client ids into stream IDs. */
struct board_mc {
	bool present;
	char *path;
	const char *compatible;
	uint32_t phandle;
	uint32_t interconnect_cells;
	size_t sid; /* which frame holds the SID registers */
	uint64_t sid_base;
	struct board_frames frames; /* all, in order of reg */
	size_t channels;	    /* frames that reg-names calls chN */
	size_t clients;		    /* different ids masters name */
};

enum board_stream_kind {
	BOARD_IOMMUS,
	BOARD_IOMMU_MAP,
};

/* Stream IDs sid .. sid + count - 1 behind one SMMU. */
struct board_stream {
	enum board_stream_kind kind;
	size_t smmu; /* index */
	uint32_t sid;
	uint32_t mask;	   /* SMR mask bits of iommus, else 0 */
	uint32_t rid_base; /* requester ID of the first (iommu-map) */
	uint32_t count;	   /* after iommu-map-mask; of iommus: 1 */
};

struct board_client {
	uint32_t id;
	char *name; /* of interconnect-names, or NULL */
};

struct board_master {
	char *path;
	const char *name; /* last part of path */
	bool disabled;	  /* it, or a node above it */
	bool dma_coherent;
	bool has_iommus, has_iommu_map;
	size_t smmu; /* index: that of the first stream */
	struct board_stream *streams;
	size_t stream_count;
	struct board_client *clients;
	size_t client_count;
};

struct board {
	char *model;
	struct board_smmu *smmus;
	size_t smmu_count;
	struct board_mc mc;
	struct board_master *masters;
	size_t master_count;
	struct board_frames memory;
	struct board_frames irqchip;  /* never mappable, like all above */
	struct board_frame *doorbell; /* of MSIs, or NULL; points inside */
	struct board_frame doorbell_frame;
};

struct board_error {
	char text[512]; /* file: node: property: what is wrong */
};

/* NULL and an error; board_free takes NULL. */
struct board *board_load(const char *path, struct board_error *err);
struct board *board_load_mem(const void *bytes, size_t length, const char *name,
			     struct board_error *err);
void board_free(struct board *board);

/* By path, label or node name; NULL. Names need not be unique: the first. */
const struct board_master *board_find_master(const struct board *board,
					     const char *name);
const struct board_smmu *board_find_smmu(const struct board *board,
					 const char *name);

/* Does [base, base + size) touch registers of an SMMU, the MC or a GIC? */
bool board_is_register(const struct board *board, uint64_t base, uint64_t size);

/* Do two masters have a stream ID in common, behind the same SMMU? */
bool board_share_stream(const struct board_master *a,
			const struct board_master *b);

#endif /* BOARD_H */
