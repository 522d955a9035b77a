# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run explore: every sequence of calls on small machines; see ./run help.

need "$build_packages" "$build_tools"
build
program=build/harness/cli/hypiommu

# A configuration of one's own: only that one.
case " $* " in
*" -h "* | *" --help "*) exec $program explore --help ;;
*" -c"* | *" --config"*) exec $program explore "$@" ;;
esac
status=0
for config in v3 tegra; do
	$program explore --config $config \
		--output build/explore-failed-$config.hyp "$@" || status=1
done
exit $status
