/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The benchmark: every section measures through bench_measure(), which either
 * takes the time or, under callgrind, runs the code once to be counted.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_SAMPLES 128u

/* What one measured piece of code is. Strings live as long as the program. */
struct bench_id {
	const char *section; /* "engine", "floor", "pin", "hcall", "scale" */
	const char *subject; /* format, SMMU, what is counted up */
	const char *name;    /* workload, operation */
	const char *phase;   /* "map", "unmap", or "" */
	const char *lib;     /* engine under test, or "" */
	double x;	     /* scaling: how many are live; else 0 */
};

struct bench_row {
	struct bench_id id;
	double units; /* pages or operations of one sample */
	double ns[BENCH_SAMPLES];
	unsigned int samples;
	double ir; /* instructions a unit; negative: not counted */
	/* Of tables below the root: all mapped, and all unmapped again;
	 * negative: not known. */
	double bytes, bytes_kept;
};

struct bench {
	bool count; /* run each piece once and say which, for callgrind */
	bool quick;
	bool budget;	  /* only what tests/bench/budget.txt bounds */
	const char *only; /* section, subject or name to keep; NULL: all */
	struct bench_row *rows;
	unsigned int row_count, row_max;
};

/* Is anything of this section, subject or name wanted? */
bool bench_wants(const struct bench *b, const struct bench_id *id);
struct bench_row *bench_measure(struct bench *b, const struct bench_id *id,
				double units, void (*fn)(void *), void *ctx);
struct bench_row *bench_row(struct bench *b, const struct bench_id *id);
double bench_min(const struct bench_row *row);
double bench_median(const struct bench_row *row);
double bench_now_ns(void);
_Noreturn void bench_die(const char *what, long long detail);
uint64_t bench_random(void);
/* Run this program's pieces once under callgrind; false, and why on stderr, if
 * that does not work. */
bool bench_count(struct bench *b, const char *const options[]);

/* engine.c */
#define BENCH_LIBS 4u
void engine_open(const char *path);
unsigned int engine_libs(const char *names[BENCH_LIBS]);
void engine_run(struct bench *b);

/* floor.c, pins.c */
void floor_run(struct bench *b);
void pins_run(struct bench *b, const char *module);

/* hcalls.c, scale.c, threads.c */
void hcalls_run(struct bench *b);
void scale_run(struct bench *b);
#define THREADS_FLOOR "floor, no library"
void threads_run(struct bench *b);

/* goals.c, report.c, plot.c */
enum report_style {
	REPORT_TEXT,
	REPORT_MARKDOWN
};
void report_goals(const struct bench *b, enum report_style style);
void report_tables(const struct bench *b, enum report_style style,
		   const char *counted_module);
void report_json(const struct bench *b, const char *counted_module);
void report_budget(const struct bench *b);
void plot_svg(const struct bench *b, const char *path);

#endif /* BENCH_H */
