/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* GICv3 of the host: this CPU's timer, and the SMMU's event interrupt. */
#ifndef GIC_H
#define GIC_H

#include "hypiommu/types.h"

/* On each CPU that waits. */
void gic_init(void);

/* Sleep until an interrupt, a millisecond at most. */
void nap(void);

/* SMMU event interrupts taken so far. */
unsigned int gic_smmu_events(void);

#endif /* GIC_H */
