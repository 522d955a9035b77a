// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A walk over the structure block that only ever goes forward. libfdt up to
 * 1.6 adds a property's length to the offset unchecked, and a length near 2^32
 * leads it back, for ever; so every length is checked before it walks.
 */
#include <libfdt.h>
#include <string.h>

#include "board_priv.h"

/* Bytes after the tag at *at, 0 if none; false if they leave the block. */
static bool body(const uint8_t *s, uint32_t left, uint32_t tag, uint32_t *size)
{
	const uint8_t *nul;
	uint32_t length;

	*size = 0;
	if (tag == FDT_BEGIN_NODE) {
		nul = memchr(s, 0, left);
		if (!nul)
			return false;
		*size = (uint32_t)(nul + 1 - s);
	} else if (tag == FDT_PROP) {
		if (left < 8) /* length, name */
			return false;
		length = fdt32_ld((const fdt32_t *)s);
		if (length > left - 8)
			return false;
		*size = 8 + length;
	}
	*size = (*size + 3) & ~3u;
	return *size <= left;
}

bool tokens_check(struct load *l)
{
	const uint8_t *s = (const uint8_t *)l->fdt + fdt_off_dt_struct(l->fdt);
	uint32_t left = fdt_size_dt_struct(l->fdt), tag = FDT_NOP, size;

	while (tag != FDT_END && left >= FDT_TAGSIZE) {
		tag = fdt32_ld((const fdt32_t *)s);
		s += FDT_TAGSIZE;
		left -= (uint32_t)FDT_TAGSIZE;
		if (!body(s, left, tag, &size))
			return load_fail(l, NODE_NONE, NULL,
					 "not a flattened device tree: a node "
					 "or property leaves its block");
		s += size;
		left -= size;
	}
	return tag == FDT_END ||
	       load_fail(l, NODE_NONE, NULL,
			 "not a flattened device tree: no end");
}
