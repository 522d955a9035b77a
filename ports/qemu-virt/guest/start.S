/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The host's two CPUs come in here at EL1, everything off. */
#include "board.h"

#define STACK_SIZE 0x4000

	.section .text.boot, "ax"
	.global _start
_start:
	ldr	x0, =bss_start
	ldr	x1, =bss_end
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b
	ldr	x0, =stacks + STACK_SIZE
	mov	sp, x0
	bl	mmu_build
	bl	mmu_enable
	ldr	x0, =vectors
	msr	vbar_el1, x0
	isb
	b	host_main

	.global secondary_start		// x0: a function to call
secondary_start:
	mov	x19, x0
	ldr	x0, =stacks + 2 * STACK_SIZE
	mov	sp, x0
	bl	mmu_enable
	ldr	x0, =vectors
	msr	vbar_el1, x0
	isb
	blr	x19
1:	wfi
	b	1b

	/*
	 * probe_load(x0: address) and probe_store(x0: address, x1: value):
	 * x0 = value loaded, x1 = ESR of the exception, or 0.
	 */
	.global probe_load, probe_store
probe_load:
	mov	x2, x0
	mov	x1, #0
1:	ldr	x0, [x2]
	ret
probe_store:
	mov	x2, x1
	mov	x1, #0
2:	str	x2, [x0]
	ret

	.macro	other, number
	.balign	0x80
	mov	x0, #\number
	b	host_exception
	.endm

	.balign	0x800
vectors:
	.irp	n, 0,1,2,3
	other	\n
	.endr

	.balign	0x80			// synchronous, from EL1
	mrs	x16, elr_el1
	adr	x17, 1b
	cmp	x16, x17
	adr	x17, 2b
	ccmp	x16, x17, #4, ne
	b.ne	1f
	add	x16, x16, #4
	msr	elr_el1, x16
	mrs	x1, esr_el1
	eret
1:	mov	x0, #4
	b	host_exception

	.irp	n, 5,6,7,8,9,10,11,12,13,14,15
	other	\n
	.endr

	.section .bss
	.balign	16
stacks:	.skip	CPUS * STACK_SIZE
