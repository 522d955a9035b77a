// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "machine.h"

bool machine_fault_event(struct machine *m, enum machine_fault_kind kind)
{
	struct machine_fault *f = &m->fault;

	if (f->kind != kind || f->over || ++f->seen != f->at)
		return false;
	f->fired = true;
	return true;
}

static bool of_accesses(enum machine_fault_kind kind)
{
	return kind == MACHINE_FAULT_DEAD || kind == MACHINE_FAULT_HANG ||
	       kind == MACHINE_FAULT_GERROR;
}

bool machine_fault_access(struct machine *m, uint32_t window)
{
	struct machine_fault *f = &m->fault;

	if (of_accesses(f->kind) && machine_fault_event(m, f->kind)) {
		f->window = window;
		if (f->kind != MACHINE_FAULT_DEAD)
			machine_hw_break(m, window, f->kind);
	}
	return f->kind == MACHINE_FAULT_DEAD && f->fired && !f->over &&
	       f->window == window;
}

uint64_t machine_fault_read(struct machine *m, unsigned int width,
			    uint64_t value)
{
	uint64_t ones = width == 4 ? 0xffffffffull : ~0ull;

	return machine_fault_event(m, MACHINE_FAULT_ONES) ? ones : value;
}

void machine_mend(struct machine *m)
{
	m->fault.over = true;
	machine_hw_mend(m);
}
