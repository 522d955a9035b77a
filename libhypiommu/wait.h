/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A bounded wait for hardware: by the clock, and by a count should the clock
 * stand still.
 *
 *	struct wait w = wait_begin(timeout_us);
 *
 *	do {
 *		if (it has happened)
 *			return HYPIOMMU_OK;
 *	} while (wait_goes_on(&w));
 *	return HYPIOMMU_E_TIMEOUT;
 */
#ifndef HYPIOMMU_WAIT_H
#define HYPIOMMU_WAIT_H

#include "env.h"

/* Polls of one wait, at most. */
#define WAIT_MAX_POLLS 1000000u

struct wait {
	uint64_t start; /* microseconds */
	uint32_t timeout_us, polls;
};

static inline struct wait wait_begin(uint32_t timeout_us)
{
	return (struct wait){ hypiommu_env_time_us(), timeout_us, 0 };
}

/* After a poll that did not see it: is there another one? */
static inline bool wait_goes_on(struct wait *w)
{
	if (++w->polls == WAIT_MAX_POLLS ||
	    hypiommu_env_time_us() - w->start > w->timeout_us)
		return false;
	hypiommu_env_relax();
	return true;
}

#endif /* HYPIOMMU_WAIT_H */
