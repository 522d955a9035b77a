// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's start at EL1. It must be one that pKVM loads before it takes
 * this kernel's privileges (kvm-arm.protected_modules=): then it describes the
 * machine, and the core calls the take-over. Whatever else comes of it (no
 * protected mode, loaded late, a take-over that failed), DMA is stopped, and
 * the log says so; a module that is not loaded at all can do nothing about it.
 */
#define pr_fmt(fmt) "hypiommu: " fmt

#include <linux/module.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>

#include <asm/kvm_host.h>
#include <asm/kvm_mmu.h>
#include <asm/kvm_pkvm_module.h>
#include <asm/virt.h>
#include <kvm/iommu.h>

#include <hypiommu/takeover.h>

#include "frontend.h"
#include "host.h"
#include "hypiommu-machine.h"

#define PAGES_PER_SMMU	  16u
#define PAGES_PER_STREAMS 4u /* for each 256 */

/* Of the EL2 half. */
extern struct hypiommu_machine kvm_nvhe_sym(hypiommu_machine);
extern struct kvm_iommu_ops kvm_nvhe_sym(hypiommu_ops);
extern struct kvm_hyp_iommu kvm_nvhe_sym(hypiommu_iommus)[];
int kvm_nvhe_sym(hypiommu_module_init)(const struct pkvm_module_ops *ops);
void kvm_nvhe_sym(hypiommu_module_call)(struct user_pt_regs *regs);

unsigned long hypiommu_module_hvc;
static unsigned long token;
static bool taken;

u32 hypiommu_smmus(void)
{
	return machine_smmu_count;
}

int hypiommu_smmu_number(phys_addr_t base)
{
	for (unsigned int i = 0; i < machine_smmu_count; i++) {
		if (taken && machine_smmus[i].reg[0].start == base)
			return i;
	}
	return -ENOENT;
}

int hypiommu_power(u64 smmu, bool on)
{
	struct platform_device *pdev =
		smmu < machine_smmu_count
			? of_find_device_by_node(machine_smmus[smmu].node)
			: NULL;
	int err;

	if (!pdev)
		return -ENOENT;
	err = on ? pkvm_iommu_resume(&pdev->dev)
		 : pkvm_iommu_suspend(&pdev->dev);
	put_device(&pdev->dev);
	return err;
}

/* ---------------------------------------------------------- the description */

struct fill {
	struct hypiommu_machine *m;
	struct hypiommu_machine_stream *streams;
	u32 max;
};

static int fill_stream(struct machine_smmu *smmu, u32 sid, u32 client,
		       void *ctx)
{
	struct fill *f = ctx;

	BUILD_BUG_ON(NO_CLIENT != HYPIOMMU_NO_CLIENT);
	if (f->streams && f->m->stream_count == f->max)
		return -ENOSPC;
	if (f->streams)
		f->streams[f->m->stream_count] =
			(struct hypiommu_machine_stream){ smmu - machine_smmus,
							  sid, client };
	f->m->stream_count++;
	return 0;
}

static int fill_firmware(u32 client, void *ctx)
{
	struct hypiommu_machine *m = ctx;

	if (m->firmware_count == HYPIOMMU_MACHINE_FIRMWARE)
		return -ENOSPC;
	m->firmware[m->firmware_count++] = client;
	return 0;
}

static int add_to(struct hypiommu_machine_range *list, u32 *count, u32 max,
		  u64 base, u64 size)
{
	if (*count == max)
		return -ENOSPC;
	list[(*count)++] = (struct hypiommu_machine_range){ base, size };
	return 0;
}

static int fill_doorbell(u64 base, u64 size, void *ctx)
{
	struct hypiommu_machine *m = ctx;

	return add_to(m->doorbell, &m->doorbell_count,
		      HYPIOMMU_MACHINE_DOORBELLS, base, size);
}

/* System RAM as the resource tree has it, which leaves out what firmware keeps:
 * one for each memblock. Neighbours stay apart, as they do in pKVM's core. */
static int fill_ram(unsigned long pfn, unsigned long pages, void *ctx)
{
	struct hypiommu_machine *m = ctx;

	return add_to(m->ram, &m->ram_count, HYPIOMMU_MACHINE_RAM,
		      PFN_PHYS(pfn), PFN_PHYS(pages));
}

static int fill_registers(struct hypiommu_machine *m)
{
	struct resource blocks[MAX_MC];
	int count = machine_mc_blocks(blocks);

	for (unsigned int i = 0; i < machine_smmu_count; i++) {
		m->smmu[i].frames = machine_smmus[i].frames;
		for (unsigned int k = 0; k < machine_smmus[i].frames; k++)
			m->smmu[i].frame[k] = (struct hypiommu_machine_range){
				machine_smmus[i].reg[k].start,
				resource_size(&machine_smmus[i].reg[k])
			};
	}
	m->smmu_count = machine_smmu_count;
	for (int i = 0; i < count; i++)
		m->mc[i] = (struct hypiommu_machine_range){
			blocks[i].start, resource_size(&blocks[i])
		};
	m->mc_count = max(count, 0);
	return min(count, 0);
}

/* Donated for good: never freed, also on an error. */
static int give(struct hypiommu_machine_range *r, u64 bytes)
{
	void *memory =
		alloc_pages_exact(PAGE_ALIGN(bytes), GFP_KERNEL | __GFP_ZERO);

	if (!memory)
		return -ENOMEM;
	*r = (struct hypiommu_machine_range){ __pa(memory), PAGE_ALIGN(bytes) };
	return 0;
}

static int fill_memory(struct hypiommu_machine *m)
{
	u32 streams = max(m->stream_count, 1u);
	u64 pages = PAGES_PER_SMMU * m->smmu_count +
		    PAGES_PER_STREAMS * DIV_ROUND_UP(streams, 256);
	u64 bytes = hypiommu_module_size(
		m->smmu_count, m->domains, streams,
		m->mc_count ? streams + m->firmware_count : 0);
	struct fill f = { .m = m, .max = m->stream_count };
	int err = bytes ? give(&m->instance, bytes) : -EINVAL;

	if (!err)
		err = give(&m->tables, roundup_pow_of_two(pages) << PAGE_SHIFT);
	if (!err)
		err = give(&m->streams, streams * sizeof(*f.streams));
	if (err)
		return err;
	f.streams = __va(m->streams.base);
	m->stream_count = 0;
	return machine_for_each_stream(fill_stream, &f);
}

static int describe(struct hypiommu_machine *m)
{
	struct fill counting = { .m = m };
	int err;

	m->version = HYPIOMMU_MACHINE_VERSION;
	m->cpus = nr_cpu_ids;
	m->domains = HYPIOMMU_MACHINE_DOMAINS;
	err = fill_registers(m);
	if (!err)
		err = machine_for_each_stream(fill_stream, &counting);
	if (!err && m->mc_count)
		err = machine_for_each_firmware(fill_firmware, m);
	if (!err)
		err = machine_for_each_doorbell(fill_doorbell, m);
	if (!err)
		err = walk_system_ram_range(0, PHYS_PFN(PHYS_MASK), m,
					    fill_ram);
	return err ? err : fill_memory(m);
}

/* ------------------------------------------------------------- the take-over
 */

static int take_over(void)
{
	struct kvm_hyp_memcache none;
	int hvc, err;

	err = pkvm_load_el2_module(kvm_nvhe_sym(hypiommu_module_init), &token);
	if (err)
		return err;
	hvc = pkvm_register_el2_mod_call(kvm_nvhe_sym(hypiommu_module_call),
					 token);
	if (hvc < 0)
		return hvc;
	hypiommu_module_hvc = hvc;
	err = describe(&kvm_nvhe_sym(hypiommu_machine));
	if (err)
		return err;
	for (unsigned int i = 0; i < machine_smmu_count; i++) {
		struct kvm_power_domain *pd =
			&kvm_nvhe_sym(hypiommu_iommus)[i].power_domain;

		pd->type = KVM_POWER_DOMAIN_HOST_HVC;
		pd->device_id = i;
	}
	/* Identity domains do not exist: no pages for them. */
	init_hyp_memcache(&none);
	return kvm_iommu_init_hyp(ksym_ref_addr_nvhe(hypiommu_ops), &none);
}

/* All of them, whoever has them: their registers are this kernel's still, or
 * this kernel's again. */
static void block_all(void)
{
	for (unsigned int i = 0; i < machine_smmu_count; i++) {
		struct platform_device *pdev =
			of_find_device_by_node(machine_smmus[i].node);
		struct hypiommu_smmu smmu = { .reg = machine_smmus[i].reg[0] };

		if (!pdev)
			panic("hypiommu: %pOF does not stop DMA\n",
			      machine_smmus[i].node);
		smmu.dev = &pdev->dev;
		hypiommu_module_kind->block(&smmu);
		put_device(&pdev->dev);
	}
}

static bool others_bound(void)
{
	for (unsigned int i = 0; i < machine_smmu_count; i++) {
		struct platform_device *pdev =
			of_find_device_by_node(machine_smmus[i].node);
		bool ours = pdev &&
			    pdev->dev.driver == &hypiommu_module_driver->driver;

		if (pdev)
			put_device(&pdev->dev);
		if (!ours)
			return true;
	}
	return false;
}

/* The core's call, and the last moment: an error here leaves pKVM running and
 * devices unprotected, so it does not get there. */
static int init_driver(void)
{
	int err = take_over();

	if (err) {
		block_all();
		panic("hypiommu: devices would do DMA unprotected: %d\n", err);
	}
	taken = true;
	pr_info("EL2 owns %u SMMUs with %u streams, all blocked\n",
		machine_smmu_count,
		kvm_nvhe_sym(hypiommu_machine).stream_count);
	return hypiommu_offer_all();
}

static void remove_driver(void)
{
}

static pkvm_handle_t iommu_id(struct device_node *np)
{
	for (unsigned int i = 0; i < machine_smmu_count; i++) {
		if (machine_smmus[i].node == np)
			return i;
	}
	return machine_smmu_count; /* nobody's */
}

static struct kvm_iommu_driver driver = {
	.init_driver = init_driver,
	.remove_driver = remove_driver,
	.get_iommu_id_by_of = iommu_id,
};

/* Bound before anything else can happen to them: so no other driver is. */
static int __init start(void)
{
	const char *why = NULL;
	int err = machine_find_smmus();

	if (err)
		return err;
	if (!machine_smmu_count)
		return -ENODEV;
	err = platform_driver_register(hypiommu_module_driver);
	if (err)
		why = "cannot bind the SMMUs";
	else if (!is_protected_kvm_enabled())
		why = "no protected KVM";
	else if (system_state >= SYSTEM_RUNNING)
		why = "loaded late: name it in kvm-arm.protected_modules";
	else if (others_bound())
		why = "another driver has an SMMU";
	else if (kvm_iommu_register_driver(&driver))
		why = "another IOMMU driver is registered with pKVM";
	if (!why)
		return 0;
	pr_err("%s: all DMA is blocked\n", why);
	block_all();
	return 0; /* stays: so do the SMMUs */
}
module_init(start);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("libhypiommu: SMMUs owned by pKVM");
