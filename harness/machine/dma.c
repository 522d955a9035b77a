// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * What devices do, and of what was blocked a list: a fault record tells of one
 * of those, of each at most once, and nobody but who had the stream then.
 * Records may be lost; so what nobody told of stays on the list.
 */
#include <stdlib.h>

#include "machine.h"
#include "util.h"

/* Beyond that nothing is listed any more, and no record doubted. */
#define LISTED 4096u

/* blocked.owner: the stream was changing hands. */
#define OF_EITHER (~0u)

struct blocked {
	uint32_t smmu, sid, owner;
	uint64_t iova, len;
	bool write, client;
};

/* -------------------------------------------------------------- the list */

/* Streams nobody declared are the host's. */
static uint32_t owner_of(const struct machine *m, uint32_t smmu, uint32_t sid)
{
	size_t i = machine_stream(m, smmu, sid);
	uint32_t owner = i < m->config.sid_count ? (uint32_t)m->stream_truth[i]
						 : HYPIOMMU_HOST;

	return machine_next_owner(m, smmu, sid, owner) == owner ? owner
								: OF_EITHER;
}

static enum sim_dma_result note(struct machine *m, const struct blocked *b,
				enum sim_dma_result result)
{
	if (result != SIM_DMA_ABORT || m->blocked_count > LISTED)
		return result;
	m->blocked = util_grow(m->blocked, m->blocked_count + 1, sizeof(*b));
	m->blocked[m->blocked_count] = *b;
	m->blocked[m->blocked_count++].owner = owner_of(m, b->smmu, b->sid);
	return result;
}

/* Whom a memory controller denies has stream ID 0, behind whatever SMMU. */
static bool is_denied(const struct blocked *b, const struct hypiommu_regs *out)
{
	return b->client && !(uint32_t)out->x[1];
}

static bool tells_of(const struct blocked *b, uint32_t smmu,
		     const struct hypiommu_regs *out)
{
	uint32_t sid = (uint32_t)out->x[1];
	uint64_t flags = out->x[1] >> 48;

	if (!is_denied(b, out) && (b->smmu != smmu || b->sid != sid))
		return false;
	return !(flags & HYPIOMMU_FAULT_IOVA) ||
	       (b->write == (flags & HYPIOMMU_FAULT_WRITE) &&
		out->x[2] - b->iova < b->len);
}

/* Who has stream 0 is the specification's to judge. */
static bool may_hear(const struct blocked *b, uint32_t caller,
		     const struct hypiommu_regs *out)
{
	return b->owner == caller || b->owner == OF_EITHER || is_denied(b, out);
}

void machine_fault_told(struct machine *m, uint32_t caller,
			const struct hypiommu_regs *in,
			const struct hypiommu_regs *out)
{
	bool known = false;
	size_t i;

	if (in->x[0] != HYPIOMMU_HC_FAULT_READ || out->x[0] ||
	    m->config.no_judge || m->blocked_count > LISTED ||
	    machine_hw_doubt(m))
		return;
	for (i = 0; i < m->blocked_count; i++) {
		if (!tells_of(&m->blocked[i], (uint32_t)in->x[1], out))
			continue;
		known = true;
		if (may_hear(&m->blocked[i], caller, out))
			break;
	}
	if (i < m->blocked_count)
		m->blocked[i] = m->blocked[--m->blocked_count];
	else if (known)
		machine_violation(m, "a fault record tells of what was blocked "
				     "while the stream was another's");
	else
		machine_violation(m, "a fault record tells of nothing that was "
				     "blocked, or of it again");
}

/* --------------------------------------------------------------- streams */

enum sim_dma_result machine_dma(struct machine *m, uint32_t sid, uint64_t iova,
				bool write, void *buf, uint64_t len)
{
	const struct sim2_access a = { sid, iova, write, buf, len };
	const struct blocked b = {
		.sid = sid, .iova = iova, .len = len, .write = write
	};
	uint64_t done;

	if (m->smmu)
		return note(m, &b,
			    sim_smmuv3_dma(m->smmu, sid, iova, write, buf, len,
					   &done));
	return note(m, &b,
		    (enum sim_dma_result)sim_smmuv2_dma(m->v2[0], &a, &done));
}

enum sim_dma_result machine_translate(struct machine *m, uint32_t sid,
				      uint64_t iova, bool write, uint64_t *pa)
{
	const struct sim2_access a = { .id = sid,
				       .iova = iova,
				       .write = write };
	const struct blocked b = {
		.sid = sid, .iova = iova, .len = 1, .write = write
	};

	if (m->smmu)
		return note(
			m, &b,
			sim_smmuv3_translate(m->smmu, sid, iova, write, pa));
	return note(
		m, &b,
		(enum sim_dma_result)sim_smmuv2_translate(m->v2[0], &a, pa));
}

/* --------------------------------------------------------------- clients */

static struct blocked of_client(const struct machine *m,
				const struct sim2_access *a)
{
	struct blocked b = { .iova = a->iova,
			     .len = a->len ? a->len : 1,
			     .write = a->write,
			     .client = true };

	for (size_t i = 0; i < m->config.client_count; i++) {
		if (m->config.clients[i].id != a->id)
			continue;
		b.smmu = m->config.clients[i].smmu;
		b.sid = m->config.clients[i].sid;
	}
	return b;
}

enum sim_dma_result machine_client_dma(struct machine *m, uint32_t client,
				       uint64_t iova, bool write, void *buf,
				       uint64_t len)
{
	const struct sim2_access a = { client, iova, write, buf, len };
	const struct blocked b = of_client(m, &a);
	uint64_t done;

	if (m->tegra)
		return note(m, &b,
			    (enum sim_dma_result)sim_tegra_smmu_dma(m->tegra,
								    &a, &done));
	return note(m, &b,
		    (enum sim_dma_result)sim_tegra_mc_dma(m->mc, &a, &done));
}

enum sim_dma_result machine_client_translate(struct machine *m, uint32_t client,
					     uint64_t iova, bool write,
					     uint64_t *pa)
{
	const struct sim2_access a = { .id = client,
				       .iova = iova,
				       .write = write };
	const struct blocked b = of_client(m, &a);

	if (m->tegra)
		return note(m, &b,
			    (enum sim_dma_result)sim_tegra_smmu_translate(
				    m->tegra, &a, pa));
	return note(m, &b,
		    (enum sim_dma_result)sim_tegra_mc_translate(m->mc, &a, pa));
}
