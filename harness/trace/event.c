/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "event.h"

/* ftrace prints the task's name right-aligned in so many columns. */
#define TASK_COLUMNS 16u

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* "NAME: ARGUMENTS", where ARGUMENTS may be empty. */
static bool take_name(struct span text, struct event *event)
{
	size_t n = 0;

	while (n < text.len && is_name(text.at[n]))
		n++;
	if (!n || n == text.len || text.at[n] != ':')
		return false;
	event->name = (struct span){ text.at, n };
	event->args = span_skip(text, n + 1);
	return true;
}

/* "123.456:", or "123:" from a clock that does not count seconds. */
static bool is_timestamp(struct span word)
{
	word = span_skip(word, span_digits(word));
	if (word.len && word.at[0] == '.') {
		size_t n = span_digits(span_skip(word, 1));

		if (!n)
			return false;
		word = span_skip(word, n + 1);
	}
	return span_is(word, ":");
}

static bool take_after_timestamp(struct span text, struct event *event)
{
	struct span word;

	while ((word = span_word(&text)).len) {
		if (span_digits(word) && is_timestamp(word) &&
		    take_name(span_trim(text), event))
			return true;
	}
	return false;
}

/*
 * Where the task's name ends for certain, if the columns are ftrace's own:
 * nothing a user put into the name is then taken for a timestamp.
 */
static struct span after_task(struct span line)
{
	struct span pid = span_skip(line, TASK_COLUMNS + 1);

	if (line.len > TASK_COLUMNS && line.at[TASK_COLUMNS] == '-' &&
	    span_digits(pid))
		return pid;
	return line;
}

bool event_find(struct span line, struct event *event)
{
	if (!line.len || line.at[0] == '#')
		return false;
	return take_after_timestamp(after_task(line), event);
}

uint64_t event_lost(struct span line)
{
	uint64_t lost;

	if (!span_begins(line, "CPU:"))
		return 0;
	span_word(&line);
	if (!span_is(span_word(&line), "[LOST"))
		return 0;
	if (span_number(span_word(&line), &lost) != NUMBER_OK)
		return 1; /* "[LOST EVENTS]": at least one */
	return lost;
}
