#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# listed.sh ROOT NAME...: every scenario is a test (the NAMEs), every sentence
# of the security model has one, and the documents name none that is not there.
set -u
cd "$1" || exit 1
shift
bad=0

complain() {
	echo "$*"
	bad=1
}

for file in scenarios/*.hyp; do
	name=$(basename "$file" .hyp)
	case " $* " in
	*" $name "*) ;;
	*) complain "$file is no test: tests/scenario/meson.build" ;;
	esac
	case $name in
	model-*) doc=docs/security-model.md ;;
	pitfall-*) doc=docs/pitfalls.md ;;
	*) continue ;;
	esac
	grep -q "\`$name\`" $doc || complain "$doc does not name $name"
done
for name in $(grep -o '\`\(model\|pitfall\)-[0-9][a-z0-9-]*\`' \
	docs/security-model.md docs/pitfalls.md docs/scenarios.md |
	sed 's/.*:\`//; s/\`//'); do
	[ -f "scenarios/$name.hyp" ] || complain "there is no $name.hyp"
done
# Sentences are numbered 1, 2, 3...; each has at least one scenario.
n=0
while read -r number rest; do
	n=$((n + 1))
	[ "$number" = "$n." ] || complain "sentence $n is numbered $number"
	ls scenarios/model-"$(printf %02d $n)"-*.hyp >/dev/null 2>&1 ||
		complain "sentence $n has no scenario"
done <<END
$(grep '^[0-9][0-9]*\. ' docs/security-model.md)
END
[ $n -gt 0 ] || complain "no sentence at all"
exit $bad
