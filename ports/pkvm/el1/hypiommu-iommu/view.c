// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is to be seen of an SMMU in debugfs, iommu/NAME: `counters`, and
 * `domains`, a line for each with the streams that are attached to it.
 */
#include <linux/debugfs.h>
#include <linux/iommu.h>
#include <linux/seq_file.h>

#include <hypiommu/pkvm_call.h>

#include "domain.h"

static int counters_show(struct seq_file *s, void *unused)
{
	struct hypiommu_smmu *smmu = s->private;
	u64 maps, unmaps, x[6] = { HYPIOMMU_PKVM_STATS };
	struct hypiommu_domain *d;

	mutex_lock(&smmu->lock);
	maps = smmu->past_maps;
	unmaps = smmu->past_unmaps;
	list_for_each_entry(d, &smmu->domains, node)
	{
		maps += atomic64_read(&d->maps);
		unmaps += atomic64_read(&d->unmaps);
	}
	mutex_unlock(&smmu->lock);
	seq_printf(s, "maps %llu\nunmaps %llu\ntopups %lld\nfaults %lld\n",
		   maps, unmaps, atomic64_read(&smmu->topups),
		   atomic64_read(&smmu->faults));
	seq_printf(s, "suspends %lld\nresumes %lld\n",
		   atomic64_read(&smmu->suspends),
		   atomic64_read(&smmu->resumes));
	if (!hypiommu_call(x))
		seq_printf(s,
			   "register_faults %llu\nmemory_faults %llu\n"
			   "table_pages %llu\ntable_pages_used %llu\n",
			   x[1], x[2], x[3], x[4]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counters);

static void show_streams(struct seq_file *s, struct hypiommu_master *master)
{
	struct iommu_fwspec *fwspec = dev_iommu_fwspec_get(master->dev);

	for (unsigned int i = 0; i < fwspec->num_ids; i++)
		seq_printf(s, " %s=%#x", dev_name(master->dev), fwspec->ids[i]);
}

/* Leaves: the sizes one descriptor may map, a bit each. */
static int domains_show(struct seq_file *s, void *unused)
{
	struct hypiommu_smmu *smmu = s->private;
	struct hypiommu_master *master;
	struct hypiommu_domain *d;

	seq_puts(s, "domain stage bits leaves maps unmaps bytes streams\n");
	mutex_lock(&smmu->lock);
	list_for_each_entry(d, &smmu->domains, node)
	{
		seq_printf(s, "%llu %u %u %#lx %lld %lld %lld", d->number,
			   smmu->stage, d->iova_bits, d->domain.pgsize_bitmap,
			   atomic64_read(&d->maps), atomic64_read(&d->unmaps),
			   atomic64_read(&d->bytes));
		list_for_each_entry(master, &d->masters, node)
			show_streams(s, master);
		seq_putc(s, '\n');
	}
	mutex_unlock(&smmu->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(domains);

void hypiommu_view_add(struct hypiommu_smmu *smmu)
{
	struct dentry *dir =
		debugfs_create_dir(dev_name(smmu->dev), iommu_debugfs_dir);

	debugfs_create_file("counters", 0400, dir, smmu, &counters_fops);
	debugfs_create_file("domains", 0400, dir, smmu, &domains_fops);
}
