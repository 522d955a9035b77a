// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Every event an SMMUv3 may report (IHI 0070 7.3), most of which the simulated
 * one has no reason to: records are written into its queue as hardware would,
 * and EVENTQ_PROD says so.
 */
#include <string.h>

#include "tap.h"

#define COUNT(a)    (sizeof(a) / sizeof((a)[0]))
#define EVENTQ_BASE 0xa0u
#define EVENTQ_PROD 0x100a8u
#define ADDRESS	    0x0000ffffffffffe0ull
#define IOVA	    0x1234567000ull

static uint64_t queue;
static uint32_t prod;

static uint64_t told(uint32_t window, uint32_t offset, unsigned int width,
		     uint64_t value)
{
	(void)window, (void)width;
	return offset == EVENTQ_PROD ? prod : value;
}

static bool heard(uint32_t window, uint32_t offset, unsigned int width,
		  uint64_t value)
{
	(void)window, (void)width;
	if (offset == EVENTQ_BASE)
		queue = value & ADDRESS;
	return false;
}

static void start(struct rig *rig, bool coherent)
{
	rig_defaults(rig);
	rig->config.smmu.coherent = coherent;
	rig->config.stay_trusted = true;
	rig->config.check = MACHINE_CHECK_OFF;
	rig->config.no_judge = true; /* it knows the simulated queue only */
	rig_start(rig);
	tap_install(rig->m);
	tap.read = told;
	tap.write = heard;
	prod = 0;
	assert_int_equal(hypiommu_finalise(rig->m->h), 0);
}

/* Where the SMMU does not snoop, what it wrote is seen once the CPU's caches
 * have let go of the slot. */
static uint64_t unseen[4];
static void *unseen_at;

static void see(const void *p, size_t len)
{
	if (!unseen_at || p != unseen_at)
		return;
	assert_int_equal(len, sizeof(unseen));
	memcpy(unseen_at, unseen, sizeof(unseen));
	unseen_at = NULL;
}

/* The next record of the queue. */
static void report_of(struct rig *rig, uint64_t sid, uint64_t code, bool read)
{
	const uint64_t record[4] = { sid << 32 | code, read ? 1ull << 35 : 0,
				     IOVA, 0 };

	memcpy(unseen, record, sizeof(record));
	unseen_at = sim_mem_ptr(rig->m->mem, queue + prod % 128 * 32);
	if (rig->config.smmu.coherent)
		see(unseen_at, sizeof(unseen));
	prod = (prod + 1) % 256;
}

static void report(struct rig *rig, uint64_t code, bool read)
{
	report_of(rig, SID_A, code, read);
}

static int fault_read(struct rig *rig)
{
	return front_call(&rig->host, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0);
}

static int guest_read(struct rig *rig)
{
	return front_call(&rig->guest, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0);
}

static void test_every_event(void **state)
{
	const struct {
		uint32_t code;
		uint16_t reason;
		bool address;
	} events[] = {
		{ 0x01, HYPIOMMU_FAULT_OTHER, false },
		{ 0x02, HYPIOMMU_FAULT_CONFIG, false },
		{ 0x03, HYPIOMMU_FAULT_EXTERNAL, false },
		{ 0x04, HYPIOMMU_FAULT_CONFIG, false },
		{ 0x07, HYPIOMMU_FAULT_CONFIG, false },
		{ 0x09, HYPIOMMU_FAULT_EXTERNAL, false },
		{ 0x0a, HYPIOMMU_FAULT_CONFIG, false },
		{ 0x0b, HYPIOMMU_FAULT_EXTERNAL, false },
		{ 0x10, HYPIOMMU_FAULT_TRANSLATION, true },
		{ 0x11, HYPIOMMU_FAULT_ADDRESS_SIZE, true },
		{ 0x12, HYPIOMMU_FAULT_ACCESS_FLAG, true },
		{ 0x13, HYPIOMMU_FAULT_PERMISSION, true },
		{ 0x20, HYPIOMMU_FAULT_OTHER, false },
		{ 0x21, HYPIOMMU_FAULT_OTHER, false },
		{ 0xff, HYPIOMMU_FAULT_OTHER, false },
	};
	struct rig rig;
	const uint64_t *x = rig.host.last.x;

	for (unsigned int i = 0; i < 4 * COUNT(events); i++) {
		bool read = i & 1, coherent = i & 2;
		uint16_t flags = 0;

		(void)state;
		start(&rig, coherent);
		report(&rig, events[i / 4].code, read);
		harness_on_clean = see;
		assert_int_equal(fault_read(&rig), 0);
		harness_on_clean = NULL;
		if (events[i / 4].address)
			flags = (uint16_t)(HYPIOMMU_FAULT_IOVA |
					   (read ? 0 : HYPIOMMU_FAULT_WRITE));
		assert_int_equal(x[1] & 0xffffffff, SID_A);
		assert_int_equal(x[1] >> 32 & 0xffff, events[i / 4].reason);
		assert_int_equal(x[1] >> 48, flags);
		assert_int_equal(x[2], events[i / 4].address ? IOVA : 0);
		assert_int_equal(x[3], events[i / 4].code);
		assert_int_equal(x[4], 0);
		assert_int_equal(fault_read(&rig), HYPIOMMU_E_NOENT);
		machine_destroy(rig.m);
	}
}

/* A queue that says it holds more than it has room for is out of order. */
static void test_more_than_there_is_room_for(void **state)
{
	struct rig rig;

	(void)state;
	for (uint32_t bad = 129; bad < 256; bad += 42) {
		start(&rig, true);
		prod = bad;
		assert_int_equal(fault_read(&rig), HYPIOMMU_E_HW);
		assert_int_equal(fault_read(&rig), HYPIOMMU_E_BROKEN);
		machine_destroy(rig.m);
	}
	start(&rig, true);
	prod = 128;
	assert_int_equal(fault_read(&rig), 0);
	assert_int_equal(rig.host.last.x[4], 1);
	machine_destroy(rig.m);
}

/* The host's wait behind a guest's reader: so many are dropped in one call,
 * and not one more. */
static void test_how_far_one_call_looks(void **state)
{
	struct rig rig;

	(void)state;
	start(&rig, true);
	for (unsigned int i = 0; i < HYPIOMMU_FAULT_SCAN + 2; i++)
		report(&rig, 0x10, true);
	assert_int_equal(guest_read(&rig), HYPIOMMU_E_AGAIN);
	assert_int_equal(fault_read(&rig), 0);
	assert_int_equal(rig.host.last.x[4], 1);
	assert_int_equal(fault_read(&rig), 0);
	assert_int_equal(fault_read(&rig), HYPIOMMU_E_NOENT);
	machine_destroy(rig.m);
}

static void hand_over(struct rig *rig, uint32_t from, uint32_t to)
{
	assert_int_equal(machine_assign_stream(rig->m, SID_A, from, to), 0);
}

/* What was recorded before a stream changed hands is nobody's; what was of
 * another stream, or comes later, is its owner's. */
static void test_records_of_the_owner_before(void **state)
{
	const uint32_t guest = HYPIOMMU_GUEST(0);
	struct rig rig;

	(void)state;
	start(&rig, true);
	for (unsigned int round = 0; round < 200; round++) {
		report(&rig, 0x10, true);
		report_of(&rig, SID_B, 0x10, true);
		report(&rig, 0x10, true);
		hand_over(&rig, HYPIOMMU_HOST, guest);
		report(&rig, 0x13, true);
		report(&rig, 0x11, true);
		assert_int_equal(fault_read(&rig), 0);
		assert_int_equal(rig.host.last.x[1] & 0xffffffff, SID_B);
		assert_int_equal(guest_read(&rig), 0);
		assert_int_equal(rig.guest.last.x[3], 0x13);
		/* The next of the guest's stays in the queue, and is nobody's
		 * when the host has the stream again. */
		hand_over(&rig, guest, HYPIOMMU_HOST);
		report(&rig, 0x12, true);
		assert_int_equal(fault_read(&rig), 0);
		assert_int_equal(rig.host.last.x[3], 0x12);
		assert_int_equal(fault_read(&rig), HYPIOMMU_E_NOENT);
		assert_int_equal(guest_read(&rig), HYPIOMMU_E_NOENT);
	}
	machine_destroy(rig.m);
}

/* As many as the queue holds are of the owner before, and not one more: also
 * where an index that is none says nothing about how many. */
static void test_as_many_as_there_can_be(void **state)
{
	const uint32_t nonsense[] = { 128, 129, 255, 256, 0x7fffffff, ~0u };
	struct rig rig;

	(void)state;
	for (unsigned int i = 0; i < COUNT(nonsense); i++) {
		start(&rig, true);
		for (unsigned int n = 0; n < 128; n++)
			report(&rig, 0x10, true);
		prod = nonsense[i];
		hand_over(&rig, HYPIOMMU_HOST, HYPIOMMU_GUEST(0));
		prod = 128;
		for (unsigned int n = 0; n < 128; n += HYPIOMMU_FAULT_SCAN)
			assert_int_equal(guest_read(&rig), HYPIOMMU_E_AGAIN);
		assert_int_equal(guest_read(&rig), HYPIOMMU_E_NOENT);
		report(&rig, 0x10, true);
		assert_int_equal(guest_read(&rig), 0);
		machine_destroy(rig.m);
	}
}

/* A reset empties the queue: what comes then is the new owner's. */
static void test_records_after_a_reset(void **state)
{
	struct rig rig;

	(void)state;
	start(&rig, true);
	for (unsigned int n = 0; n < 128; n++)
		report(&rig, 0x10, true);
	hand_over(&rig, HYPIOMMU_HOST, HYPIOMMU_GUEST(0));
	assert_int_equal(machine_reset(rig.m, 0), 0);
	prod = 0;
	report(&rig, 0x10, true);
	assert_int_equal(guest_read(&rig), 0);
	assert_int_equal(guest_read(&rig), HYPIOMMU_E_NOENT);
	machine_destroy(rig.m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_event),
		cmocka_unit_test(test_how_far_one_call_looks),
		cmocka_unit_test(test_more_than_there_is_room_for),
		cmocka_unit_test(test_records_of_the_owner_before),
		cmocka_unit_test(test_as_many_as_there_can_be),
		cmocka_unit_test(test_records_after_a_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
