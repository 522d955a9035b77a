/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Simulated physical memory: a sparse host mapping, and the set of 8-byte
 * words whose last store need not have reached the device yet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "mem.h"
#include "mem_priv.h"

#define HOST_PAGE    4096u
#define FILTER_SIZE  1024u /* counters, indexed by a hash of the frame */
#define INITIAL_SETS 256u  /* slots of the index; a power of two */

struct region {
	uint64_t base, end;
};

/* One word with an unpublished store. */
struct pending {
	uint64_t pa;
	uint64_t old;	 /* before the first unpublished store */
	const void *cpu; /* that stored or cleaned it last */
	uint32_t slot;
	bool cleaned;
};

struct sim_mem {
	char *host;
	uint64_t limit;
	struct region *regions; /* disjoint, not touching */
	size_t nr_regions;
	char *far_host; /* of [far.base, far.end), or NULL */
	struct region far;
	bool coherent;
	const void *cpu;

	struct pending *pending;
	size_t nr_pending, cap_pending;
	uint32_t *slots; /* open addressing; index into pending, plus one */
	size_t nr_slots;
	uint32_t filter[FILTER_SIZE];
};

static void die(const char *what)
{
	fprintf(stderr, "sim_mem: %s\n", what);
	abort();
}

static void *grow(void *ptr, size_t nr, size_t size)
{
	void *p = reallocarray(ptr, nr, size);

	if (!p)
		die("out of host memory");
	return p;
}

static size_t hash64(uint64_t x)
{
	x *= UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(x >> 32);
}

struct sim_mem *sim_mem_create(uint64_t limit)
{
	struct sim_mem *mem = calloc(1, sizeof(*mem));
	void *host;

	if (!mem)
		return NULL;
	limit = (limit + HOST_PAGE - 1) & ~(uint64_t)(HOST_PAGE - 1);
	host = mmap(NULL, limit, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (host == MAP_FAILED) {
		free(mem);
		return NULL;
	}
	mem->host = host;
	mem->limit = limit;
	mem->coherent = true;
	mem->nr_slots = INITIAL_SETS;
	mem->slots = grow(NULL, mem->nr_slots, sizeof(*mem->slots));
	memset(mem->slots, 0, mem->nr_slots * sizeof(*mem->slots));
	return mem;
}

void sim_mem_destroy(struct sim_mem *mem)
{
	if (!mem)
		return;
	munmap(mem->host, mem->limit);
	if (mem->far_host)
		munmap(mem->far_host, mem->far.end - mem->far.base);
	free(mem->regions);
	free(mem->pending);
	free(mem->slots);
	free(mem);
}

/* Regions that touch become one, so that an access may cross the seam. */
static void regions_merge(struct sim_mem *mem, struct region r)
{
	size_t i = 0;

	while (i < mem->nr_regions) {
		struct region *o = &mem->regions[i];

		if (o->base > r.end || o->end < r.base) {
			i++;
			continue;
		}
		r.base = o->base < r.base ? o->base : r.base;
		r.end = o->end > r.end ? o->end : r.end;
		*o = mem->regions[--mem->nr_regions];
		i = 0;
	}
	mem->regions = grow(mem->regions, mem->nr_regions + 1, sizeof(r));
	mem->regions[mem->nr_regions++] = r;
}

int sim_mem_add(struct sim_mem *mem, uint64_t base, uint64_t size)
{
	uint64_t first = base & ~(uint64_t)(HOST_PAGE - 1);
	uint64_t end;

	if (size > mem->limit || base > mem->limit - size || size == 0)
		return -1;
	end = (base + size + HOST_PAGE - 1) & ~(uint64_t)(HOST_PAGE - 1);
	if (mprotect(mem->host + first, end - first, PROT_READ | PROT_WRITE))
		return -1;
	/* Zero by giving the host pages back: memory stays sparse. */
	if (madvise(mem->host + base, size, MADV_DONTNEED))
		return -1;
	regions_merge(mem, (struct region){ base, base + size });
	return 0;
}

int sim_mem_add_far(struct sim_mem *mem, uint64_t base, uint64_t size)
{
	void *host;

	if (mem->far_host || base < mem->limit || !size || base + size < base)
		return -1;
	host = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (host == MAP_FAILED)
		return -1;
	mem->far_host = host;
	mem->far = (struct region){ base, base + size };
	regions_merge(mem, mem->far);
	return 0;
}

bool sim_mem_has(const struct sim_mem *mem, uint64_t pa, uint64_t len)
{
	for (size_t i = 0; i < mem->nr_regions; i++) {
		const struct region *r = &mem->regions[i];

		if (pa >= r->base && pa <= r->end && len <= r->end - pa)
			return true;
	}
	return false;
}

void *sim_mem_ptr(const struct sim_mem *mem, uint64_t pa)
{
	return mem->host + pa;
}

uint64_t sim_mem_offset(const struct sim_mem *mem)
{
	return (uint64_t)(uintptr_t)mem->host;
}

void sim_mem_set_coherent(struct sim_mem *mem, bool coherent)
{
	mem->coherent = coherent;
}

/* Where the bytes of an address that is memory are. */
static char *host_of(const struct sim_mem *mem, uint64_t pa)
{
	if (mem->far_host && pa >= mem->far.base)
		return mem->far_host + (pa - mem->far.base);
	return mem->host + pa;
}

static uint64_t load64(const struct sim_mem *mem, uint64_t pa)
{
	uint64_t val;

	memcpy(&val, host_of(mem, pa), sizeof(val));
	return val;
}

/* The slot that holds word, or the empty one where it would go. */
static size_t slot_of(const struct sim_mem *mem, uint64_t word)
{
	size_t mask = mem->nr_slots - 1;
	size_t i = hash64(word) & mask;

	while (mem->slots[i] && mem->pending[mem->slots[i] - 1].pa != word)
		i = (i + 1) & mask;
	return i;
}

static struct pending *pending_find(const struct sim_mem *mem, uint64_t word)
{
	uint32_t idx;

	if (!mem->nr_pending)
		return NULL;
	idx = mem->slots[slot_of(mem, word)];
	return idx ? &mem->pending[idx - 1] : NULL;
}

static uint32_t *filter_of(const struct sim_mem *mem, uint64_t pa)
{
	return (uint32_t *)&mem->filter[hash64(pa / HOST_PAGE) % FILTER_SIZE];
}

bool sim_mem_frame_unpublished(const struct sim_mem *mem, uint64_t pa)
{
	return mem->nr_pending && *filter_of(mem, pa);
}

static void index_pending(struct sim_mem *mem, size_t idx)
{
	size_t slot = slot_of(mem, mem->pending[idx].pa);

	mem->slots[slot] = (uint32_t)(idx + 1);
	mem->pending[idx].slot = (uint32_t)slot;
}

static void index_grow(struct sim_mem *mem)
{
	mem->nr_slots *= 2;
	mem->slots = grow(mem->slots, mem->nr_slots, sizeof(*mem->slots));
	memset(mem->slots, 0, mem->nr_slots * sizeof(*mem->slots));
	for (size_t i = 0; i < mem->nr_pending; i++)
		index_pending(mem, i);
}

/* Remember what the word held; a later store makes it dirty once more. */
static void pending_note(struct sim_mem *mem, uint64_t word)
{
	struct pending *p = pending_find(mem, word);

	if (p) {
		p->cleaned = false;
		p->cpu = mem->cpu;
		return;
	}
	if (mem->nr_pending == mem->cap_pending) {
		mem->cap_pending = mem->cap_pending ? mem->cap_pending * 2 : 64;
		mem->pending = grow(mem->pending, mem->cap_pending,
				    sizeof(*mem->pending));
	}
	mem->pending[mem->nr_pending] = (struct pending){
		.pa = word, .old = load64(mem, word), .cpu = mem->cpu
	};
	mem->nr_pending++;
	(*filter_of(mem, word))++;
	if (mem->nr_pending * 2 > mem->nr_slots)
		index_grow(mem);
	else
		index_pending(mem, mem->nr_pending - 1);
}

static uint64_t store_pa(const struct sim_mem *mem, const void *va, size_t len)
{
	uint64_t pa = (uint64_t)(uintptr_t)va - sim_mem_offset(mem);

	if (pa >= mem->limit || !sim_mem_has(mem, pa, len))
		die("store outside of memory");
	if (pa % len)
		die("misaligned store");
	return pa;
}

void sim_mem_store64(struct sim_mem *mem, void *va, uint64_t val)
{
	uint64_t pa = store_pa(mem, va, sizeof(val));

	/* What was there already is seen either way. */
	if (load64(mem, pa) == val && !pending_find(mem, pa))
		return;
	pending_note(mem, pa);
	memcpy(mem->host + pa, &val, sizeof(val));
}

void sim_mem_store32(struct sim_mem *mem, void *va, uint32_t val)
{
	uint64_t pa = store_pa(mem, va, sizeof(val));

	pending_note(mem, pa & ~UINT64_C(7));
	memcpy(mem->host + pa, &val, sizeof(val));
}

void sim_mem_set_cpu(struct sim_mem *mem, const void *cpu)
{
	mem->cpu = cpu;
}

static void clean(const struct sim_mem *mem, struct pending *p)
{
	p->cleaned = true;
	p->cpu = mem->cpu;
}

void sim_mem_clean(struct sim_mem *mem, const void *va, size_t len)
{
	uint64_t pa = (uint64_t)(uintptr_t)va - sim_mem_offset(mem);
	uint64_t first = pa & ~UINT64_C(7);

	if (!len || !mem->nr_pending)
		return;
	if (len / 8 > mem->nr_pending) {
		for (size_t i = 0; i < mem->nr_pending; i++) {
			struct pending *p = &mem->pending[i];

			if (p->pa >= first && p->pa < pa + len)
				clean(mem, p);
		}
		return;
	}
	for (uint64_t w = first; w < pa + len; w += 8) {
		struct pending *p = pending_find(mem, w);

		if (p)
			clean(mem, p);
	}
}

void sim_mem_publish(struct sim_mem *mem)
{
	size_t nr = mem->nr_pending, kept = 0;

	for (size_t i = 0; i < nr; i++)
		mem->slots[mem->pending[i].slot] = 0;
	for (size_t i = 0; i < nr; i++) {
		struct pending *p = &mem->pending[i];

		if (p->cpu == mem->cpu && (mem->coherent || p->cleaned))
			(*filter_of(mem, p->pa))--;
		else
			mem->pending[kept++] = *p;
	}
	mem->nr_pending = kept;
	for (size_t i = 0; i < kept; i++)
		index_pending(mem, i);
}

size_t sim_mem_unpublished(const struct sim_mem *mem)
{
	return mem->nr_pending;
}

int sim_mem_dev_read64(const struct sim_mem *mem, uint64_t pa,
		       enum sim_view view, uint64_t *val)
{
	const struct pending *p;

	if ((pa & 7) || !sim_mem_has(mem, pa, 8))
		return -1;
	*val = load64(mem, pa);
	if (view == SIM_VIEW_OLD) {
		p = pending_find(mem, pa);
		if (p)
			*val = p->old;
	}
	return 0;
}

int sim_mem_dev_read32(const struct sim_mem *mem, uint64_t pa,
		       enum sim_view view, uint32_t *val)
{
	uint64_t word;

	if ((pa & 3) || !sim_mem_has(mem, pa, 4))
		return -1;
	if (view == SIM_VIEW_OLD &&
	    !sim_mem_dev_read64(mem, pa & ~UINT64_C(7), view, &word)) {
		*val = (uint32_t)(pa & 4 ? word >> 32 : word);
		return 0;
	}
	memcpy(val, host_of(mem, pa), sizeof(*val));
	return 0;
}

int sim_mem_dev_read(const struct sim_mem *mem, uint64_t pa, void *buf,
		     size_t len)
{
	if (!sim_mem_has(mem, pa, len))
		return -1;
	memcpy(buf, host_of(mem, pa), len);
	return 0;
}

/* What a device wrote is in memory: there is no older value to be seen. */
static void settle(struct sim_mem *mem, uint64_t pa, size_t len)
{
	for (uint64_t w = pa & ~UINT64_C(7); w < pa + len; w += 8) {
		struct pending *p = pending_find(mem, w);

		if (p)
			p->old = load64(mem, w);
	}
}

int sim_mem_dev_write(struct sim_mem *mem, uint64_t pa, const void *buf,
		      size_t len)
{
	if (!sim_mem_has(mem, pa, len))
		return -1;
	memcpy(host_of(mem, pa), buf, len);
	if (mem->nr_pending)
		settle(mem, pa, len);
	return 0;
}
