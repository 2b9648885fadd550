# SPDX-License-Identifier: GPL-2.0
"""Where things are: the tree, the cache, and the architecture's settings."""

import os
import shlex
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ARCH = os.environ.get("ARCH") or os.uname().machine.replace("aarch64", "arm64")
CACHE = os.environ.get("AXVM_CACHE") or os.path.expanduser("~/.cache/axvm")
KERNELS = os.path.join(CACHE, ARCH, "kernels")
BUILD = os.path.join(TOP, "build", ARCH)
LOGS = os.path.join(TOP, "build", "logs")


def die(message, code=2):
    """Print a message under the script's name and exit."""
    print(f"{os.path.basename(sys.argv[0])}: {message}", file=sys.stderr)
    sys.exit(code)


def arch_settings():
    """The KEY="value" lines of scripts/arch/$ARCH.sh, as a dictionary."""
    path = os.path.join(TOP, "scripts", "arch", ARCH + ".sh")
    settings = {}
    try:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("#") or "=" not in line:
                    continue
                key, value = line.split("=", 1)
                settings[key.strip()] = "".join(shlex.split(value))
    except FileNotFoundError:
        die(f"ARCH={ARCH} is not supported: there is no {path}")
    return settings


def kernel_image(name):
    """Path of the kernel image called NAME in the cache, or NAME if a path."""
    if "/" in name:
        return name
    path = os.path.join(KERNELS, name, "vmlinuz")
    if not os.path.exists(path):
        hint = "scripts/debug-kernel.sh" if name == "debug" else "make setup"
        die(f"there is no kernel '{name}' in {KERNELS}; run {hint}")
    return path
