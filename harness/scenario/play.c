// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Plays a scenario: statement by statement, the observer looking. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "play.h"

/* --------------------------------------------------------------- messages */

bool play_lenient(const struct play *p)
{
	return p->fault.kind == SCN_FAULT_ALLOC ||
	       p->fault.kind == SCN_FAULT_POOL || (p->m && p->m->fault.fired);
}

static bool failed(struct play *p, const char *format, va_list args)
{
	if (p->result->failed)
		return false;
	p->result->failed = true;
	p->result->step = p->step;
	vsnprintf(p->result->text, sizeof(p->result->text), format, args);
	return false;
}

bool play_fail(struct play *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (!play_lenient(p))
		failed(p, format, args);
	va_end(args);
	return false;
}

bool play_broken(struct play *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	failed(p, format, args);
	va_end(args);
	return false;
}

bool play_hint(struct play *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (p->result->failed && !p->result->hint[0])
		vsnprintf(p->result->hint, sizeof(p->result->hint), format,
			  args);
	va_end(args);
	return false;
}

const char *play_address(const struct play *p, uint64_t pa, char text[64])
{
	FILE *out = fmemopen(text, 64, "w");

	text[0] = '\0';
	if (out) {
		scn_print_address(p->s, pa, out);
		fclose(out);
	}
	return text;
}

static const struct {
	int status;
	const char *meaning;
} meanings[] = {
	{ HYPIOMMU_E_INVAL, "an argument is wrong in itself" },
	{ HYPIOMMU_E_RANGE, "beyond what domain or machine can address" },
	{ HYPIOMMU_E_NOENT, "nothing there, or not the caller's" },
	{ HYPIOMMU_E_EXIST, "something is there already" },
	{ HYPIOMMU_E_PERM, "the page's or stream's owner does not permit it" },
	{ HYPIOMMU_E_BUSY,
	  "pinned for DMA, a table, or a stream is still attached" },
	{ HYPIOMMU_E_NOMEM, "table pages are missing: topup" },
	{ HYPIOMMU_E_NOSPC, "identifiers are exhausted: machine ... domains" },
	{ HYPIOMMU_E_TIMEOUT, "the hardware did not answer" },
	{ HYPIOMMU_E_BROKEN, "the SMMU failed earlier: mend, then reset" },
	{ HYPIOMMU_E_PHASE, "before or after finalise only" },
	{ HYPIOMMU_E_AGAIN, "part of the work is done: call again, or sync" },
	{ HYPIOMMU_E_HW, "the hardware answered nonsense" },
};

void play_note(struct play *p, int status)
{
	if (status == HYPIOMMU_E_TIMEOUT || status == HYPIOMMU_E_HW ||
	    status == HYPIOMMU_E_BROKEN)
		memset(p->down, true, sizeof(p->down));
}

bool play_status(struct play *p, int status)
{
	int want = (int)(int64_t)play_arg(p, SCN_A_WANT);

	p->status = status;
	if (status == want)
		return true;
	play_fail(p, "expected %s, got %s",
		  want ? hypiommu_error_name(want) : "OK",
		  status ? hypiommu_error_name(status) : "OK");
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (meanings[i].status == status)
			play_hint(p, "%s: %s", hypiommu_error_name(status),
				  meanings[i].meaning);
	}
	return false;
}

/* --------------------------------------------------------------- statements */

bool play_step(struct play *p)
{
	enum scn_verb verb = p->step->verb;

	if (verb >= SCN_INFO && verb <= SCN_CALL)
		return play_hcall(p);
	if (verb == SCN_FINALISE || verb <= SCN_MC_RESUME)
		return play_port(p);
	if (verb == SCN_READ || verb == SCN_WRITE)
		return play_dma(p);
	return verb < SCN_PINS ? play_hardware(p) : play_expectation(p);
}

void play_check_structures(struct play *p)
{
	if (p->ailing || !p->m->armed || p->m->fault.fired)
		return;
	for (unsigned int i = 0; i < MACHINE_V2_MAX; i++) {
		if (p->down[i])
			return;
	}
	for (unsigned int i = 0; i < MACHINE_V2_MAX; i++) {
		if (p->m->v2[i])
			sim_smmuv2_check_mirrors(p->m->v2[i]);
	}
	if (p->m->mc)
		sim_tegra_mc_check(p->m->mc);
}

static bool nothing_to_object(struct play *p)
{
	play_check_structures(p);
	if (p->m->locks->count)
		return play_broken(p, "a lock is still held");
	if (!p->m->stats.violations)
		return true;
	play_broken(p, "the promise is broken: %s", p->m->violation);
	return play_hint(p, "this is a defect of the library, or of the "
			    "simulated hardware");
}

static void log_step(const struct play *p)
{
	if (!p->log)
		return;
	fprintf(p->log, "%4u: %-8s ", p->step->line,
		p->status ? hypiommu_error_name(p->status) : "");
	scn_print_step(p->s, p->step, p->log);
}

void play_all(struct play *p)
{
	const struct scn *s = p->s;

	machine_get_stats(p->m, &p->mark);
	if (!nothing_to_object(p))
		return;
	for (uint32_t i = 0; i < s->step_count; i++) {
		bool good;

		p->step = &s->steps[i];
		p->result->steps++;
		p->status = 0;
		good = play_step(p);
		log_step(p);
		if (!nothing_to_object(p) || (!good && !play_lenient(p)))
			return;
	}
	p->step = NULL;
	if (p->config.check != MACHINE_CHECK_OFF && p->m->armed)
		machine_check_now(p->m);
	if (nothing_to_object(p))
		play_end(p);
	nothing_to_object(p);
}

void play_begin(struct play *p, const struct scn *s,
		const struct scn_fault *fault, struct scn_result *result)
{
	*p = (struct play){ .s = s, .result = result };
	memset(result, 0, sizeof(*result));
	memset(p->domains, 0xff, sizeof(p->domains));
	if (fault)
		p->fault = *fault;
	if (play_set_up(p))
		return;
	/* Without a fault that was a failure; with it, it must be closed. */
	result->refused = !result->failed;
	if (p->m && result->refused)
		play_refused(p);
}

void play_finish(struct play *p)
{
	struct scn_result *r = p->result;

	struct hypiommu_pool_info pool = { 0 };

	if (!p->m)
		return;
	machine_get_stats(p->m, &r->stats);
	if (p->m->h && !hypiommu_pool_info(p->m->h, &pool))
		r->pool_peak = pool.used_peak;
	r->events = p->m->fault.seen;
	r->fired |= p->m->fault.fired;
	machine_destroy(p->m);
}

void scn_play(const struct scn *s, const struct scn_fault *fault,
	      struct scn_result *result, FILE *log)
{
	struct play p;

	play_begin(&p, s, fault, result);
	p.log = log;
	result->at_boot = p.m && p.m->fault.fired;
	if (p.m && !result->failed && !result->refused)
		play_all(&p);
	play_finish(&p);
}
