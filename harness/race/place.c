// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "place.h"

#define PART (PLACE_TEXT / 2 - 4)

extern const char __executable_start[]; /* the linker's */

static bool ask(const char *command, char *function, char *line)
{
	FILE *f = popen(command, "r");
	bool good;

	if (!f)
		return false;
	good = fgets(function, PART, f) && fgets(line, PART, f);
	if (pclose(f))
		return false;
	if (!good)
		return false;
	function[strcspn(function, "\n")] = '\0';
	line[strcspn(line, " \n")] = '\0';
	return function[0] != '?';
}

void place_text(const void *pc, char *text)
{
	uintptr_t at = (uintptr_t)pc - (uintptr_t)__executable_start;
	char command[200], exe[100] = "";
	char function[PART], line[PART];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	/* A return address: the call is before it. */
	snprintf(command, sizeof(command),
		 "addr2line -fse '%s' %#" PRIxPTR " 2>/dev/null", exe, at - 1);
	if (n > 0 && n < (ssize_t)sizeof(exe) - 1 && !strchr(exe, '\'') &&
	    ask(command, function, line))
		snprintf(text, PLACE_TEXT, "%s (%s)", function, line);
	else
		snprintf(text, PLACE_TEXT, "offset %#" PRIxPTR, at);
}
