/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* An edu device attached to a domain of its own, and the two questions. */
#ifndef DMA_H
#define DMA_H

#include "edu.h"
#include "gic.h"
#include "host.h"
#include "iommu.h"

#define STAND_IOVA 0x10000ull /* of the scratch page, in every domain */

struct stand {
	struct pci_device edu; /* set by the caller, as is scratch */
	uint64_t *scratch;     /* one page */
	uint64_t domain;
};

/* A fresh domain of this stage with the scratch page in it, attached. */
bool stand_open(struct stand *s, unsigned int stage);
bool stand_close(struct stand *s);

/* What became of an access: it reached the start of mem, or left no trace; or
 * something else happened, which is never right. */
enum reached {
	BLOCKED,
	REACHED,
	ASTRAY
};

/* The device reads eight bytes at iova. Its stream must be attached to the
 * stand's domain, through which is looked at what it got. */
enum reached stand_read(struct stand *s, uint64_t iova, uint64_t *mem);
/* The device writes eight bytes at iova. */
enum reached stand_write(struct stand *s, uint64_t iova, uint64_t *mem);

/* As one line of TAP. */
bool reads(struct stand *s, uint64_t iova, uint64_t *mem, const char *name);
bool writes(struct stand *s, uint64_t iova, uint64_t *mem, const char *name);
bool cannot_read(struct stand *s, uint64_t iova, uint64_t *mem,
		 const char *name);
bool cannot_write(struct stand *s, uint64_t iova, uint64_t *mem,
		  const char *name);

#endif /* DMA_H */
