// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Runs in the guest: direct I/O of one request at a time on a disk, each job a
 * marked phase for count.c. bench DEVICE MIB
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096l
#define MIB  (1l << 20)

struct job {
	const char *name;
	long request; /* bytes */
	bool write, contiguous, random;
};

static const struct job jobs[] = {
	{ "read 4k", PAGE, false, false, false },
	{ "write 4k", PAGE, true, false, false },
	{ "random 4k", PAGE, false, false, true },
	{ "read 64k scattered", 16 * PAGE, false, false, false },
	{ "read 64k contiguous", 16 * PAGE, false, true, false },
	{ "read 128k scattered", 32 * PAGE, false, false, false },
	{ "read 128k contiguous", 32 * PAGE, false, true, false },
	{ "read 1M scattered", MIB, false, false, false },
	{ "read 1M contiguous", MIB, false, true, false },
};

enum mark {
	BEGIN,
	REQUEST_DONE,
	END
};

static void mark(long phase, enum mark what)
{
	register long x0 __asm__("x0") = phase, x1 __asm__("x1") = what;

	__asm__ volatile(".inst 0xd2800000 | 0xbeef << 5 | 31"
			 :
			 : "r"(x0), "r"(x1)
			 : "memory");
}

static unsigned int random_below(unsigned int n)
{
	static unsigned int state = 12345;

	state = state * 1103515245u + 12345u;
	return (state >> 8) % n;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Pages touched in a shuffled order are no neighbours in memory; a huge page
 * is contiguous. */
static char *buffer(const struct job *job)
{
	long pages = job->request / PAGE, size = 4 * MIB;
	long order[MIB / PAGE];
	char *p = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		fail("mmap");
	p = (char *)(((unsigned long)p + 2 * MIB - 1) & ~(2ul * MIB - 1));
	madvise(p, 2 * MIB, job->contiguous ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	for (long i = 0; i < pages; i++)
		order[i] = i;
	for (long i = pages - 1; !job->contiguous && i > 0; i--) {
		long j = random_below((unsigned int)i + 1), t = order[i];

		order[i] = order[j];
		order[j] = t;
	}
	for (long i = 0; i < pages; i++)
		memset(p + order[i] * PAGE, 0x5a, PAGE);
	return p;
}

static void requests(int fd, const struct job *job, char *p, long total)
{
	long phase = job - jobs;

	for (long at = 0; at < total; at += job->request) {
		long off = job->random ? random_below(50 * 256) * PAGE : at;
		ssize_t n = job->write
				    ? pwrite(fd, p, (size_t)job->request, off)
				    : pread(fd, p, (size_t)job->request, off);

		if (n != job->request)
			fail(job->name);
		mark(phase, REQUEST_DONE);
	}
}

int main(int argc, char **argv)
{
	int fd = argc == 3 ? open(argv[1], O_RDWR | O_DIRECT) : -1;
	long total = fd < 0 ? 0 : atol(argv[2]) * MIB;

	if (fd < 0 || !total)
		fail("bench DEVICE MIB");
	for (unsigned int i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		char *p = buffer(&jobs[i]);

		requests(fd, &jobs[i], p, MIB); /* warm */
		mark(i, BEGIN);
		requests(fd, &jobs[i], p, total);
		mark(i, END);
		printf("job %u requests %ld MiB %ld name %s\n", i,
		       total / jobs[i].request, total / MIB, jobs[i].name);
	}
	return 0;
}
