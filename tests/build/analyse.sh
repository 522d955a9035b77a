#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# analyse.sh TOOL OUT_DIR ROOT SRC...: what gcc (-fanalyzer), clang-tidy or
# cppcheck says of the library. Fails on anything that analysis.txt does not
# explain, and on what it explains and the tool does not say.
set -eu

tool=$1 out=$2 root=$(realpath "$3")
shift 3
# Meson names sources by way of the build folder; the list, from the root.
set -- $(realpath "$@")
list=$(dirname "$0")/analysis.txt
includes="-I$root/include -I$root/libhypiommu -I$root/backends/smmuv3
	-I$root/backends/smmuv2-tegra -I$root/harness/env"
environment=-DHYPIOMMU_ENV_HEADER=\"hypiommu_env_hosted.h\"
mkdir -p "$out"

# Which entries of the list are this tool's.
case $tool in
gcc) mine='^-W' ;;
clang-tidy) mine='^(bugprone|cert|clang|misc|readability)-' ;;
cppcheck) mine='^[a-zA-Z]+$' ;;
*) echo "no such tool: $tool" >&2; exit 2 ;;
esac

# run TOOL SRC...: lines of "FILE:LINE:COLUMN: SEVERITY: TEXT [CHECK]"
run() {
	case $1 in
	gcc)
		shift
		for source in "$@"; do
			gcc -fanalyzer -O2 -std=c11 -ffreestanding -Wall -Wextra \
				-fdiagnostics-plain-output $includes \
				"$environment" -c "$source" -o /dev/null || exit
		done
		;;
	clang-tidy)
		shift
		"$clang_tidy" --quiet --config-file="$root/.clang-tidy" "$@" -- \
			-std=c11 -ffreestanding $includes "$environment" || :
		;;
	cppcheck)
		shift
		cppcheck --quiet --std=c11 --suppress=missingInclude \
			--enable=warning,performance,portability,style \
			--template='{file}:{line}:{column}: {severity}: {message} [{id}]' \
			$includes "$environment" \
			-D__UINTPTR_TYPE__='unsigned long' "$@"
		;;
	esac
}

if [ $tool = clang-tidy ]; then
	for clang_tidy in clang-tidy-14 clang-tidy none; do
		command -v $clang_tidy >/dev/null && break
	done
	case $($clang_tidy --version 2>/dev/null) in
	*"version 14."*) ;;
	*) echo "no clang-tidy 14"; exit 77 ;;
	esac
else
	command -v $tool >/dev/null || { echo "no $tool"; exit 77; }
fi

run $tool "$@" >"$out/$tool.txt" 2>&1 || { cat "$out/$tool.txt" >&2; exit 1; }

awk -v root="$root/" -v mine="$mine" '
	function squeeze(s) {
		gsub(/[ \t]+/, " ", s)
		sub(/^ /, "", s)
		sub(/ $/, "", s)
		return s
	}
	function source_line(file, number,   text, n) {
		for (n = 1; (getline text <file) > 0; n++)
			if (n == number)
				break
		close(file)
		return squeeze(text)
	}
	FNR == NR {
		if (/^#/ || split($0, field, " \\| ") < 4)
			next
		if (squeeze(field[1]) ~ mine)
			listed[squeeze(field[1]) "|" squeeze(field[2]) "|" \
				squeeze(field[3])] = 1
		next
	}
	/^[^ ]+:[0-9]+:[0-9]+: (error|warning|style|performance|portability|information): .*\[[^ ]*\]$/ {
		split($0, at, ":")
		file = at[1]
		sub(root, "", file)
		check = $0
		sub(/.*\[/, "", check)
		sub(/(,-warnings-as-errors)?\]$/, "", check)
		# gcc appends the option, after the number of the weakness.
		key = check "|" file "|" source_line(at[1], at[2])
		if (key in listed)
			seen[key] = 1
		else if (check "|*|*" in listed)
			seen[check "|*|*"] = 1
		else {
			print
			bad = 1
		}
		next
	}
	/ (error|fatal error): / { print; bad = 1 }
	END {
		for (key in listed)
			if (!(key in seen)) {
				print "explained, and not said: " key
				bad = 1
			}
		exit bad
	}' "$list" "$out/$tool.txt"
echo "$tool: nothing to say"
