#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# qemu_virt.sh OUT ROOT: ports/qemu-virt builds, with what it takes from the
# harness. ./run qemu runs it.
set -eu

for tool in meson aarch64-linux-gnu-gcc; do
	command -v $tool >/dev/null || { echo "no $tool"; exit 77; }
done
[ -f "$1/build.ninja" ] || meson setup "$1" "$2/ports/qemu-virt" \
	--cross-file "$2/ports/qemu-virt/aarch64.ini"
ninja -C "$1" monitor-plain.elf monitor-judged.elf monitor-tegra.elf \
	random.elf tegra.elf
