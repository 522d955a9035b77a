// SPDX-License-Identifier: GPL-2.0-only
/* The core tells of the host's power management: what the machine forgot while
 * it slept is told by the kind's registers. */
#include "module.h"

static void on_psci(enum pkvm_psci_notification what, struct user_pt_regs *regs)
{
	(void)regs;
	if (what == PKVM_PSCI_CPU_ENTRY && hypiommu_instance)
		hypiommu_kind.cpu_entry(hypiommu_instance);
}

int hypiommu_sleep_init(void)
{
	return hypiommu_pkvm->register_psci_notifier(on_psci);
}
