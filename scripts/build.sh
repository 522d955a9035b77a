# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run build: the program; see ./run help.

need "$build_packages" "$build_tools"
build
