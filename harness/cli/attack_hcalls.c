// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Attacks by one hypercall, as a table. */
#include "attack.h"

#define MAP(...)               \
	HYPIOMMU_HC_MAP_PAGES, \
	{                      \
		__VA_ARGS__    \
	}
#define UNMAP(...)               \
	HYPIOMMU_HC_UNMAP_PAGES, \
	{                        \
		__VA_ARGS__      \
	}
#define FREE(...)                \
	HYPIOMMU_HC_DOMAIN_FREE, \
	{                        \
		__VA_ARGS__      \
	}
#define ALLOC(...)                \
	HYPIOMMU_HC_DOMAIN_ALLOC, \
	{                         \
		__VA_ARGS__       \
	}
#define ATTACH(...)             \
	HYPIOMMU_HC_ATTACH_DEV, \
	{                       \
		__VA_ARGS__     \
	}
#define DETACH(...)             \
	HYPIOMMU_HC_DETACH_DEV, \
	{                       \
		__VA_ARGS__     \
	}
#define LOOKUP(...)               \
	HYPIOMMU_HC_IOVA_TO_PHYS, \
	{                         \
		__VA_ARGS__       \
	}
#define SYNC(...)               \
	HYPIOMMU_HC_IOTLB_SYNC, \
	{                       \
		__VA_ARGS__     \
	}
#define TOPUP(...)             \
	HYPIOMMU_HC_MEM_TOPUP, \
	{                      \
		__VA_ARGS__    \
	}
#define GIVEBACK(...)             \
	HYPIOMMU_HC_MEM_GIVEBACK, \
	{                         \
		__VA_ARGS__       \
	}
#define FAULT(...)              \
	HYPIOMMU_HC_FAULT_READ, \
	{                       \
		__VA_ARGS__     \
	}

#define HIGH (1ull << 32)
#define ALL  (~0ull << 12) /* as large as a page-aligned number gets */

/* One attack a line. */
/* clang-format off */
const struct hcall_attack hcall_attacks[] = {
	/* pages */
	{ "map a guest's page", MAP(DOMAIN_A, IOVA_FREE, PA_GUEST, PAGE, RW), BY(PERM) },
	{ "map pages of which the last is a guest's", MAP(DOMAIN_A, IOVA_FREE, PA_GUEST - 2 * PAGE, 3 * PAGE, RW), BY(PERM) },
	{ "map a 2 MiB block with a guest's pages in it", MAP(DOMAIN_A, IOVA_BLOCK + BLOCK, PA_GUEST, BLOCK, RW), BY(PERM) },
	{ "map a page shared with a guest", MAP(DOMAIN_A, IOVA_FREE, PA_SHARED, PAGE, RW), BY(PERM) },
	{ "map a page lent to a guest", MAP(DOMAIN_A, IOVA_FREE, PA_LENT, PAGE, RW), BY(PERM) },
	{ "map an EL2 page", MAP(DOMAIN_A, IOVA_FREE, PA_EL2, PAGE, RW), BY(PERM) },
	{ "map the stream table", MAP(DOMAIN_A, IOVA_FREE, PA_STREAM_TABLE, PAGE, RW), BY(PERM) },
	{ "map a translation table", MAP(DOMAIN_A, IOVA_FREE, PA_ROOT_TABLE, PAGE, RW), BY(PERM) },
	{ "map the SMMU's own registers", MAP(DOMAIN_A, IOVA_FREE, PA_REGISTERS, PAGE, RW), BY(PERM) },
	{ "map the doorbell and the page behind it", MAP(DOMAIN_A, IOVA_FREE, PA_DOORBELL, 2 * PAGE, RW), BY(PERM) },
	{ "map a hole of the memory map", MAP(DOMAIN_A, IOVA_FREE, PA_HOLE, PAGE, RW), BY(PERM) },
	{ "map beyond the end of RAM", MAP(DOMAIN_A, IOVA_FREE, AT(64) - PAGE, 2 * PAGE, RW), BY(PERM) },
	{ "map beyond the output size", MAP(DOMAIN_A, IOVA_FREE, PA_END, PAGE, RW), BY(RANGE) },
	{ "map beyond the input size", MAP(DOMAIN_A, IOVA_END, PA_FREE, PAGE, RW), BY(RANGE) },
	{ "map across the end of the input size", MAP(DOMAIN_A, IOVA_LAST, PA_FREE, 2 * PAGE, RW), BY(RANGE) },
	{ "a guest maps the host's page", MAP(DOMAIN_GUEST, IOVA_FREE, PA_FREE, PAGE, RW), BY(PERM) | TRIED_BY_GUEST },
	{ "a guest maps an EL2 page", MAP(DOMAIN_GUEST, IOVA_FREE, PA_EL2, PAGE, RW), BY(PERM) | TRIED_BY_GUEST },
	/* numbers */
	{ "map a misaligned iova", MAP(DOMAIN_A, IOVA_FREE + 8, PA_FREE, PAGE, RW), BY(INVAL) },
	{ "map a misaligned page", MAP(DOMAIN_A, IOVA_FREE, PA_FREE + 0x800, PAGE, RW), BY(INVAL) },
	{ "map a misaligned size", MAP(DOMAIN_A, IOVA_FREE, PA_FREE, PAGE + 1, RW), BY(INVAL) },
	{ "map nothing", MAP(DOMAIN_A, IOVA_FREE, PA_FREE, 0, RW), BY(INVAL) },
	{ "map so much that iova + size wraps", MAP(DOMAIN_A, ALL, PA_FREE, 2 * PAGE, RW), BY(INVAL) | BY(RANGE) },
	{ "map so much that pa + size wraps", MAP(DOMAIN_A, IOVA_FREE, ALL, 2 * PAGE, RW), BY(INVAL) | BY(RANGE) },
	{ "map a huge size", MAP(DOMAIN_A, IOVA_FREE, PA_FREE, 1ull << 63, RW), BY(RANGE) },
	{ "map the largest size there is", MAP(DOMAIN_A, 0, 0, ALL, RW), BY(RANGE) },
	{ "map with no permission", MAP(DOMAIN_A, IOVA_FREE, PA_FREE, PAGE, 0), BY(INVAL) },
	{ "map with an unknown permission", MAP(DOMAIN_A, IOVA_FREE, PA_FREE, PAGE, RW | 0x40), BY(INVAL) },
	{ "map with a permission above bit 31", MAP(DOMAIN_A, IOVA_FREE, PA_FREE, PAGE, RW | HIGH), BY(INVAL) },
	{ "unmap a misaligned iova", UNMAP(DOMAIN_A, IOVA_HOST + 1, PAGE), BY(INVAL) },
	{ "unmap a misaligned size", UNMAP(DOMAIN_A, IOVA_HOST, PAGE - 1), BY(INVAL) },
	{ "unmap nothing", UNMAP(DOMAIN_A, IOVA_HOST, 0), BY(INVAL) },
	{ "unmap so much that it wraps", UNMAP(DOMAIN_A, IOVA_HOST, ALL), BY(INVAL) | BY(RANGE) },
	/* mappings */
	{ "map over a mapping", MAP(DOMAIN_A, IOVA_HOST, PA_FREE, PAGE, RW), BY(EXIST) },
	{ "map pages of which the last is mapped", MAP(DOMAIN_A, IOVA_HOST - 2 * PAGE, PA_FREE, 3 * PAGE, RW), BY(EXIST) },
	{ "map a page inside a mapped block", MAP(DOMAIN_A, IOVA_BLOCK + PAGE, PA_FREE, PAGE, RW), BY(EXIST) },
	{ "map a block over a mapped page", MAP(DOMAIN_A, IOVA_HOST, PA_BLOCK, BLOCK, RW), BY(EXIST) },
	{ "make a read-only mapping writable", MAP(DOMAIN_A, IOVA_RDONLY, PA_RDONLY, PAGE, RW), BY(EXIST) },
	{ "unmap what is not mapped", UNMAP(DOMAIN_A, IOVA_FREE, PAGE), BY(NOENT) },
	{ "look up what is not mapped", LOOKUP(DOMAIN_A, IOVA_FREE), BY(NOENT) },
	{ "look up beyond the input size", LOOKUP(DOMAIN_A, ~0ull), BY(NOENT) | BY(RANGE) },
	/* domains */
	{ "map in a guest's domain", MAP(DOMAIN_GUEST, IOVA_FREE, PA_FREE, PAGE, RW), BY(NOENT) },
	{ "unmap in a guest's domain", UNMAP(DOMAIN_GUEST, IOVA_HOST, PAGE), BY(NOENT) },
	{ "look up in a guest's domain", LOOKUP(DOMAIN_GUEST, IOVA_HOST), BY(NOENT) },
	{ "sync a guest's domain", SYNC(DOMAIN_GUEST), BY(NOENT) },
	{ "free a guest's domain", FREE(DOMAIN_GUEST), BY(NOENT) },
	{ "attach a device to a guest's domain", ATTACH(0, SID_FREE, DOMAIN_GUEST), BY(NOENT) },
	{ "a guest unmaps in the host's domain", UNMAP(DOMAIN_A, IOVA_HOST, PAGE), BY(NOENT) | TRIED_BY_GUEST },
	{ "a guest frees the host's domain", FREE(DOMAIN_A), BY(NOENT) | TRIED_BY_GUEST },
	{ "use a domain that was never made", MAP(63, IOVA_FREE, PA_FREE, PAGE, RW), BY(NOENT) },
	{ "use a domain number out of range", MAP(64, IOVA_FREE, PA_FREE, PAGE, RW), BY(NOENT) },
	{ "use domain number 2^32 + a good one", MAP(DOMAIN_A_HIGH, IOVA_FREE, PA_FREE, PAGE, RW), BY(NOENT) },
	{ "use domain number 2^64 - 1", FREE(~0ull), BY(NOENT) },
	{ "free an attached domain", FREE(DOMAIN_A), BY(BUSY) },
	{ "make a domain of stage 3", ALLOC(0, 3), BY(INVAL) },
	{ "make a domain of stage 2^32 + 1", ALLOC(0, HIGH + 1), BY(INVAL) },
	{ "make a domain for an SMMU that is not there", ALLOC(SMMU_NONE, 1), BY(NOENT) },
	/* streams */
	{ "attach a guest's stream", ATTACH(0, SID_GUEST, DOMAIN_A), BY(PERM) },
	{ "detach a guest's stream", DETACH(0, SID_GUEST, DOMAIN_GUEST), BY(PERM) },
	{ "attach an unknown stream", ATTACH(0, SID_NONE, DOMAIN_A), BY(NOENT) },
	{ "attach stream 2^32 + a good one", ATTACH(0, HIGH + SID_FREE, DOMAIN_A), BY(NOENT) },
	{ "attach on an SMMU that is not there", ATTACH(HIGH, SID_FREE, DOMAIN_A), BY(NOENT) },
	{ "attach an attached stream again", ATTACH(0, SID_A, DOMAIN_A), BY(BUSY) },
	{ "attach a stream attached elsewhere", ATTACH(0, SID_A, DOMAIN_B), BY(BUSY) },
	{ "detach from a domain it is not attached to", DETACH(0, SID_A, DOMAIN_B), BY(NOENT) },
	{ "detach what is not attached", DETACH(0, SID_FREE, DOMAIN_A), BY(NOENT) },
	{ "a guest attaches the host's stream", ATTACH(0, SID_FREE, DOMAIN_GUEST), BY(PERM) | TRIED_BY_GUEST },
	{ "a guest detaches the host's stream", DETACH(0, SID_A, DOMAIN_A), BY(PERM) | TRIED_BY_GUEST },
	/* table memory */
	{ "give a pinned page for tables", TOPUP(PA_HOST, 1), BY(BUSY) },
	{ "give pages for tables of which the last is pinned", TOPUP(PA_B - PAGE, 2), BY(BUSY) },
	{ "give a guest's page for tables", TOPUP(PA_GUEST, 1), BY(PERM) },
	{ "give a shared page for tables", TOPUP(PA_SHARED, 1), BY(PERM) },
	{ "give EL2's page for tables", TOPUP(PA_EL2, 1), BY(PERM) },
	{ "give a table page for tables again", TOPUP(PA_ROOT_TABLE, 1), BY(PERM) | BY(BUSY) },
	{ "give the doorbell for tables", TOPUP(PA_DOORBELL, 1), BY(PERM) },
	{ "give the SMMU's registers for tables", TOPUP(PA_REGISTERS, 1), BY(PERM) },
	{ "give half a page for tables", TOPUP(PA_FREE + 0x800, 1), BY(INVAL) },
	{ "give no page for tables", TOPUP(PA_FREE, 0), BY(INVAL) },
	{ "take back a translation table in use", GIVEBACK(PA_ROOT_TABLE), BY(BUSY) },
	{ "take back the stream table", GIVEBACK(PA_STREAM_TABLE), BY(BUSY) },
	{ "take back what was never given", GIVEBACK(PA_FREE), BY(PERM) },
	{ "take back an EL2 page", GIVEBACK(PA_EL2), BY(PERM) },
	{ "take back half a page", GIVEBACK(MACHINE_DONOR_BASE + 8), BY(INVAL) },
	{ "a guest gives pages for tables", TOPUP(PA_GUEST + PAGE, 1), BY(PERM) | TRIED_BY_GUEST },
	{ "a guest takes table pages", GIVEBACK(HYPIOMMU_ANY_PAGE), BY(PERM) | TRIED_BY_GUEST },
	/* the rest */
	{ "read the faults of an SMMU that is not there", FAULT(SMMU_NONE), BY(NOENT) },
	{ "call what is no hypercall", HYPIOMMU_HC_COUNT, { 0 }, BY(NOSYS) },
};

/* What only a Tegra234 has. */
const struct hcall_attack tegra_attacks[] = {
	{ "map the MC's SID registers", MAP(DOMAIN_A, IOVA_FREE, PA_MC, PAGE, RW), BY(PERM) },
	{ "map the mirror of the SMMU's registers", MAP(DOMAIN_A, IOVA_FREE, PA_MIRROR, PAGE, RW), BY(PERM) },
	{ "map another SMMU's registers", MAP(DOMAIN_A, IOVA_FREE, PA_OTHER, PAGE, RW), BY(PERM) },
	{ "give the MC's registers for tables", TOPUP(PA_MC, 1), BY(PERM) },
	{ "give the mirror's registers for tables", TOPUP(PA_MIRROR, 1), BY(PERM) },
	{ "attach a stream through another SMMU", ATTACH(1, SID_FREE, DOMAIN_A), BY(NOENT) | BY(INVAL) },
	{ "attach the stream everything is denied by", ATTACH(0, 0, DOMAIN_A), BY(NOENT) },
	{ "attach the stream that goes around the SMMU", ATTACH(0, 0x7f, DOMAIN_A), BY(NOENT) },
	{ "attach a stream by the bits the SMMU ignores", ATTACH(0, 0x80 + SID_FREE, DOMAIN_A), BY(NOENT) },
	{ "attach a guest's stream by the ignored bits", ATTACH(0, 0x80 + SID_GUEST, DOMAIN_A), BY(NOENT) },
	{ "detach a guest's stream by the ignored bits", DETACH(0, 0x80 + SID_GUEST, DOMAIN_GUEST), BY(NOENT) | BY(PERM) },
};
/* clang-format on */

const size_t tegra_attack_count =
	sizeof(tegra_attacks) / sizeof(tegra_attacks[0]);

const size_t hcall_attack_count =
	sizeof(hcall_attacks) / sizeof(hcall_attacks[0]);

static uint64_t resolve(const struct stand *s, uint64_t x)
{
	switch (x) {
	case DOMAIN_A:
		return s->a;
	case DOMAIN_B:
		return s->b;
	case DOMAIN_GUEST:
		return s->g;
	case DOMAIN_A_HIGH:
		return s->a + HIGH;
	case PA_STREAM_TABLE:
		return s->stream_table;
	case PA_ROOT_TABLE:
		return s->root_table;
	case IOVA_END:
		return s->iova_end;
	case IOVA_LAST:
		return s->iova_end - PAGE;
	case PA_END:
		return s->pa_end;
	case PA_REGISTERS:
		return s->registers;
	case PA_DOORBELL:
		return s->m->config.doorbell;
	case PA_MC:
		return s->m->config.mc_base;
	case PA_MIRROR:
		return s->m->config.v2_base[0][1];
	case PA_OTHER:
		return s->m->config.v2_base[1][0];
	case SMMU_NONE:
		return s->m->config.limits.smmus;
	default:
		return x;
	}
}

int attack_by_hcall(struct stand *s, const struct hcall_attack *attack)
{
	uint64_t x[5];

	for (unsigned int i = 0; i < 5; i++) {
		if (attack->x[i] == PA_STREAM_TABLE && s->tegra)
			return NOT_HERE; /* no structure in memory */
		x[i] = resolve(s, attack->x[i]);
	}
	return front_call(attack->by & TRIED_BY_GUEST ? &s->guest : &s->host,
			  attack->fn, x[0], x[1], x[2], x[3], x[4]);
}
