#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./dev test [--long] [filter…]

Without a filter: every suite. A filter that is a suite's name runs that suite; any other word runs the tests of the unit and
integration suites whose names contain it. Prints the time of each suite and ends with one line "N passed, N failed".
"""
import argparse
import sys
import time

from suites import LOGS, SUITES, Run


def chosen(filters):
    names = {name for name, *_ in SUITES}
    suites = {word for word in filters if word in names}
    words = [word for word in filters if word not in names]
    rows = [row for row in SUITES if not filters or row[0] in suites or (words and row[2])]
    if any(needs_build for _, _, _, needs_build in rows) and not any(row[0] == "build" for row in rows):
        rows.insert(0, SUITES[0])
    return rows, words


def main():
    parser = argparse.ArgumentParser(prog="./dev test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="the full matrices and thousands of rounds")
    parser.add_argument("filter", nargs="*", help=", ".join(name for name, *_ in SUITES) + ", or part of a test's name")
    options = parser.parse_args()
    rows, words = chosen(options.filter)
    run = Run(options.long, words)
    passed = failed = 0
    is_built = True
    for name, suite, _, needs_build in rows:
        (LOGS / f"{name}.log").unlink(missing_ok=True)
        if needs_build and not is_built:
            print(f"==> {name}: left out, because the build failed", flush=True)
            failed += 1
            continue
        print(f"==> {name}", flush=True)
        started = time.monotonic()
        good, bad = suite(run)
        print(f"    {name}: {good} passed, {bad} failed ({time.monotonic() - started:.1f} s)", flush=True)
        passed, failed = passed + good, failed + bad
        if name == "build":
            is_built = bad == 0
    if failed:
        print("The logs are in build/test-logs.")
    if passed + failed == 0:
        print(f"no test has '{' '.join(options.filter)}' in its name", file=sys.stderr)
        failed = 1
    print(f"{passed} passed, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
