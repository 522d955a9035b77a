# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# ./run bench: what the engines and hypercalls cost; see ./run help.

bench_program=build/harness/bench/hypiommu-bench
bench_picture=build/bench.svg

need "$build_packages valgrind" "$build_tools valgrind" >&2

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
	$bench_program --markdown --svg docs/performance.svg "$@" \
		>build/bench.md || return
	sed -e '/^<!-- measured -->$/,/^<!-- end -->$/{
		/^<!-- measured -->$/{
			p
			r build/bench.md
		}
		/^<!-- end -->$/!d
	}' $doc >build/performance.md && cp build/performance.md $doc
}

build >&2
bench "$@"
