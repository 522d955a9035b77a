// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The language of scenarios: what it refuses and where, and its printer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scenario.h"

static struct scn *parsed(const char *text)
{
	struct scn *s = scn_new();
	struct scn_error error;

	assert_non_null(s);
	if (scn_parse(s, text, strlen(text), &error))
		fail_msg("%u:%u: %s", error.line, error.column, error.text);
	return s;
}

static char *printed(const struct scn *s)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	scn_print(s, out);
	fclose(out);
	return text;
}

static struct scn_result played(const struct scn *s)
{
	struct scn_result result;

	scn_play(s, NULL, &result, NULL);
	return result;
}

/* ------------------------------------------------------------------ errors */

static const struct {
	const char *text;
	uint32_t line, column;
	const char *says, *hints;
} refused[] = {
	{ "mapp d 0 buf rw", 1, 1, "no such statement: mapp", "is map meant?" },
	{ "frobnicate", 1, 1, "no such statement", "--syntax" },
	{ "machine smmuv4", 1, 9, "no such kind of machine: smmuv4",
	  "is smmuv3 meant?" },
	{ "machine vax", 1, 9, "no such kind of machine", "tegra234" },
	{ "machine smmuv3 mirored", 1, 16, "no such option: mirored",
	  "is mirrored meant?" },
	{ "machine smmuv3 mirrored", 1, 16, "smmuv3 has no option mirrored",
	  "" },
	{ "machine smmuv3 domains 0", 1, 24, "domains is at least 1", "" },
	{ "machine smmuv3 domains 1000", 1, 24, "at most 256", "" },
	{ "machine smmuv3 domains", 1, 23, "expected N, got the end", "" },
	{ "machine classic soc 131", 1, 17, "no classic SMMU in a Tegra131",
	  "" },
	{ "device a\nmachine smmuv3", 2, 9, "the first thing", "" },
	{ "machine tegra234\ndevice a", 2, 8, "has a memory client",
	  "device a client" },
	{ "device a client 3", 1, 8, "no memory clients", "" },
	{ "device a\ndevice a", 2, 8, "declared already", "" },
	{ "device host", 1, 8, "a meaning of its own", "" },
	{ "device 7", 1, 8, "expected a name for the device, got 7", "" },
	{ "pages buf 4 at 0x1001", 1, 13, "a multiple of 4K", "" },
	{ "pages buf 7000", 1, 7, "RAM has 6144 pages left", "" },
	{ "pages buf 100000", 1, 11, "too large: a number of pages", "" },
	{ "info\ndevice a", 2, 1, "device comes too late", "declare" },
	{ "device disk\nattach dsk d", 2, 8, "no such device: dsk",
	  "is disk meant?" },
	{ "device disk\nattach nic d", 2, 8, "no such device: nic",
	  "device nic" },
	{ "device disk\nattach disk d", 2, 13, "no such domain: d", "alloc d" },
	{ "alloc d stage 1\npages x\nmap d 0 y rw", 2, 1, "too late", "" },
	{ "pages buf\nalloc d stage 1\nmap d 0 buff rw", 3, 9,
	  "no such pages: buff", "is buf meant?" },
	{ "pages buf\nalloc d stage 1\nmap d 0 buf", 3, 12,
	  "expected a size or r, w or rw, got the end of the line", "one of" },
	{ "pages buf\nalloc d stage 1\nmap d 0 buf rx", 3, 13, "got rx",
	  "one of: r w rw" },
	{ "alloc d stage 1 = GOOD", 1, 19, "expected a status, got GOOD",
	  "one of: OK INVAL" },
	{ "alloc d", 1, 8, "expected stage, got the end", "" },
	{ "alloc d stage 0x", 1, 15, "not a digit in a number: 0x", "" },
	{ "alloc d stage 99999999999999999999", 1, 15, "beyond 64 bits", "" },
	{ "alloc d stage 16G 1", 1, 19, "the end of the line, got 1", "" },
	{ "alloc d stage 99999999999G", 1, 15, "beyond 64 bits", "" },
	{ "host mend", 1, 6, "nobody in particular does this", "" },
	{ "guest999 info", 1, 1, "no such statement", "" },
	{ "device a\nread a 0 maybe", 2, 10, "expected", "" },
	{ "device a\nread a 0 ->", 2, 12, "the name of pages", "" },
	{ "pins ram 1", 1, 11, "expected =", "" },
	{ "info ? ", 1, 6, "a sign that means nothing here", "" },
	{ "this_is_a_name_of_far_too_many_letters_for_anything", 1, 1,
	  "no such statement", "" },
	{ "device this_is_a_name_of_far_too_many_letters", 1, 8,
	  "more than 31 letters", "" },
};

static void test_errors_say_where_and_what(void **state)
{
	unsigned int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct scn *s = scn_new();
		struct scn_error e;
		const char *text = refused[i].text;

		assert_non_null(s);
		if (!scn_parse(s, text, strlen(text), &e))
			fail_msg("accepted: %s", text);
		if (e.line != refused[i].line ||
		    e.column != refused[i].column ||
		    !strstr(e.text, refused[i].says) ||
		    !strstr(e.hint, refused[i].hints)) {
			print_error("%s\n -> %u:%u: %s (%s)\n", text, e.line,
				    e.column, e.text, e.hint);
			bad++;
		}
		scn_free(s);
	}
}

/* ----------------------------------------------------------------- printer */

static void test_print_is_read_back(void **state)
{
	static const char text[] =
		"# Everything\n"
		"machine smmuv3 non-coherent stream-bits 0x9 domains 5\n"
		"device disk stream 0x8\ndevice nic undeclared\n"
		"pages buf 4\npages far 2 at donor+64K\n"
		"alloc d stage 2 # a comment\n"
		"guest0 alloc e stage 1 smmu 3 = NOENT\n"
		"map d 2M+4K buf+4K 8K rw-cache times 2 = OK 4K\n"
		"map d 0 far r\nlookup d 0 -> far\nlookup #7 0 = NOENT\n"
		"giveback any\ngiveback donor\nfault none\n"
		"fault disk translation write 0x1000 lost\n"
		"call 5 1 2 0xffffffffffffffff = INVAL\n"
		"guest1 donate buf 4K to host = PERM\n"
		"read disk 0 -> buf\nwrite disk 0 blocked\n"
		"forge buf to el2\nrival buf\nrival off\n"
		"break command 2 code 1\nbreak sync smmu 1 frame 1\nmend\n"
		"pins buf = 0\nowner buf = host\nowner buf = shared guest3\n"
		"tables <= 4\nmark\ncount tlbi >= 1\nreset smmu 1 = NOENT\n";
	struct scn *s = parsed(text);
	char *once = printed(s), *twice;
	struct scn *again = parsed(once);

	(void)state;
	twice = printed(again);
	assert_string_equal(once, twice);
	assert_int_equal(s->step_count, again->step_count);
	for (uint32_t i = 0; i < s->step_count; i++) {
		const struct scn_step *a = &s->steps[i], *b = &again->steps[i];

		assert_int_equal(a->verb, b->verb);
		assert_int_equal(a->has, b->has);
		assert_memory_equal(a->arg, b->arg, sizeof(a->arg));
		assert_memory_equal(a->xs, b->xs, sizeof(a->xs));
	}
	scn_free(s);
	scn_free(again);
	free(once);
	free(twice);
}

/* Calls as a program made them, and what they answered. */
static const struct {
	uint32_t caller;
	uint64_t in[6], out[2];
	const char *text;
} calls[] = {
	{ 0, { 1, 0, 2 }, { 0, 0 }, "alloc d0 stage 2\n" },
	{ 0, { 3, 0, 8, 0 }, { 0, 0 }, "attach disk d0\n" },
	{ 0,
	  { 3, 0, 9, 0 },
	  { -3ull, 0 },
	  "call 3 0x0 0x9 0x0 0x0 0x0 = NOENT\n" },
	{ 0,
	  { 5, 0, 0x1000, 0x40000000, 0x2000, 3 },
	  { 0, 0x1000 },
	  "map d0 0x1000 buf 8K rw = OK 4K\n" },
	{ 0,
	  { 5, 0, 0x3000, 0x40000000, 0x2000, 3 },
	  { 0, 0x2000 },
	  "map d0 0x3000 buf 8K rw\n" },
	{ 2,
	  { 6, 0, 0x1000, 0x1000 },
	  { -3ull, 0 },
	  "guest0 unmap d0 0x1000 4K = NOENT\n" },
	{ 0, { 7, 0, 0x1000 }, { 0, 0x40000000 }, "lookup d0 0x1000 -> buf\n" },
	{ 0, { 8, 3 }, { -3ull, 0 }, "sync #3 = NOENT\n" },
	{ 0, { 2, 0 }, { -6ull, 0 }, "free d0 = BUSY\n" },
	{ 0,
	  { 5, 0, 0, 1, 2, 64 },
	  { -1ull, 0 },
	  "call 5 0x0 0x0 0x1 0x2 0x40 = INVAL\n" },
};

static void test_calls_become_text(void **state)
{
	struct scn *s = scn_new();

	(void)state;
	assert_int_equal(scn_add_device(s, "disk", 0, 8), 0);
	assert_int_equal(scn_add_run(s, "buf", 0x40000000, 2), 0);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct hypiommu_regs in = { 0 }, out = { 0 };
		char *text = NULL;
		size_t size;
		FILE *file = open_memstream(&text, &size);

		memcpy(in.x, calls[i].in, sizeof(calls[i].in));
		memcpy(out.x, calls[i].out, sizeof(calls[i].out));
		assert_int_equal(scn_add_hcall(s, calls[i].caller, &in, &out),
				 0);
		scn_print_step(s, &s->steps[s->step_count - 1], file);
		fclose(file);
		assert_string_equal(text, calls[i].text);
		free(text);
	}
	assert_int_equal(scn_add_transition(s, SCN_DONATE, 0, 2, 0x40001000,
					    0x1000, HYPIOMMU_E_BUSY),
			 0);
	scn_free(s);
}

/* ------------------------------------------------------------------ player */

#define START                                                        \
	"device disk\npages buf 2\nalloc d stage 1\nattach disk d\n" \
	"map d 0 buf rw\n"

static const struct {
	const char *text, *says;
	uint32_t line;
} failing[] = {
	{ START "free d", "expected OK, got BUSY", 6 },
	{ START "free d = OK", "expected OK, got BUSY", 6 },
	{ START "write disk 0 blocked", "and it reaches buf", 6 },
	{ START "write disk 0 -> buf+4K", "and it reaches buf", 6 },
	{ START "write disk 8K -> buf", "and it is blocked", 6 },
	{ START "pins buf = 2", "expected 2 pins of buf, got 1", 6 },
	{ START "owner buf = guest0", "it is owned by host", 6 },
	{ START "owner buf = shared guest0", "to be shared with guest0", 6 },
	{ START "tables = 0", "expected 0 table pages, got", 6 },
	{ START "mark\ncount hypercalls >= 1", "at least 1 hypercalls", 7 },
	{ START "lookup d 0 -> buf+4K", "expected buf+4K, got buf", 6 },
	{ START "unmap d 0 8K = OK 4K", "expected 4096 bytes done", 6 },
	{ START "fault disk translation", "there is none", 6 },
	{ START "read disk 8K blocked\nfault none", "expected no fault", 7 },
	{ START "read disk 8K blocked\nfault disk translation write",
	  "one of a read", 7 },
	{ START "forge el2 to buf", "nobody but EL2 can write el2", 6 },
	{ START "break writes", "cannot fail so", 6 },
	{ START "map d 8K buf rw times 3\npins buf = 3", "got 4", 7 },
	{ "machine smmuv3 boot live only-stage 2\nalloc d stage 1", "got UNSUP",
	  2 },
};

static void test_failures_say_where_and_what(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(failing) / sizeof(failing[0]); i++) {
		struct scn *s = parsed(failing[i].text);
		struct scn_result r = played(s);

		if (!r.failed || !strstr(r.text, failing[i].says) || !r.step ||
		    r.step->line != failing[i].line)
			fail_msg("%s\n -> %s %u: %s", failing[i].text,
				 r.failed ? "failed" : "passed",
				 r.step ? r.step->line : 0, r.text);
		scn_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors_say_where_and_what),
		cmocka_unit_test(test_print_is_read_back),
		cmocka_unit_test(test_calls_become_text),
		cmocka_unit_test(test_failures_say_where_and_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
