# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Can ./run cover fail? cover.py against made up measurements."""

import contextlib
import io
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import cover  # noqa: E402

SOURCE = """\
static int twice(int a)
{
	if (a && a != 7)
		return 2 * a;
	return 0;
}
"""
PLAIN, TEMPLATE = "libhypiommu/plain.c", "libhypiommu/engine_x.h"


def line(count, *branches):
    l = cover.Line("twice")
    l.add({"count": count, "branches": [{"count": b} for b in branches]})
    return l


def reached():
    return {1: line(2), 3: line(2, 1, 1, 1, 1), 4: line(1), 5: line(1)}


class Cover(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        os.mkdir(os.path.join(self.folder.name, "libhypiommu"))
        for name in (PLAIN, TEMPLATE):
            self.write(name, SOURCE)
        cover.ROOT = self.folder.name
        cover.JUSTIFIED = os.path.join(self.folder.name, "justified.txt")
        cover.THRESHOLDS = os.path.join(self.folder.name, "thresholds.txt")
        self.write("justified.txt", "# nothing\n")
        self.write("thresholds.txt", "lines 100\nbranches 100\nmcdc 95\n")

    def write(self, name, text):
        with open(os.path.join(self.folder.name, name), "w",
                  encoding="utf-8") as f:
            f.write(text)

    def run_on(self, found, mcdc=None):
        """What main() makes of it: the exit code, and what is told."""
        rows, missing, stale = cover.judge(found)
        total = cover.Row()
        for r in rows.values():
            total.merge(r)
        got = {"lines": total.percent("lines"),
               "branches": total.percent("branches")}
        if mcdc is not None:
            got["mcdc"] = mcdc
        told = io.StringIO()
        with contextlib.redirect_stderr(told):
            code = cover.verdict(got, missing, stale)
        return code, told.getvalue()

    def test_all_reached(self):
        code, told = self.run_on({(PLAIN, ""): reached()}, 95.0)
        self.assertEqual(code, 0, told)

    def test_a_line_is_missing(self):
        found = {(PLAIN, ""): reached()}
        found[PLAIN, ""][5] = line(0)
        code, told = self.run_on(found)
        self.assertEqual(code, 1)
        self.assertIn("plain.c:5 (twice): line: return 0;", told)

    def test_a_branch_is_missing(self):
        found = {(PLAIN, ""): reached()}
        found[PLAIN, ""][3] = line(2, 1, 1, 0, 2)
        code, told = self.run_on(found)
        self.assertEqual(code, 1)
        self.assertIn("1 branches", told)

    def test_mcdc_is_low(self):
        self.assertEqual(self.run_on({(PLAIN, ""): reached()}, 94.9)[0], 1)

    def excuse(self, head, missing, *texts):
        self.write("justified.txt", "# why\n\n%s twice\n%s\n%s\nbecause\n" % (
            head, missing, "\n".join("> " + t for t in texts)))

    def test_excused(self):
        found = {(PLAIN, ""): reached()}
        found[PLAIN, ""][4] = line(0)
        found[PLAIN, ""][5] = line(0)
        self.excuse(PLAIN, "line", "return 2 * a;", "return 0;")
        code, told = self.run_on(found)
        self.assertEqual(code, 0, told)

    def test_excused_and_reached(self):
        found = {(PLAIN, ""): reached()}
        found[PLAIN, ""][4] = line(0)
        self.excuse(PLAIN, "line", "return 2 * a;", "return 0;")
        code, told = self.run_on(found)
        self.assertEqual(code, 1)
        self.assertIn("justified, and reached or not there", told)
        self.assertNotIn("2 * a", told)

    def test_excused_and_not_in_the_source(self):
        self.excuse(PLAIN, "line", "return 1;")
        self.assertEqual(self.run_on({(PLAIN, ""): reached()})[0], 1)

    def test_more_missing_than_excused(self):
        found = {(PLAIN, ""): reached()}
        found[PLAIN, ""][3] = line(2, 1, 0, 0, 2)
        self.excuse(PLAIN, "1 branches", "if (a && a != 7)")
        self.assertEqual(self.run_on(found)[0], 1)

    def test_all_of_a_function(self):
        found = {(PLAIN, ""): {n: line(0) for n in (1, 3, 4, 5)}}
        self.excuse(PLAIN, "line", "*")
        code, told = self.run_on(found)
        self.assertEqual(code, 0, told)
        found[PLAIN, ""][5] = line(1)
        self.assertEqual(self.run_on(found)[0], 1)

    def test_each_inclusion_by_itself(self):
        found = {(TEMPLATE, i): reached() for i in ("one", "two")}
        found[TEMPLATE, "two"][5] = line(0)
        self.assertEqual(self.run_on(found)[0], 1)
        self.excuse(TEMPLATE + " two", "line", "return 0;")
        code, told = self.run_on(found)
        self.assertEqual(code, 0, told)
        # Of one it is true, of the other not.
        self.excuse(TEMPLATE + " one,two", "line", "return 0;")
        code, told = self.run_on(found)
        self.assertEqual(code, 1)
        self.assertIn("in one twice", told)
        self.assertNotIn("in two", told)

    def test_malformed(self):
        for text in ("a b c d\nline\n> x\nwhy\n", "a b\nline\n> x\n",
                     "a b\nline\nx\nwhy\n", "a\nline\n> x\nwhy\n",
                     "a b\nline\n> x\nwhy\n> y\n"):
            self.write("justified.txt", text)
            with self.assertRaises(SystemExit):
                cover.excuses()

    def test_clashes(self):
        def fn(name, file):
            return {"name": name, "filenames": [file]}

        self.assertEqual(cover.clashes([
            fn("ident.c:bits", "backends/a/ident.c"),
            fn("ident.c:bits", "backends/b/ident.c"),
            fn("ident.c:of", "core.h"), fn("ident.c:of", "core.h"),
            fn("lpae_4k.c:walk", "engine.h"),
            fn("lpae_16k.c:walk", "engine.h")]), ["ident.c:bits"])

    def test_places(self):
        """A template by its inclusions, another header once."""
        found = {}
        for unit in ("one", "two"):
            for name in ("engine_x.h", "pool.h"):
                cover.add_file(found, os.path.join(self.folder.name, "b"),
                               unit, {"file": "../libhypiommu/" + name,
                                      "lines": [{"line_number": 3, "count": 1,
                                                 "branches": []}]})
        self.assertEqual(sorted(found), [(TEMPLATE, "one"), (TEMPLATE, "two"),
                                         ("libhypiommu/pool.h", "")])
        self.assertEqual(found["libhypiommu/pool.h", ""][3].count, 2)


if __name__ == "__main__":
    unittest.main()
