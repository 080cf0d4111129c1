# SPDX-License-Identifier: Apache-2.0
"""What the lints share: the project's files, and C++ without comments or string contents (line numbers kept)."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CPP = {".h", ".cpp", ".mm"}
_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^\s()\\]{0,16})\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|(?<![\w])\'(?:\\.|[^\'\\\n])+\'', re.S)


def project_files(root=ROOT):
    """Tracked files and new ones that are not ignored, as paths relative to `root`, in order."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=root, check=True,
                            capture_output=True).stdout.decode().split("\0")
    return sorted({pathlib.Path(name) for name in listed if name and (root / name).is_file()})


def _blank(text, keep=""):
    return keep + "\n" * text.count("\n") + keep


def without_comments(source):
    return _TOKEN.sub(lambda m: _blank(m[0]) if m[0].startswith(("//", "/*")) else m[0], source)


def bare_cpp(source):
    """Comments gone, string literals empty."""
    return _TOKEN.sub(lambda m: _blank(m[0]) if m[0].startswith(("//", "/*")) else _blank(m[0], '"'), source)


def report(lint, problems, checked):
    """Prints `problems` (strings "file:line: what") and one last line; gives the exit code."""
    for problem in problems:
        print(problem)
    print(f"{lint}: {len(problems)} problems in {checked} files" if problems else f"{lint}: {checked} files are fine")
    return 1 if problems else 0


def main(lint, check):
    """Runs `check(root, files)` on the project (or on the folder given as the only argument) and exits."""
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    files = project_files(root)
    sys.exit(report(lint, check(root, files), len(files)))
