// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "scene.h"

#define RW	(HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE)
#define DOMAINS 6u

/* ---------------------------------------------------------------- setting up
 */

struct setup {
	struct scene *s;
	bool block;
	int err;
	const char *where;
};

static void call(struct setup *u, uint32_t caller, const char *where,
		 struct hypiommu_regs regs)
{
	if (u->err)
		return;
	machine_hcall(u->s->m, caller, &regs);
	u->err = (int)(int64_t)regs.x[0];
	u->where = where;
}

static void map(struct setup *u, uint32_t caller, uint64_t domain,
		uint64_t iova, uint64_t pa, uint64_t size)
{
	call(u, caller, "map",
	     (struct hypiommu_regs){ .x = { HYPIOMMU_HC_MAP_PAGES, domain, iova,
					    pa, size, RW } });
}

static void domain(struct setup *u, uint32_t caller, unsigned int stage)
{
	call(u, caller, "domain_alloc",
	     (struct hypiommu_regs){ .x = { HYPIOMMU_HC_DOMAIN_ALLOC,
					    u->s->kind->smmu, stage } });
}

static void attach(struct setup *u, uint32_t caller, enum scene_stream stream,
		   uint64_t domain)
{
	const struct scene_kind *k = u->s->kind;

	call(u, caller, "attach",
	     (struct hypiommu_regs){ .x = { HYPIOMMU_HC_ATTACH_DEV, k->smmu,
					    k->sids[stream], domain } });
}

static void owner(struct setup *u, int err)
{
	if (u->err)
		return;
	u->err = err;
	u->where = "ownership";
}

static void share_out(struct setup *u)
{
	struct machine *m = u->s->m;

	owner(u, machine_donate(m, HYPIOMMU_HOST, GUEST, GUEST_PAGE(0),
				4 * SCENE_PAGE));
	owner(u,
	      machine_share(m, HYPIOMMU_HOST, GUEST, SHARED_PAGE, SCENE_PAGE));
	owner(u, machine_lend(m, HYPIOMMU_HOST, GUEST, LENT_PAGE, SCENE_PAGE));
	owner(u, machine_assign_stream_behind(m, u->s->kind->smmu,
					      u->s->kind->sids[STREAM_GUEST],
					      HYPIOMMU_HOST, GUEST));
}

static void live(struct setup *u)
{
	const struct scene_kind *k = u->s->kind;

	share_out(u);
	domain(u, HYPIOMMU_HOST, k->stage);
	domain(u, HYPIOMMU_HOST, k->other);
	domain(u, HYPIOMMU_HOST, k->stage);
	domain(u, GUEST, k->stage);
	map(u, HYPIOMMU_HOST, 0, IOVA(1), HOST_PAGE(0), 2 * SCENE_PAGE);
	if (u->block)
		map(u, HYPIOMMU_HOST, 0, BLOCK_IOVA, BLOCK_PA, BLOCK_SIZE);
	map(u, HYPIOMMU_HOST, 1, IOVA(1), HOST_PAGE(0), SCENE_PAGE);
	map(u, GUEST, 3, IOVA(1), GUEST_PAGE(0), SCENE_PAGE);
	attach(u, HYPIOMMU_HOST, STREAM_HOST, 0);
	attach(u, GUEST, STREAM_GUEST, 3);
	if (u->s->m->config.own_tables)
		return;
	/* Last, so that nothing uses it. */
	call(u, HYPIOMMU_HOST, "topup",
	     (struct hypiommu_regs){
		     .x = { HYPIOMMU_HC_MEM_TOPUP, SPARE_PAGE, 1 } });
}

static enum sim_dma_result translate(struct scene *s, enum scene_stream stream,
				     uint64_t iova, bool write, uint64_t *pa)
{
	const struct scene_kind *k = s->kind;

	if (k->clients)
		return machine_client_translate(s->m, k->clients[stream], iova,
						write, pa);
	return machine_translate(s->m, k->sids[stream], iova, write, pa);
}

/* Faults for somebody to read, and a page that is no zeroes. */
static void make_history(struct scene *s)
{
	uint64_t *fresh = sim_mem_ptr(s->m->mem, FRESH_PAGE(0)), pa;

	translate(s, STREAM_HOST, IOVA(9), false, &pa);
	translate(s, STREAM_GUEST, IOVA(9), true, &pa);
	for (unsigned int i = 0; i < 4; i++)
		fresh[i] = HOST_PAGE(0) | 0x7ff;
}

bool scene_begin(struct scene *s, const struct scene_kind *kind,
		 const struct scene_options *options, char *said, size_t size)
{
	struct machine_config config;
	struct setup u = { .s = s, .block = options->block };

	machine_defaults(&config);
	config.ram_size = 3 * BLOCK_SIZE;
	config.limits.domains = DOMAINS;
	config.table_pages = 28;
	config.timeout_us = 100;
	config.check = MACHINE_CHECK_OFF;
	config.no_judge = !options->judged;
	config.sids = kind->sids;
	config.sid_count = SCENE_STREAMS;
	kind->configure(&config);
	*s = (struct scene){ .kind = kind, .m = machine_create(&config) };
	if (!s->m || !s->m->h) {
		snprintf(said, size, "no machine: %s",
			 s->m ? s->m->error : "out of memory");
		return false;
	}
	s->base_used = machine_tables_used(s->m);
	live(&u);
	if (u.err) {
		snprintf(said, size, "%s: %s", u.where,
			 hypiommu_error_name(u.err));
		return false;
	}
	make_history(s);
	machine_look(s->m);
	if (s->m->stats.violations) {
		snprintf(said, size, "%s", s->m->violation);
		return false;
	}
	return true;
}

void scene_fail(struct scene *s, uint64_t event)
{
	s->m->fault.kind = s->kind->fault;
	s->m->fault.at = event;
}

void scene_end(struct scene *s)
{
	machine_destroy(s->m);
	s->m = NULL;
}

/* ------------------------------------------------------------------- telling
 */

struct tale {
	char *text;
	size_t n;
};

static __attribute__((format(printf, 2, 3))) void say(struct tale *t,
						      const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->text + t->n, SCENE_TEXT - t->n, fmt, args);
	va_end(args);
	if (n > 0 && (size_t)n < SCENE_TEXT - t->n)
		t->n += (size_t)n;
}

static struct hypiommu_regs hcall(struct scene *s, uint32_t caller,
				  enum hypiommu_hcall_fn fn, uint64_t a,
				  uint64_t b, uint64_t c)
{
	struct hypiommu_regs regs = { .x = { fn, a, b, c } };

	machine_hcall(s->m, caller, &regs);
	return regs;
}

static int status(struct hypiommu_regs regs)
{
	return (int)(int64_t)regs.x[0];
}

static void tell_page(struct scene *s, struct tale *t, const char *name,
		      uint64_t pa)
{
	struct hypiommu_page_info info;

	if (machine_page_info(s->m, pa, &info)) {
		say(t, "%s is nobody's\n", name);
		return;
	}
	s->pins += info.pins;
	say(t,
	    "%s: owner %" PRIu32 ", state %u with %" PRIu32 ", %" PRIu32
	    " pins\n",
	    name, info.owner, (unsigned int)info.state, info.peer, info.pins);
}

static void tell_pages(struct scene *s, struct tale *t)
{
	char name[32];

	s->pins = 0;
	for (unsigned int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "host page %u", i);
		tell_page(s, t, name, HOST_PAGE(i));
	}
	for (unsigned int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "guest page %u", i);
		tell_page(s, t, name, GUEST_PAGE(i));
	}
	for (unsigned int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "fresh page %u", i);
		tell_page(s, t, name, FRESH_PAGE(i));
	}
	tell_page(s, t, "shared page", SHARED_PAGE);
	tell_page(s, t, "lent page", LENT_PAGE);
	tell_page(s, t, "far page", FAR_PA);
	tell_page(s, t, "far page in the middle",
		  FAR_PA + BLOCK_SIZE / 2 - SCENE_PAGE);
	tell_page(s, t, "last far page", FAR_PA + BLOCK_SIZE - SCENE_PAGE);
	tell_page(s, t, "block", BLOCK_PA);
	tell_page(s, t, "block's second page", BLOCK_PA + SCENE_PAGE);
	tell_page(s, t, "block's end", BLOCK_PA + BLOCK_SIZE - SCENE_PAGE);
}

static const uint64_t iovas[] = {
	IOVA(0),
	IOVA(1),
	IOVA(2),
	IOVA(3),
	IOVA(4),
	BLOCK_IOVA,
	BLOCK_IOVA + SCENE_PAGE,
	BLOCK_IOVA + BLOCK_SIZE - SCENE_PAGE,
};
#define IOVAS (sizeof(iovas) / sizeof(iovas[0]))

static void tell_domain(struct scene *s, struct tale *t, uint32_t caller,
			uint32_t id)
{
	for (size_t i = 0; i < IOVAS; i++) {
		struct hypiommu_regs r = hcall(
			s, caller, HYPIOMMU_HC_IOVA_TO_PHYS, id, iovas[i], 0);

		if (!r.x[0])
			say(t,
			    "domain %" PRIu32 " of %" PRIu32 ": %#" PRIx64
			    " -> %#" PRIx64 "\n",
			    id, caller, iovas[i], r.x[1]);
	}
}

static void tell_devices(struct scene *s, struct tale *t)
{
	for (unsigned int i = 0; i < SCENE_STREAMS; i++) {
		for (size_t k = 0; k < 2 * IOVAS; k++) {
			uint64_t iova = iovas[k / 2], pa;

			if (translate(s, i, iova, k % 2, &pa) == SIM_DMA_OK)
				say(t,
				    "stream %u %s %#" PRIx64 " at %#" PRIx64
				    "\n",
				    i + 1, k % 2 ? "writes" : "reads", pa,
				    iova);
		}
	}
}

/* Every record that waits; how many is enough, devices make more of them. */
static void tell_faults(struct scene *s, struct tale *t, uint32_t caller)
{
	unsigned int count = 0;
	struct hypiommu_regs r;

	do {
		r = hcall(s, caller, HYPIOMMU_HC_FAULT_READ, s->kind->smmu, 0,
			  0);
		count += !r.x[0];
	} while (!r.x[0] || (status(r) == HYPIOMMU_E_AGAIN && count < 64));
	say(t, "%" PRIu32 " reads %u faults, then %s\n", caller, count,
	    hypiommu_error_name(status(r)));
}

/* Take everything apart: what was attached, what a domain still holds. */
static void tell_the_end(struct scene *s, struct tale *t)
{
	static const uint32_t callers[] = { HYPIOMMU_HOST, GUEST };
	uint64_t tables;
	bool freed = true;
	int err;

	for (unsigned int i = 0; i < 2 * SCENE_STREAMS * DOMAINS; i++) {
		uint32_t caller = callers[i % 2], id = i / 2 % DOMAINS;
		unsigned int stream = i / 2 / DOMAINS;

		err = status(hcall(s, caller, HYPIOMMU_HC_DETACH_DEV,
				   s->kind->smmu, s->kind->sids[stream], id));
		if (err != HYPIOMMU_E_NOENT && err != HYPIOMMU_E_PERM)
			say(t, "detach stream %u from %" PRIu32 ": %s\n",
			    stream + 1, id, hypiommu_error_name(err));
	}
	for (unsigned int i = 0; i < 2 * DOMAINS; i++) {
		do {
			err = status(hcall(s, callers[i % 2],
					   HYPIOMMU_HC_DOMAIN_FREE, i / 2, 0,
					   0));
		} while (err == HYPIOMMU_E_AGAIN);
		if (err != HYPIOMMU_E_NOENT)
			say(t, "free %u: %s\n", i / 2,
			    hypiommu_error_name(err));
		freed &= !err || err == HYPIOMMU_E_NOENT;
	}
	tables = machine_tables_used(s->m);
	say(t, "in the end %" PRIu64 " table pages\n", tables);
	tell_pages(s, t);
	s->clean = freed && !s->pins && tables == s->base_used;
}

static void renew(struct scene *s, struct tale *t)
{
	machine_mend(s->m);
	say(t, "reset: %s\n",
	    hypiommu_error_name(machine_reset(s->m, s->kind->smmu)));
	for (unsigned int i = 0; i < 2 * DOMAINS; i++)
		hcall(s, i % 2 ? GUEST : HYPIOMMU_HOST, HYPIOMMU_HC_IOTLB_SYNC,
		      i / 2, 0, 0);
}

void scene_tell(struct scene *s, bool reset, char *text)
{
	struct tale t = { .text = text };
	struct hypiommu_pool_info pool;

	text[0] = '\0';
	s->m->config.check = MACHINE_CHECK_OFF;
	if (reset)
		renew(s, &t);
	tell_pages(s, &t);
	say(&t, "table pages: %" PRIu64 "\n", machine_tables_used(s->m));
	if (!machine_pool_info(s->m, &pool))
		say(&t, "of %" PRIu64 "\n", pool.pages);
	for (uint32_t id = 0; id < DOMAINS; id++) {
		tell_domain(s, &t, HYPIOMMU_HOST, id);
		tell_domain(s, &t, GUEST, id);
	}
	tell_faults(s, &t, HYPIOMMU_HOST);
	tell_faults(s, &t, GUEST);
	tell_devices(s, &t);
	machine_look(s->m);
	tell_the_end(s, &t);
	machine_look(s->m);
}
