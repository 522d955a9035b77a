/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TEST_H
#define TEST_H

#include "stand.h"

#include <hypiommu/pkvm_call.h>
#include <hypiommu/takeover.h>

#include "../../ports/pkvm/el1/hypiommu-iommu/frontend.h"

#define IOVA 0x10000000ull
#define BUF  (STAND_RAM_BASE + 0x400000ull)
#define RAM  STAND_RAM_BASE

/* Bound, nothing taken over. */
void boot(void);
/* EL2 has the SMMUs, devices may be probed. */
void start(void);
/* The observer looks at each step, or not. */
void watch_from_now(bool on);
bool reaches(unsigned int device, u64 iova);
void all_blocked(void);
struct iommu_domain *domain_for(struct device *dev);
int map_pieces(struct iommu_domain *d, u64 iova, const u64 *pages, u32 count);
size_t unmap(struct iommu_domain *d, u64 iova, u64 size);
u32 pins(u64 pa);

/* A device each of the bed's first three, in a domain of its own. */
extern struct device *devices[3];
extern struct iommu_domain *domains[3];
void attach_all(void);

struct test {
	const char *name;
	void (*fn)(void);
};
extern const struct test tests[];
extern const unsigned int test_count;

#define TESTS_OF_FRONTEND(X) \
	X(life)              \
	X(lists)             \
	X(pieces)            \
	X(large)             \
	X(moves)             \
	X(other_smmu)        \
	X(faults)            \
	X(suspend)           \
	X(psci)              \
	X(not_woken)         \
	X(unprotected)       \
	X(registers)         \
	X(foreign_pages)     \
	X(undone)            \
	X(pinned_pages)      \
	X(random)
#define TESTS_OF_LINUX(X) \
	X(named_twice)    \
	X(accesses)       \
	X(xzr)            \
	X(aborts)         \
	X(given_away)     \
	X(no_memory)      \
	X(not_confirmed)  \
	X(two_blocks)     \
	X(given_back)     \
	X(odd_setup)      \
	X(setup_late)     \
	X(bad_setup)
#define TESTS_OF_ANDROID(X) X(adapter)
#define DECLARE(name)	    void test_##name(void);
TESTS_OF_FRONTEND(DECLARE)
TESTS_OF_LINUX(DECLARE)
TESTS_OF_ANDROID(DECLARE)
#define TEST(name) { #name, test_##name },

#endif /* TEST_H */
