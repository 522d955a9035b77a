// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults of the host on what is not its own. In a register window the
 * registers that only identify the hardware may be read, and a few of Tegra's
 * memory controller used; any other read gives zero and any other write does
 * nothing, so that a driver which believes it owns the hardware finds it dead.
 * What cannot be decoded, and memory, gets an external abort: the host hears of
 * its mistake, EL2 goes on.
 */
#include <asm/esr.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_hyp.h>
#include <hyp/adjust_pc.h>
#include <nvhe/mem_protect.h>
#include <nvhe/trap_handler.h>

#include "hypiommu_el2.h"
#include "trap.h"

static u64 register_faults, memory_faults;

void hypiommu_abort_stats(u64 *registers, u64 *memory)
{
	*registers = READ_ONCE(register_faults);
	*memory = READ_ONCE(memory_faults);
}

static bool may(u64 addr, const struct hypiommu_trap *t)
{
	if (hypiommu_tegra_present())
		return hypiommu_tegra_host_may(addr, t);
	return !t->write && hypiommu_trap_smmuv3_reads(
				    hypiommu_window_offset(addr), t->size);
}

static void emulate(struct kvm_cpu_context *host_ctxt, u64 addr,
		    const struct hypiommu_trap *t)
{
	bool passes = may(addr, t);

	/* 31 is XZR here: a store of zero, a load that is thrown away. */
	if (t->write && passes)
		hypiommu_window_write32(
			addr, t->reg == 31 ? 0 : cpu_reg(host_ctxt, t->reg));
	else if (!t->write && t->reg != 31)
		cpu_reg(host_ctxt, t->reg) = hypiommu_trap_loaded(
			t, passes ? hypiommu_window_read32(addr) : 0);
}

bool hypiommu_host_abort(struct kvm_cpu_context *host_ctxt, u64 esr, u64 far,
			 u64 ipa)
{
	struct hypiommu_trap t;

	if (!hypiommu_window_contains(ipa))
		return false;
	WRITE_ONCE(register_faults, READ_ONCE(register_faults) + 1);
	if (!hypiommu_trap_decode(esr, &t)) {
		hypiommu_host_inject_abort(esr, far);
		return true;
	}
	emulate(host_ctxt, ipa | offset_in_page(far), &t);
	kvm_skip_host_instr();
	return true;
}

/* What the host's vector sees (DDI 0487 D1.3.6, D24.2.40 ESR_EL1). */
static u64 host_esr(u64 esr, bool from_el0)
{
	bool data = ESR_ELx_EC(esr) == ESR_ELx_EC_DABT_LOW;
	u64 ec;

	if (data)
		ec = from_el0 ? ESR_ELx_EC_DABT_LOW : ESR_ELx_EC_DABT_CUR;
	else
		ec = from_el0 ? ESR_ELx_EC_IABT_LOW : ESR_ELx_EC_IABT_CUR;
	return ec << ESR_ELx_EC_SHIFT | (esr & ESR_ELx_IL) |
	       (data ? esr & ESR_ELx_WNR : 0) | ESR_ELx_FSC_EXTABT;
}

void hypiommu_host_inject_abort(u64 esr, u64 far)
{
	u64 spsr = read_sysreg_el2(SYS_SPSR), vector, state;
	bool from_el0 = (spsr & PSR_MODE_MASK) == PSR_MODE_EL0t;

	/* AArch32 EL0 enters through a vector of its own. */
	if (spsr & PSR_MODE32_BIT) {
		from_el0 = true;
		vector = 0x600;
	} else if (from_el0) {
		vector = 0x400;
	} else {
		vector = (spsr & PSR_MODE_MASK) == PSR_MODE_EL1t ? 0 : 0x200;
	}
	state = PSR_MODE_EL1h | PSR_D_BIT | PSR_A_BIT | PSR_I_BIT | PSR_F_BIT;
	if (cpus_have_final_cap(ARM64_HAS_PAN))
		state |= PSR_PAN_BIT;

	write_sysreg_el1(host_esr(esr, from_el0), SYS_ESR);
	write_sysreg_el1(far, SYS_FAR);
	write_sysreg_el1(spsr, SYS_SPSR);
	write_sysreg_el1(read_sysreg_el2(SYS_ELR), SYS_ELR);
	write_sysreg_el2(read_sysreg_el1(SYS_VBAR) + vector, SYS_ELR);
	write_sysreg_el2(state, SYS_SPSR);
	WRITE_ONCE(memory_faults, READ_ONCE(memory_faults) + 1);
}
