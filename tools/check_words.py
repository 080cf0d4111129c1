#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Banned words: singletons, nested event loops, engines that backtrack, user text in logs, traces of a build machine."""
import re

import source_files

OURS = ("core", "app", "ui", "native-messaging", "collector", "tests")
# name, pattern over code without comments and strings, top folders, why
CODE_RULES = [
    ("singleton", re.compile(r"\b(?:get)?[iI]nstance\s*\(\s*\)"), OURS, "nothing is global; hand it down by reference"),
    ("global-static", re.compile(r"\bQ_GLOBAL_STATIC\b"), OURS, "nothing is global; hand it down by reference"),
    ("nested-loop", re.compile(r"\b(?:QEventLoop|processEvents|BlockingQueuedConnection)\b"), ("app", "ui", "core"),
     "a nested event loop re-enters code that does not expect it"),
    ("stdout", re.compile(r"\bstd\s*::\s*(?:cout|cerr|clog)\b"), ("core", "ui", "native-messaging"),
     "core answers with values and logs with base/log.h"),
    ("backtracking", re.compile(r"\b(?:std\s*::\s*(?:basic_)?regex\w*|QRegularExpression\w*|QRegExp)\b"),
     ("core", "app", "ui", "native-messaging"), "backtracks on foreign text; use the dlp engine or plain code"),
    ("sleep", re.compile(r"\b(?:std\s*::\s*this_thread\s*::\s*sleep_\w+|usleep|QThread\s*::\s*m?sleep)\s*\("),
     ("core", "ui"), "wait for the event, with a timer, not for time to pass"),
    ("qt-debug", re.compile(r"\bqDebug\s*\("), OURS, "log with base/log.h, or not at all"),
]
LOG_CALL = re.compile(r"\blog(?:Line|Info|Warning|Error|Debug)\s*\(")
# Names that hold what a person wrote, or a secret. Their size may be told.
PRIVATE = re.compile(
    r"(?<!\w)(?<!error\.)(?<!code\(\)\.)(?:m_)?(?:body|text|texts|prompt|content|payload|chunk|value|secret|token|password|authorization|apiKey|key|"
    r"originalText|sanitisedText|justification)(?!\w)(?!\s*\(\s*\)\s*\.\s*(?:size|empty)\b)(?!\s*(?:\.|->)\s*(?:size|empty|length)\b)"
    r"(?!\s*::)")


def arguments_of(code, start):
    """The text between the brackets of the call whose opening bracket ends at `start`."""
    depth, at = 1, start
    while at < len(code) and depth:
        depth += {"(": 1, ")": -1}.get(code[at], 0)
        at += 1
    return code[start:at - 1]


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def check_code(path, source):
    code, problems = source_files.bare_cpp(source), []
    for name, pattern, folders, why in CODE_RULES:
        if path.parts[0] in folders:
            problems += [f"{path}:{line_of(code, m.start())}: {name}: {why}" for m in pattern.finditer(code)]
    if path.parts[0] in ("core", "app", "ui", "native-messaging") and path.name not in ("log.h", "log.cpp"):
        for call in LOG_CALL.finditer(code):
            leak = PRIVATE.search(arguments_of(code, call.end()))
            if leak:
                problems.append(f"{path}:{line_of(code, call.start())}: log: '{leak[0]}' may hold user text or a secret; "
                                "log ids, kinds, counts and sizes")
    return problems


def machine_path(root):
    """The folder that this checkout lies in: it belongs to the machine, not into the project."""
    return re.compile(re.escape(str(root)) + r"(?=[/\s\"'`]|$)")


def check_text(path, source, machine):
    problems = [f"{path}:{line_of(source, m.start())}: machine: a path of the machine that this was written on"
                for m in machine.finditer(source)]
    if path.name == "package-lock.json":
        problems += [f"{path}:{line_of(source, m.start())}: registry: locks name no host; set omit-lockfile-registry-resolved"
                     for m in re.finditer(r'^\s*"resolved": "https?:', source, re.M)]
        if '"integrity"' not in source and '"node_modules/' in source:
            problems.append(f"{path}:1: integrity: locked packages carry their hash")
    return problems


def check(root, files):
    machine, problems = machine_path(root), []
    for path in files:
        data = (root / path).read_bytes()
        if b"\0" in data[:4096]:
            continue
        source = data.decode(errors="replace")
        problems += check_text(path, source, machine)
        if path.suffix in source_files.CPP:
            problems += check_code(path, source)
    return problems


if __name__ == "__main__":
    source_files.main("words", check)
