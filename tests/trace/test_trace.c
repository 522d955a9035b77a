/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The trace reader: what it understands and what it refuses, and how. */
#include "trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <lzma.h>

#define AT	    "            init-1       [001] d....     0.596346: "
#define SMMU_MAP    AT "smmu_map: (__iommu_map+0x0/0x1d4) "
#define SMMU_UNMAP  AT "smmu_unmap: (__iommu_unmap+0x0/0x168) "
#define SMMU_ATTACH AT "smmu_attach: (__iommu_attach_device+0x0/0xac) "
#define GOOD_MAP                                                        \
	SMMU_MAP "dom=0xff01 iova=0xfffff000 pa=0x8090000 size=0x1000 " \
		 "prot=0x1a"
#define GOOD_UNMAP  SMMU_UNMAP "dom=0xff01 iova=0xfffff000 size=0x1000"
#define GOOD_ATTACH SMMU_ATTACH "dom=0xff01 dev=\"0000:00:05.0\""
#define GOOD_KERNEL_MAP                                                \
	AT "map: IOMMU: iova=0x00000000ffffe000 - 0x00000000fffff000 " \
	   "paddr=0x000000004788a000 size=4096"
#define GOOD_KERNEL_UNMAP                                                \
	AT "unmap: IOMMU: iova=0x00000000ffffe000 - 0x00000000fffff000 " \
	   "size=4096 unmapped_size=4096"

static struct trace *must_open(const void *bytes, size_t len)
{
	struct trace_error err = { "" };
	struct trace *t = trace_open_mem(bytes, len, "t", &err);

	if (!t)
		print_error("%s\n", err.text);
	assert_non_null(t);
	return t;
}

static struct trace *must_open_text(const char *text)
{
	return must_open(text, strlen(text));
}

/* The only operation of a text. */
static struct trace_op only_op(const char *text)
{
	struct trace *t = must_open_text(text);
	struct trace_op op, none;
	struct trace_error err = { "" };

	if (trace_next(t, &op, &err) != 1)
		fail_msg("%s: no operation in: %s", err.text, text);
	assert_int_equal(trace_next(t, &none, &err), 0);
	assert_int_equal(trace_next(t, &none, &err), 0);
	trace_close(t);
	return op;
}

static void must_not_open(const void *bytes, size_t len, const char *expected)
{
	struct trace_error err = { "" };

	assert_null(trace_open_mem(bytes, len, "t", &err));
	assert_string_equal(err.text, expected);
	assert_null(trace_open_mem(bytes, len, "t", NULL));
}

/* The text opens, but its first operation is refused, and stays so. */
static void must_refuse(const char *text, const char *expected)
{
	struct trace *t = must_open_text(text);
	struct trace_error err = { "" };
	struct trace_op op;

	for (int i = 0; i < 2; i++) {
		if (trace_next(t, &op, &err) != -1)
			fail_msg("accepted: %s", text);
		assert_string_equal(err.text, expected);
		memset(&err, 0, sizeof(err));
	}
	assert_int_equal(trace_next(t, &op, NULL), -1);
	trace_close(t);
}

static void smmu_lines(void **state)
{
	struct trace_op op = only_op(GOOD_MAP "\n");

	(void)state;
	assert_int_equal(op.kind, TRACE_MAP);
	assert_int_equal(op.line, 1);
	assert_true(op.has_domain);
	assert_int_equal(op.domain, 0xff01);
	assert_int_equal(op.iova, 0xfffff000);
	assert_int_equal(op.pa, 0x8090000);
	assert_int_equal(op.size, 0x1000);
	assert_int_equal(op.prot, 0x1a);

	op = only_op(GOOD_UNMAP);
	assert_int_equal(op.kind, TRACE_UNMAP);
	assert_true(op.has_domain);
	assert_int_equal(op.domain, 0xff01);
	assert_int_equal(op.iova, 0xfffff000);
	assert_int_equal(op.size, 0x1000);

	op = only_op(GOOD_ATTACH "\n");
	assert_int_equal(op.kind, TRACE_ATTACH);
	assert_true(op.has_domain);
	assert_int_equal(op.domain, 0xff01);
	assert_string_equal(op.dev, "0000:00:05.0");
}

static void kernel_lines(void **state)
{
	struct trace_op op = only_op(GOOD_KERNEL_MAP "\n");

	(void)state;
	assert_int_equal(op.kind, TRACE_MAP);
	assert_false(op.has_domain);
	assert_int_equal(op.iova, 0xffffe000);
	assert_int_equal(op.pa, 0x4788a000);
	assert_int_equal(op.size, 0x1000);
	assert_int_equal(op.prot,
			 TRACE_PROT_READ | TRACE_PROT_WRITE | TRACE_PROT_CACHE);

	op = only_op(GOOD_KERNEL_UNMAP "\n");
	assert_int_equal(op.kind, TRACE_UNMAP);
	assert_false(op.has_domain);
	assert_int_equal(op.iova, 0xffffe000);
	assert_int_equal(op.size, 0x1000);
}

struct dma_case {
	const char *text;
	const char *dev;
	uint64_t iova, size;
	bool unmap;
};

static const struct dma_case dma_cases[] = {
	{ "dma_map_page: 0000:00:01.0 dir=FROM_DEVICE dma_addr=fffbf000 "
	  "size=4096 phys_addr=40a86000 attrs=",
	  "0000:00:01.0", 0xfffbf000, 4096, false },
	{ "dma_alloc: 9050000.smmuv3 dir=BIDIRECTIONAL dma_addr=48800000 "
	  "size=4194304 virt_addr=00000000d0a1d8e8 flags=GFP_KERNEL attrs=",
	  "9050000.smmuv3", 0x48800000, 4194304, false },
	{ "dma_map_sg: 0000:00:01.0 dir=TO_DEVICE nents=4/4 ents=2/2 "
	  "dma_addrs={0xfffb8000,0xfff00000} sizes={0x4000,0x1000} "
	  "phys_addrs={0x40a80000,0x40a7d000} attrs=NO_WARN",
	  "0000:00:01.0", 0xfffb8000, 0x4000, false },
	{ "dma_unmap_page: 0000:00:01.0 dir=FROM_DEVICE dma_addr=fffbf000 "
	  "size=4096 attrs=",
	  "0000:00:01.0", 0xfffbf000, 4096, true },
	{ "dma_unmap_sg: 0000:00:01.0 dir=TO_DEVICE phys_addrs={0x40a80000} "
	  "attrs=",
	  "0000:00:01.0", 0, 0, true },
	{ "dma_free: 0000:00:05.0 dir=BIDIRECTIONAL dma_addr=ffffe000 "
	  "size=512 virt_addr=000000007e159d46 attrs=",
	  "0000:00:05.0", 0xffffe000, 512, true },
	{ "dma_map_page: 0000:00:01.0 dma_addr=fffbf00g size=4096",
	  "0000:00:01.0", 0, 0, false },
	{ "dma_map_page: 0000:00:01.0 dma_addr=fffffffffffff000 size=8192",
	  "0000:00:01.0", 0, 0, false },
};

static void dma_lines(void **state)
{
	const size_t count = sizeof(dma_cases) / sizeof(dma_cases[0]);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct dma_case *c = &dma_cases[i];
		char text[512];
		struct trace_op op;

		snprintf(text, sizeof(text), "%s%s\n%s\n", AT, c->text,
			 GOOD_MAP);

		struct trace *t = must_open_text(text);

		assert_int_equal(trace_next(t, &op, NULL), 1);
		assert_int_equal(op.kind, TRACE_DMA);
		assert_string_equal(op.dev, c->dev);
		assert_int_equal(op.iova, c->iova);
		assert_int_equal(op.size, c->size);
		assert_int_equal(op.dma_unmap, c->unmap);
		assert_int_equal(trace_next(t, &op, NULL), 1);
		assert_int_equal(op.kind, TRACE_MAP);
		trace_close(t);
	}
}

/* None of these is an operation, and none is an error. */
static void other_lines_are_ignored(void **state)
{
	struct trace_op op = only_op(
		"# tracer: nop\n"
		"\n"
		"  \n"
		"# " AT "smmu_map: dom=1\n"
		"version = 6\n" AT
		"attach_device_to_domain: IOMMU: device=0000:00:05.0\n" AT
		"dma_map_page:\n" AT "dma_map_sg_err: 0000:00:01.0 err=-5\n" AT
		"dma_sync_single_for_cpu: 0000:00:01.0 dma_addr=1 size=1\n" AT
		"tracing_mark_write: a-1 [0] d. 1.0: smmu_map: dom=1\n" AT
		"no_colon\n" AT "\n"
		"            init-1       [001] d....     0.596346\n"
		"CPU:1 [LOST 123 EVENTS]\n" GOOD_MAP "\n"
		" => __iommu_map\n");

	(void)state;
	assert_int_equal(op.kind, TRACE_MAP);
	assert_int_equal(op.line, 15);
}

/* A user names tasks; other tracers and options lay the prefix out anew. */
static const char *const prefixes[] = {
	"   my: [001] 1.2-57      [000] d....     1.195466: ",
	"  1.2: smmu_map:-57      [000] d....     1.195466: ",
	"        a-1 [0] -57      [000] d....     1.195466: ",
	"           <...>-57      (     57) [000] d....     1.195466: ",
	"           <...>-57      (-------) [000] d....     1.195466: ",
	"              dd-57      [000] 1195.466: ",
	"              dd-57      [000] d.... 1195466: ",
	"dd-57 [000] 1.195466: ",
	"1.195466: ",
	"\t dd-57\t[000]\td....\t1.195466:\t ",
};

static void task_names_and_prefixes(void **state)
{
	const char *rest = strstr(GOOD_MAP, "smmu_map: ");

	(void)state;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		char text[512];

		snprintf(text, sizeof(text), "%s%s\n", prefixes[i], rest);

		struct trace_op op = only_op(text);

		assert_int_equal(op.kind, TRACE_MAP);
		assert_int_equal(op.iova, 0xfffff000);
	}
}

static void lost_events_are_counted(void **state)
{
	struct trace *t = must_open_text("CPU:1 [LOST 123 EVENTS]\n" GOOD_MAP
					 "\nCPU:0 [LOST 4 EVENTS]\n"
					 "CPU:0 [LOST EVENTS]\n"
					 "CPU:0 [FOUND 5 EVENTS]\n");

	(void)state;
	assert_int_equal(trace_get_info(t)->lost, 128);
	assert_int_equal(trace_get_info(t)->lines, 5);
	trace_close(t);
}

/* The operations of a text, by kind: a, m, u, d. */
static void kinds(const char *text, char *to)
{
	struct trace *t = must_open_text(text);
	struct trace_op op;

	while (trace_next(t, &op, NULL) == 1)
		*to++ = "amud"[op.kind];
	*to = '\0';
	trace_close(t);
}

static void detailed_lines_win(void **state)
{
	char got[16];

	(void)state;
	kinds(GOOD_KERNEL_MAP "\n" GOOD_ATTACH "\n" GOOD_MAP "\n", got);
	assert_string_equal(got, "am");
	kinds(GOOD_KERNEL_UNMAP "\n" GOOD_KERNEL_MAP "\n", got);
	assert_string_equal(got, "um");
	kinds(GOOD_KERNEL_UNMAP "\n" GOOD_UNMAP "\n", got);
	assert_string_equal(got, "u");
	/* Attach lines alone would leave no map at all. */
	kinds(GOOD_ATTACH "\n" GOOD_KERNEL_MAP "\n", got);
	assert_string_equal(got, "m");
}

static void detailed_is_told(void **state)
{
	struct trace *t = must_open_text(GOOD_KERNEL_MAP "\n" GOOD_MAP "\n");

	(void)state;
	assert_true(trace_get_info(t)->detailed);
	trace_close(t);
	t = must_open_text(GOOD_KERNEL_MAP "\n");
	assert_false(trace_get_info(t)->detailed);
	trace_close(t);
}

struct bad_case {
	const char *text;
	const char *expected;
};

#define U64_MAX	  "0xffffffffffffffff"
#define U64_MAX_1 "0x10000000000000000"

static const struct bad_case bad_smmu[] = {
	{ SMMU_MAP, "t:1: dom= is missing" },
	{ AT "smmu_map:", "t:1: dom= is missing" },
	{ SMMU_MAP "xdom=1 dom iova=1", "t:1: dom= is missing" },
	{ SMMU_MAP "dom=1 pa=1 size=1 prot=1", "t:1: iova= is missing" },
	{ SMMU_MAP "dom=1 iova=1 size=1 prot=1", "t:1: pa= is missing" },
	{ SMMU_MAP "dom=1 iova=1 pa=1 prot=1", "t:1: size= is missing" },
	{ SMMU_MAP "dom=1 iova=1 pa=1 size=1", "t:1: prot= is missing" },
	{ SMMU_MAP "dom=1 iova=1 iova=2 pa=1 size=1 prot=1",
	  "t:1: iova= is given twice" },
	{ SMMU_MAP "dom=(fault) iova=1 pa=1 size=1 prot=1",
	  "t:1: dom is not a number" },
	{ SMMU_MAP "dom=1 iova= pa=1 size=1 prot=1",
	  "t:1: iova is not a number" },
	{ SMMU_MAP "dom=1 iova=0x pa=1 size=1 prot=1",
	  "t:1: iova is not a number" },
	{ SMMU_MAP "dom=1 iova=-1 pa=1 size=1 prot=1",
	  "t:1: iova is not a number" },
	{ SMMU_MAP "dom=1 iova=0x1000z pa=1 size=1 prot=1",
	  "t:1: iova is not a number" },
	{ SMMU_MAP "dom=1 iova=ff pa=1 size=1 prot=1",
	  "t:1: iova is not a number" },
	{ SMMU_MAP "dom=1 iova=1 pa=1 size=0x1000,2 prot=1",
	  "t:1: size is not a number" },
	{ SMMU_MAP "dom=" U64_MAX_1 " iova=1 pa=1 size=1 prot=1",
	  "t:1: dom is more than 64 bits" },
	{ SMMU_MAP "dom=1 iova=18446744073709551616 pa=1 size=1 prot=1",
	  "t:1: iova is more than 64 bits" },
	{ SMMU_MAP "dom=1 iova=1 pa=1 size=1 prot=0x100000000",
	  "t:1: prot is more than 32 bits" },
	{ SMMU_MAP "dom=1 iova=1 pa=1 size=0 prot=1", "t:1: size is zero" },
	{ SMMU_MAP "dom=1 iova=" U64_MAX " pa=1 size=1 prot=1",
	  "t:1: iova + size overflows" },
	{ SMMU_MAP "dom=1 iova=1 pa=" U64_MAX " size=1 prot=1",
	  "t:1: pa + size overflows" },
	{ "\n" SMMU_UNMAP "iova=1 size=1", "t:2: dom= is missing" },
	{ SMMU_UNMAP "dom=1 size=1", "t:1: iova= is missing" },
	{ SMMU_UNMAP "dom=1 iova=1", "t:1: size= is missing" },
	{ SMMU_UNMAP "dom=1 iova=1 size=0x0", "t:1: size is zero" },
	{ SMMU_UNMAP "dom=1 iova=1 size=" U64_MAX,
	  "t:1: iova + size overflows" },
	{ SMMU_ATTACH "dev=\"a\"", "t:1: dom= is missing" },
	{ SMMU_ATTACH "dom=1", "t:1: dev= is missing" },
	{ SMMU_ATTACH "dom=1 dev=(fault)",
	  "t:1: dev is not a quoted device name" },
	{ SMMU_ATTACH "dom=1 dev=\"", "t:1: dev is not a quoted device name" },
	{ SMMU_ATTACH "dom=1 dev=\"\"",
	  "t:1: dev is not a quoted device name" },
	{ SMMU_ATTACH "dom=1 dev=\"a", "t:1: dev is not a quoted device name" },
	{ SMMU_ATTACH "dom=1 dev=\"a\033b\"",
	  "t:1: dev is not a quoted device name" },
	{ SMMU_ATTACH "dom=1 dev=\"0123456789012345678901234567890123456789"
		      "012345678901234567890123\"",
	  "t:1: dev is not a quoted device name" },
};

static const struct bad_case bad_kernel[] = {
	{ AT "map: iova=0x1000 - 0x2000 paddr=1 size=4096",
	  "t:1: IOMMU: is missing" },
	{ AT "map:", "t:1: IOMMU: is missing" },
	{ AT "map: IOMMU: paddr=1 size=4096", "t:1: iova= is missing" },
	{ AT "map: IOMMU: iova=0x1000", "t:1: the end of the iova range is "
					"missing" },
	{ AT "map: IOMMU: iova=0x1000 paddr=1 size=4096",
	  "t:1: the end of the iova range is missing" },
	{ AT "map: IOMMU: iova=0x1000 - paddr=1 size=4096",
	  "t:1: the end of the iova range is not a number" },
	{ AT "map: IOMMU: iova=0x1000 - " U64_MAX_1 " paddr=1 size=4096",
	  "t:1: the end of the iova range is more than 64 bits" },
	{ AT "map: IOMMU: iova=0x10-00 - 0x2000 paddr=1 size=4096",
	  "t:1: iova is not a number" },
	{ AT "map: IOMMU: iova=0x1000 - 0x2000 size=4096",
	  "t:1: paddr= is missing" },
	{ AT "map: IOMMU: iova=0x1000 - 0x2000 paddr=x size=4096",
	  "t:1: paddr is not a number" },
	{ AT "map: IOMMU: iova=0x1000 - 0x2000 paddr=1",
	  "t:1: size= is missing" },
	{ AT "map: IOMMU: iova=0x1000 - 0x2000 paddr=1 size=4096x",
	  "t:1: size is not a number" },
	{ AT "map: IOMMU: iova=0x1000 - 0x1000 paddr=1 size=0",
	  "t:1: size is zero" },
	{ AT "map: IOMMU: iova=0x1000 - 0x2000 paddr=1 size=8192",
	  "t:1: the iova range is not of that size" },
	{ AT "map: IOMMU: iova=0xfffffffffffff000 - 0x0 paddr=1 size=4096",
	  "t:1: iova + size overflows" },
	{ AT "map: IOMMU: iova=0x1000 - 0x2000 paddr=0xfffffffffffff001 "
	     "size=4096",
	  "t:1: paddr + size overflows" },
	{ AT "unmap: IOMMU: iova=0x1000 - 0x2000 size=4096",
	  "t:1: unmapped_size= is missing" },
	{ AT "unmap: IOMMU: iova=0x1000 - 0x2000 size=4096 unmapped_size=-1",
	  "t:1: unmapped_size is not a number" },
	{ AT "unmap: IOMMU: iova=0x1000 - 0x3000 size=4096 unmapped_size=0",
	  "t:1: the iova range is not of that size" },
};

static void refuse_all(const struct bad_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char text[512];

		must_refuse(cases[i].text, cases[i].expected);
		snprintf(text, sizeof(text), "%s\r\n%s\n", cases[i].text,
			 GOOD_MAP);
		must_refuse(text, cases[i].expected);
	}
}

static void malformed_smmu_lines(void **state)
{
	(void)state;
	refuse_all(bad_smmu, sizeof(bad_smmu) / sizeof(bad_smmu[0]));
}

/* The second round of refuse_all() has them in a detailed trace. */
static void malformed_kernel_lines(void **state)
{
	(void)state;
	refuse_all(bad_kernel, sizeof(bad_kernel) / sizeof(bad_kernel[0]));
}

static void line_ends(void **state)
{
	struct trace_op op = only_op("\r\n" GOOD_MAP "\r\n");

	(void)state;
	assert_int_equal(op.line, 2);
	assert_int_equal(op.prot, 0x1a);
	op = only_op(GOOD_MAP);
	assert_int_equal(op.prot, 0x1a);
}

/* NULs, as a crash leaves them in a file, hide nothing and end nothing. */
static void nul_bytes(void **state)
{
	static const char before[] = "\0\0\0" GOOD_MAP "\n\0\0\n" GOOD_UNMAP;
	static const char inside[] = SMMU_UNMAP "dom=1 iova=1 size=0x1\0"
						"00";
	struct trace *t = must_open(before, sizeof(before) - 1);
	struct trace_error err;
	struct trace_op op;

	(void)state;
	assert_int_equal(trace_next(t, &op, &err), 1);
	assert_int_equal(op.kind, TRACE_MAP);
	assert_int_equal(trace_next(t, &op, &err), 1);
	assert_int_equal(op.kind, TRACE_UNMAP);
	assert_int_equal(op.line, 3);
	trace_close(t);

	t = must_open(inside, sizeof(inside) - 1);
	assert_int_equal(trace_next(t, &op, &err), -1);
	assert_string_equal(err.text, "t:1: size is not a number");
	trace_close(t);
}

/* One line of so many bytes of '#' between two good ones. */
static char *with_long_line(size_t len)
{
	static const char first[] = GOOD_MAP "\n";
	static const char last[] = "\r\n" GOOD_UNMAP "\n";
	char *text = malloc(sizeof(first) + len + sizeof(last));

	assert_non_null(text);
	memcpy(text, first, sizeof(first) - 1);
	memset(text + sizeof(first) - 1, '#', len);
	memcpy(text + sizeof(first) - 1 + len, last, sizeof(last));
	return text;
}

static void long_lines(void **state)
{
	char *text = with_long_line(TRACE_LINE_MAX);
	struct trace *t = must_open_text(text);
	struct trace_op op;

	(void)state;
	assert_int_equal(trace_next(t, &op, NULL), 1);
	assert_int_equal(trace_next(t, &op, NULL), 1);
	assert_int_equal(op.line, 3);
	trace_close(t);
	free(text);

	for (size_t more = 1; more < 200000; more += 9973) {
		text = with_long_line(TRACE_LINE_MAX + more);
		must_not_open(text, strlen(text),
			      "t:2: line longer than 65536 bytes");
		free(text);
	}
}

static void nothing_to_read(void **state)
{
	static const char dma_only[] = AT
		"dma_map_page: 0000:00:01.0 dma_addr=1000 size=4096\n";

	(void)state;
	must_not_open("", 0, "t: empty file");
	must_not_open(NULL, 0, "t: empty file");
	must_not_open("\n", 1, "t: no iommu events found");
	must_not_open("\0", 1, "t: no iommu events found");
	must_not_open("# tracer: nop\n", 14, "t: no iommu events found");
	must_not_open(dma_only, sizeof(dma_only) - 1,
		      "t: no iommu events found");
	must_not_open("\x17\x08\x44tracing", 10,
		      "t: a trace-cmd data file: give the output of trace-cmd "
		      "report");
}

struct bytes {
	uint8_t at[16384];
	size_t len;
};

static void add_xz(struct bytes *to, const char *text)
{
	assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL,
						 (const uint8_t *)text,
						 strlen(text), to->at, &to->len,
						 sizeof(to->at)),
			 LZMA_OK);
}

static void xz(void **state)
{
	struct bytes bytes = { .len = 0 };
	struct trace_op op;

	(void)state;
	/* Two streams, as cat a.xz b.xz makes them. */
	add_xz(&bytes, GOOD_MAP "\n");
	add_xz(&bytes, GOOD_UNMAP "\n");

	struct trace *t = must_open(bytes.at, bytes.len);

	assert_int_equal(trace_get_info(t)->lines, 2);
	assert_int_equal(trace_next(t, &op, NULL), 1);
	assert_int_equal(op.kind, TRACE_MAP);
	assert_int_equal(trace_next(t, &op, NULL), 1);
	assert_int_equal(op.kind, TRACE_UNMAP);
	assert_int_equal(op.line, 2);
	assert_int_equal(trace_next(t, &op, NULL), 0);
	assert_true(trace_progress(t) == 1.0);
	trace_close(t);
}

static void xz_truncated_anywhere(void **state)
{
	struct bytes bytes = { .len = 0 };

	(void)state;
	add_xz(&bytes, GOOD_MAP "\n");
	for (size_t len = 6; len < bytes.len; len++)
		must_not_open(bytes.at, len, "t: truncated xz");
}

static void xz_corrupt(void **state)
{
	struct bytes bytes = { .len = 0 };

	(void)state;
	add_xz(&bytes, GOOD_MAP "\n");
	bytes.at[bytes.len / 2] ^= 0xff;
	must_not_open(bytes.at, bytes.len, "t: corrupt xz");

	bytes.len = 0;
	add_xz(&bytes, "");
	must_not_open(bytes.at, bytes.len, "t: empty file");
}

static void write_file(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void must_not_open_file(const char *path, const char *expected)
{
	struct trace_error err = { "" };

	assert_null(trace_open(path, &err));
	assert_string_equal(err.text, expected);
}

static void files(void **state)
{
	static const char text[] = GOOD_MAP "\n";
	struct bytes bytes = { .len = 0 };
	struct trace_error err;

	(void)state;
	must_not_open_file("no-such-trace",
			   "no-such-trace: No such file or directory");
	must_not_open_file("/", "/: cannot read: Is a directory");

	write_file("test_trace.tmp.xz", text, 0);
	must_not_open_file("test_trace.tmp.xz",
			   "test_trace.tmp.xz: empty file");
	write_file("test_trace.tmp.xz", text, sizeof(text) - 1);
	must_not_open_file("test_trace.tmp.xz",
			   "test_trace.tmp.xz: not an xz file");
	add_xz(&bytes, text);
	for (size_t len = 1; len < bytes.len; len += 7) {
		write_file("test_trace.tmp.xz", bytes.at, len);
		must_not_open_file("test_trace.tmp.xz",
				   "test_trace.tmp.xz: truncated xz");
	}
	write_file("test_trace.tmp.xz", bytes.at, bytes.len);

	struct trace *t = trace_open("test_trace.tmp.xz", &err);

	assert_non_null(t);
	trace_close(t);
	remove("test_trace.tmp.xz");
}

/* However long the name, the message says what is wrong. */
static void long_file_names(void **state)
{
	struct trace_error err;
	char name[4000];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_null(trace_open_mem("", 0, name, &err));
	assert_non_null(strstr(err.text, "n: empty file"));
}

static void progress(void **state)
{
	size_t len = 0, one = strlen(GOOD_MAP "\n"), count = 2000;
	char *text = malloc(one * count + 1);
	struct trace_op op;
	double before = 0;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < count; i++, len += one)
		memcpy(text + len, GOOD_MAP "\n", one + 1);

	struct trace *t = must_open(text, len);

	while (trace_next(t, &op, NULL) == 1) {
		assert_true(trace_progress(t) >= before);
		before = trace_progress(t);
		assert_true(op.line > 1 || before < 0.5);
	}
	assert_int_equal(op.line, count);
	assert_true(before == 1.0);
	trace_close(t);
	free(text);
}

/* What traces/README.md says of the shipped traces. */
struct shipped {
	const char *name;
	bool detailed;
	uint64_t count[4]; /* by enum trace_kind */
};

static const struct shipped shipped_traces[] = {
	{ "boot", true, { 5, 2274, 2226, 4502 } },
	{ "nvme-seq", true, { 0, 8503, 497, 996 } },
	{ "net-mixed", true, { 0, 2299, 2201, 4412 } },
	{ "kernel-only", false, { 0, 893, 607, 1502 } },
};

static void count_shipped(const struct shipped *s, const char *directory)
{
	uint64_t count[4] = { 0 };
	struct trace_error err;
	struct trace_op op;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.txt.xz", directory, s->name);

	struct trace *t = trace_open(path, &err);

	if (!t)
		fail_msg("%s", err.text);
	assert_int_equal(trace_get_info(t)->detailed, s->detailed);
	assert_int_equal(trace_get_info(t)->lost, 0);
	while (trace_next(t, &op, &err) == 1)
		count[op.kind]++;
	assert_int_equal(trace_next(t, &op, &err), 0);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(count[i], s->count[i]);
	trace_close(t);
}

static void shipped_traces_count(void **state)
{
	const char *directory = getenv("HYPIOMMU_TRACES");
	const size_t count = sizeof(shipped_traces) / sizeof(shipped_traces[0]);

	(void)state;
	if (!directory)
		skip();
	for (size_t i = 0; i < count; i++)
		count_shipped(&shipped_traces[i], directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smmu_lines),
		cmocka_unit_test(kernel_lines),
		cmocka_unit_test(dma_lines),
		cmocka_unit_test(other_lines_are_ignored),
		cmocka_unit_test(task_names_and_prefixes),
		cmocka_unit_test(lost_events_are_counted),
		cmocka_unit_test(detailed_lines_win),
		cmocka_unit_test(detailed_is_told),
		cmocka_unit_test(malformed_smmu_lines),
		cmocka_unit_test(malformed_kernel_lines),
		cmocka_unit_test(line_ends),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(nothing_to_read),
		cmocka_unit_test(xz),
		cmocka_unit_test(xz_truncated_anywhere),
		cmocka_unit_test(xz_corrupt),
		cmocka_unit_test(files),
		cmocka_unit_test(long_file_names),
		cmocka_unit_test(progress),
		cmocka_unit_test(shipped_traces_count),
	};

	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
