// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The memory a simulated SMMU walks and a simulated device reaches: all of
 * RAM, as it is. Nothing is unpublished: the library's stores are real ones. */
#include "mem_priv.h"
#include "memory.h"
#include "monitor.h"

bool sim_mem_has(const struct sim_mem *mem, uint64_t pa, uint64_t len)
{
	(void)mem;
	return pa >= RAM_BASE && len <= RAM_SIZE &&
	       pa - RAM_BASE <= RAM_SIZE - len;
}

void *sim_mem_ptr(const struct sim_mem *mem, uint64_t pa)
{
	(void)mem;
	return (void *)(uintptr_t)pa;
}

bool sim_mem_frame_unpublished(const struct sim_mem *mem, uint64_t pa)
{
	(void)mem, (void)pa;
	return false;
}

int sim_mem_dev_read(const struct sim_mem *mem, uint64_t pa, void *buf,
		     size_t len)
{
	if (!sim_mem_has(mem, pa, len))
		return -1;
	memcpy(buf, sim_mem_ptr(mem, pa), len);
	return 0;
}

int sim_mem_dev_write(struct sim_mem *mem, uint64_t pa, const void *buf,
		      size_t len)
{
	if (!sim_mem_has(mem, pa, len))
		return -1;
	memcpy(sim_mem_ptr(mem, pa), buf, len);
	return 0;
}

int sim_mem_dev_read64(const struct sim_mem *mem, uint64_t pa,
		       enum sim_view view, uint64_t *val)
{
	(void)view;
	return sim_mem_dev_read(mem, pa, val, sizeof(*val));
}

int sim_mem_dev_read32(const struct sim_mem *mem, uint64_t pa,
		       enum sim_view view, uint32_t *val)
{
	(void)view;
	return sim_mem_dev_read(mem, pa, val, sizeof(*val));
}
