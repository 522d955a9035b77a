/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What must be known of a trace before it is replayed: its devices, because
 * streams are declared in the trusted phase, and its dma:* lines, because they
 * tell whose an operation is and mostly come after it.
 */
#ifndef PLAN_H
#define PLAN_H

#include "trace.h"

#define PLAN_NONE SIZE_MAX

/* Devices and domains of one trace, at most. */
#define PLAN_MAX 4096u

/* Streams kept for domains whose device nobody names. */
#define PLAN_IMPLICIT 64u

struct plan_device {
	char name[TRACE_DEV_MAX];
	size_t stream; /* index in sids */
};

/* An attach line's, each pair once, in the order of the trace. */
struct plan_attach {
	uint64_t domain;
	size_t device;
};

struct plan_dma {
	uint64_t line, iova, size;
	uint64_t left; /* bytes of whole pages not yet matched with a map */
	size_t device;
	bool unmap;
};

struct plan {
	struct trace_info info;
	struct plan_device *devices;
	size_t device_count;
	struct plan_dma *dma; /* in order of line */
	size_t dma_count, dma_room;
	uint64_t *domains; /* named anywhere, sorted */
	size_t domain_count;
	uint64_t *attached; /* named by an attach line, sorted */
	size_t attached_count;
	struct plan_attach *attaches;
	size_t attach_count;
	uint32_t *sids;		 /* the devices', then spare ones */
	size_t sid_count, spare; /* next spare one, an index */
};

/* Reads the trace from end to end. 0, or -1 and an error. */
int plan_read(struct plan *plan, const char *path, struct trace_error *err);
void plan_free(struct plan *plan);

size_t plan_find_device(const struct plan *plan, const char *name);

/* segment:bus:device.function, and its requester ID. */
bool plan_bdf(const char *name, unsigned int *segment, uint32_t *rid);

/* Is there an attach line for this domain? */
bool plan_attaches(const struct plan *plan, uint64_t domain);

/* The first device attached to it; PLAN_NONE. */
size_t plan_attached(const struct plan *plan, uint64_t domain);

/* The device whose dma:* line fits this map or unmap; PLAN_NONE. */
size_t plan_device_of(struct plan *plan, const struct trace_op *op);

/* The device of the dma:* line nearest to this one; PLAN_NONE. */
size_t plan_nearest(const struct plan *plan, uint64_t line);

/* A stream nobody uses; PLAN_NONE when they are used up. */
size_t plan_spare(struct plan *plan);

#endif /* PLAN_H */
