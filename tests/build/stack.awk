# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# stack.awk -v max=BYTES -v root=DIR [-v json=1] LIST OBJECTS CI...: the worst
# stack of every chain of calls. LIST is indirect.txt, OBJECTS what stack.sh says
# of each object file, CI gcc's call graphs (-fcallgraph-info=su). Exits 1 after
# saying why if a chain is above max, recursion, or anything is not known.

function bad(text)
{
	print "stack: " text >"/dev/stderr"
	errors++
}

# "/src/libhypiommu/map.c:domain_lock" is domain_lock, "f.constprop.0" is f
function plain(node)
{
	sub(/.*:/, "", node)
	sub(/\..*/, "", node)
	return node
}

function base(path)
{
	sub(/.*\//, "", path)
	return path
}

# The source from FILE:LINE:COLUMN on, three lines of it.
function source_at(where,   part, n, line, text)
{
	split(where, part, ":")
	for (n = 1; (getline line <part[1]) > 0; n++) {
		if (n == part[2])
			text = substr(line, part[3])
		else if (n > part[2] && n < part[2] + 3)
			text = text " " line
	}
	close(part[1])
	return text
}

# What of the list the call at `where` names, or "".
function name_of(where,   text, file, name)
{
	text = source_at(where)
	file = where
	sub(/:.*/, "", file)
	while (match(text, /([a-z_]+->)?[a-z_0-9]+\(/)) {
		name = substr(text, RSTART, RLENGTH - 1)
		if (base(file) ":" name in target)
			return base(file) ":" name
		if (name in target)
			return name
		text = substr(text, RSTART + RLENGTH)
	}
	return ""
}

function edge(from, to)
{
	if (!((from, to) in seen))
		calls[from] = calls[from] SUBSEP to
	seen[from, to] = 1
}

FNR == 1 { file_number++ }

# --- the list
file_number == 1 && !/^#/ {
	name = $1
	if (name in target)
		bad("twice in the list: " name)
	target[name] = ""
	for (i = 2; i <= NF; i++) {
		target[name] = target[name] " " $i
		if ($i != "port")
			listed[$i] = 1
	}
}

# --- the objects: size OBJECT TEXT RODATA BSS; taken OBJECT FUNCTION
file_number == 2 && $1 == "size" {
	object[++objects] = $2
	text[$2] = $3
	rodata[$2] = $4
	bss[$2] = $5
}
file_number == 2 && $1 == "taken" { taken[$3] = 1 }

# --- the graphs
file_number > 2 && FNR == 1 {
	unit = base(FILENAME)
	sub(/\.ci$/, "", unit)
}
file_number > 2 && /^node: / {
	split($0, quoted, "\"")
	node = quoted[2]
	split(quoted[4], label, "\\\\n")
	if (label[3] == "")
		next # only called here
	if (label[3] !~ / \(static\)$/)
		bad("a frame that is not fixed: " plain(node) ": " label[3])
	frame[node] = label[3] + 0
	of_unit[node] = unit
	named[plain(node)] = named[plain(node)] SUBSEP node
}
file_number > 2 && /^edge: / {
	split($0, quoted, "\"")
	if (quoted[4] != "__indirect_call") {
		edge(quoted[2], quoted[4])
		next
	}
	name = name_of(quoted[6])
	if (name == "") {
		bad("a call through a pointer that is not in the list: " quoted[6])
		next
	}
	used[name] = 1
	through[quoted[2]] = through[quoted[2]] SUBSEP name
}

# Calls through pointers become calls of what they may be.
function resolve(   from, names, n, i, targets, count, j, nodes, k)
{
	for (from in through) {
		n = split(substr(through[from], 2), names, SUBSEP)
		for (i = 1; i <= n; i++) {
			count = split(target[names[i]], targets, " ")
			for (j = 1; j <= count; j++) {
				k = split(substr(named[targets[j]], 2), nodes, SUBSEP)
				for (; k > 0; k--)
					edge(from, nodes[k])
			}
		}
	}
}

function check_list(   name)
{
	for (name in target)
		if (!(name in used))
			bad("in the list, and nobody calls it: " name)
	for (name in listed) {
		if (!(name in named))
			bad("in the list, and not in the library: " name)
		else if (!(name in taken))
			bad("in the list, and no table has it: " name)
	}
	for (name in taken)
		if (name in named && !(name in listed))
			bad("its address is taken, and it is not in the list: " name)
}

# Bytes of the deepest chain from node on; next_of[] leads along it.
function depth(node,   to, n, i, d, best, via)
{
	if (node in deepest)
		return deepest[node]
	if (!(node in frame)) {
		if (node !~ /^mem(cpy|set)$/ && !unknown[node]++)
			bad("called, and not in the library: " node)
		return 0
	}
	if (active[node]) {
		bad("recursion through " plain(node))
		return 0
	}
	active[node] = 1
	best = 0
	n = split(substr(calls[node], 2), to, SUBSEP)
	for (i = 1; i <= n; i++) {
		d = depth(to[i])
		if (d > best) {
			best = d
			via = to[i]
		}
	}
	active[node] = 0
	next_of[node] = via
	return deepest[node] = best + frame[node]
}

function chain(node,   s)
{
	for (; node != ""; node = next_of[node])
		s = s (s == "" ? "" : " > ") plain(node) " " frame[node]
	return s
}

function public(node)
{
	return node ~ /^hypiommu_/
}

function report_table(   i, o, e)
{
	printf "%-26s %8s %8s %5s %6s  %s\n", "module", ".text", ".rodata",
		".bss", "stack", "deepest chain in it begins at"
	for (i = 1; i <= objects; i++) {
		o = object[i]
		printf "%-26s %8d %8d %5d %6d  %s\n", o, text[o], rodata[o],
			bss[o], worst[o], plain(begin[o])
	}
	printf "%-26s %8d %8d %5d %6d\n\n", "all", sum_text, sum_rodata,
		sum_bss, top
	printf "%-32s %6s\n", "public entry point", "stack"
	for (e = 1; e <= entries; e++)
		printf "%-32s %6d\n", entry[e], deepest[entry[e]]
	printf "\ndeepest: %s: %d of %d bytes\n", chain(top_at), top, max
}

function report_json(   i, o, e)
{
	printf "{\n  \"limit\": %d,\n  \"stack\": %d,\n", max, top
	printf "  \"text\": %d,\n  \"rodata\": %d,\n  \"bss\": %d,\n",
		sum_text, sum_rodata, sum_bss
	printf "  \"deepest\": \"%s\",\n  \"modules\": [\n", chain(top_at)
	for (i = 1; i <= objects; i++) {
		o = object[i]
		printf "    {\"name\": \"%s\", \"text\": %d, \"rodata\": %d, " \
			"\"bss\": %d, \"stack\": %d}%s\n", o, text[o],
			rodata[o], bss[o], worst[o], i < objects ? "," : ""
	}
	printf "  ],\n  \"entries\": {\n"
	for (e = 1; e <= entries; e++)
		printf "    \"%s\": %d%s\n", entry[e], deepest[entry[e]],
			e < entries ? "," : ""
	printf "  }\n}\n"
}

# By insertion: there are two dozen.
function add_entry(node,   i)
{
	for (i = entries++; i > 0 && entry[i] > node; i--)
		entry[i + 1] = entry[i]
	entry[i + 1] = node
}

END {
	check_list()
	resolve()
	for (node in frame) {
		d = depth(node)
		o = of_unit[node]
		if (!(o in worst) || d > worst[o] ||
		    (d == worst[o] && node < begin[o])) {
			worst[o] = d
			begin[o] = node
		}
		if (!public(node))
			continue
		add_entry(node)
		if (d > top) {
			top = d
			top_at = node
		}
		if (d > max)
			bad(d " bytes of stack, more than " max ": " chain(node))
	}
	if (!entries)
		bad("no public entry point")
	for (i = 1; i <= objects; i++) {
		sum_text += text[object[i]]
		sum_rodata += rodata[object[i]]
		sum_bss += bss[object[i]]
	}
	if (json)
		report_json()
	else
		report_table()
	exit errors > 0
}
