/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What the untrusted host of the tests is made of. */
#ifndef HOST_H
#define HOST_H

#include "abi.h"
#include "board.h"
#include "hypiommu/hcall.h"
#include "memory.h"
#include "print.h"
#include "sysreg.h"

/* ------------------------------------------------------- start.S, mmu.c */

/* Each program under tests/ is one of these. */
void test_main(void);

void mmu_build(void);
void mmu_enable(void);
void secondary_start(void);

struct probed {
	uint64_t value, esr;
};
/* An access that may be refused: esr is 0 if it was not. */
struct probed probe_load(uint64_t at);
struct probed probe_store(uint64_t at, uint64_t value);

/* ---------------------------------------------------------------- host.c */

_Noreturn void host_main(void);
_Noreturn void host_exception(uint64_t vector);

/* HVC: function and arguments in x, results out. */
void hvc(struct hypiommu_regs *regs);
int64_t psci(uint64_t fn, uint64_t a, uint64_t b, uint64_t c);

/* Run f on the second CPU; once. */
bool second_cpu(void (*f)(void));

uint64_t now_us(void);

/* Memory for tests: zeroed, aligned to its size (a power of two), never given
 * back. */
void *host_alloc(uint64_t size);

static inline uint64_t pa_of(const void *p)
{
	return (uintptr_t)p;
}

/* ----------------------------------------------------------------- tap.c */

/* One line of the Test Anything Protocol; returns what it is given. */
bool ok(bool passed, const char *name);
/* The same, and says what was there instead. */
bool is(int64_t got, int64_t want, const char *name);

#endif /* HOST_H */
