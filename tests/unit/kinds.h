/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The same small machine of every kind: one stream, 7; on the classic MC-SMMU
 * its SWGROUP has the register KINDS_GROUP and one client, 1. */
#ifndef KINDS_H
#define KINDS_H

#include "rig.h"

#define KINDS_SID   7u
#define KINDS_GROUP 0x240u

static const enum machine_kind kinds[] = { MACHINE_SMMUV3, MACHINE_SMMUV2,
					   MACHINE_TEGRA_SMMU };
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Its description, to be changed; then start it. */
void kinds_defaults(struct rig *rig, enum machine_kind kind);
void kinds_start(struct rig *rig);

#endif /* KINDS_H */
