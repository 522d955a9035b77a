#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# docs.sh HYPIOMMU ROOT: what docs/scenarios.md says of the program is true.
set -u
program=$(realpath "$1") root=$2
doc=$root/docs/scenarios.md
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
bad=0

complain() {
	echo "$*"
	bad=1
}

# expect STATUS TEXT COMMAND...: TEXT is somewhere in what it says
expect() {
	status=$1 text=$2
	shift 2
	"$@" >"$dir/said" 2>&1
	got=$?
	[ $got -eq "$status" ] || complain "exit $got, not $status: $*"
	grep -qF -- "$text" "$dir/said" || {
		complain "does not say \"$text\": $*"
		cat "$dir/said"
	}
}

awk '/^<!-- example: a-page-lives -->$/ { marked = 1; next }
	marked && /^```$/ { if (inside) exit; inside = 1; next }
	inside { print }' "$doc" >"$dir/x.hyp"
cmp "$dir/x.hyp" "$root/scenarios/a-page-lives.hyp" ||
	complain "the example is not scenarios/a-page-lives.hyp"
cd "$dir" || exit 1
expect 0 "1 good, 0 failed" "$program" run x.hyp
expect 0 '"good": true' "$program" run --json x.hyp
expect 0 "pages buf 4 at" "$program" run --print x.hyp

# The failure it shows, and the exit codes.
sed 's/^pins buf = 1/pins buf = 2/' x.hyp >y.hyp
expect 1 "y.hyp:9:1: failed: expected 2 pins of buf, got 1" \
	"$program" run y.hyp
grep -qF "x.hyp:9:1: failed: expected 2 pins of buf, got 1" "$doc" ||
	complain "the document shows another message"
expect 1 '"line": 9' "$program" run --json y.hyp
expect 1 "2 scenarios: 1 good, 1 failed, 0 not understood" \
	"$program" run x.hyp y.hyp
sed 's/^attach/atach/' x.hyp >z.hyp
expect 2 "z.hyp:7:1: error: no such statement: atach" "$program" run z.hyp
expect 2 "hint: is attach meant?" "$program" run z.hyp
expect 2 "none.hyp: No such file" "$program" run none.hyp
expect 2 "no scenario given" "$program" run
expect 0 "usage: hypiommu run" "$program" run --help

# Every statement and option is named.
"$program" run --syntax >"$dir/syntax"
for word in $(sed -n 's/^\(\[WHO\] \)\{0,1\}\([a-z-]*\).*/\2/p' \
	"$dir/syntax" | sort -u); do
	grep -q "[\`*\" ]$word\([\` ]\|\$\)" "$doc" || case $word in
	info | mark) ;;
	*) complain "$doc does not name the statement $word" ;;
	esac
done
exit $bad
