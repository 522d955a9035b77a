// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The board of a device tree under a replay: which of its masters the devices
 * of the trace are, and what machine that makes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "board_machine.h"
#include "cli.h"
#include "replay.h"
#include "tegra.h"
#include "util.h"

#define STRAYS	   6u /* clients nobody declares, that drive traffic */
#define SID_END	   0x7fu
#define SID_VARIES 0x7f80u /* bits of a stream ID that are not its SID's */
#define NATIVE_SID 0x7fu

/* What of a Tegra234 has been given away. */
struct taken {
	bool sid[MACHINE_V2_MAX][SID_END];
	bool client[SIM_TEGRA_MC_IDS];
};

uint32_t replay_smmu(const struct replay *r, size_t stream)
{
	return r->board.tegra ? r->board.streams[stream].smmu : 0;
}

/* ------------------------------------------------------------ assignment */

static const struct replay_assign *assign_of(const struct replay *r,
					     size_t device)
{
	const struct replay_options *o = r->options;
	const char *name = r->plan.devices[device].name;

	for (size_t i = 0; i < o->assign_count; i++) {
		const struct replay_assign *a = &o->assigns[i];

		if (strlen(name) == a->device_length &&
		    !strncmp(name, a->device, a->device_length))
			return a;
	}
	return NULL;
}

/* Every --assign names a device of the trace and a master of the board. */
static int check_assigns(const struct replay *r)
{
	const struct replay_options *o = r->options;

	for (size_t i = 0; i < o->assign_count; i++) {
		const struct replay_assign *a = &o->assigns[i];
		bool found = false;

		for (size_t k = 0; k < r->plan.device_count; k++)
			found |= assign_of(r, k) == a;
		if (!found)
			return cli_fail("--assign: %s has no device %.*s, or "
					"it is assigned twice",
					o->path, (int)a->device_length,
					a->device);
		if (!board_find_master(r->board.board, a->node))
			return cli_fail("--assign: %s has no master %s",
					o->board, a->node);
	}
	return 0;
}

static void add_clients(struct replay_board *b, struct replay_stream *s,
			uint32_t sid, struct taken *taken, const uint32_t *ids,
			size_t count)
{
	s->first = b->client_count;
	for (size_t i = 0; i < count; i++) {
		if (ids[i] >= SIM_TEGRA_MC_IDS || taken->client[ids[i]])
			continue;
		taken->client[ids[i]] = true;
		b->clients = util_grow(b->clients, b->client_count + 1,
				       sizeof(*b->clients));
		b->clients[b->client_count++] = (struct machine_client){
			.id = ids[i],
			.smmu = s->smmu,
			.sid = sid,
		};
		s->client_count++;
	}
}

/* A stream of Tegra234 with some of its clients; false if it is not free. */
static bool give(struct replay *r, struct taken *taken, size_t stream,
		 const struct replay_stream *want, uint32_t sid,
		 const uint32_t *ids, size_t count)
{
	struct replay_board *b = &r->board;
	struct replay_stream *s = &b->streams[stream];

	if (!sid || sid >= SID_END || taken->sid[want->smmu][sid])
		return false;
	*s = *want;
	add_clients(b, s, sid, taken, ids, count);
	if (!s->client_count)
		return false;
	taken->sid[s->smmu][sid] = true;
	r->plan.sids[stream] = sid;
	b->smmus[stream] = s->smmu;
	return true;
}

static enum tegra234_block block_of(const struct board *b, size_t smmu)
{
	return tegra234_block_at(b->smmus[smmu].frames.list[0].base);
}

/* One stream, and the clients the tree names or else Linux' table. */
static bool give_master(struct replay *r, struct taken *taken, size_t stream,
			const struct board_master *m)
{
	const struct board_stream *s = m->streams;
	const struct replay_stream want = {
		.smmu = (uint32_t)m->smmu,
		.node = m->path,
	};
	uint32_t ids[64];

	if (!m->stream_count || s->count != 1 || s->mask & ~SID_VARIES)
		return false;
	return give(r, taken, stream, &want, s->sid, ids,
		    board_clients(r->board.board, m, ids, 64));
}

/* Streams of the SoC that no master of the board is. */
static bool give_other(struct replay *r, struct taken *taken, size_t stream)
{
	const struct board *b = r->board.board;
	uint32_t ids[64];

	for (size_t i = 0; i < tegra234_client_count; i++) {
		const struct tegra234_client *c = &tegra234_clients[i];

		for (size_t k = 0; c->sid_name && k < b->smmu_count; k++) {
			const struct replay_stream want = {
				.smmu = (uint32_t)k,
			};
			size_t n;

			if (block_of(b, k) != c->block)
				continue;
			n = tegra234_clients_of(c->block, c->sid, ids, 64);
			if (give(r, taken, stream, &want, c->sid, ids,
				 n < 64 ? n : 64))
				return true;
		}
	}
	return false;
}

/* Masters not given yet, in the order of the tree. */
static bool give_next(struct replay *r, struct taken *taken, size_t stream,
		      size_t *next)
{
	const struct board *b = r->board.board;

	while (*next < b->master_count) {
		if (give_master(r, taken, stream, &b->masters[(*next)++]))
			return true;
	}
	return false;
}

static int give_devices(struct replay *r, struct taken *taken, size_t *next)
{
	struct plan *plan = &r->plan;

	for (size_t i = 0; i < plan->device_count; i++) {
		const struct replay_assign *a = assign_of(r, i);

		if (a &&
		    !give_master(r, taken, i,
				 board_find_master(r->board.board, a->node)))
			return cli_fail("--assign: %s cannot be %s: it needs "
					"one stream and memory clients that "
					"no other device has",
					plan->devices[i].name, a->node);
	}
	for (size_t i = 0; i < plan->device_count; i++) {
		if (!assign_of(r, i) && !give_next(r, taken, i, next))
			return cli_fail("%s: no master is left for %s, one of "
					"%zu devices of the trace",
					r->options->board,
					plan->devices[i].name,
					plan->device_count);
	}
	return 0;
}

/* Hardware has the clients of those streams, and some that nobody declares. */
static void make_hardware(struct replay *r, struct taken *taken)
{
	struct replay_board *b = &r->board;
	size_t strays = 0;

	b->hw = util_grow(NULL, b->client_count + STRAYS, sizeof(*b->hw));
	for (size_t i = 0; i < b->client_count; i++)
		b->hw[b->hw_count++] = (struct sim_tegra_mc_client){
			.id = b->clients[i].id,
			.block = (uint8_t)b->clients[i].smmu,
			.native_sid = NATIVE_SID,
			.fw_sid = NATIVE_SID,
		};
	for (uint32_t id = 0x20; id < SIM_TEGRA_MC_IDS && strays < STRAYS;
	     id += 0x13) {
		if (taken->client[id])
			continue;
		b->hw[b->hw_count++] = (struct sim_tegra_mc_client){
			.id = id,
			.block = (uint8_t)(strays++ % MACHINE_V2_MAX),
			.native_sid = NATIVE_SID,
			.fw_sid = NATIVE_SID,
		};
	}
}

static int assign_tegra(struct replay *r)
{
	struct taken *taken = calloc(1, sizeof(*taken));
	struct plan *plan = &r->plan;
	size_t next = 0, stream = plan->device_count;
	int code;

	if (!taken)
		return cli_fail("out of memory");
	code = give_devices(r, taken, &next);
	while (!code && stream < plan->sid_count &&
	       (give_next(r, taken, stream, &next) ||
		give_other(r, taken, stream)))
		stream++;
	plan->sid_count = stream;
	if (!code)
		make_hardware(r, taken);
	free(taken);
	return code;
}

/* The stream a requester of a PCI segment is; segments as the tree has them. */
static bool map_rid(const struct board *b, size_t smmu, unsigned int segment,
		    uint32_t rid, struct replay_stream *s, uint32_t *sid)
{
	for (size_t i = 0; i < b->master_count; i++) {
		const struct board_master *m = &b->masters[i];

		if (!m->has_iommu_map || segment--)
			continue;
		for (size_t k = 0; k < m->stream_count; k++) {
			const struct board_stream *t = &m->streams[k];

			if (t->kind != BOARD_IOMMU_MAP || t->smmu != smmu ||
			    rid < t->rid_base || rid - t->rid_base >= t->count)
				continue;
			s->node = m->path;
			*sid = t->sid + (rid - t->rid_base);
			return true;
		}
	}
	return false;
}

static int assign_v3_device(struct replay *r, size_t smmu, size_t device)
{
	const struct replay_assign *a = assign_of(r, device);
	struct plan *plan = &r->plan;
	struct replay_stream *s = &r->board.streams[device];
	uint32_t *sid = &plan->sids[device];
	unsigned int segment;
	uint32_t rid;

	if (a) {
		const struct board_master *m =
			board_find_master(r->board.board, a->node);

		if (!m->stream_count || m->streams[0].smmu != smmu)
			return cli_fail("--assign: %s is not behind the "
					"SMMUv3",
					a->node);
		s->node = m->path;
		*sid = m->streams[0].sid;
	} else if (plan_bdf(plan->devices[device].name, &segment, &rid)) {
		map_rid(r->board.board, smmu, segment, rid, s, sid);
	}
	for (size_t i = 0; i < device; i++) {
		if (plan->sids[i] == *sid)
			return cli_fail("%s: %s and %s are one stream, 0x%x",
					r->options->board,
					plan->devices[i].name,
					plan->devices[device].name, *sid);
	}
	return *sid < 0x10000 ? 0
			      : cli_fail("%s: stream 0x%x is beyond 16 bits",
					 r->options->board, *sid);
}

static int assign_v3(struct replay *r, size_t smmu)
{
	struct plan *plan = &r->plan;
	uint8_t taken[0x10000] = { 0 };
	uint32_t next = 0x100;

	for (size_t i = 0; i < plan->device_count; i++) {
		int code = assign_v3_device(r, smmu, i);

		if (code)
			return code;
		taken[plan->sids[i]] = 1;
	}
	for (size_t i = plan->device_count; i < plan->sid_count; i++) {
		while (taken[next])
			next++;
		plan->sids[i] = next++;
	}
	return 0;
}

/* A domain is one SMMU's. */
static int check_domains(const struct replay *r)
{
	const struct plan *plan = &r->plan;

	for (size_t i = 0; i < plan->attach_count; i++) {
		const struct plan_attach *a = &plan->attaches[i];
		size_t first = plan_attached(plan, a->domain);

		if (replay_smmu(r, first) != replay_smmu(r, a->device))
			return cli_fail(
				"domain 0x%" PRIx64
				" is attached to %s and %s, which are behind "
				"different SMMUs; try --assign",
				a->domain, plan->devices[first].name,
				plan->devices[a->device].name);
	}
	return 0;
}

/* --------------------------------------------------------------- machine */

int replay_board_machine(const struct replay *r, struct machine_config *config)
{
	const struct replay_board *b = &r->board;

	if (!b->board)
		return 0;
	if (b->tegra) {
		config->sid_smmus = b->smmus;
		config->clients = b->clients;
		config->client_count = b->client_count;
		config->mc_clients = b->hw;
		config->mc_client_count = b->hw_count;
		config->limits.clients = (uint32_t)b->client_count;
	}
	return board_machine(b->board, config);
}

int replay_board_load(struct replay *r)
{
	struct replay_board *b = &r->board;
	size_t count = r->plan.sid_count, smmu;
	int code;

	b->doorbell = MACHINE_DOORBELL;
	if (!r->options->board)
		return 0;
	b->board = board_open(r->options->board, "replay on");
	if (!b->board)
		return CLI_ERROR;
	b->doorbell = board_machine_doorbell(b->board);
	b->tegra = board_is_tegra(b->board);
	smmu = board_smmuv3(b->board);
	b->streams = util_grow(NULL, count, sizeof(*b->streams));
	memset(b->streams, 0, count * sizeof(*b->streams));
	b->smmus = util_grow(NULL, count, sizeof(*b->smmus));
	code = check_assigns(r);
	if (!code)
		code = b->tegra ? assign_tegra(r) : assign_v3(r, smmu);
	return code ? code : check_domains(r);
}

void replay_board_free(struct replay *r)
{
	struct replay_board *b = &r->board;

	board_free(b->board);
	free(b->streams);
	free(b->smmus);
	free(b->clients);
	free(b->hw);
}
