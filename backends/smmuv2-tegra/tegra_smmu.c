// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The classic Tegra MC-SMMU. A SWGROUP's register names an ASID, an ASID's page
 * directory is set through a pair of registers. Two caches stand in a row: the
 * PTC holds lines of tables as memory has them, empty entries included; the TLB
 * is filled from it. So every change of a table is flushed from the PTC first,
 * then from the TLB, and a read of any register completes both.
 *
 * The disabled state is identity: what is to be blocked points to ASID 0, whose
 * directory is empty, and so does the directory of every ASID nobody has.
 */
#include "core.h"
#include "hypiommu/tegra_smmu.h"

#define SMMU_CONFIG	  0x010u
#define SMMU_TLB_CONFIG	  0x014u
#define SMMU_PTC_CONFIG	  0x018u
#define SMMU_PTB_ASID	  0x01cu
#define SMMU_PTB_DATA	  0x020u
#define SMMU_TLB_FLUSH	  0x030u
#define SMMU_PTC_FLUSH	  0x034u
#define SMMU_PTC_FLUSH_HI 0x9b8u

#define CONFIG_ENABLE		  (1u << 0)
#define TLB_CONFIG_HIT_UNDER_MISS (1u << 29)
#define TLB_CONFIG_ROUND_ROBIN	  (1u << 30)
#define PTC_CONFIG_ENABLE	  (1u << 29)
#define SWGROUP_ENABLE		  (1u << 31)
#define PTB_READABLE		  (1u << 31)
#define PTB_WRITABLE		  (1u << 30)
#define PTB_NON_SECURE		  (1u << 29)
#define PTC_FLUSH_ALL		  0u
#define PTC_FLUSH_ADR		  1u
#define TLB_FLUSH_ALL		  0u
#define TLB_FLUSH_GROUP		  3u
#define TLB_FLUSH_ASID		  (1u << 31)

#define BLOCKED	    0u /* the ASID with the empty directory */
#define GROUP_BYTES 0x4000ull
#define PDE_PFN	    0x3fffffu
/* More lines than this: the whole PTC. */
#define LINES_MAX   16u

/* Lives in hypiommu_smmu.priv. */
struct tegra_smmu {
	const struct hypiommu_tegra_enable *enables;
	uint32_t enable_count;
	uint32_t asids, line, address_bits;
	uint64_t empty_pa; /* the empty directory */
	bool have_empty;
};

_Static_assert(sizeof(struct tegra_smmu) <= SMMU_PRIV_SIZE, "priv too small");

static struct tegra_smmu *tegra_of(struct hypiommu_smmu *smmu)
{
	return (struct tegra_smmu *)smmu->priv;
}

/* Write, and see that it holds: what does not is hardware out of order. */
static int set(struct hypiommu_smmu *smmu, uint32_t off, uint32_t val)
{
	smmu_write32(smmu, off, val);
	return smmu_read32(smmu, off) == val ? HYPIOMMU_OK : HYPIOMMU_E_HW;
}

/* ---------------------------------------------------------------- flushes */

static void flush_ptc_all(struct hypiommu_smmu *smmu)
{
	smmu_write32(smmu, SMMU_PTC_FLUSH, PTC_FLUSH_ALL);
}

static void flush_ptc_line(struct hypiommu_smmu *smmu, uint64_t pa)
{
	pa &= ~(uint64_t)(tegra_of(smmu)->line - 1);
	if (tegra_of(smmu)->address_bits > 32)
		smmu_write32(smmu, SMMU_PTC_FLUSH_HI, (uint32_t)(pa >> 32));
	smmu_write32(smmu, SMMU_PTC_FLUSH, (uint32_t)pa | PTC_FLUSH_ADR);
}

static uint32_t tlb_asid(struct hypiommu_smmu *smmu, uint32_t asid)
{
	return TLB_FLUSH_ASID | asid << (tegra_of(smmu)->asids == 4 ? 29 : 24);
}

/* Complete what was flushed. There is no status: all that tells an SMMU that
 * heard nothing is that it does not answer either. */
static int complete(struct hypiommu_smmu *smmu)
{
	if (smmu_read32(smmu, SMMU_CONFIG) == ~0u)
		return HYPIOMMU_E_HW; /* off the bus */
	hypiommu_env_after_sync();
	return HYPIOMMU_OK;
}

/* The last-level entry for iova in memory. Its table is there: who clears one
 * flushes everything. The root and the tables are EL2's own. */
static uint64_t entry_pa(const struct hypiommu_smmu *smmu,
			 const struct hypiommu_domain *d, uint64_t iova)
{
	const uint32_t *root = phys_to_virt(smmu->h, d->pt.root_pa);
	uint32_t pde = hypiommu_env_load32(&root[iova >> 22 & 1023]);

	return ((uint64_t)(pde & PDE_PFN) << 12) + (iova >> 12 & 1023) * 4;
}

/* The lines of the entries of a range; everything if those are many. */
static void flush_ptc(struct hypiommu_smmu *smmu,
		      const struct hypiommu_domain *d, uint64_t iova,
		      uint64_t size)
{
	uint64_t bytes = (uint64_t)tegra_of(smmu)->line / 4 << 12;
	uint64_t first = iova & ~(bytes - 1), end = iova + size;

	if (end - first > LINES_MAX * bytes) {
		flush_ptc_all(smmu);
		return;
	}
	for (uint64_t at = first; at < end; at += bytes)
		flush_ptc_line(smmu, entry_pa(smmu, d, at));
}

static void flush_tlb(struct hypiommu_smmu *smmu,
		      const struct hypiommu_domain *d, uint64_t iova,
		      uint64_t size)
{
	uint64_t first = iova & ~(GROUP_BYTES - 1), end = iova + size;

	if (end - first > LINES_MAX * GROUP_BYTES) {
		smmu_write32(smmu, SMMU_TLB_FLUSH,
			     tlb_asid(smmu, d->hw_id) | TLB_FLUSH_ALL);
		return;
	}
	for (uint64_t at = first; at < end; at += GROUP_BYTES)
		smmu_write32(smmu, SMMU_TLB_FLUSH,
			     tlb_asid(smmu, d->hw_id) |
				     (uint32_t)(at >> 12 & 0xffffc) |
				     TLB_FLUSH_GROUP);
}

static int invalidate(struct hypiommu_smmu *smmu, struct hypiommu_domain *d,
		      const struct tlb_request *r)
{
	bool all = r->kind == TLB_ALL || !r->leaf_only;

	hypiommu_env_before_doorbell();
	/* A table that goes may be one again: no line of it may stay. */
	if (all)
		flush_ptc_all(smmu);
	else
		flush_ptc(smmu, d, r->iova, r->size);
	if (all)
		smmu_write32(smmu, SMMU_TLB_FLUSH,
			     tlb_asid(smmu, d->hw_id) | TLB_FLUSH_ALL);
	else
		flush_tlb(smmu, d, r->iova, r->size);
	return complete(smmu);
}

/* The PTC may remember that there was nothing. */
static int mapped(struct hypiommu_smmu *smmu, struct hypiommu_domain *d,
		  uint64_t iova, uint64_t size)
{
	hypiommu_env_before_doorbell();
	/* A new table changed its directory entry as well, of which only the
	 * walker knows: the line of the entry in the directory goes too. */
	for (uint64_t at = iova & ~0x3fffffull; at < iova + size;
	     at += 0x400000)
		flush_ptc_line(smmu, d->pt.root_pa + (at >> 22 & 1023) * 4);
	flush_ptc(smmu, d, iova, size);
	flush_tlb(smmu, d, iova, size);
	return complete(smmu);
}

static int flush_everything(struct hypiommu_smmu *smmu)
{
	hypiommu_env_before_doorbell();
	flush_ptc_all(smmu);
	smmu_write32(smmu, SMMU_TLB_FLUSH, TLB_FLUSH_ALL);
	return complete(smmu);
}

/* ---------------------------------------------------------- address spaces */

static uint32_t ptb(uint64_t root_pa)
{
	return (uint32_t)(root_pa >> 12) | PTB_READABLE | PTB_WRITABLE |
	       PTB_NON_SECURE;
}

/* One pair of registers for all ASIDs: they cannot be read back by ASID. */
static void set_directory(struct hypiommu_smmu *smmu, uint32_t asid,
			  uint64_t root_pa)
{
	smmu_write32(smmu, SMMU_PTB_ASID, asid);
	smmu_write32(smmu, SMMU_PTB_DATA, ptb(root_pa));
}

static int domain_init(struct hypiommu_smmu *smmu, struct hypiommu_domain *d,
		       struct pgtable_config *config)
{
	if (d->stage != 1 || config->granule_shift != 12 || config->contiguous)
		return HYPIOMMU_E_UNSUPPORTED;
	config->format = PGTABLE_TEGRA_MC;
	config->ias = 32;
	config->oas = (uint8_t)tegra_of(smmu)->address_bits;
	config->table_limit = 1ull << config->oas;
	return ids_alloc(&smmu->asids, &d->hw_id);
}

static int domain_ready(struct hypiommu_smmu *smmu, struct hypiommu_domain *d)
{
	/* No SWGROUP names the ASID until one is attached, which flushes. */
	set_directory(smmu, d->hw_id, d->pt.root_pa);
	return complete(smmu);
}

static void domain_fini(struct hypiommu_smmu *smmu, struct hypiommu_domain *d)
{
	/* The last detach emptied both caches of it. Should this fail: no
	 * SWGROUP points here, and domain_ready() sets it anew. */
	set_directory(smmu, d->hw_id, tegra_of(smmu)->empty_pa);
	(void)complete(smmu);
	ids_free(&smmu->asids, d->hw_id);
}

/* ---------------------------------------------------------------- SWGROUPs */

static int add_stream(struct hypiommu_smmu *smmu, uint32_t sid)
{
	uint32_t at = 0;

	return swgroups_next(&smmu->h->swgroups, smmu->index, sid, &at)
		       ? HYPIOMMU_OK
		       : HYPIOMMU_E_NOENT;
}

static int point(struct hypiommu_smmu *smmu, uint32_t sid, uint32_t asid)
{
	const struct swgroup_port *p;
	uint32_t at = 0;
	int err = HYPIOMMU_OK;

	/* After an error the SMMU is broken, and all SWGROUPs are blocked. */
	while (!err &&
	       (p = swgroups_next(&smmu->h->swgroups, smmu->index, sid, &at)))
		err = set(smmu, p->port, SWGROUP_ENABLE | asid);
	return err;
}

static int attach(struct hypiommu_smmu *smmu, struct hypiommu_stream *stream,
		  struct hypiommu_domain *d)
{
	/* Nothing was flushed while no SWGROUP named the ASID. */
	int err = flush_everything(smmu);

	return err ? err : point(smmu, stream->sid, d->hw_id);
}

static int detach(struct hypiommu_smmu *smmu, struct hypiommu_stream *stream)
{
	/* Read back: nothing of the old ASID is under way any more. */
	return point(smmu, stream->sid, BLOCKED);
}

/* ------------------------------------------------------------------ reset */

static int prepare(struct hypiommu_smmu *smmu)
{
	struct tegra_smmu *s = tegra_of(smmu);
	int err;

	if (s->have_empty)
		return HYPIOMMU_OK;
	err = pool_alloc(&smmu->h->pool, 0, 1ull << s->address_bits,
			 &s->empty_pa);
	if (err)
		return err;
	hypiommu_env_clean(phys_to_virt(smmu->h, s->empty_pa),
			   HYPIOMMU_PAGE_SIZE);
	hypiommu_env_publish();
	s->have_empty = true;
	return HYPIOMMU_OK;
}

/* Every SWGROUP to the empty directory. */
static int block(struct hypiommu_smmu *smmu)
{
	const struct swgroups *t = &smmu->h->swgroups;
	int err = HYPIOMMU_OK, flushed;

	set_directory(smmu, BLOCKED, tegra_of(smmu)->empty_pa);
	for (uint32_t i = 0; i < t->count; i++) {
		const struct swgroup_port *p = &t->ports[i];
		int e = p->smmu == smmu->index
				? set(smmu, p->port, SWGROUP_ENABLE | BLOCKED)
				: HYPIOMMU_OK;

		err = err ? err : e;
	}
	flushed = flush_everything(smmu);
	return err ? err : flushed;
}

/* What is not switched on is identity: the SMMU, and each client. */
static int translate(struct hypiommu_smmu *smmu)
{
	const struct tegra_smmu *s = tegra_of(smmu);
	int err = set(smmu, SMMU_CONFIG, CONFIG_ENABLE);

	for (uint32_t i = 0; !err && i < s->enable_count; i++)
		err = set(smmu, s->enables[i].reg,
			  smmu_read32(smmu, s->enables[i].reg) |
				  1u << s->enables[i].bit);
	return err;
}

/* What domains and streams in memory say. */
static int restore(struct hypiommu_smmu *smmu)
{
	struct hypiommu *h = smmu->h;
	int err;

	for (uint32_t i = 0; i < h->config.limits.domains; i++) {
		const struct hypiommu_domain *d = &h->domains[i];

		if (d->state != DOMAIN_FREE && d->smmu == smmu->index)
			set_directory(smmu, d->hw_id, d->pt.root_pa);
	}
	err = flush_everything(smmu);
	for (uint32_t i = 0; !err && i < h->stream_count; i++) {
		const struct hypiommu_stream *s = &h->streams[i];

		if (s->smmu == smmu->index && s->domain != HYPIOMMU_NO_DOMAIN)
			err = point(smmu, s->sid, h->domains[s->domain].hw_id);
	}
	return err;
}

static int reset(struct hypiommu_smmu *smmu)
{
	const struct tegra_smmu *s = tegra_of(smmu);
	int err;

	for (uint32_t asid = 0; asid < s->asids; asid++)
		set_directory(smmu, asid, s->empty_pa);
	err = block(smmu);
	if (err)
		return err;
	smmu_write32(smmu, SMMU_TLB_CONFIG,
		     TLB_CONFIG_HIT_UNDER_MISS | TLB_CONFIG_ROUND_ROBIN | 0x10);
	smmu_write32(smmu, SMMU_PTC_CONFIG,
		     PTC_CONFIG_ENABLE | 8u << 24 | 0x3f);
	err = flush_everything(smmu);
	if (!err)
		err = translate(smmu);
	return err ? err : restore(smmu);
}

static void abort_all(struct hypiommu_smmu *smmu)
{
	/* Best effort: a register that does not take it changes nothing. */
	(void)block(smmu);
}

/* Written once more, and read back. */
static int quiet(struct hypiommu_smmu *smmu)
{
	int err = block(smmu);

	return err ? err : translate(smmu);
}

static int fault_read(struct hypiommu_smmu *smmu, struct fault_record *record,
		      bool *more)
{
	(void)smmu, (void)record, (void)more;
	return HYPIOMMU_E_NOENT;
}

static const struct hypiommu_smmu_ops tegra_smmu_ops = {
	.name = "tegra-smmu",
	.add_stream = add_stream,
	.prepare = prepare,
	.reset = reset,
	.abort_all = abort_all,
	.quiet = quiet,
	.domain_init = domain_init,
	.domain_ready = domain_ready,
	.domain_fini = domain_fini,
	.attach = attach,
	.detach = detach,
	.mapped = mapped,
	.invalidate = invalidate,
	.fault_read = fault_read,
};

static bool config_ok(const struct hypiommu_tegra_smmu_config *c)
{
	if (!c || !c->size || (c->base | c->size) & 0xfff ||
	    (c->asids != 4 && c->asids != 128) ||
	    (c->ptc_line != 16 && c->ptc_line != 32 && c->ptc_line != 64) ||
	    (c->address_bits != 32 && c->address_bits != 34) || !c->swgroups ||
	    c->swgroup_count > 64 || c->enable_count > 256 ||
	    (c->enable_count && !c->enables))
		return false;
	for (uint32_t i = 0; i < c->swgroup_count; i++) {
		if (c->swgroups[i].reg & 3 || c->swgroups[i].reg >= c->size)
			return false;
	}
	for (uint32_t i = 0; i < c->enable_count; i++) {
		if (c->enables[i].reg & 3 || c->enables[i].reg >= c->size ||
		    c->enables[i].bit > 31)
			return false;
	}
	return true;
}

int hypiommu_tegra_smmu_add(struct hypiommu *h,
			    const struct hypiommu_tegra_smmu_config *config,
			    uint32_t *index)
{
	struct hypiommu_smmu *smmu;
	struct tegra_smmu *s;
	int err;

	if (!h || !index || !config_ok(config))
		return HYPIOMMU_E_INVAL;
	err = smmu_add(h, &tegra_smmu_ops, config->window, &smmu);
	if (err)
		return err;
	err = hypiommu_add_frame(h, config->base, config->size);
	for (uint32_t i = 0; !err && i < config->swgroup_count; i++)
		err = swgroups_add(&h->swgroups, smmu->index,
				   config->swgroups[i].id,
				   config->swgroups[i].reg);
	if (err) {
		/* The next SMMU will have this number. */
		swgroups_drop(&h->swgroups, smmu->index);
		return err;
	}
	s = tegra_of(smmu);
	s->enables = config->enables;
	s->enable_count = config->enable_count;
	s->asids = config->asids;
	s->line = config->ptc_line;
	s->address_bits = config->address_bits;
	smmu->coherent = false;
	smmu->sid_bits = 32;
	smmu->max_page_commands = 512; /* ranges are chosen here */
	smmu_ids(smmu, config->asids == 4 ? 2 : 7, 0);
	*index = smmu->index;
	h->smmu_count++;
	return HYPIOMMU_OK;
}
