// SPDX-License-Identifier: GPL-2.0-only
/* The machine of Tegra234: three SMMUs, two of them mirrored, behind a memory
 * controller with a broadcast block and a channel. A device is a client. */
#include <linux/types.h>

#include "bed.h"

#include "../../ports/pkvm/android/machine.h"

#include "../../ports/pkvm/common/stop_tegra234.h"

#define MC	0x02c00000ull
#define MC_SIZE 0x10000ull
#define BPMP	0x94u
#define CPU	0x39u  /* firmware's own, and not locked */
#define STRAY	0x124u /* nobody declares it */

/* The last is a second client of the second's stream. */
static const struct machine_client devices[] = {
	{ 0x15, NISO0, 0x03 },
	{ 0x7e, NISO0, 0x02 },
	{ 0x60, NISO1, 0x02 },
	{ 0x7f, NISO0, 0x02 },
};
const unsigned int bed_devices = 4;
const unsigned int bed_stride = 61; /* of 8192 clients */
const bool bed_always_on = true;
const unsigned int bed_parts = 4;

static const struct sim_tegra_mc_client hw_clients[] = {
	{ .id = 0x15, .block = NISO0, .native_sid = 0x7f, .fw_sid = 0x7f },
	{ .id = CPU, .block = NISO0, .native_sid = 0x7f, .fw_sid = 0x7f },
	{ .id = 0x60, .block = NISO1, .native_sid = 0x7f, .fw_sid = 0x7f },
	{ .id = 0x7e, .block = NISO0, .native_sid = 0x7f, .fw_sid = 0x7f },
	{ .id = 0x7f, .block = NISO0, .native_sid = 0x33, .fw_sid = 0x05 },
	{ .id = BPMP,
	  .block = NISO1,
	  .native_sid = 0,
	  .fw_override = true,
	  .fw_locked = true,
	  .fw_sid = 0 },
	{ .id = STRAY, .block = NISO1, .native_sid = 0x7f, .fw_sid = 0x7f },
};

static const uint64_t frames[3][2] = {
	{ 0x08000000, 0x07000000 },
	{ 0x10000000, 0 },
	{ 0x12000000, 0x11000000 },
};

static uint32_t blocks[2][MC_SIZE / 4]; /* broadcast, channel 0 */

void bed_config(struct machine_config *config)
{
	machine_defaults(config);
	machine_tegra234(config);
	config->mc_clients = hw_clients;
	config->mc_client_count = sizeof(hw_clients) / sizeof(hw_clients[0]);
	for (int i = 0; i < 3; i++) {
		config->smmuv2[i].nr_smrg = 8;
		config->smmuv2[i].boot = SIM_SMMUV2_BOOT_BYPASS;
	}
}

void bed_describe(struct hypiommu_machine *m,
		  struct hypiommu_machine_stream *streams)
{
	m->smmu_count = 3;
	for (unsigned int i = 0; i < 3; i++) {
		m->smmu[i].frames = frames[i][1] ? 2 : 1;
		for (unsigned int k = 0; k < m->smmu[i].frames; k++) {
			m->smmu[i].frame[k].base = frames[i][k];
			m->smmu[i].frame[k].size =
				sim_smmuv2_frame_size(mock_machine->v2[i]);
		}
	}
	m->mc_count = 3;
	for (unsigned int i = 0; i < 3; i++) {
		m->mc[i].base = MC + i * MC_SIZE;
		m->mc[i].size = MC_SIZE;
	}
	m->firmware_count = 2;
	m->firmware[0] = BPMP;
	m->firmware[1] = CPU;
	m->stream_count = bed_devices;
	for (unsigned int i = 0; i < bed_devices; i++)
		streams[i] = (struct hypiommu_machine_stream){ devices[i].smmu,
							       devices[i].sid,
							       devices[i].id };
}

void bed_stream(unsigned int device, uint32_t *smmu, uint32_t *sid)
{
	*smmu = devices[device].smmu;
	*sid = devices[device].sid;
}

enum sim_dma_result bed_dma(unsigned int device, uint64_t iova, bool write,
			    void *buf, uint64_t len)
{
	return machine_client_dma(mock_machine, devices[device].id, iova, write,
				  buf, len);
}

static void tell(void *ctx, const struct sim2_reach *r)
{
	void (*const *fn)(const struct bed_reach *) = ctx;
	const struct bed_reach reach = { r->pa, r->size, r->bypass };

	if (r->client == CPU)
		return;
	(*fn)(&reach);
}

/* Past the memory controller; behind it a stream that no client has may be as
 * it likes. */
void bed_for_each_reach(void (*fn)(const struct bed_reach *r))
{
	for (unsigned int i = 0; i < 3; i++)
		sim_smmuv2_speculate(mock_machine->v2[i]);
	sim_tegra_mc_for_each_reach(mock_machine->mc, tell, &fn);
}

/* ---------------------------------------------------------------- registers */

static struct sim_smmuv2 *smmu_at(uint64_t pa, unsigned int *instance)
{
	for (unsigned int i = 0; i < 3; i++) {
		for (*instance = 0; *instance < 2; ++*instance) {
			uint64_t base = frames[i][*instance];

			if (base && pa >= base && pa - base < (1u << 24))
				return mock_machine->v2[i];
		}
	}
	return NULL;
}

static uint32_t *block_at(uint64_t pa)
{
	uint64_t offset = pa - MC - MC_SIZE;

	check(offset < sizeof(blocks));
	return &blocks[offset / MC_SIZE][offset % MC_SIZE / 4];
}

uint64_t bed_read(uint64_t pa, unsigned int width)
{
	unsigned int instance;
	struct sim_smmuv2 *smmu = smmu_at(pa, &instance);

	if (smmu)
		return sim_smmuv2_read(smmu, instance, pa & 0xffffff, width);
	if (pa - MC < MC_SIZE)
		return sim_tegra_mc_read(mock_machine->mc, (uint32_t)(pa - MC),
					 width);
	return *block_at(pa);
}

void bed_write(uint64_t pa, unsigned int width, uint64_t val)
{
	unsigned int instance;
	struct sim_smmuv2 *smmu = smmu_at(pa, &instance);

	if (smmu)
		sim_smmuv2_write(smmu, instance, pa & 0xffffff, width, val);
	else if (pa - MC < MC_SIZE)
		sim_tegra_mc_write(mock_machine->mc, (uint32_t)(pa - MC), width,
				   (uint32_t)val);
	else
		*block_at(pa) = (uint32_t)val;
}

static u32 host_read(void *ctx, u32 offset)
{
	return (u32)bed_read(*(const uint64_t *)ctx + offset, 4);
}

static void host_write(void *ctx, u32 offset, u32 val)
{
	bed_write(*(const uint64_t *)ctx + offset, 4, val);
}

static void stop_clients(void)
{
	uint64_t base = MC;
	const struct hypiommu_stop s = { host_read, host_write, &base };

	for (u32 id = 0; id < MC_SIZE / 8; id++) {
		if (id != BPMP && id != CPU)
			hypiommu_stop_client(&s, id);
	}
}

void bed_host_stops(void)
{
	uint64_t base;
	const struct hypiommu_stop s = { host_read, host_write, &base };

	for (unsigned int i = 0; i < 3; i++) {
		for (unsigned int k = 0; k < 2 && frames[i][k]; k++) {
			base = frames[i][k];
			check(hypiommu_stop_smmuv2(&s));
		}
	}
	stop_clients();
}

/* All clients pass the SMMUs, where one entry matches all streams. */
void bed_firmware_blocks(void)
{
	for (unsigned int i = 0; i < 3; i++) {
		for (unsigned int k = 0; k < 2 && frames[i][k]; k++) {
			uint64_t at = frames[i][k];

			bed_write(at + SMMUV2_S2CR(0), 4, S2CR_TYPE_FAULT);
			bed_write(at + SMMUV2_SMR(0), 4, 0xffff0000);
			bed_write(at + SMMUV2_SCR0, 4, 0);
		}
	}
	stop_clients();
}

void bed_stall(bool on)
{
	const struct sim_smmuv2_faults f = { .gsync_never = on,
					     .sync_never = on };

	for (unsigned int i = 0; i < 3; i++) {
		for (unsigned int k = 0; k < 2 && frames[i][k]; k++)
			sim_smmuv2_set_faults(mock_machine->v2[i], k, &f);
	}
}

void bed_part_lost(unsigned int part)
{
	if (part < 3)
		sim_smmuv2_power_cycle(mock_machine->v2[part]);
	else
		sim_tegra_mc_power_cycle(mock_machine->mc);
}

void bed_power_lost(void)
{
	for (unsigned int part = 0; part < bed_parts; part++)
		bed_part_lost(part);
}

/* Offsets the host may read in the broadcast block or a channel, as Linux's
 * driver reads them; those it may write. */
static bool shown(uint32_t at)
{
	static const uint32_t those[] = {
		0x000, 0x004, 0x008, 0x00c, 0x654, 0x658, 0x67c, 0x680,	 0x9b0,
		0x9b4, 0x9c0, 0x9c4, 0xc00, 0xc04, 0xdf8, 0xf24, 0x11fc,
	};

	for (size_t i = 0; i < sizeof(those) / sizeof(those[0]); i++) {
		if (those[i] == at)
			return true;
	}
	for (uint32_t id = 1; id < 32; id++) {
		uint32_t base = id < 6 ? 0xc0c + 0x50 * (id - 1)
				       : 0x2004 + 0x50 * (id - 6);

		if (at == base || at == base + 4 || at == base + 8)
			return true;
	}
	return false;
}

static bool open(uint32_t at)
{
	return at == 0x000 || at == 0x004 || at == 0xf24;
}

/* Where pa is in the broadcast block or the channel. */
static bool in_block(uint64_t pa, uint32_t *at)
{
	uint64_t offset = pa - MC - MC_SIZE;

	*at = (uint32_t)(offset % MC_SIZE);
	return offset < 2 * MC_SIZE;
}

bool bed_host_reads(uint64_t pa)
{
	uint32_t at;

	return in_block(pa, &at) && shown(at);
}

bool bed_host_writes(uint64_t pa)
{
	uint32_t at;

	return in_block(pa, &at) && open(at);
}

void bed_test_registers(void)
{
	for (uint32_t at = 0; at < 2 * MC_SIZE; at += 4)
		blocks[at / MC_SIZE][at % MC_SIZE / 4] = at * 3 + 1;
	for (uint32_t at = 0; at < 2 * MC_SIZE; at += 4) {
		uint64_t pa = MC + MC_SIZE + at;
		uint32_t is = *block_at(pa);

		check(mock_host_read(pa) == (bed_host_reads(pa) ? is : 0));
		mock_host_write(pa, ~is);
		check(*block_at(pa) == (bed_host_writes(pa) ? ~is : is));
	}
	/* Firmware's are as firmware left them. */
	check(sim_tegra_mc_read(mock_machine->mc, CPU * 8, 4) == 0x7f);
	check(sim_tegra_mc_read(mock_machine->mc, CPU * 8 + 4, 4) == 0);
	/* Stream IDs, and the SMMUs: nothing. */
	for (uint32_t at = 0; at < MC_SIZE; at += 4) {
		uint32_t is = sim_tegra_mc_read(mock_machine->mc, at, 4);

		check(mock_host_read(MC + at) == 0);
		mock_host_write(MC + at, at & 4 ? 0 : 0x7f);
		check(sim_tegra_mc_read(mock_machine->mc, at, 4) == is);
	}
	for (uint32_t at = 0; at < 0x1000; at += 4) {
		check(mock_host_read(frames[0][0] + at) == 0);
		mock_host_write(frames[0][1] + at, 1);
	}
	check(bed_read(frames[0][1] + SMMUV2_SCR0, 4) & SCR0_USFCFG);
	check(!(bed_read(frames[0][1] + SMMUV2_SCR0, 4) & SCR0_CLIENTPD));
}
