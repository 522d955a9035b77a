// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's EL2 half, as it is, on simulated hardware behind a model of the
 * core. The observer of mock.c looks at every step from the moment the module
 * takes its first page: a device reaches pages of the host that are counted,
 * and nothing else.
 */
#include <sys/wait.h>

#include "test.h"

uint32_t smmu_of(unsigned int device)
{
	uint32_t smmu, sid;

	bed_stream(device, &smmu, &sid);
	return smmu;
}

bool reaches(unsigned int device, uint64_t iova)
{
	char byte = 0x5a;

	return bed_dma(device, iova, true, &byte, 1) == SIM_DMA_OK;
}

void assert_all_blocked(void)
{
	mock_watch = true;
	mock_look();
	for (unsigned int i = 0; i < bed_devices; i++) {
		check(!reaches(i, BUF));
		check(!reaches(i, IOVA));
	}
}

void start(void)
{
	mock_boot();
	check(mock_take_over() == 0);
	assert_all_blocked();
}

void start_attached(void)
{
	start();
	check(mock_alloc_domain(DOMAIN, TYPE) == 0);
	check(mock_attach(0, DOMAIN) == 0);
}

static void count_hooks(void)
{
	start();
	_exit((int)mock_hooks);
}

static int run(void (*plain)(void), void (*with)(unsigned int), unsigned int k)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (plain)
			plain();
		else
			with(k);
		machine_destroy(mock_machine);
		exit(0);
	}
	check(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int failed, number;
static bool one_will_do;

static void report(const char *name, unsigned int k, bool ok)
{
	printf("%sok %d - %s %u\n", ok ? "" : "not ", ++number, name, k);
	failed += !ok;
	if (failed && one_will_do)
		exit(1);
}

#define TEST(name)                 \
	{                          \
#name, test_##name \
	}
static const struct {
	const char *name;
	void (*fn)(void);
} tests[] = {
	TEST(core_without),
	TEST(firmware_blocks),
	TEST(life),
	TEST(refused_pages),
	TEST(two_blocks),
	TEST(pinned_pages_stay),
	TEST(partly_mapped),
	TEST(units),
	TEST(units_of_2m),
	TEST(units_of_4m),
	TEST(units_of_3_pages),
	TEST(two_cpus),
	TEST(refused_kinds),
	TEST(unmap_not_confirmed),
	TEST(undo_not_confirmed),
	TEST(power),
	TEST(sleep),
	TEST(sleep_in_part),
	TEST(sleep_failed),
	TEST(free_mapped),
	TEST(free_large),
	TEST(calls),
	TEST(registers),
	TEST(long_block),
	TEST(accesses),
	TEST(loads),
	TEST(random),
	TEST(random_failing),
};

int main(int argc, char **argv)
{
	unsigned int hooks = (unsigned int)run(count_hooks, NULL, 0);

	/* Of a module that is broken on purpose one objection will do. */
	one_will_do = argc > 1 && !strcmp(argv[1], "--one");
	setvbuf(stdout, NULL, _IONBF, 0);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		report(tests[i].name, 0, run(tests[i].fn, NULL, 0) == 0);
	for (unsigned int k = 0; k < BAD_MACHINES; k++)
		report("bad machine", k, run(NULL, bad_machine, k) == 0);
	report("hooks there are", hooks, hooks >= 6 && hooks < 100);
	for (unsigned int k = 1; k <= hooks; k++)
		report("failing hook", k, run(NULL, failing_hook, k) == 0);
	printf("1..%d\n", number);
	return failed != 0;
}
