/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* A table of text, aligned for a terminal or as Markdown. */
#ifndef BENCH_GRID_H
#define BENCH_GRID_H

#define GRID_COLUMNS 12u
#define GRID_ROWS    128u
#define GRID_CELL    40u

struct grid {
	unsigned int columns, rows; /* row 0 is the header */
	unsigned int column;	    /* next in the row being filled */
	char cell[GRID_ROWS][GRID_COLUMNS][GRID_CELL];
};

void grid_begin(struct grid *grid);
void grid_row(struct grid *grid);
__attribute__((format(printf, 2, 3))) void grid_cell(struct grid *grid,
						     const char *format, ...);
/* Numbers right, first column and words left. */
void grid_print(const struct grid *grid, const char *title, int markdown);

#endif /* BENCH_GRID_H */
