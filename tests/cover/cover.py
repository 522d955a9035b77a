# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""cover.py BUILD: what of the library the tests reached, by gcov and llvm-cov.

A template (engine*.h, lpae.h) is compiled once for each table format, with other
constants: each inclusion is judged by itself, and counts as a file of its own.
Any other header is the same code wherever it is included: reached once is
reached.

justified.txt lists what no test can reach, and why. What is listed and was
reached, or is not in the source any more, is an error, so that the list says no
more than is true.
"""

import argparse
import glob
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TEMPLATE = re.compile(r"/(engine\w*|lpae)\.h$")
JUSTIFIED = os.path.join(HERE, "justified.txt")
THRESHOLDS = os.path.join(HERE, "thresholds.txt")
OBJECTS = "harness/machine/libhypiommu-harness.a.p"


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def one_line(text):
    return " ".join(text.split())


class Line:
    """One line of one file, or of one inclusion of a template."""

    def __init__(self, function):
        self.function, self.count, self.branches = function, 0, []

    def add(self, told):
        self.count += told["count"]
        taken = [b["count"] for b in told["branches"]]
        if len(taken) == len(self.branches):
            self.branches = [a + b for a, b in zip(self.branches, taken)]
        else:
            self.branches += taken

    def missing(self):
        """"line", "N branches", or None."""
        if not self.count:
            return "line"
        never = self.branches.count(0)
        return "%d branches" % never if never else None


def gcov(build):
    """{(file, inclusion): {line number: Line}}"""
    found = {}
    for note in sorted(glob.glob(os.path.join(build, "data", "*.gcno"))):
        told = subprocess.run(
            ["gcov", "--json-format", "--stdout", "--branch-probabilities",
             os.path.relpath(note, build)], cwd=build, check=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        # libhypiommu_lpae_4k.c.gcno
        unit = os.path.basename(note).split("_", 1)[1].split(".")[0]
        for f in json.loads(told.stdout)["files"]:
            add_file(found, build, unit, f)
    return found


def add_file(found, build, unit, told):
    name = os.path.relpath(os.path.join(build, told["file"]), ROOT)
    if not name.startswith(("libhypiommu/", "backends/")):
        return
    lines = found.setdefault((name, unit if TEMPLATE.search(name) else ""), {})
    for l in told["lines"]:
        at = lines.setdefault(l["line_number"],
                              Line(l.get("function_name", "")))
        at.add(l)


# ------------------------------------------------------------- justified.txt


class Excuse:
    """What is missing in a line of a function; * for the line's text: none of
    the function is reached."""

    def __init__(self, file, inclusion, function, missing, text):
        self.file, self.inclusion, self.function = file, inclusion, function
        self.missing, self.text = missing, text
        self.used = self.wrong = False

    def fits(self, place, line, text):
        file, inclusion = place
        if (self.file != file or self.function != line.function or
                self.inclusion != inclusion or
                self.text not in (text, "*")):
            return False
        fits = self.missing == line.missing()
        self.wrong |= self.text == "*" and not fits
        return fits


def excuses():
    """One for each line of each inclusion that a block names: each must be
    needed."""
    found = []
    for block in re.split(r"\n\s*\n", read(JUSTIFIED)):
        lines = [l for l in block.splitlines() if l and l[0] != "#"]
        if not lines:
            continue
        head = lines[0].split()
        texts = [one_line(l[2:]) for l in lines[2:] if l[:2] == "> "]
        reason = lines[2 + len(texts):]
        if (len(head) not in (2, 3) or not texts or not reason or
                any(l[:2] == "> " for l in reason)):
            sys.exit("cover: justified.txt: a block is FILE [INCLUSION,...] "
                     "FUNCTION, what is missing, > LINE..., REASON:\n" + block)
        for inclusion in head[1].split(",") if len(head) == 3 else [""]:
            found += [Excuse(head[0], inclusion, head[-1], lines[1].strip(), t)
                      for t in texts]
    return found


# --------------------------------------------------------------------- report


class Row:
    """Of one file: lines and branches there are, reached, and excused."""

    def __init__(self):
        self.lines = self.lines_hit = self.lines_excused = 0
        self.branches = self.branches_hit = self.branches_excused = 0

    def add(self, line, excused):
        never = line.branches.count(0)
        self.lines += 1
        self.lines_hit += line.count > 0
        self.branches += len(line.branches)
        self.branches_hit += len(line.branches) - never
        if excused:
            self.lines_excused += line.count == 0
            self.branches_excused += never

    def merge(self, other):
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def percent(self, what):
        total = getattr(self, what)
        good = (getattr(self, what + "_hit") +
                getattr(self, what + "_excused"))
        return 100.0 * good / total if total else 100.0


def judge(found):
    """Rows by file, and what is missing without an excuse."""
    rows, missing, listed = {}, [], excuses()
    for place in sorted(found):
        text = read(os.path.join(ROOT, place[0])).splitlines()
        row = rows.setdefault(place, Row())
        for number in sorted(found[place]):
            line = found[place][number]
            fit = [e for e in listed if e.fits(place, line, one_line(
                text[number - 1]))]
            for e in fit:
                e.used = True
            row.add(line, bool(fit))
            if line.missing() and not fit:
                missing.append((place, number, line, text[number - 1]))
    return rows, missing, [e for e in listed if e.wrong or not e.used]


def name_of(place):
    return place[0] + (" in " + place[1] if place[1] else "")


def print_table(rows, mcdc):
    print("%-50s %15s %15s %15s" % ("file", "lines", "branches", "MC/DC"))
    total = Row()
    for place in sorted(rows):
        r = rows[place]
        total.merge(r)
        m = mcdc.get(place[0]) if not place[1] or place[1] == "lpae_4k" \
            else None
        print("%-50s %15s %15s %15s" % (
            name_of(place), cell(r, "lines"), cell(r, "branches"),
            "%d/%d" % (m["covered"], m["count"]) if m and m["count"] else ""))
    print("%-50s %15s %15s" % ("all", cell(total, "lines"),
                               cell(total, "branches")))
    return total


def cell(row, what):
    hit, excused = getattr(row, what + "_hit"), getattr(row, what + "_excused")
    return "%d%s/%d" % (hit, "+%d" % excused if excused else "",
                        getattr(row, what))


def clashes(functions):
    files = {}
    for f in functions:
        files.setdefault(f["name"], set()).add(f["filenames"][0])
    return sorted(name for name in files if len(files[name]) > 1)


def llvm_cov(build):
    """{file: its MC/DC} and the sum, from the clang build."""
    folder = os.path.join(build, OBJECTS)
    objects = sorted(os.path.join(folder, name) for name in os.listdir(folder)
                     if name.endswith(".o"))
    argv = ["llvm-cov-19", "export", "--instr-profile",
            os.path.join(build, "all.profdata"), objects[0]]
    for o in objects[1:]:
        argv += ["--object", o]
    # Its warning is of inline functions that one of two files of a name uses.
    told = json.loads(subprocess.run(
        argv, check=True, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL).stdout)["data"][0]
    twice = clashes(told["functions"])
    if twice:
        sys.exit("cover: llvm-cov takes two static functions for one where "
                 "file and function have the same name: " + ", ".join(twice))
    files = {}
    for f in told["files"]:
        name = os.path.relpath(f["filename"], ROOT)
        if name.startswith(("libhypiommu/", "backends/")):
            files[name] = f["summary"]["mcdc"]
    return files, {k: sum(f[k] for f in files.values())
                   for k in ("count", "covered")}


def main():
    p = argparse.ArgumentParser(prog="cover.py")
    p.add_argument("build")
    p.add_argument("mcdc_build", nargs="?")
    p.add_argument("--json", action="store_true")
    opt = p.parse_args()
    rows, missing, stale = judge(gcov(os.path.abspath(opt.build)))
    mcdc, sum_mcdc = {}, None
    if opt.mcdc_build:
        mcdc, sum_mcdc = llvm_cov(os.path.abspath(opt.mcdc_build))
    total = Row()
    for r in rows.values():
        total.merge(r)
    got = {"lines": total.percent("lines"),
           "branches": total.percent("branches")}
    if sum_mcdc:
        got["mcdc"] = 100.0 * sum_mcdc["covered"] / sum_mcdc["count"]
    if opt.json:
        print(json.dumps({"total": got, "files": {
            name_of(k): vars(v) for k, v in rows.items()}, "mcdc": mcdc,
            "missing": [{"file": name_of(m[0]), "line": m[1],
                         "function": m[2].function, "what": m[2].missing(),
                         "text": m[3].strip()} for m in missing]}, indent=2))
    else:
        print_table(rows, mcdc)
    return verdict(got, missing, stale)


def verdict(got, missing, stale):
    failed = False
    for place, number, line, text in missing:
        print("not reached: %s:%d (%s): %s: %s" % (
            name_of(place), number, line.function, line.missing(),
            text.strip()), file=sys.stderr)
    for e in stale:
        failed = True
        print("justified, and reached or not there: %s %s: %s: %s" % (
            name_of((e.file, e.inclusion)), e.function, e.missing, e.text),
            file=sys.stderr)
    for entry in read(THRESHOLDS).splitlines():
        if not entry or entry[0] == "#":
            continue
        what, least = entry.split()
        if what not in got:
            continue
        bad = got[what] < float(least)
        failed |= bad
        print("%-9s %6.2f %%, threshold %s %%%s" % (
            what, got[what], least, ": FAILED" if bad else ""),
            file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
