/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What an access that gets through is, beyond an address, read or write. */
#ifndef SIM_ATTRS_H
#define SIM_ATTRS_H

#include <stdbool.h>

enum sim_memory {
	SIM_MEMORY_OTHER,
	SIM_MEMORY_DEVICE,   /* nGnRE; Device of short descriptors */
	SIM_MEMORY_UNCACHED, /* Normal, inner and outer non-cacheable */
	SIM_MEMORY_CACHED,   /* Normal, write-back, inner shareable */
};

struct sim_attrs {
	bool said;    /* this kind of tables says so; else all are 0 */
	bool unpriv;  /* unprivileged accesses get there, of whatever kind */
	bool execute; /* instruction fetches do, privileged or not */
	enum sim_memory memory;
};

#endif /* SIM_ATTRS_H */
