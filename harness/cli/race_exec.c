// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/* hypiommu race: the program beside this one, see race_cmd.c. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

int cmd_race(int argc, char **argv)
{
	char path[PATH_MAX + 16];
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);

	(void)argc;
	if (n < 0)
		return cli_fail("where is this program? %s", strerror(errno));
	path[n] = '\0';
	/* Installed or built, its name begins as ours does. */
	strcpy(strrchr(path, '/') + 1, "hypiommu-race");
	execv(path, argv);
	return cli_fail("%s: %s (it is not built with -Db_sanitize=thread)",
			path, strerror(errno));
}
