// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "dma.h"

/* Never the same value twice: what was seen before proves nothing. */
static uint64_t fresh(void)
{
	static uint64_t n = 0x5eed000000000000;

	return ++n;
}

bool stand_open(struct stand *s, unsigned int stage)
{
	s->domain = iommu_domain(stage);
	return s->domain != NO_DOMAIN &&
	       !iommu_map(s->domain, STAND_IOVA, pa_of(s->scratch), 4096, RW) &&
	       !iommu_attach(s->edu.sid, s->domain);
}

bool stand_close(struct stand *s)
{
	return !iommu_detach(s->edu.sid, s->domain) && !iommu_free(s->domain);
}

/* What the device holds, through the scratch page. False: no way to tell. */
static bool look_into_device(struct stand *s, uint64_t *value)
{
	uint64_t before = fresh();

	s->scratch[0] = before;
	if (!edu_write(&s->edu, STAND_IOVA, 8))
		return false;
	*value = *(volatile uint64_t *)s->scratch;
	return *value != before;
}

enum reached stand_read(struct stand *s, uint64_t iova, uint64_t *mem)
{
	uint64_t secret = fresh(), got;

	*(volatile uint64_t *)mem = secret;
	if (!edu_read(&s->edu, iova, 8) || !look_into_device(s, &got))
		return ASTRAY;
	return got == secret ? REACHED : BLOCKED;
}

/* A detached device cannot be given a value: it then writes what it had, which
 * is not what is in memory either. */
enum reached stand_write(struct stand *s, uint64_t iova, uint64_t *mem)
{
	uint64_t value = fresh(), before = fresh(), now;

	s->scratch[0] = value;
	*(volatile uint64_t *)mem = before;
	if (!edu_read(&s->edu, STAND_IOVA, 8) || !edu_write(&s->edu, iova, 8))
		return ASTRAY;
	now = *(volatile uint64_t *)mem;
	if (now == before)
		return BLOCKED;
	return now == value ? REACHED : ASTRAY;
}

bool reads(struct stand *s, uint64_t iova, uint64_t *mem, const char *name)
{
	return is(stand_read(s, iova, mem), REACHED, name);
}

bool writes(struct stand *s, uint64_t iova, uint64_t *mem, const char *name)
{
	return is(stand_write(s, iova, mem), REACHED, name);
}

bool cannot_read(struct stand *s, uint64_t iova, uint64_t *mem,
		 const char *name)
{
	return is(stand_read(s, iova, mem), BLOCKED, name);
}

bool cannot_write(struct stand *s, uint64_t iova, uint64_t *mem,
		  const char *name)
{
	return is(stand_write(s, iova, mem), BLOCKED, name);
}
