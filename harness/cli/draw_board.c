// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The devices that are drawn: some of a board's masters, or made up. */
#include <string.h>

#include "board_machine.h"
#include "draw.h"
#include "tegra.h"

#define CLIENTS_EACH (SCENE_CLIENTS / SCENE_DEVICES)
#define SID_VARIES   0x7f80u
#define SID_END	     0x7fu
#define PCI_DEVICE   8u /* requester IDs from one device to the next */

struct pick {
	struct scene *scene;
	const struct board *board;
	size_t count;
};

static bool taken(const struct pick *p, size_t smmu, uint32_t sid)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct scene_device *d = &p->scene->devices[i];

		if (d->smmu == smmu && (d->sid == sid || sid == UINT32_MAX))
			return true;
	}
	return false;
}

static bool client_taken(const struct scene *s, uint32_t id)
{
	for (size_t i = 0; i < s->client_count; i++) {
		if (s->clients[i].id == id)
			return true;
	}
	return false;
}

static void add_clients(struct pick *p, struct scene_device *d,
			const struct board_master *m)
{
	struct scene *s = p->scene;
	uint32_t ids[CLIENTS_EACH];
	size_t count = board_clients(p->board, m, ids, CLIENTS_EACH);

	d->first = s->client_count;
	for (size_t i = 0; i < count && i < CLIENTS_EACH; i++) {
		if (client_taken(s, ids[i]))
			continue;
		s->clients[s->client_count++] = (struct machine_client){
			.id = ids[i],
			.smmu = d->smmu,
			.sid = d->sid,
		};
		d->client_count++;
	}
}

/* One stream and memory clients of its own. */
static void take_tegra(struct pick *p, const struct board_master *m)
{
	const struct board_stream *t = m->streams;
	struct scene_device *d = &p->scene->devices[p->count];

	if (!m->stream_count || t->count != 1 || t->mask & ~SID_VARIES ||
	    !t->sid || t->sid >= SID_END || taken(p, t->smmu, t->sid))
		return;
	*d = (struct scene_device){ .smmu = (uint32_t)t->smmu, .sid = t->sid };
	add_clients(p, d, m);
	if (!d->client_count)
		return;
	snprintf(d->name, sizeof(d->name), "%s", m->name);
	p->count++;
}

/* Enabled masters behind different SMMUs first, then others, then any. */
static void pick_tegra(struct pick *p)
{
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < p->board->master_count; i++) {
			const struct board_master *m = &p->board->masters[i];

			if (p->count == SCENE_DEVICES)
				return;
			if ((round < 2 && m->disabled) ||
			    (!round && taken(p, m->smmu, UINT32_MAX)))
				continue;
			take_tegra(p, m);
		}
	}
}

/* A client the SoC has and no drawn device; its block's SMMU. */
static void pick_stray(struct pick *p)
{
	for (size_t i = tegra234_client_count; i-- > 0;) {
		const struct tegra234_client *c = &tegra234_clients[i];

		for (uint32_t k = 0; k < p->board->smmu_count; k++) {
			uint64_t base = p->board->smmus[k].frames.list[0].base;

			if (client_taken(p->scene, c->id) ||
			    tegra234_block_at(base) != c->block)
				continue;
			p->scene->stray_client = c->id;
			p->scene->stray_smmu = k;
			return;
		}
	}
}

/* Functions of a PCI segment, or one platform device. */
static void take_v3(struct pick *p, const struct board_master *m,
		    const struct board_stream *t)
{
	bool pci = t->kind == BOARD_IOMMU_MAP;

	for (uint32_t i = pci ? PCI_DEVICE : 0;
	     i < t->count && p->count < SCENE_DEVICES; i += PCI_DEVICE) {
		struct scene_device *d = &p->scene->devices[p->count];
		uint32_t rid = t->rid_base + i, sid = t->sid + i;

		if (sid > 0xffff || taken(p, 0, sid))
			continue;
		*d = (struct scene_device){ .sid = sid };
		if (pci)
			snprintf(d->name, sizeof(d->name), "%s\n%02x:%02x.%x",
				 m->name, rid >> 8 & 0xff, rid >> 3 & 31,
				 rid & 7);
		else
			snprintf(d->name, sizeof(d->name), "%s", m->name);
		p->count++;
	}
}

static void pick_v3(struct pick *p)
{
	size_t smmu = board_smmuv3(p->board);

	for (size_t i = 0; i < p->board->master_count; i++) {
		const struct board_master *m = &p->board->masters[i];

		for (size_t k = 0; k < m->stream_count; k++) {
			if (m->streams[k].smmu == smmu)
				take_v3(p, m, &m->streams[k]);
		}
	}
}

static void make_up(struct scene *s)
{
	static const struct scene_device made_up[SCENE_DEVICES] = {
		{ .name = "disk\n0000:00:01.0", .sid = 0x08 },
		{ .name = "network\n0000:00:02.0", .sid = 0x10 },
		{ .name = "sound\n0000:00:03.0", .sid = 0x18 },
		{ .name = "guest's disk\n0000:00:04.0", .sid = 0x20 },
	};

	memcpy(s->devices, made_up, sizeof(made_up));
}

bool scene_devices(struct scene *s, const struct board *board)
{
	struct pick p = { .scene = s, .board = board };

	memset(s, 0, sizeof(*s));
	s->board = board;
	if (!board) {
		make_up(s);
		p.count = SCENE_DEVICES;
	} else if (board_is_tegra(board)) {
		s->tegra = true;
		pick_tegra(&p);
		pick_stray(&p);
	} else {
		pick_v3(&p);
	}
	s->devices[SCENE_DEVICES - 1].guests = true;
	return p.count == SCENE_DEVICES;
}
