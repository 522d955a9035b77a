// SPDX-License-Identifier: GPL-2.0-only
/* What is the port to Linux's own: trapped accesses, table memory, the
 * take-over; and hardware that fails. */
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static s64 port_call(u64 fn, u64 a, u64 b)
{
	u64 x[6] = { fn, a, b };

	return hypiommu_call(x);
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

/* ------------------------------------------------------------------- memory */

/* The same of the hypervisor, and of its tables. */
void test_given_away(void)
{
	u64 pfn = BUF >> PAGE_SHIFT;
	const u64 page = BUF;

	attach_all();
	check(map_pieces(domains[0], IOVA, &page, 1) == 0);
	check(port_call(HYPIOMMU_PKVM_TEST_HYP_DONATE, pfn - 1, 3) ==
	      HYPIOMMU_E_BUSY);
	check(port_call(HYPIOMMU_HC_MEM_TOPUP, BUF, 1) == HYPIOMMU_E_BUSY);
	check(unmap(domains[0], IOVA, PAGE_SIZE) == PAGE_SIZE);
	check(port_call(HYPIOMMU_HC_MEM_TOPUP, BUF, 1) == 0);
	check(map_pieces(domains[0], IOVA, &page, 1) == -EPERM);
	check(port_call(HYPIOMMU_HC_MEM_TOPUP, BUF, 1) == HYPIOMMU_E_PERM);
}

/* A piece of pages of two memory blocks; one that ends where memory does. */
void test_two_blocks(void)
{
	const u64 pa = RAM + STAND_BLOCK - 2 * PAGE_SIZE;
	const struct iommu_domain_ops *ops;
	size_t mapped;

	attach_all();
	ops = domains[0]->ops;
	check(ops->map_pages(domains[0], IOVA, pa, PAGE_SIZE, 4, 3, GFP_KERNEL,
			     &mapped) == 0);
	check(ops->iotlb_sync_map(domains[0], IOVA, 4 * PAGE_SIZE) == 0);
	for (u32 i = 0; i < 4; i++)
		check(pins(pa + i * PAGE_SIZE) == 1 &&
		      reaches(0, IOVA + i * PAGE_SIZE));
	check(unmap(domains[0], IOVA, 4 * PAGE_SIZE) == 4 * PAGE_SIZE);
	for (u32 i = 0; i < 4; i++)
		check(!pins(pa + i * PAGE_SIZE));
	check(ops->map_pages(domains[0], IOVA, stand_firmware - PAGE_SIZE,
			     PAGE_SIZE, 3, 3, GFP_KERNEL, &mapped) == 0);
	check(ops->iotlb_sync_map(domains[0], IOVA, 3 * PAGE_SIZE) == -EPERM);
	check(!pins(stand_firmware - PAGE_SIZE));
}

/* Pages for tables, given and given back: those of the take-over stay. */
void test_given_back(void)
{
	u64 x[6] = { HYPIOMMU_HC_MEM_GIVEBACK, HYPIOMMU_ANY_PAGE };
	u32 back = 0;

	attach_all();
	x[1] = BUF;
	check(hypiommu_call(x) == HYPIOMMU_E_UNSUPPORTED);
	check(port_call(HYPIOMMU_HC_MEM_TOPUP, BUF + 1, 1) == HYPIOMMU_E_INVAL);
	check(port_call(HYPIOMMU_HC_MEM_TOPUP, BUF, 0) == HYPIOMMU_E_INVAL);
	check(port_call(HYPIOMMU_HC_MEM_TOPUP, stand_firmware - PAGE_SIZE, 3) ==
	      HYPIOMMU_E_PERM);
	check(port_call(HYPIOMMU_HC_MEM_TOPUP, BUF, 5) == 0);
	check(stand_owner(BUF + 4 * PAGE_SIZE) == STAND_HYP);
	for (;; back++) {
		x[0] = HYPIOMMU_HC_MEM_GIVEBACK;
		x[1] = HYPIOMMU_ANY_PAGE;
		if (hypiommu_call(x))
			break;
		check(x[1] - BUF < 5 * PAGE_SIZE);
		check(stand_owner(x[1]) == STAND_HOST);
		check(map_pieces(domains[0], IOVA, &x[1], 1) == 0);
		check(reaches(0, IOVA));
		check(unmap(domains[0], IOVA, PAGE_SIZE) == PAGE_SIZE);
	}
	check(back > 0 && back <= 5);
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

static s64 setup(u64 op, u64 a, u64 b, u64 c, u64 d)
{
	u64 x[6] = { op, a, b, c, d };

	hypiommu_hvc(KVM_HOST_SMCCC_FUNC(__hypiommu_setup), x);
	return (s64)x[0];
}

static void odd_frames(u64 op, s64 memory)
{
	const u64 base = stand_smmus[0].reg[0].start;

	check(setup(op, base + 1, SZ_64K, 0, 0) == HYPIOMMU_E_INVAL);
	check(setup(op, 0x0a000000, 0, 0, 0) == HYPIOMMU_E_INVAL);
	check(setup(op, 0x0a000000, SZ_64K + 1, 0, 0) == HYPIOMMU_E_INVAL);
	check(setup(op, ~0ull << 12, SZ_64K, 0, 0) == HYPIOMMU_E_INVAL);
	check(setup(op, BUF, SZ_64K, 0, 0) == memory);
	check(setup(op, RAM - SZ_64K, 2 * SZ_64K, 0, 0) == memory);
	check(setup(op, base, SZ_64K, 0, 0) != 0);
	check(setup(op, base + SZ_64K - PAGE_SIZE, PAGE_SIZE, 0, 0) != 0);
}

/* What no host would say. */
static void odd_calls(void)
{
	const u64 big = 1ull << 32;
	u64 doorbells = 0;

	odd_frames(HYPIOMMU_SETUP_SMMUV3, HYPIOMMU_E_PERM);
	odd_frames(HYPIOMMU_SETUP_SMMUV2, HYPIOMMU_E_PERM);
	odd_frames(HYPIOMMU_SETUP_DOORBELL, HYPIOMMU_E_PERM);
	check(setup(HYPIOMMU_SETUP_SIZE, 1, 1, 1, 0) == HYPIOMMU_E_PHASE);
	check(setup(HYPIOMMU_SETUP_CREATE, BUF >> PAGE_SHIFT, 1,
		    (BUF >> PAGE_SHIFT) + 1, 1) == HYPIOMMU_E_PHASE);
	check(setup(HYPIOMMU_SETUP_STREAM, 99, 1, 0, 0) != 0);
	check(setup(HYPIOMMU_SETUP_STREAM, big, 1, 0, 0) == HYPIOMMU_E_INVAL);
	check(setup(HYPIOMMU_SETUP_STREAM, 0, big, 0, 0) == HYPIOMMU_E_INVAL);
	check(setup(HYPIOMMU_SETUP_CLIENT, big, 0, 1, 0) == HYPIOMMU_E_INVAL);
	check(setup(HYPIOMMU_SETUP_CLIENT, 1, big, 1, 0) == HYPIOMMU_E_INVAL);
	check(setup(HYPIOMMU_SETUP_CLIENT, 1, 0, big, 0) == HYPIOMMU_E_INVAL);
	check(setup(HYPIOMMU_SETUP_FIRMWARE, big, 0, 0, 0) == HYPIOMMU_E_INVAL);
	check(setup(HYPIOMMU_SETUP_MC, 0x0b000000, SZ_4K, 0, 0) != 0);
	check(setup(HYPIOMMU_SETUP_MC_BLOCK, 0x0b000000, SZ_4K, 0, 0) ==
	      HYPIOMMU_E_INVAL);
	check(setup(HYPIOMMU_SETUP_FIRMWARE + 1, 0, 0, 0, 0) ==
	      HYPIOMMU_E_NOSYS);
	while (!setup(HYPIOMMU_SETUP_DOORBELL,
		      0x0c000000 + doorbells * PAGE_SIZE, PAGE_SIZE, 0, 0))
		doorbells++;
	check(doorbells > 8 && doorbells < 64);
}

/* Nonsense is refused, and changes nothing. */
void test_odd_setup(void)
{
	const u64 page = BUF;

	stand_before_finalise = odd_calls;
	attach_all();
	check(!stand_before_finalise);
	check(map_pieces(domains[0], IOVA, &page, 1) == 0 && reaches(0, IOVA));
	check(map_pieces(domains[0], IOVA + PAGE_SIZE, &stand_firmware, 1) ==
	      -EPERM);
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
