# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run demo: traces, attacks and pictures; see ./run help.

pictures=build/demo

need "$build_packages graphviz" "$build_tools dot"

# number KEY FILE: the value of "KEY": in a JSON object, - if there is none
number() {
	n=$(sed -n "s/.*\"$1\": *\([0-9][0-9]*\).*/\1/p" "$2" | head -n 1)
	echo "${n:--}"
}

row() {
	printf '%-21s %-8s %5s %6s %6s %7s %7s %10s\n' "$@"
}

# replay TITLE MACHINE STAGE TRACE OPTION...: a row of the table; sets decided
replay() {
	title=$1 machine=$2 stage=$3 trace=$4
	shift 4
	echo "hypiommu replay --stage $stage${*:+ $*} $trace"
	json=build/demo/replay.json
	if ! $program replay --json --stage "$stage" "$@" "$trace" >"$json"; then
		failures="$failures, replay of $trace"
	fi
	refused=$(number refused_maps "$json")
	decided="$(number maps "$json") $(number unmaps "$json") $refused"
	row "$title" "$machine" "$stage" $decided \
		"$(number dma_probes "$json")" "$(number violations "$json")" \
		>>build/demo/table
}

# draw NAME OPTION...: a picture of that machine
draw() {
	picture=$pictures/$1.svg
	shift
	echo "hypiommu draw $* -o $picture"
	rm -f "$picture"
	if ! $program draw "$@" -o "$picture" || [ ! -s "$picture" ]; then
		failures="$failures, $picture"
	fi
}

demo() {
	failures=
	mkdir -p build/demo
	row trace machine stage maps unmaps refused probes violations \
		>build/demo/table
	for trace in traces/*.txt.xz; do
		name=$(basename "$trace" .txt.xz)
		replay "$name" SMMUv3 1 "$trace"
		on_smmuv3=$decided
		replay "$name" SMMUv3 2 "$trace"
		replay "$name" Tegra234 1 "$trace" --board $tegra234
		[ "$decided" = "$on_smmuv3" ] ||
			failures="$failures, $name differs on Tegra234"
	done
	# Part of the memory belongs to a guest: maps of it must be refused.
	replay "boot, a guest's pages" SMMUv3 2 traces/boot.txt.xz \
		--guest 0x47800000-0x47900000
	case $refused in
	0 | -) failures="$failures, nothing refused for the guest" ;;
	esac
	echo
	echo "hypiommu attack"
	$program attack || failures="$failures, attack"
	echo
	echo "hypiommu attack --board $tegra234"
	$program attack --board $tegra234 >build/demo/attack-tegra234 ||
		failures="$failures, attack on Tegra234"
	tail -n 1 build/demo/attack-tegra234
	draw smmuv3
	draw tegra234 --board $tegra234
	echo
	cat build/demo/table
	echo
	echo "pictures: $pictures/smmuv3.svg $pictures/tegra234.svg"
	[ -z "$failures" ] && return
	echo "failed: ${failures#, }" >&2
	return 1
}

build
demo
