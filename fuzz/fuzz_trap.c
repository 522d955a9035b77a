// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's faults on register frames that are EL2's, at the Android module's
 * own handler: any syndrome, anywhere. What must come of it is read from the
 * manual a second time here (DDI 0487 D24.2.40, ISS of a data abort); which
 * registers the host may use, the bed of the module's tests says.
 *
 * Input, a trap: which frame, where in it (3 bytes), ESR_EL2 (5), a value (8)
 * that registers have, the CPU's and the hardware's.
 */
#include <inttypes.h>
#include <string.h>

#include "mock.h"

#include "../ports/pkvm/common/trap.h"

#define TRAP_BYTES 17u
#define MAX_TRAPS  16u
#define FRAMES	   16u

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct frame {
	uint64_t base, size;
} frames[FRAMES];
static unsigned int frame_count;

/* What the handler did with the hardware. */
static struct {
	unsigned int count, width;
	uint64_t pa, val;
	bool write;
} io;

static void on_io(uint64_t pa, unsigned int width, bool write, uint64_t val)
{
	io.count++;
	io.pa = pa;
	io.width = width;
	io.write = write;
	io.val = val;
}

static void add_frame(uint64_t base, uint64_t size)
{
	check(frame_count < FRAMES);
	frames[frame_count++] = (struct frame){ base, size };
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const struct hypiommu_machine *m = &hypiommu_machine;

	(void)argc, (void)argv;
	mock_boot();
	check(mock_take_over() == 0);
	for (unsigned int i = 0; i < m->smmu_count; i++) {
		for (unsigned int k = 0; k < m->smmu[i].frames; k++)
			add_frame(m->smmu[i].frame[k].base,
				  m->smmu[i].frame[k].size);
	}
	for (unsigned int i = 0; i < m->mc_count; i++)
		add_frame(m->mc[i].base, m->mc[i].size);
	add_frame(RAM, MOCK_RAM);
	add_frame(0, 1ull << 48);
	mock_watch = false; /* every access is looked at here */
	mock_on_io = on_io;
	return 0;
}

struct trap {
	uint64_t pa, esr;
	unsigned int bytes, reg;
	bool known, write; /* known: the syndrome says what was done */
	struct user_pt_regs before, after;
};

static void wrong(const struct trap *t, const char *what)
{
	printf("fuzz_trap: %s: ESR 0x%" PRIx64 ", address 0x%" PRIx64
	       ", x%u was 0x%" PRIx64 ", is 0x%" PRIx64
	       "; accesses: %u, the last a %s of 0x%" PRIx64 " at 0x%" PRIx64
	       "\n",
	       what, t->esr, t->pa, t->reg % 31, t->before.regs[t->reg % 31],
	       t->after.regs[t->reg % 31], io.count,
	       io.write ? "write" : "read", io.val, io.pa);
	fflush(stdout);
	abort();
}

static uint64_t field(uint64_t esr, unsigned int high, unsigned int low)
{
	return esr % (2ull << high) >> low;
}

static void decode(struct trap *t)
{
	t->bytes = 1u << field(t->esr, 23, 22);	      /* SAS */
	t->reg = (unsigned int)field(t->esr, 20, 16); /* SRT */
	t->write = field(t->esr, 6, 6);		      /* WnR */
	t->known = field(t->esr, 31, 26) == 0x24 &&   /* EC: data, from below */
		   field(t->esr, 24, 24) &&	      /* ISV */
		   !field(t->esr, 8, 8) &&	      /* CM: maintenance */
		   !field(t->esr, 7, 7);	      /* S1PTW: a walk */
}

/* Xt after a load of `val`: SSE and SF are bits 21 and 15. */
static uint64_t loaded(const struct trap *t, uint64_t val)
{
	unsigned int unused = 64 - 8 * t->bytes;

	val <<= unused;
	val = field(t->esr, 21, 21) ? (uint64_t)((int64_t)val >> unused)
				    : val >> unused;
	return field(t->esr, 15, 15) || t->bytes == 8 ? val : val & 0xffffffff;
}

/* The parts the ports share, alone: also of what no register may be used by. */
static void check_parts(const struct trap *t, uint64_t val)
{
	struct hypiommu_trap said;

	if (hypiommu_trap_decode(t->esr, &said) != t->known)
		wrong(t, "decoded or not");
	if (t->known && (said.size != t->bytes || said.reg != t->reg ||
			 said.write != t->write))
		wrong(t, "decoded wrongly");
	if (t->known && hypiommu_trap_loaded(&said, val) != loaded(t, val))
		wrong(t, "extended wrongly");
}

/* At most the one access that was trapped, and only where the host may. */
static void check_access(const struct trap *t, bool dealt)
{
	bool may = dealt && t->bytes == 4 &&
		   (t->write ? bed_host_writes(t->pa) : bed_host_reads(t->pa));
	uint64_t stored = t->reg == 31 ? 0 : (uint32_t)t->before.regs[t->reg];

	if (!io.count && may && (t->write || t->reg != 31))
		wrong(t, "a register the host may use was not");
	if (!io.count)
		return;
	if (!may || io.count > 1)
		wrong(t, "a register was touched");
	if (io.pa != t->pa || io.width != 4 || io.write != t->write)
		wrong(t, "another register was touched");
	if (t->write && io.val != stored)
		wrong(t, "another value was written");
}

/* Nothing but Xt, and that only of a load. */
static void check_registers(struct trap *t, bool dealt)
{
	if (dealt && !t->write && t->reg != 31) {
		if (t->after.regs[t->reg] != loaded(t, io.count ? io.val : 0))
			wrong(t, "another value was read");
		t->after.regs[t->reg] = t->before.regs[t->reg];
	}
	if (memcmp(&t->after, &t->before, sizeof(t->after)))
		wrong(t, "registers changed");
}

static uint64_t number(const uint8_t *data, unsigned int bytes)
{
	uint64_t val = 0;

	while (bytes--)
		val = val << 8 | data[bytes];
	return val;
}

static void trap(const uint8_t *data)
{
	const struct frame *f = &frames[data[0] % frame_count];
	uint64_t val = number(data + 9, 8);
	bool dealt;
	struct trap t = {
		/* A little beyond the end as well. */
		.pa = f->base + number(data + 1, 3) % (f->size + 16),
		.esr = number(data + 4, 5),
	};

	decode(&t);
	for (unsigned int i = 0; i < 31; i++)
		t.before.regs[i] = val + i;
	t.before.sp = ~val;
	t.before.pc = t.before.pstate = val;
	t.after = t.before;
	check_parts(&t, val);
	if (bed_host_reads(t.pa))
		bed_write(t.pa, 4, val);
	io.count = 0;
	dealt = hypiommu_ops.dabt_handler(&t.after, t.esr, t.pa);
	if (dealt != (t.known && mock_is_taken(t.pa)))
		wrong(&t, dealt ? "dealt with" : "not dealt with");
	check_access(&t, dealt);
	check_registers(&t, dealt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < MAX_TRAPS && (i + 1) * TRAP_BYTES <= size; i++)
		trap(data + i * TRAP_BYTES);
	return 0;
}
