// SPDX-License-Identifier: GPL-2.0-only
/*
 * The port to Linux: both halves, unchanged. From the take-over on the observer
 * looks at every step: a device reaches pages of the host that are pinned for
 * it, and nothing else.
 */
#include <stdio.h>
#include <unistd.h>

#include "test.h"

#include "../../ports/pkvm/el2/hypiommu_el2.h"

struct machine *mock_machine;
static bool watch;
static unsigned int stride = 1;

_Noreturn void mock_fail(const char *file, int line, const char *what)
{
	kernel_tell();
	printf("# %s:%d: %s\n", file, line, what);
	fflush(NULL);
	_exit(1);
}

/* ----------------------------------------------------------- the observer */

static void reached(const struct bed_reach *r)
{
	check(!r->bypass);
	for (u64 at = r->pa; at < r->pa + r->size; at += PAGE_SIZE) {
		u32 dma = hypiommu_dma_word(at);

		if (at == mock_machine->config.doorbell)
			continue;
		check(stand_owner(at) == STAND_HOST);
		check(dma && !(dma & HYPIOMMU_DMA_BARRED));
	}
}

void mock_look(void)
{
	if (mock_machine->stats.violations)
		mock_fail("hardware", 0, mock_machine->violation);
	mock_machine->checking = true; /* looking takes no locks */
	bed_for_each_reach(reached);
	mock_machine->checking = false;
}

static void on_step(struct machine *m, enum machine_step step, void *ctx)
{
	(void)ctx;
	/* Under valgrind it looks after calls only. */
	if (watch && step != MACHINE_STEP_MMIO_READ &&
	    !(m->stats.steps % stride) && !getenv("HYPIOMMU_CHECK_CALLS"))
		mock_look();
}

void watch_from_now(bool on)
{
	watch = on;
	if (on)
		mock_look();
}

/* -------------------------------------------------------------- the machine */

void boot(void)
{
	static struct machine_config config;

	bed_config(&config);
	config.ram_size = STAND_RAM;
	config.limits.smmus = 0; /* no library of the machine's own */
	config.no_judge = true;
	mock_machine = machine_create(&config);
	check(mock_machine && !mock_machine->h);
	machine_current = mock_machine;
	machine_on_step(mock_machine, on_step, NULL);
	tree_load(stand_tree);
	stand_bind();
	stand_trusted = true;
	check(hypiommu_owner_init() == 0);
}

void start(void)
{
	boot();
	check(hypiommu_takeover() == 0);
	stand_trusted = false;
	watch_from_now(true);
	all_blocked();
	check(hypiommu_offer_all() == 0);
	check(kernel_late() == 0);
	for (unsigned int i = 0; i < stand_smmu_count; i++)
		check(kernel_said("through hypercalls") &&
		      !kernel_said("no front-end"));
}

/* ------------------------------------------------------- what tests ask of it
 */

u32 pins(u64 pa)
{
	return hypiommu_dma_word(pa) & ~HYPIOMMU_DMA_BARRED;
}

static int guest(u64 fn, u64 pa)
{
	u64 x[6] = { fn, pa >> PAGE_SHIFT, 1 };
	s64 status = hypiommu_call(x);

	check(status <= 0);
	return status == HYPIOMMU_E_BUSY ? -EBUSY : status ? -EPERM : 0;
}

int stand_give(u64 pa)
{
	return guest(HYPIOMMU_PKVM_TEST_GUEST_DONATE, pa);
}

int stand_return(u64 pa)
{
	return guest(HYPIOMMU_PKVM_TEST_GUEST_RETURN, pa);
}

void stand_cpu_entry(void)
{
	hypiommu_psci_entry();
}

bool stand_taken(u64 pa)
{
	return hypiommu_window_contains(pa);
}

const u64 stand_firmware = RAM + STAND_RAM - PAGE_SIZE;

const struct test tests[] = { TESTS_OF_FRONTEND(TEST) TESTS_OF_LINUX(TEST) };
const unsigned int test_count = ARRAY_SIZE(tests);
