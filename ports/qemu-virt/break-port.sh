#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# break-port.sh ROOT FILE OUT OLD NEW: a copy of a file of the monitor in which
# OLD, which must be there exactly once, is NEW.
set -eu

root=$1 file=$2 out=$3 name=$(basename "$3" .c)
dir=$out.d changed=
. "$root/tests/seeded/replace.sh"

rm -rf "$dir"
mkdir -p "$dir/monitor"
cp "$file" "$dir/monitor"
replace "monitor/${file##*/}" "$4" "$5"
mv "$dir/monitor/${file##*/}" "$out"
