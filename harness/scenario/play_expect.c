// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What must hold: pins, owners, table pages, counters. */
#include <inttypes.h>

#include "play.h"

typedef bool (*page_fn)(struct play *p, uint64_t pa,
			const struct hypiommu_page_info *info);

static bool each_page(struct play *p, page_fn fn)
{
	uint64_t pa = play_arg(p, SCN_A_PA), size = play_arg(p, SCN_A_SIZE);
	char text[64];

	for (uint64_t at = 0; at < size; at += PLAY_PAGE) {
		struct hypiommu_page_info info = { 0 };

		if (machine_page_info(p->m, pa + at, &info)) {
			play_fail(p, "%s is no memory",
				  play_address(p, pa + at, text));
			return play_hint(p, "pages NAME gives pages of RAM");
		}
		if (!fn(p, pa + at, &info))
			return false;
	}
	return true;
}

static bool pins_right(struct play *p, uint64_t pa,
		       const struct hypiommu_page_info *info)
{
	char text[64];

	return info->pins == play_arg(p, SCN_A_N) ||
	       play_fail(p, "expected %" PRIu64 " pins of %s, got %u",
			 play_arg(p, SCN_A_N), play_address(p, pa, text),
			 info->pins);
}

static bool owner_right(struct play *p, uint64_t pa,
			const struct hypiommu_page_info *info)
{
	static const char *const states[] = { "owned by", "shared with",
					      "lent to" };
	uint32_t want = (uint32_t)play_arg(p, SCN_A_PEER);
	enum hypiommu_page_state state = HYPIOMMU_PAGE_OWNED;
	char text[64], name[SCN_NAME], got[SCN_NAME];
	uint32_t peer;

	if (play_has(p, SCN_A_HOLD))
		state = (enum hypiommu_page_state)play_arg(p, SCN_A_HOLD);
	peer = info->state == HYPIOMMU_PAGE_OWNED ? info->owner : info->peer;
	if (info->state == state && peer == want)
		return true;
	scn_principal_name(want, name);
	scn_principal_name(peer, got);
	return play_fail(p, "expected %s to be %s %s, it is %s %s",
			 play_address(p, pa, text), states[state], name,
			 states[info->state], got);
}

static bool compare(struct play *p, const char *what, uint64_t got)
{
	uint64_t want = play_arg(p, SCN_A_N);
	uint64_t cmp = play_arg(p, SCN_A_CMP);
	bool good = cmp == '='	 ? got == want
		    : cmp == '<' ? got <= want
				 : got >= want;

	return good || play_fail(p, "expected %s%" PRIu64 " %s, got %" PRIu64,
				 cmp == '='   ? ""
				 : cmp == '<' ? "at most "
					      : "at least ",
				 want, what, got);
}

static uint64_t counter(const struct machine_stats *s, uint64_t which)
{
	switch ((enum scn_counter)which) {
	case SCN_C_HYPERCALLS:
		return s->hypercalls;
	case SCN_C_TLBI:
		return s->tlbi;
	case SCN_C_SYNCS:
		return s->syncs;
	case SCN_C_BROKEN:
		return s->notices[HYPIOMMU_NOTICE_BROKEN];
	case SCN_C_COMMAND_ERRORS:
		return s->notices[HYPIOMMU_NOTICE_COMMAND_ERROR];
	case SCN_C_RESETS:
		return s->notices[HYPIOMMU_NOTICE_RESET];
	case SCN_C_READS:
		return s->mmio_reads;
	case SCN_C_WRITES:
		return s->mmio_writes;
	default:
		return s->smmu.events;
	}
}

bool play_expectation(struct play *p)
{
	const struct scn_word *counters = scn_kind("COUNTER", 7)->words;
	uint64_t which = play_arg(p, SCN_A_COUNTER);
	struct machine_stats now;

	machine_get_stats(p->m, &now);
	switch (p->step->verb) {
	case SCN_PINS:
		return each_page(p, pins_right);
	case SCN_OWNER:
		return each_page(p, owner_right);
	case SCN_TABLES:
		return compare(p, "table pages", now.table_pages);
	case SCN_COUNT:
		return compare(p, scn_word_of(counters, which),
			       counter(&now, which) - counter(&p->mark, which));
	default:
		p->mark = now;
		return true;
	}
}
