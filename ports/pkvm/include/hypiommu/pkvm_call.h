/* SPDX-License-Identifier: GPL-2.0-only */
/* How EL1 makes the two hypercalls of <hypiommu/pkvm.h>. */
#ifndef HYPIOMMU_PKVM_CALL_H
#define HYPIOMMU_PKVM_CALL_H

#include <linux/arm-smccc.h>
#include <asm/kvm_asm.h>
#include <hypiommu/pkvm.h>

/*
 * x[0] = function or operation, x[1..5] arguments; back come x[0] = status,
 * x[1..4] results. A hypervisor that knows no such call answers in x0 alone:
 * that becomes a status too, so that it cannot be taken for success.
 */
static __always_inline void hypiommu_hvc(u32 id, u64 x[6])
{
	register u64 r0 asm("x0") = id;
	register u64 r1 asm("x1") = x[0];
	register u64 r2 asm("x2") = x[1];
	register u64 r3 asm("x3") = x[2];
	register u64 r4 asm("x4") = x[3];
	register u64 r5 asm("x5") = x[4];
	register u64 r6 asm("x6") = x[5];

	asm volatile("hvc #0"
		     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r4),
		       "+r"(r5), "+r"(r6)
		     :
		     : "x7", "x8", "memory");
	x[0] = r0 == SMCCC_RET_SUCCESS ? r1 : (u64)HYPIOMMU_E_PHASE;
	x[1] = r2;
	x[2] = r3;
	x[3] = r4;
	x[4] = r5;
}

static inline s64 hypiommu_call(u64 x[6])
{
	hypiommu_hvc(KVM_HOST_SMCCC_FUNC(__hypiommu_call), x);
	return x[0];
}

/* The same with all of MAP_LIST's registers: x[4..16] are the segments. */
static inline s64 hypiommu_call_list(u64 x[17])
{
	/* Loaded from and stored to x by the asm: no compiler has that many
	 * registers to spare beside its own. */
	asm volatile("mov	x17, %1\n"
		     "	ldp	x1, x2, [x17]\n"
		     "	ldp	x3, x4, [x17, #16]\n"
		     "	ldp	x5, x6, [x17, #32]\n"
		     "	ldp	x7, x8, [x17, #48]\n"
		     "	ldp	x9, x10, [x17, #64]\n"
		     "	ldp	x11, x12, [x17, #80]\n"
		     "	ldp	x13, x14, [x17, #96]\n"
		     "	ldp	x15, x16, [x17, #112]\n"
		     "	ldr	x17, [x17, #128]\n"
		     "	mov	w0, %w0\n"
		     "	hvc	#0\n"
		     "	stp	x1, x2, [%1]\n"
		     "	stp	x3, x4, [%1, #16]\n"
		     "	str	x5, [%1, #32]\n"
		     "	cbz	x0, 1f\n"
		     "	str	%2, [%1]\n"
		     "1:"
		     :
		     : "r"(KVM_HOST_SMCCC_FUNC(__hypiommu_call)), "r"(x),
		       "r"((s64)HYPIOMMU_E_PHASE)
		     : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8",
		       "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16",
		       "x17", "memory");
	return x[0];
}

#endif /* HYPIOMMU_PKVM_CALL_H */
