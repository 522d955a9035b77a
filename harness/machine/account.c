// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Who owns what, as the harness believes it: changed only by what a caller was
 * told succeeded, never read from the library. Only while a transition is under
 * way, which other CPUs can notice before its caller is told, does the
 * library's word decide between the two owners there may be.
 */
#include <string.h>

#include "judge.h"
#include "machine.h"
#include "owners.h"

#define PAGE 4096ull

size_t machine_pages(const struct machine *m)
{
	return (m->config.ram_size + MACHINE_EL2_SIZE + MACHINE_DONOR_SIZE +
		m->config.far_size) /
		       PAGE +
	       1;
}

bool machine_page(const struct machine *m, uint64_t pa, size_t *index)
{
	const struct {
		uint64_t base, size;
	} parts[] = {
		{ MACHINE_RAM_BASE, m->config.ram_size },
		{ MACHINE_EL2_BASE, MACHINE_EL2_SIZE + MACHINE_DONOR_SIZE },
		{ m->config.far_base, m->config.far_size },
		{ m->config.doorbell, PAGE },
	};
	uint64_t before = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		*index = (before + pa - parts[i].base) / PAGE;
		if (pa >= parts[i].base && pa - parts[i].base < parts[i].size)
			return true;
		before += parts[i].size;
	}
	return false;
}

static uint8_t *truth_of(const struct machine *m, uint64_t pa)
{
	size_t at;

	return machine_page(m, pa, &at) ? &m->truth[at] : NULL;
}

uint8_t machine_truth(const struct machine *m, uint64_t pa)
{
	const uint8_t *t = truth_of(m, pa);

	return t ? *t : TRUTH_NOBODY;
}

void machine_set_truth(struct machine *m, uint64_t pa, uint64_t size,
		       uint8_t who)
{
	for (uint64_t at = 0; at < size; at += PAGE) {
		uint8_t *t = truth_of(m, pa + at);

		if (t)
			*t = who;
		else
			machine_violation(m, "a transition of what is no "
					     "memory was accepted");
	}
}

/* ------------------------------------------------------------- under way */

static bool overlap(const struct machine_move *a, const struct machine_move *b)
{
	return a->pa < b->pa + b->size && b->pa < a->pa + a->size;
}

static void begin(struct machine *m, struct machine_move *move)
{
	machine_current = m;
	move->cpu = m->locks;
	move->next = m->moves;
	m->moves = move;
}

struct machine_move *machine_call_now(const struct machine *m)
{
	struct machine_move *o = m->moves;

	while (o && o->cpu != m->locks)
		o = o->next;
	return o;
}

/* Others that ended meanwhile may have come before or after this one. */
static void end(struct machine *m, struct machine_move *move)
{
	struct machine_move **at = &m->moves;

	while (*at != move)
		at = &(*at)->next;
	*at = move->next;
	for (struct machine_move *o = m->moves; o; o = o->next)
		o->disturbed |= overlap(o, move);
}

static uint32_t word_of_library(struct machine *m, uint64_t pa)
{
	struct hypiommu_page_info info;

	if (machine_page_info(m, pa, &info) ||
	    info.state != HYPIOMMU_PAGE_OWNED)
		return TRUTH_NOBODY;
	return info.owner;
}

bool machine_permits(struct machine *m, uint64_t pa, uint32_t owner)
{
	uint32_t truth = machine_truth(m, pa);
	bool may_be = truth == owner, moving = false;

	for (const struct machine_move *o = m->moves; o; o = o->next) {
		if (pa < o->pa || pa - o->pa >= o->size)
			continue;
		moving = true;
		may_be |= o->to == owner;
	}
	return may_be && (!moving || word_of_library(m, pa) == owner);
}

static void settle(struct machine *m, const struct machine_move *move)
{
	machine_set_truth(m, move->pa, move->size, (uint8_t)move->to);
	for (uint64_t at = 0; move->disturbed && at < move->size; at += PAGE)
		machine_set_truth(m, move->pa + at, PAGE,
				  (uint8_t)word_of_library(m, move->pa + at));
}

/* --------------------------------------------------------- transitions */

/* The library's; a port that keeps page states makes it itself. */
typedef int (*transition_fn)(struct hypiommu *h, uint32_t a, uint32_t b,
			     uint64_t pa, uint64_t size);

/*
 * One transition: `who` may have the pages afterwards. Judge it, account for
 * it if the library accepted it, and look.
 */
static int transition(struct machine *m, enum spec_transition how,
		      transition_fn fn, uint32_t a, uint32_t b, uint64_t pa,
		      uint64_t size, uint32_t who)
{
	static const char *const names[] = {
		[SPEC_DONATE] = "donate",   [SPEC_SHARE] = "share",
		[SPEC_UNSHARE] = "unshare", [SPEC_LEND] = "lend",
		[SPEC_RECLAIM] = "reclaim",
	};
	struct machine_move move = {
		.pa = pa, .size = size, .to = who, .caller = a
	};
	int err;

	incident_name(&move, names[how], a, b, pa, size);
	judge_begin(m);
	begin(m, &move);
	err = m->owners ? machine_owners_move(m, how, a, b, pa, size)
			: fn(m->h, a, b, pa, size);
	judge_transition(m->judge, how, a, b, pa, size, err);
	judge_end(m);
	end(m, &move);
	if (err)
		return err;
	settle(m, &move);
	if (m->config.check != MACHINE_CHECK_OFF)
		machine_look(m);
	return err;
}

int machine_donate(struct machine *m, uint32_t from, uint32_t to, uint64_t pa,
		   uint64_t size)
{
	return transition(m, SPEC_DONATE, hypiommu_donate, from, to, pa, size,
			  to);
}

int machine_share(struct machine *m, uint32_t owner, uint32_t with, uint64_t pa,
		  uint64_t size)
{
	return transition(m, SPEC_SHARE, hypiommu_share, owner, with, pa, size,
			  TRUTH_NOBODY);
}

int machine_unshare(struct machine *m, uint32_t owner, uint32_t with,
		    uint64_t pa, uint64_t size)
{
	return transition(m, SPEC_UNSHARE, hypiommu_unshare, owner, with, pa,
			  size, owner);
}

int machine_lend(struct machine *m, uint32_t owner, uint32_t to, uint64_t pa,
		 uint64_t size)
{
	return transition(m, SPEC_LEND, hypiommu_lend, owner, to, pa, size,
			  TRUTH_NOBODY);
}

int machine_reclaim(struct machine *m, uint32_t owner, uint32_t borrower,
		    uint64_t pa, uint64_t size)
{
	return transition(m, SPEC_RECLAIM, hypiommu_reclaim, owner, borrower,
			  pa, size, owner);
}

size_t machine_stream(const struct machine *m, uint64_t smmu, uint64_t sid)
{
	const struct machine_config *c = &m->config;
	size_t i = 0;

	while (i < c->sid_count &&
	       (c->sids[i] != sid ||
		(c->sid_smmus ? c->sid_smmus[i] : 0) != smmu))
		i++;
	return i;
}

int machine_assign_stream_behind(struct machine *m, uint32_t smmu, uint32_t sid,
				 uint32_t from, uint32_t to)
{
	size_t stream = machine_stream(m, smmu, sid);
	struct machine_move move = { .stream = true,
				     .smmu = smmu,
				     .sid = sid,
				     .to = to,
				     .caller = from };
	int err;

	incident_name(&move, "assign_stream", smmu, sid, from, to);
	judge_begin(m);
	begin(m, &move);
	err = hypiommu_assign_stream(m->h, smmu, sid, from, to);
	judge_assign(m->judge, smmu, sid, from, to, err);
	judge_end(m);
	end(m, &move);
	if (!err && stream < m->config.sid_count)
		m->stream_truth[stream] = to;
	return err;
}

int machine_assign_stream(struct machine *m, uint32_t sid, uint32_t from,
			  uint32_t to)
{
	return machine_assign_stream_behind(m, 0, sid, from, to);
}

int machine_suspend(struct machine *m, uint32_t smmu)
{
	struct machine_move move = { .name = "smmu_suspend",
				     .argc = 1,
				     .args = { smmu } };
	int err;

	judge_begin(m);
	begin(m, &move);
	err = hypiommu_smmu_suspend(m->h, smmu);
	judge_suspend(m->judge, smmu, err);
	judge_end(m);
	end(m, &move);
	return err;
}

int machine_reset(struct machine *m, uint32_t smmu)
{
	struct machine_move move = { .name = "smmu_reset",
				     .argc = 1,
				     .args = { smmu } };
	int err;

	judge_begin(m);
	begin(m, &move);
	err = hypiommu_smmu_reset(m->h, smmu);
	judge_reset(m->judge, smmu, err);
	judge_end(m);
	end(m, &move);
	return err;
}

/* What a hypercall may do to owners: MEM_TOPUP and MEM_GIVEBACK. */
static struct machine_move move_of(const struct hypiommu_regs *in)
{
	struct machine_move move = { .pa = in->x[1] };

	if (in->x[0] == HYPIOMMU_HC_MEM_TOPUP) {
		/* However many are asked for, a few are taken. */
		move.size = (in->x[2] < 1u << 20 ? in->x[2] : 1u << 20) * PAGE;
		move.to = HYPIOMMU_HYP;
	} else if (in->x[0] == HYPIOMMU_HC_MEM_GIVEBACK) {
		if (in->x[1] == HYPIOMMU_ANY_PAGE)
			move.pa = 0;
		move.size = in->x[1] == HYPIOMMU_ANY_PAGE ? UINT64_MAX : PAGE;
		move.to = HYPIOMMU_HOST;
	}
	return move;
}

static void account_hcall(struct machine *m, struct machine_move *move,
			  const struct hypiommu_regs *in,
			  const struct hypiommu_regs *out)
{
	bool topup = in->x[0] == HYPIOMMU_HC_MEM_TOPUP;

	end(m, move);
	if (out->x[0] || !move->size)
		return;
	move->pa = topup ? in->x[1] : out->x[1];
	move->size = topup ? out->x[1] * PAGE : PAGE;
	settle(m, move);
}

void machine_hcall(struct machine *m, uint32_t caller,
		   struct hypiommu_regs *regs)
{
	const struct hypiommu_regs in = *regs;
	struct machine_move move = move_of(&in);
	struct mappings_call call;

	incident_name_hcall(&move, caller, &in);
	judge_begin(m);
	begin(m, &move);
	mappings_begin(m, &call, &in);
	hypiommu_hcall(m->h, caller, regs);
	mappings_end(m, &call, regs);
	judge_hcall(m->judge, caller, &in, regs);
	judge_end(m);
	machine_fault_told(m, caller, &in, regs);
	m->stats.hypercalls++;
	if (m->locks->count)
		machine_violation(m, "a hypercall returned with a lock held");
	account_hcall(m, &move, &in, regs);
	if (m->config.check != MACHINE_CHECK_OFF &&
	    ++m->calls % m->config.check_every == 0)
		machine_look(m);
}

/* Is the error of a list that of this segment? It is the one that did not come
 * whole, but where mapping flushes and a flush fails when all is written. */
static bool errs_here(const struct machine *m, int err, uint64_t left,
		      uint64_t size)
{
	return left < size ||
	       (left == size && m->tegra &&
		(err == HYPIOMMU_E_HW || err == HYPIOMMU_E_BROKEN));
}

/* So much of a list fits into one call in any case, whatever the granule. */
#define LIST_BYTES (512 * PAGE)

/* What a list asks for and gets is what as many MAP_PAGES would, until one
 * stops; none is begun after that. */
static void list_ends(struct machine *m, uint32_t caller,
		      struct mappings_call *calls, uint32_t count, int err,
		      const struct hypiommu_progress *progress)
{
	uint64_t left = progress->bytes, asked = 0;
	bool stopped = false, told = !err;

	for (uint32_t i = 0; i < count; i++) {
		const uint64_t size = calls[i].in.x[4];
		struct hypiommu_regs out = { .x[1] = left < size ? left
								 : size };

		if (!told && !stopped && errs_here(m, err, left, size)) {
			out.x[0] = (uint64_t)(int64_t)err;
			out.x[2] = progress->order;
			out.x[3] = progress->count;
			out.x[4] = progress->limit;
			told = true;
		}
		mappings_end(m, &calls[i], &out);
		if (!stopped && (out.x[1] || out.x[0]))
			judge_hcall(m->judge, caller, &calls[i].in, &out);
		left -= out.x[1];
		asked += size;
		stopped |= out.x[1] < size || out.x[0];
	}
	if (left || (count && !told))
		machine_violation(m, "the answer of map_list is that of no "
				     "segment");
	else if (!err && asked <= LIST_BYTES && progress->bytes != asked)
		machine_violation(m, "map_list did too little");
}

int machine_map_list(struct machine *m, uint32_t caller, uint64_t domain,
		     uint64_t iova, uint64_t prot,
		     const struct hypiommu_segment *list, uint32_t count,
		     struct hypiommu_progress *progress)
{
	struct machine_move move = { .name = "map_list",
				     .argc = 4,
				     .args = { domain, iova, prot, count },
				     .caller = caller };
	struct mappings_call calls[MACHINE_LIST];
	uint64_t at = iova;
	int err;

	if (count > MACHINE_LIST)
		count = MACHINE_LIST;
	for (uint32_t i = 0; i < count; at += list[i++].size)
		calls[i].in = (struct hypiommu_regs){
			.x = { HYPIOMMU_HC_MAP_PAGES, domain, at, list[i].pa,
			       list[i].size, prot },
		};
	judge_begin(m);
	begin(m, &move);
	mappings_begin_list(m, calls, count);
	err = hypiommu_map_list(m->h, caller, domain, iova, prot, list, count,
				progress);
	list_ends(m, caller, calls, count, err, progress);
	judge_end(m);
	end(m, &move);
	return err;
}
