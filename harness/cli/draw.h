/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The machine that is drawn, and what was tried on it. */
#ifndef DRAW_H
#define DRAW_H

#include <stdio.h>

#include "front.h"

#define SCENE_DEVICES  4u
#define SCENE_DOMAINS  3u
#define SCENE_REQUESTS 16u

struct scene_device {
	const char *name;
	uint32_t sid;
	bool guests;
};

/* One hypercall and its answer. */
struct scene_request {
	char text[96];
	uint64_t target; /* the physical address asked for, 0 if none */
	int device;	 /* the device asked for, or -1 */
	bool by_guest;
	int error;
};

struct scene {
	struct machine *m;
	struct front host, guest;
	uint32_t domains[SCENE_DOMAINS];
	struct scene_request requests[SCENE_REQUESTS];
	size_t request_count;
	enum sim_dma_result stray; /* DMA of the device attached to nothing */
	const char *failed;	   /* what could not be set up */
};

extern const struct scene_device scene_devices[SCENE_DEVICES];

/* stage 0: both, one device each. false: scene->failed says what. */
bool scene_set_up(struct scene *scene, unsigned int stage);
void scene_tear_down(struct scene *scene);

/* Graphviz's language. false: it could not be written. */
bool draw_dot(struct scene *scene, FILE *out);

#endif /* DRAW_H */
