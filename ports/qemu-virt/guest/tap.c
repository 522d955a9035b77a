// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "tap.h"
#include "host.h"

static uint64_t count;

bool ok(bool passed, const char *name)
{
	print("%s %lu - %s\n", passed ? "ok" : "not ok", ++count, name);
	return passed;
}

bool is(int64_t got, int64_t want, const char *name)
{
	if (!ok(got == want, name))
		print("# got %ld, wanted %ld\n", got, want);
	return got == want;
}

void tap_done(void)
{
	print("1..%lu\n", count);
}
