/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#ifndef HARDWARE_H
#define HARDWARE_H

#include "hypiommu/types.h"

/* Windows 0 and 1 are the SMMU's mirrored frames. */
#define WINDOW_MC 2u

bool hardware_create(void);
uint64_t hardware_frame_size(void);

#endif /* HARDWARE_H */
