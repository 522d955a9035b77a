/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Exceptions taken to EL2 (DDI 0487 D1.3.1.5): one kind is expected, what the
 * host does on purpose or by mistake. Interrupts go to the host directly. */
#include "monitor_asm.h"

	.macro	unexpected, number
	.balign	0x80
	ldr	x0, =last_stack_end
	mov	sp, x0
	mov	x0, #\number
	b	trap_unexpected
	.endm

	.section .text
	.balign	0x800
	.global vectors
vectors:
	.irp	n, 0,1,2,3,4,5,6,7
	unexpected \n
	.endr

	.balign	0x80			// synchronous, from AArch64 below
	sub	sp, sp, #256
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	str	x30, [sp, #240]
	mov	x0, sp
	bl	trap_from_host
	b	restore

	.irp	n, 9,10,11,12,13,14,15
	unexpected \n
	.endr

	.balign	0x80
restore:
	ldp	x0, x1, [sp, #0]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldr	x30, [sp, #240]
	add	sp, sp, #256
	eret
	dsb	nsh			// nothing behind it is speculated on
	isb
