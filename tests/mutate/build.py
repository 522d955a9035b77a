# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What meson knows of a build: how to compile each source of the library, how
to link and run each test."""

import hashlib
import json
import os
import resource
import shlex
import subprocess
import sys

UNIT_TESTS = os.path.join("tests", "unit", "")
# A mutant that reads what it has not written does the same every time.
UNDEFINED = "-ftrivial-auto-var-init=pattern"

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Build:

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.compile = {}  # source -> argv, without its output
        self.users = {}  # header or source -> sources that include it
        self.unchanged = {}  # source -> hash of its object
        self.ninja("build.ninja")  # meson.build may know more tests by now
        self.tests = self.find_tests()
        for unit in json.loads(read(self.path("compile_commands.json"))):
            if "libhypiommu-harness.a.p/" in unit["output"]:
                self.add_unit(unit)

    def path(self, *part):
        return os.path.join(self.folder, *part)

    def ninja(self, *args):
        return subprocess.run(["ninja", "-C", self.folder, *args], check=True,
                              stdout=subprocess.PIPE, text=True).stdout

    def relative(self, name):
        return os.path.relpath(os.path.join(self.folder, name), ROOT)

    def add_unit(self, unit):
        source = self.relative(unit["file"])
        argv, out = shlex.split(unit["command"]), []
        skip = False
        for a in argv:
            if skip or a in ("-o", "-MF", "-MQ"):
                skip = not skip
            elif a not in ("-c", "-MD", "-g", unit["file"]):
                out.append(a)
        self.compile[source] = out + ["-w", UNDEFINED, "-c",
                                       unit["file"]]
        for line in self.ninja("-t", "deps", unit["output"]).splitlines()[1:]:
            if line.strip():
                used = self.relative(line.strip())
                self.users.setdefault(used, []).append(source)

    def find_tests(self):
        told = subprocess.run(
            ["meson", "introspect", "--tests", self.folder], check=True,
            stdout=subprocess.PIPE, text=True).stdout
        tests = []
        for t in json.loads(told):
            binary = os.path.relpath(t["cmd"][0], self.folder)
            if not (binary.startswith(UNIT_TESTS) or t["name"] == "scenario"):
                continue
            link = self.ninja("-t", "commands", binary).splitlines()[-1]
            if "libhypiommu-harness.a" not in link:
                continue  # of another build of the library
            tests.append(Test(t["name"], t["cmd"], shlex.split(link)))
        self.ninja(*(os.path.relpath(t.binary, self.folder) for t in tests))
        return tests


class Test:

    def __init__(self, name, cmd, link):
        self.name, self.args = name, cmd[1:]
        self.link, self.binary = link, cmd[0]
        self.seconds = 60.0  # of CPU time, until measured
        self.hash = None  # of the unchanged program
        self.lines = None  # what it reaches, see reach.py

    def run(self, binary, cwd):
        """True if it passes, in three times the CPU time it took unchanged;
        the clock alone would say more of the machine's load."""
        seconds = int(2 + 3 * self.seconds)

        def limits():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

        # CMocka goes on to its other tests otherwise.
        env = dict(os.environ, CMOCKA_TEST_ABORT="1")
        try:
            return subprocess.run([binary] + self.args, timeout=60 * seconds,
                                  stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, cwd=cwd, env=env,
                                  start_new_session=True,
                                  preexec_fn=limits).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def measure(self, cwd):
        start = children_cpu()
        self.hash = digest(self.binary)
        if not self.run(self.binary, cwd):
            sys.exit("mutate: %s fails with the library as it is" % self.name)
        self.seconds = children_cpu() - start

    def relink(self, objects, binary):
        argv = list(self.link)
        argv[argv.index("-o") + 1] = binary
        argv[argv.index("-o") + 2:argv.index("-o") + 2] = objects
        return argv
