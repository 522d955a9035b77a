#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# test_stack.sh OUT_DIR: stack.sh objects to every kind of chain it is there to
# refuse, and to nothing else.
set -eu

out=$1
here=$(dirname "$0")
command -v aarch64-linux-gnu-gcc >/dev/null || { echo "no cross gcc"; exit 77; }

# A public call, through a table, to a function with a frame of SIZE.
source_of() {
	cat <<-END
		struct ops { void (*run)(char *at); };
		void use(char *at, int n);
		static void worker(char *at) { char mine[$1]; use(mine, 1); use(at, 2); }
		static void other(char *at) { use(at, 3); }
		const struct ops table = { worker }, second = { other };
		void hypiommu_go(const struct ops *ops, char *at)
		{ ops->run(at); use(at, 4); }
	END
}
use='void use(char *at, int n) { at[n] = 0; }'
loop='void use(char *at, int n);
static __attribute__((noinline)) void back(char *at, int n)
{ use(at, n - 1); at[n] = 1; }
void use(char *at, int n) { if (n) back(at, n); at[n] = 0; }'
dynamic='void use(char *at, int n)
{ volatile char v[n + 1]; v[n] = 1; at[n] = v[n]; }'

# expect PATTERN SIZE USE LIST-LINE...: what stack.sh says; "" for nothing
expect() {
	pattern=$1 size=$2 body=$3
	shift 3
	rm -rf "$out"
	mkdir -p "$out"
	source_of "$size" >"$out/a.c"
	echo "$body" >"$out/b.c"
	printf '%s\n' "$@" >"$out/list"
	for unit in a b; do
		aarch64-linux-gnu-gcc -O2 -w -fno-pic -ffreestanding \
			-fno-optimize-sibling-calls -fno-stack-protector \
			-fcallgraph-info=su -c "$out/$unit.c" -o "$out/$unit.o"
	done
	status=0
	"$here/stack.sh" "$out" "$out/list" >"$out/said" 2>"$out/why" || status=$?
	if [ -z "$pattern" ]; then
		[ $status -eq 0 ] || { cat "$out/why" >&2; exit 1; }
	elif [ $status -eq 0 ] || ! grep -q "$pattern" "$out/why"; then
		echo "not seen: $pattern" >&2
		cat "$out/said" "$out/why" >&2
		exit 1
	fi
}

good='ops->run worker other'
expect '' 100 "$use" "$good"
expect '' 900 "$use" "$good"
expect 'bytes of stack, more than 1024: hypiommu_go' 1100 "$use" "$good"
expect 'recursion through' 100 "$loop" "$good"
expect 'a frame that is not fixed: use' 100 "$dynamic" "$good"
expect 'a call through a pointer that is not in the list' 100 "$use" '# none'
expect 'address is taken, and it is not in the list: other' 100 "$use" \
	'ops->run worker'
expect 'nobody calls it: ops->stop' 100 "$use" "$good" 'ops->stop worker'
expect 'not in the library: nobody' 100 "$use" "$good nobody"
expect 'no table has it: use' 100 "$use" "$good use"
expect 'twice in the list: ops->run' 100 "$use" "$good" "$good"
expect 'called, and not in the library: use' 100 'int other_unit;' "$good"
