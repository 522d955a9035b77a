// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#define GRANULE 16u
#define OPS	lpae_64k_ops

#include "lpae.h"
