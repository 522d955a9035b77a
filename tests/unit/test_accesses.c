// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Register accesses a hypercall takes on every kind of machine: printed, and
 * as docs/hardware-tegra.md says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#define PAGE 4096ull

static const uint32_t sids[] = { 5 };
static const struct machine_client clients[] = { { 0x15, 0, 5 },
						 { 0x35, 0, 5 } };
static const struct sim_tegra_mc_client mc_clients[] = {
	{ .id = 0x15, .native_sid = 0x7f, .fw_sid = 0x7f },
	{ .id = 0x35, .native_sid = 0x7f, .fw_sid = 0x7f },
};
static const struct hypiommu_tegra_swgroup swgroups[] = { { 5, 0x240 } };
static const struct sim_tegra_smmu_client classic_clients[] = {
	{ 0x15, 0x240, 0, 0 },
};

static void smmuv3(struct rig *rig)
{
	rig_start(rig);
}

static void smmuv2(struct rig *rig)
{
	rig->config.kind = MACHINE_SMMUV2;
	rig_start(rig);
}

static void mirrored(struct rig *rig)
{
	rig->config.smmuv2[0].instances = 2;
	smmuv2(rig);
}

static void tegra234(struct rig *rig)
{
	machine_tegra234(&rig->config);
	rig->config.clients = clients;
	rig->config.client_count = rig->config.limits.clients = 2;
	rig->config.mc_clients = mc_clients;
	rig->config.mc_client_count = 2;
	rig_start(rig);
}

static void classic(struct rig *rig)
{
	rig->config.kind = MACHINE_TEGRA_SMMU;
	rig->config.clients = clients;
	rig->config.client_count = 1;
	rig->config.swgroups = swgroups;
	rig->config.swgroup_count = rig->config.limits.clients = 1;
	rig->config.tegra = (struct sim_tegra_smmu_config){
		.nr_asids = 128,
		.ptc_line = 64,
		.address_bits = 34,
		.clients = classic_clients,
		.nr_clients = 1,
	};
	rig_start_low(rig);
}

static const struct {
	const char *name;
	void (*start)(struct rig *rig);
} machines[] = {
	{ "SMMUv3", smmuv3 },
	{ "SMMUv2, one frame", smmuv2 },
	{ "SMMUv2, mirrored", mirrored },
	{ "Tegra234: mirrored, MC, two clients", tegra234 },
	{ "Tegra210: classic MC-SMMU", classic },
};

/* Accesses since the last time it was called. */
static unsigned int lap(struct rig *rig, uint64_t *last)
{
	uint64_t was = *last;
	struct machine_stats st;

	machine_get_stats(rig->m, &st);
	*last = st.mmio_reads + st.mmio_writes;
	return (unsigned int)(*last - was);
}

static unsigned int unmapped(struct rig *rig, uint32_t d, uint64_t pages,
			     uint64_t *last)
{
	rig_map(rig, d, 9 * MiB, RAM + PAGE, pages * PAGE);
	lap(rig, last);
	rig_unmap(rig, d, 9 * MiB, pages * PAGE);
	return lap(rig, last);
}

static void measure(struct rig *rig, char *row, size_t size, const char *name)
{
	unsigned int attach, map1, unmap1, unmap16, unmap512;
	struct front *f = &rig->host;
	uint64_t last = 0;
	uint32_t d;

	assert_int_equal(front_domain_alloc(f, 0, 1, &d), 0);
	/* Keep the tables of the pages that come and go. */
	rig_map(rig, d, 8 * MiB, RAM, PAGE);
	rig_map(rig, d, 12 * MiB - PAGE, RAM, PAGE);
	lap(rig, &last);
	assert_int_equal(front_attach(f, 0, 5, d), 0);
	attach = lap(rig, &last);
	rig_map(rig, d, 9 * MiB, RAM, PAGE);
	map1 = lap(rig, &last);
	rig_unmap(rig, d, 9 * MiB, PAGE);
	unmap1 = lap(rig, &last);
	unmap16 = unmapped(rig, d, 16, &last);
	unmap512 = unmapped(rig, d, 512, &last);
	assert_int_equal(front_detach(f, 0, 5, d), 0);
	snprintf(row, size, "| %s | %u | %u | %u | %u | %u | %u |\n", name,
		 attach, lap(rig, &last), map1, unmap1, unmap16, unmap512);
}

static bool documented(const char *row)
{
	const char *path = getenv("HYPIOMMU_DOC");
	FILE *doc = path ? fopen(path, "r") : NULL;
	bool found = !doc; /* run by hand */
	char line[200];

	while (!found && fgets(line, sizeof(line), doc))
		found = !strcmp(line, row);
	if (doc)
		fclose(doc);
	return found;
}

static void test_accesses(void **state)
{
	char row[200];
	bool all = true;

	(void)state;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		struct rig rig;

		rig_defaults(&rig);
		rig.config.sids = sids;
		rig.config.sid_count = 1;
		rig.config.check = MACHINE_CHECK_OFF;
		machines[i].start(&rig);
		measure(&rig, row, sizeof(row), machines[i].name);
		print_message("%s", row);
		all &= documented(row);
		rig_end(&rig);
	}
	if (!all)
		fail_msg("docs/hardware-tegra.md says otherwise");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accesses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
