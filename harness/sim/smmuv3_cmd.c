/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* CMD_CFGI_* (4.3) and CMD_TLBI_* (4.4): from encoding to struct inval. */
#include "smmuv3_internal.h"

#define SID_FIELD  bits(63, 32)
#define SSID_FIELD bits(31, 12)
#define VMID_FIELD bits(47, 32)
#define ASID_FIELD bits(63, 48)
#define SCALE_NUM  (bits(24, 20) | bits(16, 12))
#define TG_TTL	   bits(11, 8)

#define WORLD(w) (1u << (w))

static bool reserved(const uint64_t cmd[2], uint64_t mask0, uint64_t mask1)
{
	return (cmd[0] & ~(mask0 | 0xff)) || (cmd[1] & ~mask1);
}

static bool cfgi_decode(const struct sim_smmuv3 *smmu, const uint64_t cmd[2],
			struct inval *inv)
{
	inv->config = true;
	inv->id = (uint32_t)(cmd[0] >> 32);
	inv->sub = (uint32_t)field(cmd[0], 31, 12);
	switch (cmd[0] & 0xff) {
	case CMD_CFGI_STE:
		inv->what = CFG_STE;
		inv->l1 = !(cmd[1] & 1); /* Leaf */
		return !reserved(cmd, SID_FIELD, 1);
	case CMD_CFGI_STE_RANGE:
		inv->what = CFG_STE;
		inv->l1 = true;
		inv->nr_log2 = (uint32_t)field(cmd[1], 4, 0) + 1;
		inv->all = inv->nr_log2 == 32;
		inv->resets_all = inv->all;
		return !reserved(cmd, SID_FIELD, bits(4, 0));
	case CMD_CFGI_CD:
		inv->what = CFG_CD;
		return smmu->config.stage1 &&
		       !reserved(cmd, SID_FIELD | SSID_FIELD, 1);
	default:
		inv->what = CFG_CD;
		inv->subs = true;
		return smmu->config.stage1 && !reserved(cmd, SID_FIELD, 0);
	}
}

unsigned int cmd_cfgi(struct sim_smmuv3 *smmu, const uint64_t cmd[2])
{
	struct inval inv = { 0 };

	if (!cfgi_decode(smmu, cmd, &inv))
		return CERROR_ILL;
	if (!inv.all && inv.nr_log2 <= 10)
		for (uint32_t i = 0; i < BIT64(inv.nr_log2); i++)
			cfg_candidate(smmu, inv.id + i);
	smmu->stats.cfgi++;
	inval_queue(smmu, &inv);
	return CERROR_NONE;
}

/*
 * 4.4.1.1: with IDR3.RIL, TG other than 0 makes the command cover
 * (NUM + 1) * 2^SCALE granules and TTL say at which level the leaves are.
 */
static bool set_range(const struct sim_smmuv3 *smmu, const uint64_t cmd[2],
		      struct inval *inv)
{
	static const uint8_t granules[] = { 0, 12, 14, 16 };
	uint64_t num = field(cmd[0], 16, 12), scale = field(cmd[0], 24, 20);
	unsigned int tg = (unsigned int)field(cmd[1], 11, 10);
	unsigned int ttl = (unsigned int)field(cmd[1], 9, 8);

	if (tg == 0)
		return !num && !scale && !ttl;
	if (!num && !scale && !ttl)
		return false;
	if (tg == 2 && ttl == 1)
		return false; /* no block there with 16K */
	inv->granule = granules[tg];
	inv->ttl = (uint8_t)ttl;
	inv->first &= ~(BIT64(inv->granule) - 1);
	inv->last = inv->first + ((num + 1) << scale << inv->granule) - 1;
	if (inv->last < inv->first)
		inv->last = UINT64_MAX;
	if (ttl && (inv->first & (BIT64(vmsa_shift(inv->granule, ttl)) - 1)))
		smmu_report(smmu, "TLBI range not aligned to its TTL");
	return true;
}

static bool set_address(const struct sim_smmuv3 *smmu, const uint64_t cmd[2],
			struct inval *inv)
{
	inv->by_addr = true;
	inv->leaf = cmd[1] & 1;
	inv->first = cmd[1] & bits(63, 12);
	inv->last = inv->first + 4095;
	if (smmu->config.range_inval)
		return set_range(smmu, cmd, inv);
	return !(cmd[0] & SCALE_NUM) && !(cmd[1] & TG_TTL);
}

static void set_ids(const struct sim_smmuv3 *smmu, const uint64_t cmd[2],
		    struct inval *inv)
{
	inv->vmid = (uint16_t)field(cmd[0], 47, 32);
	inv->asid = (uint16_t)field(cmd[0], 63, 48);
	if (!smmu->config.stage2)
		inv->vmid = 0; /* there are no VMIDs */
}

static bool ids_ok(const struct sim_smmuv3 *smmu, const struct inval *inv)
{
	return (smmu->config.vmid16 || inv->vmid < 256) &&
	       (smmu->config.asid16 || inv->asid < 256);
}

/* NH and EL2 forms have the same four shapes. */
static bool decode_s1(const struct sim_smmuv3 *smmu, const uint64_t cmd[2],
		      struct inval *inv, bool el2)
{
	const uint64_t vmid = el2 ? 0 : VMID_FIELD;
	const uint64_t addr1 = bits(63, 12) | TG_TTL | 1;

	inv->worlds = el2 ? WORLD(TLB_EL2) : WORLD(TLB_EL1);
	inv->by_vmid = !el2;
	switch (cmd[0] & 3) {
	case 0:
		return !reserved(cmd, vmid, 0);
	case 1:
		inv->by_asid = true;
		return !reserved(cmd, vmid | ASID_FIELD, 0);
	case 2:
		inv->by_asid = true;
		return !reserved(cmd, vmid | ASID_FIELD | SCALE_NUM, addr1) &&
		       set_address(smmu, cmd, inv);
	default:
		return !reserved(cmd, vmid | SCALE_NUM, addr1) &&
		       set_address(smmu, cmd, inv);
	}
}

static bool tlbi_decode(const struct sim_smmuv3 *smmu, const uint64_t cmd[2],
			struct inval *inv)
{
	switch (cmd[0] & 0xff) {
	case CMD_TLBI_NH_ALL:
	case CMD_TLBI_NH_ASID:
	case CMD_TLBI_NH_VA:
	case CMD_TLBI_NH_VAA:
		return smmu->config.stage1 && decode_s1(smmu, cmd, inv, false);
	case CMD_TLBI_EL2_ALL:
	case CMD_TLBI_EL2_ASID:
	case CMD_TLBI_EL2_VA:
	case CMD_TLBI_EL2_VAA:
		return smmu->config.hyp && decode_s1(smmu, cmd, inv, true);
	case CMD_TLBI_S12_VMALL:
		inv->worlds = WORLD(TLB_EL1) | WORLD(TLB_S2);
		inv->by_vmid = true;
		return smmu->config.stage2 && !reserved(cmd, VMID_FIELD, 0);
	case CMD_TLBI_S2_IPA:
		inv->worlds = WORLD(TLB_S2);
		inv->by_vmid = true;
		return smmu->config.stage2 &&
		       !reserved(cmd, VMID_FIELD | SCALE_NUM,
				 bits(51, 12) | TG_TTL | 1) &&
		       set_address(smmu, cmd, inv);
	case CMD_TLBI_NSNH_ALL:
		inv->worlds = WORLD(TLB_EL1) | WORLD(TLB_S2);
		inv->resets_all = true;
		return !reserved(cmd, 0, 0);
	default:
		return false;
	}
}

unsigned int cmd_tlbi(struct sim_smmuv3 *smmu, const uint64_t cmd[2])
{
	struct inval inv = { 0 };

	set_ids(smmu, cmd, &inv);
	if (!tlbi_decode(smmu, cmd, &inv) || !ids_ok(smmu, &inv))
		return CERROR_ILL;
	smmu->stats.tlbi++;
	if (inv.granule)
		smmu->stats.tlbi_range++;
	inval_queue(smmu, &inv);
	return CERROR_NONE;
}
