// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Ownership transitions and pins, exhaustively over states and operations. */
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#include "owner_pins.h"

#define PAGE   4096ull
#define PAGES  16u
#define BASE   0x40000000ull
#define MANY   700u /* pages: the whole of two chunks, some on either side */
#define WIDE   0x80005000ull
#define GUEST0 HYPIOMMU_GUEST(0)
#define GUEST1 HYPIOMMU_GUEST(1)

struct fixture {
	struct owner o;
	struct region regions[4];
	struct owner_user host, guest0, guest1, hyp;
	void *states[4];
};

static void add(struct fixture *f, unsigned int i, uint64_t base,
		uint64_t pages, bool mmio)
{
	f->states[i] = malloc(hypiommu_page_state_size(pages * PAGE));
	assert_int_equal(
		owner_add_region(&f->o, base, pages * PAGE, f->states[i], mmio),
		0);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->o.regions = f->regions;
	f->o.max = 4;
	/* Declared out of order, adjacent: [BASE, 32 pages), then a hole. */
	add(f, 0, BASE + PAGES * PAGE, PAGES, false);
	add(f, 1, 0x1000, 1, true);
	add(f, 2, BASE, PAGES, false);
	owner_user_init(&f->host, &f->o, HYPIOMMU_HOST);
	owner_user_init(&f->guest0, &f->o, GUEST0);
	owner_user_init(&f->guest1, &f->o, GUEST1);
	owner_user_init(&f->hyp, &f->o, HYPIOMMU_HYP);
	*state = f;
	return 0;
}

/* What page_info says of the pages at BASE. */
struct snapshot {
	struct hypiommu_page_info pages[2 * PAGES];
};

static struct snapshot look(struct fixture *f)
{
	struct snapshot s;

	memset(&s, 0, sizeof(s));
	for (unsigned int i = 0; i < 2 * PAGES; i++)
		assert_int_equal(
			owner_page_info(&f->o, BASE + i * PAGE, &s.pages[i]),
			0);
	return s;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	for (unsigned int i = 0; i < 4; i++)
		free(f->states[i]);
	free(f);
	return 0;
}

static void test_regions(void **state)
{
	struct fixture *f = *state;
	struct hypiommu_page_info info;

	assert_int_equal(
		owner_add_region(&f->o, BASE + PAGE, PAGE, f->states[1], false),
		HYPIOMMU_E_EXIST);
	assert_int_equal(owner_add_region(&f->o, 0x9000, PAGE, NULL, false),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_page_info(&f->o, BASE - 1, &info),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(owner_page_info(&f->o, BASE + 2 * PAGES * PAGE, &info),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(owner_page_info(&f->o, ~0ull, &info),
			 HYPIOMMU_E_NOENT);
	assert_int_equal(owner_page_info(&f->o, BASE + 5, &info), 0);
	assert_int_equal(info.owner, HYPIOMMU_HOST);
	assert_int_equal(info.pins, 0);
	assert_false(info.mmio);
}

/* The states a page can be in, made from "host owned". */
enum made {
	HOST,
	HYP,
	G0,
	SHARED_G0,
	LENT_G0,
	PINNED,
	MADE_COUNT
};

static void make(struct fixture *f, enum made made, uint64_t pa)
{
	int err = 0;

	switch (made) {
	case HOST:
		break;
	case HYP:
		err = owner_donate(&f->o, HYPIOMMU_HOST, HYPIOMMU_HYP, pa,
				   PAGE);
		break;
	case G0:
		err = owner_donate(&f->o, HYPIOMMU_HOST, GUEST0, pa, PAGE);
		break;
	case SHARED_G0:
		err = owner_share(&f->o, HYPIOMMU_HOST, GUEST0, pa, PAGE);
		break;
	case LENT_G0:
		err = owner_lend(&f->o, HYPIOMMU_HOST, GUEST0, pa, PAGE);
		break;
	case PINNED:
		err = owner_pin(&f->host, pa, PAGE);
		break;
	default:
		fail();
	}
	assert_int_equal(err, 0);
}

struct op {
	int (*fn)(struct owner *o, uint32_t a, uint32_t b, uint64_t pa,
		  uint64_t size);
	uint32_t a, b;
	enum made from; /* the only state it accepts */
};

static const struct op ops[] = {
	{ owner_donate, HYPIOMMU_HOST, HYPIOMMU_HYP, HOST },
	{ owner_donate, HYPIOMMU_HOST, GUEST0, HOST },
	{ owner_donate, HYPIOMMU_HYP, HYPIOMMU_HOST, HYP },
	{ owner_donate, GUEST0, HYPIOMMU_HOST, G0 },
	{ owner_donate, GUEST0, GUEST1, G0 },
	{ owner_donate, GUEST1, HYPIOMMU_HOST, MADE_COUNT },
	{ owner_share, HYPIOMMU_HOST, GUEST0, HOST },
	{ owner_share, GUEST0, HYPIOMMU_HOST, G0 },
	{ owner_unshare, HYPIOMMU_HOST, GUEST0, SHARED_G0 },
	{ owner_unshare, HYPIOMMU_HOST, GUEST1, MADE_COUNT },
	{ owner_lend, HYPIOMMU_HOST, GUEST0, HOST },
	{ owner_reclaim, HYPIOMMU_HOST, GUEST0, LENT_G0 },
	{ owner_reclaim, HYPIOMMU_HOST, GUEST1, MADE_COUNT },
};

/* Is the state `made` one of a's own exclusive pages, but pinned? */
static bool merely_pinned(const struct op *op, enum made made)
{
	return made == PINNED && op->a == HYPIOMMU_HOST && op->from == HOST;
}

static void test_transitions(void **state)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		for (enum made made = HOST; made < MADE_COUNT; made++) {
			struct fixture *f;
			struct snapshot before, after;
			const struct op *op = &ops[i];
			int err;

			teardown(state);
			setup(state);
			f = *state;
			make(f, made, BASE + 3 * PAGE);
			before = look(f);
			err = op->fn(&f->o, op->a, op->b, BASE + 3 * PAGE,
				     PAGE);
			after = look(f);
			if (made == op->from) {
				assert_int_equal(err, 0);
				before.pages[3] = after.pages[3];
			} else {
				assert_int_equal(err,
						 merely_pinned(op, made)
							 ? HYPIOMMU_E_BUSY
							 : HYPIOMMU_E_PERM);
			}
			assert_memory_equal(&before, &after, sizeof(before));
		}
	}
}

static void test_round_trips(void **state)
{
	struct fixture *f = *state;
	struct snapshot fresh = look(f), now;

	for (size_t i = 0; i < 3; i++) {
		const struct op there[] = { ops[1], ops[6], ops[10] };
		const struct op back[] = { ops[3], ops[8], ops[11] };

		assert_int_equal(there[i].fn(&f->o, there[i].a, there[i].b,
					     BASE, PAGES * PAGE),
				 0);
		now = look(f);
		assert_memory_not_equal(&fresh, &now, sizeof(fresh));
		assert_int_equal(back[i].fn(&f->o, back[i].a, back[i].b, BASE,
					    PAGES * PAGE),
				 0);
		now = look(f);
		assert_memory_equal(&fresh, &now, sizeof(fresh));
	}
}

static void test_all_or_nothing(void **state)
{
	struct fixture *f = *state;
	struct snapshot before, after;

	make(f, G0, BASE + 9 * PAGE);
	before = look(f);
	assert_int_equal(owner_donate(&f->o, HYPIOMMU_HOST, HYPIOMMU_HYP, BASE,
				      PAGES * PAGE),
			 HYPIOMMU_E_PERM);
	assert_int_equal(owner_pin(&f->host, BASE, PAGES * PAGE),
			 HYPIOMMU_E_PERM);
	/* Over two regions, the second one short. */
	assert_int_equal(
		owner_pin(&f->host, BASE + 10 * PAGE, 3 * PAGES * PAGE),
		HYPIOMMU_E_PERM);
	after = look(f);
	assert_memory_equal(&before, &after, sizeof(before));
}

static void test_malformed(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(owner_donate(&f->o, 0, 0, BASE, PAGE),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 128, BASE, PAGE),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, ~0u, BASE, PAGE),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 128, 0, BASE, PAGE),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, BASE + 1, PAGE),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, BASE, PAGE + 8),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, BASE, 0), HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, BASE, 1ull << 31),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, ~0ull << 12, PAGE),
			 HYPIOMMU_E_INVAL);
	assert_int_equal(owner_donate(&f->o, 0, 1, 0x2000, PAGE),
			 HYPIOMMU_E_PERM);
	/* Its first page is there, its second one is not. */
	assert_int_equal(owner_donate(&f->o, 0, 1, 0x1000, 2 * PAGE),
			 HYPIOMMU_E_PERM);
}

static void test_pins_count(void **state)
{
	struct fixture *f = *state;
	struct hypiommu_page_info info;

	for (uint32_t i = 0; i < 65535; i++)
		assert_int_equal(owner_pin(&f->host, BASE, 2 * PAGE), 0);
	/* The count saturates to an error, for the neighbour too. */
	assert_int_equal(owner_pin(&f->host, BASE + PAGE, 2 * PAGE),
			 HYPIOMMU_E_OVERFLOW);
	assert_int_equal(owner_page_info(&f->o, BASE + 2 * PAGE, &info), 0);
	assert_int_equal(info.pins, 0);
	for (uint32_t i = 0; i < 65535; i++) {
		assert_int_equal(owner_donate(&f->o, 0, 1, BASE, PAGE),
				 HYPIOMMU_E_BUSY);
		owner_unpin(&f->host, BASE, 2 * PAGE);
	}
	assert_int_equal(owner_donate(&f->o, 0, 1, BASE, PAGE), 0);
}

static void test_pin_principals(void **state)
{
	struct fixture *f = *state;

	make(f, G0, BASE);
	assert_int_equal(owner_pin(&f->guest0, BASE, PAGE), 0);
	assert_int_equal(owner_donate(&f->o, GUEST0, 0, BASE, PAGE),
			 HYPIOMMU_E_BUSY);
	assert_int_equal(owner_pin(&f->guest1, BASE, PAGE), HYPIOMMU_E_PERM);
	make(f, HYP, BASE + PAGE);
	assert_int_equal(owner_pin(&f->hyp, BASE + PAGE, PAGE),
			 HYPIOMMU_E_PERM);
	assert_int_equal(owner_pin(&f->host, 0x1000, PAGE), 1); /* MMIO */
}

/* Pool pages: no transition takes them, whatever their tag. */
static void test_tags(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(owner_take(&f->o, BASE, 2 * PAGE, 0x400), 0);
	assert_int_equal(owner_tag(&f->o, BASE), 0x400);
	assert_int_equal(owner_tag(&f->o, BASE + 2 * PAGE), 0);
	assert_int_equal(owner_donate(&f->o, 1, 0, BASE, PAGE),
			 HYPIOMMU_E_BUSY);
	owner_set_tag(&f->o, BASE, 0x208);
	assert_int_equal(owner_give(&f->o, BASE, PAGE, 0x400), HYPIOMMU_E_BUSY);
	owner_set_tag(&f->o, BASE, 0x400);
	assert_int_equal(owner_give(&f->o, BASE, PAGE, 0x400), 0);
	assert_int_equal(owner_take(&f->o, 0x1000, PAGE, 1), HYPIOMMU_E_PERM);
}

/* -------------------------------------------- against a plain model */

/* MANY pages and no chunks: who owns each, how often it is pinned. */
struct model {
	uint32_t owner[MANY], pins[MANY];
};

static uint64_t random_state;

static uint64_t draw(uint64_t n)
{
	random_state =
		random_state * 6364136223846793005u + 1442695040888963407u;
	return (random_state >> 33) % n;
}

static int model_pin(struct model *m, uint32_t who, uint64_t at, uint64_t n)
{
	for (uint64_t i = at; i < at + n; i++) {
		if (m->owner[i] != who)
			return HYPIOMMU_E_PERM;
		if (m->pins[i] == 65535)
			return HYPIOMMU_E_OVERFLOW;
	}
	for (uint64_t i = at; i < at + n; i++)
		m->pins[i]++;
	return 0;
}

static int model_donate(struct model *m, uint32_t from, uint32_t to,
			uint64_t at, uint64_t n)
{
	for (uint64_t i = at; i < at + n; i++) {
		if (m->owner[i] != from)
			return HYPIOMMU_E_PERM;
		if (m->pins[i])
			return HYPIOMMU_E_BUSY;
	}
	for (uint64_t i = at; i < at + n; i++)
		m->owner[i] = to;
	return 0;
}

static bool model_unpin(struct model *m, uint64_t at, uint64_t n)
{
	for (uint64_t i = at; i < at + n; i++) {
		if (!m->pins[i])
			return false;
	}
	for (uint64_t i = at; i < at + n; i++)
		m->pins[i]--;
	return true;
}

static void compare(struct fixture *f, const struct model *m)
{
	for (uint64_t i = 0; i < MANY; i++) {
		struct hypiommu_page_info info;

		assert_int_equal(owner_page_info(&f->o, WIDE + i * PAGE, &info),
				 0);
		assert_int_equal(info.owner, m->owner[i]);
		assert_int_equal(info.peer, m->owner[i]);
		assert_int_equal(info.state, HYPIOMMU_PAGE_OWNED);
		assert_int_equal(info.pins, m->pins[i]);
	}
}

/* Now and then exactly the chunks, now and then one page, else anything. */
static void draw_range(uint64_t *at, uint64_t *n)
{
	const uint64_t chunk = 256, first = chunk - (WIDE / PAGE) % chunk;

	switch (draw(4)) {
	case 0:
		*n = chunk * (1 + draw(2));
		*at = first + (*n == chunk ? chunk * draw(2) : 0);
		break;
	case 1:
		*n = 1;
		*at = draw(MANY);
		break;
	default:
		*at = draw(MANY);
		*n = 1 + draw(MANY - *at);
	}
	if (*at + *n > MANY)
		*n = MANY - *at;
}

static void one_step(struct fixture *f, struct model *m)
{
	struct owner_user *users[] = { &f->host, &f->guest0 };
	const uint32_t ids[] = { HYPIOMMU_HOST, GUEST0 };
	unsigned int who = draw(8) == 0;
	uint64_t at, n, pa;

	draw_range(&at, &n);
	pa = WIDE + at * PAGE;
	switch (draw(5)) {
	case 0:
	case 1:
		assert_int_equal(owner_pin(users[who], pa, n * PAGE),
				 model_pin(m, ids[who], at, n));
		break;
	case 2:
	case 3:
		if (model_unpin(m, at, n))
			owner_unpin(users[who], pa, n * PAGE);
		break;
	default:
		assert_int_equal(
			owner_donate(&f->o, ids[who], ids[!who], pa, n * PAGE),
			model_donate(m, ids[who], ids[!who], at, n));
	}
}

static void test_against_model(void **state)
{
	for (uint64_t seed = 1; seed <= 40; seed++) {
		static struct model m;
		struct fixture *f;

		teardown(state);
		setup(state);
		f = *state;
		add(f, 3, WIDE, MANY, false);
		memset(&m, 0, sizeof(m));
		random_state = seed;
		for (unsigned int i = 0; i < 400; i++) {
			one_step(f, &m);
			compare(f, &m);
		}
	}
}

static uint32_t pins_of(struct fixture *f, uint64_t pa)
{
	struct hypiommu_page_info info;

	assert_int_equal(owner_page_info(&f->o, pa, &info), 0);
	return info.pins;
}

/* Pins of the block and pins of its pages add up. */
static void test_block_and_page(void **state)
{
	const uint64_t block = 0x80100000ull, size = 0x100000;
	struct fixture *f = *state;

	add(f, 3, WIDE, MANY, false);
	/* One page that is another's, and the block is not to be had. */
	for (unsigned int i = 0; i < 4; i++) {
		const uint64_t its[] = { 0, PAGE, 6 * PAGE, size - PAGE };
		uint64_t pa = block + its[i];

		assert_int_equal(owner_donate(&f->o, 0, GUEST0, pa, PAGE), 0);
		assert_int_equal(owner_pin(&f->host, block, size),
				 HYPIOMMU_E_PERM);
		assert_int_equal(pins_of(f, block), 0);
		assert_int_equal(pins_of(f, block + 2 * PAGE), 0);
		assert_int_equal(owner_donate(&f->o, GUEST0, 0, pa, PAGE), 0);
	}
	assert_int_equal(owner_pin(&f->host, block, size), 0);
	assert_int_equal(owner_pin(&f->host, block, size), 0);
	assert_int_equal(pins_of(f, block), 2);
	assert_int_equal(owner_pin(&f->host, block + PAGE, 2 * PAGE), 0);
	for (uint64_t at = 0; at < size; at += PAGE)
		assert_int_equal(pins_of(f, block + at),
				 at == PAGE || at == 2 * PAGE ? 3 : 2);
	owner_unpin(&f->host, block, size);
	owner_unpin(&f->host, block, size);
	assert_int_equal(pins_of(f, block), 0);
	assert_int_equal(pins_of(f, block + PAGE), 1);
}

/* A block counts to 65535 as a page does, whichever way its pins came. */
static void test_block_pins_count(void **state)
{
	const uint64_t block = 0x80100000ull, size = 0x100000;
	struct fixture *f = *state;
	struct hypiommu_page_info info;

	add(f, 3, WIDE, MANY, false);
	for (uint32_t i = 0; i < 65535; i++)
		assert_int_equal(owner_pin(&f->host, block, size), 0);
	assert_int_equal(owner_pin(&f->host, block, size), HYPIOMMU_E_OVERFLOW);
	assert_int_equal(owner_pin(&f->host, block + PAGE, PAGE),
			 HYPIOMMU_E_OVERFLOW);
	assert_int_equal(owner_pin(&f->host, block, size), HYPIOMMU_E_OVERFLOW);
	owner_unpin(&f->host, block + PAGE, PAGE);
	assert_int_equal(owner_pin(&f->host, block, size), HYPIOMMU_E_OVERFLOW);
	assert_int_equal(owner_pin(&f->host, block + PAGE, PAGE), 0);
	for (uint32_t i = 0; i < 65535; i++)
		owner_unpin(&f->host, block, size);
	assert_int_equal(owner_page_info(&f->o, block + PAGE, &info), 0);
	assert_int_equal(info.pins, 0);
	assert_int_equal(owner_donate(&f->o, 0, 1, block, size), 0);
	assert_int_equal(owner_pin(&f->host, block, size), HYPIOMMU_E_PERM);
	assert_int_equal(owner_pin(&f->hyp, block, size), HYPIOMMU_E_PERM);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_regions),	   TEST(test_transitions),
		TEST(test_round_trips),	   TEST(test_all_or_nothing),
		TEST(test_malformed),	   TEST(test_pins_count),
		TEST(test_pin_principals), TEST(test_tags),
		TEST(test_block_and_page),
	};
	/* These end in the library's own alarm if pins are miscounted. */
	const struct CMUnitTest then[] = {
		TEST(test_block_pins_count),
		TEST(test_against_model),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	return failed ? failed : cmocka_run_group_tests(then, NULL, NULL);
}
