// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdlib.h>

#include "rig.h"

static const uint32_t sids[] = { SID_A, SID_B, SID_C };

void rig_defaults(struct rig *rig)
{
	machine_defaults(&rig->config);
	/* Under valgrind the observer looks less often. */
	if (getenv("HYPIOMMU_CHECK_CALLS"))
		rig->config.check = MACHINE_CHECK_CALLS;
	rig->config.ram_size = 32 * MiB;
	rig->config.sids = sids;
	rig->config.sid_count = sizeof(sids) / sizeof(sids[0]);
}

void rig_start(struct rig *rig)
{
	rig->m = machine_create(&rig->config);
	assert_non_null(rig->m);
	if (!rig->m->h)
		fail_msg("%s", rig->m->error);
	front_init(&rig->host, rig->m, HYPIOMMU_HOST);
	front_init(&rig->guest, rig->m, HYPIOMMU_GUEST(0));
}

void rig_start_low(struct rig *rig)
{
	const uint64_t pa = RAM + 24 * MiB;

	rig->config.table_pages = 0;
	rig->config.stay_trusted = true;
	rig_start(rig);
	assert_int_equal(machine_add_tables(rig->m, pa, MiB), 0);
	assert_int_equal(machine_finalise(rig->m), 0);
	assert_no_violation(rig);
}

void rig_make(struct rig *rig)
{
	rig_defaults(rig);
	rig_start(rig);
}

static void look(struct rig *rig)
{
	if (rig->m->stats.violations)
		fail_msg("%s", rig->m->violation);
}

void assert_no_violation(struct rig *rig)
{
	machine_check_now(rig->m);
	look(rig);
}

void rig_end(struct rig *rig)
{
	assert_no_violation(rig);
	front_fini(&rig->host);
	front_fini(&rig->guest);
	machine_destroy(rig->m);
}

uint32_t rig_domain(struct rig *rig, unsigned int stage, uint32_t sid)
{
	uint32_t domain = ~0u;

	assert_int_equal(front_domain_alloc(&rig->host, 0, stage, &domain), 0);
	assert_int_equal(front_attach(&rig->host, 0, sid, domain), 0);
	return domain;
}

void rig_map(struct rig *rig, uint32_t domain, uint64_t iova, uint64_t pa,
	     uint64_t size)
{
	uint64_t mapped;

	assert_int_equal(
		front_map(&rig->host, domain, iova, pa, size, RW, &mapped), 0);
	assert_int_equal(mapped, size);
}

void rig_unmap(struct rig *rig, uint32_t domain, uint64_t iova, uint64_t size)
{
	uint64_t unmapped;

	assert_int_equal(front_unmap(&rig->host, domain, iova, size, &unmapped),
			 0);
	assert_int_equal(unmapped, size);
}

void assert_reaches(struct rig *rig, uint32_t sid, uint64_t iova, uint64_t pa)
{
	uint64_t out = 0;

	look(rig);
	assert_int_equal(machine_translate(rig->m, sid, iova, false, &out),
			 SIM_DMA_OK);
	assert_int_equal(out, pa);
	out = 0;
	assert_int_equal(machine_translate(rig->m, sid, iova, true, &out),
			 SIM_DMA_OK);
	assert_int_equal(out, pa);
}

void assert_aborts(struct rig *rig, uint32_t sid, uint64_t iova)
{
	uint64_t out;

	look(rig);
	assert_int_equal(machine_translate(rig->m, sid, iova, false, &out),
			 SIM_DMA_ABORT);
	assert_int_equal(machine_translate(rig->m, sid, iova, true, &out),
			 SIM_DMA_ABORT);
}

void assert_pins(struct rig *rig, uint64_t pa, uint32_t pins)
{
	struct hypiommu_page_info info;

	assert_int_equal(hypiommu_page_info(rig->m->h, pa, &info), 0);
	assert_int_equal(info.pins, pins);
}

void client_reaches(struct rig *rig, uint32_t client, uint64_t iova,
		    uint64_t pa)
{
	uint64_t out = 0;

	look(rig);
	assert_int_equal(
		machine_client_translate(rig->m, client, iova, true, &out),
		SIM_DMA_OK);
	assert_int_equal(out, pa);
}

void client_aborts(struct rig *rig, uint32_t client, uint64_t iova)
{
	uint64_t out;

	look(rig);
	assert_int_equal(
		machine_client_translate(rig->m, client, iova, true, &out),
		SIM_DMA_ABORT);
}
