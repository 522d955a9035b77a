/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Owner checks alone; pins.c is compiled with real locks and with none. */
#ifndef BENCH_PINS_H
#define BENCH_PINS_H

#define PIN_PAGES 65536u
#define PIN_RUN	  512u

struct pin_ops {
	void *(*start)(void);
	void (*pin)(void *ctx); /* PIN_PAGES pages, one by one */
	void (*unpin)(void *ctx);
	void (*pin_runs)(void *ctx); /* PIN_RUN pages a call */
	void (*unpin_runs)(void *ctx);
};

extern const struct pin_ops pin_ops __attribute__((visibility("default")));

#endif /* BENCH_PINS_H */
