// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#include <stdarg.h>

#include "board.h"
#include "print.h"
#include "sysreg.h"

#define UARTDR	    (UART_BASE + 0x00ull)
#define UARTFR	    (UART_BASE + 0x18ull)
#define UARTFR_TXFF (1u << 5)

static void put(char c)
{
	while (io_read32(UARTFR) & UARTFR_TXFF)
		;
	io_write32(UARTDR, (unsigned char)c);
}

static void put_string(const char *s)
{
	while (*s)
		put(*s++);
}

static void put_number(uint64_t n, unsigned int base)
{
	char digits[21];
	unsigned int at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	put_string(&digits[at]);
}

static void put_argument(char how, va_list *args)
{
	if (how == 's') {
		put_string(va_arg(*args, const char *));
	} else if (how == 'u') {
		put_number(va_arg(*args, uint64_t), 10);
	} else if (how == 'x') {
		put_string("0x");
		put_number(va_arg(*args, uint64_t), 16);
	} else {
		int64_t n = va_arg(*args, int64_t);

		if (n < 0)
			put('-');
		put_number(n < 0 ? -(uint64_t)n : (uint64_t)n, 10);
	}
}

void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	for (; *format; format++) {
		if (*format == '%')
			put_argument(*++format, &args);
		else
			put(*format);
	}
	va_end(args);
}
