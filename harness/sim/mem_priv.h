/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What the simulators ask of the memory beyond its public interface. */
#ifndef SIM_MEM_PRIV_H
#define SIM_MEM_PRIV_H

#include "mem.h"

/* May the 4 KiB frame holding pa have unpublished stores? Never wrongly no. */
bool sim_mem_frame_unpublished(const struct sim_mem *mem, uint64_t pa);

#endif /* SIM_MEM_PRIV_H */
