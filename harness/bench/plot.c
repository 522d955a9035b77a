// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Two figures side by side: cost of a page, and growth with what is live. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"

#define WIDTH  1080
#define HEIGHT 420
#define TOP    70.0
#define BOTTOM 330.0
#define GROUPS 16u
#define SERIES 6u

static const char *const colours[SERIES] = { "#1f6f8b", "#99c5d6", "#c0562b",
					     "#ecb798", "#666666", "#bbbbbb" };

/* A round number at or above v: the top of an axis. */
static double round_up(double v)
{
	double step = pow(10, floor(log10(v > 0 ? v : 1)));

	for (double k = 1; k <= 10; k += k < 2 ? 0.5 : 1) {
		if (k * step >= v)
			return k * step;
	}
	return 10 * step;
}

static double y_of(double v, double top)
{
	return BOTTOM - (BOTTOM - TOP) * v / top;
}

static void text(FILE *f, double x, double y, const char *anchor,
		 const char *class, const char *what)
{
	fprintf(f,
		"<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" "
		"class=\"%s\">%s</text>\n",
		x, y, anchor, class, what);
}

static void axis(FILE *f, double left, double right, double top,
		 const char *title, const char *unit)
{
	text(f, left, 28, "start", "title", title);
	text(f, left, 50, "start", "small", unit);
	for (int i = 0; i <= 5; i++) {
		double v = top * i / 5, y = y_of(v, top);
		char label[32];

		fprintf(f,
			"<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
			"class=\"%s\"/>\n",
			left, y, right, y, i ? "grid" : "axis");
		snprintf(label, sizeof(label), "%g", v);
		text(f, left - 6, y + 4, "end", "small", label);
	}
}

static void legend(FILE *f, double x, unsigned int colour, const char *what)
{
	fprintf(f,
		"<rect x=\"%.1f\" y=\"382\" width=\"11\" height=\"11\" "
		"fill=\"%s\"/>\n",
		x, colours[colour]);
	text(f, x + 16, 392, "start", "small", what);
}

/* ---------------------------------------------------------------- bars */

struct bars {
	const char *group[GROUPS], *series[SERIES], *lib[SERIES];
	double value[GROUPS][SERIES];
	unsigned int groups, count;
};

/* One format, small pages: blocks are on another scale. */
static void collect(const struct bench *b, struct bars *bars)
{
	for (unsigned int i = 0; i < b->row_count; i++) {
		const struct bench_row *row = &b->rows[i];
		const char *phase = *row->id.phase ? row->id.phase : "map";
		unsigned int g, s;

		if (strcmp(row->id.section, "engine") ||
		    strcmp(row->id.subject, "s1-4k") || row->id.name[0] == 'c')
			continue;
		for (g = 0; g < bars->groups; g++) {
			if (!strcmp(bars->group[g], row->id.name))
				break;
		}
		for (s = 0; s < bars->count; s++) {
			if (!strcmp(bars->series[s], phase) &&
			    !strcmp(bars->lib[s], row->id.lib))
				break;
		}
		if (g == GROUPS || s == SERIES)
			continue;
		bars->group[g] = row->id.name;
		bars->series[s] = phase;
		bars->lib[s] = row->id.lib;
		bars->groups += g == bars->groups;
		bars->count += s == bars->count;
		bars->value[g][s] = bench_min(row);
	}
}

static void draw_group(FILE *f, const struct bars *bars, unsigned int g,
		       double left, double room, double top)
{
	double wide = room * 0.8 / bars->count;

	for (unsigned int s = 0; s < bars->count; s++) {
		double v = bars->value[g][s], y = y_of(v, top);
		double x = left + room * 0.1 + s * wide;
		char label[32];

		if (!(v > 0))
			continue;
		fprintf(f,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
			"height=\"%.1f\" fill=\"%s\"/>\n",
			x, y, wide - 1, BOTTOM - y, colours[s]);
		snprintf(label, sizeof(label), v < 10 ? "%.1f" : "%.0f", v);
		text(f, x + wide / 2, y - 3, "middle", "tiny", label);
	}
	text(f, left + room / 2, BOTTOM + 18, "middle", "small",
	     bars->group[g]);
}

static void draw_bars(FILE *f, const struct bench *b)
{
	const double left = 50, right = 540;
	struct bars bars = { 0 };
	double top = 0, room;

	collect(b, &bars);
	if (!bars.groups)
		return;
	for (unsigned int g = 0; g < bars.groups; g++) {
		for (unsigned int s = 0; s < bars.count; s++)
			top = fmax(top, bars.value[g][s]);
	}
	top = round_up(top * 1.05);
	axis(f, left, right, top, "A page of s1-4k, owner checks included",
	     "ns, least of all runs");
	room = (right - left) / bars.groups;
	for (unsigned int g = 0; g < bars.groups; g++)
		draw_group(f, &bars, g, left + g * room, room, top);
	for (unsigned int s = 0; s < bars.count; s++) {
		char label[64];

		snprintf(label, sizeof(label), "%s%s, %.30s", bars.series[s],
			 strcmp(bars.series[s], "map") ? "" : " (or all)",
			 bars.lib[s]);
		legend(f, left + 245 * (s % 2), s, label);
		if (s % 2 && s + 1 < bars.count)
			fputs("<g transform=\"translate(0 18)\">\n", f);
	}
	for (unsigned int s = 2; s < bars.count; s += 2)
		fputs("</g>\n", f);
}

/* --------------------------------------------------------------- lines */

static bool on_line(const struct bench_row *row, const char *subject,
		    const char *name)
{
	return !strcmp(row->id.section, "scale") &&
	       !strcmp(row->id.subject, subject) && !strcmp(row->id.name, name);
}

static void draw_line(FILE *f, const struct bench *b, const char *subject,
		      const char *name, unsigned int colour, double left,
		      double decade, double top)
{
	fprintf(f, "<polyline fill=\"none\" stroke=\"%s\" points=\"",
		colours[colour]);
	for (unsigned int i = 0; i < b->row_count; i++) {
		if (on_line(&b->rows[i], subject, name))
			fprintf(f, "%.1f,%.1f ",
				left + log10(b->rows[i].id.x) * decade,
				y_of(bench_min(&b->rows[i]), top));
	}
	fputs("\" stroke-width=\"2\"/>\n", f);
	for (unsigned int i = 0; i < b->row_count; i++) {
		if (on_line(&b->rows[i], subject, name))
			fprintf(f,
				"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" "
				"fill=\"%s\"/>\n",
				left + log10(b->rows[i].id.x) * decade,
				y_of(bench_min(&b->rows[i]), top),
				colours[colour]);
	}
}

static void draw_lines(FILE *f, const struct bench *b)
{
	static const char *const subject[] = { "mappings", "mappings",
					       "domains", "domains" };
	static const char *const name[] = { "near", "far", "near", "far" };
	const double left = 610, right = 1050;
	double top = 0, most = 1, decade;

	for (unsigned int i = 0; i < b->row_count; i++) {
		if (strcmp(b->rows[i].id.section, "scale"))
			continue;
		top = fmax(top, bench_min(&b->rows[i]));
		most = fmax(most, b->rows[i].id.x);
	}
	if (!(top > 0) || !(most > 1))
		return;
	top = round_up(top * 1.05);
	decade = (right - left) / log10(most);
	axis(f, left, right, top, "Map and unmap by hypercall, with more live",
	     "ns for the pair; near: 64 places, far: anywhere");
	for (double v = 1, x = left; v <= most; v *= 10, x += decade) {
		char label[32];

		snprintf(label, sizeof(label), "%.0f%s",
			 v < 1e3   ? v
			 : v < 1e6 ? v / 1e3
				   : v / 1e6,
			 v < 1e3   ? ""
			 : v < 1e6 ? "k"
				   : "M");
		text(f, x, BOTTOM + 18, "middle", "small", label);
	}
	for (unsigned int i = 0; i < 4; i++) {
		char label[64];

		draw_line(f, b, subject[i], name[i], i, left, decade, top);
		snprintf(label, sizeof(label), "%s, %s", subject[i], name[i]);
		legend(f, left + 119 * i, i, label);
	}
}

void plot_svg(const struct bench *b, const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f)
		bench_die("cannot write the picture", 0);
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
		"height=\"%d\" viewBox=\"0 0 %d %d\">\n"
		"<style>text{font-family:sans-serif;fill:#222}"
		".title{font-size:16px;font-weight:bold}"
		".small{font-size:12px}.tiny{font-size:10px}"
		".grid{stroke:#ddd}.axis{stroke:#222}</style>\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
		WIDTH, HEIGHT, WIDTH, HEIGHT);
	draw_bars(f, b);
	draw_lines(f, b);
	fputs("</svg>\n", f);
	if (fclose(f))
		bench_die("cannot write the picture", 0);
}
