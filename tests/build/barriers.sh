#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# barriers.sh DIR ROOT: the instructions that AArch64's environment makes of what
# libhypiommu/env.h asks for. No simulator tells a DSB OSHST from a DSB OSH, but
# only the latter waits for a clean (DDI 0487 D7.5.9). Then the same of headers
# with a barrier too weak, each of which must be objected to.
set -eu

dir=$1 root=$2
cross=aarch64-linux-gnu-
command -v ${cross}gcc >/dev/null || { echo "no ${cross}gcc"; exit 77; }
rm -rf "$dir"
mkdir -p "$dir"

cat >"$dir/env.c" <<'END'
#include "hypiommu_env_el2.h"
void publish(void) { hypiommu_env_publish(); }
void before_doorbell(void) { hypiommu_env_before_doorbell(); }
void after_sync(void) { hypiommu_env_after_sync(); }
void clean_then_publish(const void *p)
{
	hypiommu_env_clean(p, 8);
	hypiommu_env_publish();
}
END

# What memory and barriers see of each function, in order.
cat >"$dir/expected" <<'END'
after_sync: dmb osh
before_doorbell: dsb osh
clean_then_publish: dc civac
clean_then_publish: dsb osh
publish: dsb osh
END

# made HEADERS: the same of the header there
made() {
	${cross}gcc -std=c11 -O2 -ffreestanding -mgeneral-regs-only \
		-I"$1" -I"$root/include" -c "$dir/env.c" -o "$dir/env.o"
	${cross}objdump -d --no-show-raw-insn "$dir/env.o" | awk '
		/^[0-9a-f]+ <.*>:$/ { name = substr($2, 2, length($2) - 3) }
		$2 ~ /^(dmb|dsb|isb)$/ { print name ": " $2 " " $3 }
		$2 == "dc" { sub(",", "", $3); print name ": dc " $3 }
	' | LC_ALL=C sort -s -t: -k1,1
}

made "$root/ports/aarch64" >"$dir/made"
diff -u "$dir/expected" "$dir/made" || exit 1

# weak OLD NEW: each OLD in turn, so that all barriers have been too weak once
weak() {
	count=$(grep -c "\"$1\"" "$root/ports/aarch64/hypiommu_env_el2.h")
	[ "$count" -gt 0 ] || { echo "no such barrier: $1" >&2; exit 1; }
	for n in $(seq "$count"); do
		awk -v n="$n" -v old="\"$1\"" -v new="\"$2\"" '
			index($0, old) && ++seen == n { sub(old, new) }
			{ print }' "$root/ports/aarch64/hypiommu_env_el2.h" \
			>"$dir/hypiommu_env_el2.h"
		made "$dir" >"$dir/made"
		! diff "$dir/expected" "$dir/made" >"$dir/diff" ||
			{ echo "$2 for $1 passes" >&2; exit 1; }
	done
}
weak "dsb osh" "dsb oshst"
weak "dsb osh" "dsb ish"
weak "dmb osh" "dmb oshld"
