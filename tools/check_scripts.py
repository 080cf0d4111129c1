#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shell scripts parse, and Python compiles: the cheapest test there is."""
import subprocess
import sys

import source_files

problems, checked = [], 0
for path in source_files.project_files():
    if path.suffix == ".sh" or str(path) in ("dev", ".ci/run"):
        checked += 1
        done = subprocess.run(["bash", "-n", path], cwd=source_files.ROOT, capture_output=True, text=True)
        problems += done.stderr.splitlines() if done.returncode else []
    elif path.suffix == ".py":
        checked += 1
        try:
            compile((source_files.ROOT / path).read_text(), str(path), "exec")
        except SyntaxError as error:
            problems.append(f"{path}:{error.lineno}: {error.msg}")
sys.exit(source_files.report("scripts", problems, checked))
