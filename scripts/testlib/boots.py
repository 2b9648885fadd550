# SPDX-License-Identifier: GPL-2.0
"""Test files, and boots of the test host that run some of them."""

import os
import re

from . import settings, tap, vm

NAMES = ("debug", "6.1", "6.12")
STOCK = tuple(settings.arch_settings()["STOCK_KERNELS"].split())
KERNELS = ("debug", *STOCK)
VARIANT_KEYS = {"mem": "1G", "cpus": "4", "x2apic": "no", "cmdline": "", "qemu": "", "reserve": "",
                "boot": "no", "panics": "no", "wire": "no"}
OTHER_KEYS = ("module",)
BOILERPLATE = re.compile(r"^\s*(# Subtest:|# module:|# .*: pass:\d|# Totals|KTAP version|$)")


class Selftest:
    """A selftest file and what its "# host:" lines ask for."""

    def __init__(self, path):
        self.name = os.path.basename(path)
        self.wants = dict(VARIANT_KEYS)
        self.kernels = STOCK
        self.arches = (settings.ARCH,)
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("# host:"):
                    self.read(line[len("# host:"):])

    def read(self, text):
        """Words KEY=VALUE; values that name the same key twice are joined."""
        for word in text.split():
            key, _, value = word.partition("=")
            # "arm64.qemu=..." is for that architecture only.
            only, dot, rest = key.partition(".")
            if dot and only != settings.ARCH:
                continue
            key = rest or key
            if key == "kernel":
                self.kernels = tuple(value.split(","))
                unknown = set(self.kernels) - set(NAMES)
                if unknown:
                    settings.die(f"{self.name}: unknown kernel {', '.join(unknown)}; "
                                 f"use {', '.join(NAMES)}")
            elif key == "arch":
                self.arches = tuple(value.split(","))
            elif key in ("cmdline", "qemu"):
                self.wants[key] = f"{self.wants[key]} {value}".strip()
            elif key in VARIANT_KEYS:
                self.wants[key] = value
            elif key not in OTHER_KEYS:
                settings.die(f"{self.name}: unknown key '{key}' in a '# host:' line; "
                             f"use {', '.join(['kernel', 'arch', *VARIANT_KEYS, *OTHER_KEYS])}")

    def variant(self):
        """Files with the same variant share a boot."""
        own = (self.name,) if self.wants["panics"] == "yes" else ()
        return tuple(sorted(self.wants.items())) + own


class Boot:
    """One boot of the host that runs test files, or the KUnit module.

    The runner inside writes "@begin NAME", the TAP of NAME, "@fail NAME reason"
    for each thing that NAME did to the host, and "@end NAME STATUS".
    """

    def __init__(self, score, kernel, log, script, **host):
        self.score, self.kernel = score, kernel
        self.panics = host.get("panics", False)
        self.done = set()
        self.current = self.stream = None
        self.failed_before = 0
        self.host = vm.Host(kernel, log, script=script, module=False,
                            on_control=self.line, **host)

    def add(self, name, ok):
        """Count a result that belongs to the current file."""
        self.score.add(f"{self.kernel} {self.current or 'boot'}", name, ok)

    def line(self, line):
        """One line of the control channel: a record of the runner, or TAP."""
        word, _, rest = line.partition(" ")
        if word == "@begin":
            self.current, self.failed_before = rest, self.score.failed
            self.stream = tap.Tap(self.score, f"{self.kernel} {rest}")
        elif word == "@fail":
            self.add(rest.partition(" ")[2], False)
        elif word == "@end":
            self.end(int(rest.split()[-1]))
        elif self.stream and not line.startswith("@"):
            if not self.stream.feed(line) and not BOILERPLATE.match(line):
                print("       " + line, flush=True)

    def end(self, status):
        """A file has ended by itself."""
        self.stream.finish()
        clean = self.score.failed == self.failed_before
        if status and clean:
            self.add(f"ended with status {status}", False)
        elif clean:
            self.add("the host is as it was before", True)
        self.done.add(self.current)
        self.current = self.stream = None

    def run(self):
        """Boot; account for a file that took the host with it."""
        self.host.run()
        if self.current:
            self.stream.finish()
            self.done.add(self.current)
        if self.current and self.panics and self.host.panicked:
            self.judge_panic()
        elif self.current and not self.host.reason:
            self.add("the host ended before the test did", False)
        if self.host.reason:
            self.add(f"{self.host.reason}; logs: {self.host.log}.*", False)
            self.show_tail()
        elif self.host.complaints and self.score.failed == self.failed_before:
            self.add("the kernel complained: " + self.host.complaints[0], False)
        return self.done

    def judge_panic(self):
        """What the debug port said after the panic decides."""
        for expected in self.host.expectations:
            name = expected.name or expected.regex.pattern
            self.add(f"after the panic: {name} ({expected.seen} lines)", expected.met())
        if not self.host.expectations:
            self.add("panicked without saying what to expect then", False)

    def show_tail(self):
        """The last lines of the console, where the reason usually is."""
        with open(self.host.log + ".console", errors="replace", encoding="utf-8") as log:
            for line in log.readlines()[-25:]:
                print("       | " + line.rstrip(), flush=True)


def boot_kunit(score):
    """Pure logic, in the debug kernel."""
    done = Boot(score, "debug", "kunit", "exec /axvm/run-kunit").run()
    if "kunit" not in done:
        score.add("debug kunit", "the KUnit module was not run", False)


def boot_selftests(score, kernel, files, attempt):
    """FILES want the same host; returns the names of those that were run."""
    wants = files[0].wants
    log = f"selftests-{kernel}-{files[0].name.removesuffix('.sh')}"
    return Boot(score, kernel, log + (f"-{attempt}" if attempt else ""),
                "exec /axvm/run-selftests " + " ".join(f.name for f in files),
                cpus=int(wants["cpus"]), memory=wants["mem"], cmdline=wants["cmdline"],
                qemu=vm.shlex.split(wants["qemu"]), reserve=wants["reserve"], x2apic=wants["x2apic"] == "yes",
                boot_images=wants["boot"] == "yes", panics=wants["panics"] == "yes",
                wire=wants["wire"] == "yes").run()
