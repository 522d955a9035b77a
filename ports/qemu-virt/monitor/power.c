// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Power: this board never loses it, so the host says when it would. */
#include "abi.h"
#include "monitor.h"

void power_call(struct hypiommu *h, struct frame *frame)
{
	int err = frame->x[0] == MONITOR_SUSPEND ? hypiommu_smmu_suspend(h, 0)
						 : hypiommu_smmu_reset(h, 0);

	frame->x[0] = (uint64_t)(int64_t)err;
}
