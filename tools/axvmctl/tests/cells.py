#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Feed the cells of cells.txt and of examples/ to axvmctl and to the JSON Schema.

usage: cells.py AXVMCTL ARCH. Prints "ok", "not ok" or "skip" and a name, line by line.
"""
import json
import os
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.path.dirname(HERE)
EXAMPLES = os.path.join(TOOL, "..", "..", "examples")
EXIT_CONFIG = 3


def result(ok, name, *why):
    """One line for the harness, and what went wrong before it."""
    if not ok:
        for text in why:
            print("# " + str(text).replace("\n", "\n# "))
    print(("ok " if ok else "not ok ") + name, flush=True)


# Machine number of ELF files, start of memory
ARCHES = {"x86": (62, 0), "arm64": (183, 0x40000000)}


def elf(arch):
    """A program of one segment, 1 MiB above the start of memory."""
    machine, base = ARCHES[arch]
    base += 0x100000
    header = struct.pack("<4sBBBB8xHHIQQQIHHHHHH", b"\x7fELF", 2, 1, 1, 0, 2, machine, 1, base,
                         64, 0, 0, 64, 56, 1, 0, 0, 0)
    return header + struct.pack("<IIQQQQQQ", 1, 7, 120, base, base, 16, 64, 4096) + bytes(16)


def kernel(arch):
    """As much of a kernel as a loader looks at."""
    if arch == "arm64":
        image = bytearray(8192)
        struct.pack_into("<2sHIQQQ", image, 0, b"MZ", 0xfa40, 0, 0, 0x3000000, 10)
        struct.pack_into("<4sI4sHH12xHH", image, 56, b"ARMd", 64, b"PE\0\0", 0xaa64, 1, 0, 0)
        struct.pack_into("<8sIIII", image, 88, b".text", 0x3000000, 4096, 4096, 4096)
        return bytes(image)
    image = bytearray(512 * 5 + 4096)
    struct.pack_into("<BHI", image, 0x1f1, 4, 0, 4096 // 16)
    struct.pack_into("<HH4sH", image, 0x1fe, 0xaa55, 0x6aeb, b"HdrS", 0x20f)
    image[0x211] = 1
    struct.pack_into("<IIBBHI", image, 0x22c, 0x7fffffff, 0x200000, 1, 21, 1, 2047)
    struct.pack_into("<QI", image, 0x258, 0x1000000, 0x3000000)
    return bytes(image)


def write(folder, name, data):
    """A file in the folder where cells are checked."""
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    return path


def cells(arch):
    """(kind, name, text, expected message) of each cell in cells.txt."""
    with open(os.path.join(HERE, "cells.txt"), encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    for part in "".join(lines).split("\n=== ")[1:]:
        head, _, body = part.partition("\n")
        kind, name, *only = head.split()
        if only and arch not in only:
            continue
        body = body.replace("0x@", f"0x{ARCHES[arch][1] >> 24:x}" if ARCHES[arch][1] else "0x")
        text, _, message = (body + "\n").partition("---\n")
        yield kind, name, text.strip(), message.strip()


def run(tool, *args):
    """The finished process, with text output."""
    return subprocess.run([tool, *args], capture_output=True, text=True, errors="replace",
                          stdin=subprocess.DEVNULL, check=False)


def check_cell(tool, folder, kind, name, text, message):
    """What axvmctl says of one cell."""
    path = write(folder, name + ".json", text.encode().replace(b"<ff>", b"\xff"))
    done = run(tool, "check", "--offline", path)
    said = done.stderr.strip()
    if kind == "good":
        ok = done.returncode == 0 and not said and name
    else:
        place = said.split(path + ":")[-1]
        ok = (done.returncode == EXIT_CONFIG and message in said and not done.stdout
              and said.startswith(path + ":") and place[0].isdigit() and "\n" not in said)
        # A place in the message is where it begins.
        if message[:1].isdigit():
            ok = ok and said.startswith(path + ":" + message)
    result(ok, f"cell: {name}: axvmctl", f"wanted: {message}", f"exit code {done.returncode}",
           done.stdout, done.stderr)


def check_schema(validator, kind, name, text):
    """Whether the schema agrees."""
    if kind == "text":
        return
    valid = validator.is_valid(json.loads(text))
    result(valid == (kind in ("good", "deep")), f"cell: {name}: schema", f"valid: {valid}")


def make_validator():
    """A validator for the schema, or None."""
    try:
        import jsonschema
    except ImportError:
        return None
    if not hasattr(jsonschema, "Draft202012Validator"):
        return None
    with open(os.path.join(TOOL, "cell.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
        result(True, "schema: is one")
    except jsonschema.SchemaError as error:
        result(False, "schema: is one", error)
    return jsonschema.Draft202012Validator(schema)


def schema_keys(schema, path=""):
    """Every key that the schema knows, as a path."""
    for key, value in schema.get("properties", {}).items():
        if isinstance(value, dict):
            yield path + key
            yield from schema_keys(value, path + key + ".")
    for inner in [schema.get("items")] + schema.get("oneOf", []):
        if isinstance(inner, dict):
            yield from schema_keys(inner, path)


def check_documented(text_path):
    """Every key of the schema is in the man page."""
    with open(os.path.join(TOOL, "cell.schema.json"), encoding="utf-8") as file:
        keys = sorted({key.rsplit(".", 1)[-1] for key in schema_keys(json.load(file))})
    with open(text_path, encoding="utf-8") as file:
        text = file.read()
    missing = [key for key in keys if f".B {key}\n" not in text and f".BR {key} ,\n" not in text]
    result(not missing, "schema: each key is in the man page", missing)


def check_examples(tool, arch, validator, folder):
    """Examples, laid out as in the test host, with stand-ins for what they load."""
    paths = sorted(os.path.join(place, name) for place in (EXAMPLES, os.path.join(EXAMPLES, arch))
                   for name in os.listdir(place) if name.endswith(".json"))
    result(bool(paths), "examples: there are some")
    for source in paths:
        name = os.path.basename(source)
        with open(source, encoding="utf-8") as file:
            text = file.read()
        cell = json.loads(text)
        path = write(folder, "examples/" + name, text.encode())
        for part in (cell.get("image", {}).get("file"), cell.get("linux", {}).get("kernel"),
                     cell.get("linux", {}).get("initrd")):
            if part:
                data = kernel(arch) if "vmlinuz" in part else elf(arch) if part.endswith(".elf") else b"x"
                write(folder, os.path.normpath("examples/" + part), data)
        done = run(tool, "check", "--offline", path)
        result(done.returncode == 0, f"example: {name}: axvmctl", done.stdout, done.stderr)
        if validator:
            errors = [error.message for error in validator.iter_errors(cell)]
            result(not errors, f"example: {name}: schema", *errors)


def main():
    """All of it."""
    tool, arch = os.path.abspath(sys.argv[1]), sys.argv[2]
    validator = make_validator()
    if not validator:
        print("skip schema: python3-jsonschema 4 is not installed")
    with tempfile.TemporaryDirectory(prefix="axvmctl-") as folder:
        for name, data in (("raw.bin", bytes(range(64))), ("prog.elf", elf(arch)),
                           ("short.elf", elf(arch)[:100]), ("vmlinuz", kernel(arch)),
                           ("short.vmlinuz", kernel(arch)[:4000]), ("initrd", b"an initrd")):
            write(folder, name, data)
        for kind, name, text, message in cells(arch):
            check_cell(tool, folder, kind, name, text, message)
            if validator:
                check_schema(validator, kind, name, text)
        check_examples(tool, arch, validator, folder)
    check_documented(os.path.join(TOOL, "axvmctl.8"))


if __name__ == "__main__":
    main()
