/* SPDX-License-Identifier: GPL-2.0-only */
/* Android's core (tests/android/mock.h) in types both sides know. */
#ifndef CORE_ANDROID_H
#define CORE_ANDROID_H

#include <stdbool.h>
#include <stdint.h>

void core_boot(void);
int core_take_over(void);
void core_watch(bool on);
void core_cpu_entry(void);
int core_power(unsigned int smmu, bool on);
int core_give(uint64_t pa);
int core_return(uint64_t pa);
unsigned int core_count(uint64_t pa);
bool core_taken(uint64_t pa);
unsigned int core_smmus(void);
uint64_t core_smmu_base(unsigned int smmu);

#endif /* CORE_ANDROID_H */
