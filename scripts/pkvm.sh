# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run pkvm [TEST...]: the library in a protected-KVM Linux; see ./run help.

need "gcc make gcc-aarch64-linux-gnu binutils-aarch64-linux-gnu bc bison flex
	libssl-dev linux-source-6.12 xz-utils cpio qemu-system-arm" \
	"cc make aarch64-linux-gnu-gcc bc bison flex xz cpio"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/hypiommu/pkvm
ports/pkvm/upstream/kernel.sh "$cache" >/dev/null || exit 1
ports/pkvm/test/run.sh "$cache" "$@"
