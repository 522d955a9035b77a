// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Names and properties of the nodes of a checked tree. */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "board_priv.h"

const char *tree_name(const struct load *l, uint32_t node)
{
	const char *name = fdt_get_name(l->fdt, l->nodes[node].offset, NULL);

	return name ? name : "";
}

char *tree_path(const struct load *l, uint32_t node)
{
	size_t length = 1;
	char *path, *end;

	for (uint32_t n = node; n; n = l->nodes[n].parent)
		length += 1 + strlen(tree_name(l, n));
	path = malloc(length + 1);
	if (!path)
		return NULL;
	end = path + length - (node ? 1 : 0);
	*end = '\0';
	if (!node)
		path[0] = '/';
	for (uint32_t n = node; n; n = l->nodes[n].parent) {
		const char *name = tree_name(l, n);
		size_t part = strlen(name);

		end -= part;
		memcpy(end, name, part);
		*--end = '/';
	}
	return path;
}

bool tree_prop(const struct load *l, uint32_t node, const char *name,
	       struct prop *prop)
{
	int length;
	const void *data =
		fdt_getprop(l->fdt, l->nodes[node].offset, name, &length);

	if (!data || length < 0)
		return false;
	*prop = (struct prop){ data, (uint32_t)length };
	return true;
}

uint32_t prop_cell(const struct prop *prop, uint32_t index)
{
	const uint8_t *b = prop->data + (size_t)index * 4;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	       (uint32_t)b[2] << 8 | b[3];
}

const char *prop_string(const struct prop *prop, uint32_t index)
{
	const uint8_t *s = prop->data, *end = s + prop->length;

	for (;; index--) {
		const uint8_t *nul = s < end ? memchr(s, 0, (size_t)(end - s))
					     : NULL;

		if (!nul)
			return NULL;
		if (!index)
			return (const char *)s;
		s = nul + 1;
	}
}

bool tree_u32(struct load *l, uint32_t node, const char *name, uint32_t *value)
{
	struct prop prop;

	if (!tree_prop(l, node, name, &prop))
		return true;
	if (prop.length != 4)
		return load_fail(l, node, name, "%u bytes, not 4", prop.length);
	*value = prop_cell(&prop, 0);
	return true;
}

bool tree_strings(struct load *l, uint32_t node, const char *name)
{
	struct prop prop;

	if (!tree_prop(l, node, name, &prop))
		return true;
	if (!prop.length || prop.data[prop.length - 1])
		return load_fail(l, node, name, "a string without an end");
	for (uint32_t i = 0; i < prop.length; i++) {
		if (prop.data[i] && (prop.data[i] < ' ' || prop.data[i] > '~'))
			return load_fail(l, node, name,
					 "a string with a strange byte");
	}
	return true;
}

bool tree_compatible(const struct load *l, uint32_t node, const char *name)
{
	size_t wanted = strlen(name) + 1;
	const uint8_t *s, *end;
	struct prop prop;

	if (!tree_prop(l, node, "compatible", &prop))
		return false;
	s = prop.data;
	end = s + prop.length;
	while (s < end) {
		const uint8_t *nul = memchr(s, 0, (size_t)(end - s));

		if (!nul)
			return false;
		if ((size_t)(nul + 1 - s) == wanted && !memcmp(s, name, wanted))
			return true;
		s = nul + 1;
	}
	return false;
}
