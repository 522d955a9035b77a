/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Data races: two accesses to the same bytes by different CPUs, at least one a
 * write and at least one plain, that no lock puts in order. The library under
 * harness/race is compiled with -fsanitize=thread, which makes every access a
 * call; access.c answers the calls instead of the sanitizer's own runtime, so
 * that the order is the schedule's and a finding can be replayed.
 *
 * A race is found in every schedule in which both accesses happen, whether they
 * come close or not: what orders them is locks, not time.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdbool.h>

#include "sched.h"

extern const struct sched_watch access_watch;

/* The first race of the last run, in words; NULL: none. */
const char *access_race(void);
/* Is the library compiled so that its accesses are seen at all? */
bool access_seen(void);

#endif /* ACCESS_H */
