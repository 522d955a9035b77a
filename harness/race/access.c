// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "access.h"
#include "place.h"

#define WORDS 65536u /* shadowed at once; a power of two */
#define LOCKS 64u

enum kind {
	PLAIN_READ,
	PLAIN_WRITE,
	ATOMIC_READ,
	ATOMIC_WRITE,
	KINDS,
};

#define IS_WRITE(kind)	((kind)&1u)
#define IS_ATOMIC(kind) ((kind)&2u)

/* The last access of a kind by a CPU: when by its own clock, which bytes. */
struct access {
	uint32_t clock;
	uint8_t bytes;
	const void *pc;
};

/* Eight bytes of memory and what was done to them in this run. */
struct shadow {
	uintptr_t word;
	uint32_t run;
	struct access by[SCHED_CPUS][KINDS];
};

struct lock_clock {
	const void *lock;
	uint32_t clock[SCHED_CPUS];
};

static struct {
	uint32_t run;
	bool on, seen, full;
	uint32_t clock[SCHED_CPUS]
		      [SCHED_CPUS]; /* [of whom][of what he knows] */
	struct lock_clock locks[LOCKS];
	struct shadow shadow[WORDS];
	char race[300 + 2 * PLACE_TEXT];
} w;

/* ----------------------------------------------------------------- order */

static struct lock_clock *clock_of(const void *lock)
{
	for (unsigned int i = 0; i < LOCKS; i++) {
		struct lock_clock *l = &w.locks[i];

		if (!l->lock)
			l->lock = lock;
		if (l->lock == lock)
			return l;
	}
	return NULL; /* never released by the other in this run */
}

static void on_acquire(unsigned int cpu, const void *lock)
{
	const struct lock_clock *l = clock_of(lock);

	for (unsigned int i = 0; l && i < SCHED_CPUS; i++) {
		if (w.clock[cpu][i] < l->clock[i])
			w.clock[cpu][i] = l->clock[i];
	}
}

static void on_release(unsigned int cpu, const void *lock)
{
	struct lock_clock *l = clock_of(lock);

	if (l)
		memcpy(l->clock, w.clock[cpu], sizeof(l->clock));
	w.clock[cpu][cpu]++;
}

/* -------------------------------------------------------------- accesses */

static struct shadow *shadow_of(uintptr_t word)
{
	size_t at = (size_t)((word * 0x9e3779b97f4a7c15ull) >> 32);

	for (unsigned int i = 0; i < 64; i++, at++) {
		struct shadow *s = &w.shadow[at % WORDS];

		if (s->run != w.run) {
			memset(s, 0, sizeof(*s));
			s->run = w.run;
			s->word = word;
		}
		if (s->word == word)
			return s;
	}
	w.full = true;
	return NULL;
}

static void judge(const struct shadow *s, unsigned int cpu, enum kind kind,
		  uint8_t bytes, const void *pc)
{
	static const char *const name[] = { "read", "write", "atomic read",
					    "atomic write" };
	char theirs[PLACE_TEXT], ours[PLACE_TEXT];
	unsigned int rival = 1 - cpu;

	for (unsigned int k = 0; k < KINDS && !w.race[0]; k++) {
		const struct access *a = &s->by[rival][k];

		if (!(IS_WRITE(k) | IS_WRITE(kind)) ||
		    (IS_ATOMIC(k) && IS_ATOMIC(kind)) || !(a->bytes & bytes) ||
		    a->clock <= w.clock[cpu][rival])
			continue;
		place_text(a->pc, theirs);
		place_text(pc, ours);
		snprintf(w.race, sizeof(w.race),
			 "data race: %s by CPU %c in %s and %s by CPU %c in "
			 "%s: no lock puts them in order",
			 name[k], 'A' + (int)rival, theirs, name[kind],
			 'A' + (int)cpu, ours);
	}
}

static void access_word(uintptr_t word, uint8_t bytes, enum kind kind,
			const void *pc)
{
	unsigned int cpu = sched_cpu();
	struct shadow *s = shadow_of(word);
	struct access *mine;

	if (!s)
		return;
	judge(s, cpu, kind, bytes, pc);
	mine = &s->by[cpu][kind];
	if (mine->clock != w.clock[cpu][cpu])
		mine->bytes = 0;
	mine->clock = w.clock[cpu][cpu];
	mine->bytes |= bytes;
	mine->pc = pc;
}

static void access_range(const void *p, size_t size, enum kind kind,
			 const void *pc)
{
	uintptr_t at = (uintptr_t)p, end = at + size;

	if (!w.on)
		return;
	w.seen = true;
	if (sched_cpu() == SCHED_CPUS)
		return;
	for (; at < end; at = (at | 7) + 1) {
		uintptr_t word = at & ~(uintptr_t)7;
		uintptr_t to = end < word + 8 ? end : word + 8;
		unsigned int mask = (1u << (to - word)) - (1u << (at - word));

		access_word(word, (uint8_t)mask, kind, pc);
	}
}

/* A store of the environment's; pc is where the library asked for it. */
static void on_store(const void *p, size_t size, const void *pc)
{
	access_range(p, size, ATOMIC_WRITE, pc);
}

static void on_begin(void)
{
	w.run++;
	w.race[0] = '\0';
	w.full = false;
	memset(w.locks, 0, sizeof(w.locks));
	memset(w.clock, 0, sizeof(w.clock));
	/* What came before both is known to both. */
	for (unsigned int i = 0; i < SCHED_CPUS; i++)
		w.clock[i][i] = 1;
	w.on = true;
}

static void on_end(void)
{
	w.on = false;
	if (w.full && !w.race[0])
		snprintf(w.race, sizeof(w.race),
			 "more than %u words were touched: raise WORDS", WORDS);
}

const struct sched_watch access_watch = {
	.begin = on_begin,
	.acquire = on_acquire,
	.release = on_release,
	.store = on_store,
	.end = on_end,
};

const char *access_race(void)
{
	return w.race[0] ? w.race : NULL;
}

bool access_seen(void)
{
	return w.seen;
}

/* --------------------------------------- what the compiler's calls come to */

#define PC __builtin_return_address(0)

#define PLAIN(name, size, kind)                  \
	void name(const void *p);                \
	void name(const void *p)                 \
	{                                        \
		access_range(p, size, kind, PC); \
	}

#define PLAIN_SIZE(n)                                  \
	PLAIN(__tsan_read##n, n, PLAIN_READ)           \
	PLAIN(__tsan_write##n, n, PLAIN_WRITE)         \
	PLAIN(__tsan_unaligned_read##n, n, PLAIN_READ) \
	PLAIN(__tsan_unaligned_write##n, n, PLAIN_WRITE)

PLAIN_SIZE(1)
PLAIN_SIZE(2)
PLAIN_SIZE(4)
PLAIN_SIZE(8)
PLAIN_SIZE(16)

#define RANGE(name, kind)                        \
	void name(const void *p, size_t size);   \
	void name(const void *p, size_t size)    \
	{                                        \
		access_range(p, size, kind, PC); \
	}

RANGE(__tsan_read_range, PLAIN_READ)
RANGE(__tsan_write_range, PLAIN_WRITE)

/* The environment has its own stores: what is left inline are loads. */
#define LOAD(bits)                                                   \
	uint##bits##_t __tsan_atomic##bits##_load(                   \
		const volatile uint##bits##_t *p, int order);        \
	uint##bits##_t __tsan_atomic##bits##_load(                   \
		const volatile uint##bits##_t *p, int order)         \
	{                                                            \
		(void)order;                                         \
		access_range((const void *)(uintptr_t)p, sizeof(*p), \
			     ATOMIC_READ, PC);                       \
		return __atomic_load_n(p, __ATOMIC_RELAXED);         \
	}

LOAD(32)
LOAD(64)

void __tsan_init(void);
void __tsan_init(void)
{
}

void __tsan_func_entry(const void *pc);
void __tsan_func_entry(const void *pc)
{
	(void)pc;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}

/* clang calls these for what gcc leaves to memset() and memcpy(). */
void *__tsan_memset(void *p, int c, size_t size);
void *__tsan_memset(void *p, int c, size_t size)
{
	access_range(p, size, PLAIN_WRITE, PC);
	return memset(p, c, size);
}

void *__tsan_memcpy(void *to, const void *from, size_t size);
void *__tsan_memcpy(void *to, const void *from, size_t size)
{
	access_range(from, size, PLAIN_READ, PC);
	access_range(to, size, PLAIN_WRITE, PC);
	return memcpy(to, from, size);
}
