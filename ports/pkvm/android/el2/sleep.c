// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine sleeps, and wakes as firmware left it: where registers then let
 * DMA pass, EL2 must write them before the host runs. Which of the host's calls
 * ends in such a sleep is firmware's to say (a system suspend, the deepest
 * state of the last CPU), and one may fail; so it is the registers that tell,
 * whenever a CPU comes back.
 */
#include "module.h"

static void wake(void)
{
	int err = hypiommu_kind.wake(hypiommu_instance);

	/* An SMMU that fails is broken for the library, and aborts. */
	for (u32 i = 0; !err && i < hypiommu_machine.smmu_count; i++)
		(void)hypiommu_smmu_reset(hypiommu_instance, i);
	if (!err)
		return;
	for (u32 i = 0; i < hypiommu_machine.smmu_count; i++)
		(void)hypiommu_smmu_suspend(hypiommu_instance, i);
}

static void on_psci(enum pkvm_psci_notification what, struct user_pt_regs *regs)
{
	(void)regs;
	if (what == PKVM_PSCI_CPU_ENTRY && hypiommu_instance &&
	    hypiommu_kind.forgot())
		wake();
}

int hypiommu_sleep_init(void)
{
	return hypiommu_pkvm->register_psci_notifier(on_psci);
}
