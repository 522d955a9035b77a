/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of a kernel as the port's two halves ask for, hosted: what they
 * compile against in the place of Linux's headers. Written from how they use
 * it. What there is more of than a line is in host.c (EL1) and hyp.c (EL2).
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;
typedef int32_t s32;
typedef long long s64;
typedef u64 phys_addr_t;
typedef u64 dma_addr_t;
typedef unsigned int gfp_t;

#define U32_MAX UINT32_MAX
#define U64_MAX UINT64_MAX
#define SZ_1K	0x400u
#define SZ_4K	0x1000u
#define SZ_64K	0x10000u
#define SZ_2M	0x200000u
#define SZ_1G	0x40000000u

#define __init
#define __iomem
#define __force
#undef __always_inline
#define __always_inline	 inline __attribute__((always_inline))
#define noinline	 __attribute__((noinline))
#define likely(x)	 __builtin_expect(!!(x), 1)
#define unlikely(x)	 __builtin_expect(!!(x), 0)
#define BIT(n)		 (1ull << (n))
#define ARRAY_SIZE(a)	 (sizeof(a) / sizeof((a)[0]))
#define READ_ONCE(x)	 (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define min(a, b)                       \
	({                              \
		__typeof__(a) a_ = (a); \
		__typeof__(b) b_ = (b); \
		a_ < b_ ? a_ : b_;      \
	})
#define max(a, b)                       \
	({                              \
		__typeof__(a) a_ = (a); \
		__typeof__(b) b_ = (b); \
		a_ > b_ ? a_ : b_;      \
	})
#define min_t(type, a, b)    min((type)(a), (type)(b))
#define clamp(v, low, high)  min(max(v, low), high)
#define DIV_ROUND_UP(n, d)   (((n) + (d)-1) / (d))
#define BUILD_BUG_ON(x)	     _Static_assert(!(x), "BUILD_BUG_ON")
#define IS_ENABLED(option)   option
#define CONFIG_HYPIOMMU_TEST 1
#define container_of(p, type, member) \
	((type *)((char *)(p)-offsetof(type, member)))
_Noreturn void kernel_panic(const char *format, ...);
#define panic		      kernel_panic
#define BUG_ON(x)	      ((x) ? kernel_panic("BUG_ON(" #x ")\n") : (void)0)
#define ilog2(n)	      (63 - __builtin_clzll(n))
#define roundup_pow_of_two(n) ((n) > 1 ? 2ull << ilog2((n)-1ull) : 1ull)

#define PAGE_SHIFT	  12
#define PAGE_SIZE	  4096ul
#define PAGE_MASK	  (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(x)	  (((x) + PAGE_SIZE - 1) & PAGE_MASK)
#define PAGE_ALIGNED(x)	  (!((x) & (PAGE_SIZE - 1)))
#define offset_in_page(x) ((unsigned long)(x) & ~PAGE_MASK)

/* One CPU runs, and nothing interrupts it; `current` says as whom. */
extern char *current;
#define in_hardirq()	     0
#define in_serving_softirq() 0
#define cmpxchg_acquire(p, old, new)          \
	({                                    \
		__typeof__(*(p)) was_ = *(p); \
		if (was_ == (old))            \
			*(p) = (new);         \
		was_;                         \
	})
#define smp_store_release(p, v) (*(p) = (v))
#define hash_long(value, bits)	((value)*0x61c8864680b583ebull >> (64 - (bits)))
typedef struct {
	s64 counter;
} atomic64_t;
#define atomic64_inc(a)	   ((void)(a)->counter++)
#define atomic64_add(n, a) ((void)((a)->counter += (s64)(n)))
#define atomic64_sub(n, a) ((void)((a)->counter -= (s64)(n)))
#define atomic64_read(a)   ((a)->counter)
struct mutex {
	bool held;
};
#define mutex_init(m)	((m)->held = false)
#define mutex_lock(m)	(BUG_ON((m)->held), (void)((m)->held = true))
#define mutex_unlock(m) (BUG_ON(!(m)->held), (void)((m)->held = false))

struct list_head {
	struct list_head *next, *prev;
};
#define LIST_HEAD(name) struct list_head name = { &name, &name }
static inline void INIT_LIST_HEAD(struct list_head *l)
{
	l->next = l->prev = l;
}
static inline void list_add_tail(struct list_head *e, struct list_head *l)
{
	e->prev = l->prev;
	e->next = l;
	l->prev->next = e;
	l->prev = e;
}
static inline void list_del(struct list_head *e)
{
	e->prev->next = e->next;
	e->next->prev = e->prev;
}
#define list_for_each_entry(e, l, member)                         \
	for (e = container_of((l)->next, __typeof__(*e), member); \
	     &e->member != (l);                                   \
	     e = container_of(e->member.next, __typeof__(*e), member))

#define ERR_PTR(err) ((void *)(intptr_t)(err))
#define IS_ERR(p)    ((uintptr_t)(p) >= (uintptr_t)-4095)
#define PTR_ERR(p)   ((int)(intptr_t)(p))

/* The log: what was said is kept, kernel_said() looks for it. */
void kernel_log(const char *format, ...);
#define pr_info		     kernel_log
#define pr_err		     kernel_log
#define dev_info(dev, ...)   ((void)(dev), kernel_log(__VA_ARGS__))
#define dev_warn	     dev_info
#define dev_err		     dev_info
#define dev_warn_ratelimited dev_info
#define dev_err_ratelimited  dev_info

#include "kernel_el1.h"
#include "kernel_el2.h"
#include "kernel_android.h"

#endif /* KERNEL_H */
