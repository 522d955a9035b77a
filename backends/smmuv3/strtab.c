// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The stream table (IHI 0070 3.3.1, 5.1, 5.2). All tables exist before the
 * SMMU is enabled and never move; every entry in them aborts until attached,
 * stream IDs outside them abort as C_BAD_STREAMID.
 */
#include "smmuv3.h"

#define SPLIT	    8u /* stream ID bits a level 2 table resolves */
#define L2_BYTES    (STE_BYTES << SPLIT)
#define LINEAR_LOG2 8u /* up to here one level is smaller */

static void fill_abort(const struct hypiommu_smmu *smmu, uint64_t *stes,
		       uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		smmuv3_store(smmu, &stes[i * STE_WORDS],
			     STE0_V | STE0_CONFIG_ABORT);
}

/* hypiommu_stream.hw: what the stream's entry is to be. */
enum {
	STE_ABORTS,
	STE_TRANSLATES,
};

/* The declared streams of this SMMU are neighbours in a sorted array. */
static struct hypiommu_stream *stream_at(struct hypiommu_smmu *smmu, uint32_t i)
{
	struct hypiommu_stream *s = &smmu->h->streams[i];

	return s->smmu == smmu->index ? s : NULL;
}

static uint32_t log2_needed(struct hypiommu_smmu *smmu)
{
	uint32_t top = 0, log2 = 0;

	for (uint32_t i = 0; i < smmu->h->stream_count; i++) {
		struct hypiommu_stream *s = stream_at(smmu, i);

		top = s ? s->sid : top;
	}
	while (log2 < smmu->sid_bits && (uint64_t)top >> log2)
		log2++;
	return log2;
}

static int prepare_level2(struct hypiommu_smmu *smmu, uint32_t sid)
{
	uint64_t *l1 = &smmuv3_of(smmu)->strtab.base[sid >> SPLIT];
	uint64_t *l2 = NULL, pa;
	int err;

	if (*l1)
		return HYPIOMMU_OK;
	err = smmuv3_alloc(smmu, L2_BYTES, &l2, &pa);
	if (err)
		return err;
	fill_abort(smmu, l2, 1u << SPLIT);
	/* Span n means 2^(n - 1) entries (5.1). */
	smmuv3_store(smmu, l1, pa | (SPLIT + 1));
	return HYPIOMMU_OK;
}

int smmuv3_strtab_prepare(struct hypiommu_smmu *smmu)
{
	struct smmuv3_strtab *t = &smmuv3_of(smmu)->strtab;
	uint64_t bytes;
	bool fresh = !t->base;
	int err;

	t->log2 = log2_needed(smmu);
	t->two_level = smmuv3_of(smmu)->two_level && t->log2 > LINEAR_LOG2;
	bytes = t->two_level ? 8ull << (t->log2 - SPLIT)
			     : (uint64_t)STE_BYTES << t->log2;
	err = smmuv3_alloc(smmu, bytes, &t->base, &t->pa);
	if (!err && fresh && !t->two_level)
		fill_abort(smmu, t->base, 1u << t->log2);
	for (uint32_t i = 0; !err && t->two_level && i < smmu->h->stream_count;
	     i++) {
		struct hypiommu_stream *s = stream_at(smmu, i);

		err = s ? prepare_level2(smmu, s->sid) : HYPIOMMU_OK;
	}
	hypiommu_env_publish();
	return err;
}

/* sid is a declared stream's: inside the table by construction. */
static uint64_t *ste_of(struct hypiommu_smmu *smmu, uint32_t sid)
{
	const struct smmuv3_strtab *t = &smmuv3_of(smmu)->strtab;
	uint64_t l1;

	if (!t->two_level)
		return &t->base[(uint64_t)sid * STE_WORDS];
	l1 = t->base[sid >> SPLIT];
	return (uint64_t *)phys_to_virt(smmu->h, l1 & L1STD_L2PTR) +
	       (sid & ((1u << SPLIT) - 1)) * STE_WORDS;
}

/* Drop the stream's STE and CDs from every cache, and complete. */
static int forget_config(struct hypiommu_smmu *smmu, uint32_t sid)
{
	const struct smmuv3_cmd ste = { {
		CMD_CFGI_STE | (uint64_t)sid << CMD0_SID,
		CMD1_LEAF,
	} };
	const struct smmuv3_cmd cds = { {
		CMD_CFGI_CD_ALL | (uint64_t)sid << CMD0_SID,
		0,
	} };

	smmuv3_cmdq_add(smmu, ste);
	/* Without stage 1 there are no CDs, and the command is illegal
	 * (IHI 0070 4.3.4). */
	if (smmuv3_of(smmu)->stage1)
		smmuv3_cmdq_add(smmu, cds);
	return smmuv3_cmdq_sync(smmu);
}

/*
 * An STE is read as several words in no promised order (3.21.3). So the words
 * that an aborting STE does not use are written first and pushed out of every
 * cache; only then one single store makes the entry translate.
 */
int smmuv3_attach(struct hypiommu_smmu *smmu, struct hypiommu_stream *stream,
		  struct hypiommu_domain *domain)
{
	uint64_t *ste = ste_of(smmu, stream->sid), want[STE_WORDS];
	int err;

	smmuv3_ste(smmu, domain, want);
	stream->hw = STE_TRANSLATES;
	for (uint32_t i = 1; i < STE_WORDS; i++)
		smmuv3_store(smmu, &ste[i], want[i]);
	err = forget_config(smmu, stream->sid);
	if (err)
		return err;
	smmuv3_store(smmu, &ste[0], want[0]);
	return forget_config(smmu, stream->sid);
}

/*
 * What a failure left half written, while the SMMU is off: a stream that counts
 * as attached gets its entry. One whose detach failed goes on aborting.
 */
void smmuv3_strtab_restore(struct hypiommu_smmu *smmu)
{
	for (uint32_t i = 0; i < smmu->h->stream_count; i++) {
		struct hypiommu_stream *s = stream_at(smmu, i);
		uint64_t *ste, want[STE_WORDS];

		if (!s || s->domain == HYPIOMMU_NO_DOMAIN ||
		    s->hw != STE_TRANSLATES)
			continue;
		ste = ste_of(smmu, s->sid);
		smmuv3_ste(smmu, &smmu->h->domains[s->domain], want);
		for (uint32_t w = STE_WORDS; w--;)
			smmuv3_store(smmu, &ste[w], want[w]);
	}
	hypiommu_env_publish();
}

int smmuv3_detach(struct hypiommu_smmu *smmu, struct hypiommu_stream *stream)
{
	uint64_t *ste = ste_of(smmu, stream->sid);

	stream->hw = STE_ABORTS;
	smmuv3_store(smmu, &ste[0], STE0_V | STE0_CONFIG_ABORT);
	return forget_config(smmu, stream->sid);
}
