// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The program's own parts: the record of what is mapped, plans, JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli.h"
#include "json.h"
#include "live.h"
#include "plan.h"
#include "util.h"

/* ----------------------------------------------------------------- live */

#define PAGES 256u
#define STEPS 20000u

/* The same as an array: the physical page of each page, 0 if none. */
static uint64_t model[PAGES];

static uint64_t model_bytes(uint64_t first, uint64_t count)
{
	uint64_t n = 0;

	for (uint64_t i = first; i < first + count; i++)
		n += model[i] != 0;
	return n * CLI_PAGE;
}

static void step(struct live *live, uint64_t *random)
{
	uint64_t first = util_random(random) % PAGES;
	uint64_t count = 1 + util_random(random) % 8;
	struct live_map map;

	if (count > PAGES - first)
		count = PAGES - first;
	map = (struct live_map){ .iova = first * CLI_PAGE,
				 .pa = (1 + util_random(random) % 999) *
				       CLI_PAGE * 16,
				 .size = count * CLI_PAGE };
	assert_int_equal(live_bytes(live, map.iova, map.size),
			 model_bytes(first, count));
	assert_int_equal(live_overlap(live, map.iova, map.size) != NULL,
			 model_bytes(first, count) != 0);
	if (model_bytes(first, count)) {
		assert_int_equal(live_cut(live, map.iova, map.size),
				 model_bytes(first, count));
		memset(&model[first], 0, count * sizeof(model[0]));
		return;
	}
	live_add(live, &map);
	for (uint64_t i = 0; i < count; i++)
		model[first + i] = map.pa + i * CLI_PAGE;
}

/* In order, disjoint, and page by page what the array says. */
static void compare(const struct live *live)
{
	const struct live_map *map = live_from(live, 0);
	uint64_t at = 0, count = 0;

	for (; map; map = live_from(live, map->iova + map->size)) {
		for (; at < map->iova / CLI_PAGE; at++)
			assert_int_equal(model[at], 0);
		for (uint64_t i = 0; i < map->size / CLI_PAGE; i++)
			assert_int_equal(model[at++], map->pa + i * CLI_PAGE);
		count++;
	}
	for (; at < PAGES; at++)
		assert_int_equal(model[at], 0);
	assert_int_equal(count, live->count);
}

static void live_is_the_array(void **state)
{
	uint64_t random = 1;
	struct live live;

	(void)state;
	live_init(&live);
	assert_null(live_from(&live, 0));
	assert_null(live_pick(&live, 1));
	for (unsigned int i = 0; i < STEPS; i++) {
		step(&live, &random);
		if (i % 64 == 0)
			compare(&live);
		assert_int_equal(live_pick(&live, i) != NULL, live.count != 0);
	}
	live_cut(&live, 0, PAGES * CLI_PAGE);
	assert_int_equal(live.count, 0);
	live_fini(&live);
}

static void live_at_the_very_end(void **state)
{
	const struct live_map top = { .iova = ~0ull << 12, .size = CLI_PAGE };
	struct live live;

	(void)state;
	live_init(&live);
	live_add(&live, &top);
	assert_non_null(live_from(&live, UINT64_MAX));
	assert_int_equal(live_bytes(&live, 0x1000, ~0ull << 12), CLI_PAGE);
	assert_int_equal(live_cut(&live, UINT64_MAX, 1), 1);
	assert_int_equal(live_bytes(&live, 0x1000, ~0ull << 12), CLI_PAGE - 1);
	live_fini(&live);
}

/* ----------------------------------------------------------------- plan */

static int read_plan(struct plan *plan, const char *text)
{
	char path[] = "test_cli_parts.XXXXXX";
	struct trace_error err;
	int fd = mkstemp(path), res;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
	res = plan_read(plan, path, &err);
	unlink(path);
	return res;
}

#define LINE "  x-1  [000] d....  1.000000: "
#define DMA(dev, iova)                                            \
	LINE "dma_map_page: " dev " dir=TO_DEVICE dma_addr=" iova \
	     " size=512 phys_addr=41000000 attrs=\n"

static void plan_names_streams(void **state)
{
	struct plan plan;

	(void)state;
	assert_int_equal(
		read_plan(
			&plan,
			DMA("0000:00:05.0", "1000") DMA("0001:00:05.0", "1000")
				DMA("e0000000.dma", "1000")
					DMA("9050000.smmuv3", "1000")
						DMA("0000:01:00.0", "1000") LINE
			"unmap: IOMMU: iova=0x1000 - 0x2000 "
			"size=4096 unmapped_size=4096\n"),
		0);
	assert_int_equal(plan.device_count, 4);
	assert_int_equal(plan.sids[0], 5 << 3);
	assert_int_equal(plan.sids[3], 1 << 8);
	/* A second segment's device and one that is none of PCI's. */
	for (size_t i = 0; i < plan.sid_count; i++) {
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(plan.sids[i], plan.sids[j]);
	}
	assert_int_equal(plan_spare(&plan), 4);
	assert_int_equal(plan_find_device(&plan, "e0000000.dma"), 2);
	assert_true(plan_find_device(&plan, "e0000000") == PLAN_NONE);
	plan_free(&plan);
}

/* Two devices use the same IOVA at once: each line is matched once. */
static void plan_matches_lines(void **state)
{
	struct trace_op op = {
		.kind = TRACE_MAP, .line = 1, .iova = 0x1000, .size = 0x1000
	};
	struct plan plan;

	(void)state;
	assert_int_equal(read_plan(&plan, LINE
				   "unmap: IOMMU: iova=0x1000 - 0x2000 "
				   "size=4096 unmapped_size=4096\n" DMA(
					   "0000:00:01.0", "9000")
					   DMA("0000:00:02.0", "1800")
						   DMA("0000:00:03.0", "1000")),
			 0);
	assert_int_equal(plan_device_of(&plan, &op), 1);
	assert_int_equal(plan_device_of(&plan, &op), 2);
	assert_true(plan_device_of(&plan, &op) == PLAN_NONE);
	assert_int_equal(plan_nearest(&plan, 1), 0);
	assert_int_equal(plan_nearest(&plan, 99), 2);
	plan_free(&plan);
}

/* ----------------------------------------------------------------- JSON */

static void json_escapes(void **state)
{
	char *text = NULL;
	struct json json;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	json_begin(&json, out);
	json_open(&json, NULL, '{');
	json_string(&json, "a\"b", "\\ \n \xc3\xa9 \xff \xed\xa0\x80");
	json_string(&json, "none", NULL);
	json_open(&json, "list", '[');
	json_number(&json, NULL, UINT64_MAX);
	json_bool(&json, NULL, false);
	json_close(&json, ']');
	json_open(&json, "empty", '{');
	json_close(&json, '}');
	json_close(&json, '}');
	json_end(&json);
	fclose(out);
	assert_string_equal(
		text,
		"{\n  \"a\\\"b\": \"\\\\ \\u000a \xc3\xa9 \\ufffd "
		"\\ufffd\\ufffd\\ufffd\",\n  \"none\": null,\n  \"list\": [\n"
		"    18446744073709551615,\n    false\n  ],\n"
		"  \"empty\": {}\n}\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(live_is_the_array),
		cmocka_unit_test(live_at_the_very_end),
		cmocka_unit_test(plan_names_streams),
		cmocka_unit_test(plan_matches_lines),
		cmocka_unit_test(json_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
