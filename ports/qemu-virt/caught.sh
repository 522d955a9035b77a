#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# caught.sh LINE BOOT-ARGUMENT...: with something broken, the test of this name
# must be red, or the bail-out have this text; any other end fails.
set -u

line=$1
shift
"$(dirname "$0")/boot.sh" "$@" | awk -v line="$line" '
	/^Bail out!/ {
		print "# " $0
		caught = index($0, line)
		exit
	}
	/^not ok / {
		name = $0
		sub(/^not ok [0-9]+ - /, "", name)
		print "# " $0
		if (name == line) {
			caught = 1
			exit
		}
	}
	END {
		print (caught ? "" : "not ") "ok 1 - objects: " line
		print "1..1"
	}'
