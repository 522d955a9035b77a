/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HYPIOMMU_TAKEOVER_H
#define HYPIOMMU_TAKEOVER_H

#include <linux/types.h>

/* finalize_pkvm(): hand every SMMU to EL2. An error leaves DMA unprotected:
 * such a machine must not go on. */
int hypiommu_takeover(void);
int hypiommu_smmu_number(phys_addr_t base);

#endif /* HYPIOMMU_TAKEOVER_H */
