// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * One register access goes wrong, every one in turn, on every kind of machine:
 * the library must end its call with an answer and no lock held, and once the
 * hardware is good again a reset must bring everything back to nothing. Where
 * the hardware does not lie about having completed, the observer looks on.
 */
#include <stdio.h>
#include <string.h>

#include "rig.h"

#include "core.h"

#define PAGE	 4096ull
#define SID	 5u
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* --------------------------------------------------------------- the gate */

/* How the access goes wrong. */
enum way {
	READ_ONES,
	GONE, /* from this access on: reads all ones, nothing is written */
	READ_ZERO,
	READ_INVERTED,
	WRITE_LOST,
	WAYS
};

/* These do not claim that an invalidation completed which did not. */
static bool honest(enum way way)
{
	return way == READ_ONES || way == GONE;
}

/* Between the library and the machine's registers. */
static struct gate {
	const struct hypiommu_mmio_ops *real;
	void *ctx;
	uint64_t at, count; /* the at-th access (1-based); 0: none */
	enum way way;
	bool reached;
} gate;

static bool wrong(void)
{
	gate.count++;
	if (!gate.at || gate.count < gate.at)
		return false;
	gate.reached = true;
	return gate.way == GONE || gate.count == gate.at;
}

static uint64_t seen(uint64_t value)
{
	switch (gate.way) {
	case READ_ONES:
	case GONE:
		return ~0ull;
	case READ_ZERO:
		return 0;
	case READ_INVERTED:
		return ~value;
	default:
		return value;
	}
}

static uint32_t read32(void *ctx, uint32_t window, uint32_t offset)
{
	uint32_t value = gate.real->read32(gate.ctx, window, offset);

	(void)ctx;
	return wrong() ? (uint32_t)seen(value) : value;
}

static uint64_t read64(void *ctx, uint32_t window, uint32_t offset)
{
	uint64_t value = gate.real->read64(gate.ctx, window, offset);

	(void)ctx;
	return wrong() ? seen(value) : value;
}

static bool lost(void)
{
	return wrong() && (gate.way == WRITE_LOST || gate.way == GONE);
}

static void write32(void *ctx, uint32_t window, uint32_t offset, uint32_t val)
{
	(void)ctx;
	if (!lost())
		gate.real->write32(gate.ctx, window, offset, val);
}

static void write64(void *ctx, uint32_t window, uint32_t offset, uint64_t val)
{
	(void)ctx;
	if (!lost())
		gate.real->write64(gate.ctx, window, offset, val);
}

static const struct hypiommu_mmio_ops gated = { read32, write32, read64,
						write64 };

static void gate_install(struct machine *m)
{
	gate = (struct gate){ .real = m->h->config.mmio,
			      .ctx = m->h->config.mmio_ctx };
	m->h->config.mmio = &gated;
}

static void gate_arm(enum way way, uint64_t at)
{
	gate.way = way;
	gate.at = at;
	gate.count = 0;
	gate.reached = false;
}

/* Every access at first, then wider apart: a memory controller has thousands of
 * registers that are all alike. */
static uint64_t next(uint64_t at, uint64_t dense)
{
	return at + 1 + at / dense;
}

/* ------------------------------------------------------------ the machines */

static const uint32_t sids[] = { SID, 9 };
static const struct machine_client clients[] = { { 0x15, 0, SID },
						 { 0x35, 0, SID } };
static const struct sim_tegra_mc_client mc_clients[] = {
	{ .id = 0x15, .native_sid = 0x7f, .fw_sid = 0x7f },
	{ .id = 0x35, .native_sid = 0x7f, .fw_sid = 0x7f },
	{ .id = 0x36, .native_sid = 0x7f, .fw_sid = 0x7f },
};
static const struct hypiommu_tegra_swgroup swgroups[] = { { SID, 0x240 },
							  { 9, 0x244 } };
static const struct machine_client classic_ids[] = { { 0x15, 0, SID },
						     { 0x16, 0, 9 } };
static const struct hypiommu_tegra_enable enables[] = { { 0x228, 1 },
							{ 0x22c, 5 } };
static const struct sim_tegra_smmu_client classic_clients[] = {
	{ 0x15, 0x240, 0x228, 1 },
	{ 0x16, 0x244, 0x22c, 5 },
};

static void v3_short_queue(struct machine_config *c)
{
	c->smmu.range_inval = false;
	c->smmu.coherent = false;
	c->smmu.cmdq_log2 = 3;
	c->smmu.hyp = true;
}

static void v3_ranges(struct machine_config *c)
{
	c->smmu.range_inval = true;
	c->smmu.enabled_bypass = true;
}

static void v2(struct machine_config *c)
{
	c->kind = MACHINE_SMMUV2;
	c->smmuv2[0].mmu500 = true;
}

static void v2_indexing(struct machine_config *c)
{
	v2(c);
	c->smmuv2[0].indexing = true;
	c->smmuv2[0].sid_bits = 4;
	c->smmuv2[0].mmu500 = false;
}

static void v2_mirrored(struct machine_config *c)
{
	v2(c);
	c->smmuv2[0].instances = 2;
}

static void v2_short(struct machine_config *c)
{
	v2(c);
	c->smmuv2[0].aa32_short = true;
	c->format = HYPIOMMU_SMMUV2_V7S;
}

static void tegra234(struct machine_config *c)
{
	machine_tegra234(c);
	c->clients = clients;
	c->client_count = c->limits.clients = 2;
	c->mc_clients = mc_clients;
	c->mc_client_count = 3;
}

static void classic(struct machine_config *c)
{
	c->kind = MACHINE_TEGRA_SMMU;
	c->clients = classic_ids;
	c->client_count = c->limits.clients = 2;
	c->swgroups = swgroups;
	c->swgroup_count = 2;
	c->enables = enables;
	c->enable_count = 2;
	c->tegra = (struct sim_tegra_smmu_config){
		.nr_asids = 4,
		.ptc_line = 32,
		.address_bits = 34,
		.clients = classic_clients,
		.nr_clients = 2,
	};
}

static const struct {
	const char *name;
	void (*shape)(struct machine_config *c);
	unsigned int stage;
} machines[] = {
	{ "SMMUv3, stage 1, 8 commands", v3_short_queue, 1 },
	{ "SMMUv3, stage 2, ranges", v3_ranges, 2 },
	{ "SMMUv2, stage 1", v2, 1 },
	{ "SMMUv2, indexing, stage 2", v2_indexing, 2 },
	{ "SMMUv2, mirrored, stage 2", v2_mirrored, 2 },
	{ "SMMUv2, short descriptors", v2_short, 1 },
	{ "Tegra234", tegra234, 1 },
	{ "classic MC-SMMU", classic, 1 },
};

static bool low_tables(const struct rig *rig)
{
	return rig->config.kind == MACHINE_TEGRA_SMMU ||
	       rig->config.format == HYPIOMMU_SMMUV2_V7S;
}

/* In its trusted phase still, with all the memory it will need. */
static void shape(struct rig *rig, size_t which, bool look)
{
	rig_defaults(rig);
	machines[which].shape(&rig->config);
	rig->config.sids = sids;
	rig->config.sid_count = 2;
	rig->config.timeout_us = 40;
	/* To the specification this hardware is good: it sees no gate. */
	rig->config.no_judge = true;
	rig->config.check = look ? MACHINE_CHECK_CALLS : MACHINE_CHECK_OFF;
}

static void no_lock_is_held(struct rig *rig)
{
	assert_int_equal(rig->m->locks->count, 0);
}

/* ------------------------------------------------------------ the life */

static int call(struct rig *rig, enum hypiommu_hcall_fn fn, uint64_t a,
		uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	int err = front_call(&rig->host, fn, a, b, c, d, e);

	assert_true(err <= 0 && err >= -16);
	no_lock_is_held(rig);
	return err;
}

/* Whatever fails, go on: a host would. The domain, or ~0. */
static uint64_t live(struct rig *rig, unsigned int stage)
{
	uint64_t d;

	if (call(rig, HYPIOMMU_HC_DOMAIN_ALLOC, 0, stage, 0, 0, 0))
		return ~0ull;
	d = rig->host.last.x[1];
	call(rig, HYPIOMMU_HC_ATTACH_DEV, 0, SID, d, 0, 0);
	call(rig, HYPIOMMU_HC_MAP_PAGES, d, 0, RAM + PAGE, 40 * PAGE, RW);
	call(rig, HYPIOMMU_HC_MAP_PAGES, d, 2 * MiB, RAM + 2 * MiB, 2 * MiB,
	     RW);
	call(rig, HYPIOMMU_HC_UNMAP_PAGES, d, 0, PAGE, 0, 0);
	call(rig, HYPIOMMU_HC_UNMAP_PAGES, d, PAGE, 30 * PAGE, 0, 0);
	call(rig, HYPIOMMU_HC_UNMAP_PAGES, d, 2 * MiB + 64 * KiB, PAGE, 0, 0);
	/* Refused midway: what was mapped goes again. */
	call(rig, HYPIOMMU_HC_MAP_PAGES, d, 31 * PAGE - PAGE, RAM, 3 * PAGE,
	     RW);
	call(rig, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0);
	call(rig, HYPIOMMU_HC_ATTACH_DEV, 0, 9, d, 0, 0);
	call(rig, HYPIOMMU_HC_DETACH_DEV, 0, SID, d, 0, 0);
	hypiommu_smmu_suspend(rig->m->h, 0);
	hypiommu_smmu_reset(rig->m->h, 0);
	if (rig->config.kind == MACHINE_TEGRA234)
		hypiommu_tegra234_mc_resume(rig->m->h);
	no_lock_is_held(rig);
	return d;
}

/* Good hardware again: everything comes free. */
static void recover(struct rig *rig, uint64_t d)
{
	int err;

	assert_int_equal(hypiommu_smmu_reset(rig->m->h, 0), 0);
	if (rig->config.kind == MACHINE_TEGRA234)
		assert_int_equal(hypiommu_tegra234_mc_resume(rig->m->h), 0);
	if (d == ~0ull)
		return;
	assert_int_equal(call(rig, HYPIOMMU_HC_IOTLB_SYNC, d, 0, 0, 0, 0), 0);
	for (size_t i = 0; i < COUNT(sids); i++) {
		err = call(rig, HYPIOMMU_HC_DETACH_DEV, 0, sids[i], d, 0, 0);
		assert_true(!err || err == HYPIOMMU_E_NOENT);
	}
	do {
		err = call(rig, HYPIOMMU_HC_DOMAIN_FREE, d, 0, 0, 0, 0);
	} while (err == HYPIOMMU_E_AGAIN);
	assert_int_equal(err, 0);
	assert_pins(rig, RAM, 0);
	assert_pins(rig, RAM + 31 * PAGE, 0);
	assert_pins(rig, RAM + 2 * MiB, 0);
	if (rig->config.check != MACHINE_CHECK_OFF)
		assert_no_violation(rig);
}

static uint64_t pool_used(struct rig *rig)
{
	struct hypiommu_pool_info info;

	assert_int_equal(hypiommu_pool_info(rig->m->h, &info), 0);
	return info.used;
}

static void sweep_life(size_t which, enum way way)
{
	uint64_t used;
	struct rig rig;

	shape(&rig, which, honest(way));
	low_tables(&rig) ? rig_start_low(&rig) : rig_start(&rig);
	used = pool_used(&rig);
	gate_install(rig.m);
	gate.reached = true;
	for (uint64_t at = 1; gate.reached; at = next(at, 30)) {
		uint64_t d;

		gate_arm(way, at);
		d = live(&rig, machines[which].stage);
		gate.at = 0;
		recover(&rig, d);
		assert_int_equal(pool_used(&rig), used);
	}
	assert_true(gate.count > 5);
	front_fini(&rig.host);
	front_fini(&rig.guest);
	machine_destroy(rig.m);
}

static void test_life(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(machines); i++) {
		for (enum way way = 0; way < WAYS; way++) {
			print_message("%s, way %d\n", machines[i].name, way);
			sweep_life(i, way);
		}
	}
}

/* --------------------------------------------------------- taking over */

/* finalise() at its at-th access: refuses, and succeeds on good hardware. */
static bool start_at(size_t which, enum way way, uint64_t at)
{
	bool reached;
	struct rig rig;
	int err;

	shape(&rig, which, false);
	rig.config.stay_trusted = true;
	rig.config.table_pages = low_tables(&rig) ? 0 : rig.config.table_pages;
	rig_start(&rig);
	if (low_tables(&rig))
		assert_int_equal(
			hypiommu_add_tables(rig.m->h, RAM + 24 * MiB, MiB), 0);
	gate_install(rig.m);
	gate_arm(way, at);
	err = hypiommu_finalise(rig.m->h);
	reached = gate.reached;
	assert_true(reached || !err);
	no_lock_is_held(&rig);
	gate.at = 0;
	if (err) {
		assert_int_equal(call(&rig, HYPIOMMU_HC_INFO, 0, 0, 0, 0, 0),
				 HYPIOMMU_E_PHASE);
		assert_int_equal(hypiommu_finalise(rig.m->h), 0);
	}
	recover(&rig, live(&rig, machines[which].stage));
	front_fini(&rig.host);
	front_fini(&rig.guest);
	machine_destroy(rig.m);
	return reached;
}

static void test_finalise(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(machines); i++) {
		for (uint64_t at = 1; start_at(i, READ_ONES, at);
		     at = next(at, 20))
			;
		for (uint64_t at = 1; start_at(i, WRITE_LOST, at);
		     at = next(at, 20))
			;
	}
}

/* ------------------------------------------------------------ declaring */

static int add_v3(struct rig *rig, uint32_t *smmu)
{
	const struct hypiommu_smmuv3_config c = {
		.base = 0x0b000000,
		.size = 0x20000,
		.timeout_us = 40,
		.cmdq_log2 = 4,
		.evtq_log2 = 3,
	};

	return hypiommu_smmuv3_add(rig->m->h, &c, smmu);
}

static int add_v2(struct rig *rig, uint32_t *smmu)
{
	const struct hypiommu_smmuv2_config c = {
		.frames = rig->config.smmuv2[0].instances,
		.window = { 16, 17 },
		.base = { 0x20000000, 0x21000000 },
		.size = sim_smmuv2_frame_size(rig->m->v2[0]),
		.mmu500 = rig->config.smmuv2[0].mmu500,
		.timeout_us = 40,
	};

	return hypiommu_smmuv2_add(rig->m->h, &c, smmu);
}

/* A second SMMU: the registers of the first, seen elsewhere. What fails is not
 * counted, and can be tried again. */
static void test_declaring(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(machines); i++) {
		for (enum way way = 0; way < WAYS; way++) {
			uint32_t smmu = 77;
			struct rig rig;
			int err;

			shape(&rig, i, false);
			if (rig.config.kind > MACHINE_SMMUV2)
				continue;
			rig.config.stay_trusted = true;
			rig.config.limits.smmus = 2;
			rig.config.table_pages = 0;
			rig_start(&rig);
			gate_install(rig.m);
			for (uint64_t at = 1;; at++) {
				gate_arm(way, at);
				err = rig.m->smmu ? add_v3(&rig, &smmu)
						  : add_v2(&rig, &smmu);
				if (!err)
					break;
				assert_true(gate.reached);
				assert_int_equal(smmu, 77);
			}
			assert_int_equal(smmu, 1);
			assert_int_equal(rig.m->h->smmu_count, 2);
			front_fini(&rig.host);
			front_fini(&rig.guest);
			machine_destroy(rig.m);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_declaring),
		cmocka_unit_test(test_finalise),
		cmocka_unit_test(test_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
