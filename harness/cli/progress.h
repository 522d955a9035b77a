/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* A bar on stderr, if that is a terminal; else nothing. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>

struct progress {
	bool shown;
	int last; /* per mille drawn */
};

void progress_begin(struct progress *progress);
void progress_update(struct progress *progress, double done); /* 0 to 1 */
void progress_end(struct progress *progress);		      /* erases it */

#endif /* PROGRESS_H */
