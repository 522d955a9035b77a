# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run mutate: do the tests notice when the library is changed? See ./run help
# and ./run mutate --help.

need "$build_packages python3" "$build_tools python3"

if [ ! -f build-mutate/build.ninja ]; then
	meson setup build-mutate -Dbuildtype=plain -Doptimization=2 >&2 ||
		exit 2
fi
PYTHONDONTWRITEBYTECODE=1 nice python3 tests/mutate/mutate.py build-mutate "$@"
