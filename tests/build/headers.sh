#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# headers.sh OUT_DIR ROOT LIBRARY CC CXX: each public header compiles alone, all
# compile together, before and after the standard ones, as C11 and C++17; and a
# C++ program links with the library.
set -eu

out=$1 root=$2 library=$3 cc=$4 cxx=$5
warn="-Wall -Wextra -Wpedantic -Werror -I$root/include -I$root/tests/build"
standard="stdint.h stddef.h stdbool.h"
mkdir -p "$out"

headers=$(cd "$root/include" && ls hypiommu/*.h)

# both NAME DEFINE HEADER...: a file that includes them, as C and as C++
both() {
	name=$1 define=$2
	shift 2
	for header in "$@"; do
		echo "#include <$header>"
	done >"$out/$name.c"
	echo "int $name;" >>"$out/$name.c"
	cp "$out/$name.c" "$out/$name.cpp"
	if ! $cc -std=c11 $warn $define -fsyntax-only "$out/$name.c" ||
		! $cxx -std=c++17 $warn $define -fsyntax-only "$out/$name.cpp"
	then
		echo "these do not compile: $* ($define)" >&2
		exit 1
	fi
}

kernel='-DHYPIOMMU_TYPES_HEADER="kernel_types.h"'
for header in $headers; do
	both alone "" $header
	both twice "" $header $header
	both after "" $standard $header
	both before "" $header $standard
	both kernel "$kernel" $header
done
both all "" $headers
both all_after "" $standard $headers
both all_before "" $headers $standard
both all_kernel "$kernel" $headers

cat >"$out/link.cpp" <<-END
	#include <hypiommu/smmuv3.h>
	#include <hypiommu/smmuv2.h>
	#include <hypiommu/tegra_smmu.h>
	int main()
	{
		hypiommu_limits limits = {};
		hypiommu *h = nullptr;
		unsigned smmu;
		if (hypiommu_smmuv3_add(h, nullptr, &smmu) != HYPIOMMU_E_INVAL)
			return 1;
		return hypiommu_size(&limits) != 0 ||
		       !hypiommu_error_name(HYPIOMMU_E_INVAL);
	}
END
$cxx -std=c++17 $warn "$out/link.cpp" "$library" ${SANITIZE-} -o "$out/link"
"$out/link"
