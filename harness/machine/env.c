// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The library's environment, hosted: what it does to memory, registers and
 * locks becomes steps of the current machine.
 */
#include <stdio.h>
#include <stdlib.h>

#include "hypiommu_env_harness.h"
#include "machine.h"

#define PC __builtin_return_address(0)

_Thread_local struct machine *machine_current;

/* Is p inside simulated memory? Elsewhere live the library's own words. */
static bool simulated(const struct machine *m, const void *p)
{
	return m &&
	       sim_mem_has(m->mem,
			   (uint64_t)(uintptr_t)p - sim_mem_offset(m->mem), 1);
}

/* Before anything other CPUs could notice: one of them may come first. */
static void point(enum machine_point what, const void *p, size_t size,
		  const void *pc)
{
	struct machine *m = machine_current;

	if (m && m->cpus && !m->checking)
		m->cpus->point(m->cpus, what, p, size, pc);
}

static void stored(struct machine *m, const void *p, uint64_t before,
		   uint64_t after)
{
	m->last_step = (struct incident_step){ "store",
					       (uint64_t)(uintptr_t)p -
						       sim_mem_offset(m->mem),
					       before, after };
}

void harness_store64(uint64_t *p, uint64_t v)
{
	struct machine *m = machine_current;
	uint64_t old = __atomic_load_n(p, __ATOMIC_RELAXED);

	point(old == v ? MACHINE_POINT_NOTHING : MACHINE_POINT_STORE, p,
	      sizeof(*p), PC);
	if (!simulated(m, p)) {
		__atomic_store_n(p, v, __ATOMIC_RELAXED);
		return;
	}
	sim_mem_set_cpu(m->mem, m->locks);
	sim_mem_store64(m->mem, p, v);
	if (old == v)
		return;
	stored(m, p, old, v);
	machine_step(m, MACHINE_STEP_STORE);
}

void harness_store32(uint32_t *p, uint32_t v)
{
	struct machine *m = machine_current;
	uint32_t old = __atomic_load_n(p, __ATOMIC_RELAXED);

	point(old == v ? MACHINE_POINT_NOTHING : MACHINE_POINT_STORE, p,
	      sizeof(*p), PC);
	if (!simulated(m, p)) {
		__atomic_store_n(p, v, __ATOMIC_RELAXED);
		return;
	}
	sim_mem_set_cpu(m->mem, m->locks);
	sim_mem_store32(m->mem, p, v);
	if (old == v)
		return;
	stored(m, p, old, v);
	machine_step(m, MACHINE_STEP_STORE);
}

void harness_publish(void)
{
	if (!machine_current)
		return; /* a unit test of one module */
	point(MACHINE_POINT_BARRIER, NULL, 0, PC);
	sim_mem_set_cpu(machine_current->mem, machine_current->locks);
	sim_mem_publish(machine_current->mem);
	machine_current->last_step =
		(struct incident_step){ .what = "barrier" };
	machine_step(machine_current, MACHINE_STEP_BARRIER);
}

void harness_before_doorbell(void)
{
	harness_publish();
}

void harness_after_sync(void)
{
	if (!machine_current)
		return;
	point(MACHINE_POINT_BARRIER, NULL, 0, PC);
	machine_current->last_step =
		(struct incident_step){ .what = "barrier" };
	machine_step(machine_current, MACHINE_STEP_BARRIER);
}

_Thread_local void (*harness_on_clean)(const void *p, size_t len);

void harness_clean(const void *p, size_t len)
{
	if (harness_on_clean)
		harness_on_clean(p, len);
	if (!simulated(machine_current, p))
		return;
	sim_mem_set_cpu(machine_current->mem, machine_current->locks);
	sim_mem_clean(machine_current->mem, p, len);
}

/* The observer stands outside of time: what it reads takes no locks. */
bool lock_taken(const uint32_t *lock)
{
	return *lock == HARNESS_LOCK_HELD;
}

void harness_lock(uint32_t *lock, const char *place)
{
	struct machine *m = machine_current;

	if (m && m->checking)
		return;
	if (*lock == HARNESS_LOCK_NONE)
		harness_bug("a lock is taken that nobody initialised");
	point(MACHINE_POINT_LOCK, lock, sizeof(*lock), PC);
	/* One CPU: a lock that is held already will never be released. */
	if (lock_taken(lock))
		harness_bug("a lock is taken twice");
	*lock = HARNESS_LOCK_HELD;
	if (m)
		locks_take(m, lock, place);
}

void harness_unlock(uint32_t *lock)
{
	struct machine *m = machine_current;

	if (m && m->checking)
		return;
	if (!lock_taken(lock))
		harness_bug("a lock is released that is not held");
	point(MACHINE_POINT_UNLOCK, lock, sizeof(*lock), PC);
	*lock = HARNESS_LOCK_FREE;
	if (m)
		locks_release(m, lock);
}

/* Time passes by being looked at, so that every wait ends. */
uint64_t harness_time_us(void)
{
	return machine_current ? machine_current->now_us++ : 0;
}

_Thread_local void (*harness_on_bug)(const char *what);

_Noreturn void harness_bug(const char *what)
{
	if (machine_current && machine_current->cpus)
		machine_current->cpus->bug(machine_current->cpus, what);
	if (harness_on_bug)
		harness_on_bug(what);
	fprintf(stderr, "hypiommu: bug: %s\n", what);
	abort();
}
