// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "incident.h"
#include "machine.h"
#include "util.h"

/* --------------------------------------------------------------- the call */

void incident_name(struct machine_move *call, const char *name, uint64_t a,
		   uint64_t b, uint64_t c, uint64_t d)
{
	call->name = name;
	call->argc = 4;
	call->args[0] = a;
	call->args[1] = b;
	call->args[2] = c;
	call->args[3] = d;
}

void incident_name_hcall(struct machine_move *call, uint32_t caller,
			 const struct hypiommu_regs *in)
{
	static const struct {
		const char *name;
		uint8_t argc;
	} calls[HYPIOMMU_HC_COUNT] = {
		[HYPIOMMU_HC_INFO] = { "info", 0 },
		[HYPIOMMU_HC_DOMAIN_ALLOC] = { "domain_alloc", 2 },
		[HYPIOMMU_HC_DOMAIN_FREE] = { "domain_free", 1 },
		[HYPIOMMU_HC_ATTACH_DEV] = { "attach_dev", 3 },
		[HYPIOMMU_HC_DETACH_DEV] = { "detach_dev", 3 },
		[HYPIOMMU_HC_MAP_PAGES] = { "map_pages", 5 },
		[HYPIOMMU_HC_UNMAP_PAGES] = { "unmap_pages", 3 },
		[HYPIOMMU_HC_IOVA_TO_PHYS] = { "iova_to_phys", 2 },
		[HYPIOMMU_HC_IOTLB_SYNC] = { "iotlb_sync", 1 },
		[HYPIOMMU_HC_MEM_TOPUP] = { "mem_topup", 2 },
		[HYPIOMMU_HC_MEM_GIVEBACK] = { "mem_giveback", 1 },
		[HYPIOMMU_HC_FAULT_READ] = { "fault_read", 1 },
	};
	bool known = in->x[0] < HYPIOMMU_HC_COUNT;

	call->name = known ? calls[in->x[0]].name : "unknown hypercall";
	call->argc = known ? calls[in->x[0]].argc : 0;
	call->caller = caller;
	for (unsigned int i = 0; i < call->argc; i++)
		call->args[i] = in->x[1 + i];
}

static __attribute__((format(printf, 2, 3))) void add(char *text,
						      const char *fmt, ...)
{
	size_t n = strlen(text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(text + n, INCIDENT_TEXT - n, fmt, args);
	va_end(args);
}

void incident_circumstances(const struct machine *m, char *text)
{
	const struct machine_move *call = machine_call_now(m);
	const struct incident_step *step = &m->last_step;

	text[0] = '\0';
	if (!call || !call->name)
		return;
	add(text, ", in %s(", call->name);
	for (unsigned int i = 0; i < call->argc; i++)
		add(text, "%s%#" PRIx64, i ? ", " : "", call->args[i]);
	add(text, ") of principal %" PRIu32, call->caller);
	if (!call->steps || !step->what)
		return;
	add(text, ", step %" PRIu64 " of it: %s", call->steps, step->what);
	if (step->where)
		add(text, " at %#" PRIx64, step->where);
	if (step->before != step->after)
		add(text, ", %#" PRIx64 " -> %#" PRIx64, step->before,
		    step->after);
	else if (step->after)
		add(text, ", %#" PRIx64, step->after);
}

/* ------------------------------------------------------------ two states */

void incident_look_begin(struct machine *m)
{
	struct incident_look last = m->looks[0];

	m->looks[0] = m->looks[1];
	m->looks[1] = last;
	m->looks[0].count = 0;
}

void incident_reached(struct machine *m, uint32_t smmu,
		      const struct sim_reach *reach)
{
	struct incident_look *look = &m->looks[0];

	if (look->count == look->room) {
		look->room = look->room ? 2 * look->room : 64;
		look->reaches = util_grow(look->reaches, look->room,
					  sizeof(*look->reaches));
	}
	look->reaches[look->count++] = (struct incident_reach){ smmu, *reach };
}

void incident_before(const struct machine *m, uint32_t smmu,
		     const struct sim_reach *now, char *text)
{
	const struct incident_look *look = &m->looks[1];

	for (size_t i = 0; i < look->count; i++) {
		const struct incident_reach *r = &look->reaches[i];

		if (r->smmu != smmu || r->reach.sid != now->sid ||
		    now->iova < r->reach.iova ||
		    now->iova - r->reach.iova >= r->reach.size)
			continue;
		snprintf(text, INCIDENT_TEXT,
			 "; at the look before it reached %#" PRIx64
			 " there (%s%s%s)",
			 r->reach.pa + (now->iova - r->reach.iova),
			 r->reach.read ? "r" : "", r->reach.write ? "w" : "",
			 r->reach.cached ? ", cached" : "");
		return;
	}
	snprintf(text, INCIDENT_TEXT,
		 "; at the look before it reached nothing there");
}

void incident_fini(struct machine *m)
{
	free(m->looks[0].reaches);
	free(m->looks[1].reaches);
}
