// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What the boards of boards/ hold, and the tables of Tegra's names. */
#include "boards.h"
#include "tegra.h"

static struct board *load(const char *name)
{
	struct board_error err;
	struct board *b = board_load(board_path(name), &err);

	if (!b)
		fail_msg("%s", err.text);
	return b;
}

static const struct board_master *master(const struct board *b,
					 const char *name)
{
	const struct board_master *m = board_find_master(b, name);

	if (!m)
		fail_msg("no %s", name);
	return m;
}

static void assert_frame(const struct board_frames *frames, size_t i,
			 uint64_t base, uint64_t size)
{
	assert_true(i < frames->count);
	assert_int_equal(frames->list[i].base, base);
	assert_int_equal(frames->list[i].size, size);
}

static void tegra_smmus(void **state)
{
	static const char *const names[] = { "smmu_niso1", "smmu_iso",
					     "smmu_niso0" };
	struct board *b = load(TEGRA);

	(void)state;
	assert_string_equal(b->model, "small Tegra234");
	assert_int_equal(b->smmu_count, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct board_smmu *s = &b->smmus[i];

		assert_string_equal(s->name, names[i]);
		assert_string_equal(s->compatible, "nvidia,tegra234-smmu");
		assert_int_equal(s->kind, BOARD_SMMUV2);
		assert_int_equal(s->stream_match_mask, 0x7f80);
		assert_int_equal(s->iommu_cells, 1);
		assert_true(s->phandle != 0);
		assert_false(s->disabled || s->dma_coherent);
		assert_int_equal(s->frames.count, i == 1 ? 1 : 2);
	}
	assert_string_equal(b->smmus[0].path, "/bus@0/iommu@8000000");
	assert_frame(&b->smmus[0].frames, 0, 0x8000000, 0x1000000);
	assert_frame(&b->smmus[0].frames, 1, 0x7000000, 0x1000000);
	assert_frame(&b->smmus[1].frames, 0, 0x10000000, 0x1000000);
	assert_frame(&b->smmus[2].frames, 1, 0x11000000, 0x1000000);
	assert_ptr_equal(board_find_smmu(b, "smmu_iso"), &b->smmus[1]);
	board_free(b);
}

static void tegra_mc(void **state)
{
	struct board *b = load(TEGRA);

	(void)state;
	assert_true(b->mc.present);
	assert_string_equal(b->mc.compatible, "nvidia,tegra234-mc");
	assert_int_equal(b->mc.sid_base, 0x2c00000);
	assert_int_equal(b->mc.frames.count, 18);
	assert_int_equal(b->mc.channels, 16);
	assert_int_equal(b->mc.clients, 12);
	assert_frame(&b->mc.frames, 17, 0x1770000, 0x10000);
	board_free(b);
}

static void tegra_windows(void **state)
{
	struct board *b = load(TEGRA);

	(void)state;
	assert_int_equal(b->memory.count, 2);
	assert_frame(&b->memory, 1, 0x100000000, 0x80000000);
	assert_int_equal(b->irqchip.count, 2);
	assert_null(b->doorbell);
	assert_true(board_is_register(b, 0x8090000, 0x1000));
	assert_true(board_is_register(b, 0x2bfffff, 2));
	assert_true(board_is_register(b, 0, UINT64_MAX));
	assert_false(board_is_register(b, 0x2bf0000, 0x10000));
	assert_true(board_is_register(b, 0xf440000, 0x1000));
	assert_false(board_is_register(b, 0x80000000, 0x40000000));
	board_free(b);
}

static void tegra_masters(void **state)
{
	struct board *b = load(TEGRA);
	const struct board_master *m = master(b, "mmc@3460000");

	(void)state;
	assert_int_equal(b->master_count, 9);
	assert_string_equal(m->path, "/bus@0/mmc@3460000");
	assert_true(m->has_iommus && !m->has_iommu_map && !m->disabled);
	assert_string_equal(b->smmus[m->smmu].name, "smmu_niso1");
	assert_int_equal(m->stream_count, 1);
	assert_int_equal(m->streams[0].sid, 2);
	assert_int_equal(m->streams[0].count, 1);
	assert_int_equal(m->client_count, 2);
	assert_int_equal(m->clients[0].id, 0x63);
	assert_string_equal(m->clients[0].name, "dma-mem");
	assert_int_equal(m->clients[1].id, 0x67);
	assert_string_equal(m->clients[1].name, "write");
	assert_true(master(b, "spi@3210000")->disabled);
	assert_true(master(b, "ethernet@6800000")->disabled);
	assert_true(board_share_stream(master(b, "spi@3210000"),
				       master(b, "dma-controller@2600000")));
	/* the same numbers, but other SMMUs */
	assert_false(board_share_stream(master(b, "display@13800000"), m));
	assert_null(board_find_master(b, "nobody"));
	board_free(b);
}

static void tegra_maps(void **state)
{
	struct board *b = load(TEGRA);
	const struct board_master *h = master(b, "host1x@13e00000");
	const struct board_master *p = master(b, "pcie@14160000");

	(void)state;
	assert_int_equal(h->stream_count, 5);
	assert_string_equal(b->smmus[h->smmu].name, "smmu_niso1");
	assert_string_equal(b->smmus[h->streams[1].smmu].name, "smmu_niso0");
	assert_int_equal(h->streams[4].kind, BOARD_IOMMU_MAP);
	assert_int_equal(h->streams[4].smmu, h->smmu);
	assert_int_equal(h->streams[4].rid_base, 9);
	assert_int_equal(h->streams[4].sid, 0x36);
	/* iommu-map-mask = <0>: 0x1000 requesters, one stream */
	assert_int_equal(p->stream_count, 1);
	assert_int_equal(p->streams[0].sid, 0x13);
	assert_int_equal(p->streams[0].count, 1);
	assert_true(p->dma_coherent);
	board_free(b);
}

static void virt(void **state)
{
	struct board *b = load(VIRT);
	const struct board_master *p = master(b, "pcie@10000000");

	(void)state;
	assert_int_equal(b->smmu_count, 1);
	assert_string_equal(b->smmus[0].compatible, "arm,smmu-v3");
	assert_int_equal(b->smmus[0].kind, BOARD_SMMUV3);
	assert_true(b->smmus[0].dma_coherent);
	assert_frame(&b->smmus[0].frames, 0, 0x9050000, 0x20000);
	assert_false(b->mc.present);
	assert_int_equal(b->master_count, 1);
	assert_int_equal(p->streams[0].sid, 0);
	assert_int_equal(p->streams[0].count, 0x10000);
	assert_int_equal(p->client_count, 0);
	assert_non_null(b->doorbell);
	assert_int_equal(b->doorbell->base, 0x8090000);
	assert_int_equal(b->doorbell->size, 0x10000);
	assert_false(board_is_register(b, 0x8090000, 0x10000));
	assert_frame(&b->memory, 0, 0x40000000, 0x40000000);
	board_free(b);
}

static void tegra234_names(void **state)
{
	uint32_t ids[4];
	uint32_t last = 0;

	(void)state;
	assert_int_equal(tegra234_client_count, 202);
	for (size_t i = 0; i < tegra234_client_count; i++) {
		assert_true(!i || tegra234_clients[i].id > last);
		last = tegra234_clients[i].id;
	}
	assert_int_equal(last, 0x124);
	assert_string_equal(tegra234_client_by_id(0x15)->name, "hdar");
	assert_string_equal(tegra234_client_by_id(0x15)->sid_name, "HDA");
	assert_int_equal(tegra234_client_by_name("pcie4w")->id, 0xe1);
	assert_int_equal(tegra234_client_by_name("pcie4w")->block,
			 TEGRA234_NISO0);
	assert_null(tegra234_client_by_id(0x1000));
	assert_null(tegra234_client_by_name("nobody"));
	assert_int_equal(tegra234_block_at(0x7000000), TEGRA234_NISO1);
	assert_int_equal(tegra234_block_at(0x9000000), TEGRA234_NONE);
	assert_string_equal(tegra234_sid_name(TEGRA234_NISO0, 3), "HDA");
	assert_string_equal(tegra234_sid_name(TEGRA234_NISO1, 0x35),
			    "HOST1X_CTX0");
	assert_null(tegra234_sid_name(TEGRA234_ISO, 0x35));
	assert_int_equal(tegra234_clients_of(TEGRA234_NISO0, 3, ids, 4), 2);
	assert_int_equal(ids[0], 0x15);
	assert_int_equal(ids[1], 0x35);
	assert_string_equal(tegra234_block_name(TEGRA234_ISO), "iso");
}

static void classic_names(void **state)
{
	const struct tegra_classic_client *c =
		tegra_classic_client_by_id("tegra210", 1);

	(void)state;
	assert_string_equal(c->name, "display0a");
	assert_string_equal(c->swgroup, "DC");
	assert_int_equal(c->enable_reg, 0x228);
	assert_int_equal(c->enable_bit, 1);
	assert_int_equal(tegra_classic_swgroup_by_name("tegra30", "DC")->reg,
			 0x240);
	assert_string_equal(tegra_classic_swgroup_by_id("tegra30", 3)->name,
			    "EPP");
	assert_null(tegra_classic_client_by_id("tegra20", 1));
	/* every client with a register has a group with one, PTC aside */
	for (size_t i = 0; i < tegra_classic_client_count; i++) {
		c = &tegra_classic_clients[i];
		if (c->enable_reg)
			assert_non_null(tegra_classic_swgroup_by_name(
				c->soc, c->swgroup));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tegra_smmus),
		cmocka_unit_test(tegra_mc),
		cmocka_unit_test(tegra_windows),
		cmocka_unit_test(tegra_masters),
		cmocka_unit_test(tegra_maps),
		cmocka_unit_test(virt),
		cmocka_unit_test(tegra234_names),
		cmocka_unit_test(classic_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
