// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include "print.h"
#include "board.h"
#include "sysreg.h"

#define UARTDR	    (UART_BASE + 0x00ull)
#define UARTFR	    (UART_BASE + 0x18ull)
#define UARTFR_TXFF (1u << 5)

struct sink {
	void (*put)(void *ctx, char c);
	void *ctx;
};

static void put_string(const struct sink *s, const char *text)
{
	while (*text)
		s->put(s->ctx, *text++);
}

static void put_number(const struct sink *s, uint64_t n, unsigned int base)
{
	char digits[21];
	unsigned int at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	put_string(s, &digits[at]);
}

static void put_signed(const struct sink *s, int64_t n)
{
	if (n < 0)
		s->put(s->ctx, '-');
	put_number(s, n < 0 ? -(uint64_t)n : (uint64_t)n, 10);
}

/* What follows a %; returns its last character. */
static const char *put_argument(const struct sink *s, const char *how,
				va_list *args)
{
	bool prefix = false, wide = false;

	for (; *how == '#' || *how == 'l'; how++) {
		prefix |= *how == '#';
		wide |= *how == 'l';
	}
	if (*how == 's') {
		put_string(s, va_arg(*args, const char *));
	} else if (*how == 'd') {
		put_signed(s, wide ? va_arg(*args, long) : va_arg(*args, int));
	} else {
		uint64_t n = wide ? va_arg(*args, unsigned long)
				  : va_arg(*args, unsigned int);

		if (prefix)
			put_string(s, "0x");
		put_number(s, n, *how == 'x' ? 16 : 10);
	}
	return how;
}

void print_to(void (*put)(void *ctx, char c), void *ctx, const char *format,
	      va_list args)
{
	const struct sink s = { put, ctx };
	va_list rest;

	va_copy(rest, args);
	for (; *format; format++) {
		if (*format == '%')
			format = put_argument(&s, format + 1, &rest);
		else
			put(ctx, *format);
	}
	va_end(rest);
}

static void to_uart(void *ctx, char c)
{
	(void)ctx;
	while (io_read32(UARTFR) & UARTFR_TXFF)
		;
	io_write32(UARTDR, (unsigned char)c);
}

void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_to(to_uart, NULL, format, args);
	va_end(args);
}
