# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# table.awk -v mib=N goals.txt stock.log ours.log ours.jobs: the cost table

function thousands(run, phase) {
	return (el0[run, phase] + el1[run, phase] + el2[run, phase]) / mib / 1000
}

function judge(value, bound,   verdict) {
	if (bound == "")
		return ""
	checked++
	if (value <= bound)
		return "within " bound
	missed++
	return "ABOVE " bound
}

FNR == 1 { file++ }
/^#/ { next }
$1 == "job" && file == 1 { bound[$2] = $3; aim[$2] = $4 }
$1 == "hvc" { most[$2] = $3 }
$1 == "el2" || $1 == "list" { n++; kind[n] = $1; fn[n] = $2
	in_job[n] = $3; title[n] = $4; limit[n] = $5; hope[n] = $6 }
$1 == "phase" {
	el0[file, $2] = $4; el1[file, $2] = $6; el2[file, $2] = $8
	hvc[file, $2] = $10
}
$1 == "call" && file == 3 {
	calls[$2, $4] = $6; cost[$2, $4] = $8
}
$1 == "job" && file == 4 {
	jobs = $2 + 1
	requests[$2] = $4
	name[$2] = $8
	for (i = 9; i <= NF; i++)
		name[$2] = name[$2] " " $i
}

END {
	if (!jobs || !n) {
		print "nothing measured\n0 passed, 1 failed"
		exit 1
	}
	print "thousand guest instructions per MiB, one request at a time"
	printf "%-22s %7s %7s %6s %6s %6s %7s  %s\n", "job", "stock",
		"ours", "EL1", "EL2", "over", "HVC/MiB", "must hold"
	for (j = 0; j < jobs; j++) {
		stock = thousands(2, j)
		ours = thousands(3, j)
		over = stock ? 100 * (ours - stock) / stock : 999
		printf "%-22s %7.0f %7.0f %6.0f %6.0f %+5.1f%% %7.0f  %s\n",
			name[j], stock, ours, el1[3, j] / mib / 1000,
			el2[3, j] / mib / 1000, over, hvc[3, j] / mib,
			judge(over, bound[j]) (j in aim ? ", aim " aim[j] : "")
		if (j in most)
			judge(hvc[3, j] / mib, most[j])
	}
	print ""
	print "EL2 instructions of a hypercall; of a list, in all of its calls"
	printf "%-22s %7s %8s  %s\n", "call", "mean", "calls", "must hold"
	for (i = 1; i <= n; i++) {
		c = calls[in_job[i], fn[i]]
		per = kind[i] == "list" ? requests[in_job[i]] : c
		mean = c ? cost[in_job[i], fn[i]] / per : 0
		printf "%-22s %7.0f %8d  %s\n", title[i], mean, c,
			judge(c ? mean : 1e9, limit[i]) ", aim " hope[i]
	}
	printf "%d passed, %d failed\n", checked - missed, missed + 0
	exit missed > 0
}
