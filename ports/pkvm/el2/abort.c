// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults of the host on what is not its own. In a register window the
 * registers that only identify the hardware may be read; any other read gives
 * zero and any other write does nothing, so that a driver which believes it
 * owns the hardware finds it dead. What cannot be decoded, and memory, gets an
 * external abort: the host hears of its mistake, EL2 goes on.
 */
#include <asm/esr.h>
#include <asm/kvm_emulate.h>
#include <asm/kvm_hyp.h>
#include <hyp/adjust_pc.h>
#include <nvhe/mem_protect.h>
#include <nvhe/trap_handler.h>

#include "hypiommu_el2.h"

static u64 register_faults, memory_faults;

void hypiommu_abort_stats(u64 *registers, u64 *memory)
{
	*registers = READ_ONCE(register_faults);
	*memory = READ_ONCE(memory_faults);
}

/*
 * SMMU_IDR0 to SMMU_AIDR (IHI 0070 6.3.1 to 6.3.8): constant, reading them
 * has no effect. They sit at the start of a frame aligned to 64 KiB.
 */
static bool may_read(u64 addr, unsigned int size)
{
	return size == 4 && !(addr & 3) && (addr & 0xffff) < 0x20;
}

static u64 sign_extend(u64 val, unsigned int size, bool to64)
{
	unsigned int shift = 64 - 8 * size;

	val = (u64)((s64)(val << shift) >> shift);
	return to64 ? val : (u32)val;
}

/* The value a load of this size and extension leaves in its register. */
static u64 load(u64 esr, u64 addr)
{
	unsigned int size = 1 << ((esr & ESR_ELx_SAS) >> ESR_ELx_SAS_SHIFT);
	u64 val = may_read(addr, size) ? hypiommu_window_read32(addr) : 0;

	if (esr & ESR_ELx_SSE)
		return sign_extend(val, size, esr & ESR_ELx_SF);
	return val;
}

static bool decodable(u64 esr)
{
	return ESR_ELx_EC(esr) == ESR_ELx_EC_DABT_LOW && (esr & ESR_ELx_ISV) &&
	       !(esr & (ESR_ELx_S1PTW | ESR_ELx_CM));
}

bool hypiommu_host_abort(struct kvm_cpu_context *host_ctxt, u64 esr, u64 far,
			 u64 ipa)
{
	unsigned int rt = (esr & ESR_ELx_SRT_MASK) >> ESR_ELx_SRT_SHIFT;

	if (!hypiommu_window_contains(ipa))
		return false;
	WRITE_ONCE(register_faults, READ_ONCE(register_faults) + 1);
	if (!decodable(esr)) {
		hypiommu_host_inject_abort(esr, far);
		return true;
	}
	/* 31 is XZR here: a store of zero, a load that is thrown away. */
	if (!(esr & ESR_ELx_WNR) && rt != 31)
		cpu_reg(host_ctxt, rt) = load(esr, ipa | offset_in_page(far));
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
