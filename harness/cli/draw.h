/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The machine that is drawn, and what was tried on it. */
#ifndef DRAW_H
#define DRAW_H

#include <stdio.h>

#include "board.h"
#include "front.h"

#define SCENE_DEVICES  4u
#define SCENE_DOMAINS  3u
#define SCENE_REQUESTS 16u
#define SCENE_CLIENTS  (4u * SCENE_DEVICES)

/* 0 and 1 are attached, 2 is not, 3 is the guest's and attached. */
struct scene_device {
	char name[2 * BOARD_NAME_MAX];
	uint32_t smmu, sid;
	bool guests;
	size_t first, client_count; /* its memory clients, indices */
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
	const struct board *board; /* or NULL */
	bool tegra;		   /* a Tegra234: devices are memory clients */
	struct scene_device devices[SCENE_DEVICES];
	struct machine_client clients[SCENE_CLIENTS];
	size_t client_count;
	uint32_t stray_client, stray_smmu; /* one that nobody declares */
	struct machine *m;
	struct front host, guest;
	uint32_t domains[SCENE_DOMAINS];
	struct scene_request requests[SCENE_REQUESTS];
	size_t request_count;
	enum sim_dma_result stray; /* DMA of the device attached to nothing */
	const char *failed;	   /* what could not be set up */
};

/* draw_board.c: the devices, of the board if there is one. false: it has too
 * few. */
bool scene_devices(struct scene *scene, const struct board *board);

/* stage 0: both, one device each. false: scene->failed says what. */
bool scene_set_up(struct scene *scene, unsigned int stage);
void scene_tear_down(struct scene *scene);

/* Graphviz's language. false: it could not be written. */
bool draw_dot(struct scene *scene, FILE *out);

#endif /* DRAW_H */
