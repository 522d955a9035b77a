// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* A small machine, brought up by hypercalls like any other. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "draw.h"

#define MIB	  0x100000ull
#define RAM(mib)  (MACHINE_RAM_BASE + (mib)*MIB)
#define PA_GUEST  RAM(24)
#define GUEST	  HYPIOMMU_GUEST(0)
#define READ	  HYPIOMMU_PROT_READ
#define RW	  (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE)
#define RW_CACHED (RW | HYPIOMMU_PROT_CACHE)

const struct scene_device scene_devices[SCENE_DEVICES] = {
	{ "disk\n0000:00:01.0", 0x08, false },
	{ "network\n0000:00:02.0", 0x10, false },
	{ "sound\n0000:00:03.0", 0x18, false },
	{ "guest's disk\n0000:00:04.0", 0x20, true },
};

struct scene_map {
	unsigned int domain; /* 0: the disk's, 1: the network's, 2: guest's */
	uint64_t iova, pa, size;
	uint32_t prot;
};

static const struct scene_map scene_maps[] = {
	{ 0, 0xffffe000, RAM(9) + 0x3000, CLI_PAGE, RW_CACHED },
	{ 0, 0xffffd000, RAM(11), CLI_PAGE, READ },
	{ 0, 0x80000000, RAM(4), 2 * MIB, RW_CACHED },
	{ 1, 0xfffff000, MACHINE_DOORBELL, CLI_PAGE, RW },
	{ 1, 0xffff8000, RAM(12) + 0x7000, CLI_PAGE, RW_CACHED },
	{ 2, 0x10000000, PA_GUEST, CLI_PAGE, RW_CACHED },
	/* and what must be refused */
	{ 0, 0x90000000, PA_GUEST + CLI_PAGE, CLI_PAGE, RW },
	{ 0, 0x90001000, MACHINE_EL2_BASE, CLI_PAGE, RW },
	{ 1, 0x90000000, MACHINE_SMMU_BASE, CLI_PAGE, RW },
	{ 1, 0x90001000, PA_GUEST, CLI_PAGE, RW },
	{ 2, 0x10001000, RAM(4), CLI_PAGE, RW },
};

static struct scene_request *request(struct scene *s)
{
	struct scene_request *r = &s->requests[s->request_count++];

	r->device = -1;
	return r;
}

static void ask_map(struct scene *s, const struct scene_map *map)
{
	struct front *f = map->domain == 2 ? &s->guest : &s->host;
	struct scene_request *r = request(s);
	uint64_t mapped;

	r->error = front_map(f, s->domains[map->domain], map->iova, map->pa,
			     map->size, map->prot, &mapped);
	r->target = map->pa;
	r->by_guest = map->domain == 2;
	snprintf(r->text, sizeof(r->text),
		 "map_pages\ndomain %" PRIu32 ", iova 0x%" PRIx64
		 "\nto 0x%" PRIx64,
		 s->domains[map->domain], map->iova, map->pa);
}

static void ask_attach(struct scene *s, int device, unsigned int domain)
{
	struct scene_request *r = request(s);

	r->error = front_attach(&s->host, 0, scene_devices[device].sid,
				s->domains[domain]);
	r->device = device;
	snprintf(r->text, sizeof(r->text),
		 "attach_dev\nstream 0x%x to domain %" PRIu32,
		 scene_devices[device].sid, s->domains[domain]);
}

static bool make_machine(struct scene *s)
{
	static uint32_t sids[SCENE_DEVICES];
	struct machine_config config;

	for (size_t i = 0; i < SCENE_DEVICES; i++)
		sids[i] = scene_devices[i].sid;
	machine_defaults(&config);
	config.ram_size = 64 * MIB;
	config.sids = sids;
	config.sid_count = SCENE_DEVICES;
	s->m = machine_create(&config);
	if (!s->m || !s->m->h) {
		s->failed = s->m ? s->m->error : "out of memory";
		return false;
	}
	front_init(&s->host, s->m, HYPIOMMU_HOST);
	front_init(&s->guest, s->m, GUEST);
	return true;
}

static bool give_to_guest(struct scene *s)
{
	s->failed = "donation to the guest";
	return !machine_donate(s->m, HYPIOMMU_HOST, GUEST, PA_GUEST,
			       4 * CLI_PAGE) &&
	       !machine_assign_stream(s->m, scene_devices[3].sid, HYPIOMMU_HOST,
				      GUEST);
}

static bool make_domains(struct scene *s, unsigned int stage)
{
	s->failed = "domains";
	return !front_domain_alloc(&s->host, 0, stage ? stage : 1,
				   &s->domains[0]) &&
	       !front_domain_alloc(&s->host, 0, stage ? stage : 2,
				   &s->domains[1]) &&
	       !front_domain_alloc(&s->guest, 0, stage ? stage : 2,
				   &s->domains[2]) &&
	       !front_attach(&s->host, 0, scene_devices[0].sid,
			     s->domains[0]) &&
	       !front_attach(&s->host, 0, scene_devices[1].sid,
			     s->domains[1]) &&
	       !front_attach(&s->guest, 0, scene_devices[3].sid, s->domains[2]);
}

bool scene_set_up(struct scene *s, unsigned int stage)
{
	uint64_t pa;

	memset(s, 0, sizeof(*s));
	if (!make_machine(s) || !give_to_guest(s) || !make_domains(s, stage))
		return false;
	for (size_t i = 0; i < sizeof(scene_maps) / sizeof(scene_maps[0]); i++)
		ask_map(s, &scene_maps[i]);
	ask_attach(s, 3, 0);
	s->stray = machine_translate(s->m, scene_devices[2].sid, RAM(4), true,
				     &pa);
	machine_check_now(s->m);
	s->failed = s->m->violation;
	return !s->m->stats.violations;
}

void scene_tear_down(struct scene *s)
{
	front_fini(&s->host);
	front_fini(&s->guest);
	machine_destroy(s->m);
}
