// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#define GRANULE 12u
#define OPS	lpae_4k_ops

#include "lpae.h"
