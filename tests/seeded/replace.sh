# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# shellcheck shell=sh disable=SC2154
# Sourced with $name, of the break, and $dir, the copy of the library that is
# broken: what breaks.sh is written in. Files it changes are added to $changed.

die() {
	echo "$name: $*" >&2
	exit 1
}

# replace FILE OLD NEW: OLD is in FILE once; white space is alike
replace() {
	file=$(cd "$dir" && find . -path "*/$1")
	[ -f "$dir/$file" ] || die "no such file: $1"
	OLD=$2 NEW=$3 awk '
		function pattern(s,   i, c, p) {
			gsub(/[ \t\n]+/, " ", s)
			for (i = 1; i <= length(s); i++) {
				c = substr(s, i, 1)
				if (c == " ")
					p = p "[ \t\n]+"
				else if (c ~ /[A-Za-z0-9_]/)
					p = p c
				else
					p = p (c == "^" ? "\\^" : "[" c "]")
			}
			return p
		}
		{ text = text $0 "\n" }
		END {
			old = pattern(ENVIRON["OLD"])
			if (!match(text, old))
				exit 1
			head = substr(text, 1, RSTART - 1)
			tail = substr(text, RSTART + RLENGTH)
			if (match(tail, old))
				exit 1
			printf "%s%s%s", head, ENVIRON["NEW"], tail
		}' "$dir/$file" >"$dir/broken" ||
		die "is not in $file exactly once: $2"
	mv "$dir/broken" "$dir/$file"
	changed="$changed ${file#./}"
}
