// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

/* The name callgrind is told: everything measured runs inside it. */
__attribute__((noinline)) void timed_run(void (*fn)(void *), void *ctx);

void timed_run(void (*fn)(void *), void *ctx)
{
	fn(ctx);
	__asm__ volatile("" ::: "memory"); /* a call, not a jump */
}

_Noreturn void bench_die(const char *what, long long detail)
{
	fprintf(stderr, "hypiommu-bench: %s: %lld\n", what, detail);
	exit(1);
}

double bench_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

uint64_t bench_random(void) /* xorshift64*, the same every time */
{
	static uint64_t s = 0x9e3779b97f4a7c15ull;

	s ^= s >> 12;
	s ^= s << 25;
	s ^= s >> 27;
	return s * 2685821657736338717ull;
}

/* ---------------------------------------------------------------- rows */

static bool same(const struct bench_id *a, const struct bench_id *b)
{
	return !strcmp(a->section, b->section) &&
	       !strcmp(a->subject, b->subject) && !strcmp(a->name, b->name) &&
	       !strcmp(a->phase, b->phase) && !strcmp(a->lib, b->lib) &&
	       !(a->x < b->x) && !(a->x > b->x);
}

struct bench_row *bench_row(struct bench *b, const struct bench_id *id)
{
	for (unsigned int i = 0; i < b->row_count; i++) {
		if (same(&b->rows[i].id, id))
			return &b->rows[i];
	}
	if (b->row_count == b->row_max) {
		b->row_max = b->row_max ? 2 * b->row_max : 128;
		b->rows = realloc(b->rows, b->row_max * sizeof(*b->rows));
		if (!b->rows)
			bench_die("no memory for rows", b->row_max);
	}
	b->rows[b->row_count] = (struct bench_row){
		.id = *id, .ir = -1, .bytes = -1, .bytes_kept = -1
	};
	return &b->rows[b->row_count++];
}

static bool in_budget(const struct bench_id *id)
{
	const char *names = !strcmp(id->subject, "s1-4k") ? "abefg"
			    : !strcmp(id->subject, "v7s") ? "ab"
							  : "";

	return !strcmp(id->section, "engine") && strchr(names, id->name[0]);
}

bool bench_wants(const struct bench *b, const struct bench_id *id)
{
	if (b->budget && !in_budget(id))
		return false;
	return !b->only || strstr(id->section, b->only) ||
	       strstr(id->subject, b->only) || strstr(id->name, b->only);
}

struct bench_row *bench_measure(struct bench *b, const struct bench_id *id,
				double units, void (*fn)(void *), void *ctx)
{
	struct bench_row *row = bench_row(b, id);
	double begin;

	row->units = units;
	if (b->count) {
		/* In the order callgrind dumps them. */
		printf("%s\t%s\t%s\t%s\t%s\t%.0f\t%.0f\n", id->section,
		       id->subject, id->name, id->phase, id->lib, id->x, units);
		timed_run(fn, ctx);
		return row;
	}
	begin = bench_now_ns();
	timed_run(fn, ctx);
	if (row->samples < BENCH_SAMPLES)
		row->ns[row->samples++] = (bench_now_ns() - begin) / units;
	return row;
}

double bench_min(const struct bench_row *row)
{
	double min = row->samples ? row->ns[0] : 0;

	for (unsigned int i = 1; i < row->samples; i++)
		min = row->ns[i] < min ? row->ns[i] : min;
	return min;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_median(const struct bench_row *row)
{
	double v[BENCH_SAMPLES];

	if (!row->samples)
		return 0;
	memcpy(v, row->ns, row->samples * sizeof(v[0]));
	qsort(v, row->samples, sizeof(v[0]), ascending);
	return v[row->samples / 2];
}

/* ----------------------------------------------------------- callgrind */

static struct bench_row *row_of_line(struct bench *b, char *line)
{
	char *field[7] = { line };
	struct bench_id id;
	struct bench_row *row;

	for (unsigned int i = 1; i < 7; i++) {
		field[i] = strchr(field[i - 1], '\t');
		if (!field[i])
			return NULL;
		*field[i]++ = '\0';
	}
	id = (struct bench_id){ field[0], field[1], field[2],
				field[3], field[4], atof(field[5]) };
	row = bench_row(b, &id);
	if (row->id.section == field[0]) { /* new: keep the strings */
		row->id.section = strdup(field[0]);
		row->id.subject = strdup(field[1]);
		row->id.name = strdup(field[2]);
		row->id.phase = strdup(field[3]);
		row->id.lib = strdup(field[4]);
	}
	row->units = atof(field[6]);
	return row;
}

/* The next "totals:" of callgrind's output, one for each piece that ran. */
static double next_total(FILE *dump)
{
	char line[4096];
	double total;

	while (fgets(line, sizeof(line), dump)) {
		if (sscanf(line, "totals: %lf", &total) == 1)
			return total;
	}
	bench_die("callgrind's output ends early", 0);
}

static void command_line(char *to, size_t size, const char *dump,
			 const char *const options[])
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int n;

	if (len < 0)
		bench_die("/proc/self/exe", len);
	self[len] = '\0';
	n = snprintf(to, size,
		     "valgrind --tool=callgrind --toggle-collect=timed_run "
		     "--dump-after=timed_run --combine-dumps=yes "
		     "--callgrind-out-file='%s' '%s' --count-run",
		     dump, self);
	for (unsigned int i = 0; options[i]; i++)
		n += snprintf(to + n, size - (size_t)n, " '%s'", options[i]);
	n += snprintf(to + n, size - (size_t)n, " 2>'%s.log'", dump);
	if ((size_t)n >= size)
		bench_die("command line too long", n);
}

static void show_log(const char *log)
{
	FILE *f = fopen(log, "r");
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		fputs(line, stderr);
	if (f)
		fclose(f);
}

bool bench_count(struct bench *b, const char *const options[])
{
	char dir[] = "/tmp/hypiommu-bench.XXXXXX", command[2 * PATH_MAX];
	char dump[64], log[72], line[512];
	size_t rows[512]; /* as an index: the array may move */
	unsigned int n = 0;
	FILE *f;
	bool ran;

	if (system("command -v valgrind >/dev/null 2>&1")) {
		fputs("no valgrind\n", stderr);
		return false;
	}
	if (!mkdtemp(dir))
		bench_die("no temporary directory", 0);
	snprintf(dump, sizeof(dump), "%s/out", dir);
	snprintf(log, sizeof(log), "%s.log", dump);
	command_line(command, sizeof(command), dump, options);
	f = popen(command, "r");
	while (f && fgets(line, sizeof(line), f)) {
		struct bench_row *row = row_of_line(b, line);

		if (row && n < 512)
			rows[n++] = (size_t)(row - b->rows);
	}
	ran = f && !pclose(f);
	if (!ran)
		show_log(log);
	f = ran ? fopen(dump, "r") : NULL;
	for (unsigned int i = 0; f && i < n; i++) {
		struct bench_row *row = &b->rows[rows[i]];

		row->ir = next_total(f) / row->units;
	}
	if (f)
		fclose(f);
	unlink(dump);
	unlink(log);
	rmdir(dir);
	return ran;
}
