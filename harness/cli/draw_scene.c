// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* A small machine, brought up by hypercalls like any other. */
#include <inttypes.h>
#include <string.h>

#include "board_machine.h"
#include "cli.h"
#include "draw.h"

#define MIB	  0x100000ull
#define RAM(mib)  (MACHINE_RAM_BASE + (mib)*MIB)
#define PA_GUEST  RAM(24)
#define GUEST	  HYPIOMMU_GUEST(0)
#define READ	  HYPIOMMU_PROT_READ
#define RW	  (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE)
#define RW_CACHED (RW | HYPIOMMU_PROT_CACHE)

/* Registers, where the board has them. */
#define REGISTERS 1u
#define MIRROR	  2u
#define MC	  3u
#define DOORBELL  4u

struct scene_map {
	unsigned int domain; /* of device 0, 1, and 3: the guest's */
	uint64_t iova, pa, size;
	uint32_t prot;
	bool tegra; /* on a Tegra234 only */
};

static const struct scene_map scene_maps[] = {
	{ 0, 0xffffe000, RAM(9) + 0x3000, CLI_PAGE, RW_CACHED, false },
	{ 0, 0xffffd000, RAM(11), CLI_PAGE, READ, false },
	{ 0, 0x80000000, RAM(4), 2 * MIB, RW_CACHED, false },
	{ 1, 0xfffff000, DOORBELL, CLI_PAGE, RW, false },
	{ 1, 0xffff8000, RAM(12) + 0x7000, CLI_PAGE, RW_CACHED, false },
	{ 2, 0x10000000, PA_GUEST, CLI_PAGE, RW_CACHED, false },
	/* and what must be refused */
	{ 0, 0x90000000, PA_GUEST + CLI_PAGE, CLI_PAGE, RW, false },
	{ 0, 0x90001000, MACHINE_EL2_BASE, CLI_PAGE, RW, false },
	{ 1, 0x90000000, REGISTERS, CLI_PAGE, RW, false },
	{ 1, 0x90002000, MIRROR, CLI_PAGE, RW, true },
	{ 1, 0x90003000, MC, CLI_PAGE, RW, true },
	{ 1, 0x90001000, PA_GUEST, CLI_PAGE, RW, false },
	{ 2, 0x10001000, RAM(4), CLI_PAGE, RW, false },
};

static struct scene_request *request(struct scene *s)
{
	struct scene_request *r = &s->requests[s->request_count++];

	r->device = -1;
	return r;
}

static uint64_t address(const struct scene *s, uint64_t pa)
{
	const struct machine_config *c = &s->m->config;
	uint32_t smmu = s->devices[1].smmu;

	switch (pa) {
	case REGISTERS:
		return s->tegra ? c->v2_base[smmu][0] : MACHINE_SMMU_BASE;
	case MIRROR: /* there is one somewhere */
		while (!c->v2_base[smmu][1])
			smmu = (smmu + 1) % MACHINE_V2_MAX;
		return c->v2_base[smmu][1];
	case MC:
		return c->mc_base;
	case DOORBELL:
		return c->doorbell;
	default:
		return pa;
	}
}

static void ask_map(struct scene *s, const struct scene_map *map)
{
	struct front *f = map->domain == 2 ? &s->guest : &s->host;
	struct scene_request *r = request(s);
	uint64_t pa = address(s, map->pa), mapped;

	r->error = front_map(f, s->domains[map->domain], map->iova, pa,
			     map->size, map->prot, &mapped);
	r->target = pa;
	r->by_guest = map->domain == 2;
	snprintf(r->text, sizeof(r->text),
		 "map_pages\ndomain %" PRIu32 ", iova 0x%" PRIx64
		 "\nto 0x%" PRIx64,
		 s->domains[map->domain], map->iova, pa);
}

static void ask_attach(struct scene *s, int device, unsigned int domain)
{
	const struct scene_device *d = &s->devices[device];
	struct scene_request *r = request(s);

	r->error = front_attach(&s->host, d->smmu, d->sid, s->domains[domain]);
	r->device = device;
	snprintf(r->text, sizeof(r->text),
		 "attach_dev\nstream 0x%x to domain %" PRIu32, d->sid,
		 s->domains[domain]);
}

/* Hardware has the clients of those devices, and the stray one. */
static void give_clients(struct scene *s, struct machine_config *config)
{
	static struct sim_tegra_mc_client hw[SCENE_CLIENTS + 1];

	for (size_t i = 0; i <= s->client_count; i++) {
		bool stray = i == s->client_count;

		hw[i] = (struct sim_tegra_mc_client){
			.id = stray ? s->stray_client : s->clients[i].id,
			.block = (uint8_t)(stray ? s->stray_smmu
						 : s->clients[i].smmu),
			.native_sid = SIM_TEGRA_MC_PASS,
			.fw_sid = SIM_TEGRA_MC_PASS,
		};
	}
	config->clients = s->clients;
	config->client_count = s->client_count;
	config->limits.clients = SCENE_CLIENTS;
	config->mc_clients = hw;
	config->mc_client_count = s->client_count + 1;
}

static bool make_machine(struct scene *s)
{
	static uint32_t sids[SCENE_DEVICES], smmus[SCENE_DEVICES];
	struct machine_config config;

	for (size_t i = 0; i < SCENE_DEVICES; i++) {
		sids[i] = s->devices[i].sid;
		smmus[i] = s->devices[i].smmu;
	}
	machine_defaults(&config);
	config.ram_size = 64 * MIB;
	config.sids = sids;
	config.sid_smmus = smmus;
	config.sid_count = SCENE_DEVICES;
	s->failed = "this board";
	if (s->board && board_machine(s->board, &config))
		return false;
	if (s->tegra)
		give_clients(s, &config);
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
	const struct scene_device *d = &s->devices[3];

	s->failed = "donation to the guest";
	return !machine_donate(s->m, HYPIOMMU_HOST, GUEST, PA_GUEST,
			       4 * CLI_PAGE) &&
	       !machine_assign_stream_behind(s->m, d->smmu, d->sid,
					     HYPIOMMU_HOST, GUEST);
}

/* A domain for the device, and the device on it. */
static bool make_domain(struct scene *s, unsigned int domain, size_t device,
			unsigned int stage)
{
	const struct scene_device *d = &s->devices[device];
	struct front *f = d->guests ? &s->guest : &s->host;

	s->failed = "domains";
	return !front_domain_alloc(f, d->smmu, stage, &s->domains[domain]) &&
	       !front_attach(f, d->smmu, d->sid, s->domains[domain]);
}

/* What the device that is attached to nothing gets. */
static enum sim_dma_result stray_dma(struct scene *s)
{
	const struct scene_device *d = &s->devices[2];
	uint64_t pa;

	if (s->tegra)
		return machine_client_translate(s->m, s->clients[d->first].id,
						RAM(4), true, &pa);
	return machine_translate(s->m, d->sid, RAM(4), true, &pa);
}

bool scene_set_up(struct scene *s, unsigned int stage)
{
	if (!make_machine(s) || !give_to_guest(s) ||
	    !make_domain(s, 0, 0, stage ? stage : 1) ||
	    !make_domain(s, 1, 1, stage ? stage : 2) ||
	    !make_domain(s, 2, 3, stage ? stage : 2))
		return false;
	for (size_t i = 0; i < sizeof(scene_maps) / sizeof(scene_maps[0]);
	     i++) {
		if (s->tegra || !scene_maps[i].tegra)
			ask_map(s, &scene_maps[i]);
	}
	ask_attach(s, 3, 0);
	s->stray = stray_dma(s);
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
