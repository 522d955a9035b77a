// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A TCG plugin for QEMU 10: guest instructions by exception level, and of EL2's
 * those each hypercall of libhypiommu took. One CPU only. A program in the
 * guest marks phases with "movz xzr, #0xbeef", x0 = phase, x1 = 0 at its start,
 * 1 after each request and 2 at its end; then lines go to the plugin log:
 *
 *   phase N el0 N el1 N el2 N hvc N
 *   call N function F count N el2 N
 *
 * el0, el1 and el2 are those of the request that an eighth of them undercut,
 * times the requests: into the others come timers and idle periods in two, as
 * the machine below happens to be busy.
 *
 * The plugin interface has no packaged header: what is used of its version 4 is
 * declared here.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------- QEMU's plugin interface */

#define EXPORT	  __attribute__((visibility("default")))
#define ADD_U64	  0 /* qemu_plugin_op */
#define NO_REGS	  0 /* qemu_plugin_cb_flags */
#define READ_REGS 1

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_scoreboard;
struct qemu_plugin_register;

struct counter { /* qemu_plugin_u64 */
	struct qemu_plugin_scoreboard *score;
	size_t offset;
};

struct descriptor { /* qemu_plugin_reg_descriptor */
	struct qemu_plugin_register *handle;
	const char *name, *feature;
};

struct array { /* GArray, GByteArray */
	char *data;
	unsigned int len;
};

struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t size);
uint64_t qemu_plugin_u64_sum(struct counter counter);
struct array *qemu_plugin_get_registers(void);
int qemu_plugin_read_register(struct qemu_plugin_register *reg,
			      struct array *buf);
struct array *g_byte_array_new(void);
struct array *g_byte_array_set_size(struct array *array, unsigned int len);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to,
			     size_t len);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id,
					   void (*fn)(plugin_id,
						      struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*fn)(unsigned int, void *),
					    int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(
	struct qemu_plugin_insn *insn, int op, struct counter counter,
	uint64_t by);
void qemu_plugin_outs(const char *text);

EXPORT int qemu_plugin_version = 4;
EXPORT int qemu_plugin_install(plugin_id id, const void *info, int argc,
			       char **argv);

/* ---------------------------------------------------------------- counters */

/* Functions of libhypiommu's hypercall: the library's, the port's (from
 * PORT_BASE on), and any other call. */
#define LIBRARY	  16
#define PORT	  16
#define PORT_BASE 0x100
#define OTHER	  (LIBRARY + PORT)
#define FUNCTIONS (OTHER + 1)

/* The id of __hypiommu_call in x0: given by the kernel's own numbering. */
static uint64_t call_id;

enum {
	EL0,
	EL1,
	EL2,
	LEVELS
};
static struct counter levels[LEVELS];

struct totals {
	uint64_t hvc, count[FUNCTIONS], el2[FUNCTIONS];
};
static struct totals now, start;

/* The requests of the phase. */
#define REQUESTS 65536

struct request {
	uint64_t level[LEVELS], all;
};
static struct request requests[REQUESTS], last;
static size_t request_count;

static struct qemu_plugin_register *regs[2];
static struct array *buf;

static uint64_t reg(unsigned int i)
{
	uint64_t val = 0;

	g_byte_array_set_size(buf, 0);
	qemu_plugin_read_register(regs[i], buf);
	memcpy(&val, buf->data, sizeof(val));
	return val;
}

/* Registers are known only once a CPU runs. */
static void find_regs(void)
{
	struct array *all = qemu_plugin_get_registers();
	struct descriptor *d = (struct descriptor *)(void *)all->data;

	buf = g_byte_array_new();
	for (unsigned int i = 0; i < all->len; i++) {
		if (!strcmp(d[i].name, "x0"))
			regs[0] = d[i].handle;
		if (!strcmp(d[i].name, "x1"))
			regs[1] = d[i].handle;
	}
}

/* -------------------------------------------------------------- the events */

static int current = -1; /* the function EL2 is in, or none */
static uint64_t entered;

static int index_of(uint64_t fn)
{
	if (fn < LIBRARY)
		return (int)fn;
	if (fn >= PORT_BASE && fn < PORT_BASE + PORT)
		return (int)(fn - PORT_BASE + LIBRARY);
	return OTHER;
}

static void on_hvc(unsigned int cpu, void *data)
{
	(void)cpu, (void)data;
	if (!buf)
		find_regs();
	now.hvc++;
	current = reg(0) == call_id ? index_of(reg(1)) : OTHER;
	entered = qemu_plugin_u64_sum(levels[EL2]);
}

static void on_eret(unsigned int cpu, void *data)
{
	(void)cpu, (void)data;
	if (current < 0)
		return;
	now.count[current]++;
	now.el2[current] += qemu_plugin_u64_sum(levels[EL2]) - entered;
	current = -1;
}

static void count_levels(struct request *r)
{
	r->all = 0;
	for (int i = 0; i < LEVELS; i++) {
		r->level[i] = qemu_plugin_u64_sum(levels[i]);
		r->all += r->level[i];
	}
}

static void end_request(void)
{
	struct request *r = &requests[request_count], before = last;

	count_levels(&last);
	if (request_count == REQUESTS)
		return;
	*r = last;
	for (int i = 0; i < LEVELS; i++)
		r->level[i] -= before.level[i];
	r->all -= before.all;
	request_count++;
}

static int by_all(const void *a, const void *b)
{
	const struct request *x = a, *y = b;

	return (x->all > y->all) - (x->all < y->all);
}

static void report(uint64_t phase)
{
	static const struct request none;
	const struct request *quiet = &none;
	char line[160];

	qsort(requests, request_count, sizeof(requests[0]), by_all);
	if (request_count)
		quiet = &requests[request_count / 8];
	snprintf(line, sizeof(line),
		 "phase %" PRIu64 " el0 %" PRIu64 " el1 %" PRIu64
		 " el2 %" PRIu64 " hvc %" PRIu64 "\n",
		 phase, quiet->level[EL0] * request_count,
		 quiet->level[EL1] * request_count,
		 quiet->level[EL2] * request_count, now.hvc - start.hvc);
	qemu_plugin_outs(line);
	for (int i = 0; i < FUNCTIONS; i++) {
		if (now.count[i] == start.count[i])
			continue;
		snprintf(line, sizeof(line),
			 "call %" PRIu64 " function %d count %" PRIu64
			 " el2 %" PRIu64 "\n",
			 phase, i, now.count[i] - start.count[i],
			 now.el2[i] - start.el2[i]);
		qemu_plugin_outs(line);
	}
}

static void on_mark(unsigned int cpu, void *data)
{
	(void)cpu, (void)data;
	if (!buf)
		find_regs();
	switch (reg(1)) {
	case 0:
		start = now;
		request_count = 0;
		count_levels(&last);
		break;
	case 1:
		end_request();
		break;
	default:
		report(reg(0));
	}
}

/* --------------------------------------------------------------- decoding */

/* The kernel is in the upper half; programs are linked low, or sit just below
 * 2^48; EL2 is anywhere else in the lower half. */
static int level_of(uint64_t va)
{
	if (va >> 48 == 0xffff)
		return EL1;
	return va >> 32 == 0 || va >> 36 == 0xfff ? EL0 : EL2;
}

static void on_insn(struct qemu_plugin_insn *insn)
{
	int level = level_of(qemu_plugin_insn_vaddr(insn));
	uint32_t op = 0;

	qemu_plugin_insn_data(insn, &op, sizeof(op));
	qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, ADD_U64,
							    levels[level], 1);
	if (level == EL1 && (op & 0xffe0001f) == 0xd4000002)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_hvc, READ_REGS,
						       NULL);
	if (level == EL2 && op == 0xd69f03e0)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_eret, NO_REGS,
						       NULL);
	if (op == (0xd2800000 | 0xbeef << 5 | 31))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, READ_REGS,
						       NULL);
}

static void on_block(plugin_id id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++)
		on_insn(qemu_plugin_tb_get_insn(tb, i));
}

/* Argument "call=ID": x0 of libhypiommu's hypercall. */
int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	struct qemu_plugin_scoreboard *score =
		qemu_plugin_scoreboard_new(LEVELS * sizeof(uint64_t));

	(void)info;
	for (int i = 0; i < LEVELS; i++)
		levels[i] =
			(struct counter){ score, (size_t)i * sizeof(uint64_t) };
	for (int i = 0; i < argc; i++)
		sscanf(argv[i], "call=%" SCNu64, &call_id);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_block);
	return 0;
}
