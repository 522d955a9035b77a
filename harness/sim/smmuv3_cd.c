/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Context Descriptors (5.4). */
#include <string.h>

#include "smmuv3_internal.h"

#define CD_EPD0 BIT64(14)
#define CD_ENDI BIT64(15)
#define CD_EPD1 BIT64(30)
#define CD_V	BIT64(31)
#define CD_AFFD BIT64(35)
#define CD_TBI0 BIT64(38)
#define CD_AA64 BIT64(41)
#define CD_HD	BIT64(42)
#define CD_HA	BIT64(43)
#define CD_S	BIT64(44)
#define CD_R	BIT64(45)
#define CD_HAD0 BIT64(1) /* word 1 */

bool cd_live(const uint64_t w[8])
{
	return w[0] & CD_V;
}

void cd_used(const uint64_t w[8], uint64_t used[8])
{
	memset(used, 0, 8 * sizeof(*used));
	used[0] = UINT64_MAX;
	if (!cd_live(w))
		return;
	if (!(w[0] & CD_EPD0))
		used[1] = UINT64_MAX;
	if (!(w[0] & CD_EPD1))
		used[2] = UINT64_MAX;
	used[3] = UINT64_MAX; /* MAIR */
}

static bool set_granule(const struct sim_smmuv3 *smmu, uint64_t tg0,
			struct vmsa_regime *r)
{
	static const uint8_t granule[] = { 12, 16, 14, 0 };

	r->granule = granule[tg0];
	return r->granule == 12 || (r->granule == 16 && smmu->config.gran64k) ||
	       (r->granule == 14 && smmu->config.gran16k);
}

/* The TTB0 half; false: the CD is ILLEGAL. */
static bool set_ttb0(const struct sim_smmuv3 *smmu, const uint64_t w[8],
		     struct vmsa_regime *r)
{
	static const unsigned int ps_map[] = { 32, 36, 40, 42, 44, 48, 52, 52 };
	unsigned int t0sz = (unsigned int)field(w[0], 5, 0);
	unsigned int ips = ps_map[field(w[0], 34, 32)];
	unsigned int oas = smmu_oas(smmu);

	if (!set_granule(smmu, field(w[0], 7, 6), r))
		return false;
	/* No STT: 25 bits at least. 52 with VAX, by the 64K granule only. */
	if (t0sz < (smmu->config.vax && r->granule == 16 ? 12u : 16u) ||
	    t0sz > 39)
		return false;
	r->ia_bits = (uint8_t)(64 - t0sz);
	r->oa_bits = (uint8_t)(ips < oas ? ips : oas);
	if (r->granule != 16 && r->oa_bits > 48)
		r->oa_bits = 48;
	r->start_level = (uint8_t)vmsa_s1_start(r->granule, r->ia_bits);
	r->ttb = w[1] & bits(51, 4);
	return !(r->ttb & ~bits(r->oa_bits - 1u, 0));
}

void cd_decode(const struct sim_smmuv3 *smmu, const uint64_t w[8],
	       const struct ste *ste, struct xlate *x)
{
	struct vmsa_regime *r = &x->walk.regime.v8;
	uint16_t asid = (uint16_t)field(w[0], 63, 48);
	bool e2h = reg_get(smmu, CR2) & CR2_E2H;

	x->kind = XLATE_ABORT;
	x->event = C_BAD_CD;
	/* Invalid; AArch32; big-endian; HTTU; stalls: none is supported. */
	if (!(w[0] & CD_V) || !(w[0] & CD_AA64) ||
	    (w[0] & (CD_ENDI | CD_HD | CD_HA | CD_S)))
		return;
	if (!smmu->config.asid16 && asid > 255)
		return;
	memset(r, 0, sizeof(*r));
	if (!(w[0] & CD_EPD0) && !set_ttb0(smmu, w, r))
		return;
	/* With EPD0 every input misses: an input size of 0 says so. */
	r->one_el = ste->world == TLB_EL2 && !e2h;
	r->affd = w[0] & CD_AFFD;
	r->tbi = w[0] & CD_TBI0;
	r->had = w[1] & CD_HAD0;
	r->mair = w[3];
	x->record = w[0] & CD_R;
	x->walk.tag = (struct tlb_tag){ .world = ste->world };
	if (ste->world == TLB_EL1)
		x->walk.tag.vmid = ste->vmid;
	x->walk.tag.global = r->one_el;
	x->walk.tag.asid = r->one_el ? 0 : asid;
	x->kind = XLATE_WALK;
	x->event = 0;
}
