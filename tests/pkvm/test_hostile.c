// SPDX-License-Identifier: GPL-2.0-only
/* A hostile host, hardware that fails, memory that is short. */
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "../../ports/pkvm/el2/hypiommu_el2.h"

/* ---------------------------------------------------------------- registers */

void test_registers(void)
{
	const u64 page = BUF;

	attach_all();
	check(map_pieces(domains[0], IOVA, &page, 1) == 0);
	bed_test_registers();
	check(reaches(0, IOVA) && !reaches(1, IOVA));
}

/* A page that EL2 has taken: the SMMU's, whose first registers may be read on
 * an SMMUv3. */
static u64 frame(void)
{
	return stand_smmus[0].reg[0].start;
}

/* Sizes; and what the syndrome does not tell, or is no load or store. */
void test_accesses(void)
{
	struct user_pt_regs r = { .sp = 3 };
	u64 elr;

	start();
	for (unsigned int sas = 0; sas < 4; sas++) {
		r.regs[5] = ~0ull;
		elr = hyp_sysreg_el2[SYS_ELR];
		check(stand_abort(frame() + 0x1000, STAND_ESR(sas, 5), &r));
		check(r.regs[5] == 0 && hyp_sysreg_el2[SYS_ELR] == elr + 4);
	}
	check(!stand_abort(BUF, STAND_ESR(2, 5), &r));
	check(!stand_abort(0x09000000, STAND_ESR(2, 5), &r)); /* a UART */
}

/* Register 31 is no register: a store of zero, a load that is thrown away. */
void test_xzr(void)
{
	struct user_pt_regs r = { .regs[30] = 2, .sp = 0x1234567 }, kept = r;
	struct device_node *mc;
	struct resource block;

	start();
	check(stand_abort(frame(), STAND_ESR(2, 31), &r));
	check(stand_abort(frame(), STAND_ESR(2, 31) | STAND_ESR_WRITE, &r));
	check(!memcmp(&r, &kept, sizeof(r)));
	mc = of_find_compatible_node(NULL, NULL, "nvidia,tegra234-mc");
	if (!mc)
		return;
	/* A store that passes: of the broadcast block's interrupt mask. */
	check(of_address_to_resource(mc, 0, &block) == 0);
	bed_write(block.start + 4, 4, 7);
	check(stand_abort(block.start + 4, STAND_ESR(2, 31) | STAND_ESR_WRITE,
			  &r));
	check(bed_read(block.start + 4, 4) == 0 &&
	      !memcmp(&r, &kept, sizeof(r)));
}

/* What cannot be emulated is an external abort of the host's, at the vector of
 * who did it. */
void test_aborts(void)
{
	static const struct {
		u64 spsr, vector, ec;
	} from[] = {
		{ 0x3c5, 0x200, 0x25 }, /* EL1h */
		{ 0x3c4, 0x000, 0x25 }, /* EL1t */
		{ 0x3c0, 0x400, 0x24 }, /* EL0 */
		{ 0x010, 0x600, 0x24 }, /* AArch32 */
	};
	struct user_pt_regs r = { .regs[5] = 77 };
	const u64 odd[] = { STAND_ESR(2, 5) & ~(1ull << 24), /* ISV */
			    STAND_ESR(2, 5) | 1 << 7,	     /* S1PTW */
			    STAND_ESR(2, 5) | 1 << 8 };	     /* CM */

	start();
	for (unsigned int i = 0; i < 4; i++) {
		for (unsigned int k = 0; k < ARRAY_SIZE(odd); k++) {
			hyp_sysreg_el2[SYS_SPSR] = from[i].spsr;
			hyp_sysreg_el2[SYS_ELR] = 0x8000;
			hyp_sysreg_el1[SYS_VBAR] = 0x10000;
			check(stand_abort(frame(), odd[k], &r));
			check(r.regs[5] == 77);
			check(hyp_sysreg_el1[SYS_ELR] == 0x8000);
			check(hyp_sysreg_el1[SYS_FAR] == frame());
			check(hyp_sysreg_el1[SYS_SPSR] == from[i].spsr);
			check(hyp_sysreg_el1[SYS_ESR] >> 26 == from[i].ec);
			check((hyp_sysreg_el1[SYS_ESR] & 0x3f) == 0x10);
			check(hyp_sysreg_el2[SYS_ELR] ==
			      0x10000 + from[i].vector);
			check((hyp_sysreg_el2[SYS_SPSR] & 0x3cf) == 0x3c5);
		}
	}
}

/* ---------------------------------------------------------------- ownership */

static s64 port_call(u64 fn, u64 a, u64 b)
{
	u64 x[6] = { fn, a, b };

	return hypiommu_call(x);
}

/* In the middle of a list: none of the list stays mapped. */
void test_foreign_pages(void)
{
	const u64 foreign[] = {
		BUF + 0x9000,		     /* a guest's */
		RAM + STAND_RAM - PAGE_SIZE, /* not the host's to map */
		RAM + STAND_RAM,	     /* no memory */
		0x09000000,		     /* a UART's */
	};
	u64 pages[5];
	u64 pfn = (BUF + 0x9000) >> PAGE_SHIFT;
	size_t mapped;

	attach_all();
	check(port_call(HYPIOMMU_PKVM_TEST_GUEST_DONATE, pfn, 1) == 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(foreign); i++) {
		for (unsigned int k = 0; k < 5; k++)
			pages[k] = BUF + k * 2 * PAGE_SIZE;
		for (unsigned int at = 0; at < 5; at++) {
			u64 kept = pages[at];

			pages[at] = foreign[i];
			check(map_pieces(domains[0], IOVA, pages, 5) == -EPERM);
			pages[at] = kept;
			check(!reaches(0, IOVA) && !pins(BUF));
		}
	}
	/* The same in one piece: the pages before it are not pinned, either. */
	check(domains[0]->ops->map_pages(domains[0], IOVA, BUF + 4 * PAGE_SIZE,
					 PAGE_SIZE, 9, 3, GFP_KERNEL,
					 &mapped) == 0);
	check(domains[0]->ops->iotlb_sync_map(domains[0], IOVA,
					      9 * PAGE_SIZE) == -EPERM);
	for (unsigned int i = 0; i < 9; i++)
		check(!pins(BUF + i * PAGE_SIZE));
	check(map_pieces(domains[0], IOVA, &stand_smmus[0].reg[0].start, 1) ==
	      -EPERM);
	check(map_pieces(domains[0], IOVA, &mock_machine->config.doorbell, 1) ==
	      0);
	check(unmap(domains[0], IOVA, PAGE_SIZE) == PAGE_SIZE);
	check(port_call(HYPIOMMU_PKVM_TEST_GUEST_RETURN, pfn, 1) == 0);
	check(map_pieces(domains[0], IOVA, foreign, 1) == 0);
}

/* A request of which the second piece is refused before the first has been
 * mapped: undoing it leaves nothing behind. */
void test_undone(void)
{
	const struct iommu_domain_ops *ops;
	const u64 page = BUF;
	size_t mapped;

	attach_all();
	ops = domains[0]->ops;
	check(ops->map_pages(domains[0], IOVA, BUF, PAGE_SIZE, 1, 3, GFP_KERNEL,
			     &mapped) == 0);
	check(ops->map_pages(domains[0], IOVA + PAGE_SIZE, BUF, PAGE_SIZE,
			     STAND_RAM / PAGE_SIZE, 3, GFP_KERNEL,
			     &mapped) != 0);
	unmap(domains[0], IOVA, PAGE_SIZE + mapped);
	check(!pins(BUF) && !reaches(0, IOVA));
	check(map_pieces(domains[0], IOVA + SZ_2M, &page, 1) == 0);
	check(pins(BUF) == 1 && !reaches(0, IOVA));
}

/* Nobody is given a page that a device reaches. */
void test_pinned_pages(void)
{
	u64 pfn = BUF >> PAGE_SHIFT;
	const u64 pages[2] = { BUF, BUF };

	attach_all();
	check(map_pieces(domains[0], IOVA, pages, 2) == 0 && pins(BUF) == 2);
	for (u32 left = 2; left; left--) {
		check(port_call(HYPIOMMU_PKVM_TEST_GUEST_DONATE, pfn, 1) ==
		      HYPIOMMU_E_BUSY);
		check(port_call(HYPIOMMU_PKVM_TEST_HYP_DONATE, pfn - 1, 3) ==
		      HYPIOMMU_E_BUSY);
		check(port_call(HYPIOMMU_HC_MEM_TOPUP, BUF, 1) ==
		      HYPIOMMU_E_BUSY);
		check(unmap(domains[0], IOVA + (left - 1) * PAGE_SIZE,
			    PAGE_SIZE) == PAGE_SIZE);
	}
	check(port_call(HYPIOMMU_PKVM_TEST_GUEST_DONATE, pfn, 1) == 0);
	check(port_call(HYPIOMMU_PKVM_TEST_GUEST_DONATE, pfn, 1) ==
	      HYPIOMMU_E_PERM);
	mock_look();
}

/* Tables that cannot be had: the request fails as a whole; later it works. */
void test_no_memory(void)
{
	u64 pages[3] = { BUF, BUF + PAGE_SIZE, BUF + 2 * PAGE_SIZE };
	u64 iova = IOVA;
	int err = 0;

	attach_all();
	watch_from_now(false);
	stand_pages = 0;
	for (; !err && iova < IOVA + (256ull << 30); iova += 1ull << 30)
		err = map_pieces(domains[0], iova + SZ_2M - PAGE_SIZE, pages,
				 3);
	watch_from_now(true);
	iova -= 1ull << 30;
	check(err == -ENOMEM && iova > IOVA);
	check(pins(BUF) == (iova - IOVA) >> 30);
	check(!reaches(0, iova + SZ_2M - PAGE_SIZE));
	stand_pages = -1;
	check(map_pieces(domains[0], iova + SZ_2M - PAGE_SIZE, pages, 3) == 0);
	for (u32 i = 0; i < 3; i++)
		check(reaches(0, iova + SZ_2M + i * PAGE_SIZE - PAGE_SIZE));
}

/* ------------------------------------------------------------- bad hardware */

/* What hardware does not confirm is not done: pages stay pinned, devices stay
 * where they are or blocked, and all is said to who asked. */
void test_not_confirmed(void)
{
	const u64 page = BUF;
	struct iommu_domain *other;

	attach_all();
	other = domain_for(devices[0]);
	check(map_pieces(domains[0], IOVA, &page, 1) == 0);
	check(map_pieces(domains[1], IOVA, &page, 1) == 0);
	check(hypiommu_iommu_ops.blocked_domain->ops->attach_dev(
		      hypiommu_iommu_ops.blocked_domain, devices[1]) == 0);
	bed_stall(true);
	/* Attaching behind an SMMUv2 waits for nothing. */
	check(!domains[1]->ops->attach_dev(domains[1], devices[1]) ==
	      (stand_smmu_count > 1));
	check(unmap(domains[0], IOVA, PAGE_SIZE) == 0 && pins(BUF) == 2);
	check(other->ops->attach_dev(other, devices[0]) != 0);
	check(!reaches(0, IOVA));
	check(map_pieces(domains[0], IOVA + PAGE_SIZE, &page, 1) != 0);
	bed_stall(false);
	all_blocked();
	for (unsigned int i = 0; i < stand_smmu_count; i++)
		check(kernel_driver->driver.pm->resume_noirq(
			      &stand_smmus[i].dev) == 0);
	mock_look();
	check(other->ops->attach_dev(other, devices[0]) == 0);
	check(map_pieces(other, IOVA, &page, 1) == 0 && reaches(0, IOVA));
}

/* ----------------------------------------------------------- the take-over */

/* The trusted phase ends, and its calls with it. */
void test_setup_late(void)
{
	start();
	stand_trusted = true; /* as if pKVM let them pass */
	for (u64 op = 0; op <= HYPIOMMU_SETUP_FIRMWARE; op++) {
		u64 x[6] = { op, 1, 1, 1, 1 };

		hypiommu_hvc(KVM_HOST_SMCCC_FUNC(__hypiommu_setup), x);
		check((s64)x[0] == HYPIOMMU_E_PHASE);
	}
	all_blocked();
}

/* Any step of it fails: so does the take-over, which is a panic. */
static void without_step(unsigned int k)
{
	int err;

	boot();
	stand_fail_setup = k;
	err = hypiommu_takeover();
	if (stand_setups < k)
		_exit(err ? 1 : 2); /* there are not so many */
	check(err != 0);
	_exit(0);
}

void test_bad_setup(void)
{
	unsigned int k = 0;
	int status;

	do {
		pid_t pid = fork();

		if (!pid)
			without_step(k + 1);
		check(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
		check(WEXITSTATUS(status) != 1);
		k++;
	} while (!WEXITSTATUS(status));
	check(k > 6 && k < 200);
}

/* ------------------------------------------------------------------- random */

#define SLOTS 48u

static u32 dice(u32 n)
{
	static u32 seed = 1;

	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* What must be mapped, kept apart: page of each slot of each domain; 0: none */
static u64 slots[3][SLOTS];

static u32 mappings_of(u64 pa)
{
	u32 n = 0;

	for (u32 i = 0; i < 3 * SLOTS; i++)
		n += slots[i / SLOTS][i % SLOTS] == pa;
	return n;
}

static void map_some(u32 d)
{
	u32 first = dice(SLOTS), count = 1 + dice(SLOTS - first);
	bool room = true, owned = true;
	u64 pages[SLOTS];
	int err;

	for (u32 i = 0; i < count; i++) {
		pages[i] = BUF + dice(16) * PAGE_SIZE;
		room &= !slots[d][first + i];
		owned &= stand_owner(pages[i]) == STAND_HOST;
	}
	if (!room)
		return; /* the IOVA allocator would not */
	err = map_pieces(domains[d], IOVA + first * PAGE_SIZE, pages, count);
	check(err == (owned ? 0 : -EPERM));
	for (u32 i = 0; !err && i < count; i++)
		slots[d][first + i] = pages[i];
}

static void unmap_some(u32 d)
{
	u32 first = dice(SLOTS), count = 1 + dice(SLOTS - first), there = 0;

	while (there < count && slots[d][first + there])
		there++;
	check(unmap(domains[d], IOVA + first * PAGE_SIZE, count * PAGE_SIZE) ==
	      there * PAGE_SIZE);
	memset(&slots[d][first], 0, there * sizeof(u64));
}

static void give_some(void)
{
	u64 pa = BUF + dice(16) * PAGE_SIZE;

	if (stand_owner(pa) == STAND_GUEST)
		check(port_call(HYPIOMMU_PKVM_TEST_GUEST_RETURN,
				pa >> PAGE_SHIFT, 1) == 0);
	else
		check(port_call(HYPIOMMU_PKVM_TEST_GUEST_DONATE,
				pa >> PAGE_SHIFT,
				1) == (mappings_of(pa) ? HYPIOMMU_E_BUSY : 0));
}

void test_random(void)
{
	attach_all();
	for (u32 i = 0; i < 600; i++) {
		u32 d = dice(3), slot = dice(SLOTS);
		u64 pa = BUF + dice(16) * PAGE_SIZE;
		u64 at = IOVA + slot * PAGE_SIZE;

		switch (dice(5)) {
		case 0:
		case 1:
			map_some(d);
			break;
		case 2:
		case 3:
			unmap_some(d);
			break;
		default:
			give_some();
			break;
		}
		check(pins(pa) == mappings_of(pa));
		check(reaches(d, at) == !!slots[d][slot]);
		check(domains[d]->ops->iova_to_phys(domains[d], at) ==
		      slots[d][slot]);
	}
}
