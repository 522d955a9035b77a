/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The event on a line of ftrace text:
 *
 *	TASK-PID [CPU] FLAGS TIMESTAMP: NAME: ARGUMENTS
 *
 * TASK is what a user called the task, blanks, colons and brackets included.
 */
#ifndef TRACE_EVENT_H
#define TRACE_EVENT_H

#include "span.h"

struct event {
	struct span name;
	struct span args;
};

/* Is there an event on this line? Comments and other text have none. */
bool event_find(struct span line, struct event *event);

/* How many events a "CPU:1 [LOST 123 EVENTS]" line says were lost; else 0. */
uint64_t event_lost(struct span line);

#endif /* TRACE_EVENT_H */
