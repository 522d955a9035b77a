// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's start. Loading only checks what the core offers; the take-over
 * is the core's call of ops->init, while the host is still trusted, and ends
 * with every stream aborting. An error there leaves what was reached stopped;
 * the EL1 half stops the rest and the machine (host.c).
 */
#include "module.h"

const struct pkvm_module_ops *hypiommu_pkvm;
struct hypiommu_machine hypiommu_machine;
struct kvm_hyp_iommu hypiommu_iommus[HYPIOMMU_MACHINE_SMMUS];
struct hypiommu_shape hypiommu_shapes[HYPIOMMU_MACHINE_SMMUS];
struct hypiommu *hypiommu_instance;

/* The kernel's entry point of the EL2 half (pkvm_load_el2_module()). */
int hypiommu_module_init(const struct pkvm_module_ops *ops)
{
	if (!ops || !ops->create_private_mapping || !ops->host_donate_hyp ||
	    !ops->flush_dcache_to_poc || !ops->memcpy || !ops->memset ||
	    !ops->hyp_pa || !ops->hyp_va || !ops->iommu_donate_pages ||
	    !ops->iommu_reclaim_pages || !ops->iommu_init_device ||
	    !ops->pkvm_unuse_dma || !ops->hyp_smp_processor_id ||
	    !ops->register_psci_notifier)
		return -EOPNOTSUPP;
	hypiommu_pkvm = ops;
	return 0;
}

/* --------------------------------------------------------------- registers */

static int check_machine(void)
{
	const struct hypiommu_machine *m = &hypiommu_machine;

	if (m->version != HYPIOMMU_MACHINE_VERSION || !m->smmu_count ||
	    m->smmu_count > HYPIOMMU_MACHINE_SMMUS || !m->cpus ||
	    m->cpus > HYPIOMMU_MACHINE_CPUS ||
	    m->domains > HYPIOMMU_MACHINE_DOMAINS ||
	    m->ram_count > HYPIOMMU_MACHINE_RAM ||
	    m->doorbell_count > HYPIOMMU_MACHINE_DOORBELLS ||
	    m->mc_count > HYPIOMMU_MACHINE_MC ||
	    m->firmware_count > HYPIOMMU_MACHINE_FIRMWARE ||
	    m->stream_count >
		    m->streams.size / sizeof(struct hypiommu_machine_stream))
		return -EINVAL;
	for (u32 i = 0; i < m->smmu_count; i++) {
		if (!m->smmu[i].frames ||
		    m->smmu[i].frames > hypiommu_kind.frames)
			return -EINVAL;
	}
	return 0;
}

u32 hypiommu_smmu_windows[HYPIOMMU_MACHINE_SMMUS][2];
u32 hypiommu_mc_windows[HYPIOMMU_MACHINE_MC];

/* The first error of several steps that are all taken. */
static void first(int *err, int one)
{
	if (!*err)
		*err = one;
}

static int stop_smmu(u32 smmu)
{
	const struct hypiommu_machine_smmu *s = &hypiommu_machine.smmu[smmu];
	int err = 0;

	for (u32 k = 0; k < s->frames; k++)
		first(&err,
		      hypiommu_window_map(&s->frame[k],
					  &hypiommu_smmu_windows[smmu][k]));
	return err ? err : hypiommu_kind.stop_smmu(smmu);
}

/* Before anything else: so all of it that can be reached has stopped, whatever
 * fails there or after. */
static int stop_all(void)
{
	const struct hypiommu_machine *m = &hypiommu_machine;
	int err = 0, mc = 0;

	for (u32 i = 0; i < m->smmu_count; i++)
		first(&err, stop_smmu(i));
	for (u32 i = 0; i < m->mc_count; i++)
		first(&mc,
		      hypiommu_window_map(&m->mc[i], &hypiommu_mc_windows[i]));
	if (!mc && m->mc_count)
		mc = hypiommu_kind.stop_mc();
	first(&err, mc);
	return err;
}

static int take_frames(void)
{
	const struct hypiommu_machine *m = &hypiommu_machine;
	int err = 0;

	for (u32 i = 0; i < m->smmu_count; i++) {
		for (u32 k = 0; !err && k < m->smmu[i].frames; k++)
			err = hypiommu_window_take(hypiommu_smmu_windows[i][k]);
	}
	for (u32 i = 0; !err && i < m->mc_count; i++)
		err = hypiommu_window_take(hypiommu_mc_windows[i]);
	return err;
}

/* -------------------------------------------------------------- the library */

static int donate(const struct hypiommu_machine_range *r)
{
	if (!r->size || (r->base | r->size) & (HYPIOMMU_PAGE_SIZE - 1))
		return -EINVAL;
	return hypiommu_pkvm->host_donate_hyp(r->base >> HYPIOMMU_PAGE_SHIFT,
					      r->size >> HYPIOMMU_PAGE_SHIFT,
					      false);
}

static int donate_memory(void)
{
	int err = donate(&hypiommu_machine.instance);

	if (!err)
		err = donate(&hypiommu_machine.tables);
	if (!err)
		err = donate(&hypiommu_machine.streams);
	return err;
}

const struct hypiommu_machine_stream *hypiommu_streams(void)
{
	return hypiommu_pkvm->hyp_va(hypiommu_machine.streams.base);
}

static int create(struct hypiommu **h)
{
	const struct hypiommu_machine *m = &hypiommu_machine;
	const struct hypiommu_config config = {
		.limits = {
			.smmus = m->smmu_count,
			.domains = m->domains,
			.streams = m->stream_count ? m->stream_count : 1,
			.clients = m->mc_count ? m->stream_count +
						 m->firmware_count : 0,
			.regions = 1,
			.frames = HYPIOMMU_MACHINE_FRAMES,
		},
		.phys_to_virt = (u64)(unsigned long)hypiommu_pkvm->hyp_va(
					m->tables.base) - m->tables.base,
		.mmio = &hypiommu_module_mmio,
		.owner = &hypiommu_module_owner,
		.tables = &hypiommu_module_tables,
	};

	hypiommu_tables_init(&m->tables);
	return hypiommu_create(hypiommu_pkvm->hyp_va(m->instance.base),
			       (size_t)m->instance.size, &config, h);
}

static int add_streams(struct hypiommu *h)
{
	const struct hypiommu_machine_stream *s = hypiommu_streams();

	for (u32 i = 0; i < hypiommu_machine.stream_count; i++) {
		int err = hypiommu_add_stream(h, s[i].smmu, s[i].sid,
					      HYPIOMMU_HOST);

		/* Two devices on one stream, or two clients. */
		if (err && err != HYPIOMMU_E_EXIST)
			return err;
	}
	return HYPIOMMU_OK;
}

static int free_domain(struct hypiommu *h, u64 domain)
{
	int err;

	do {
		struct hypiommu_regs r = { .x = { HYPIOMMU_HC_DOMAIN_FREE,
						  domain } };

		hypiommu_hcall(h, HYPIOMMU_HOST, &r);
		err = (int)r.x[0];
	} while (err == HYPIOMMU_E_AGAIN);
	return err;
}

/* Stage 1 if the hardware has it: asked for by a domain that is given back. */
static int probe_domain(struct hypiommu *h, u32 smmu)
{
	int err = HYPIOMMU_E_UNSUPPORTED;

	for (u64 stage = 1; stage <= 2 && err == HYPIOMMU_E_UNSUPPORTED;
	     stage++) {
		struct hypiommu_regs r = { .x = { HYPIOMMU_HC_DOMAIN_ALLOC,
						  smmu, stage } };

		hypiommu_hcall(h, HYPIOMMU_HOST, &r);
		err = (int)r.x[0];
		if (err)
			continue;
		hypiommu_shapes[smmu] =
			(struct hypiommu_shape){ stage, r.x[2], r.x[4] };
		err = free_domain(h, r.x[1]);
	}
	return err;
}

static int start_library(struct hypiommu **h)
{
	u32 count = hypiommu_machine.smmu_count;
	int err = create(h);

	for (u32 i = 0; !err && i < count; i++)
		err = hypiommu_kind.add(*h, i);
	if (!err)
		err = add_streams(*h);
	if (!err)
		err = hypiommu_kind.add_clients(*h);
	if (!err)
		err = hypiommu_finalise(*h);
	for (u32 i = 0; !err && i < count; i++)
		err = probe_domain(*h, i);
	return hypiommu_errno(err);
}

int hypiommu_take_over(void)
{
	struct hypiommu *h = NULL;
	int err;

	if (!hypiommu_pkvm || hypiommu_instance)
		return -EBUSY;
	err = check_machine();
	if (!err)
		err = stop_all();
	if (!err)
		err = take_frames();
	if (!err)
		err = donate_memory();
	if (!err)
		err = start_library(&h);
	for (u32 i = 0; !err && i < hypiommu_machine.smmu_count; i++)
		err = hypiommu_pkvm->iommu_init_device(&hypiommu_iommus[i]);
	if (!err && hypiommu_kind.cpu_entry)
		err = hypiommu_sleep_init();
	if (!err)
		hypiommu_instance = h;
	return err;
}
