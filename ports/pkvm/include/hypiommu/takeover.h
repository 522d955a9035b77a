/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HYPIOMMU_TAKEOVER_H
#define HYPIOMMU_TAKEOVER_H

#include <linux/types.h>

/* finalize_pkvm(): hand every SMMU to EL2. An error leaves DMA unprotected:
 * such a machine must not go on. */
int hypiommu_takeover(void);
int hypiommu_smmu_number(phys_addr_t base);
/* A memory client of Tegra234 that firmware keeps. */
bool hypiommu_client_is_firmware(u32 client);

#endif /* HYPIOMMU_TAKEOVER_H */
