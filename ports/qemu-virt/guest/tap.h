/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#ifndef TAP_H
#define TAP_H

/* The plan, last: a program that stops early has none, and so fails. */
void tap_done(void);

#endif /* TAP_H */
