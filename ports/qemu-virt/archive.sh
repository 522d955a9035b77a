#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# archive.sh ROOT DIR OUT: the library as docs/building.md makes it for EL2
set -eu

"$1/tests/build/freestanding.sh" "$2" "$1" "$1"/libhypiommu/*.c \
	"$1"/backends/*/*.c
cp "$2/libhypiommu-aarch64.a" "$3"
