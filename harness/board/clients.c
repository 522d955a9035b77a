// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Memory clients: interconnects = <&mc ID &emc>, ... */
#include <stdlib.h>
#include <string.h>

#include "board_priv.h"

#define REGISTERS_OF_CLIENT 8u /* bytes: override, security */

/* The strings of interconnect-names, one after the other. */
struct names {
	const char *at, *end;
};

static const char *next_name(struct names *names)
{
	const char *name = names->at;

	if (name >= names->end)
		return NULL;
	names->at += strlen(name) + 1; /* tree_strings has seen the ends */
	return name;
}

/* One end of a path: a phandle and its cells, from *at on. */
static bool take_end(struct load *l, uint32_t node, const struct prop *p,
		     uint32_t *at, uint32_t *client, bool *found)
{
	uint32_t count = p->length / 4, phandle, target, cells = UINT32_MAX;

	if (*at == count)
		return load_fail(l, node, "interconnects",
				 "a path with one end only");
	phandle = prop_cell(p, (*at)++);
	target = tree_find_phandle(l, phandle);
	if (target == NODE_NONE)
		return load_fail(l, node, "interconnects",
				 "no node has the phandle 0x%x", phandle);
	if (!tree_u32(l, target, "#interconnect-cells", &cells))
		return false;
	if (cells == UINT32_MAX)
		return load_fail(l, target, "#interconnect-cells",
				 "missing, but interconnects names the node");
	if (cells > count - *at)
		return load_fail(l, node, "interconnects",
				 "ends within an end of %u cells", cells + 1);
	if (phandle == l->board->mc.phandle && cells) {
		*client = prop_cell(p, *at);
		*found = true;
	}
	*at += cells;
	return true;
}

static bool add_client(struct load *l, uint32_t node, struct board_master *m,
		       uint32_t id, const char *name)
{
	const struct board_mc *mc = &l->board->mc;
	void *room;

	if (id >= mc->frames.list[mc->sid].size / REGISTERS_OF_CLIENT)
		return load_fail(l, node, "interconnects",
				 "client 0x%x: outside the SID registers", id);
	room = load_room(l, m->clients, m->client_count, sizeof(*m->clients));
	if (!room)
		return false;
	m->clients = room;
	m->clients[m->client_count] = (struct board_client){ .id = id };
	if (name) {
		m->clients[m->client_count].name = strdup(name);
		if (!m->clients[m->client_count].name)
			return load_no_memory(l);
	}
	m->client_count++;
	return true;
}

bool load_clients(struct load *l, uint32_t node, struct board_master *m)
{
	struct names names = { 0 };
	struct prop p, list;
	uint32_t at = 0;

	if (!l->board->mc.present || !tree_prop(l, node, "interconnects", &p))
		return true;
	if (!p.length || p.length % 4)
		return load_fail(l, node, "interconnects",
				 "%u bytes, not a list of cells", p.length);
	if (!tree_strings(l, node, "interconnect-names"))
		return false;
	if (tree_prop(l, node, "interconnect-names", &list)) {
		names.at = (const char *)list.data;
		names.end = names.at + list.length;
	}
	while (at < p.length / 4) {
		const char *name = next_name(&names);
		bool found = false;
		uint32_t id = 0;

		if (!take_end(l, node, &p, &at, &id, &found) ||
		    !take_end(l, node, &p, &at, &id, &found))
			return false;
		if (found && !add_client(l, node, m, id, name))
			return false;
	}
	return true;
}
