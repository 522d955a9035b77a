# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run android [KIND OUT]: Android's vendor modules; see ./run help.

need "$build_packages gcc-aarch64-linux-gnu binutils-aarch64-linux-gnu make" \
	"$build_tools aarch64-linux-gnu-gcc make"

if [ $# -gt 0 ]; then
	exec ports/pkvm/android/build.sh "$@"
fi
build
exec meson test -C build --print-errorlogs \
	$(meson test -C build --list 2>/dev/null | grep -o '[a-z-]*android[a-z0-9_-]*$')
