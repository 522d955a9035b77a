/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What most tests start from: a small machine, its front-end, a few streams. */
#ifndef RIG_H
#define RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "front.h"

#define RW  (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE)
#define RAM MACHINE_RAM_BASE
#define KiB (1ull << 10)
#define MiB (1ull << 20)
#define GiB (1ull << 30)

#define SID_A 8u
#define SID_B 0x1ffu
#define SID_C 0x2345u

struct rig {
	struct machine_config config;
	struct machine *m;
	struct front host, guest;
};

/* Defaults, 32 MiB of RAM, streams A, B, C, every step observed. */
void rig_defaults(struct rig *rig);
/* Create it; fails the test if the library refuses. */
void rig_start(struct rig *rig);
/* The same with 1 MiB for tables in RAM, where 32 bits reach. */
void rig_start_low(struct rig *rig);
void rig_make(struct rig *rig); /* rig_defaults(), rig_start() */
/* No violation happened; destroy. */
void rig_end(struct rig *rig);

/* A domain of the host with sid attached. */
uint32_t rig_domain(struct rig *rig, unsigned int stage, uint32_t sid);
void rig_map(struct rig *rig, uint32_t domain, uint64_t iova, uint64_t pa,
	     uint64_t size);
void rig_unmap(struct rig *rig, uint32_t domain, uint64_t iova, uint64_t size);

/* The stream reads and writes pa at iova, or cannot. */
void assert_reaches(struct rig *rig, uint32_t sid, uint64_t iova, uint64_t pa);
void assert_aborts(struct rig *rig, uint32_t sid, uint64_t iova);
/* The same of a memory client (writes), where there are such. */
void client_reaches(struct rig *rig, uint32_t client, uint64_t iova,
		    uint64_t pa);
void client_aborts(struct rig *rig, uint32_t client, uint64_t iova);
void assert_pins(struct rig *rig, uint64_t pa, uint32_t pins);
void assert_no_violation(struct rig *rig);

#endif /* RIG_H */
