#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Enforces tools/layers.toml: which room may include which, and where third-party headers and Qt may appear."""
import re
import tomllib

import source_files

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
QT = re.compile(r"^(Q[A-Z]\w*|Qt[A-Z]\w*/.*)$")


def place_of(path, table):
    """("rooms", name), ("parts", name), or None for files that no rule covers (tests, tools)."""
    parts = path.parts
    if len(parts) > 2 and parts[0] == "core":
        return "rooms", parts[1]
    if len(parts) > 1 and parts[0] in table["parts"]:
        return "parts", parts[0]
    return None


def room_of(target, table):
    head, _, rest = target.partition("/")
    return head if rest and head in table["rooms"] else None


def library_of(target, table):
    for name, starts in table["quarantine"].items():
        if any(target.startswith(start) for start in starts):
            return name
    return None


def fault(where, rules, name, target, is_quoted, table):
    """Why this include is forbidden, or None."""
    if ".." in target.split("/"):
        return "includes are written from the part's root, without .."
    if not is_quoted and QT.match(target) and not rules.get("qt"):
        return "Qt ends at app and ui"
    library = library_of(target, table)
    if library is not None and not is_quoted:
        return None if library in rules.get("third_party", []) else f"{library} is not a library of {name}"
    room = room_of(target, table) if is_quoted else None
    if room is None or room == name or room in ("base", "types") or rules.get("any") or target in rules.get("also", []):
        if is_quoted and where == "rooms" and target.startswith(("app/", "ui/", "tests/")):
            return "core looks into no other part"
        return None
    if room not in rules.get("may", []):
        return f"{name} may not look into {room}"
    doors = table["rooms"][room].get("doors")
    if doors is not None and target.partition("/")[2] not in doors:
        return f"{target} is not a door of {room}"
    return None


def check(root, files):
    table = tomllib.loads((root / "tools/layers.toml").read_text())
    problems = []
    for path in files:
        place = place_of(path, table) if path.suffix in source_files.CPP else None
        if place is None:
            continue
        where, name = place
        rules = table[where].get(name)
        if rules is None:
            problems.append(f"{path}:1: room {name} is not in tools/layers.toml")
            continue
        source = source_files.without_comments((root / path).read_text(errors="replace"))
        for match in INCLUDE.finditer(source):
            why = fault(where, rules, name, match[2], match[1] == '"', table)
            if why:
                problems.append(f"{path}:{source.count(chr(10), 0, match.start()) + 1}: {why} ({match[2]})")
    return problems


if __name__ == "__main__":
    source_files.main("layers", check)
