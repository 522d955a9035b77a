/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of the module share. */
#ifndef TEST_H
#define TEST_H

#include <errno.h>
#include <string.h>

#include "mock.h"

#define TYPE   HYPIOMMU_MACHINE_TYPE(smmu_of(0))
#define DOMAIN 1u
#define IOVA   0x10000000ull
#define BUF    (RAM + 4 * MiB)

uint32_t smmu_of(unsigned int device);
bool reaches(unsigned int device, uint64_t iova);
void assert_all_blocked(void);
/* A machine that is taken over; the first device attached to DOMAIN. */
void start(void);
void start_attached(void);

void test_core_without(void);
void test_firmware_blocks(void);
void test_life(void);
void test_refused_pages(void);
void test_two_blocks(void);
void test_pinned_pages_stay(void);
void test_partly_mapped(void);
void test_units(void);
void test_units_of_2m(void);
void test_units_of_4m(void);
void test_units_of_3_pages(void);
void test_two_cpus(void);
void test_refused_kinds(void);
void test_unmap_not_confirmed(void);
void test_undo_not_confirmed(void);
void test_power(void);
void test_sleep(void);
void test_sleep_in_part(void);
void test_sleep_failed(void);
void test_free_mapped(void);
void test_free_large(void);
void test_calls(void);
void test_registers(void);
void test_long_block(void);
void test_accesses(void);
void test_loads(void);
void test_random(void);
void test_random_failing(void);
/* A hook of the core fails; a description that is nonsense. */
void failing_hook(unsigned int k);
void bad_machine(unsigned int k);
#define BAD_MACHINES 12u

#endif /* TEST_H */
