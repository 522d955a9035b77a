/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Writes JSON, one value after the other; commas and escapes are its own. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH 8

struct json {
	FILE *out;
	unsigned int depth;
	bool any[JSON_DEPTH]; /* something was written at this depth */
};

void json_begin(struct json *json, FILE *out);
void json_end(struct json *json); /* the final newline */

/* key is NULL inside an array and for the outermost value. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
void json_string(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);

#endif /* JSON_H */
