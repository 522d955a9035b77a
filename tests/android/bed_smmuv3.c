// SPDX-License-Identifier: GPL-2.0-only
/* The machine with an SMMUv3. */
#include <linux/types.h>

#include "bed.h"

#include "../../ports/pkvm/android/machine.h"

#include "../../ports/pkvm/common/stop_smmuv3.h"

static const uint32_t sids[] = { 0x10, 0x11, 0x120 };
const unsigned int bed_devices = 3;
const unsigned int bed_stride = 1;
const bool bed_always_on = false;
const unsigned int bed_parts = 0;

void bed_config(struct machine_config *config)
{
	machine_defaults(config);
}

void bed_describe(struct hypiommu_machine *m,
		  struct hypiommu_machine_stream *streams)
{
	m->smmu_count = 1;
	m->smmu[0].frames = 1;
	m->smmu[0].frame[0].base = MACHINE_SMMU_BASE;
	m->smmu[0].frame[0].size = MACHINE_SMMU_SIZE;
	m->stream_count = bed_devices;
	for (unsigned int i = 0; i < bed_devices; i++)
		streams[i] =
			(struct hypiommu_machine_stream){ 0, sids[i],
							  HYPIOMMU_NO_CLIENT };
}

void bed_stream(unsigned int device, uint32_t *smmu, uint32_t *sid)
{
	*smmu = 0;
	*sid = sids[device];
}

enum sim_dma_result bed_dma(unsigned int device, uint64_t iova, bool write,
			    void *buf, uint64_t len)
{
	return machine_dma(mock_machine, sids[device], iova, write, buf, len);
}

static void tell(void *ctx, const struct sim_reach *r)
{
	void (*const *fn)(const struct bed_reach *) = ctx;
	const struct bed_reach reach = { r->pa, r->size, r->bypass };

	(*fn)(&reach);
}

void bed_for_each_reach(void (*fn)(const struct bed_reach *r))
{
	sim_smmuv3_speculate(mock_machine->smmu);
	sim_smmuv3_for_each_reach(mock_machine->smmu, tell, &fn);
}

static uint32_t offset_of(uint64_t pa)
{
	check(pa >= MACHINE_SMMU_BASE &&
	      pa - MACHINE_SMMU_BASE < MACHINE_SMMU_SIZE);
	return (uint32_t)(pa - MACHINE_SMMU_BASE);
}

uint64_t bed_read(uint64_t pa, unsigned int width)
{
	return sim_smmuv3_read(mock_machine->smmu, offset_of(pa), width);
}

void bed_write(uint64_t pa, unsigned int width, uint64_t val)
{
	sim_smmuv3_write(mock_machine->smmu, offset_of(pa), width, val);
}

#define IDR1		0x04u
#define STRTAB_BASE	0x80u
#define STRTAB_BASE_CFG 0x88u
#define CMDQ_BASE	0x90u
#define CMDQ_PROD	0x98u
#define CMDQ_CONS	0x9cu
#define CR0_SMMUEN	1u
#define CR0_CMDQEN	8u
#define REG(offset)	(MACHINE_SMMU_BASE + (offset))
#define HW(offset)	sim_smmuv3_read(mock_machine->smmu, offset, 4)

static void set_cr0(uint32_t val)
{
	bed_write(REG(SMMU_CR0), 4, val);
	while (bed_read(REG(SMMU_CR0ACK), 4) != val)
		;
}

/* A stream table that has none of the devices; GBPA would let them pass. */
void bed_firmware_blocks(void)
{
	uint64_t *commands =
		sim_mem_ptr(mock_machine->mem, MACHINE_RAM_BASE + (17u << 20));

	commands[0] = 0x04; /* CFGI_ALL, */
	commands[1] = 31;
	commands[2] = 0x30; /* TLBI_NSNH_ALL, */
	commands[4] = 0x46; /* SYNC */
	sim_mem_clean(mock_machine->mem, commands, 48);
	bed_write(REG(SMMU_GBPA), 4, GBPA_UPDATE);
	while (bed_read(REG(SMMU_GBPA), 4) & GBPA_UPDATE)
		;
	bed_write(REG(STRTAB_BASE), 8, MACHINE_RAM_BASE + (16u << 20));
	bed_write(REG(STRTAB_BASE_CFG), 4, 0); /* linear, one stream */
	bed_write(REG(CMDQ_BASE), 8, (MACHINE_RAM_BASE + (17u << 20)) | 4);
	bed_write(REG(CMDQ_PROD), 4, 0);
	bed_write(REG(CMDQ_CONS), 4, 0);
	set_cr0(CR0_CMDQEN);
	bed_write(REG(CMDQ_PROD), 4, 3);
	while (bed_read(REG(CMDQ_CONS), 4) != 3)
		;
	set_cr0(CR0_CMDQEN | CR0_SMMUEN);
}

static u32 host_read(void *ctx, u32 offset)
{
	(void)ctx;
	return (u32)sim_smmuv3_read(mock_machine->smmu, offset, 4);
}

static void host_write(void *ctx, u32 offset, u32 val)
{
	(void)ctx;
	sim_smmuv3_write(mock_machine->smmu, offset, 4, val);
}

void bed_host_stops(void)
{
	const struct hypiommu_stop s = { host_read, host_write, NULL };

	check(hypiommu_stop_smmuv3(&s));
}

void bed_stall(bool on)
{
	const struct sim_smmuv3_faults f = { .sync_never = on };

	sim_smmuv3_set_faults(mock_machine->smmu, &f);
}

void bed_power_lost(void)
{
	sim_smmuv3_power_cycle(mock_machine->smmu);
}

void bed_part_lost(unsigned int part)
{
	(void)part;
}

/* Identification reads as it is; all else is dead, whatever is written. */
bool bed_host_reads(uint64_t pa)
{
	return pa >= REG(0) && pa < REG(0x20) && !(pa & 3);
}

bool bed_host_writes(uint64_t pa)
{
	(void)pa;
	return false;
}

void bed_test_registers(void)
{
	for (uint32_t at = 0; at < MACHINE_SMMU_SIZE; at += 4)
		check(mock_host_read(REG(at)) ==
		      (bed_host_reads(REG(at)) ? HW(at) : 0));
	check(HW(IDR1) && HW(STRTAB_BASE) && HW(SMMU_CR0) & 1);
	for (uint32_t at = 0; at < MACHINE_SMMU_SIZE; at += 4) {
		uint64_t before = HW(at);

		mock_host_write(REG(at), ~(uint32_t)before);
		check(HW(at) == before);
	}
}
