// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Device trees that lie: an error that names the place, and never a crash. */
#include <libfdt.h>

#include "boards.h"

#define FLIPS	 20000u
#define TREE_MAX 0x20000

static unsigned char good[TREE_MAX]; /* with room to grow */
static int good_size;
static unsigned char tree[TREE_MAX];

static void read_good(const char *name)
{
	FILE *in = fopen(board_path(name), "rb");
	size_t n;

	assert_non_null(in);
	n = fread(tree, 1, sizeof(tree), in);
	assert_true(n > 0 && n < sizeof(tree) / 2);
	fclose(in);
	assert_int_equal(fdt_open_into(tree, good, sizeof(good)), 0);
	good_size = (int)n;
	memcpy(tree, good, sizeof(tree));
}

static int set_up(void **state)
{
	(void)state;
	read_good(TEGRA);
	return 0;
}

static int at(const char *path)
{
	int offset = fdt_path_offset(tree, path);

	if (offset < 0)
		fail_msg("%s: %s", path, fdt_strerror(offset));
	return offset;
}

/* An error that says text; NULL: there is none. */
static void expect_of(const void *bytes, size_t size, const char *text)
{
	struct board_error err;
	struct board *b = board_load_mem(bytes, size, "x.dtb", &err);

	if (!text && !b)
		fail_msg("%s", err.text);
	if (text && b)
		fail_msg("no error: %s", text);
	if (text && !strstr(err.text, text))
		fail_msg("\"%s\", but not \"%s\"", err.text, text);
	if (text && strncmp(err.text, "x.dtb: ", 7) != 0)
		fail_msg("no file in %s", err.text);
	board_free(b);
}

static void expect(const char *text)
{
	expect_of(tree, sizeof(tree), text);
	memcpy(tree, good, sizeof(tree));
}

static void set(const char *path, const char *name, const void *data, int size)
{
	assert_int_equal(fdt_setprop(tree, at(path), name, data, size), 0);
}

/* Cuts the property to size bytes, or grows it with zeroes. */
static void resize(const char *path, const char *name, int size)
{
	unsigned char data[256] = { 0 };
	int length;
	const void *old = fdt_getprop(tree, at(path), name, &length);

	assert_non_null(old);
	memcpy(data, old, (size_t)(length < size ? length : size));
	set(path, name, data, size);
}

/* Sets a cell of the property. */
static void poke(const char *path, const char *name, int cell, uint32_t value)
{
	fdt32_t data = cpu_to_fdt32(value);

	assert_int_equal(fdt_setprop_inplace_namelen_partial(
				 tree, at(path), name, (int)strlen(name),
				 (uint32_t)cell * 4, &data, 4),
			 0);
}

static void files(void **state)
{
	struct board_error err;

	(void)state;
	assert_null(board_load("/nonexistent/x.dtb", &err));
	assert_non_null(strstr(err.text, "/nonexistent/x.dtb: No such file"));
	assert_null(board_load("/", &err));
	assert_string_equal(err.text, "/: Is a directory");
	assert_null(board_load("/dev/null", &err));
	assert_string_equal(err.text, "/dev/null: an empty file");
	assert_null(board_load("/dev/zero", &err));
	assert_non_null(strstr(err.text, "more than"));
}

static void headers(void **state)
{
	(void)state;
	expect_of(tree, 0, "an empty file");
	expect_of(tree, 4, "less than the header");
	expect_of(tree, sizeof(struct fdt_header) - 1, "less than the header");
	expect_of(tree, sizeof(struct fdt_header), "its header says");
	expect_of(tree, sizeof(tree) - 1, "its header says");
	fdt_set_magic(tree, 0xfeedface);
	expect("magic 0xfeedface");
	fdt_set_totalsize(tree, UINT32_MAX);
	expect("its header says 4294967295");
	fdt_set_totalsize(tree, 64);
	expect("not a flattened device tree");
	fdt_set_totalsize(tree, 0);
	expect("not a flattened device tree");
	fdt_set_off_dt_struct(tree, 0xfffffff0);
	expect("not a flattened device tree");
	fdt_set_size_dt_strings(tree, 1);
	expect("not a flattened device tree");
	fdt_set_version(tree, 3);
	fdt_set_last_comp_version(tree, 3);
	expect("version 3 of the format, not 17");
	fdt_set_off_dt_struct(tree, fdt_off_dt_struct(tree) + 1);
	expect("not a flattened device tree");
	expect(NULL);
}

/* libfdt adds such a length to its offset, and never ends. */
static void property_lengths(void **state)
{
	static const uint32_t lengths[] = { 0xfffffff4, 0xfffffff0, 0xffffff00,
					    0x7fffffff, 0x80000000, 0x20000 };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		uint32_t at_root = fdt_off_dt_struct(tree) + 8;

		fdt32_st(tree + at_root + 4, lengths[i]);
		expect("a node or property leaves its block");
	}
	fdt_set_size_dt_struct(tree, fdt_size_dt_struct(tree) - 4);
	expect("no end");
}

static void registers(void **state)
{
	const char *iommu = "/bus@0/iommu@8000000";

	(void)state;
	resize(iommu, "reg", 20);
	expect("/bus@0/iommu@8000000: reg: 20 bytes, not a multiple of 16");
	resize(iommu, "reg", 0);
	expect("/bus@0/iommu@8000000: reg: 0 bytes");
	fdt_delprop(tree, at(iommu), "reg");
	expect("/bus@0/iommu@8000000: reg: missing");
	poke(iommu, "reg", 3, 0);
	expect("reg: an entry of size 0");
	poke(iommu, "reg", 0, UINT32_MAX);
	poke(iommu, "reg", 2, UINT32_MAX);
	expect("reg: an entry that wraps");
	poke(iommu, "reg", 5, 0x10000000);
	expect("overlap");
	poke(iommu, "reg", 0, 0x200);
	expect("/bus@0: ranges: no entry for 0x20008000000+0x1000000");
	resize("/bus@0", "ranges", 20);
	expect("/bus@0: ranges: 20 bytes");
	fdt_delprop(tree, at("/bus@0"), "ranges");
	expect("/bus@0: ranges: missing");
	poke("/bus@0", "ranges", 2, UINT32_MAX);
	poke("/bus@0", "ranges", 3, UINT32_MAX);
	expect("/bus@0: ranges: wraps");
	poke("/bus@0", "#address-cells", 0, 5);
	expect("/bus@0: #address-cells: 5 cells");
	poke("/bus@0", "#address-cells", 0, 3);
	expect("/bus@0: #address-cells: 3");
	poke("/bus@0", "#size-cells", 0, 0);
	expect("/bus@0: #size-cells: 0");
	resize("/bus@0", "#size-cells", 3);
	expect("/bus@0: #size-cells: 3 bytes");
	set("/bus@0", "ranges", "", 0); /* identity */
	expect(NULL);
}

static void iommus(void **state)
{
	const char *iommu = "/bus@0/iommu@8000000";
	const char *mmc = "/bus@0/mmc@3460000";

	(void)state;
	fdt_delprop(tree, at(iommu), "#iommu-cells");
	expect("/bus@0/iommu@8000000: #iommu-cells: missing");
	poke(iommu, "#iommu-cells", 0, 3);
	expect("/bus@0/iommu@8000000: #iommu-cells: 3, not 1 or 2");
	poke(iommu, "#iommu-cells", 0, 2);
	expect("mmc@3460000: iommus: ends within an entry of 3 cells");
	poke(mmc, "iommus", 0, 0x12345678);
	expect("mmc@3460000: iommus: no node has the phandle 0x12345678");
	poke(mmc, "iommus", 0, 0);
	expect("mmc@3460000: iommus: no node has the phandle 0x0");
	resize(mmc, "iommus", 4);
	expect("mmc@3460000: iommus: ends within an entry of 2 cells");
	resize(mmc, "iommus", 7);
	expect("mmc@3460000: iommus: 7 bytes");
	resize(mmc, "iommus", 0);
	expect("mmc@3460000: iommus: 0 bytes");
	poke(mmc, "iommus", 0, fdt_get_phandle(tree, at("/bus@0/hda@3510000")));
	expect("no node has the phandle");
	poke(mmc, "iommus", 0,
	     fdt_get_phandle(tree, at("/bus@0/memory-controller@2c00000")));
	expect("memory-controller@2c00000: #iommu-cells: missing");
	poke(iommu, "phandle", 0,
	     fdt_get_phandle(tree, at("/bus@0/iommu@10000000")));
	expect("phandle: 0x");
}

static void maps(void **state)
{
	const char *pcie = "/bus@0/pcie@14160000";

	(void)state;
	resize(pcie, "iommu-map", 12);
	expect("pcie@14160000: iommu-map: 12 bytes, not a multiple of 16");
	poke(pcie, "iommu-map", 1, 0x12345678);
	expect("pcie@14160000: iommu-map: no node has the phandle 0x12345678");
	poke(pcie, "iommu-map", 0, 1);
	expect("iommu-map: the mask 0x0 ignores requester 0x1");
	poke(pcie, "iommu-map", 3, 0);
	expect("pcie@14160000: iommu-map: requesters");
	poke(pcie, "iommu-map", 2, UINT32_MAX);
	expect("pcie@14160000: iommu-map: requesters");
	resize(pcie, "iommu-map-mask", 2);
	expect("pcie@14160000: iommu-map-mask: 2 bytes, not 4");
	poke(pcie, "iommu-map-mask", 0, 0xff);
	expect(NULL);
}

static void interconnects(void **state)
{
	const char *mc = "/bus@0/memory-controller@2c00000";
	const char *mmc = "/bus@0/mmc@3460000";

	(void)state;
	resize(mmc, "interconnects", 8);
	expect("mmc@3460000: interconnects: a path with one end only");
	resize(mmc, "interconnects", 4);
	expect("mmc@3460000: interconnects: ends within an end of 2 cells");
	resize(mmc, "interconnects", 9);
	expect("mmc@3460000: interconnects: 9 bytes");
	poke(mmc, "interconnects", 0, 0x12345678);
	expect("mmc@3460000: interconnects: no node has the phandle");
	poke(mmc, "interconnects", 1, 0x2000);
	expect("client 0x2000: outside the SID registers");
	fdt_delprop(tree, at(mc), "#interconnect-cells");
	expect("memory-controller@2c00000: #interconnect-cells: missing");
	poke(mc, "#interconnect-cells", 0, UINT32_MAX - 1);
	expect("interconnects: ends within");
	set(mmc, "interconnect-names", "dma", 3);
	expect("mmc@3460000: interconnect-names: a string without an end");
	set(mmc, "interconnect-names", "\033[2J", 5);
	expect("mmc@3460000: interconnect-names: a string with a strange");
	resize(mc, "reg", 16);
	expect(NULL);
	set(mc, "reg-names", "ch0", 4);
	expect("memory-controller@2c00000: reg-names: no sid frame");
}

static void nested(void **state)
{
	int depth;

	(void)state;
	for (depth = 30; depth < 200; depth += 7) {
		fdt_create(tree, sizeof(tree));
		fdt_finish_reservemap(tree);
		fdt_begin_node(tree, "");
		for (int i = 0; i < depth; i++)
			fdt_begin_node(tree, "deeper");
		for (int i = 0; i <= depth; i++)
			fdt_end_node(tree);
		assert_int_equal(fdt_finish(tree), 0);
		expect(depth > (int)BOARD_DEPTH_MAX ? "nested deeper than 32"
						    : "no SMMU");
	}
}

static void names(void **state)
{
	char name[200];

	(void)state;
	memset(name, 'n', sizeof(name));
	fdt_add_subnode_namelen(tree, 0, name, sizeof(name));
	expect("longer than 128");
	fdt_add_subnode_namelen(tree, 0, "a\033b", 3);
	expect("/a?b: a node name with a strange byte");
	fdt_del_node(tree, at("/bus@0"));
	expect("no SMMU");
}

static uint32_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(*seed >> 33);
}

static void flip(const char *name, uint32_t rounds)
{
	uint64_t seed = 1;
	size_t size, loaded = 0;

	read_good(name);
	size = (size_t)good_size;
	fdt_pack(good);
	for (uint32_t i = 0; i < rounds; i++) {
		unsigned char *copy = malloc(size); /* its end is guarded */
		struct board_error err;
		struct board *b;

		assert_non_null(copy);
		memcpy(copy, good, size);
		for (uint32_t n = 1 + next(&seed) % 8; n; n--)
			copy[next(&seed) % size] = (unsigned char)next(&seed);
		b = board_load_mem(copy, size, "flipped", &err);
		if (!b)
			assert_true(err.text[0] != '\0');
		loaded += b != NULL;
		board_free(b);
		free(copy);
	}
	assert_true(loaded > 0 && loaded < rounds);
}

static void flips(void **state)
{
	(void)state;
	flip(TEGRA, FLIPS / 2);
	flip(VIRT, FLIPS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(files, set_up),
		cmocka_unit_test_setup(headers, set_up),
		cmocka_unit_test_setup(property_lengths, set_up),
		cmocka_unit_test_setup(registers, set_up),
		cmocka_unit_test_setup(iommus, set_up),
		cmocka_unit_test_setup(maps, set_up),
		cmocka_unit_test_setup(interconnects, set_up),
		cmocka_unit_test_setup(nested, set_up),
		cmocka_unit_test_setup(names, set_up),
		cmocka_unit_test(flips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
