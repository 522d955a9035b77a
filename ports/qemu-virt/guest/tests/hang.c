// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* A host that never comes to an end, to see that this is noticed. */
#include "host.h"

void test_main(void)
{
	for (;;)
		__asm__ volatile("wfi");
}
