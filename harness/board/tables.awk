# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# The CSV files of data/, in any order, as the C tables of tegra.h:
# awk -f tables.awk data/*.csv

function file() { n = split(FILENAME, part, "/"); return part[n] }
function strip(macro) {
	sub(/^TEGRA234_MEMORY_CLIENT_|^TEGRA234_SID_|^TEGRA_SWGROUP_/, "", macro)
	return macro
}
function number(text) { return text == "" ? "0" : text }
function block(name) {
	return "TEGRA234_" (name == "" ? "NONE" : toupper(name))
}
function table(type, name, rows, count) {
	printf "const struct %s %ss[] = {\n%s};\n", type, name, rows
	printf "const size_t %s_count = %d;\n\n", name, count
}

FNR == 1 { FILE = file(); FS = ","; next }
{ sub(/\r$/, ""); split($0, f, ",") }

FILE == "tegra234-clients.csv" {
	if (f[5] != "")
		known[f[2]] = sprintf("\"%s\", %s, %s", strip(f[4]), f[5],
				      block(f[6]))
}
FILE == "tegra234-all-client-ids.csv" {
	ids++
	macro[ids] = f[1]
	id[ids] = f[2]
}
FILE == "tegra234-sids.csv" {
	sids = sids sprintf("\t{ \"%s\", %s, %s },\n", strip(f[1]), f[2],
			    block(f[3]))
	nsids++
}
FILE == "tegra-classic-clients.csv" {
	clients = clients sprintf("\t{ \"%s\", \"%s\", %s, \"%s\", %s, %s },\n",
				  f[1], f[2], f[3], strip(f[4]),
				  number(f[5]), number(f[6]))
	nclients++
}
FILE == "tegra-classic-swgroups.csv" {
	groups = groups sprintf("\t{ \"%s\", \"%s\", %s, %s },\n", f[1],
				strip(f[3]), number(f[4]), number(f[5]))
	ngroups++
}
END {
	print "// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause"
	print "/* Made by tables.awk. */\n#include \"tegra.h\"\n"
	for (i = 1; i <= ids; i++)
		all = all sprintf("\t{ \"%s\", %s, %s },\n",
				  tolower(strip(macro[i])), id[i],
				  macro[i] in known ? known[macro[i]] : \
				  "NULL, 0, TEGRA234_NONE")
	table("tegra234_client", "tegra234_client", all, ids)
	table("tegra234_sid", "tegra234_sid", sids, nsids)
	table("tegra_classic_client", "tegra_classic_client", clients, nclients)
	table("tegra_classic_swgroup", "tegra_classic_swgroup", groups, ngroups)
}
