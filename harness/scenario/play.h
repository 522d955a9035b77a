/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* A scenario being played. */
#ifndef SCENARIO_PLAY_H
#define SCENARIO_PLAY_H

#include "forms.h"

#define PLAY_PAGE 4096ull
#define PLAY_MC	  MACHINE_V2_MAX

struct play {
	const struct scn *s;
	struct scn_result *result;
	const struct scn_step *step;
	struct machine *m;
	struct machine_stats mark;
	uint64_t domains[SCN_DOMAINS]; /* numbers; ~0: not made yet */
	struct scn_fault fault;
	FILE *log;
	int status;		     /* of the last call, and the bytes it */
	uint64_t done;		     /* did, where a statement has a size */
	bool ailing;		     /* hardware was told to fail */
	bool down[MACHINE_V2_MAX];   /* suspended, or found broken */
	bool unpowered[PLAY_MC + 1]; /* not yet reset; the MC */
	/* Another CPU wants these pages. */
	uint64_t rival_pa, rival_size;

	/* What the machine's description points to. */
	struct machine_config config;
	uint32_t sids[SCN_DEVICES], sid_smmus[SCN_DEVICES];
	struct machine_client clients[SCN_DEVICES];
	uint32_t firmware[SCN_DEVICES];
	struct sim_tegra_mc_client mc_clients[SCN_DEVICES];
	struct hypiommu_tegra_swgroup swgroups[SCN_DEVICES];
	struct hypiommu_tegra_enable enables[SCN_DEVICES];
	struct sim_tegra_smmu_client tegra_clients[SCN_DEVICES];
};

/* play.c: the statements, once the machine is there. */
void play_begin(struct play *p, const struct scn *s,
		const struct scn_fault *fault, struct scn_result *result);
void play_all(struct play *p);
void play_finish(struct play *p); /* the machine goes */

/* stage.c: p->m, or a failed result. */
bool play_set_up(struct play *p);
/* Ends the trusted phase, and accounts for it. */
int play_finalise(struct play *p);

static inline bool play_has(const struct play *p, enum scn_arg arg)
{
	return p->step->has >> arg & 1;
}

static inline uint64_t play_arg(const struct play *p, enum scn_arg arg)
{
	return p->step->arg[arg];
}

/* Who the statement is about; the host unless it says so. */
static inline uint32_t play_who(const struct play *p)
{
	return (uint32_t)p->step->arg[SCN_A_WHO];
}

/* A fault has happened, or the machine is not the one that was described:
 * what the scenario expects is not asked for. */
bool play_lenient(const struct play *p);

/* Says what went wrong, once; false. play_fail() is for expectations,
 * play_broken() for what must hold in any case. */
bool play_broken(struct play *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool play_fail(struct play *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool play_hint(struct play *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* play_judge.c: a hypercall as it was made, whatever was expected of it. */
void play_judge(struct play *p, uint32_t caller, const struct hypiommu_regs *in,
		const struct hypiommu_regs *out);

/* play_end.c: on good hardware everything comes free, accounts are exact, and
 * the machine serves a new life; or the boot was refused, and is closed. */
void play_end(struct play *p);
void play_refused(struct play *p);

/* One statement, whatever comes before it; p->step. False: not as expected. */
bool play_step(struct play *p);
/* Mirrors in step, clients routed: of good hardware that is on. What is not is
 * a violation of the machine. */
void play_check_structures(struct play *p);

/* The statements, by kind. */
bool play_hcall(struct play *p);
bool play_port(struct play *p);
bool play_dma(struct play *p);
bool play_hardware(struct play *p);
bool play_expectation(struct play *p);

/* "host", "buf+4K": for messages. */
const char *play_address(const struct play *p, uint64_t pa, char text[64]);
/* What a call's status says of the SMMUs. */
void play_note(struct play *p, int status);
/* Is status what the statement wants? */
bool play_status(struct play *p, int status);

#endif /* SCENARIO_PLAY_H */
