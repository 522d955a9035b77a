# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run bench: what the engines and hypercalls cost; see ./run help.

bench_program=build/harness/bench/hypiommu-bench
bench_check=build/harness/bench/hypiommu-peer-check
bench_picture=build/bench.svg

need "$build_packages valgrind" "$build_tools valgrind" >&2

# check_peers OPTION...: what is slow to compare may be wrong; says so, or how
# much was equal
check_peers() {
	peer=
	for option in "$@"; do
		case $peer$option in
		--peer=*) $bench_check "${option#--peer=}" || return ;;
		--peer) peer='- ' && continue ;;
		'- '*) $bench_check "$option" || return ;;
		esac
		peer=
	done
}

# bench OPTION...: only results on stdout
bench() {
	case " $* " in
	*" --doc "*) ;;
	*)
		$bench_program --svg $bench_picture "$@"
		return
		;;
	esac
	for option in "$@"; do
		shift
		[ "$option" = --doc ] || set -- "$@" "$option"
	done
	doc=docs/performance.md
	{
		$bench_program --markdown --svg docs/performance.svg "$@" &&
			printf '### Leaf descriptors, tables, refusals\n\n' &&
			$bench_check && echo && check_peers "$@" && echo
	} >build/bench.md || return
	sed -e '/^<!-- measured -->$/,/^<!-- end -->$/{
		/^<!-- measured -->$/{
			p
			r build/bench.md
		}
		/^<!-- end -->$/!d
	}' $doc >build/performance.md && cp build/performance.md $doc
}

build >&2
check_peers "$@" >&2 && bench "$@"
