// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* Scenario to text, by the patterns the parser reads. */
#include <inttypes.h>
#include <string.h>

#include "forms.h"

#define PAGE 4096ull

void scn_print_size(uint64_t size, FILE *out)
{
	static const char units[] = { 'K', 'M', 'G' };
	int unit = -1;

	while (unit < 2 && size && !(size & 1023)) {
		size >>= 10;
		unit++;
	}
	fprintf(out, "%" PRIu64, size);
	if (unit >= 0)
		fputc(units[unit], out);
}

static void print_offset(const char *name, uint64_t offset, FILE *out)
{
	fputs(name, out);
	if (!offset)
		return;
	fputc('+', out);
	scn_print_size(offset, out);
}

void scn_print_address(const struct scn *s, uint64_t pa, FILE *out)
{
	for (uint32_t i = 0; i < s->run_count; i++) {
		const struct scn_run *r = &s->runs[i];

		if (pa >= r->pa && pa - r->pa < r->pages * PAGE) {
			print_offset(r->name, pa - r->pa, out);
			return;
		}
	}
	if (pa >= MACHINE_RAM_BASE && pa - MACHINE_RAM_BASE < SCN_RAM_SIZE)
		print_offset("ram", pa - MACHINE_RAM_BASE, out);
	else if (pa >= MACHINE_DONOR_BASE &&
		 pa - MACHINE_DONOR_BASE < MACHINE_DONOR_SIZE)
		print_offset("donor", pa - MACHINE_DONOR_BASE, out);
	else if (pa >= MACHINE_EL2_BASE &&
		 pa - MACHINE_EL2_BASE < MACHINE_EL2_SIZE)
		print_offset("el2", pa - MACHINE_EL2_BASE, out);
	else
		fprintf(out, "0x%" PRIx64, pa);
}

static void print_domain(const struct scn *s, uint64_t domain, FILE *out)
{
	if (domain & SCN_LITERAL)
		fprintf(out, "#%" PRIu64, domain & ~SCN_LITERAL);
	else
		fputs(s->domains[domain], out);
}

static void print_number(enum scn_arg arg, uint64_t value, FILE *out)
{
	if (arg == SCN_A_SIZE)
		scn_print_size(value, out);
	else if (arg == SCN_A_IOVA || value > 9999)
		fprintf(out, "0x%" PRIx64, value);
	else
		fprintf(out, "%" PRIu64, value);
}

static void print_argument(const struct scn *s, const struct scn_step *step,
			   const struct scn_kind *kind, FILE *out)
{
	uint64_t value = step->arg[kind->arg];
	const char *word = scn_word_of(kind->words, value);
	char name[SCN_NAME];

	switch (kind->class) {
	case SCN_K_NUMBER:
		print_number(kind->arg, value, out);
		break;
	case SCN_K_ADDRESS:
		scn_print_address(s, value, out);
		break;
	case SCN_K_WORD:
		fputs(word ? word : "?", out);
		break;
	case SCN_K_WHO:
		scn_principal_name((uint32_t)value, name);
		fputs(name, out);
		break;
	case SCN_K_DOMAIN:
	case SCN_K_NEWDOM:
		print_domain(s, value, out);
		break;
	case SCN_K_DEVICE:
		fputs(s->devices[value].name, out);
		break;
	case SCN_K_NUMBERS:
		for (uint64_t i = 0; i < value; i++)
			fprintf(out, "%s0x%" PRIx64, i ? " " : "", step->xs[i]);
		break;
	}
}

/* Is what stands in [ ] from here on given? */
static bool given(const struct scn_step *step, const char *group)
{
	size_t n;

	for (; (n = scn_element(&group)) && *group != ']'; group += n) {
		const struct scn_kind *kind = scn_kind(group, n);

		if (kind)
			return step->has >> kind->arg & 1;
	}
	return false;
}

static void print_pattern(const struct scn *s, const struct scn_step *step,
			  const char *pattern, FILE *out)
{
	size_t n;

	for (; (n = scn_element(&pattern)); pattern += n) {
		bool argument = *pattern >= 'A' && *pattern <= 'Z';

		if (*pattern == '[' && !given(step, pattern + 1))
			n = strcspn(pattern, "]");
		if (*pattern == '[' || *pattern == ']')
			continue;
		fputc(' ', out);
		if (argument)
			print_argument(s, step, scn_kind(pattern, n), out);
		else
			fwrite(pattern, 1, n, out);
	}
}

void scn_print_step(const struct scn *s, const struct scn_step *step, FILE *out)
{
	const struct scn_form *form = &scn_forms[step->form];
	char name[SCN_NAME];

	if (step->has & 1ull << SCN_A_WHO) {
		scn_principal_name((uint32_t)step->arg[SCN_A_WHO], name);
		fprintf(out, "%s ", name);
	}
	fputs(form->verb, out);
	print_pattern(s, step, form->pattern, out);
	if (step->has & 1ull << SCN_A_WANT)
		fprintf(out, " = %s",
			scn_word_of(scn_statuses, step->arg[SCN_A_WANT]));
	if (step->has & 1ull << SCN_A_DONE) {
		fputc(' ', out);
		scn_print_size(step->arg[SCN_A_DONE], out);
	}
	fputc('\n', out);
}

/* ------------------------------------------------------------ declarations */

static void print_machine(const struct scn_machine *m, FILE *out)
{
	fprintf(out, "machine %s", scn_word_of(scn_machines, m->kind));
	for (int i = 0; i < SCN_O_COUNT; i++) {
		const struct scn_word *words =
			scn_option_words((enum scn_option_id)i);

		if (!(m->has & 1u << i))
			continue;
		fprintf(out, " %s", scn_options[i].name);
		if (words)
			fprintf(out, " %s", scn_word_of(words, m->value[i]));
		else if (scn_options[i].value)
			fprintf(out, " %" PRIu64, m->value[i]);
	}
	fputc('\n', out);
}

static void print_device(const struct scn_device *d, FILE *out)
{
	fprintf(out, "device %s stream 0x%x", d->name, d->sid);
	if (d->smmu)
		fprintf(out, " smmu %u", d->smmu);
	if (d->has_client)
		fprintf(out, " client 0x%x", d->client);
	if (d->standing == SCN_UNDECLARED)
		fputs(" undeclared", out);
	if (d->standing == SCN_FIRMWARE)
		fputs(" firmware", out);
	fputc('\n', out);
}

void scn_print(const struct scn *s, FILE *out)
{
	if (s->title[0])
		fprintf(out, "# %s\n", s->title);
	print_machine(&s->machine, out);
	for (uint32_t i = 0; i < s->device_count; i++)
		print_device(&s->devices[i], out);
	for (uint32_t i = 0; i < s->run_count; i++)
		fprintf(out, "pages %s %" PRIu64 " at 0x%" PRIx64 "\n",
			s->runs[i].name, s->runs[i].pages, s->runs[i].pa);
	for (uint32_t i = 0; i < s->step_count; i++)
		scn_print_step(s, &s->steps[i], out);
}
