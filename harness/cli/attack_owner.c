// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Attacks on who owns what, and those that take many hypercalls. */
#include "attack.h"

#define GUEST	  HYPIOMMU_GUEST(0)
#define IOVA_MANY 0x40000000ull
#define PINS_MAX  65535u

static int donate_pinned(struct stand *s)
{
	return machine_donate(s->m, HYPIOMMU_HOST, GUEST, PA_HOST, PAGE);
}

static int donate_partly_pinned(struct stand *s)
{
	return machine_donate(s->m, HYPIOMMU_HOST, GUEST, PA_B - 4 * PAGE,
			      8 * PAGE);
}

static int donate_block(struct stand *s)
{
	return machine_donate(s->m, HYPIOMMU_HOST, GUEST, PA_BLOCK + 17 * PAGE,
			      PAGE);
}

static int share_pinned(struct stand *s)
{
	return machine_share(s->m, HYPIOMMU_HOST, GUEST, PA_HOST, PAGE);
}

static int lend_pinned(struct stand *s)
{
	return machine_lend(s->m, HYPIOMMU_HOST, GUEST, PA_HOST, PAGE);
}

static int donate_guests(struct stand *s)
{
	return machine_donate(s->m, HYPIOMMU_HOST, HYPIOMMU_GUEST(1),
			      PA_GUEST + PAGE, PAGE);
}

static int take_guests(struct stand *s)
{
	return machine_reclaim(s->m, HYPIOMMU_HOST, GUEST, PA_GUEST + PAGE,
			       PAGE);
}

static int donate_table(struct stand *s)
{
	return machine_donate(s->m, HYPIOMMU_HOST, GUEST, s->root_table, PAGE);
}

static int donate_el2(struct stand *s)
{
	return machine_donate(s->m, HYPIOMMU_HOST, GUEST, PA_EL2, PAGE);
}

static int donate_registers(struct stand *s)
{
	return machine_donate(s->m, HYPIOMMU_HOST, GUEST, s->registers, PAGE);
}

static int donate_wrapping(struct stand *s)
{
	return machine_donate(s->m, HYPIOMMU_HOST, GUEST, ~0ull << 12,
			      2 * PAGE);
}

static int assign_attached(struct stand *s)
{
	return machine_assign_stream(s->m, SID_A, HYPIOMMU_HOST, GUEST);
}

static int assign_guests(struct stand *s)
{
	return machine_assign_stream(s->m, SID_GUEST, HYPIOMMU_HOST,
				     HYPIOMMU_GUEST(1));
}

static int assign_busy_device(struct stand *s)
{
	int err;

	s->m->config.quiesce_refused = true;
	err = machine_assign_stream(s->m, SID_FREE, HYPIOMMU_HOST, GUEST);
	s->m->config.quiesce_refused = false;
	return err;
}

/* More than one hypercall's worth: what was mapped first is undone. */
static int map_many_to_guest(struct stand *s)
{
	uint64_t mapped;

	return front_map(&s->host, s->a, IOVA_FREE, PA_GUEST - 599 * PAGE,
			 600 * PAGE, RW, &mapped);
}

/* One page, mapped over and over, until its pins cannot be counted. */
static int map_one_page(struct stand *s, uint64_t *pages)
{
	int err = HYPIOMMU_OK;

	for (*pages = 0; *pages <= PINS_MAX && !err; ++*pages) {
		uint64_t done;

		err = front_map(&s->host, s->b, IOVA_MANY + *pages * PAGE,
				PA_FREE, PAGE, RW, &done);
	}
	*pages -= err != HYPIOMMU_OK;
	return err;
}

static int overflow_pins(struct stand *s)
{
	enum machine_check check = s->m->config.check;
	uint64_t pages, done;
	int err, undo;

	s->m->config.check = MACHINE_CHECK_OFF; /* once, not each time */
	err = map_one_page(s, &pages);
	machine_check_now(s->m);
	undo = front_unmap(&s->host, s->b, IOVA_MANY, pages * PAGE, &done);
	s->m->config.check = check;
	return pages == PINS_MAX && !undo ? err : GOT_THROUGH;
}

/* Domains until there is no number left; all are freed again. */
static int exhaust_domains(struct stand *s)
{
	uint32_t ids[128], n = 0;
	int err = HYPIOMMU_OK;

	while (!err && n < 128) {
		err = front_domain_alloc(&s->host, 0, s->stage, &ids[n]);
		n += !err;
	}
	while (n) {
		if (front_domain_free(&s->host, ids[--n]))
			return GOT_THROUGH;
	}
	return err;
}

const struct attack owner_attacks[] = {
	{ "give a pinned page to a guest", donate_pinned, BY(BUSY) },
	{ "give a guest pages of which one is pinned", donate_partly_pinned,
	  BY(BUSY) },
	{ "give a guest a page of a mapped block", donate_block, BY(BUSY) },
	{ "share a pinned page", share_pinned, BY(BUSY) },
	{ "lend a pinned page", lend_pinned, BY(BUSY) },
	{ "give a guest's page to another", donate_guests, BY(PERM) },
	{ "take a guest's page back as if lent", take_guests, BY(PERM) },
	{ "give a table page to a guest", donate_table, BY(PERM) | BY(BUSY) },
	{ "give an EL2 page to a guest", donate_el2, BY(PERM) },
	{ "give the SMMU's registers to a guest", donate_registers, BY(PERM) },
	{ "give pages that wrap around", donate_wrapping, BY(INVAL) },
	{ "hand over an attached stream", assign_attached, BY(BUSY) },
	{ "hand over a guest's stream", assign_guests, BY(PERM) },
	{ "hand over a device that is not quiet", assign_busy_device,
	  BY(BUSY) },
	{ "map 600 pages of which the last is a guest's", map_many_to_guest,
	  BY(PERM) },
	{ "pin one page 65,536 times", overflow_pins, BY(OVERFLOW) },
	{ "use up all domain numbers", exhaust_domains, BY(NOSPC) },
};

const size_t owner_attack_count =
	sizeof(owner_attacks) / sizeof(owner_attacks[0]);
