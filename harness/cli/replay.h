/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* A replay under way; what its files share. */
#ifndef REPLAY_H
#define REPLAY_H

#include "board.h"
#include "front.h"
#include "live.h"
#include "plan.h"
#include "trace.h"

struct guest_range {
	uint64_t start, end; /* end is exclusive */
};

struct replay_assign {
	const char *device;
	size_t device_length; /* in DEV=NODE */
	const char *node;
};

#define REPLAY_ASSIGNS 64u

struct replay_options {
	const char *path;
	const char *board; /* a device tree, or NULL */
	struct replay_assign assigns[REPLAY_ASSIGNS];
	size_t assign_count;
	unsigned int stage;
	struct guest_range guests[HYPIOMMU_GUESTS];
	size_t guest_count;
	unsigned int check; /* the observer looks every that many calls; 0 */
	bool json;
};

/* A domain of the trace, or one opened because the trace names none. */
struct replay_domain {
	uint64_t key; /* the trace's name for it */
	bool implicit;
	size_t device;	/* implicit: the device it is for, or PLAN_NONE */
	bool allocated; /* or tried: the device it is for is known then */
	int error;	/* why it could not be allocated, or 0 */
	bool attach_tried;
	uint32_t id;
	unsigned int iova_bits, pa_bits;
	size_t *streams; /* attached, indices of plan.sids */
	size_t stream_count;
	struct live live;
};

/* Who a stream of the plan is on the board. */
struct replay_stream {
	uint32_t smmu;
	const char *node;	    /* of the board, or NULL */
	size_t first, client_count; /* its memory clients, indices */
};

struct replay_board {
	struct board *board; /* or NULL */
	bool tegra;	     /* DMA begins at memory clients */
	uint64_t doorbell;
	struct replay_stream *streams; /* by index of plan.sids */
	uint32_t *smmus;	       /* the same, for the machine */
	struct machine_client *clients;
	size_t client_count;
	struct sim_tegra_mc_client *hw; /* those, and strays */
	size_t hw_count;
};

#define REPLAY_ERRORS 20

struct replay_counts {
	uint64_t maps, unmaps, refused_maps, unmap_misses, refused_unmaps;
	uint64_t bytes_mapped, dma_probes, lookups, faults_read;
	uint64_t implicit_domains, unattached_domains, refused[REPLAY_ERRORS];
	uint64_t table_pages_end, hypercalls, topups;
	struct machine_stats stats; /* after the last line */
};

struct replay {
	const struct replay_options *options;
	struct plan plan;
	struct replay_board board;
	struct machine *m;
	struct front front;
	struct replay_domain **domains;
	size_t domain_count, last_domain;
	struct replay_domain **holder;	/* by index of plan.sids */
	struct replay_domain *last_map; /* of a map without domain, ... */
	uint64_t last_map_end;		/* ... and where it ended */
	struct replay_counts counts;
	uint64_t line, random, ops;
	unsigned int faults_waiting;
};

/* replay_run.c: 0, or an exit code with its message said. */
int replay_run(struct replay *r);
void replay_violation(struct replay *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* replay_board.c: whose streams the plan's are. 0, or an exit code. */
int replay_board_load(struct replay *r);
void replay_board_free(struct replay *r);
/* What the board says of the machine. 0, or an exit code. */
int replay_board_machine(const struct replay *r, struct machine_config *config);
uint32_t replay_smmu(const struct replay *r, size_t stream);

/* replay_ops.c */
void replay_map(struct replay *r, const struct trace_op *op);
void replay_unmap(struct replay *r, const struct trace_op *op);

/* replay_domains.c */
/* The domain a map is for, made if need be. Never NULL. */
struct replay_domain *replay_domain_for_map(struct replay *r,
					    const struct trace_op *op);
/* The domain an unmap is for; NULL if nothing of it can be mapped. */
struct replay_domain *replay_domain_for_unmap(struct replay *r,
					      const struct trace_op *op);
void replay_attach(struct replay *r, const struct trace_op *op);
/* Detach everything, free everything, and see that nothing is left. */
void replay_teardown(struct replay *r);

/* replay_probe.c */
void replay_probe_mapped(struct replay *r, struct replay_domain *d,
			 const struct live_map *map);
/* The device reaches nothing of [iova, iova + size) that is not live. */
void replay_probe_unmapped(struct replay *r, struct replay_domain *d,
			   uint64_t iova, uint64_t size);
void replay_probe_any(struct replay *r);
/* The stream is attached to nothing. */
void replay_probe_aborts(struct replay *r, size_t stream, uint64_t iova);
void replay_drain_faults(struct replay *r);

/* replay_report.c */
void replay_report(const struct replay *r);

#endif /* REPLAY_H */
