// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What a prot of hypiommu/hcall.h says beyond read and write. */
#include "mappings.h"

static enum sim_memory memory_of(uint32_t prot, bool mmio)
{
	if (mmio || prot & HYPIOMMU_PROT_MMIO)
		return SIM_MEMORY_DEVICE;
	return prot & HYPIOMMU_PROT_CACHE ? SIM_MEMORY_CACHED
					  : SIM_MEMORY_UNCACHED;
}

const char *attrs_differ(bool stage1, uint32_t prot, bool mmio,
			 const struct sim_attrs *a)
{
	bool unpriv = !stage1 || !(prot & HYPIOMMU_PROT_PRIV);
	/* Only stage 2 can withhold reads. */
	bool execute = !(prot & HYPIOMMU_PROT_NOEXEC) &&
		       (stage1 || prot & HYPIOMMU_PROT_READ);

	if (!a->said)
		return NULL;
	if (a->unpriv != unpriv)
		return unpriv ? "it was mapped for unprivileged accesses, too"
			      : "it was mapped for privileged accesses only";
	if (a->execute != execute)
		return a->execute ? "it was mapped not to be executed"
				  : "it was mapped to be executed";
	if (a->memory != memory_of(prot, mmio))
		return "it was mapped as memory of another type";
	return NULL;
}
