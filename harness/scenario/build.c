// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Scenarios made by a program: from calls as they were made. */
#include <stdio.h>
#include <string.h>

#include "forms.h"

void scn_set(struct scn_step *step, enum scn_arg arg, uint64_t value)
{
	step->has |= 1ull << arg;
	step->arg[arg] = value;
}

int scn_add_device(struct scn *s, const char *name, uint32_t smmu, uint32_t sid)
{
	struct scn_device *d = &s->devices[s->device_count];

	if (s->device_count == SCN_DEVICES)
		return -1;
	*d = (struct scn_device){ .sid = sid, .smmu = smmu };
	snprintf(d->name, sizeof(d->name), "%s", name);
	return (int)s->device_count++;
}

int scn_add_run(struct scn *s, const char *name, uint64_t pa, uint64_t pages)
{
	struct scn_run *r = &s->runs[s->run_count];

	if (s->run_count == SCN_RUNS)
		return -1;
	*r = (struct scn_run){ .pa = pa, .pages = pages };
	snprintf(r->name, sizeof(r->name), "%s", name);
	return (int)s->run_count++;
}

struct scn_step *scn_add_step(struct scn *s, enum scn_verb verb)
{
	struct scn_step *step = &s->steps[s->step_count];

	if (s->step_count == SCN_STEPS)
		return NULL;
	memset(step, 0, sizeof(*step));
	step->verb = verb;
	while (scn_forms[step->form].id != verb)
		step->form++;
	step->arg[SCN_A_TIMES] = 1;
	s->step_count++;
	return step;
}

/* ----------------------------------------------------------------- domains */

static int name_of_domain(struct scn *s, uint64_t number)
{
	char name[SCN_NAME];
	int i;

	snprintf(name, sizeof(name), "d%u", (unsigned int)number);
	i = scn_domain_named(s, name, strlen(name));
	if (i >= 0 || s->domain_count == SCN_DOMAINS)
		return i;
	memcpy(s->domains[s->domain_count], name, SCN_NAME);
	return (int)s->domain_count++;
}

/* By name where one was given, else by number. */
static void set_domain(struct scn *s, struct scn_step *step, uint64_t number)
{
	char name[SCN_NAME];
	int i = -1;

	if (number < SCN_DOMAINS) {
		snprintf(name, sizeof(name), "d%u", (unsigned int)number);
		i = scn_domain_named(s, name, strlen(name));
	}
	scn_set(step, SCN_A_DOM,
		i >= 0 ? (uint64_t)(unsigned int)i
		       : SCN_LITERAL | (number & ~SCN_LITERAL));
}

static int device_of(const struct scn *s, uint64_t smmu, uint64_t sid)
{
	for (uint32_t i = 0; i < s->device_count; i++) {
		if (s->devices[i].smmu == smmu && s->devices[i].sid == sid)
			return (int)i;
	}
	return -1;
}

/* -------------------------------------------------------------- hypercalls */

/* Words for it exist, and say exactly this? */
static bool has_words(const struct scn *s, const struct hypiommu_regs *in,
		      const struct hypiommu_regs *out)
{
	bool stream = in->x[0] == HYPIOMMU_HC_ATTACH_DEV ||
		      in->x[0] == HYPIOMMU_HC_DETACH_DEV;
	/* A domain gets its name when it is made. */
	bool made = out->x[0] || out->x[1] < SCN_DOMAINS;

	if (in->x[1] & SCN_LITERAL || in->x[3] & SCN_LITERAL)
		return false;
	if (stream)
		return device_of(s, in->x[1], in->x[2]) >= 0;
	switch (in->x[0]) {
	case HYPIOMMU_HC_DOMAIN_ALLOC:
		return made;
	case HYPIOMMU_HC_MAP_PAGES:
		return in->x[5] &&
		       scn_word_of(scn_kind("PROT", 4)->words, in->x[5]);
	case HYPIOMMU_HC_INFO:
	case HYPIOMMU_HC_DOMAIN_FREE:
	case HYPIOMMU_HC_UNMAP_PAGES:
	case HYPIOMMU_HC_IOVA_TO_PHYS:
	case HYPIOMMU_HC_IOTLB_SYNC:
		return true;
	default:
		return false;
	}
}

static const enum scn_verb verbs[] = {
	[HYPIOMMU_HC_INFO] = SCN_INFO,
	[HYPIOMMU_HC_DOMAIN_ALLOC] = SCN_ALLOC,
	[HYPIOMMU_HC_DOMAIN_FREE] = SCN_FREE,
	[HYPIOMMU_HC_ATTACH_DEV] = SCN_ATTACH,
	[HYPIOMMU_HC_DETACH_DEV] = SCN_DETACH,
	[HYPIOMMU_HC_MAP_PAGES] = SCN_MAP,
	[HYPIOMMU_HC_UNMAP_PAGES] = SCN_UNMAP,
	[HYPIOMMU_HC_IOVA_TO_PHYS] = SCN_LOOKUP,
	[HYPIOMMU_HC_IOTLB_SYNC] = SCN_SYNC,
};

static bool set_arguments(struct scn *s, struct scn_step *step,
			  const struct hypiommu_regs *in,
			  const struct hypiommu_regs *out)
{
	const uint64_t *x = in->x;
	int named;

	switch (step->verb) {
	case SCN_ALLOC:
		named = name_of_domain(s, out->x[0] ? 0 : out->x[1]);
		if (named < 0)
			return false;
		scn_set(step, SCN_A_DOM, (uint64_t)named);
		if (x[1])
			scn_set(step, SCN_A_SMMU, x[1]);
		scn_set(step, SCN_A_STAGE, x[2]);
		return true;
	case SCN_ATTACH:
	case SCN_DETACH:
		scn_set(step, SCN_A_DEV, (uint64_t)device_of(s, x[1], x[2]));
		step->arg[SCN_A_SMMU] = x[1];
		set_domain(s, step, x[3]);
		return true;
	case SCN_INFO:
		return true;
	case SCN_MAP:
		scn_set(step, SCN_A_PA, x[3]);
		scn_set(step, SCN_A_SIZE, x[4]);
		scn_set(step, SCN_A_PROT, x[5]);
		break;
	case SCN_UNMAP:
		scn_set(step, SCN_A_SIZE, x[3]);
		break;
	case SCN_LOOKUP:
		if (!out->x[0])
			scn_set(step, SCN_A_PA, out->x[1]);
		break;
	default:
		break;
	}
	set_domain(s, step, x[1]);
	if (step->verb != SCN_FREE && step->verb != SCN_SYNC)
		scn_set(step, SCN_A_IOVA, x[2]);
	return true;
}

static void set_result(struct scn_step *step, const struct hypiommu_regs *out,
		       uint64_t asked)
{
	bool sized = step->verb == SCN_MAP || step->verb == SCN_UNMAP;

	if (out->x[0] || (sized && out->x[1] != asked))
		scn_set(step, SCN_A_WANT, out->x[0]);
	if (sized && out->x[1] && (out->x[0] || out->x[1] != asked))
		scn_set(step, SCN_A_DONE, out->x[1]);
}

int scn_add_hcall(struct scn *s, uint32_t caller,
		  const struct hypiommu_regs *in,
		  const struct hypiommu_regs *out)
{
	bool words = has_words(s, in, out);
	struct scn_step *step =
		scn_add_step(s, words ? verbs[in->x[0]] : SCN_CALL);

	if (!step)
		return -1;
	if (caller != HYPIOMMU_HOST)
		scn_set(step, SCN_A_WHO, caller);
	if (!words) {
		scn_set(step, SCN_A_N, in->x[0]);
		scn_set(step, SCN_A_XS, SCN_XS);
		memcpy(step->xs, in->x + 1, sizeof(step->xs));
	} else if (!set_arguments(s, step, in, out)) {
		s->step_count--;
		return -1;
	}
	set_result(step, out, step->arg[SCN_A_SIZE]);
	return 0;
}

int scn_add_transition(struct scn *s, enum scn_verb verb, uint32_t from,
		       uint32_t to, uint64_t pa, uint64_t size, int result)
{
	struct scn_step *step = scn_add_step(s, verb);

	if (!step)
		return -1;
	if (from != HYPIOMMU_HOST)
		scn_set(step, SCN_A_WHO, from);
	scn_set(step, SCN_A_PA, pa);
	scn_set(step, SCN_A_SIZE, size);
	scn_set(step, SCN_A_PEER, to);
	if (result)
		scn_set(step, SCN_A_WANT, (uint64_t)(int64_t)result);
	return 0;
}
