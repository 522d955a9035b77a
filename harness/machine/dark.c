// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * From power coming back to the end of take-over. What hardware does before EL2
 * reaches it is beyond EL2: transactions may bypass. But who is stopped stays
 * stopped, and whoever is translated reaches what he may.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "util.h"

struct dark {
	bool looked; /* `was` is known */
	uint8_t was[SIM_TEGRA_MC_IDS], now[SIM_TEGRA_MC_IDS];
};

void machine_dark(struct machine *m)
{
	m->dark = util_grow(m->dark, 1, sizeof(*m->dark));
	memset(m->dark, 0, sizeof(*m->dark));
}

void machine_light(struct machine *m)
{
	free(m->dark);
	m->dark = NULL;
}

void machine_power_lost(struct machine *m)
{
	machine_dark(m);
	if (m->smmu)
		sim_smmuv3_power_cycle(m->smmu);
	for (unsigned int i = 0; i < MACHINE_V2_MAX; i++) {
		if (m->v2[i])
			sim_smmuv2_power_cycle(m->v2[i]);
	}
	if (m->mc)
		sim_tegra_mc_power_cycle(m->mc);
	if (m->tegra)
		sim_tegra_smmu_power_cycle(m->tegra);
}

void dark_bypass(struct machine *m, uint32_t who)
{
	m->dark->now[who % SIM_TEGRA_MC_IDS] = 1;
}

void dark_look_end(struct machine *m)
{
	struct dark *d = m->dark;

	for (uint32_t i = 0; d->looked && i < SIM_TEGRA_MC_IDS; i++) {
		char text[64];

		if (!d->now[i] || d->was[i])
			continue;
		snprintf(text, sizeof(text),
			 "client 0x%x was stopped and bypasses again", i);
		machine_violation(m, text);
	}
	memcpy(d->was, d->now, sizeof(d->was));
	memset(d->now, 0, sizeof(d->now));
	d->looked = true;
}
