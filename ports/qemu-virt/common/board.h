/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * QEMU's virt board (virtualization=on, gic-version=3, iommu=smmuv3) with 512
 * MiB, and who gets what of it. Included by assembly too: numbers only.
 */
#ifndef BOARD_H
#define BOARD_H

#define CPUS 2

#define GICD_BASE  0x08000000 /* distributor */
#define GICD_SIZE  0x00010000
#define GITS_BASE  0x08080000 /* interrupt translation */
#define GITS_SIZE  0x00020000
#define GICR_BASE  0x080a0000 /* redistributors: RD and SGI frame a CPU */
#define GICR_EACH  0x00020000
#define GICR_SGI   0x00010000
#define UART_BASE  0x09000000 /* PL011 */
#define UART_SIZE  0x00001000
#define FWCFG_BASE 0x09020000 /* firmware configuration, with its own DMA */
#define SMMU_BASE  0x09050000
#define SMMU_SIZE  0x00020000
#define PCI_BASE   0x10000000 /* 32-bit memory window */
#define PCI_SIZE   0x2ee00000 /* whole 2 MiB blocks of it */
#define ECAM_BASE  0x4010000000
#define ECAM_SIZE  0x10000000

#define SMMU_EVENT_INTID 106 /* wired, edge */

#define RAM_BASE     0x40000000
#define RAM_SIZE     0x20000000
#define MONITOR_BASE 0x40200000 /* image and data of EL2 */
#define MONITOR_SIZE 0x01e00000
#define TABLES_BASE  0x42000000 /* first pages of the library's pool */
#define TABLES_SIZE  0x00200000
#define HOST_ENTRY   0x48000000 /* where the host is loaded */
#define SEED_ADDRESS 0x47fffff8 /* what boot.sh --seed puts there, or 0 */
#define HEAP_BASE    0x50000000 /* memory for its tests, to the end of RAM */

#endif /* BOARD_H */
