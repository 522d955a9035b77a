// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdio.h>
#include <unistd.h>

#include "progress.h"

#define WIDTH 40

void progress_begin(struct progress *progress)
{
	progress->shown = isatty(STDERR_FILENO) == 1;
	progress->last = -1;
}

void progress_update(struct progress *progress, double done)
{
	char bar[WIDTH + 1];
	int mille = (int)(done * 1000);

	if (!progress->shown || mille == progress->last)
		return;
	progress->last = mille;
	for (int i = 0; i < WIDTH; i++)
		bar[i] = i < mille * WIDTH / 1000 ? '#' : '.';
	bar[WIDTH] = '\0';
	fprintf(stderr, "\r[%s] %3d%%", bar, mille / 10);
}

void progress_end(struct progress *progress)
{
	if (progress->shown && progress->last >= 0)
		fputs("\r\033[K", stderr);
}
