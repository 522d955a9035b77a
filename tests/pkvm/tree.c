// SPDX-License-Identifier: GPL-2.0-only
/* The device tree, by libfdt. Buses are all one to one here. */
#include <libfdt.h>
#include <stdio.h>

#include "stand.h"

#define NODES 256

struct device_node {
	int offset;
};

static char blob[1 << 18];
static struct device_node nodes[NODES];
static unsigned int node_count;
static struct pci_bus buses[4];
static unsigned int bus_count;

static bool has(const struct device_node *n, const char *property)
{
	return fdt_getprop(blob, n->offset, property, NULL);
}

void tree_load(const char *path)
{
	FILE *f = fopen(path, "rb");
	int offset = -1;

	check(f && fread(blob, 1, sizeof(blob), f) > 0);
	fclose(f);
	check(!fdt_check_header(blob));
	while ((offset = fdt_next_node(blob, offset, NULL)) >= 0) {
		struct device_node *n = &nodes[node_count++];

		check(node_count < NODES);
		n->offset = offset;
		if (!has(n, "iommu-map") || !has(n, "ranges"))
			continue;
		buses[bus_count].of_node = n;
		INIT_LIST_HEAD(&buses[bus_count++].children);
	}
}

const char *tree_name(const struct device_node *n)
{
	return n ? fdt_get_name(blob, n->offset, NULL) : "nowhere";
}

struct device_node *tree_find(const char *name)
{
	size_t length = strlen(name);

	for (unsigned int i = 0; i < node_count; i++) {
		const char *own = tree_name(&nodes[i]);

		if (!strncmp(own, name, length) &&
		    (!own[length] || own[length] == '@'))
			return &nodes[i];
	}
	return NULL;
}

static u32 cell(const struct device_node *n, const char *property, int i)
{
	int length;
	const fdt32_t *p = fdt_getprop(blob, n->offset, property, &length);

	check(p && i < length / 4);
	return fdt32_to_cpu(p[i]);
}

static int cells(const struct device_node *n, const char *property)
{
	int length;

	return fdt_getprop(blob, n->offset, property, &length) ? length / 4 : 0;
}

static struct device_node *at(int offset)
{
	for (unsigned int i = 0; i < node_count; i++) {
		if (nodes[i].offset == offset)
			return &nodes[i];
	}
	return NULL;
}

static struct device_node *after(const struct device_node *n)
{
	return n ? (struct device_node *)(uintptr_t)(n + 1) : nodes;
}

struct device_node *of_find_compatible_node(struct device_node *from,
					    const char *type,
					    const char *compatible)
{
	(void)type;
	for (struct device_node *n = after(from); n < nodes + node_count; n++) {
		if (of_device_is_compatible(n, compatible))
			return n;
	}
	return NULL;
}

struct device_node *of_find_node_with_property(struct device_node *from,
					       const char *property)
{
	for (struct device_node *n = after(from); n < nodes + node_count; n++) {
		if (has(n, property))
			return n;
	}
	return NULL;
}

bool of_device_is_available(const struct device_node *n)
{
	const char *status = fdt_getprop(blob, n->offset, "status", NULL);

	return !status || !strncmp(status, "ok", 2);
}

bool of_device_is_compatible(const struct device_node *n, const char *name)
{
	return !fdt_node_check_compatible(blob, n->offset, name);
}

bool of_dma_is_coherent(struct device_node *n)
{
	return has(n, "dma-coherent");
}

int of_address_to_resource(struct device_node *n, int i, struct resource *r)
{
	int base = 4 * i;

	if (base + 4 > cells(n, "reg"))
		return -EINVAL;
	r->start = (u64)cell(n, "reg", base) << 32 | cell(n, "reg", base + 1);
	r->end = r->start - 1 +
		 ((u64)cell(n, "reg", base + 2) << 32 |
		  cell(n, "reg", base + 3));
	return 0;
}

void __iomem *of_iomap(struct device_node *n, int i)
{
	struct resource r;

	return of_address_to_resource(n, i, &r)
		       ? NULL
		       : ioremap(r.start, resource_size(&r));
}

int of_property_match_string(const struct device_node *n, const char *property,
			     const char *string)
{
	int i = fdt_stringlist_search(blob, n->offset, property, string);

	return i < 0 ? -ENODATA : i;
}

int of_parse_phandle_with_args(const struct device_node *n, const char *list,
			       const char *cells_name, int i,
			       struct of_phandle_args *args)
{
	int end = cells(n, list);

	for (int at_cell = 0; at_cell < end; i--) {
		u32 phandle = cell(n, list, at_cell++);

		args->np = at(fdt_node_offset_by_phandle(blob, phandle));
		check(args->np);
		args->args_count = (int)cell(args->np, cells_name, 0);
		check(args->args_count <= MAX_PHANDLE_ARGS);
		for (int k = 0; k < args->args_count; k++)
			args->args[k] = cell(n, list, at_cell++);
		if (!i)
			return 0;
	}
	return -ENOENT;
}

int of_map_id(struct device_node *n, u32 id, const char *map, const char *mask,
	      struct device_node **target, u32 *out)
{
	int end = cells(n, map);

	if (has(n, mask))
		id &= cell(n, mask, 0);
	for (int i = 0; i < end; i += 4) {
		u32 base = cell(n, map, i);

		if (id - base >= cell(n, map, i + 3))
			continue;
		*target = at(
			fdt_node_offset_by_phandle(blob, cell(n, map, i + 1)));
		*out = id - base + cell(n, map, i + 2);
		return 0;
	}
	return -ENOENT;
}

struct pci_bus *pci_find_next_bus(const struct pci_bus *bus)
{
	const struct pci_bus *next = bus ? bus + 1 : buses;

	return next < buses + bus_count ? (struct pci_bus *)(uintptr_t)next
					: NULL;
}
