// SPDX-License-Identifier: GPL-2.0-only
/* A hostile host, and what it must not get. */
#include "test.h"

#include "../../ports/pkvm/el2/hypiommu_el2.h"

/* ---------------------------------------------------------------- registers */

void test_registers(void)
{
	const u64 page = BUF;

	attach_all();
	check(map_pieces(domains[0], IOVA, &page, 1) == 0);
	bed_test_registers();
	check(reaches(0, IOVA) && !reaches(1, IOVA));
}

/* ---------------------------------------------------------------- ownership */

/* In the middle of a list: none of the list stays mapped. */
void test_foreign_pages(void)
{
	const u64 foreign[] = {
		BUF + 0x9000,	 /* a guest's */
		stand_firmware,	 /* not the host's to map */
		RAM + STAND_RAM, /* no memory */
		0x09000000,	 /* a UART's */
	};
	u64 pages[5];
	u64 doorbell;
	size_t mapped;

	attach_all();
	doorbell = mock_machine->config.doorbell;
	check(stand_give(foreign[0]) == 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(foreign); i++) {
		for (unsigned int k = 0; k < 5; k++)
			pages[k] = BUF + k * 2 * PAGE_SIZE;
		for (unsigned int at = 0; at < 5; at++) {
			u64 kept = pages[at];

			pages[at] = foreign[i];
			check(map_pieces(domains[0], IOVA, pages, 5) == -EPERM);
			pages[at] = kept;
			check(!reaches(0, IOVA) && !pins(BUF));
		}
	}
	/* The same in one piece: the pages before it are not pinned, either. */
	check(domains[0]->ops->map_pages(domains[0], IOVA, BUF + 4 * PAGE_SIZE,
					 PAGE_SIZE, 9, 3, GFP_KERNEL,
					 &mapped) == 0);
	check(domains[0]->ops->iotlb_sync_map(domains[0], IOVA,
					      9 * PAGE_SIZE) == -EPERM);
	for (unsigned int i = 0; i < 9; i++)
		check(!pins(BUF + i * PAGE_SIZE));
	check(map_pieces(domains[0], IOVA, &stand_smmus[0].reg[0].start, 1) ==
	      -EPERM);
	check(map_pieces(domains[0], IOVA, &doorbell, 1) == 0);
	check(unmap(domains[0], IOVA, PAGE_SIZE) == PAGE_SIZE);
	check(stand_return(foreign[0]) == 0);
	check(map_pieces(domains[0], IOVA, foreign, 1) == 0);
}

/* A request of which the second piece is refused before the first has been
 * mapped: undoing it leaves nothing behind. */
void test_undone(void)
{
	const struct iommu_domain_ops *ops;
	const u64 page = BUF;
	size_t mapped;

	attach_all();
	ops = domains[0]->ops;
	check(ops->map_pages(domains[0], IOVA, BUF, PAGE_SIZE, 1, 3, GFP_KERNEL,
			     &mapped) == 0);
	check(ops->map_pages(domains[0], IOVA + PAGE_SIZE, BUF, PAGE_SIZE,
			     STAND_RAM / PAGE_SIZE, 3, GFP_KERNEL,
			     &mapped) != 0);
	unmap(domains[0], IOVA, PAGE_SIZE + mapped);
	check(!pins(BUF) && !reaches(0, IOVA));
	check(map_pieces(domains[0], IOVA + SZ_2M, &page, 1) == 0);
	check(pins(BUF) == 1 && !reaches(0, IOVA));
}

/* Nobody is given a page that a device reaches. */
void test_pinned_pages(void)
{
	const u64 pages[2] = { BUF, BUF };

	attach_all();
	check(map_pieces(domains[0], IOVA, pages, 2) == 0 && pins(BUF) == 2);
	for (u32 left = 2; left; left--) {
		check(stand_give(BUF) == -EBUSY);
		check(unmap(domains[0], IOVA + (left - 1) * PAGE_SIZE,
			    PAGE_SIZE) == PAGE_SIZE);
	}
	check(stand_give(BUF) == 0 && stand_give(BUF) == -EPERM);
	mock_look();
}

/* ------------------------------------------------------------------- random */

#define SLOTS 48u

static u32 dice(u32 n)
{
	static u32 seed = 1;

	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* What must be mapped, kept apart: page of each slot of each domain; 0: none */
static u64 slots[3][SLOTS];
static bool given[16]; /* to a guest */

static u32 mappings_of(u64 pa)
{
	u32 n = 0;

	for (u32 i = 0; i < 3 * SLOTS; i++)
		n += slots[i / SLOTS][i % SLOTS] == pa;
	return n;
}

static void map_some(u32 d)
{
	u32 first = dice(SLOTS), count = 1 + dice(SLOTS - first);
	bool room = true, owned = true;
	u64 pages[SLOTS];
	int err;

	for (u32 i = 0; i < count; i++) {
		u32 which = dice(16);

		pages[i] = BUF + which * PAGE_SIZE;
		room &= !slots[d][first + i];
		owned &= !given[which];
	}
	if (!room)
		return; /* the IOVA allocator would not */
	err = map_pieces(domains[d], IOVA + first * PAGE_SIZE, pages, count);
	check(err == (owned ? 0 : -EPERM));
	for (u32 i = 0; !err && i < count; i++)
		slots[d][first + i] = pages[i];
}

static void unmap_some(u32 d)
{
	u32 first = dice(SLOTS), count = 1 + dice(SLOTS - first), there = 0;

	while (there < count && slots[d][first + there])
		there++;
	check(unmap(domains[d], IOVA + first * PAGE_SIZE, count * PAGE_SIZE) ==
	      there * PAGE_SIZE);
	memset(&slots[d][first], 0, there * sizeof(u64));
}

static void give_some(void)
{
	u32 which = dice(16);
	u64 pa = BUF + which * PAGE_SIZE;
	int err = given[which] ? stand_return(pa) : stand_give(pa);

	check(err == (mappings_of(pa) ? -EBUSY : 0));
	given[which] ^= !err;
}

void test_random(void)
{
	attach_all();
	for (u32 i = 0; i < 600; i++) {
		u32 d = dice(3), slot = dice(SLOTS);
		u64 pa = BUF + dice(16) * PAGE_SIZE;
		u64 at = IOVA + slot * PAGE_SIZE;

		switch (dice(5)) {
		case 0:
		case 1:
			map_some(d);
			break;
		case 2:
		case 3:
			unmap_some(d);
			break;
		default:
			give_some();
			break;
		}
		check(pins(pa) == mappings_of(pa));
		check(reaches(d, at) == !!slots[d][slot]);
		check(domains[d]->ops->iova_to_phys(domains[d], at) ==
		      slots[d][slot]);
	}
}
