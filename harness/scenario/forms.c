// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* The statements of the language. */
#include <string.h>

#include "forms.h"

#define CALL (SCN_F_WHO | SCN_F_WANT)
#define PORT SCN_F_WANT

const struct scn_form scn_forms[] = {
	{ "finalise", "", "end the trusted phase (machine ... trusted)",
	  SCN_FINALISE, PORT },
	/* hypercalls */
	{ "info", "", "ask for the version of the ABI", SCN_INFO, CALL },
	{ "alloc", "NEWDOM stage STAGE [smmu SMMU]",
	  "make a domain and name it", SCN_ALLOC, CALL },
	{ "free", "DOM", "free a domain", SCN_FREE, CALL },
	{ "attach", "DEV DOM", "attach a device's stream to a domain",
	  SCN_ATTACH, CALL },
	{ "detach", "DEV DOM", "detach it: it aborts", SCN_DETACH, CALL },
	{ "map", "DOM IOVA PA [SIZE] PROT [times TIMES]",
	  "map pages; times: again at the next IOVA", SCN_MAP,
	  CALL | SCN_F_DONE },
	{ "unmap", "DOM IOVA [SIZE] [times TIMES]", "unmap", SCN_UNMAP,
	  CALL | SCN_F_DONE },
	{ "lookup", "DOM IOVA [-> PA]", "what the library says is mapped",
	  SCN_LOOKUP, CALL },
	{ "sync", "DOM", "finish what an error left behind", SCN_SYNC, CALL },
	{ "topup", "PA [SIZE]", "give pages for tables", SCN_TOPUP,
	  CALL | SCN_F_DONE },
	{ "giveback", "any", "take back any free page", SCN_GIVEBACK, CALL },
	{ "giveback", "PA", "take back this page", SCN_GIVEBACK, CALL },
	{ "fault", "none [smmu SMMU]", "no fault record waits", SCN_FAULT,
	  SCN_F_WHO },
	{ "fault", "DEV REASON [ACCESS] [IOVA] [LOST]",
	  "read the next fault record, which must say this", SCN_FAULT,
	  SCN_F_WHO },
	{ "call", "N XS", "any hypercall: x0, then x1 and on", SCN_CALL, CALL },
	/* the port's own calls */
	{ "donate", "PA [SIZE] to PEER", "give pages away", SCN_DONATE, CALL },
	{ "share", "PA [SIZE] with PEER", "share pages", SCN_SHARE, CALL },
	{ "unshare", "PA [SIZE] with PEER", "end sharing", SCN_UNSHARE, CALL },
	{ "lend", "PA [SIZE] to PEER", "lend pages", SCN_LEND, CALL },
	{ "reclaim", "PA [SIZE] from PEER", "take lent pages back", SCN_RECLAIM,
	  CALL },
	{ "assign", "DEV to PEER", "hand a device over", SCN_ASSIGN, CALL },
	{ "suspend", "[smmu SMMU]", "every stream aborts", SCN_SUSPEND, PORT },
	{ "reset", "[smmu SMMU]", "program the SMMU anew", SCN_RESET, PORT },
	{ "mc-resume", "", "deny the whole aperture of the MC again",
	  SCN_MC_RESUME, PORT },
	/* devices, other CPUs, hardware */
	{ "read", "DEV IOVA -> PA", "the device reads there", SCN_READ, 0 },
	{ "read", "DEV IOVA OUTCOME", "the device's read is stopped", SCN_READ,
	  0 },
	{ "write", "DEV IOVA -> PA", "the device writes there", SCN_WRITE, 0 },
	{ "write", "DEV IOVA OUTCOME", "the device's write is stopped",
	  SCN_WRITE, 0 },
	{ "forge", "PA [SIZE] to TO",
	  "its owner fills the page with descriptors that lead to TO",
	  SCN_FORGE, 0 },
	{ "rival", "off", "the other CPU stops", SCN_RIVAL, 0 },
	{ "rival", "PA [SIZE]",
	  "at every step another CPU tries to take these pages, and every "
	  "device to reach them",
	  SCN_RIVAL, 0 },
	{ "break", "ILL [N] [code CODE] [smmu SMMU] [frame FRAME]",
	  "hardware begins to fail", SCN_BREAK, 0 },
	{ "mend", "", "hardware is good again", SCN_MEND, 0 },
	{ "power-loss", "", "hardware forgets everything", SCN_POWER_LOSS, 0 },
	/* what must hold */
	{ "pins", "PA [SIZE] = N", "how often each page is pinned", SCN_PINS,
	  0 },
	{ "owner", "PA [SIZE] = PEER", "who owns each page, alone", SCN_OWNER,
	  0 },
	{ "owner", "PA [SIZE] = HOLD PEER", "shared with or lent to whom",
	  SCN_OWNER, 0 },
	{ "tables", "CMP N", "table pages in use since the take-over",
	  SCN_TABLES, 0 },
	{ "mark", "", "counters count from here", SCN_MARK, 0 },
	{ "count", "COUNTER CMP N", "what happened since the mark", SCN_COUNT,
	  0 },
};
const uint32_t scn_form_count = sizeof(scn_forms) / sizeof(scn_forms[0]);

#define RW (HYPIOMMU_PROT_READ | HYPIOMMU_PROT_WRITE)

static const struct scn_word prots[] = {
	{ "r", HYPIOMMU_PROT_READ },
	{ "w", HYPIOMMU_PROT_WRITE },
	{ "rw", RW },
	{ "rw-cache", RW | HYPIOMMU_PROT_CACHE },
	{ "rw-mmio", RW | HYPIOMMU_PROT_MMIO },
	{ "rw-priv", RW | HYPIOMMU_PROT_PRIV },
	{ "rw-noexec", RW | HYPIOMMU_PROT_NOEXEC },
	{ "rw-priv-noexec", RW | HYPIOMMU_PROT_PRIV | HYPIOMMU_PROT_NOEXEC },
	{ "none", 0 },
	{ NULL, 0 },
};

static const struct scn_word reasons[] = {
	{ "other", HYPIOMMU_FAULT_OTHER },
	{ "config", HYPIOMMU_FAULT_CONFIG },
	{ "translation", HYPIOMMU_FAULT_TRANSLATION },
	{ "permission", HYPIOMMU_FAULT_PERMISSION },
	{ "address-size", HYPIOMMU_FAULT_ADDRESS_SIZE },
	{ "access-flag", HYPIOMMU_FAULT_ACCESS_FLAG },
	{ "external", HYPIOMMU_FAULT_EXTERNAL },
	{ NULL, 0 },
};

static const struct scn_word accesses[] = {
	{ "read", 0 },
	{ "write", 1 },
	{ NULL, 0 },
};

static const struct scn_word losts[] = { { "lost", 1 }, { NULL, 0 } };

static const struct scn_word outcomes[] = {
	{ "blocked", SIM_DMA_ABORT },
	{ "unanswered", SIM_DMA_BUS },
	{ NULL, 0 },
};

static const struct scn_word holds[] = {
	{ "shared", HYPIOMMU_PAGE_SHARED },
	{ "lent", HYPIOMMU_PAGE_LENT },
	{ NULL, 0 },
};

static const struct scn_word ills[] = {
	{ "sync", SCN_ILL_SYNC },     { "queue", SCN_ILL_QUEUE },
	{ "dead", SCN_ILL_DEAD },     { "command", SCN_ILL_COMMAND },
	{ "abort", SCN_ILL_ABORT },   { "enable", SCN_ILL_ENABLE },
	{ "writes", SCN_ILL_WRITES }, { NULL, 0 },
};

static const struct scn_word counters[] = {
	{ "hypercalls", SCN_C_HYPERCALLS },
	{ "tlbi", SCN_C_TLBI },
	{ "syncs", SCN_C_SYNCS },
	{ "broken", SCN_C_BROKEN },
	{ "command-errors", SCN_C_COMMAND_ERRORS },
	{ "resets", SCN_C_RESETS },
	{ "mmio-reads", SCN_C_READS },
	{ "mmio-writes", SCN_C_WRITES },
	{ "events", SCN_C_EVENTS },
	{ NULL, 0 },
};

static const struct scn_word comparisons[] = {
	{ "=", '=' },
	{ "<=", '<' },
	{ ">=", '>' },
	{ NULL, 0 },
};

static const struct scn_word nones[] = {
	{ "none", 1 },
	{ "any", 2 },
	{ "off", 3 },
	{ NULL, 0 },
};

static const struct scn_kind kinds[] = {
	{ "NEWDOM", SCN_A_DOM, SCN_K_NEWDOM, NULL, "a name for the domain" },
	{ "DOM", SCN_A_DOM, SCN_K_DOMAIN, NULL, "a domain" },
	{ "DEV", SCN_A_DEV, SCN_K_DEVICE, NULL, "a device" },
	{ "IOVA", SCN_A_IOVA, SCN_K_NUMBER, NULL, "an IOVA" },
	{ "PA", SCN_A_PA, SCN_K_ADDRESS, NULL, "pages" },
	{ "TO", SCN_A_TO, SCN_K_ADDRESS, NULL, "pages" },
	{ "SIZE", SCN_A_SIZE, SCN_K_NUMBER, NULL, "a size" },
	{ "PROT", SCN_A_PROT, SCN_K_WORD, prots, "r, w or rw" },
	{ "STAGE", SCN_A_STAGE, SCN_K_NUMBER, NULL, "a stage" },
	{ "SMMU", SCN_A_SMMU, SCN_K_NUMBER, NULL, "the number of an SMMU" },
	{ "PEER", SCN_A_PEER, SCN_K_WHO, NULL, "host or guest0" },
	{ "REASON", SCN_A_REASON, SCN_K_WORD, reasons, "a reason" },
	{ "ACCESS", SCN_A_ACCESS, SCN_K_WORD, accesses, "read or write" },
	{ "LOST", SCN_A_LOST, SCN_K_WORD, losts, "lost" },
	{ "N", SCN_A_N, SCN_K_NUMBER, NULL, "a number" },
	{ "CODE", SCN_A_CODE, SCN_K_NUMBER, NULL, "an error code" },
	{ "FRAME", SCN_A_FRAME, SCN_K_NUMBER, NULL, "a frame" },
	{ "TIMES", SCN_A_TIMES, SCN_K_NUMBER, NULL, "how many times" },
	{ "OUTCOME", SCN_A_OUTCOME, SCN_K_WORD, outcomes, "blocked" },
	{ "HOLD", SCN_A_HOLD, SCN_K_WORD, holds, "shared or lent" },
	{ "ILL", SCN_A_ILL, SCN_K_WORD, ills, "what breaks" },
	{ "COUNTER", SCN_A_COUNTER, SCN_K_WORD, counters, "a counter" },
	{ "CMP", SCN_A_CMP, SCN_K_WORD, comparisons, "=, <= or >=" },
	{ "XS", SCN_A_XS, SCN_K_NUMBERS, NULL, "numbers" },
	/* Words that stand for themselves and are kept. */
	{ "none", SCN_A_NONE, SCN_K_WORD, nones, "none" },
	{ "any", SCN_A_NONE, SCN_K_WORD, nones, "any" },
	{ "off", SCN_A_NONE, SCN_K_WORD, nones, "off" },
};

const struct scn_kind *scn_kind(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].name) == length &&
		    !memcmp(kinds[i].name, name, length))
			return &kinds[i];
	}
	return NULL;
}

size_t scn_element(const char **pattern)
{
	const char *p = *pattern;
	size_t n = 0;

	while (*p == ' ')
		p++;
	*pattern = p;
	if (*p == '[' || *p == ']')
		return 1;
	while (p[n] && p[n] != ' ' && p[n] != ']')
		n++;
	return n;
}
