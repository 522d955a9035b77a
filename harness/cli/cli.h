/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* What the commands of the program have in common. */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLI_PAGE 4096ull

/* Exit codes of every command. */
#define CLI_OK	      0
#define CLI_VIOLATION 1 /* what must not happen happened */
#define CLI_ERROR     2 /* bad usage or bad input; nothing was decided */

/* argv[0] is the command's own name; results are exit codes. */
int cmd_replay(int argc, char **argv);
int cmd_attack(int argc, char **argv);
int cmd_draw(int argc, char **argv);
int cmd_board(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_race(int argc, char **argv);
int cmd_explore(int argc, char **argv);

/* Says on stderr what is wrong and where help is; CLI_ERROR. */
int cli_usage(const char *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Says on stderr what is wrong; CLI_ERROR. */
int cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* All of a file of at most CLI_MAX_FILE bytes, to be freed; or says on stderr
 * what is wrong, and NULL. */
#define CLI_MAX_FILE (1u << 20)
char *cli_read_file(const char *name, size_t *length);

/* The stage of "1" or "2", else 0. */
unsigned int cli_stage(const char *text);

#endif /* CLI_H */
