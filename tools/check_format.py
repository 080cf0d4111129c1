#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-format-19 has nothing to change in our C++."""
import re
import subprocess
import sys

import source_files

files = [str(f) for f in source_files.project_files() if f.suffix in (".h", ".cpp")]
done = subprocess.run(["clang-format-19", "--dry-run", "-Werror", *files], cwd=source_files.ROOT, capture_output=True, text=True)
sys.exit(source_files.report("format", sorted({re.sub(r":\d+:\d+: .*", ": clang-format-19 -i would change it", line)
                                               for line in done.stderr.splitlines() if ": error:" in line}), len(files)))
