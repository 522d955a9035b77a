// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#define GRANULE 14u
#define OPS	lpae_16k_ops

#include "lpae.h"
