// SPDX-License-Identifier: GPL-2.0-only
/* A device that goes on after its mapping went. */
#include <linux/mm.h>
#include <linux/sizes.h>

#include "attack.h"

#define IOVA	0x20000000ull
#define DOMAINS 256u

static u64 found_domain; /* the kernel's own, of edu */

/* Attach edu to the attacker's domain, whatever it was attached to. */
static const char *hijack(u64 d)
{
	if (!edu_present())
		return "no edu device";
	for (found_domain = 0; found_domain < DOMAINS; found_domain++) {
		if (!call(HYPIOMMU_HC_DETACH_DEV, SMMU, edu_stream(),
			  found_domain, 0, 0))
			break;
	}
	EXPECT(found_domain < DOMAINS, 1);
	EXPECT(call(HYPIOMMU_HC_ATTACH_DEV, SMMU, edu_stream(), d, 0, 0),
	       HYPIOMMU_OK);
	return NULL;
}

static const char *release(u64 d)
{
	EXPECT(call(HYPIOMMU_HC_DETACH_DEV, SMMU, edu_stream(), d, 0, 0),
	       HYPIOMMU_OK);
	EXPECT(call(HYPIOMMU_HC_ATTACH_DEV, SMMU, edu_stream(), found_domain, 0,
		    0),
	       HYPIOMMU_OK);
	domain_put(d);
	return NULL;
}

/* What edu reads of the word at IOVA, put where the CPU sees it. */
static const char *steal(u64 d, u64 *seen)
{
	struct page *out = page_get();

	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, IOVA + SZ_1M, page_to_phys(out),
		    SZ_4K, 3),
	       HYPIOMMU_OK);
	edu_from_ram(IOVA, 8);
	edu_to_ram(IOVA + SZ_1M, 8);
	*seen = READ_ONCE(*(u64 *)page_address(out));
	EXPECT(call(HYPIOMMU_HC_UNMAP_PAGES, d, IOVA + SZ_1M, SZ_4K, 0, 0),
	       HYPIOMMU_OK);
	__free_page(out);
	return NULL;
}

static const char *replay_in(u64 d)
{
	struct page *page = page_get();
	u64 *word = page_address(page), seen = 0;
	const char *wrong;

	WRITE_ONCE(*word, SECRET);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, IOVA, page_to_phys(page), SZ_4K,
		    3),
	       HYPIOMMU_OK);
	wrong = steal(d, &seen); /* mapped: the TLB knows it now */
	if (wrong)
		return wrong;
	EXPECT(seen == SECRET, 1);
	EXPECT(call(HYPIOMMU_HC_UNMAP_PAGES, d, IOVA, SZ_4K, 0, 0),
	       HYPIOMMU_OK);
	/* Somebody else's from here on. */
	WRITE_ONCE(*word, ~SECRET);
	wrong = steal(d, &seen);
	if (wrong)
		return wrong;
	if (seen == ~SECRET)
		return "read a page after its unmap";
	edu_to_ram(IOVA, 8);
	EXPECT(READ_ONCE(*word) == ~SECRET, 1);
	/* A read-only page stays as it is. */
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, IOVA, page_to_phys(page), SZ_4K,
		    HYPIOMMU_PROT_READ),
	       HYPIOMMU_OK);
	edu_to_ram(IOVA, 8);
	EXPECT(READ_ONCE(*word) == ~SECRET, 1);
	EXPECT(call(HYPIOMMU_HC_UNMAP_PAGES, d, IOVA, SZ_4K, 0, 0),
	       HYPIOMMU_OK);
	__free_page(page);
	return NULL;
}

/* Suspended, the SMMU lets nothing through; resumed, it knows all it knew. */
static const char *suspended_in(u64 d)
{
	struct page *page = page_get();
	u64 *word = page_address(page);

	WRITE_ONCE(*word, SECRET);
	EXPECT(call(HYPIOMMU_HC_MAP_PAGES, d, IOVA, page_to_phys(page), SZ_4K,
		    3),
	       HYPIOMMU_OK);
	edu_from_ram(IOVA, 8);
	WRITE_ONCE(*word, 0);
	EXPECT(call(HYPIOMMU_PKVM_SUSPEND, SMMU, 0, 0, 0, 0), HYPIOMMU_OK);
	edu_to_ram(IOVA, 8);
	EXPECT(READ_ONCE(*word) == 0, 1);
	EXPECT(call(HYPIOMMU_HC_UNMAP_PAGES, d, IOVA, SZ_4K, 0, 0),
	       HYPIOMMU_E_BROKEN);
	EXPECT(call(HYPIOMMU_PKVM_RESUME, SMMU, 0, 0, 0, 0), HYPIOMMU_OK);
	edu_to_ram(IOVA, 8);
	EXPECT(READ_ONCE(*word) == SECRET, 1);
	EXPECT(call(HYPIOMMU_HC_UNMAP_PAGES, d, IOVA, SZ_4K, 0, 0),
	       HYPIOMMU_OK);
	__free_page(page);
	return NULL;
}

const char *in_edu_domain(const char *(*fn)(u64 d))
{
	s64 d = domain_get();
	const char *wrong, *also;

	EXPECT(d < 0, 0);
	wrong = hijack(d);
	if (wrong)
		return wrong;
	wrong = fn(d);
	also = release(d);
	return wrong ? wrong : also;
}

static const char *suspended(void)
{
	return in_edu_domain(suspended_in);
}

static const char *replay(void)
{
	return in_edu_domain(replay_in);
}

/* The kernel's own DMA still works after all of this. */
static const char *edu(void)
{
	return edu_present() ? edu_copy() : "no edu device";
}

/* Detached by a hypercall the driver knows nothing of: its DMA must die. */
static const char *detached(void)
{
	s64 d = domain_get();
	const char *wrong;

	EXPECT(d < 0, 0);
	wrong = hijack(d);
	if (wrong)
		return wrong;
	if (!edu_copy())
		wrong = "DMA of a device without its domain";
	release(d);
	return wrong;
}

const struct attack dma_attacks[] = { { "edu", edu },
				      { "replay", replay },
				      { "suspended", suspended },
				      { "detached", detached },
				      {} };
