// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* What came of it, as a table or as JSON. */
#include <inttypes.h>
#include <stdio.h>

#include "json.h"
#include "replay.h"

struct row {
	const char *key; /* of JSON */
	const char *what;
	uint64_t value;
};

static const char *first_violation(const struct replay *r)
{
	return r->m->stats.violations ? r->m->violation : NULL;
}

#define ROWS 26

static size_t rows(const struct replay *r, struct row *row)
{
	const struct replay_counts *c = &r->counts;
	const struct machine_stats *s = &c->stats;
	const struct row all[] = {
		{ "stage", "stage", r->options->stage },
		{ "lines", "lines read", r->plan.info.lines },
		{ "lost_events", "events the recording lost",
		  r->plan.info.lost },
		{ "devices", "devices", r->plan.device_count },
		{ "domains", "domains", r->domain_count },
		{ "implicit_domains", "of them named by no line",
		  c->implicit_domains },
		{ "unattached_domains", "of them without a device",
		  c->unattached_domains },
		{ "maps", "maps", c->maps },
		{ "refused_maps", "of them refused", c->refused_maps },
		{ "bytes_mapped", "bytes mapped", c->bytes_mapped },
		{ "unmaps", "unmaps", c->unmaps },
		{ "unmap_misses", "of them of nothing mapped",
		  c->unmap_misses },
		{ "refused_unmaps", "of them refused", c->refused_unmaps },
		{ "dma_probes", "DMA probes", c->dma_probes },
		{ "lookups", "look-ups compared", c->lookups },
		{ "faults_read", "fault records read", c->faults_read },
		{ "hypercalls", "hypercalls", c->hypercalls },
		{ "topups", "table memory top-ups", c->topups },
		{ "table_pages_peak", "table pages, peak",
		  c->stats.table_pages_peak },
		{ "table_pages_end", "table pages, end", c->table_pages_end },
		{ "mmio_writes", "SMMU register writes", s->mmio_writes },
		{ "tlb_invalidations", "TLB invalidations", s->tlbi },
		{ "syncs", "syncs completed", s->syncs },
		{ "observer_checks", "looks of the observer", c->stats.checks },
		{ "violations", "violations", r->m->stats.violations },
	};
	size_t n = sizeof(all) / sizeof(all[0]);

	_Static_assert(sizeof(all) / sizeof(all[0]) <= ROWS, "ROWS");
	for (size_t i = 0; i < n; i++)
		row[i] = all[i];
	return n;
}

/* Which master of the board each device is. */
static void json_masters(struct json *json, const struct replay *r)
{
	json_open(json, "masters", '[');
	for (size_t i = 0; r->board.board && i < r->plan.device_count; i++) {
		json_open(json, NULL, '{');
		json_string(json, "device", r->plan.devices[i].name);
		json_string(json, "node", r->board.streams[i].node);
		json_number(json, "smmu", replay_smmu(r, i));
		json_number(json, "sid", r->plan.sids[i]);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void print_masters(const struct replay *r)
{
	if (!r->board.board)
		return;
	printf("  on %s\n", r->options->board);
	for (size_t i = 0; i < r->plan.device_count; i++) {
		const char *node = r->board.streams[i].node;

		printf("    %-16s is %s, SMMU %u, stream 0x%x\n",
		       r->plan.devices[i].name, node ? node : "no master",
		       replay_smmu(r, i), r->plan.sids[i]);
	}
}

static void print_json(const struct replay *r)
{
	struct row row[ROWS];
	size_t n = rows(r, row);
	struct json json;

	json_begin(&json, stdout);
	json_open(&json, NULL, '{');
	json_string(&json, "trace", r->options->path);
	json_string(&json, "board", r->options->board);
	for (size_t i = 0; i < n; i++)
		json_number(&json, row[i].key, row[i].value);
	json_string(&json, "first_violation", first_violation(r));
	json_masters(&json, r);
	json_open(&json, "refused", '{');
	for (int e = 1; e < REPLAY_ERRORS; e++) {
		if (r->counts.refused[e])
			json_number(&json, hypiommu_error_name(-e),
				    r->counts.refused[e]);
	}
	json_close(&json, '}');
	json_close(&json, '}');
	json_end(&json);
}

static void print_table(const struct replay *r)
{
	struct row row[ROWS];
	size_t n = rows(r, row);

	printf("%s\n", r->options->path);
	print_masters(r);
	for (size_t i = 0; i < n; i++)
		printf("  %-28s %12" PRIu64 "\n", row[i].what, row[i].value);
	for (int e = 1; e < REPLAY_ERRORS; e++) {
		if (r->counts.refused[e])
			printf("  refused by %-17s %12" PRIu64 "\n",
			       hypiommu_error_name(-e), r->counts.refused[e]);
	}
	if (r->counts.implicit_domains)
		printf("\nThe trace names no domains: %" PRIu64
		       " were opened, by device where a dma:* line\n"
		       "tells it, else by IOVAs that were mapped again while "
		       "live.\n",
		       r->counts.implicit_domains);
	if (first_violation(r))
		printf("\nfirst violation: %s\n", first_violation(r));
}

void replay_report(const struct replay *r)
{
	if (r->options->json)
		print_json(r);
	else
		print_table(r);
}
