/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hardware a port's tests run on, bed_smmuv3.c or bed_tegra234.c: the same
 * for the Android module and for the port to Linux (tests/pkvm). What it wants
 * of a test is at the end.
 */
#ifndef BED_H
#define BED_H

#include "machine.h"

struct hypiommu_machine;
struct hypiommu_machine_stream;

/* Devices of this machine, each a stream of the host's; at least two. */
extern const unsigned int bed_devices;
/* The observer looks at each so-many-th step of a take-over. */
extern const unsigned int bed_stride;
extern const bool bed_always_on; /* DMA passes after power was lost */
void bed_config(struct machine_config *config);
void bed_describe(struct hypiommu_machine *m,
		  struct hypiommu_machine_stream *streams);
/* SMMU and stream of a device. */
void bed_stream(unsigned int device, uint32_t *smmu, uint32_t *sid);
enum sim_dma_result bed_dma(unsigned int device, uint64_t iova, bool write,
			    void *buf, uint64_t len);
/* Tell of all that anything reaches. */
struct bed_reach {
	uint64_t pa, size;
	bool bypass;
};
void bed_for_each_reach(void (*fn)(const struct bed_reach *r));
/* A register of this machine. */
uint64_t bed_read(uint64_t pa, unsigned int width);
void bed_write(uint64_t pa, unsigned int width, uint64_t val);
/* Firmware left all devices blocked, by what the SMMU knows of their streams;
 * others would pass. */
void bed_firmware_blocks(void);
/* What the EL1 half does when a take-over failed. */
void bed_host_stops(void);
/* Invalidations end never, or do. */
void bed_stall(bool on);
void bed_power_lost(void);
/* The same of one part of those that are always on. */
extern const unsigned int bed_parts;
void bed_part_lost(unsigned int part);
/* What this machine lets the host do with the 32-bit register at pa. */
bool bed_host_reads(uint64_t pa);
bool bed_host_writes(uint64_t pa);
void bed_test_registers(void);

/* ---------------------------------------------------------------- of the test
 */

#define check(what) ((what) ? (void)0 : mock_fail(__FILE__, __LINE__, #what))
_Noreturn void mock_fail(const char *file, int line, const char *what);

extern struct machine *mock_machine;
/* The observer looks, now. */
void mock_look(void);
/* The host touches a register, 32 bits: a fault the port must deal with. */
uint32_t mock_host_read(uint64_t pa);
void mock_host_write(uint64_t pa, uint32_t val);

#endif /* BED_H */
