/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The calls that race: every hypercall and every transition of the port, with
 * operands of the scene (scene.h) chosen so that they meet.
 */
#ifndef CALLS_H
#define CALLS_H

#include "scene.h"

enum race_op {
	OP_HCALL,
	OP_MAP_LIST,
	OP_DONATE,
	OP_SHARE,
	OP_UNSHARE,
	OP_LEND,
	OP_RECLAIM,
	OP_ASSIGN,
	OP_SUSPEND,
	OP_RESET,
};

struct race_call {
	const char *name;
	enum race_op op;
	uint32_t caller; /* or from whom */
	/* Registers; of a list: domain, iova, pa, size, pa, size; of
	 * transitions: to, pa, size */
	uint64_t x[6];
};

extern const struct race_call race_calls[];
extern const size_t race_call_count;

const struct race_call *race_call_find(const char *name, size_t length);

/* Does it touch the scene's block? */
bool race_call_of_block(const struct race_call *c);

struct race_result {
	uint64_t x[5]; /* x[0]: the status */
};

void race_call_make(struct scene *s, const struct race_call *c,
		    struct race_result *result);

/* "unmap.1: OK, 0x1000" */
#define RESULT_TEXT 128u
void race_result_text(const struct race_call *c, const struct race_result *r,
		      char *text);

#endif /* CALLS_H */
