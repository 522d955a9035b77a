# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""mutate.py BUILD [OPTION...]: how many small changes of the library do the
tests notice?

BUILD is a meson directory. Each mutant is compiled as the build compiles
the source it is in; objects that differ from those of the unchanged source are
linked before the library into the tests of the unit suite and the observed
scenario, one after the other, until one fails or takes too long: the mutant is
killed. Tests that never come to the lines in question are left out. Mutants that
do not compile, and those that compile to the same object, do not count. A run
that was interrupted goes on where it was.
"""

import argparse
import concurrent.futures
import fnmatch
import hashlib
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading

from build import HERE, ROOT, Build, digest, read
from mutants import mutants_of
from reach import Reach

FOLDERS = ("libhypiommu", "backends", "include", "harness")
SURVIVORS = os.path.join(HERE, "survivors.txt")
SAME = "same: "  # how the reason begins where no test could tell
GOAL = 95.0
QUICK = 1.0  # seconds: what is slower has no say about an explained survivor


def say(text):
    print("mutate: " + text, file=sys.stderr)


def options():
    p = argparse.ArgumentParser(
        prog="./run mutate",
        description="Change the library in small ways and see whether the "
        "tests notice. Fails below %d %% and on a survivor "
        "tests/mutate/survivors.txt does not explain." % GOAL)
    p.add_argument("build", help=argparse.SUPPRESS)
    p.add_argument("--sample", type=int, default=600, metavar="N",
                   help="try N mutants, chosen by the seed (default 600)")
    p.add_argument("--all", action="store_true", help="try every mutant")
    p.add_argument("--file", action="append", metavar="F",
                   help="only in files that end in F, or match it as a "
                   "pattern; may be repeated")
    p.add_argument("--op", action="append",
                   choices=["drop", "negate", "border", "swap", "constant"],
                   help="only this kind of change; may be repeated")
    p.add_argument("--seed", type=int, default=1, metavar="S",
                   help="which N (default 1)")
    p.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="J",
                   help="at a time (default: the CPUs there are)")
    p.add_argument("--fresh", action="store_true",
                   help="try again what was tried before with the same sources "
                   "and the same tests")
    p.add_argument("--thorough", action="store_true",
                   help="ask the slow tests about explained survivors, too")
    p.add_argument("--json", action="store_true",
                   help="the report as JSON on standard output")
    p.add_argument("--list", action="store_true",
                   help="only list the mutants that would be tried")
    return p.parse_args()


# ------------------------------------------------------------------- mutants


def sources(wanted):
    for folder in ("libhypiommu", "backends"):
        for path, folders, files in os.walk(os.path.join(ROOT, folder)):
            folders.sort()
            for name in sorted(files):
                full = os.path.relpath(os.path.join(path, name), ROOT)
                if name.endswith((".c", ".h")) and (not wanted or any(
                        full.endswith(w) or fnmatch.fnmatch(full, w)
                        for w in wanted)):
                    yield full


def one_line(text):
    return " ".join(text.split())


class Trial:
    """A mutant, and what became of it."""

    def __init__(self, mutant, text):
        self.m = mutant
        self.last = mutant.line + text.count("\n", mutant.start, mutant.end)
        # Whole lines, so that a reader and the list of survivors see it.
        first = text.rfind("\n", 0, mutant.start) + 1
        last = text.find("\n", mutant.end)
        self.old = one_line(text[first:last])
        self.new = one_line(text[first:mutant.start] + mutant.new +
                            text[mutant.end:last])
        self.text = text[:mutant.start] + mutant.new + text[mutant.end:]
        self.result, self.by, self.reason = None, None, None

    def key(self):
        return self.m.file, self.old, self.new

    def __str__(self):
        return "%s:%d: %s\n  - %s\n  + %s" % (self.m.file, self.m.line,
                                               self.m.op, self.old, self.new)


def rank(trial, seed, again):
    """Where a mutant is in the order of a seed: its own text decides, so that
    a change elsewhere in the library leaves the sample as it was."""
    told = "\n".join([str(seed), *trial.key(), trial.m.op, str(again)])
    return hashlib.sha256(told.encode()).digest()


def trials(opt):
    every, times = [], {}
    for name in sources(opt.file):
        text = read(os.path.join(ROOT, name))
        for t in (Trial(m, text) for m in mutants_of(name, text)
                  if not opt.op or m.op in opt.op):
            again = times[t.key()] = times.get(t.key(), 0) + 1
            every.append((rank(t, opt.seed, again), len(every), t))
    if not opt.all:
        every = sorted(every)[:opt.sample]
    return [t for _, _, t in sorted(every, key=lambda e: e[1])]


def explained():
    """survivors.txt: FILE, "- old", "+ new", and reason lines; blank between."""
    reasons = {}
    for block in re.split(r"\n\s*\n", read(SURVIVORS)):
        lines = [l for l in block.splitlines() if l and l[0] != "#"]
        if not lines:
            continue
        if (len(lines) < 4 or lines[1][:2] != "- " or lines[2][:2] != "+ "):
            sys.exit("mutate: %s: not FILE, - OLD, + NEW, REASON:\n%s" %
                     (SURVIVORS, block))
        key = (lines[0].strip(), one_line(lines[1][2:]), one_line(lines[2][2:]))
        reasons[key] = one_line(" ".join(lines[3:]))
    return reasons


# -------------------------------------------------------------------- memory


def sources_hash():
    """Of all that a mutant is compiled from, but for itself."""
    told = hashlib.sha256()
    for folder in ("libhypiommu", "backends", "include", "harness/env"):
        for path, folders, files in os.walk(os.path.join(ROOT, folder)):
            folders.sort()
            for name in sorted(files):
                full = os.path.join(path, name)
                told.update(("%s %s\n" % (os.path.relpath(full, ROOT),
                                          digest(full))).encode())
    return told.hexdigest()


class Memory:
    """What was tried before. A result stands for as long as no source is
    another one, and who killed it is the same, or all who did not; a verdict for
    as long as neither the test's program nor the changed objects are other ones;
    who killed a mutant last is asked first."""

    KEPT = ("results", "passed", "killers")

    def __init__(self, path, fresh):
        self.path, self.lock = path, threading.Lock()
        self.results, self.passed, self.killers = {}, {}, {}
        self.sources = sources_hash()
        if os.path.exists(path) and not fresh:
            kept = json.loads(read(path))
            for name in self.KEPT:
                getattr(self, name).update(kept.get(name, {}))

    def save(self):
        with self.lock, open(self.path + ".new", "w", encoding="utf-8") as f:
            json.dump({name: getattr(self, name) for name in self.KEPT}, f)
        os.replace(self.path + ".new", self.path)

    def place(self, trial):
        told = "\n".join([self.sources, trial.m.file, trial.text])
        return hashlib.sha256(told.encode()).hexdigest()

    def recall(self, trial, tests):
        """True if it is known what becomes of it."""
        result, by, asked = self.results.get(self.place(trial),
                                             (None, None, []))
        now = {t.hash for t in tests}
        if (not result or (result == "killed" and not now & set(asked)) or
                (result == "survived" and now - set(asked))):
            return False
        trial.result, trial.by = result, by
        return True

    def note(self, trial, tests):
        asked = [t.hash for t in tests if trial.by in (None, t.name)]
        with self.lock:
            self.results[self.place(trial)] = trial.result, trial.by, asked
            if trial.by:
                self.killers["\n".join(trial.key())] = trial.by

    def killer(self, trial):
        return self.killers.get("\n".join(trial.key()))

    def verdict(self, test, objects, judge):
        told = " ".join([test.hash] + sorted(h for _, h in objects))
        key = hashlib.sha256(told.encode()).hexdigest()
        if key not in self.passed:
            passed = judge()
            with self.lock:
                self.passed[key] = passed
        return self.passed[key]


# --------------------------------------------------------------------- worker


class Worker:
    """A copy of the sources that may be changed."""

    def __init__(self, build, reach, memory, trusted, number):
        self.build, self.reach, self.memory = build, reach, memory
        self.trusted = trusted  # survivors to be, if a quick test agrees
        self.dir = build.path("mutants", str(number))
        shutil.rmtree(self.dir, ignore_errors=True)
        self.cwd = os.path.join(self.dir, "build")
        os.makedirs(self.cwd)
        for folder in FOLDERS:
            shutil.copytree(os.path.join(ROOT, folder),
                            os.path.join(self.dir, folder))

    def object_of(self, source):
        """Its path and hash, or None: does not compile."""
        name = os.path.join(self.cwd, source.replace("/", "-") + ".o")
        if subprocess.run(self.build.compile[source] + ["-o", name],
                          cwd=self.cwd, stderr=subprocess.DEVNULL).returncode:
            return None
        return name, digest(name)

    def changed_objects(self, trial):
        objects = []
        for source in self.build.users.get(trial.m.file, []):
            found = self.object_of(source)
            if not found:
                return None
            if found[1] != self.build.unchanged[source]:
                objects.append(found)
        return objects

    def tests(self, trial):
        """Who killed it the last time, then the quick ones; none that does not
        come there."""
        first = self.memory.killer(trial)
        asked = (t for t in self.build.tests
                 if (t.name == first or t.seconds < QUICK or
                     trial.key() not in self.trusted) and
                 self.reach.can_notice(t, trial.m.file, trial.m.line,
                                       trial.last))
        return sorted(asked, key=lambda t: (t.name != first, t.seconds,
                                            t.name))

    def passes(self, test, objects):
        """None: does not link."""
        binary = os.path.join(self.cwd, "test")
        if subprocess.run(test.relink([o for o, _ in objects], binary),
                          cwd=self.build.folder, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode:
            return None
        return test.run(binary, self.cwd)

    def judge(self, trial, tests):
        objects = self.changed_objects(trial)
        if not objects:
            trial.result = "invalid" if objects is None else "same"
            return
        trial.result = "survived"
        for test in tests:
            passed = self.memory.verdict(
                test, objects, lambda test=test: self.passes(test, objects))
            if passed:
                continue
            trial.result = "invalid" if passed is None else "killed"
            trial.by = test.name
            return

    def run(self, trial):
        tests = self.tests(trial)
        if self.memory.recall(trial, tests):
            return
        path = os.path.join(self.dir, trial.m.file)
        original = read(path)
        try:
            with open(path, "w", encoding="utf-8") as f:
                f.write(trial.text)
            self.judge(trial, tests)
        finally:
            with open(path, "w", encoding="utf-8") as f:
                f.write(original)
        self.memory.note(trial, tests)


def progress(done, total, survived):
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print("\r%d of %d, %d survived " % (done, total, survived),
              end=end, file=sys.stderr, flush=True)


def run_all(build, todo, opt):
    idle = queue.Queue()
    jobs, reach = max(1, opt.jobs), Reach(build)
    memory = Memory(build.path("mutants.json"), opt.fresh)
    trusted = {} if opt.thorough else explained()
    for n in range(jobs):
        idle.put(Worker(build, reach, memory, trusted, n))
    first = idle.get()
    for source in build.compile:
        build.unchanged[source] = first.object_of(source)[1]
    for test in build.tests:
        test.measure(first.cwd)
    reach.measure()
    idle.put(first)

    def task(trial):
        worker = idle.get()
        try:
            worker.run(trial)
        finally:
            idle.put(worker)
        return trial

    survived = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool, \
            open(build.path("mutants.log"), "w", encoding="utf-8") as log:
        futures = [pool.submit(task, t) for t in todo]
        for n, f in enumerate(concurrent.futures.as_completed(futures), 1):
            t = f.result()
            survived += t.result == "survived"
            progress(n, len(todo), survived)
            print(t.result, t.by or "-", t, file=log, flush=True)
            if n % 20 == 0 or n == len(todo):
                memory.save()


# --------------------------------------------------------------------- report

RESULTS = ("killed", "survived", "same", "invalid")


def tally(todo, what):
    rows = {}
    for t in todo:
        row = rows.setdefault(what(t), dict.fromkeys(RESULTS, 0))
        row[t.result] += 1
    return rows


def score(row, equivalent=0):
    counted = row["killed"] + row["survived"] - equivalent
    return 100.0 * row["killed"] / counted if counted else 100.0


def table(title, rows):
    print("%-36s %7s %9s %7s  %s" % (title, "killed", "survived", "score",
                                     "do not count: same, invalid"))
    for name in sorted(rows):
        r = rows[name]
        print("%-36s %7d %9d %6.1f%%  %d, %d" %
              (name, r["killed"], r["survived"], score(r), r["same"],
               r["invalid"]))
    print()


def complaints(todo, reasons, everything):
    """What is wrong with the list of survivors."""
    tried = {}
    for t in todo:
        tried.setdefault(t.key(), []).append(t.result)
    for key in reasons:
        if key in tried and "survived" not in tried[key]:
            yield "explained, and killed: %s\n  - %s\n  + %s" % key
        elif everything and key not in tried:
            yield "explained, and no such mutant: %s\n  - %s\n  + %s" % key


def report(opt, todo):
    reasons = explained()
    for t in todo:
        if t.result == "survived":
            t.reason = reasons.get(t.key())
    survived = [t for t in todo if t.result == "survived"]
    equivalent = sum(bool(t.reason) and t.reason.startswith(SAME)
                     for t in survived)
    total = tally(todo, lambda t: "all").get("all",
                                             dict.fromkeys(RESULTS, 0))
    wrong = list(complaints(todo, reasons, opt.all and not opt.file
                            and not opt.op))
    if opt.json:
        print(json.dumps({
            "seed": opt.seed, "tried": len(todo),
            "score": score(total, equivalent), "score_of_all": score(total),
            "equivalent": equivalent, "goal": GOAL, **total,
            "files": tally(todo, lambda t: t.m.file),
            "operators": tally(todo, lambda t: t.m.op),
            "killed_by": {k: v["killed"] for k, v in tally(
                [t for t in todo if t.by], lambda t: t.by).items()},
            "survivors": [{
                "file": t.m.file, "line": t.m.line, "operator": t.m.op,
                "old": t.old, "new": t.new, "reason": t.reason,
            } for t in survived],
        }, indent=2))
    else:
        table("file", tally(todo, lambda t: t.m.file))
        table("change", tally(todo, lambda t: t.m.op))
        for t in survived:
            print("survived: %s\n  %s\n" % (t, t.reason or "NO REASON GIVEN"))
        counted = total["killed"] + total["survived"]
        print("%d mutants, %d killed: %.1f %%" %
              (counted, total["killed"], score(total)))
        print("%d of them do nothing else, by %s; of the other %d: %.1f %% "
              "(goal %.0f %%)" % (equivalent, os.path.basename(SURVIVORS),
                                  counted - equivalent,
                                  score(total, equivalent), GOAL))
    for text in wrong:
        say(text)
    unexplained = sum(not t.reason for t in survived)
    if unexplained:
        say("%d survivors without a reason in %s" %
            (unexplained, os.path.relpath(SURVIVORS, ROOT)))
    return 1 if wrong or unexplained or score(total, equivalent) < GOAL else 0


def main():
    opt = options()
    todo = trials(opt)
    if not todo:
        sys.exit("mutate: no such mutant")
    if opt.list:
        for t in todo:
            print(t)
        return 0
    run_all(Build(opt.build), todo, opt)
    return report(opt, todo)


if __name__ == "__main__":
    sys.exit(main())
