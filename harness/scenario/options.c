// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Options of the "machine" line. */
#include "forms.h"

#define V3	(1u << MACHINE_SMMUV3)
#define V2	(1u << MACHINE_SMMUV2)
#define TEGRA	(1u << MACHINE_TEGRA234)
#define CLASSIC (1u << MACHINE_TEGRA_SMMU)
#define ALL	(V3 | V2 | TEGRA | CLASSIC)

const struct scn_word scn_machines[] = {
	{ "smmuv3", MACHINE_SMMUV3 },
	{ "smmuv2", MACHINE_SMMUV2 },
	{ "tegra234", MACHINE_TEGRA234 },
	{ "classic", MACHINE_TEGRA_SMMU },
	{ NULL, 0 },
};

const struct scn_option scn_options[SCN_O_COUNT] = {
	[SCN_O_NONCOHERENT] = { "non-coherent", NULL, 0, 0, V3 | V2,
				"tables are not snooped" },
	[SCN_O_PAGES_ONLY] = { "no-range", NULL, 0, 0, V3,
			       "no range invalidation" },
	[SCN_O_LINEAR] = { "linear", NULL, 0, 0, V3, "a linear stream table" },
	[SCN_O_SIDS] = { "stream-bits", "BITS", 1, 16, V3 | V2,
			 "width of stream IDs" },
	[SCN_O_CMDQ] = { "commands", "LOG2", 1, 12, V3,
			 "size of the command queue" },
	[SCN_O_EVTQ] = { "events", "LOG2", 1, 11, V3,
			 "size of the event queue" },
	[SCN_O_ONE_STAGE] = { "only-stage", "STAGE", 1, 2, V3 | V2,
			      "the other is not implemented" },
	[SCN_O_ASID8] = { "small-ids", NULL, 0, 0, V3,
			  "ASIDs and VMIDs of 8 bits" },
	[SCN_O_MIRRORED] = { "mirrored", NULL, 0, 0, V2,
			     "two frames share the traffic" },
	[SCN_O_INDEXING] = { "indexing", NULL, 0, 0, V2, "no stream matching" },
	[SCN_O_BANKS] = { "banks", "N", 1, 16, V2 | TEGRA, "context banks" },
	[SCN_O_MATCHES] = { "matches", "N", 1, 16, V2 | TEGRA,
			    "stream match entries" },
	[SCN_O_FORMAT] = { "format", "FORMAT", 0, 0, V2 | TEGRA,
			   "table format: aarch64, lpae or short" },
	[SCN_O_BOOT] = { "boot", "STATE", 0, 0, ALL,
			 "what firmware left: reset, random, bypass or live" },
	[SCN_O_SOC] = { "soc", "N", 30, 210, CLASSIC,
			"Tegra 30, 114, 124 or 210" },
	[SCN_O_DOMAINS] = { "domains", "N", 1, 256, ALL, "domains at most" },
	[SCN_O_TABLES] = { "tables", "PAGES", 0, 4096, V3 | V2 | TEGRA,
			   "table pages the port brings" },
	[SCN_O_TIMEOUT] = { "timeout", "MICROSECONDS", 1, 100000, ALL,
			    "of a wait" },
	[SCN_O_OBSERVE] = { "observe", "WHEN", 0, 0, ALL,
			    "steps, calls or off; steps is the default" },
	[SCN_O_TRUSTED] = { "trusted", NULL, 0, 0, ALL,
			    "not finalised: a statement does that" },
	[SCN_O_RESTLESS] = { "restless", NULL, 0, 0, ALL,
			     "devices do not acknowledge a quiesce" },
	[SCN_O_DELEGATED] = { "delegated", NULL, 0, 0, ALL,
			      "the port keeps page states and table memory" },
};

static const struct scn_word formats[] = {
	{ "aarch64", HYPIOMMU_SMMUV2_AARCH64 },
	{ "lpae", HYPIOMMU_SMMUV2_LPAE },
	{ "short", HYPIOMMU_SMMUV2_V7S },
	{ NULL, 0 },
};

static const struct scn_word boots[] = {
	{ "reset", SIM_SMMUV2_BOOT_RESET },
	{ "random", SIM_SMMUV2_BOOT_RANDOM },
	{ "bypass", SIM_SMMUV2_BOOT_BYPASS },
	{ "live", SIM_SMMUV2_BOOT_LIVE },
	{ NULL, 0 },
};

static const struct scn_word observations[] = {
	{ "steps", MACHINE_CHECK_STEPS },
	{ "calls", MACHINE_CHECK_CALLS },
	{ "off", MACHINE_CHECK_OFF },
	{ NULL, 0 },
};

const struct scn_word *scn_option_words(enum scn_option_id option)
{
	if (option == SCN_O_FORMAT)
		return formats;
	if (option == SCN_O_BOOT)
		return boots;
	return option == SCN_O_OBSERVE ? observations : NULL;
}
