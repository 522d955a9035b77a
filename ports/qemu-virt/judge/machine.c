// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "abi.h"
#include "board.h"
#include "judge.h"

struct spec *judge_machine(uint64_t pool_used)
{
	struct spec *s = spec_create(1, MONITOR_DOMAINS);

	spec_add_region(s, RAM_BASE, RAM_SIZE, false);
	spec_carve_out(s, MONITOR_BASE, MONITOR_SIZE);
	spec_add_tables(s, TABLES_BASE, TABLES_SIZE);
	for (uint32_t slot = 1; slot < 32; slot++)
		spec_add_stream(s, 0, slot << 3, 0);
	spec_finalise(s, pool_used);
	return s;
}

uint64_t judge_hash(const struct spec *s)
{
	const struct spec_range ram = { RAM_BASE, RAM_SIZE };

	return spec_hash(s, &ram, 1);
}
