# SPDX-License-Identifier: GPL-2.0
"""Read TAP and KTAP, and keep the score."""

import re

RESULT = re.compile(r"^(?P<indent>\s*)(?P<not>not )?ok\b\s*(?P<number>\d+)?\s*(?:- )?(?P<rest>.*)$")
PLAN = re.compile(r"^(?P<indent>\s*)1\.\.(?P<count>\d+)(?P<rest>.*)$")
SUBTEST = re.compile(r"^\s*# Subtest: (?P<name>\S+)$")
SKIP = re.compile(r"#\s*skip\b", re.IGNORECASE)
SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$")


class Score:
    """All results of a run."""

    def __init__(self, show=print):
        self.passed = self.failed = self.skipped = 0
        self.failures = []
        self.skips = []
        self.show = show

    def add(self, where, name, ok, skip=False):
        """Count one result and print it."""
        if skip and ok:
            self.skipped += 1
            self.skips.append(f"{where}: {name}")
            word = "skip"
        elif ok:
            self.passed += 1
            word = "ok"
        else:
            self.failed += 1
            self.failures.append(f"{where}: {name}")
            word = "NOT OK"
        self.show(f"{word:6} {where}: {name}")

    def total(self):
        """How many results there are."""
        return self.passed + self.failed + self.skipped

    def line(self):
        """The one line that everything ends in."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


class Tap:
    """One TAP stream, nested (KTAP) or flat: counts the innermost results.

    A result line that ends a nested block only repeats what its lines said, so
    it counts only when it is "not ok" though nothing inside it failed.
    """

    def __init__(self, score, where):
        self.score, self.where = score, where
        self.levels = []        # [indent, planned, seen, failed] from outer to inner
        self.suite = ""         # KTAP's name for the block that is open
        self.closed = None      # the nested block that ended last
        self.count = 0

    def feed(self, line):
        """Take one line of the stream; says whether it was part of TAP."""
        plan, result, subtest = PLAN.match(line), RESULT.match(line), SUBTEST.match(line)
        if subtest:
            self.suite = subtest["name"] + "."
        elif plan:
            level = self.level(len(plan["indent"]))
            level[1] = int(plan["count"])
            if level[1] == 0 and SKIP.search(plan["rest"]):
                self.add(plan["rest"].strip("# "), True, True)
        elif result:
            self.result(result)
        elif line.startswith("Bail out!"):
            self.add(line, False)
        else:
            return False
        return True

    def level(self, indent):
        """The block at INDENT; deeper ones end here."""
        self.closed = None
        while self.levels and self.levels[-1][0] > indent:
            self.closed = self.levels.pop()
            self.check_plan(self.closed)
        if not self.levels or self.levels[-1][0] < indent:
            self.levels.append([indent, None, 0, 0])
        return self.levels[-1]

    def result(self, result):
        """Count a result, unless it is the sum of a nested block."""
        level = self.level(len(result["indent"]))
        level[2] += 1
        ok = not result["not"]
        if not ok:
            level[3] += 1
        if self.closed and (ok or self.closed[3]):
            return
        name = result["rest"].strip() or f"test {result['number'] or level[2]}"
        self.add((self.suite if level[0] else "") + name, ok, bool(SKIP.search(name)))

    def add(self, name, ok, skip=False):
        """Count one result of this stream."""
        self.count += 1
        self.score.add(self.where, name, ok, skip)

    def check_plan(self, level):
        """Fewer or more results than planned is a failure of its own."""
        planned, seen = level[1], level[2]
        if planned is None and seen:
            level[3] += 1
            self.add("no plan: the number of tests is not known", False)
        elif planned is not None and planned != seen:
            level[3] += 1
            self.add(f"{planned} tests were planned and {seen} reported", False)

    def finish(self):
        """The stream is over; a stream without any test is a failure."""
        while self.levels:
            self.check_plan(self.levels.pop())
        if not self.count:
            self.add("no test ran", False)
