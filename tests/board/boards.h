/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The device trees of boards/, as built. */
#ifndef BOARDS_H
#define BOARDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "board.h"

#define TEGRA "tegra234-small"
#define VIRT  "virt-smmuv3"

static inline const char *board_path(const char *name)
{
	static char path[4096];
	const char *dir = getenv("HYPIOMMU_BOARDS");

	assert_non_null(dir);
	snprintf(path, sizeof(path), "%s/%s.dtb", dir, name);
	return path;
}

#endif /* BOARDS_H */
