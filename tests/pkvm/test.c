// SPDX-License-Identifier: GPL-2.0-only
/* What a kernel asks of the front-end; and the runner: each test is a process
 * and a machine. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

const char *stand_tree;

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

/* -------------------------------------------------------------- the runner */

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

int main(int argc, char **argv)
{
	bool one = argc > 2 && !strcmp(argv[2], "--one");
	int failed = 0;

	if (argc < 2)
		return 2;
	stand_tree = argv[1];
	for (unsigned int i = 0; i < test_count; i++) {
		bool ok;

		fflush(NULL);
		ok = run(tests[i].fn);
		printf("%sok %u - %s\n", ok ? "" : "not ", i + 1,
		       tests[i].name);
		failed += !ok;
		if (failed && one)
			break;
	}
	printf("1..%u\n", test_count);
	return failed != 0;
}
