# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Which lines of the library each test reaches: a test that never comes to a
line cannot tell that it changed. Counted by gcov in objects compiled without
optimisation; kept beside the build by the hash of the test's program."""

import glob
import gzip
import json
import os
import shutil
import subprocess

from build import ROOT, read

COVERAGE = ["--coverage", "-O0"]


class Reach:

    def __init__(self, build):
        self.build = build
        self.dir = build.path("reach")
        self.objects = None
        # Per file: lines gcov counts, however often, and functions' spans.
        self.counted, self.functions = {}, {}

    def measure(self):
        os.makedirs(self.dir, exist_ok=True)
        for test in self.build.tests:
            kept = os.path.join(self.dir, test.name + ".json")
            found = json.loads(read(kept)) if os.path.exists(kept) else {}
            if found.get("program") != test.hash:
                lines, functions = self.count(test)
                found = {"program": test.hash, "lines": lines,
                         "functions": functions}
                with open(kept, "w", encoding="utf-8") as f:
                    json.dump(found, f)
            test.lines = {}
            for name, counts in found["lines"].items():
                counts = {int(line): n for line, n in counts.items()}
                self.counted.setdefault(name, set()).update(counts)
                test.lines[name] = {line for line, n in counts.items() if n}
            for name, spans in found["functions"].items():
                self.functions.setdefault(name, set()).update(
                    tuple(span) for span in spans)

    def compile(self):
        objects = []
        for source, argv in self.build.compile.items():
            name = os.path.join(self.dir, source.replace("/", "-") + ".o")
            subprocess.run(argv + COVERAGE + ["-o", name], check=True,
                           cwd=self.build.folder)
            objects.append(name)
        return objects

    def count(self, test):
        if self.objects is None:
            self.objects = self.compile()
        binary = os.path.join(self.dir, "test")
        subprocess.run(test.relink(self.objects, binary) + ["--coverage"],
                       check=True, cwd=self.build.folder)
        for old in glob.glob(os.path.join(self.dir, "*.gcda")):
            os.remove(old)
        subprocess.run([binary] + test.args, check=True, cwd=self.dir,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        return self.lines()

    def lines(self):
        """{file: {line: count}}, a header's over all that include it, and
        {file: [[first line of a function, last]]}."""
        work = os.path.join(self.dir, "gcov")
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        data = glob.glob(os.path.join(self.dir, "*.gcda"))
        subprocess.run(["gcov", "--json-format", *data], check=True, cwd=work,
                       stdout=subprocess.DEVNULL)
        sums, functions = {}, {}
        for name in glob.glob(os.path.join(work, "*.gcov.json.gz")):
            with gzip.open(name) as f:
                told = json.load(f)
            for file in told["files"]:
                path = os.path.relpath(
                    os.path.join(self.build.folder, file["file"]), ROOT)
                counts = sums.setdefault(path, {})
                for line in file["lines"]:
                    n = line["line_number"]
                    counts[n] = counts.get(n, 0) + line["count"]
                functions.setdefault(path, []).extend(
                    [f["start_line"], f["end_line"]]
                    for f in file["functions"])
        return sums, functions

    def can_notice(self, test, file, first, last):
        """Could the test come to one of these lines? What is in no function
        (constants, types) concerns every test."""
        if not any(start <= first and last <= end
                   for start, end in self.functions.get(file, ())):
            return True
        counted = self.counted[file]
        wanted = set(range(first, last + 1)) & counted
        if first not in counted:  # a statement has but one line that counts
            before = [n for n in counted if n < first]
            after = [n for n in counted if n > last]
            wanted.update([max(before)] if before else [],
                          [min(after)] if after else [])
        return bool(wanted & test.lines.get(file, set()))
