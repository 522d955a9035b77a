# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run size: how large the library is for AArch64, and how much stack it takes;
# see ./run help.

need "gcc-aarch64-linux-gnu binutils-aarch64-linux-gnu" \
	"aarch64-linux-gnu-gcc aarch64-linux-gnu-readelf"

size_dir=build-size
mkdir -p $size_dir || exit 2
# With a chain that is too deep the table is what one wants to see.
if ! tests/build/freestanding.sh $size_dir/aarch64 "$PWD" \
	libhypiommu/*.c backends/*/*.c >$size_dir/log 2>&1; then
	status=1
	cat $size_dir/log >&2
else
	status=0
fi
case ${1-} in
--json) tests/build/stack.sh $size_dir/aarch64 tests/build/indirect.txt --json \
	2>/dev/null ;;
"") cat $size_dir/aarch64/size.txt ;;
*)
	echo "size: no such option: $1 (there is --json)" >&2
	exit 2
	;;
esac
exit $status
