// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <inttypes.h>
#include <stddef.h>

#include "json.h"

/* How many bytes of valid UTF-8 begin here, 0 if they are none (RFC 3629). */
static size_t utf8_length(const unsigned char *s)
{
	size_t n = s[0] < 0x80	 ? 1
		   : s[0] < 0xc2 ? 0
		   : s[0] < 0xe0 ? 2
		   : s[0] < 0xf0 ? 3
		   : s[0] < 0xf5 ? 4
				 : 0;

	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

static void quote(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	fputc('"', out);
	while (*s) {
		size_t n = utf8_length(s);

		if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if (*s < 0x20)
			fprintf(out, "\\u%04x", *s);
		else if (!n) /* a file name may be any bytes */
			fputs("\\ufffd", out);
		else
			fwrite(s, 1, n, out);
		s += n ? n : 1;
	}
	fputc('"', out);
}

static void item(struct json *json, const char *key)
{
	if (json->any[json->depth])
		fputc(',', json->out);
	if (json->depth)
		fprintf(json->out, "\n%*s", (int)(2 * json->depth), "");
	json->any[json->depth] = true;
	if (key) {
		quote(json->out, key);
		fputs(": ", json->out);
	}
}

void json_begin(struct json *json, FILE *out)
{
	*json = (struct json){ .out = out };
}

void json_end(struct json *json)
{
	fputc('\n', json->out);
}

void json_open(struct json *json, const char *key, char bracket)
{
	item(json, key);
	fputc(bracket, json->out);
	json->any[++json->depth] = false;
}

void json_close(struct json *json, char bracket)
{
	if (json->any[json->depth--])
		fprintf(json->out, "\n%*s", (int)(2 * json->depth), "");
	fputc(bracket, json->out);
}

void json_string(struct json *json, const char *key, const char *value)
{
	item(json, key);
	if (value)
		quote(json->out, value);
	else
		fputs("null", json->out);
}

void json_number(struct json *json, const char *key, uint64_t value)
{
	item(json, key);
	fprintf(json->out, "%" PRIu64, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
	item(json, key);
	fputs(value ? "true" : "false", json->out);
}
