// SPDX-License-Identifier: GPL-2.0-only
/* The attacks as files; what they share. */
#include <linux/debugfs.h>
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/percpu.h>

#include "attack.h"

static DEFINE_PER_CPU(u64[6], results);

s64 call(u64 fn, u64 a, u64 b, u64 c, u64 d, u64 e)
{
	u64 x[6] = { fn, a, b, c, d, e };
	s64 status = hypiommu_call(x);

	memcpy(per_cpu(results, raw_smp_processor_id()), x, sizeof(x));
	return status;
}

u64 last_result(unsigned int i)
{
	return per_cpu(results, raw_smp_processor_id())[i];
}

struct page *page_get(void)
{
	return alloc_page(GFP_KERNEL | __GFP_ZERO);
}

s64 domain_get(void)
{
	s64 status = call(HYPIOMMU_HC_DOMAIN_ALLOC, SMMU, 1, 0, 0, 0);

	return status ? status : last_result(1);
}

void domain_put(u64 domain)
{
	while (call(HYPIOMMU_HC_DOMAIN_FREE, domain, 0, 0, 0, 0) ==
	       HYPIOMMU_E_AGAIN)
		cond_resched();
}

/* -------------------------------------------------------------- the files */

static struct dentry *dir;

static int attack_show(struct seq_file *s, void *unused)
{
	const struct attack *attack = s->private;
	const char *wrong = attack->run();

	if (wrong)
		seq_printf(s, "not ok: %s\n", wrong);
	else
		seq_puts(s, "ok\n");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(attack);

static void offer(const struct attack *attacks)
{
	for (; attacks->name; attacks++)
		debugfs_create_file(attacks->name, 0400, dir, (void *)attacks,
				    &attack_fops);
}

static int __init attack_init(void)
{
	int err = edu_init();

	if (err)
		return err;
	dir = debugfs_create_dir("hypiommu-attack", NULL);
	offer(call_attacks);
	offer(owner_attacks);
	offer(register_attacks);
	offer(dma_attacks);
	offer(random_attacks);
	offer(sleep_attacks);
	return 0;
}

static void __exit attack_exit(void)
{
	debugfs_remove(dir);
	edu_exit();
}

module_init(attack_init);
module_exit(attack_exit);
MODULE_DESCRIPTION("a hostile host under libhypiommu");
MODULE_LICENSE("GPL");
