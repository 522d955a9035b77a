// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Faults that wait in several places of an SMMUv2 at once: each frame and each
 * context bank has registers of its own, and none of them is lost or mixed up.
 */
#include "rig.h"

#define PAGE 4096ull

static const uint32_t sids[] = { 5, 6 };

static void start(struct rig *rig)
{
	rig_defaults(rig);
	rig->config.kind = MACHINE_SMMUV2;
	rig->config.sids = sids;
	rig->config.sid_count = 2;
	rig->config.smmuv2[0].instances = 2;
	rig->config.check = MACHINE_CHECK_CALLS;
	rig_start(rig);
}

/* Pages take turns between the frames. */
static void fault(struct rig *rig, uint32_t sid, uint64_t iova)
{
	char byte = 0;

	assert_int_equal(machine_dma(rig->m, sid, iova, true, &byte, 1),
			 SIM_DMA_ABORT);
}

static uint64_t fault_read(struct rig *rig)
{
	assert_int_equal(
		front_call(&rig->host, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0),
		0);
	return rig->host.last.x[1] & 0xffffffff;
}

/* Two records, whichever comes first, and then no more. */
static void two_faults(struct rig *rig, uint32_t one, uint64_t at_one,
		       uint32_t other, uint64_t at_other)
{
	for (unsigned int seen = 0; seen != 3;) {
		const uint64_t sid = fault_read(rig), *x = rig->host.last.x;

		assert_true(sid == one || sid == other);
		assert_int_equal(x[2], sid == one ? at_one : at_other);
		assert_int_equal(seen & (sid == one ? 1 : 2), 0);
		seen |= sid == one ? 1 : 2;
	}
	assert_int_equal(
		front_call(&rig->host, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0),
		HYPIOMMU_E_NOENT);
}

/* One bank; one frame after the other. */
static void test_both_frames_of_a_bank(void **state)
{
	struct rig rig;
	uint32_t d;

	(void)state;
	start(&rig);
	d = rig_domain(&rig, 1, 5);
	assert_int_equal(front_attach(&rig.host, 0, 6, d), 0);
	fault(&rig, 5, 0x10008);
	fault(&rig, 6, 0x21010);
	two_faults(&rig, 5, 0x10008, 6, 0x21010);
	fault(&rig, 5, 0x31008);
	fault(&rig, 6, 0x40010);
	two_faults(&rig, 5, 0x31008, 6, 0x40010);
	rig_end(&rig);
}

/* Of streams that match nothing. */
static void test_both_frames_at_large(void **state)
{
	struct rig rig;

	(void)state;
	start(&rig);
	fault(&rig, 33, 0x10008);
	fault(&rig, 34, 0x21010);
	two_faults(&rig, 33, 0x10008, 34, 0x21010);
	rig_end(&rig);
}

/* A bank that faults again at once does not hide another one. */
static void test_a_busy_bank(void **state)
{
	struct rig rig;
	uint32_t busy;

	(void)state;
	start(&rig);
	rig_domain(&rig, 1, 5);
	rig_domain(&rig, 1, 6);
	fault(&rig, 5, 0x10000);
	fault(&rig, 6, 0x10000);
	busy = (uint32_t)fault_read(&rig);
	fault(&rig, busy, 0x10000);
	assert_int_equal(fault_read(&rig), busy == 5 ? 6 : 5);
	assert_int_equal(fault_read(&rig), busy);
	rig_end(&rig);
}

static int fault_of(struct front *f, uint64_t iova)
{
	int err = front_call(f, HYPIOMMU_HC_FAULT_READ, 0, 0, 0, 0, 0);

	if (!err)
		assert_int_equal(f->last.x[2], iova);
	return err;
}

/* A stream that changes hands leaves its records behind, in either frame, of
 * its context and of none; those of a stream that stays are told, of the same
 * context and of none. Whoever reads takes away what is not his. */
static void stay_behind(struct rig *rig, uint64_t iova, bool attached,
			bool other_attached, bool guest_reads)
{
	struct front *f = &rig->host;
	uint32_t d;

	assert_int_equal(front_domain_alloc(f, 0, 1, &d), 0);
	if (attached)
		assert_int_equal(front_attach(f, 0, 5, d), 0);
	if (other_attached)
		assert_int_equal(front_attach(f, 0, 6, d), 0);
	fault(rig, 5, iova);
	fault(rig, 6, iova ^ PAGE);
	if (attached)
		assert_int_equal(front_detach(f, 0, 5, d), 0);
	assert_int_equal(machine_assign_stream(rig->m, 5, HYPIOMMU_HOST,
					       HYPIOMMU_GUEST(0)),
			 0);
	if (!guest_reads)
		assert_int_equal(fault_of(f, iova ^ PAGE), 0);
	assert_int_equal(fault_of(&rig->guest, 0), HYPIOMMU_E_NOENT);
	assert_int_equal(fault_of(f, 0), HYPIOMMU_E_NOENT);
	fault(rig, 5, iova);
	assert_int_equal(fault_of(&rig->guest, iova), 0);
	assert_int_equal(fault_of(&rig->guest, 0), HYPIOMMU_E_NOENT);
}

static void test_those_of_the_owner_before(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 16; i++) {
		struct rig rig;

		start(&rig);
		stay_behind(&rig, i % 2 * PAGE, i & 2, i & 4, i & 8);
		rig_end(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_frames_of_a_bank),
		cmocka_unit_test(test_both_frames_at_large),
		cmocka_unit_test(test_a_busy_bank),
		cmocka_unit_test(test_those_of_the_owner_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
