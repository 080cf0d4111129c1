#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every source file says its licence in one of its first three lines."""
import source_files

LINE = "SPDX-License-Identifier: Apache-2.0"
CHECKED = source_files.CPP | {".ts", ".mjs", ".js", ".py", ".sh", ".lua"}


def check(root, files):
    return [f"{path}:1: the line '{LINE}' is missing" for path in files
            if (path.suffix in CHECKED or str(path) in ("dev", ".ci/run"))
            and LINE not in "\n".join((root / path).read_text(errors="replace").split("\n")[:3])]


if __name__ == "__main__":
    source_files.main("spdx", check)
