/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Names of Tegra's memory clients and streams. Facts from Linux' public
 * device-tree headers (dt-bindings/memory/tegra*-mc.h) and the tables of its
 * memory-controller drivers, kept as CSV files in data/; tables.awk makes C of
 * them.
 */
#ifndef BOARD_TEGRA_H
#define BOARD_TEGRA_H

#include <stddef.h>
#include <stdint.h>

/* SID spaces of Tegra234 are per SMMU. */
enum tegra234_block {
	TEGRA234_NONE, /* Linux names no stream for it */
	TEGRA234_ISO,
	TEGRA234_NISO0,
	TEGRA234_NISO1,
	TEGRA234_SHARED,  /* SIDs used behind NISO0 and NISO1 */
	TEGRA234_SPECIAL, /* 0 invalid, 0x7f around the SMMU */
};

struct tegra234_client {
	const char *name; /* lower case; unique */
	uint32_t id;
	const char *sid_name; /* NULL if Linux' table has none */
	uint32_t sid;
	enum tegra234_block block;
};

struct tegra234_sid {
	const char *name;
	uint32_t sid;
	enum tegra234_block block;
};

/* Every client id there is, in order of id. */
extern const struct tegra234_client tegra234_clients[];
extern const size_t tegra234_client_count;
extern const struct tegra234_sid tegra234_sids[];
extern const size_t tegra234_sid_count;

/* NULL if there is none. */
const struct tegra234_client *tegra234_client_by_id(uint32_t id);
const struct tegra234_client *tegra234_client_by_name(const char *name);

/* The block whose SMMU has a register frame at this address. */
enum tegra234_block tegra234_block_at(uint64_t frame_base);
const char *tegra234_block_name(enum tegra234_block block);

/* First name of a SID behind a block (NULL), the shared ones included. */
const char *tegra234_sid_name(enum tegra234_block block, uint32_t sid);

/* The clients of a block's SID: how many there are; up to max ids are set. */
size_t tegra234_clients_of(enum tegra234_block block, uint32_t sid,
			   uint32_t *ids, size_t max);

/* Tegra30, 114, 124, 210: soc is "tegra30" and so on. */
struct tegra_classic_client {
	const char *soc, *name;
	uint32_t id;
	const char *swgroup; /* macro's name without TEGRA_SWGROUP_ */
	uint32_t enable_reg; /* of its smmu_enable bit; 0 if it has none */
	uint32_t enable_bit;
};

struct tegra_classic_swgroup {
	const char *soc, *name; /* upper case, as in the client's */
	uint32_t id, reg;	/* reg: offset of its ASID register */
};

extern const struct tegra_classic_client tegra_classic_clients[];
extern const size_t tegra_classic_client_count;
extern const struct tegra_classic_swgroup tegra_classic_swgroups[];
extern const size_t tegra_classic_swgroup_count;

const struct tegra_classic_client *tegra_classic_client_by_id(const char *soc,
							      uint32_t id);
const struct tegra_classic_swgroup *tegra_classic_swgroup_by_id(const char *soc,
								uint32_t id);
const struct tegra_classic_swgroup *
tegra_classic_swgroup_by_name(const char *soc, const char *name);

#endif /* BOARD_TEGRA_H */
