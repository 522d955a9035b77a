// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both halves of the port, unchanged, on simulated hardware. From the take-over
 * on the observer looks at every step: a device reaches pages of the host that
 * are pinned for it, and nothing else. Each test is a process and a machine.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "../../ports/pkvm/el2/hypiommu_el2.h"

static const char *tree;
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
	tree_load(tree);
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

bool reaches(unsigned int device, u64 iova)
{
	char byte = 0x5a;

	return bed_dma(device, iova, true, &byte, 1) == SIM_DMA_OK;
}

void all_blocked(void)
{
	mock_look();
	for (unsigned int i = 0; i < bed_devices; i++) {
		check(!reaches(i, BUF));
		check(!reaches(i, IOVA));
	}
}

/* As the IOMMU core finds a device: its ids, then whoever has its SMMU. */
struct device *stand_device(const char *name)
{
	static struct device devices[8];
	static struct iommu_fwspec fwspecs[8];
	static unsigned int count;
	struct of_phandle_args args;
	struct device *dev = &devices[count];

	check(count < ARRAY_SIZE(devices));
	dev->name = name;
	dev->of_node = tree_find(name);
	dev->fwspec = &fwspecs[count++];
	check(dev->of_node);
	for (int i = 0; !of_parse_phandle_with_args(dev->of_node, "iommus",
						    "#iommu-cells", i, &args);
	     i++) {
		dev->fwspec->iommu_fwnode = args.np;
		check(hypiommu_iommu_ops.of_xlate(dev, &args) == 0);
	}
	check(!IS_ERR(hypiommu_iommu_ops.probe_device(dev)));
	check(hypiommu_iommu_ops.def_domain_type(dev) == IOMMU_DOMAIN_DMA);
	return dev;
}

struct iommu_domain *domain_for(struct device *dev)
{
	struct iommu_domain *d = hypiommu_iommu_ops.domain_alloc_paging(dev);

	check(!IS_ERR(d));
	d->ops = hypiommu_iommu_ops.default_domain_ops;
	return d;
}

/* As the IOMMU core maps a list: piece by piece, then it says that it is done;
 * what fails is undone. */
int map_pieces(struct iommu_domain *d, u64 iova, const u64 *pages, u32 count)
{
	size_t done = 0, one;
	int err = 0;

	for (u32 i = 0; !err && i < count; i++) {
		err = d->ops->map_pages(d, iova + done, pages[i], PAGE_SIZE, 1,
					3, GFP_ATOMIC, &one);
		done += one;
	}
	if (!err)
		err = d->ops->iotlb_sync_map(d, iova, done);
	if (err && done)
		d->ops->unmap_pages(d, iova, PAGE_SIZE, done / PAGE_SIZE, NULL);
	mock_look();
	return err;
}

size_t unmap(struct iommu_domain *d, u64 iova, u64 size)
{
	size_t done =
		d->ops->unmap_pages(d, iova, PAGE_SIZE, size / PAGE_SIZE, NULL);

	d->ops->iotlb_sync(d, NULL);
	mock_look();
	return done;
}

u32 pins(u64 pa)
{
	return hypiommu_dma_word(pa) & ~HYPIOMMU_DMA_BARRED;
}

/* ---------------------------------------------------------------- the runner
 */

static bool run(void (*fn)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		fn();
		fflush(NULL);
		_exit(0);
	}
	check(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

#define ENTRY(name) { #name, test_##name },
static const struct {
	const char *name;
	void (*fn)(void);
} tests[] = { TESTS(ENTRY) };

int main(int argc, char **argv)
{
	bool one = argc > 2 && !strcmp(argv[2], "--one");
	int failed = 0;

	if (argc < 2)
		return 2;
	tree = argv[1];
	for (unsigned int i = 0; i < ARRAY_SIZE(tests); i++) {
		bool ok;

		fflush(NULL);
		ok = run(tests[i].fn);
		printf("%sok %u - %s\n", ok ? "" : "not ", i + 1,
		       tests[i].name);
		failed += !ok;
		if (failed && one)
			break;
	}
	printf("1..%zu\n", ARRAY_SIZE(tests));
	return failed != 0;
}
