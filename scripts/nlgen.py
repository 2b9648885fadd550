#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Generate what follows from uapi/axvm.yaml, so that it is written down once.

Writes uapi/axvm.h (the ABI's numbers), module/nl_policy.[ch] (what the kernel
accepts) and names.[ch] of the module and the tool (how numbers read). With
--check nothing is written: differences are shown and the exit status is 1 when
there are any.
"""
import argparse
import difflib
import os
import sys

try:
    import yaml
except ImportError:
    sys.exit("nlgen.py: needs the Python yaml module (package python3-yaml)")

SPEC = "uapi/axvm.yaml"
NOTICE = "/* Generated from uapi/axvm.yaml by scripts/nlgen.py; edit that, then run it. */"
INT_TYPES = ("u8", "u16", "u32", "u64")


class Spec:
    """The parsed YAML file and the names that C code uses for its parts."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.yaml = yaml.safe_load(file)
        self.prefix = self.yaml["name"]
        self.definitions = self.yaml["definitions"]
        self.sets = {s["name"]: s for s in self.yaml["attribute-sets"]}
        self.ops = self.yaml["operations"]["list"]

    def upper(self, *parts):
        return "_".join((self.prefix,) + parts).replace("-", "_").upper()

    def lower(self, *parts):
        return "_".join((self.prefix,) + parts).replace("-", "_").lower()

    def consts(self):
        return [d for d in self.definitions if d["type"] == "const"]

    def enums(self):
        return [d for d in self.definitions if d["type"] in ("enum", "flags")]

    def enum(self, name):
        return next(d for d in self.enums() if d["name"] == name)

    def attr(self, set_name, attr_name):
        return next(a for a in self.sets[set_name]["attributes"] if a["name"] == attr_name)

    def limit(self, value):
        """A check's value: a number, or the name of a constant."""
        if isinstance(value, int):
            return str(value)
        assert any(c["name"] == value for c in self.consts()), value
        return self.upper(value)

    def requests(self):
        """(operation, attributes that a request may carry) for all that has a request."""
        for op in self.ops:
            names = []
            for mode in ("do", "dump"):
                names += op.get(mode, {}).get("request", {}).get("attributes", [])
            if "do" in op or "dump" in op:
                yield op, list(dict.fromkeys(names))

    def nested_sets(self):
        """Attribute sets nested in requests, innermost first."""
        found = []

        def visit(set_name, names):
            for name in names:
                attr = self.attr(set_name, name)
                inner = attr.get("nested-attributes")
                if not inner or inner == set_name or inner in found:
                    continue
                visit(inner, [a["name"] for a in self.sets[inner]["attributes"]])
                found.append(inner)

        for op, names in self.requests():
            visit(op["attribute-set"], names)
        return found


def header(spdx_license, what):
    return [f"/* SPDX-License-Identifier: {spdx_license} */", NOTICE, f"/* {what} */"]


def source(what):
    return ["// SPDX-License-Identifier: GPL-2.0", NOTICE, f"/* {what} */"]


def wrap_comment(indent, text, width=100):
    """A C comment of one line, or of several when it is long."""
    if len(indent.expandtabs()) + len(text) + 6 <= width:
        return [f"{indent}/* {text} */"]
    lines, line = [], ""
    for word in text.split():
        if line and len(indent.expandtabs()) + len(line) + len(word) + 4 > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return [f"{indent}/*"] + [f"{indent} * {each}" for each in lines] + [f"{indent} */"]


def uapi_enum(spec, definition):
    name = definition["name"]
    out = []
    if "doc" in definition:
        out += wrap_comment("", definition["doc"])
    out.append(f"enum {spec.lower(name)} {{")
    for value, entry in enumerate(definition["entries"]):
        if definition["type"] == "flags":
            out.append(f"\t{spec.upper(name, entry)} = 1U << {value},")
        else:
            out.append(f"\t{spec.upper(name, entry)} = {value},")
    out += ["};", ""]
    if definition["type"] == "flags":
        mask = (1 << len(definition["entries"])) - 1
        out += [f"#define {spec.upper('all', name + 's')}\t{hex(mask)}U", ""]
    else:
        out += [f"#define {spec.upper('nr', name + 's')}\t{len(definition['entries'])}U", ""]
    return out


def attr_doc(attr):
    kind = attr["type"]
    if "enum" in attr:
        kind += f", {attr['enum']}"
    if "nested-attributes" in attr:
        kind += f" of {attr['nested-attributes']}"
    if attr.get("multi-attr"):
        kind += ", any number"
    doc = attr.get("doc")
    return f"{kind}: {doc}" if doc else kind


def uapi_header(spec):
    out = header("GPL-2.0 WITH Linux-syscall-note", spec.yaml["doc"])
    out += ["#ifndef _UAPI_AXVM_H", "#define _UAPI_AXVM_H", ""]
    out += [f"#define {spec.upper('family', 'name')}\t\"{spec.prefix}\"",
            f"#define {spec.upper('family', 'version')}\t{spec.yaml['version']}", ""]
    for const in spec.consts():
        if "doc" in const:
            out += wrap_comment("", const["doc"])
        out.append(f"#define {spec.upper(const['name'])}\t{const['value']}")
    out.append("")
    for definition in spec.enums():
        out += uapi_enum(spec, definition)
    for set_name, attrs in spec.sets.items():
        out += [f"/* Attributes of {set_name}. */", "enum {"]
        for number, attr in enumerate(attrs["attributes"]):
            out += wrap_comment("\t", attr_doc(attr))
            first = " = 1" if number == 0 else ""
            out.append(f"\t{spec.upper('a', set_name, attr['name'])}{first},")
        last = spec.upper("a", set_name, "max")
        out += ["", f"\t__{last},", f"\t{last} = __{last} - 1", "};", ""]
    out += ["/* Commands, and events that use the same numbers. */", "enum {"]
    for number, op in enumerate(spec.ops):
        if "doc" in op:
            out += wrap_comment("\t", op["doc"])
        first = " = 1" if number == 0 else ""
        out.append(f"\t{spec.upper('cmd', op['name'])}{first},")
    last = spec.upper("cmd", "max")
    out += ["", f"\t__{last},", f"\t{last} = __{last} - 1", "};", ""]
    for group in spec.yaml["mcast-groups"]["list"]:
        out.append(f"#define {spec.upper('mcgrp', group['name'])}\t\"{group['name']}\"")
    return out + ["", "#endif /* _UAPI_AXVM_H */"]


def policy_entry(spec, set_name, attr):
    name = f"[{spec.upper('a', set_name, attr['name'])}]"
    kind = attr["type"]
    checks = attr.get("checks", {})
    if kind == "nest":
        inner = spec.lower(attr["nested-attributes"], "nl", "policy")
        return f"\t{name} = NLA_POLICY_NESTED({inner}),"
    if kind == "string":
        size = f", .len = {spec.limit(checks['max-len'])}" if "max-len" in checks else ""
        return f"\t{name} = {{ .type = NLA_NUL_STRING{size} }},"
    if kind == "binary":
        return f"\t{name} = {{ .type = NLA_BINARY, .len = {spec.limit(checks['max-len'])} }},"
    if kind == "flag":
        return f"\t{name} = {{ .type = NLA_FLAG }},"
    assert kind in INT_TYPES, kind
    if "enum" in attr:
        definition = spec.enum(attr["enum"])
        if definition["type"] == "flags":
            limit = spec.upper("all", attr["enum"] + "s")
            return f"\t{name} = NLA_POLICY_MASK(NLA_{kind.upper()}, {limit}),"
        limit = spec.upper("nr", attr["enum"] + "s")
        return f"\t{name} = NLA_POLICY_MAX(NLA_{kind.upper()}, {limit} - 1),"
    if "max" in checks:
        return f"\t{name} = NLA_POLICY_MAX(NLA_{kind.upper()}, {spec.limit(checks['max'])}),"
    return f"\t{name} = {{ .type = NLA_{kind.upper()} }},"


def policies(spec):
    """(C name, size expression, lines) of each policy, in an order that compiles."""
    for set_name in spec.nested_sets():
        attrs = spec.sets[set_name]["attributes"]
        size = f"{spec.upper('a', set_name, 'max')} + 1"
        yield (spec.lower(set_name, "nl", "policy"), size,
               [policy_entry(spec, set_name, attr) for attr in attrs])
    for op, names in spec.requests():
        if not names:
            continue
        set_name = op["attribute-set"]
        attrs = [a for a in spec.sets[set_name]["attributes"] if a["name"] in names]
        size = f"{spec.upper('a', set_name, attrs[-1]['name'])} + 1"
        yield (spec.lower(op["name"], "nl", "policy"), size,
               [policy_entry(spec, set_name, attr) for attr in attrs])


def op_entry(spec, op, names):
    out = ["\t{", f"\t\t.cmd = {spec.upper('cmd', op['name'])},"]
    flags = {"admin-perm": "GENL_ADMIN_PERM"}
    out.append(f"\t\t.flags = {' | '.join(flags[f] for f in op['flags'])},")
    if names:
        policy = spec.lower(op["name"], "nl", "policy")
        out += [f"\t\t.policy = {policy},", f"\t\t.maxattr = ARRAY_SIZE({policy}) - 1,"]
    if "do" in op:
        out.append(f"\t\t.doit = {spec.lower('nl', op['name'], 'doit')},")
    if "dump" in op:
        out += [f"\t\t.start = {spec.lower('nl', op['name'], 'start')},",
                f"\t\t.dumpit = {spec.lower('nl', op['name'], 'dumpit')},"]
    return out + ["\t},"]


def policy_header(spec):
    out = header("GPL-2.0", "What the netlink family accepts, and who answers it.")
    out += ["#ifndef AXVM_NL_POLICY_H", "#define AXVM_NL_POLICY_H", "",
            "#include <net/genetlink.h>", "", "#include \"../uapi/axvm.h\"", ""]
    out += [f"extern const struct nla_policy {name}[{size}];" for name, size, _ in policies(spec)]
    requests = list(spec.requests())
    ops = spec.lower("nl", "ops")
    out += ["", f"extern const struct genl_ops {ops}[{len(requests)}];", ""]
    for op, _ in requests:
        if "do" in op:
            out.append(f"int {spec.lower('nl', op['name'], 'doit')}"
                       "(struct sk_buff *skb, struct genl_info *info);")
        if "dump" in op:
            out.append(f"int {spec.lower('nl', op['name'], 'start')}"
                       "(struct netlink_callback *cb);")
            out.append(f"int {spec.lower('nl', op['name'], 'dumpit')}"
                       "(struct sk_buff *skb, struct netlink_callback *cb);")
    return out + ["", "#endif"]


def policy_source(spec):
    out = source("What the netlink family accepts, and who answers it.")
    out += ["#include <linux/kernel.h>", "", "#include \"nl_policy.h\"", ""]
    for name, size, lines in policies(spec):
        out += [f"const struct nla_policy {name}[{size}] = {{"] + lines + ["};", ""]
    requests = list(spec.requests())
    out.append(f"const struct genl_ops {spec.lower('nl', 'ops')}[{len(requests)}] = {{")
    for op, names in requests:
        out += op_entry(spec, op, names)
    return out + ["};"]


def names_declarations(spec):
    out = ["/* How a value reads, for flags by bit number. */"]
    for definition in spec.enums():
        out.append(f"extern const char *const {spec.lower(definition['name'], 'names')}"
                   f"[{len(definition['entries'])}];")
    return out


def names_definitions(spec):
    out = []
    for definition in spec.enums():
        entries = definition["entries"]
        out.append(f"const char *const {spec.lower(definition['name'], 'names')}"
                   f"[{len(entries)}] = {{")
        out += [f"\t\"{entry}\"," for entry in entries] + ["};", ""]
    return out[:-1]


def names_header(spec):
    out = header("GPL-2.0", "Names of the netlink family's values.")
    out += ["#ifndef AXVM_NAMES_H", "#define AXVM_NAMES_H", ""]
    return out + names_declarations(spec) + ["", "#endif"]


def names_source(spec):
    out = source("Names of the netlink family's values.")
    return out + ["#include \"names.h\"", ""] + names_definitions(spec)


OUTPUTS = {
    "uapi/axvm.h": uapi_header,
    "module/nl_policy.h": policy_header,
    "module/nl_policy.c": policy_source,
    "module/names.h": names_header,
    "module/names.c": names_source,
    "tools/axvmctl/names.h": names_header,
    "tools/axvmctl/names.c": names_source,
}


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true",
                        help="write nothing; fail and show a diff when a file is not up to date")
    args = parser.parse_args()
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    spec = Spec(os.path.join(root, SPEC))
    drift = False
    for name, generate in OUTPUTS.items():
        path = os.path.join(root, name)
        old, new = read(path), "\n".join(generate(spec)) + "\n"
        if old == new:
            continue
        drift = True
        if args.check:
            sys.stdout.writelines(difflib.unified_diff(
                old.splitlines(True), new.splitlines(True), name, name + " (generated)"))
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(new)
        print(f"nlgen.py: wrote {name}")
    if args.check and drift:
        sys.exit("nlgen.py: generated files differ; run scripts/nlgen.py")


if __name__ == "__main__":
    main()
