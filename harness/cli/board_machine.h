/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The machine that stands for a board of a device tree. */
#ifndef BOARD_MACHINE_H
#define BOARD_MACHINE_H

#include "board.h"
#include "machine.h"

/* A board of which board_machine() makes a machine. NULL: said why; `verb` is
 * what there is no machine for. */
struct board *board_open(const char *path, const char *verb);

/* Three SMMUv2 behind the MC of a Tegra234? */
bool board_is_tegra(const struct board *b);

/* The SMMUv3 devices are put behind: the first that is not disabled. An
 * index, or BOARD_NO_SMMU. */
size_t board_smmuv3(const struct board *b);

/* The memory clients of a Tegra234's master, which has a stream: those the
 * tree names, or else those Linux' table has for its stream. How many are set,
 * at most max. */
size_t board_clients(const struct board *b, const struct board_master *m,
		     uint32_t *ids, size_t max);

/* The board's, or else a page that is no register of anything. */
uint64_t board_machine_doorbell(const struct board *b);

/* Kind, frames and doorbell; not what is behind them. 0, or an exit code. */
int board_machine(const struct board *b, struct machine_config *config);

#endif /* BOARD_MACHINE_H */
