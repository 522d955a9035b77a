// SPDX-License-Identifier: GPL-2.0-only
/* What the core does of a hypercall: its checks, the driver, the rest. */
#include <errno.h>
#include <string.h>

#include "mock.h"

#define DOMAINS 64

static struct kvm_hyp_iommu_domain domains[DOMAINS];

void mock_boot(void)
{
	static struct machine_config config;
	struct hypiommu_machine *m = &hypiommu_machine;
	struct user_pt_regs regs = { 0 };

	bed_config(&config);
	config.ram_size = MOCK_RAM;
	config.limits.smmus = 0; /* no library of the machine's own */
	config.no_judge = true;
	mock_machine = machine_create(&config);
	check(mock_machine && !mock_machine->h);
	machine_current = mock_machine;
	machine_on_step(mock_machine, mock_on_step, NULL);

	check(!hypiommu_module_init(&mock_ops));
	m->version = HYPIOMMU_MACHINE_VERSION;
	m->cpus = 4;
	m->domains = 16;
	m->ram_count = 2;
	m->ram[0].base = RAM;
	m->ram[0].size = MOCK_BLOCK;
	m->ram[1].base = RAM + MOCK_BLOCK;
	m->ram[1].size = MOCK_RAM - MOCK_BLOCK;
	m->doorbell_count = 1;
	m->doorbell[0].base = config.doorbell;
	m->doorbell[0].size = PAGE;
	m->streams.base = RAM + 31 * MiB;
	m->streams.size = PAGE;
	bed_describe(m, sim_mem_ptr(mock_machine->mem, m->streams.base));
	regs.regs[1] = HYPIOMMU_MODULE_SIZE;
	regs.regs[2] = m->smmu_count;
	regs.regs[3] = m->domains;
	regs.regs[4] = m->stream_count;
	regs.regs[5] = m->mc_count ? m->stream_count + m->firmware_count : 0;
	hypiommu_module_call(&regs);
	check(!regs.regs[1] && regs.regs[2] < 4 * MiB);
	m->instance.base = RAM + 24 * MiB;
	m->instance.size = (regs.regs[2] + PAGE - 1) & ~(PAGE - 1);
	m->tables.base = RAM + 28 * MiB;
	m->tables.size = MiB;
}

int mock_take_over(void)
{
	int err;

	mock_taking_over = true;
	err = hypiommu_ops.init();
	mock_taking_over = false;
	return err;
}

static struct kvm_hyp_iommu_domain *domain_of(pkvm_handle_t id)
{
	return &domains[id % DOMAINS];
}

int mock_alloc_domain(pkvm_handle_t id, int type)
{
	struct kvm_hyp_iommu_domain *d = domain_of(id);
	int err;

	if (d->refs.counter)
		return -EINVAL;
	do {
		d->domain_id = id;
		err = hypiommu_ops.alloc_domain(d, type);
	} while (err == -ENOMEM && mock_top_up());
	if (!err)
		d->refs.counter = 1;
	return err;
}

int mock_free_domain(pkvm_handle_t id)
{
	struct kvm_hyp_iommu_domain *d = domain_of(id);

	if (d->refs.counter != 1)
		return -EINVAL;
	hypiommu_ops.free_domain(d);
	memset(d, 0, sizeof(*d));
	mock_look();
	return 0;
}

int mock_attach(unsigned int device, pkvm_handle_t domain)
{
	struct kvm_hyp_iommu_domain *d = domain_of(domain);
	struct kvm_hyp_iommu *iommu;
	uint32_t smmu, sid;
	int err;

	bed_stream(device, &smmu, &sid);
	iommu = hypiommu_ops.get_iommu_by_id(smmu);
	if (!iommu || !d->refs.counter)
		return -EINVAL;
	do {
		err = hypiommu_ops.attach_dev(iommu, d, sid, 0, 0, 0);
	} while (err == -ENOMEM && mock_top_up());
	if (!err)
		d->refs.counter++;
	mock_look();
	return err;
}

int mock_detach(unsigned int device, pkvm_handle_t domain)
{
	struct kvm_hyp_iommu_domain *d = domain_of(domain);
	struct kvm_hyp_iommu *iommu;
	uint32_t smmu, sid;
	int err;

	bed_stream(device, &smmu, &sid);
	iommu = hypiommu_ops.get_iommu_by_id(smmu);
	if (!iommu || d->refs.counter <= 1)
		return -EINVAL;
	err = hypiommu_ops.detach_dev(iommu, d, sid, 0);
	if (!err)
		d->refs.counter--;
	mock_look();
	return err;
}

/* The arithmetic is the core's: it asks nothing of pgsize, and a division by 0
 * is 0 there. */
uint64_t mock_map_pages(pkvm_handle_t domain, uint64_t iova, uint64_t pa,
			uint64_t pgsize, uint64_t pgcount, int prot)
{
	struct kvm_hyp_iommu_domain *d = domain_of(domain);
	size_t mapped = 0;

	if (!d->refs.counter || mock_use_dma(pa, pgsize * pgcount))
		return 0;
	hypiommu_ops.map_pages(d, iova, pa, pgsize, pgcount, prot, &mapped);
	check(mapped <= pgsize * pgcount);
	pgcount -= pgsize ? mapped / pgsize : 0;
	if (pgcount)
		mock_ops.pkvm_unuse_dma(pa + mapped, pgcount * pgsize);
	mock_look();
	return mapped;
}

uint64_t mock_map_once(pkvm_handle_t domain, uint64_t iova, uint64_t pa,
		       uint64_t size, int prot)
{
	return mock_map_pages(domain, iova, pa, PAGE, size / PAGE, prot);
}

uint64_t mock_map(pkvm_handle_t domain, uint64_t iova, uint64_t pa,
		  uint64_t size)
{
	const int prot = 3; /* IOMMU_READ | IOMMU_WRITE */
	uint64_t done = 0, one;

	do {
		one = mock_map_once(domain, iova + done, pa + done, size - done,
				    prot);
		done += one;
	} while (done < size && (mock_top_up() || one));
	return done;
}

uint64_t mock_unmap(pkvm_handle_t domain, uint64_t iova, uint64_t size)
{
	struct kvm_hyp_iommu_domain *d = domain_of(domain);
	uint64_t done = 0, one;

	if (!d->refs.counter)
		return 0;
	do {
		one = hypiommu_ops.unmap_pages(d, iova + done, PAGE,
					       (size - done) / PAGE, NULL);
		hypiommu_ops.iotlb_sync(d, NULL);
		check(one <= size - done);
		done += one;
	} while (done < size && (mock_top_up() || one));
	mock_look();
	return done;
}

uint64_t mock_iova_to_phys(pkvm_handle_t domain, uint64_t iova)
{
	return hypiommu_ops.iova_to_phys(domain_of(domain), iova);
}

int mock_power(unsigned int smmu, bool on)
{
	struct kvm_hyp_iommu *iommu = hypiommu_ops.get_iommu_by_id(smmu);
	int err = on ? hypiommu_ops.resume(iommu) : hypiommu_ops.suspend(iommu);

	if (!err)
		iommu->power_is_off = !on;
	mock_look();
	return err;
}

void mock_psci(enum pkvm_psci_notification what)
{
	struct user_pt_regs regs = { 0 };

	mock_taking_over = true;
	if (mock_notify)
		mock_notify(what, &regs);
	mock_taking_over = false;
}

void mock_sleep(enum pkvm_psci_notification how)
{
	mock_psci(how);
	mock_watch = false; /* out of reset hardware is as hardware is */
	bed_power_lost();
	mock_psci(PKVM_PSCI_CPU_ENTRY);
	mock_watch = true;
}

bool mock_abort(uint64_t pa, uint64_t esr, struct user_pt_regs *regs)
{
	check(mock_is_taken(pa));
	return hypiommu_ops.dabt_handler(regs, esr, pa);
}

uint32_t mock_host_read(uint64_t pa)
{
	struct user_pt_regs regs = { .regs[5] = ~0ull };

	check(mock_abort(pa, MOCK_ESR(2, 5), &regs));
	check(regs.regs[5] <= ~0u);
	return (uint32_t)regs.regs[5];
}

void mock_host_write(uint64_t pa, uint32_t val)
{
	struct user_pt_regs regs = { .regs[5] = val };

	check(mock_abort(pa, MOCK_ESR(2, 5) | MOCK_ESR_WRITE, &regs));
}
