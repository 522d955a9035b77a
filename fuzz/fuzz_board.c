// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Device trees as a stranger would write them, through the board loader. */
#include <stddef.h>
#include <stdint.h>

#include "board.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct board_error err;
	struct board *board = board_load_mem(data, size, "fuzz", &err);

	board_free(board);
	return 0;
}
