# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run sweep: every scenario with every single fault; see ./run help.

need "$build_packages" "$build_tools" >&2

# What a memory controller's thousands of registers add is alike: a sample.
sweep() {
	some=$(grep -l '^machine tegra234' scenarios/*.hyp)
	all=$(grep -L '^machine tegra234' scenarios/*.hyp)
	status=0
	$program run --fail-all "$@" $all || status=1
	$program run --fail-all --from-boot --sample 200 "$@" $some || status=1
	return $status
}

build >&2
sweep "$@"
