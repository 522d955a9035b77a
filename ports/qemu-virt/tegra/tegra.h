/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * A monitor for a Tegra234 that is not there: its SMMUv2 and memory controller
 * are the harness's simulators, running at EL2 behind the MMIO vtable, on the
 * machine's own memory. smmu.c stands in the place of monitor/smmu.c; two calls
 * more let the host play the devices.
 */
#ifndef TEGRA_H
#define TEGRA_H

/* x1 = memory client, x2 = IOVA, x3 = 1 to write, x4 = what: eight bytes of DMA
 * -> x1 = 1 if it went through, x2 = what was read. */
#define TEGRA_DMA     0xc6001e00u
/* -> x1 = what the simulators objected to so far, x2 = pages that a device
 * could reach after some hypercall and that were not the host's and pinned,
 * x3 = pages that were. */
#define TEGRA_VERDICT 0xc6001e01u

/* Memory clients: two of one stream, one of another, one nobody declares, and
 * one of the firmware's. */
#define TEGRA_CLIENT_A	   0x10u
#define TEGRA_CLIENT_A2	   0x11u
#define TEGRA_CLIENT_B	   0x15u
#define TEGRA_CLIENT_STRAY 0x124u
#define TEGRA_SID_A	   0x02u
#define TEGRA_SID_B	   0x03u

#endif /* TEGRA_H */
