/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine, as the EL1 half of the module describes it to the EL2 half while
 * the host is still trusted: in a variable of the EL2 half, that is the
 * hypervisor's alone once pKVM takes the host's privileges.
 */
#ifndef HYPIOMMU_ANDROID_MACHINE_H
#define HYPIOMMU_ANDROID_MACHINE_H

#define HYPIOMMU_MACHINE_VERSION 1u

#define HYPIOMMU_MACHINE_SMMUS	   16u
#define HYPIOMMU_MACHINE_RAM	   128u /* as many as the core takes */
#define HYPIOMMU_MACHINE_DOORBELLS 16u
#define HYPIOMMU_MACHINE_MC	   24u
#define HYPIOMMU_MACHINE_FIRMWARE  64u
#define HYPIOMMU_MACHINE_DOMAINS   256u
#define HYPIOMMU_MACHINE_CPUS	   64u
#define HYPIOMMU_MACHINE_FRAMES \
	(2 * HYPIOMMU_MACHINE_SMMUS + HYPIOMMU_MACHINE_MC)

/* Bytes from a physical address on, both whole pages. */
struct hypiommu_machine_range {
	u64 base, size;
};

/* Register frames; a second one mirrors the first. */
struct hypiommu_machine_smmu {
	u32 frames;
	struct hypiommu_machine_range frame[2];
};

/* A stream behind an SMMU, by its index; with a memory controller also a memory
 * client it comes from, or HYPIOMMU_NO_CLIENT. A stream of several clients is
 * there several times. */
struct hypiommu_machine_stream {
	u32 smmu, sid, client;
};
#define HYPIOMMU_NO_CLIENT (~0u)

struct hypiommu_machine {
	u32 version;
	u32 cpus;    /* their numbers are below it */
	u32 domains; /* of all SMMUs, at most */
	u32 smmu_count, ram_count, doorbell_count, stream_count;
	struct hypiommu_machine_smmu smmu[HYPIOMMU_MACHINE_SMMUS];
	/* Of the host, and never anything else's registers. One memblock each:
	 * of a range across two the core counts nothing. */
	struct hypiommu_machine_range ram[HYPIOMMU_MACHINE_RAM];
	/* Of interrupt controllers: the only MMIO devices may be given. */
	struct hypiommu_machine_range doorbell[HYPIOMMU_MACHINE_DOORBELLS];
	/* Of a memory controller: [0] the stream ID block, then the others. */
	u32 mc_count;
	struct hypiommu_machine_range mc[HYPIOMMU_MACHINE_MC];
	/* Memory clients of firmware's own (BPMP, the CPU cluster). */
	u32 firmware_count;
	u32 firmware[HYPIOMMU_MACHINE_FIRMWARE];

	/* RAM the host gives for good: for the library's instance; for tables
	 * and queues until the core's pool is filled; the array of streams. */
	struct hypiommu_machine_range instance, tables, streams;
};

/* alloc_domain's type for a domain of an SMMU; those below are the core's. */
#define HYPIOMMU_MACHINE_TYPE(smmu) (2 + (int)(smmu))

/*
 * The module's own hypercall: x1 = one of these, x2, x3 its arguments -> x1 =
 * status (enum hypiommu_error), x2.. results.
 */
enum hypiommu_module_fn {
	/* x2 = SMMUs, x3 = domains, x4 = streams, x5 = memory clients -> x2 =
	 * bytes `instance` must have. Before the take-over, too. */
	HYPIOMMU_MODULE_SIZE,
	/* x2 = SMMU -> x2 = stage, x3 = IOVA bits, x4 = bitmap of leaf sizes
	 * of its domains. */
	HYPIOMMU_MODULE_DOMAIN,
	/* x2 = SMMU -> as HYPIOMMU_HC_FAULT_READ, from x2 on. */
	HYPIOMMU_MODULE_FAULT,
	/* -> x2 = accesses of the host to protected registers, x3 = domains
	 * that could not be freed, x4 = pages pinned for good by a failure of
	 * hardware or a request in odd pages, x5 = pages of tables in use. */
	HYPIOMMU_MODULE_STATS,
};

#endif /* HYPIOMMU_ANDROID_MACHINE_H */
