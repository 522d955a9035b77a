// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Hypercalls, and the calls of the port. */
#include <inttypes.h>

#include "play.h"

static uint64_t domain(const struct play *p)
{
	uint64_t d = play_arg(p, SCN_A_DOM);

	return d & SCN_LITERAL ? d & ~SCN_LITERAL : p->domains[d];
}

static uint64_t sid(const struct play *p)
{
	return p->s->devices[play_arg(p, SCN_A_DEV)].sid;
}

/* ------------------------------------------------------------- hypercalls */

static void fill(const struct play *p, uint64_t x[8])
{
	switch (p->step->verb) {
	case SCN_ALLOC:
		x[0] = HYPIOMMU_HC_DOMAIN_ALLOC;
		x[1] = play_arg(p, SCN_A_SMMU);
		x[2] = play_arg(p, SCN_A_STAGE);
		break;
	case SCN_FREE:
		x[0] = HYPIOMMU_HC_DOMAIN_FREE;
		x[1] = domain(p);
		break;
	case SCN_ATTACH:
	case SCN_DETACH:
		x[0] = p->step->verb == SCN_ATTACH ? HYPIOMMU_HC_ATTACH_DEV
						   : HYPIOMMU_HC_DETACH_DEV;
		x[1] = play_arg(p, SCN_A_SMMU);
		x[2] = sid(p);
		x[3] = domain(p);
		break;
	case SCN_MAP:
		x[0] = HYPIOMMU_HC_MAP_PAGES;
		x[1] = domain(p);
		x[2] = play_arg(p, SCN_A_IOVA);
		x[3] = play_arg(p, SCN_A_PA);
		x[4] = play_arg(p, SCN_A_SIZE);
		x[5] = play_arg(p, SCN_A_PROT);
		break;
	case SCN_UNMAP:
		x[0] = HYPIOMMU_HC_UNMAP_PAGES;
		x[1] = domain(p);
		x[2] = play_arg(p, SCN_A_IOVA);
		x[3] = play_arg(p, SCN_A_SIZE);
		break;
	case SCN_LOOKUP:
		x[0] = HYPIOMMU_HC_IOVA_TO_PHYS;
		x[1] = domain(p);
		x[2] = play_arg(p, SCN_A_IOVA);
		break;
	case SCN_SYNC:
		x[0] = HYPIOMMU_HC_IOTLB_SYNC;
		x[1] = domain(p);
		break;
	case SCN_TOPUP:
		x[0] = HYPIOMMU_HC_MEM_TOPUP;
		x[1] = play_arg(p, SCN_A_PA);
		x[2] = play_arg(p, SCN_A_SIZE) / PLAY_PAGE;
		break;
	case SCN_GIVEBACK:
		x[0] = HYPIOMMU_HC_MEM_GIVEBACK;
		x[1] = play_has(p, SCN_A_PA) ? play_arg(p, SCN_A_PA)
					     : HYPIOMMU_ANY_PAGE;
		break;
	case SCN_FAULT:
		x[0] = HYPIOMMU_HC_FAULT_READ;
		x[1] = play_arg(p, SCN_A_SMMU);
		break;
	case SCN_CALL:
		x[0] = play_arg(p, SCN_A_N);
		for (unsigned int i = 0; i < SCN_XS; i++)
			x[1 + i] = p->step->xs[i];
		break;
	default:
		x[0] = HYPIOMMU_HC_INFO;
	}
}

/* A size that is exact: all of it, or as much as the statement says. */
static bool done_right(struct play *p, uint64_t done, uint64_t unit)
{
	bool ok = !play_arg(p, SCN_A_WANT);
	uint64_t want = ok ? play_arg(p, SCN_A_SIZE) : 0;

	if (play_has(p, SCN_A_DONE))
		want = play_arg(p, SCN_A_DONE);
	if (done * unit == want)
		return true;
	play_fail(p, "expected %" PRIu64 " bytes done, got %" PRIu64, want,
		  done * unit);
	return play_hint(p, "a call may do less: = OK %" PRIu64, done * unit);
}

static bool lookup_right(struct play *p, uint64_t pa)
{
	char want[64], got[64];

	if (!play_has(p, SCN_A_PA) || pa == play_arg(p, SCN_A_PA))
		return true;
	return play_fail(p, "expected %s, got %s",
			 play_address(p, play_arg(p, SCN_A_PA), want),
			 play_address(p, pa, got));
}

/* ----------------------------------------------------------- fault records */

static bool record_differs(struct play *p, const char *what, uint64_t want,
			   uint64_t got)
{
	play_fail(p,
		  "the fault record's %s: expected 0x%" PRIx64
		  ", got 0x%" PRIx64,
		  what, want, got);
	return false;
}

static bool reason_right(struct play *p, uint64_t got)
{
	const struct scn_word *reasons = scn_kind("REASON", 6)->words;
	uint64_t want = play_arg(p, SCN_A_REASON);
	const char *name = scn_word_of(reasons, got);

	return want == got ||
	       play_fail(p, "expected a fault of reason %s, got %s",
			 scn_word_of(reasons, want), name ? name : "nonsense");
}

static bool record_right(struct play *p, const uint64_t x[8])
{
	uint64_t flags = x[1] >> 48;
	bool write = flags & HYPIOMMU_FAULT_WRITE;

	if ((x[1] & 0xffffffff) != sid(p))
		return record_differs(p, "stream", sid(p), x[1] & 0xffffffff);
	if (!reason_right(p, x[1] >> 32 & 0xffff))
		return false;
	if (play_has(p, SCN_A_ACCESS) && play_arg(p, SCN_A_ACCESS) != write)
		return play_fail(p, "expected a fault of a %s, got one of a %s",
				 write ? "read" : "write",
				 write ? "write" : "read");
	if (play_has(p, SCN_A_LOST) != !!(flags & HYPIOMMU_FAULT_LOST))
		return play_fail(p, "expected records %s, got otherwise",
				 play_has(p, SCN_A_LOST) ? "lost before this"
							 : "complete");
	if (!play_has(p, SCN_A_IOVA))
		return true;
	if (!(flags & HYPIOMMU_FAULT_IOVA))
		return play_fail(p, "the fault record has no IOVA");
	return x[2] == play_arg(p, SCN_A_IOVA) ||
	       record_differs(p, "IOVA", play_arg(p, SCN_A_IOVA), x[2]);
}

static bool fault_right(struct play *p, const uint64_t x[8])
{
	int status = (int)(int64_t)x[0];

	p->status = status;
	if (play_has(p, SCN_A_NONE))
		return status == HYPIOMMU_E_NOENT ||
		       play_fail(p,
				 "expected no fault record, got one of "
				 "stream 0x%" PRIx64 " at 0x%" PRIx64,
				 x[1] & 0xffffffff, x[2]);
	if (status == HYPIOMMU_E_NOENT)
		return play_fail(p, "expected a fault record, there is none");
	return play_status(p, status) && record_right(p, x);
}

static bool result_right(struct play *p, const uint64_t x[8])
{
	if (p->step->verb == SCN_FAULT)
		return fault_right(p, x);
	if (!play_status(p, (int)(int64_t)x[0]))
		return false;
	switch (p->step->verb) {
	case SCN_ALLOC:
		if (!x[0])
			p->domains[play_arg(p, SCN_A_DOM)] = x[1];
		return true;
	case SCN_MAP:
	case SCN_UNMAP:
		return done_right(p, x[1], 1);
	case SCN_TOPUP:
		return done_right(p, x[1], PLAY_PAGE);
	case SCN_LOOKUP:
		return lookup_right(p, x[1]);
	default:
		return true;
	}
}

static bool sized(const struct play *p)
{
	return p->step->verb == SCN_MAP || p->step->verb == SCN_UNMAP;
}

/* A driver would call again: nothing is said of how it must end but well. */
static bool goes_on(const struct play *p, const uint64_t x[8], uint64_t done)
{
	if (play_has(p, SCN_A_WANT))
		return false;
	if (p->step->verb == SCN_FREE)
		return (int)(int64_t)x[0] == HYPIOMMU_E_AGAIN;
	return sized(p) && !x[0] && x[1] && done < play_arg(p, SCN_A_SIZE);
}

/* The call number `time` of the statement, until it is done. */
static void call(struct play *p, uint64_t time, struct hypiommu_regs *regs)
{
	uint64_t done = 0, at = time * play_arg(p, SCN_A_SIZE);

	do {
		struct hypiommu_regs in;

		*regs = (struct hypiommu_regs){ 0 };
		fill(p, regs->x);
		if (sized(p))
			regs->x[2] += at + done;
		if (p->step->verb == SCN_MAP) {
			regs->x[3] += done;
			regs->x[4] -= done;
		} else if (p->step->verb == SCN_UNMAP) {
			regs->x[3] -= done;
		}
		in = *regs;
		machine_hcall(p->m, play_who(p), regs);
		play_judge(p, play_who(p), &in, regs);
		play_note(p, (int)(int64_t)regs->x[0]);
		done += sized(p) ? regs->x[1] : 0;
	} while (goes_on(p, regs->x, done));
	if (sized(p))
		regs->x[1] = done;
	p->done = done;
}

bool play_hcall(struct play *p)
{
	uint64_t times = play_arg(p, SCN_A_TIMES);
	bool good = true;

	for (uint64_t i = 0; good && i < times; i++) {
		struct hypiommu_regs regs;

		call(p, i, &regs);
		good = result_right(p, regs.x);
		if (!good && times > 1)
			play_hint(p, "this was call %" PRIu64 " of them",
				  i + 1);
	}
	return good;
}

/* ---------------------------------------------------------------- the port */

static int transition(struct play *p)
{
	uint32_t who = play_who(p), peer = (uint32_t)play_arg(p, SCN_A_PEER);
	uint64_t pa = play_arg(p, SCN_A_PA), size = play_arg(p, SCN_A_SIZE);

	switch (p->step->verb) {
	case SCN_DONATE:
		return machine_donate(p->m, who, peer, pa, size);
	case SCN_SHARE:
		return machine_share(p->m, who, peer, pa, size);
	case SCN_UNSHARE:
		return machine_unshare(p->m, who, peer, pa, size);
	case SCN_LEND:
		return machine_lend(p->m, who, peer, pa, size);
	default:
		return machine_reclaim(p->m, who, peer, pa, size);
	}
}

/* The last of what lost its power is reset: the promise holds again. */
static void powered(struct play *p, uint32_t part)
{
	bool was = false, is = false;

	for (unsigned int i = 0; i <= PLAY_MC; i++) {
		was |= p->unpowered[i];
		if (i == part)
			p->unpowered[i] = false;
		is |= p->unpowered[i];
	}
	p->m->armed |= was && !is;
}

bool play_port(struct play *p)
{
	uint32_t smmu = (uint32_t)play_arg(p, SCN_A_SMMU);
	int err;

	machine_current = p->m;
	switch (p->step->verb) {
	case SCN_FINALISE:
		err = play_finalise(p);
		break;
	case SCN_ASSIGN:
		err = machine_assign_stream_behind(
			p->m, smmu, (uint32_t)sid(p), play_who(p),
			(uint32_t)play_arg(p, SCN_A_PEER));
		break;
	case SCN_SUSPEND:
		p->down[smmu % MACHINE_V2_MAX] = true;
		err = machine_suspend(p->m, smmu);
		break;
	case SCN_RESET:
		err = machine_reset(p->m, smmu);
		p->down[smmu % MACHINE_V2_MAX] = err;
		if (!err)
			powered(p, smmu);
		break;
	case SCN_MC_RESUME:
		err = hypiommu_tegra234_mc_resume(p->m->h);
		if (!err)
			powered(p, PLAY_MC);
		break;
	default:
		err = transition(p);
	}
	play_note(p, err);
	return play_status(p, err);
}
