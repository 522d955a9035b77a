# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run race: two calls at once, in every schedule; see ./run help.

need "$build_packages binutils" "$build_tools addr2line"
build
exec $program race "$@"
