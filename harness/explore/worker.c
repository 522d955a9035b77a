// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * One process: takes states of the level, makes each again from its moves, and
 * tries every move on it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"
#include "judge.h"
#include "play.h"
#include "worker.h"

struct worker {
	struct shared *shared;
	const struct explore_options *options;
	struct play *play;
	struct scn_result *result;
	struct scn_step *moves;
	uint32_t move_count, number;
	/* Pages whose owners and pins matter. */
	struct spec_range ranges[SCN_RUNS];
	uint32_t range_count;
	uint64_t made; /* moves, not yet added to shared */
};

/* ------------------------------------------------------------- the machine */

static bool give_up(struct worker *w, const char *why)
{
	snprintf(w->shared->error, sizeof(w->shared->error), "%.390s", why);
	__atomic_store_n(&w->shared->stop, 1, __ATOMIC_RELEASE);
	return false;
}

static void watch(struct worker *w, bool looking)
{
	enum machine_check check = w->options->steps ? MACHINE_CHECK_STEPS
						     : MACHINE_CHECK_CALLS;

	w->play->m->config.check = looking ? check : MACHINE_CHECK_OFF;
}

static bool set_up(struct worker *w)
{
	const struct scn *s = w->options->world;
	struct machine *m;

	if (!image_open())
		return give_up(w, "out of memory");
	w->play = calloc(1, sizeof(*w->play));
	w->result = calloc(1, sizeof(*w->result));
	if (!w->play || !w->result)
		return give_up(w, "out of memory");
	w->play->s = s;
	w->play->result = w->result;
	for (uint32_t i = 0; i < SCN_DOMAINS; i++)
		w->play->domains[i] = ~0ull;
	if (!play_set_up(w->play))
		return give_up(w, w->result->text);
	m = w->play->m;
	/* No statement expects anything here, and none says that it failed. */
	w->result->failed = true;
	w->result->hint[0] = '-';
	for (uint32_t i = 0; i < s->run_count; i++)
		w->ranges[w->range_count++] =
			(struct spec_range){ s->runs[i].pa,
					     s->runs[i].pages * PLAY_PAGE };
	machine_check_now(m);
	if (m->stats.violations)
		return give_up(w, m->violation);
	watch(w, false);
	if (!image_add(sim_mem_ptr(m->mem, MACHINE_RAM_BASE),
		       m->config.ram_size) ||
	    !image_add(sim_mem_ptr(m->mem, MACHINE_EL2_BASE),
		       MACHINE_EL2_SIZE + MACHINE_DONOR_SIZE) ||
	    !image_seal())
		return give_up(w, "memory cannot be protected");
	return true;
}

/* ------------------------------------------------------------------- moves */

static void make(struct worker *w, uint32_t move)
{
	w->play->step = &w->moves[move];
	w->play->status = HYPIOMMU_OK;
	play_step(w->play);
}

/* The state's own moves again, from the machine as it was set up. */
static void make_again(struct worker *w, uint32_t state)
{
	uint32_t path[EXPLORE_DEPTH];
	uint32_t n =
		states_path(&w->shared->states, state, path, EXPLORE_DEPTH);

	image_to_base();
	watch(w, false);
	for (uint32_t i = 0; i < n; i++)
		make(w, path[i]);
	watch(w, true);
	/* Caches as full as they can be. */
	machine_look(w->play->m);
}

static void compare(struct worker *w)
{
	struct machine *m = w->play->m;

	for (uint32_t i = 0; i < w->range_count; i++)
		judge_range(m->judge, w->ranges[i].pa, w->ranges[i].size);
	play_check_structures(w->play);
	if (m->locks->count)
		machine_violation(m, "a lock is still held");
}

/* What hardware that is off would do if it were repaired and switched on. The
 * machine is put back afterwards, whatever comes of it. */
static uint64_t asleep(const struct worker *w)
{
	static const struct scn_step mend = { .verb = SCN_MEND };
	const struct spec *s = judge_state(w->play->m->judge);
	bool any = false;

	w->play->step = &mend;
	for (uint32_t i = 0; i < s->smmu_count; i++) {
		if (!s->smmus[i].broken)
			continue;
		any = true;
		play_step(w->play);
		machine_reset(w->play->m, i);
	}
	if (!any)
		return 0;
	machine_look(w->play->m);
	return spec_mix(1, judge_shape(w->play->m->judge));
}

/*
 * What tells states apart: all that the specification knows, what is wrong
 * with the hardware, how much table memory is in use, and the leaves that
 * tables are made of. Not: which of several equal pages of table memory is
 * where, and what statistics say.
 */
static uint64_t hash(const struct worker *w)
{
	const struct machine *m = w->play->m;
	const struct spec *s = judge_state(m->judge);
	uint64_t h = spec_hash(s, w->ranges, w->range_count);

	h = spec_mix(h, s->pool_used);
	h = spec_mix(h, judge_shape(m->judge));
	h = spec_mix(h, (uint64_t)machine_hw_doubt(m) |
				(uint64_t)w->play->ailing << 1);
	return spec_mix(h, asleep(w));
}

static void report(struct worker *w, uint32_t state, uint32_t move)
{
	struct shared *sh = w->shared;
	uint32_t none = 0;

	if (!__atomic_compare_exchange_n(&sh->failed, &none, 1, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return;
	sh->failed_state = state;
	sh->failed_move = move;
	snprintf(sh->what, sizeof(sh->what), "%.250s", w->play->m->violation);
	__atomic_store_n(&sh->stop, 1, __ATOMIC_RELEASE);
}

static void note_answer(struct worker *w, uint32_t move)
{
	uint32_t code = (uint32_t)-w->play->status;

	w->made++;
	if (code < EXPLORE_CODES)
		__atomic_fetch_add(&w->shared->answers[move][code], 1,
				   __ATOMIC_RELAXED);
}

/* One move on the state that is kept. */
static void try_move(struct worker *w, uint32_t state, uint32_t move)
{
	struct machine *m = w->play->m;
	uint64_t looks = m->stats.checks;

	w->shared->at[w->number].move = move;
	make(w, move);
	/* Not every move ends with a look of the machine's own. */
	if (m->stats.checks == looks || w->options->steps)
		machine_look(m);
	compare(w);
	note_answer(w, move);
	if (m->stats.violations)
		report(w, state, move);
	else
		states_add(&w->shared->states, hash(w), state, move);
}

static void expand(struct worker *w, uint32_t state)
{
	struct shared *sh = w->shared;

	sh->at[w->number].state = state;
	sh->at[w->number].move = w->move_count;
	make_again(w, state);
	image_keep();
	for (uint32_t i = 0; i < w->move_count; i++) {
		if (__atomic_load_n(&sh->stop, __ATOMIC_ACQUIRE))
			return;
		if (i)
			image_to_kept();
		try_move(w, state, i);
	}
}

/* ------------------------------------------------------------------ levels */

/* Wait for the others; the last to come opens the next level. */
static void next_level(struct worker *w)
{
	struct shared *sh = w->shared;
	uint32_t was = __atomic_load_n(&sh->generation, __ATOMIC_ACQUIRE);

	__atomic_fetch_add(&sh->moves, w->made, __ATOMIC_RELAXED);
	w->made = 0;
	if (__atomic_add_fetch(&sh->arrived, 1, __ATOMIC_ACQ_REL) ==
	    w->options->jobs) {
		uint32_t begin = sh->end;

		sh->end = states_count(&sh->states);
		sh->depth++;
		sh->arrived = 0;
		__atomic_store_n(&sh->cursor, begin, __ATOMIC_RELAXED);
		if (begin == sh->end || sh->depth >= w->options->depth ||
		    sh->end >= w->options->states)
			__atomic_store_n(&sh->stop, 1, __ATOMIC_RELEASE);
		__atomic_store_n(&sh->generation, was + 1, __ATOMIC_RELEASE);
		return;
	}
	while (__atomic_load_n(&sh->generation, __ATOMIC_ACQUIRE) == was &&
	       !__atomic_load_n(&sh->stop, __ATOMIC_ACQUIRE))
		usleep(200);
}

static bool full(const struct worker *w)
{
	return states_count(&w->shared->states) >= w->options->states;
}

static void explore_levels(struct worker *w)
{
	struct shared *sh = w->shared;

	while (!__atomic_load_n(&sh->stop, __ATOMIC_ACQUIRE)) {
		uint32_t state =
			__atomic_fetch_add(&sh->cursor, 1, __ATOMIC_ACQ_REL);

		if (state >= sh->end) {
			next_level(w);
		} else if (full(w)) {
			/* The level stays unfinished. */
			__atomic_store_n(&sh->stop, 1, __ATOMIC_RELEASE);
		} else {
			expand(w, state);
			if (w->made > 10000) {
				__atomic_fetch_add(&sh->moves, w->made,
						   __ATOMIC_RELAXED);
				w->made = 0;
			}
		}
	}
	__atomic_fetch_add(&sh->moves, w->made, __ATOMIC_RELAXED);
}

void worker_run(struct shared *shared, const struct explore_options *options,
		uint32_t number)
{
	const struct scn *s = options->world;
	struct worker w = { .shared = shared,
			    .options = options,
			    .move_count = s->step_count,
			    .number = number };

	w.moves = malloc(s->step_count * sizeof(*w.moves));
	if (!w.moves) {
		give_up(&w, "out of memory");
		return;
	}
	memcpy(w.moves, s->steps, s->step_count * sizeof(*w.moves));
	/* One call a move: nobody calls again for the rest. */
	for (uint32_t i = 0; i < w.move_count; i++)
		w.moves[i].has |= 1ull << SCN_A_WANT;
	if (!set_up(&w))
		return;
	shared->at[number].busy = 1;
	explore_levels(&w);
	shared->at[number].busy = 0;
}
