/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trapped access of the host to registers that are EL2's, taken apart (DDI
 * 0487 D24.2.40, ISS of a data abort). Needs the integer types of whoever
 * includes it and nothing else: the ports share it, and tests run it hosted.
 */
#ifndef HYPIOMMU_TRAP_H
#define HYPIOMMU_TRAP_H

struct hypiommu_trap {
	unsigned int size; /* bytes: 1, 2, 4, 8 */
	unsigned int reg;  /* 31 is XZR: a store of 0, a load thrown away */
	bool write;
	bool sign, to64; /* of a load: sign-extend, into 64 bits */
};

#define TRAP_EC_DABT_LOW 0x24u

/* False: the syndrome does not say what was done, or it was no load or store
 * (a walk of the host's own tables, cache maintenance). Nothing to emulate. */
static inline bool hypiommu_trap_decode(u64 esr, struct hypiommu_trap *t)
{
	const u64 isv = 1ull << 24, cm = 1ull << 8, s1ptw = 1ull << 7;

	t->size = 1u << (esr >> 22 & 3);
	t->sign = esr >> 21 & 1;
	t->reg = esr >> 16 & 31;
	t->to64 = esr >> 15 & 1;
	t->write = esr >> 6 & 1;
	return (esr >> 26 & 0x3f) == TRAP_EC_DABT_LOW && (esr & isv) &&
	       !(esr & (cm | s1ptw));
}

/* What a load of `val` leaves in its register. */
static inline u64 hypiommu_trap_loaded(const struct hypiommu_trap *t, u64 val)
{
	u64 sign = 1ull << (8 * t->size - 1), mask = (sign << 1) - 1;

	val &= mask;
	if (t->sign && val & sign)
		val |= ~mask;
	return t->to64 || t->size == 8 ? val : (u32)val;
}

/*
 * SMMUv3: SMMU_IDR0 to SMMU_AIDR (IHI 0070 6.3.1 to 6.3.8): constant, reading
 * them has no effect. They sit at the start of the frame.
 */
static inline bool hypiommu_trap_smmuv3_reads(u64 offset, unsigned int size)
{
	return size == 4 && !(offset & 3) && offset < 0x20;
}

#endif /* HYPIOMMU_TRAP_H */
