/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Tegra234's MC in front of two SMMUs: DMA starts at a memory client. */
#include "fixture2.h"
#include "tegra_mc.h"

/* Known clients: id, override, security. */
#define HDAR	  0x15u /* native stream 3, block 0 */
#define HDAR_OVR  0xa8u
#define HDAR_SEC  0xacu
#define NVENCSRD  0x1cu /* SID 0x24, block 0 */
#define NVENC_OVR 0xe0u
#define NVENC_SEC 0xe4u
#define DISPLAY	  0x30u /* block 1 */
#define DISP_OVR  0x180u
#define DISP_SEC  0x184u
#define UNKNOWN	  0x1abcu

struct board {
	struct machine *m;	/* block 0: two instances */
	struct sim_smmuv2 *iso; /* block 1: one */
	struct sim_tegra_mc *mc;
};

static const struct sim_tegra_mc_client clients[] = {
	{ .id = NVENCSRD, .block = 0, .native_sid = 0x7f },
	{ .id = HDAR, .block = 0, .native_sid = 3 },
	{ .id = DISPLAY, .block = 1, .native_sid = 5 },
	{ .id = 0x40, .fw_override = true, .fw_locked = true, .fw_sid = 0x7f },
	{ .id = 0x41, .fw_locked = true, .native_sid = 3 },
};

static struct board board_up(bool unlisted_live)
{
	struct sim_smmuv2_config c = default_config();
	struct sim_tegra_mc_config mc = {
		.clients = clients,
		.nr_clients = sizeof(clients) / sizeof(*clients),
		.unlisted_live = unlisted_live,
		.unlisted = { .block = 0, .native_sid = 0x7f },
	};
	struct board b;

	c.instances = 2;
	b.m = machine_up(&c);
	c.instances = 1;
	b.iso = sim_smmuv2_create(b.m->mem, &c);
	sim_smmuv2_on_report(b.iso, on_report, &b.m->heard);
	sim_smmuv2_write(b.iso, 0, 0x0, 4, CR0_ON);
	mc.mem = b.m->mem;
	mc.smmu[0] = b.m->smmu;
	mc.smmu[1] = b.iso;
	b.mc = sim_tegra_mc_create(&mc);
	assert_non_null(b.mc);
	sim_tegra_mc_on_report(b.mc, on_report, &b.m->heard);
	return b;
}

static void board_down(struct board *b)
{
	sim_tegra_mc_destroy(b->mc);
	sim_smmuv2_destroy(b->iso);
	machine_free(b->m);
}

static void mc_wr(struct board *b, uint32_t off, uint32_t val)
{
	sim_tegra_mc_write(b->mc, off, 4, val);
}

static uint32_t mc_rd(struct board *b, uint32_t off)
{
	return sim_tegra_mc_read(b->mc, off, 4);
}

/* Stream 5 with any upper bits, as SMR mask 0x7f80 makes it. */
static void serve(struct board *b)
{
	bank_s2(b->m);
	bank_on(b->m);
	wr_all(b->m, 0xc08, BANK);
	wr_all(b->m, 0x808, 0xff800005);
	map_page(b->m, PAGE | S2_RW);
}

static uint64_t client_target(struct board *b, uint32_t client, uint64_t iova)
{
	struct sim2_access a = { client, iova, true, NULL, 0 };
	uint64_t pa = 0;

	if (sim_tegra_mc_translate(b->mc, &a, &pa) != SIM2_DMA_OK)
		return 0;
	return pa;
}

struct find {
	uint32_t client;
	uint64_t pa;
	bool bypass;
	unsigned int hits, instances;
	uint8_t block;
};

static void find_reach(void *ctx, const struct sim2_reach *r)
{
	struct find *f = ctx;

	if (r->client != f->client || r->bypass != f->bypass)
		return;
	if (!r->bypass && !(f->pa >= r->pa && f->pa - r->pa < r->size))
		return;
	f->hits++;
	f->instances |= 1u << r->instance;
	f->block = r->block;
}

static struct find find(struct board *b, uint32_t client, uint64_t pa)
{
	struct find f = { .client = client, .pa = pa, .bypass = pa == 0 };

	sim_tegra_mc_for_each_reach(b->mc, find_reach, &f);
	return f;
}

static void test_passthrough_and_native(void **state)
{
	struct board b = board_up(false);

	(void)state;
	assert_int_equal(find(&b, NVENCSRD, 0).hits, 1);
	assert_int_equal(find(&b, HDAR, 0).hits, 0);
	assert_int_equal(client_target(&b, NVENCSRD, PAGE2), PAGE2);
	assert_int_equal(client_target(&b, HDAR, PAGE2), 0);
	assert_int_equal(client_target(&b, UNKNOWN, PAGE2), 0);
	assert_int_equal(find(&b, UNKNOWN, 0).hits, 0);
	serve(&b);
	wr_all(b.m, 0x808, 0xff800003); /* the device's own SID */
	assert_int_equal(client_target(&b, HDAR, IOVA), PAGE);
	assert_int_equal(find(&b, HDAR, PAGE).hits, 2);
	assert_int_equal(find(&b, HDAR, PAGE).instances, 3);
	assert_int_equal(find(&b, NVENCSRD, PAGE).hits, 0);
	assert_quiet(b.m);
	board_down(&b);
}

static void test_whole_aperture(void **state)
{
	struct board b = board_up(true);

	(void)state;
	assert_int_equal(find(&b, UNKNOWN, 0).hits, 1);
	assert_int_equal(client_target(&b, UNKNOWN, PAGE2), PAGE2);
	for (uint32_t id = 0; id < 0x2000; id++) {
		mc_wr(&b, id * 8, 0);
		mc_wr(&b, id * 8 + 4, 0x100);
	}
	assert_int_equal(find(&b, UNKNOWN, 0).hits, 0);
	assert_int_equal(client_target(&b, UNKNOWN, PAGE2), 0);
	assert_int_equal(client_target(&b, 0x1fff, PAGE2), 0);
	assert_int_equal(client_target(&b, 0x2000, PAGE2), 0);
	/* Those two firmware locked: without override, and at 0x7f. */
	assert_int_equal(find(&b, 0x40, 0).hits, 1);
	assert_int_equal(client_target(&b, 0x41, PAGE2), 0);
	assert_quiet(b.m);
	assert_int_equal(sim_tegra_mc_check(b.mc), 2);
	board_down(&b);
}

static void test_override_needs_security_bit(void **state)
{
	struct board b = board_up(false);

	(void)state;
	serve(&b);
	mc_wr(&b, NVENC_OVR, 5);
	assert_int_equal(mc_rd(&b, NVENC_OVR), 5);
	assert_int_equal(find(&b, NVENCSRD, 0).hits, 1); /* still around */
	mc_wr(&b, NVENC_SEC, 0x100);
	assert_int_equal(find(&b, NVENCSRD, 0).hits, 0);
	assert_int_equal(find(&b, NVENCSRD, PAGE).hits, 2);
	assert_quiet(b.m);
	for (int i = 0; i < 100; i++) /* whatever the upper bits are */
		assert_int_equal(client_target(&b, NVENCSRD, IOVA), PAGE);
	/* With an SMR for the low bits only, most transactions miss. */
	wr_all(b.m, 0x808, 0x80000005);
	gsync(b.m, 0);
	gsync(b.m, 1);
	assert_int_equal(find(&b, NVENCSRD, PAGE).hits, 2);
	assert_int_equal(client_target(&b, NVENCSRD, IOVA) &
				 client_target(&b, NVENCSRD, IOVA) &
				 client_target(&b, NVENCSRD, IOVA),
			 0);
	board_down(&b);
}

static void test_override_before_bank(void **state)
{
	struct board b = board_up(false);

	(void)state;
	mc_wr(&b, HDAR_OVR, 0);
	mc_wr(&b, HDAR_SEC, 0x100); /* deny: SID 0 */
	assert_quiet(b.m);
	assert_int_equal(client_target(&b, HDAR, IOVA), 0);
	mc_wr(&b, HDAR_OVR, 5);
	assert_reported(b.m, "before a context bank is ready");
	serve(&b);
	assert_quiet(b.m);
	mc_wr(&b, HDAR_OVR, 5);
	assert_quiet(b.m);
	wr(b.m, 1, 0xc08, 0x20000); /* one mirror is not ready */
	assert_int_equal(sim_tegra_mc_check(b.mc), 5);
	mc_wr(&b, HDAR_OVR, 5);
	assert_reported(b.m, "before a context bank is ready");
	/* S2CR set, bank not enabled: worse than too early. */
	mc_wr(&b, HDAR_OVR, 0);
	wr_all(b.m, 0xc08, BANK);
	wr_all(b.m, CB(BANK, 0), 0);
	assert_int_equal(find(&b, HDAR, 0).hits, 0);
	mc_wr(&b, HDAR_OVR, 5);
	assert_reported(b.m, "before a context bank is ready");
	assert_int_equal(find(&b, HDAR, 0).hits, 2);
	assert_int_equal(client_target(&b, HDAR, PAGE2), PAGE2);
	board_down(&b);
}

static void test_never_7f(void **state)
{
	struct board b = board_up(false);

	(void)state;
	mc_wr(&b, HDAR_SEC, 0x100);
	mc_wr(&b, HDAR_OVR, 0x7f);
	assert_reported(b.m, "routed around the SMMU");
	assert_int_equal(find(&b, HDAR, 0).hits, 1);
	mc_wr(&b, HDAR_OVR, 0xff);
	assert_reported(b.m, "routed around the SMMU");
	board_down(&b);
}

static void test_lock(void **state)
{
	struct board b = board_up(false);
	struct sim_tegra_mc_stats st;

	(void)state;
	mc_wr(&b, 0x40 * 8, 0);
	mc_wr(&b, 0x40 * 8 + 4, 0);
	assert_int_equal(mc_rd(&b, 0x40 * 8), 0x7f);
	assert_int_equal(mc_rd(&b, 0x40 * 8 + 4), 0x10100);
	mc_wr(&b, HDAR_OVR, 0);
	mc_wr(&b, HDAR_SEC, 0x10100);
	mc_wr(&b, HDAR_OVR, 5);
	assert_int_equal(mc_rd(&b, HDAR_OVR), 0);
	sim_tegra_mc_stats(b.mc, &st);
	assert_int_equal(st.locked_writes, 3);
	sim_tegra_mc_power_cycle(b.mc);
	assert_int_equal(mc_rd(&b, HDAR_SEC), 0);
	mc_wr(&b, HDAR_OVR, 5);
	assert_int_equal(mc_rd(&b, HDAR_OVR), 5);
	board_down(&b);
}

static void test_suspend(void **state)
{
	struct board b = board_up(false);

	(void)state;
	mc_wr(&b, NVENC_OVR, 0);
	mc_wr(&b, NVENC_SEC, 0x100);
	assert_int_equal(find(&b, NVENCSRD, 0).hits, 0);
	sim_tegra_mc_power_cycle(b.mc);
	assert_int_equal(mc_rd(&b, NVENC_SEC), 0);
	assert_int_equal(find(&b, NVENCSRD, 0).hits, 1);
	board_down(&b);
}

/* The same SID behind two SMMUs is two streams. */
static void test_sids_per_smmu(void **state)
{
	struct board b = board_up(false);

	(void)state;
	serve(&b);
	mc_wr(&b, HDAR_OVR, 5);
	mc_wr(&b, HDAR_SEC, 0x100);
	assert_int_equal(find(&b, HDAR, PAGE).hits, 2);
	assert_int_equal(find(&b, DISPLAY, PAGE).hits, 0);
	assert_int_equal(client_target(&b, DISPLAY, IOVA), 0);
	mc_wr(&b, DISP_OVR, 5);
	mc_wr(&b, DISP_SEC, 0x100);
	assert_reported(b.m, "before a context bank is ready");
	assert_int_equal(client_target(&b, DISPLAY, IOVA), 0);
	/* On ISO, stream 5 bypasses. */
	sim_smmuv2_write(b.iso, 0, 0xc08, 4, 0x10000);
	sim_smmuv2_write(b.iso, 0, 0x808, 4, 0xff800005);
	assert_int_equal(find(&b, DISPLAY, 0).hits, 1);
	assert_int_equal(find(&b, DISPLAY, 0).block, 1);
	assert_int_equal(find(&b, HDAR, 0).hits, 0);
	board_down(&b);
}

static void test_dma(void **state)
{
	struct board b = board_up(false);
	uint64_t val = 0xabcdefull, seen = 0, done_bytes = 0;
	struct sim2_access a = { HDAR, IOVA + 0xffc, true, &val, 8 };

	(void)state;
	serve(&b);
	put(b.m, L3TAB + 16, PAGE2 | S2_RW);
	mc_wr(&b, HDAR_OVR, 5);
	mc_wr(&b, HDAR_SEC, 0x100);
	assert_int_equal(sim_tegra_mc_dma(b.mc, &a, &done_bytes), SIM2_DMA_OK);
	assert_int_equal(done_bytes, 8);
	sim_mem_dev_read(b.m->mem, PAGE + 0xffc, &seen, 4);
	assert_int_equal(seen, 0xabcdef);
	a = (struct sim2_access){ NVENCSRD, PAGE2 + 8, true, &val, 8 };
	assert_int_equal(sim_tegra_mc_dma(b.mc, &a, &done_bytes), SIM2_DMA_OK);
	sim_mem_dev_read(b.m->mem, PAGE2 + 8, &seen, 8);
	assert_int_equal(seen, val);
	a.iova = 0x1000; /* no memory */
	assert_int_equal(sim_tegra_mc_dma(b.mc, &a, &done_bytes), SIM2_DMA_BUS);
	board_down(&b);
}

static void test_bad_hardware(void **state)
{
	struct board b = board_up(false);
	struct sim2_mmio_faults f = { .ignore_one = true,
				      .ignore_offset = HDAR_SEC };

	(void)state;
	sim_tegra_mc_set_faults(b.mc, &f);
	mc_wr(&b, HDAR_SEC, 0x100);
	assert_int_equal(mc_rd(&b, HDAR_SEC), 0);
	f = (struct sim2_mmio_faults){ .dead = true };
	sim_tegra_mc_set_faults(b.mc, &f);
	assert_int_equal(mc_rd(&b, HDAR_SEC), 0xffffffff);
	f = (struct sim2_mmio_faults){ 0 };
	sim_tegra_mc_set_faults(b.mc, &f);
	sim_tegra_mc_read(b.mc, 0x10000, 4);
	assert_reported(b.m, "MC access");
	board_down(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passthrough_and_native),
		cmocka_unit_test(test_whole_aperture),
		cmocka_unit_test(test_override_needs_security_bit),
		cmocka_unit_test(test_override_before_bank),
		cmocka_unit_test(test_never_7f),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_suspend),
		cmocka_unit_test(test_sids_per_smmu),
		cmocka_unit_test(test_dma),
		cmocka_unit_test(test_bad_hardware),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
