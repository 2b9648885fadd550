# SPDX-License-Identifier: GPL-2.0
"""One boot of the test host in QEMU: start, watch, judge, clean up.

The host's console is a pipe, its control line (another serial line) and its
debug port are files. A boot is over when the control line says "@exit", the
kernel panics, QEMU ends, or no byte has come from anywhere for a long time.
"""

import os
import re
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from . import settings

STAMP = r"^\[ *\d+\.\d+\](?:\[ *[CT]\d+\])? "
# Also how a kernel ends that boots another one by kexec.
PANIC = re.compile(STAMP + r"(?:Kernel panic - not syncing|kexec_core: Starting new kernel)")
COMPLAINT = re.compile(
    STAMP + r"(?:WARNING: |BUG: |watchdog: BUG|Oops|general protection fault|"
    r"INFO: task .* blocked|kmemleak: [1-9]|refcount_t: |UBSAN|"
    r"list_(?:add|del) corruption|=+\s*WARNING)")
DEFAULT_HANG = 600
AFTER_PANIC_LIMIT = 1800
HOST_FAILED = 200
HOST_COMPLAINED = 201


class Expectation:
    """What must be seen on the debug port after the host has panicked."""

    def __init__(self, text):
        # "COUNT REGEX - description"
        head, _, self.name = text.partition(" - ")
        count, _, regex = head.strip().partition(" ")
        self.count = int(count)
        self.regex = re.compile(regex.strip())
        self.seen = 0

    def feed(self, line):
        """Count one line of the debug port."""
        if self.regex.search(line):
            self.seen += 1

    def met(self):
        """True once enough lines have matched."""
        return self.seen >= self.count


class Tail:
    """Whole lines of a file that another process is writing."""

    def __init__(self, path):
        self.path = path
        self.offset = 0
        self.rest = b""

    def lines(self):
        """New complete lines since the last call, and whether bytes came."""
        try:
            with open(self.path, "rb") as data:
                data.seek(self.offset)
                new = data.read()
        except FileNotFoundError:
            return [], False
        self.offset += len(new)
        *whole, self.rest = (self.rest + new).split(b"\n")
        return [decode(line) for line in whole], bool(new)


def decode(line):
    """Bytes of a serial line as text without its carriage return."""
    return line.decode("utf-8", "replace").replace("\r", "")


def newc(files):
    """A cpio archive (newc) of {path: text or bytes}, with the folders they need."""
    out = bytearray()
    entries = {}
    for path, text in files.items():
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            entries.setdefault("/".join(parts[:depth]), (0o40755, b""))
        entries[path] = (0o100755, text if isinstance(text, bytes) else text.encode())
    entries["TRAILER!!!"] = (0, b"")
    for number, (path, (mode, data)) in enumerate(entries.items(), 1):
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path) + 1, 0)
        out += b"070701" + b"".join(b"%08X" % field for field in fields)
        out += path.encode() + b"\0"
        out += b"\0" * (-len(out) % 4)
        out += data + b"\0" * (-len(data) % 4)
    return bytes(out) + b"\0" * (-len(out) % 512)


def number(text):
    """64M, 0x1000 or 17."""
    unit = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}.get(text[-1:], 1)
    return int(text.rstrip("KMG"), 0) * unit


class Host:
    """Settings and outcome of one boot.

    After run(): exit_code (of the command inside, None if it did not report),
    reason (why the boot counts as failed, None if it does not), complaints.
    """

    def __init__(self, kernel, log, *, cpus=4, memory="1G", cmdline="", qemu=(),
                 x2apic=False, module=True, boot_images=False, panics=False,
                 hang=DEFAULT_HANG, loglevel="", script=None, reserve="",
                 icount=False, files=None, wire=False,
                 on_console=None, on_control=None, on_debug=None):
        self.arch = settings.arch_settings()
        self.kernel = kernel
        self.log = os.path.join(settings.LOGS, log)
        self.cpus, self.memory, self.cmdline = cpus, memory, cmdline
        self.qemu, self.x2apic = list(qemu), x2apic
        self.module, self.boot_images = module, boot_images
        self.panics, self.hang = panics, hang
        self.loglevel, self.script = loglevel, script
        self.reserve = [number(part) for part in reserve.split("+")] if reserve else None
        self.icount, self.files, self.wire = icount, dict(files or {}), wire
        self.on_console = on_console or (lambda line: None)
        self.on_control = on_control or (lambda line: None)
        self.on_debug = on_debug or (lambda line: None)
        self.expectations = []
        self.exit_code = self.reason = None
        self.complaints = []
        self.panicked = None
        self.process = None
        self.folder = None

    def initramfs(self):
        """Concatenate the packed archives and this boot's own settings."""
        parts = ["base.cpio", f"modules-{self.kernel}.cpio"]
        if self.boot_images:
            parts.append("boot.cpio")
        mode = "run" if self.script is not None else "shell"
        own = {
            "etc/axvm/settings":
                f"MODE={mode}\nLOAD_MODULE={'yes' if self.module else 'no'}\n"
                f"LOGLEVEL={self.loglevel}\n"
                f"CONTROL_TTY={self.arch['CONTROL_TTY']}\n",
            "etc/axvm/run.sh": (self.script or "") + "\n",
            **self.files,
        }
        path = os.path.join(self.folder, "initramfs")
        with open(path, "wb") as out:
            for part in parts:
                source = os.path.join(settings.BUILD, "host", part)
                if not os.path.exists(source):
                    settings.die(f"{source} is missing; run scripts/prepare {self.kernel}")
                with open(source, "rb") as data:
                    shutil.copyfileobj(data, out)
            out.write(newc(own))
        return path

    def command(self, console):
        """QEMU's command line; CONSOLE is the -serial of the first port."""
        arch = self.arch
        machine = shlex.split(arch["QEMU_MACHINE"])
        if self.icount:
            # Time is the number of instructions, which needs all CPUs in one thread.
            machine = [word.replace("thread=multi", "thread=single") for word in machine]
            machine += ["-icount", "shift=0,sleep=off"]
            # And nothing comes from the machine around it: no dice, no date.
            machine += ["-seed", "1", "-rtc", "base=2026-01-01,clock=vm"]
        if self.x2apic:
            machine += shlex.split(arch["QEMU_X2APIC"])
        panic = "panic=0" if self.panics else "panic=-1"
        hardware = [
            arch["QEMU"], "-nodefaults", "-no-user-config", *machine,
            "-cpu", arch["QEMU_CPU"], "-smp", str(self.cpus), "-m", self.memory,
            "-display", "none", "-nic", "none", "-no-reboot",
            *console,
            "-chardev", f"file,id=control,path={self.log}.control",
            *shlex.split(arch["QEMU_CONTROL"]),
            "-chardev", f"file,id=debugcon,path={self.log}.debugcon",
            *(self.wire_devices() if self.wire else shlex.split(arch["QEMU_DEVICES"])),
            "-chardev", f"socket,id=mon,server=on,wait=off,path={self.folder}/monitor",
            "-mon", "chardev=mon,mode=readline",
            *self.qemu,
        ]
        return [
            *hardware, *self.device_tree(hardware),
            "-kernel", settings.kernel_image(self.kernel),
            "-initrd", self.initramfs(),
            "-append", f"console={arch['CONSOLE']} log_buf_len=4M {panic} "
                       f"{self.default_cmdline()}{self.reserve_cmdline()}{self.cmdline}".strip(),
        ]

    def wire_devices(self):
        """A UART that a test can hand to a guest, with a line to another of Linux's."""
        path = f"path={self.folder}/wire"
        return [
            "-chardev", f"socket,id=wire,server=on,wait=off,{path}",
            "-chardev", f"socket,id=peer,{path}", "-chardev", "null,id=none",
            *shlex.split(self.arch["WIRE_DEVICES"]),
        ]

    def reserve_cmdline(self):
        """Where a kernel parameter keeps memory out of Linux."""
        if not self.reserve or self.arch.get("DEBUG_NODE"):
            return ""
        return f"memmap={self.reserve[1]:#x}${self.reserve[0]:#x} "

    def reserve_edits(self, path):
        """And where the device tree does: fdtput's command lines."""
        if not self.reserve:
            return []
        start = int(self.arch["RAM_BASE"], 0) + self.reserve[0]
        parent, node = "/reserved-memory", f"/reserved-memory/cells@{start:x}"
        put = ["fdtput", "-p", "-t", "x", path]
        return [
            [*put, parent, "#address-cells", "2"], [*put, parent, "#size-cells", "2"],
            [*put, parent, "ranges"], [*put, node, "no-map"],
            [*put, node, "reg", f"{start >> 32:x}", f"{start & 0xffffffff:x}",
             "0", f"{self.reserve[1]:x}"],
        ]

    def device_tree(self, hardware):
        """Where the host is told of its devices by a tree: without the debug port,
        which no driver of Linux may hold when a guest wants it."""
        node = self.arch.get("DEBUG_NODE")
        if not node:
            return []
        path = os.path.join(self.folder, "tree.dtb")
        # Written in any case: that makes the file as small as the kernel wants it.
        status = "okay" if self.wire else "disabled"
        for argv in ([*hardware, "-machine", "dumpdtb=" + path],
                     ["fdtput", "-t", "s", path, node, "status", status],
                     *self.reserve_edits(path)):
            done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=False)
            if done.returncode:
                settings.die(f"{argv[0]} cannot make the device tree: "
                             + done.stderr.decode(errors="replace"))
        return ["-dtb", path]

    def default_cmdline(self):
        """Parameters that only the debug kernel gets."""
        return self.arch["DEBUG_CMDLINE"] + " " if self.kernel == "debug" else ""

    def __enter__(self):
        os.makedirs(os.path.dirname(self.log), exist_ok=True)
        for suffix in (".console", ".control", ".debugcon", ".registers"):
            if os.path.exists(self.log + suffix):
                os.unlink(self.log + suffix)
        self.folder = tempfile.mkdtemp(prefix="axvm-host.")
        return self

    def __exit__(self, *unused):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self):
        """End QEMU, by its own process id."""
        if not self.process or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def interact(self):
        """Run with this terminal as the console; Ctrl-a x ends it."""
        console = ["-chardev", "stdio,mux=on,id=con,signal=off",
                   "-serial", "chardev:con", "-mon", "chardev=con"]
        with self:
            old = signal.signal(signal.SIGINT, signal.SIG_IGN)
            with open(self.log + ".qemu", "wb") as errors:
                self.process = subprocess.Popen(self.command(console), stderr=errors)
            self.process.wait()
            signal.signal(signal.SIGINT, old)
            sys.stderr.write(self.qemu_errors())
            return self.process.returncode

    def run(self):
        """Boot, watch until it is over; returns True if nothing went wrong."""
        console = ["-chardev", "stdio,id=con,signal=off", "-serial", "chardev:con"]
        with self, open(self.log + ".console", "wb") as log, \
                open(self.log + ".qemu", "wb") as errors:
            self.process = subprocess.Popen(
                self.command(console), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=errors)
            self.watch(log)
        return self.reason is None

    def watch(self, log):
        """Read all three channels until the boot is over."""
        control, debug = Tail(self.log + ".control"), Tail(self.log + ".debugcon")
        rest, heard = b"", time.monotonic()
        closing = None
        while True:
            data = self.read_console()
            if data:
                log.write(data)
                log.flush()
                *whole, rest = (rest + data).split(b"\n")
                for line in whole:
                    self.console_line(decode(line))
            said, came = control.lines()
            for line in said:
                self.control_line(line)
            shown, came_too = debug.lines()
            for line in shown:
                self.debug_line(line)
            now = time.monotonic()
            if data or came or came_too:
                heard = now
            if self.process.poll() is not None and not data:
                self.ended()
                return
            if self.over(now, heard):
                # Let the last lines arrive, and the machine switch itself off.
                closing = closing or now
                if self.reason or self.panicked or now - closing > 60:
                    return

    def read_console(self):
        """What the console has, waiting up to a fifth of a second."""
        pipe = self.process.stdout
        if pipe and select.select([pipe], [], [], 0.2)[0]:
            data = os.read(pipe.fileno(), 65536)
            if not data:
                time.sleep(0.2)
            return data
        return b""

    def console_line(self, line):
        """Note a panic or a complaint of the host's kernel."""
        if PANIC.search(line):
            self.panicked = self.panicked or time.monotonic()
            if not self.panics:
                self.complaints.append(line)
        elif COMPLAINT.search(line) and not self.panicked:
            self.complaints.append(line)
        self.on_console(line)

    def control_line(self, line):
        """Act on the records that are for this class; pass all on."""
        if line.startswith("@exit "):
            self.exit_code = int(line.split()[1])
        elif line.startswith("@after-panic "):
            self.expectations.append(Expectation(line.split(" ", 1)[1]))
        self.on_control(line)

    def debug_line(self, line):
        """Count lines of the debug port once the host is dead."""
        if self.panicked:
            for expectation in self.expectations:
                expectation.feed(line)
        self.on_debug(line)

    def over(self, now, heard):
        """True when there is nothing more to wait for; may set reason."""
        if self.panicked and not self.panics:
            if now - heard > 5:
                self.reason = "the host panicked: " + self.complaints[-1]
            return bool(self.reason)
        if self.panicked and self.expectations and all(e.met() for e in self.expectations):
            return True
        if self.panicked and now - self.panicked > AFTER_PANIC_LIMIT:
            self.reason = "what was expected after the panic did not come"
            return True
        if self.exit_code is not None:
            if self.expectations:
                self.reason = "the command ended, but the host was to panic"
            return True
        if now - heard > self.hang:
            self.reason = f"no output for {self.hang} seconds"
            self.save_registers()
            return True
        return False

    def ended(self):
        """QEMU has ended by itself: decide what that means."""
        if self.exit_code is not None:
            return
        if self.panicked and self.panics:
            if not all(e.met() for e in self.expectations):
                self.reason = "the machine ended after the panic, before all was seen"
        elif self.panicked:
            self.reason = "the host panicked: " + self.complaints[-1]
        else:
            self.reason = (f"the machine ended (QEMU status {self.process.returncode}) "
                           "before the command reported; was it reset? " + self.qemu_errors())

    def qemu_errors(self):
        """What QEMU said, but for features of the CPU model that it lacks."""
        with open(self.log + ".qemu", encoding="utf-8", errors="replace") as errors:
            return "".join(line for line in errors if "support requested feature" not in line)

    def save_registers(self):
        """Ask QEMU where every CPU is, for whoever looks into a hang."""
        text = b""
        try:
            with socket.socket(socket.AF_UNIX) as monitor:
                monitor.settimeout(5)
                monitor.connect(os.path.join(self.folder, "monitor"))
                monitor.sendall(b"info cpus\ninfo registers -a\n")
                while True:
                    text += monitor.recv(65536)
        except OSError:
            pass
        with open(self.log + ".registers", "wb") as out:
            out.write(text)
