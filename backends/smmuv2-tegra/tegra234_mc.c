// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * Tegra234's memory controller: for every client id an override register
 * (id * 8) that gives its stream ID and a security register (id * 8 + 4) that
 * makes the override count. See docs/hardware-tegra.md.
 */
#include "smmuv2.h"

#define OVERRIDE(id) ((id)*8)
#define SECURITY(id) ((id)*8 + 4)
#define SID_MASK     0xffu
#define SID_DENY     0x00u /* no stream match entry ever has it */
#define SID_PASS     0x7fu /* routed around the SMMU: never written */
#define OVERRIDE_ON  (1u << 8)
#define LOCKED	     (1u << 16) /* until reset, for EL2 as well */
#define FIRMWARE     (~0u)	/* SMMU and sid of clients left alone */

static uint32_t mc_read(const struct hypiommu *h, uint32_t off)
{
	return h->config.mmio->read32(h->config.mmio_ctx, h->mc.window, off);
}

static void mc_write(const struct hypiommu *h, uint32_t off, uint32_t val)
{
	h->config.mmio->write32(h->config.mmio_ctx, h->mc.window, off, val);
}

static int add_client(struct hypiommu *h, uint32_t id, uint32_t smmu,
		      uint32_t sid)
{
	if (h->frozen)
		return HYPIOMMU_E_PHASE;
	if (id >= h->mc.ids)
		return HYPIOMMU_E_INVAL;
	return swgroups_add(&h->swgroups, smmu, sid, id);
}

int hypiommu_tegra234_mc_add(struct hypiommu *h,
			     const struct hypiommu_tegra234_mc_config *config)
{
	int err;

	if (!h || !config || !config->size || config->size & 0xffff ||
	    config->size > 0x20000 || config->base & 0xffff)
		return HYPIOMMU_E_INVAL;
	if (h->mc.ids)
		return HYPIOMMU_E_EXIST;
	err = hypiommu_add_frame(h, config->base, config->size);
	if (err)
		return err;
	h->mc.window = config->window;
	h->mc.ids = (uint32_t)(config->size / 8);
	return HYPIOMMU_OK;
}

int hypiommu_tegra234_add_client(struct hypiommu *h, uint32_t id, uint32_t smmu,
				 uint32_t sid)
{
	if (sid == SID_DENY || sid >= SID_PASS)
		return HYPIOMMU_E_INVAL;
	if (!stream_find(h, smmu, sid))
		return HYPIOMMU_E_NOENT;
	return add_client(h, id, smmu, sid);
}

int hypiommu_tegra234_firmware_client(struct hypiommu *h, uint32_t id)
{
	return add_client(h, id, FIRMWARE, FIRMWARE);
}

/* Does hardware have this client? Nothing behind an id reads as zero. */
static bool exists(uint32_t override, uint32_t security)
{
	return override || security;
}

/*
 * Stream ID `sid` for the client, from now on. A locked client is fine only if
 * it says so already.
 */
static int client_set(const struct hypiommu *h, uint32_t id, uint32_t sid,
		      uint32_t lock)
{
	uint32_t override, security;

	/* The SID first: with the override on it must never be stale. */
	mc_write(h, OVERRIDE(id), sid);
	mc_write(h, SECURITY(id), OVERRIDE_ON | lock);
	override = mc_read(h, OVERRIDE(id));
	security = mc_read(h, SECURITY(id));
	if (!exists(override, security))
		return HYPIOMMU_OK;
	if ((override & SID_MASK) != sid || !(security & OVERRIDE_ON) ||
	    (lock && !(security & LOCKED)))
		return HYPIOMMU_E_HW;
	return HYPIOMMU_OK;
}

/* Default-deny by formula, over every id the aperture has room for. */
/* Who is denied must not be somebody: no stream has that number. */
static int deny_reaches_nothing(struct hypiommu *h)
{
	for (uint32_t i = 0; i < h->smmu_count; i++) {
		if (stream_find(h, i, SID_DENY))
			return HYPIOMMU_E_INVAL;
	}
	return HYPIOMMU_OK;
}

int tegra234_mc_finalise(struct hypiommu *h)
{
	int err = deny_reaches_nothing(h);

	if (err)
		return err;
	for (uint32_t id = 0; id < h->mc.ids; id++) {
		const struct swgroup_port *client =
			swgroups_find(&h->swgroups, id);
		int refused;

		if (client && client->group == FIRMWARE)
			continue;
		/* Nobody's: not even a later mistake may open it. After one
		 * that cannot be denied the others are all the same. */
		refused = client_set(h, id, SID_DENY, client ? 0 : LOCKED);
		err = err ? err : refused;
	}
	return err;
}

int hypiommu_tegra234_mc_resume(struct hypiommu *h)
{
	int err;

	if (!h->mc.ids)
		return HYPIOMMU_E_NOENT;
	hypiommu_env_lock(&h->attach_lock);
	err = tegra234_mc_finalise(h);
	hypiommu_env_unlock(&h->attach_lock);
	return err;
}

/* Every client of the stream's SWGROUP. */
static int for_clients(struct hypiommu_smmu *smmu,
		       const struct hypiommu_stream *stream, uint32_t sid)
{
	struct hypiommu *h = smmu->h;
	const struct swgroup_port *client;
	uint32_t at = 0;
	int err = HYPIOMMU_OK;

	while (!err && (client = swgroups_next(&h->swgroups, stream->smmu,
					       stream->sid, &at)))
		err = client_set(h, client->port, sid, 0);
	return err;
}

int tegra234_mc_route(struct hypiommu_smmu *smmu,
		      const struct hypiommu_stream *stream)
{
	return for_clients(smmu, stream, stream->sid);
}

int tegra234_mc_deny(struct hypiommu_smmu *smmu,
		     const struct hypiommu_stream *stream)
{
	return for_clients(smmu, stream, SID_DENY);
}
