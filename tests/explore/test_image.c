// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* harness/explore: memory is put back, and what a sanitizer knows of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image.h"
#include "poison.h"

/* Nobody may touch the byte, as far as anybody watches. */
static void assert_poisoned(const void *p, bool poisoned)
{
#ifdef POISON_ENABLED
	assert_int_equal(__asan_address_is_poisoned(p), poisoned);
#else
	(void)p, (void)poisoned;
#endif
}

/* The blocks of all tests, of one image. Volatile, for the
 * compiler, too, knows what comes of a block that is freed. */
static char *volatile block, *volatile grown;

static void seal_one(void)
{
	assert_true(image_open());
	block = malloc(100);
	grown = realloc(NULL, 10);
	assert_non_null(block);
	assert_non_null(grown);
	memset(block, 'b', 100);
	memset(grown, 'g', 10);
	assert_true(image_seal());
}

static void what_is_written_is_put_back(void)
{
	image_to_base();
	block[0] = '1';
	image_keep();
	block[0] = '2';
	block[99] = '2';
	image_to_kept();
	assert_int_equal(block[0], '1');
	assert_int_equal(block[99], 'b');
	image_to_base();
	assert_int_equal(block[0], 'b');
}

static void what_is_allocated_is_forgotten(void)
{
	char *first, *second;

	image_to_base();
	image_keep();
	first = malloc(40);
	assert_non_null(first);
	assert_poisoned(first, false);
	image_to_kept();
	assert_poisoned(first, true);
	second = calloc(5, 8);
	assert_ptr_equal(first, second);
	assert_int_equal(second[39], 0);
}

static void what_is_freed_comes_back(void)
{
	image_to_base();
	image_keep();
	free(block);
	assert_poisoned(block, true);
	image_to_kept();
	assert_poisoned(block, false);
	assert_int_equal(block[50], 'b');
}

static void nothing_beyond_a_block_is_for_use(void)
{
	image_to_base();
	assert_poisoned(block + 99, false);
	assert_poisoned(block + 100, true);
	assert_poisoned(block - 1, true);
	assert_poisoned(block - 16, true);
}

static void blocks_grow_with_what_they_hold(void)
{
	char *p;

	image_to_base();
	assert_poisoned(grown + 10, true);
	p = realloc(grown, 20); /* where it is */
	assert_ptr_equal(p, grown);
	assert_poisoned(p + 19, false);
	assert_poisoned(p + 20, true);
	p = realloc(p, 1000);
	assert_ptr_not_equal(p, grown);
	assert_poisoned(grown, true);
	assert_int_equal(p[9], 'g');
	assert_poisoned(p + 1000, true);
	image_to_base();
	assert_poisoned(grown, false);
	assert_poisoned(grown + 10, true);
	assert_int_equal(grown[9], 'g');
}

/* One test: between tests cmocka takes the faults that an image lives on. */
static void images(void **state)
{
	(void)state;
	seal_one();
	what_is_written_is_put_back();
	what_is_allocated_is_forgotten();
	what_is_freed_comes_back();
	nothing_beyond_a_block_is_for_use();
	blocks_grow_with_what_they_hold();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(images) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
