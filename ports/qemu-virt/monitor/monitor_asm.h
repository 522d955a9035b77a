/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Numbers that assembly and C share. */
#ifndef MONITOR_ASM_H
#define MONITOR_ASM_H

#include "board.h"

/* The library is content with 1 KiB; what is tested beside it is not. */
#define STACK_SIZE  0x1f000
#define STACK_GUARD 0x1000
#define STACK_EACH  (STACK_GUARD + STACK_SIZE)

/* EL1 with its own stack pointer, every interrupt masked (DDI 0487 C5.2.19) */
#define SPSR_EL1H_MASKED 0x3c5

#endif /* MONITOR_ASM_H */
