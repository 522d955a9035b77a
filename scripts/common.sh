# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# Sourced by ./run and by every scripts/NAME.sh, from the root of the tree: what
# they share. A command's file calls need, then build or compile what it runs.

program=build/harness/cli/hypiommu
tegra234=build/boards/tegra234-small.dtb

build_packages="gcc g++ libc6-dev meson ninja-build pkg-config libcmocka-dev
	liblzma-dev xz-utils libfdt-dev device-tree-compiler"
build_tools="cc c++ meson ninja pkg-config xz dtc"

# The port to QEMU's virt board: a build of its own, for another machine.
qemu_dir=build-qemu
qemu_setup="ports/qemu-virt --cross-file ports/qemu-virt/aarch64.ini"
qemu_packages="meson ninja-build gcc-aarch64-linux-gnu
	binutils-aarch64-linux-gnu qemu-system-arm"

# need_packages PACKAGE...: installs those that are not there
need_packages() {
	missing=
	for package in "$@"; do
		case $(dpkg-query -W -f '${Status}' "$package" 2>&1) in
		*"install ok installed"*) ;;
		*) missing="$missing $package" ;;
		esac
	done
	[ -n "$missing" ] || return 0

	install="apt-get install -y --no-install-recommends$missing"
	if [ "$(id -u)" -eq 0 ]; then
		root=
	elif command -v sudo >/dev/null; then
		root=sudo
	else
		echo "packages are missing; as root: $install" >&2
		exit 2
	fi
	echo "installing:$missing"
	export DEBIAN_FRONTEND=noninteractive
	if ! $root apt-get update -q || ! $root $install -q; then
		echo "could not install; as root: $install" >&2
		exit 2
	fi
}

# need PACKAGES TOOLS: the packages on Debian, the tools elsewhere
need() {
	if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
		need_packages $1
		return
	fi
	for tool in $2; do
		command -v "$tool" >/dev/null && continue
		echo "needed and not found: $tool" >&2
		exit 2
	done
}

# compile DIR SETUP-OPTION...: silent unless it fails
compile() {
	dir=$1
	shift
	mkdir -p "$dir"
	log=$dir/run-build.log
	: >"$log"
	if [ ! -f "$dir/build.ninja" ]; then
		meson setup "$dir" "$@" -Db_colorout=auto >>"$log" 2>&1
	fi && meson compile -C "$dir" >>"$log" 2>&1 && return
	cat "$log"
	return 1
}

build() {
	compile build -Doptimization=2 -Ddebug=true || exit 1
	echo "built $program"
}
