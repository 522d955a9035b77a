// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Attacks by the devices, and by anything at random. */
#include "attack.h"
#include "mem.h"

static int result_of(enum sim_dma_result result)
{
	return result == SIM_DMA_ABORT ? ABORTED : GOT_THROUGH;
}

/* Aborted only if neither can be done. */
static int access_to(struct stand *s, uint32_t sid, uint64_t iova)
{
	uint64_t word = 0;

	if (stand_dma(s, sid, iova, false, &word, 8) != SIM_DMA_ABORT)
		return GOT_THROUGH;
	return result_of(stand_dma(s, sid, iova, true, &word, 8));
}

static int dma_unattached(struct stand *s)
{
	return access_to(s, SID_FREE, IOVA_HOST);
}

static int dma_undeclared(struct stand *s)
{
	return access_to(s, SID_NONE, IOVA_HOST);
}

static int dma_beyond_table(struct stand *s)
{
	return access_to(s, ~0u, IOVA_HOST);
}

static int dma_unmapped(struct stand *s)
{
	return access_to(s, SID_A, IOVA_FREE);
}

static int dma_physical(struct stand *s)
{
	return access_to(s, SID_A, PA_GUEST);
}

static int dma_beyond(struct stand *s)
{
	return access_to(s, SID_A, s->iova_end | IOVA_HOST);
}

static int dma_others(struct stand *s)
{
	return access_to(s, SID_B, IOVA_BLOCK);
}

static int dma_guests_device(struct stand *s)
{
	return access_to(s, SID_GUEST, IOVA_BLOCK);
}

static int dma_read_only(struct stand *s)
{
	uint64_t word = 0;

	return result_of(stand_dma(s, SID_A, IOVA_RDONLY, true, &word, 8));
}

/* From a mapped page on into the next. */
static int dma_across(struct stand *s)
{
	char buf[64] = { 0 };

	return result_of(stand_dma(s, SID_A, IOVA_HOST + 2 * PAGE - 32, false,
				   buf, sizeof(buf)));
}

static int map_free(struct stand *s, uint32_t domain, uint32_t prot)
{
	uint64_t done;

	return front_map(&s->host, domain, IOVA_FREE, PA_FREE, PAGE, prot,
			 &done);
}

static int unmap_free(struct stand *s, uint32_t domain)
{
	uint64_t done;

	return front_unmap(&s->host, domain, IOVA_FREE, PAGE, &done);
}

static int dma_write_only(struct stand *s)
{
	uint64_t word = 0;
	int result;

	if (s->stage == 1)
		return NOT_HERE; /* it cannot withhold reads */
	if (map_free(s, s->b, HYPIOMMU_PROT_WRITE))
		return GOT_THROUGH;
	result = result_of(stand_dma(s, SID_B, IOVA_FREE, false, &word, 8));
	return unmap_free(s, s->b) ? GOT_THROUGH : result;
}

/* The device has used the mapping: every cache that may know it does. */
static int dma_after_unmap(struct stand *s)
{
	uint64_t word = 0;

	if (map_free(s, s->b, RW) ||
	    stand_dma(s, SID_B, IOVA_FREE, true, &word, 8) != SIM_DMA_OK)
		return GOT_THROUGH;
	stand_speculate(s);
	return unmap_free(s, s->b) ? GOT_THROUGH
				   : access_to(s, SID_B, IOVA_FREE);
}

static int dma_after_detach(struct stand *s)
{
	int result;

	stand_speculate(s);
	if (front_detach(&s->host, 0, SID_B, s->b))
		return GOT_THROUGH;
	result = access_to(s, SID_B, IOVA_HOST);
	return front_attach(&s->host, 0, SID_B, s->b) ? GOT_THROUGH : result;
}

/* Mapped, used, unmapped, and then a guest's. */
static int dma_to_new_owner(struct stand *s)
{
	uint64_t word = 0;
	int result;

	if (map_free(s, s->b, RW) ||
	    stand_dma(s, SID_B, IOVA_FREE, true, &word, 8) != SIM_DMA_OK ||
	    unmap_free(s, s->b) ||
	    machine_donate(s->m, HYPIOMMU_HOST, HYPIOMMU_GUEST(0), PA_FREE,
			   PAGE))
		return GOT_THROUGH;
	result = access_to(s, SID_B, IOVA_FREE);
	return machine_donate(s->m, HYPIOMMU_GUEST(0), HYPIOMMU_HOST, PA_FREE,
			      PAGE)
		       ? GOT_THROUGH
		       : result;
}

const struct attack dma_attacks[] = {
	{ "DMA of a device attached to nothing", dma_unattached, BY_ABORT },
	{ "DMA of an undeclared stream", dma_undeclared, BY_ABORT },
	{ "DMA of a stream beyond every table", dma_beyond_table, BY_ABORT },
	{ "DMA where nothing is mapped", dma_unmapped, BY_ABORT },
	{ "DMA with a guest's physical address", dma_physical, BY_ABORT },
	{ "DMA beyond the input size", dma_beyond, BY_ABORT },
	{ "DMA with another device's iova", dma_others, BY_ABORT },
	{ "a guest's DMA with the host's iova", dma_guests_device, BY_ABORT },
	{ "DMA that writes a read-only page", dma_read_only, BY_ABORT },
	{ "DMA that reads a write-only page (stage 2)", dma_write_only,
	  BY_ABORT },
	{ "DMA that runs on past its mapping", dma_across, BY_ABORT },
	{ "DMA after unmap", dma_after_unmap, BY_ABORT },
	{ "DMA after detach", dma_after_detach, BY_ABORT },
	{ "DMA to a page that has become a guest's", dma_to_new_owner,
	  BY_ABORT },
};

const size_t dma_attack_count = sizeof(dma_attacks) / sizeof(dma_attacks[0]);
