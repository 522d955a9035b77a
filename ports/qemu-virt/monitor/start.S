/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Where the CPUs come in: the first from reset, the second from PSCI, both at
 * EL2 with everything off. */
#include "monitor_asm.h"

	.section .text.boot, "ax"
	.global _start
_start:
	mrs	x0, CurrentEL
	cmp	x0, #(2 << 2)
	b.ne	.			// not EL2: nothing to be done
	msr	daifset, #15
	ldr	x0, =bss_start
	ldr	x1, =bss_end
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b
	ldr	x0, =stacks + STACK_EACH
	mov	sp, x0
	b	monitor_main

	/* x0: the CPU's number, as psci.c passed it */
	.global secondary_start
secondary_start:
	msr	daifset, #15
	ldr	x1, =stacks + STACK_EACH
	ldr	x2, =STACK_EACH
	madd	x1, x0, x2, x1
	mov	sp, x1
	b	monitor_secondary

	/* enter_host(x0: address, x1: its x0): nothing of EL2 in a register */
	.global enter_host
enter_host:
	msr	elr_el2, x0
	mov	x0, #SPSR_EL1H_MASKED
	msr	spsr_el2, x0
	mov	x0, x1
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	mov	x\n, xzr
	.endr
	.irp	n, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	mov	x\n, xzr
	.endr
	eret
	dsb	nsh			// nothing behind it is speculated on
	isb

	/* Of each CPU: a page that is not mapped, and its stack above it. */
	.section .stacks, "aw", @nobits
	.balign	STACK_GUARD
	.global stacks
stacks:	.skip	CPUS * STACK_EACH
	/* For what is said last, after a stack is spent. */
	.global last_stack_end
	.skip	STACK_GUARD
last_stack_end:
