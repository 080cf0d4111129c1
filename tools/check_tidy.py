#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-tidy-19 on the .cpp files that this change touches, within a budget of time.

Usage: check_tidy.py [--all] [--seconds N]    the change is what differs from origin/main, or the last commit when nothing does
Uses build/dev/compile_commands.json. Files that the budget does not reach are named; they do not count as fine.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import time

import source_files

FOLDERS = ("core", "app", "ui", "native-messaging")


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=source_files.ROOT, capture_output=True, text=True)
    return done.stdout.split() if done.returncode == 0 else []


def changed_files():
    base = git("merge-base", "HEAD", "origin/main")
    if not base or base == git("rev-parse", "HEAD"):
        base = git("rev-parse", "HEAD~1")
    return set((git("diff", "--name-only", base[0]) if base else []) + git("ls-files", "-o", "--exclude-standard"))


def tidy(path):
    done = subprocess.run(["clang-tidy-19", "-p", "build/dev", "--quiet", "--extra-arg=-Wno-unknown-warning-option",
                           "--extra-arg=-Wno-error", path], cwd=source_files.ROOT, capture_output=True, text=True)
    return path, done.returncode, done.stdout + (done.stderr if done.returncode and not done.stdout else "")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seconds", type=int, default=300)
    options = parser.parse_args()
    database = source_files.ROOT / "build/dev/compile_commands.json"
    if not database.exists():
        sys.exit("tidy: build/dev has no compile database; run ./dev build first")
    compiled = {os.path.relpath(entry["file"], source_files.ROOT) for entry in json.loads(database.read_text())}
    changed = compiled if options.all else changed_files()
    wanted = sorted(f for f in compiled & changed if f.startswith(FOLDERS))
    end, failed, left = time.monotonic() + options.seconds, 0, []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def job(path):
            return tidy(path) if options.all or time.monotonic() < end else (path, None, "")
        for path, code, output in pool.map(job, wanted):
            if code is None:
                left.append(path)
            elif code:
                failed += 1
                print(output)
    if left:
        print(f"tidy: no time for {len(left)} files: {' '.join(left)}")
    print(f"tidy: {len(wanted) - len(left)} changed files checked, {failed} with findings")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
