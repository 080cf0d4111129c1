#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/detector-coverage.md names no detector that the catalogue does not have. Usage: coverage_table.py"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
known = {row["id"] for file in (ROOT / "core/dlp/catalogue").glob("*/*.json") for row in json.loads(file.read_text("utf-8"))}
named = set(re.findall(r"`([a-z-]+\.[a-z]+\.[a-z0-9-]+)`", (ROOT / "docs/detector-coverage.md").read_text("utf-8")))
unknown = sorted(named - known)
print(f"coverage table: {len(named)} detectors named, {len(unknown)} unknown {' '.join(unknown)}")
sys.exit(1 if unknown or len(named) < 200 else 0)
