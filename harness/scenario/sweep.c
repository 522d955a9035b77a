// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Every k of a kind of fault, each in a process that begins where the machine
 * has just booted. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "play.h"

static const struct {
	const char *name, *what;
} kinds[SCN_FAULTS] = {
	[SCN_FAULT_NONE] = { "none", "nothing" },
	[SCN_FAULT_ALLOC] = { "alloc", "the K-th allocation of table memory" },
	[SCN_FAULT_POOL] = { "pool",
			     "the pool has K - 1 pages from the start" },
	[SCN_FAULT_SYNC] = { "sync", "the K-th wait for invalidations never "
				     "ends" },
	[SCN_FAULT_COMMAND] = { "command", "the K-th command is called "
					   "illegal" },
	[SCN_FAULT_FETCH] = { "fetch", "the K-th command cannot be fetched" },
	[SCN_FAULT_ONES] = { "ones", "the K-th register read gives all ones" },
	[SCN_FAULT_DEAD] = { "dead", "from the K-th register access on its "
				     "frame is dead" },
	[SCN_FAULT_HANG] = { "hang", "from the K-th register access on nothing "
				     "completes" },
	[SCN_FAULT_GERROR] = { "gerror", "at the K-th register access the SMMU "
					 "enters service failure mode" },
};

const char *scn_fault_name(enum scn_fault_kind kind)
{
	return kinds[kind].name;
}

const char *scn_fault_what(enum scn_fault_kind kind)
{
	return kinds[kind].what;
}

/* What goes on in a child, and what it leaves for its parent. */
struct child {
	struct play *p; /* booted, or NULL */
	const struct scn *s;
	struct scn_fault fault;
	struct scn_result *result; /* shared */
};

static void play_child(struct child *c)
{
	if (!c->p) {
		scn_play(c->s, &c->fault, c->result, NULL);
		return;
	}
	c->p->result = c->result;
	c->p->fault = c->fault;
	c->p->m->fault.at = c->fault.at;
	play_all(c->p);
	play_finish(c->p);
}

static int run_child(struct child *c)
{
	int status = 0;
	pid_t pid;

	memset(c->result, 0, sizeof(*c->result));
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return -1;
	if (!pid) {
		play_child(c);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -1;
	}
	if (!status)
		return 0;
	c->result->failed = c->result->fired = true;
	snprintf(c->result->text, sizeof(c->result->text),
		 "the library, or the harness, ended by signal %d",
		 WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	return 0;
}

static void count(struct scn_swept *swept, uint64_t at,
		  const struct scn_result *r)
{
	swept->played++;
	swept->fired += r->fired;
	swept->refused += r->refused;
	if (!r->failed || swept->failed_at)
		return;
	swept->failed_at = at;
	swept->worst = *r;
}

/* From first to last, `sample` of them, both ends included. */
static int play_range(struct child *c, const struct scn_sweep *sweep,
		      uint64_t first, uint64_t last, struct scn_swept *swept)
{
	uint64_t n = last < first ? 0 : last - first + 1;
	uint64_t want = sweep->sample && sweep->sample < n ? sweep->sample : n;

	for (uint64_t i = 0; i < want; i++) {
		uint64_t at = want == n	  ? first + i
			      : want == 1 ? first
					  : first + i * (n - 1) / (want - 1);

		if (sweep->progress)
			sweep->progress(sweep->progress_ctx, i, want);
		c->fault.at = at;
		if (run_child(c))
			return -1;
		count(swept, at, c->result);
	}
	return 0;
}

/* Pages of the pool, from none to as many as are enough. */
static int sweep_pool(struct child *c, const struct scn_sweep *sweep,
		      struct scn_swept *swept)
{
	struct scn_result plain;
	uint64_t enough;

	scn_play(c->s, NULL, &plain, NULL);
	if (plain.failed)
		return -1;
	enough = plain.pool_peak;
	swept->events = swept->boot = enough;
	return play_range(c, sweep, 1, enough, swept);
}

static int sweep_events(struct child *c, struct play *p,
			const struct scn_sweep *sweep, struct scn_swept *swept)
{
	int err = 0;

	play_begin(p, c->s, &c->fault, c->result);
	if (!p->m || c->result->failed || c->result->refused)
		return -1;
	swept->boot = p->m->fault.seen;
	if (sweep->from_boot)
		err = play_range(c, sweep, 1, swept->boot, swept);
	c->p = p;
	c->fault.at = 0;
	if (err || run_child(c))
		return -1;
	if (c->result->failed)
		return -1;
	swept->events = c->result->events;
	return play_range(c, sweep, swept->boot + 1, swept->events, swept);
}

int scn_sweep(const struct scn *s, const struct scn_sweep *sweep,
	      struct scn_swept *swept)
{
	struct child c = { .s = s, .fault = { sweep->kind, 0 } };
	struct play p = { 0 };
	int err;

	memset(swept, 0, sizeof(*swept));
	c.result = mmap(NULL, sizeof(*c.result), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c.result == MAP_FAILED)
		return -1;
	if (sweep->kind == SCN_FAULT_POOL) {
		err = sweep_pool(&c, sweep, swept);
	} else {
		err = sweep_events(&c, &p, sweep, swept);
		machine_destroy(p.m);
	}
	munmap(c.result, sizeof(*c.result));
	return err;
}
