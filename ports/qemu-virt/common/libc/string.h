/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#ifndef LIBC_STRING_H
#define LIBC_STRING_H

#include "memory.h"

#endif /* LIBC_STRING_H */
