// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "grid.h"

void grid_begin(struct grid *grid)
{
	memset(grid, 0, sizeof(*grid));
}

void grid_row(struct grid *grid)
{
	if (grid->rows < GRID_ROWS)
		grid->rows++;
	grid->column = 0;
}

void grid_cell(struct grid *grid, const char *format, ...)
{
	va_list args;

	if (grid->column == GRID_COLUMNS)
		return;
	va_start(args, format);
	vsnprintf(grid->cell[grid->rows - 1][grid->column], GRID_CELL, format,
		  args);
	va_end(args);
	if (++grid->column > grid->columns)
		grid->columns = grid->column;
}

static int width(const struct grid *grid, unsigned int column)
{
	size_t max = 3;

	for (unsigned int r = 0; r < grid->rows; r++) {
		size_t n = strlen(grid->cell[r][column]);

		max = n > max ? n : max;
	}
	return (int)max;
}

/* A column whose first cell below the header is a number. */
static int is_number(const struct grid *grid, unsigned int column)
{
	const char *s = grid->rows > 1 ? grid->cell[1][column] : "";

	return column && (*s == '-' || *s == '\0' || (*s >= '0' && *s <= '9'));
}

static void rule(const struct grid *grid)
{
	for (unsigned int c = 0; c < grid->columns; c++) {
		int n = width(grid, c);

		putchar('|');
		for (int i = 0; i < n + 1; i++)
			putchar('-');
		putchar(is_number(grid, c) ? ':' : '-');
	}
	puts("|");
}

void grid_print(const struct grid *grid, const char *title, int markdown)
{
	printf(markdown ? "### %s\n\n" : "%s\n", title);
	for (unsigned int r = 0; r < grid->rows; r++) {
		for (unsigned int c = 0; c < grid->columns; c++) {
			int n = width(grid, c);

			printf("%s%*s", markdown ? (c ? " | " : "| ") : "  ",
			       is_number(grid, c) ? n : -n, grid->cell[r][c]);
		}
		puts(markdown ? " |" : "");
		if (markdown && !r)
			rule(grid);
	}
	puts("");
}
