#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files of at most 500 lines, functions of at most 60, CMakeLists.txt of at most 60."""
import ast
import re

import source_files

FILE_LINES, FUNCTION_LINES, CMAKE_LINES = 500, 60, 60
COUNTED = source_files.CPP | {".ts", ".mjs", ".js", ".py", ".sh"}
BRACE = re.compile(r"[{};]")
# What a brace opens when it is not a function: a scope that may hold functions, or a value.
SCOPE = re.compile(r"^\s*(?:(?:inline|export|template\s*<.*>|\[\[\w+\]\])\s*)*(?:namespace|class|struct|union|enum|extern)\b", re.S)
CONTROL = re.compile(r"^\s*(?:\}?\s*else\b|if|for|while|switch|do|try|catch|return|co_return)\b")
SCRIPT_FUNCTION = re.compile(r"(?:=>\s*$)|(?:\)\s*(?::[^;{}()]*)?$)")


def cpp_functions(source):
    """(first line, lines) of each function body with its signature; a heuristic over code without comments."""
    bare = re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", lambda m: "\n" * m[0].count("\n"), source_files.bare_cpp(source), flags=re.M)
    stack, start, found = [], 0, []
    for match in BRACE.finditer(bare):
        head = bare[start:match.start()]
        if match[0] == "{":
            inside = any(kind != "scope" for kind, _ in stack)
            if inside:
                kind = "block"
            elif SCOPE.match(head.strip()) and not head.rstrip().endswith(")"):
                kind = "scope"
            else:
                kind = "function" if ")" in head else "value"
            stack.append((kind, start + len(head) - len(head.lstrip())))
        elif match[0] == "}" and stack:
            kind, begin = stack.pop()
            if kind == "function":
                first = bare.count("\n", 0, begin) + 1
                found.append((first, bare.count("\n", 0, match.end()) + 2 - first))
        start = match.end()
    return found


def script_functions(source):
    bare = source_files.bare_cpp(re.sub(r"`(?:\\.|[^`\\])*`", lambda m: '"' + "\n" * m[0].count("\n") + '"', source))
    stack, start, found = [], 0, []
    for match in BRACE.finditer(bare):
        head = bare[start:match.start()].strip()
        if match[0] == "{":
            stack.append(match.start() if SCRIPT_FUNCTION.search(head) and not CONTROL.match(head) else None)
        elif match[0] == "}" and stack:
            begin = stack.pop()
            if begin is not None:
                first = bare.count("\n", 0, begin) + 1
                found.append((first, bare.count("\n", 0, match.end()) + 2 - first))
        start = match.end()
    return found


def python_functions(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1


def shell_functions(source):
    for match in re.finditer(r"^\w+\(\) \{.*?^\}", source, re.M | re.S):
        yield source.count("\n", 0, match.start()) + 1, match[0].count("\n") + 1


def functions_of(path, source):
    if path.suffix in source_files.CPP:
        return cpp_functions(source)
    if path.suffix in (".ts", ".mjs", ".js"):
        return [] if ".test." in path.name else script_functions(source)
    return python_functions(source) if path.suffix == ".py" else shell_functions(source)


def check(root, files):
    problems = []
    for path in files:
        is_cmake = path.name == "CMakeLists.txt"
        if not is_cmake and path.suffix not in COUNTED and str(path) != "dev":
            continue
        source = (root / path).read_text(errors="replace")
        lines, most = source.count("\n"), CMAKE_LINES if is_cmake else FILE_LINES
        if lines > most:
            problems.append(f"{path}:{lines}: {lines} lines, at most {most}")
        if not is_cmake:
            problems += [f"{path}:{first}: a function of {length} lines, at most {FUNCTION_LINES}"
                         for first, length in functions_of(path, source) if length > FUNCTION_LINES]
    return problems


if __name__ == "__main__":
    source_files.main("sizes", check)
