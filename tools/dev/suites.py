# SPDX-License-Identifier: Apache-2.0
"""What `./dev test` is made of: one row and one function per suite. A function gives (passed, failed)."""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LOGS = ROOT / "build/test-logs"
# Rooms whose unit tests run again under a sanitizer. ASan and UBSan: parsers and everything that holds text.
ADDRESS_ROOMS = ("base", "types", "dlp", "dialects", "policy", "ledger", "store", "audit", "gateway", "ipc", "native_messaging",
                 "documents", "cms", "sync")
# TSan: what more than one thread touches.
THREAD_ROOMS = ("audit", "gateway", "upstream", "bridge", "sync")


class Run:
    """One run of ./dev test: options, and how commands are run and logged."""

    def __init__(self, is_long, words):
        self.is_long = is_long
        self.words = words
        LOGS.mkdir(parents=True, exist_ok=True)

    def call(self, suite, command, cwd=ROOT, timeout=3600, environment=None):
        """Runs `command` with its output in the suite's log. Gives (exit code, output)."""
        log = LOGS / f"{suite}.log"
        started, pieces = time.monotonic(), []
        with log.open("a") as out:
            out.write(f"$ {' '.join(map(str, command))}\n")
            process = subprocess.Popen(list(map(str, command)), cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                       errors="replace", env=dict(os.environ, **(environment or {})), start_new_session=True)
            try:
                for line in process.stdout:
                    out.write(line)
                    pieces.append(line)
                    if time.monotonic() - started > timeout:
                        raise TimeoutError
                code = process.wait(60)
            except (TimeoutError, subprocess.TimeoutExpired):
                os.killpg(process.pid, 9)
                code = 124
                pieces.append(f"stopped after {timeout} s\n")
        return code, "".join(pieces)

    def shell(self, suite, script, **rest):
        return self.call(suite, ["bash", "-c", ". tools/dev/common.sh\n" + script], **rest)


def show(output, lines=60):
    print("".join("    " + line + "\n" for line in output.splitlines()[-lines:]), end="", flush=True)


def tap_failures(output):
    """Of what `node --test` printed, the tests that failed: who reads a log that was cut wants to see those, and not the last ones."""
    kept, is_failure = [], False
    for line in output.splitlines():
        if re.match(r"\s*(not ok|ok|# )", line):
            is_failure = line.lstrip().startswith("not ok")
        if is_failure:
            kept.append(line)
    return "\n".join(kept)


def one(run, suite, command, **rest):
    """A command that is one test."""
    code, output = run.call(suite, command, **rest)
    if code:
        show(output)
    return (1, 0) if code == 0 else (0, 1)


def add(results):
    results = list(results)
    return sum(r[0] for r in results), sum(r[1] for r in results)


def lints(run):
    python = sys.executable
    results = [one(run, "lints", [python, f"tools/check_{name}.py"])
               for name in ("layers", "sizes", "words", "spdx", "scripts", "format")]
    results.append(unittests(run, "lints", "tools/tests"))
    if (ROOT / "build/dev/compile_commands.json").exists() or run.shell("lints", "configure dev")[0] == 0:
        results.append(one(run, "lints", [python, "tools/check_tidy.py"]))
    return add(results)


def build(run):
    return one(run, "build", ["bash", "tools/dev/build.sh", "dev"], timeout=3600, environment={"GATEHOUSE_NO_SETUP": "1"})


def ctest(run, suite, preset, *arguments, environment=None):
    report = LOGS / f"{suite}-{preset}.xml"
    report.unlink(missing_ok=True)
    jobs = str(os.cpu_count())
    code, output = run.call(suite, ["ctest", "--test-dir", f"build/{preset}", "--output-on-failure", "-j", jobs, "--no-tests=ignore",
                                    "--output-junit", report, *arguments], environment=environment)
    if not report.exists():
        show(output)
        return 0, 1
    cases = xml.etree.ElementTree.parse(report).getroot()
    failed = int(cases.get("failures", 0))
    # A test program that a broken build left out is "disabled" or "not run": that is no pass.
    absent = int(cases.get("disabled", 0)) + int(cases.get("skipped", 0))
    passed = int(cases.get("tests", 0)) - failed - absent
    if code or failed or absent:
        show(output, 120)
    return passed, failed + absent + (1 if code and not failed + absent else 0)


def unit(run):
    chosen = ["-R", "|".join(run.words)] if run.words else []
    return ctest(run, "unit", "dev", *chosen)


def unittests(run, suite, folder, pattern="test*.py", environment=None, log=None):
    """The tests of a folder's modules. No test at all is a failure, unless some were chosen by name."""
    chosen = [part for word in run.words for part in ("-k", word)] if suite != "lints" else []
    code, output = run.call(log or suite, [sys.executable, "-m", "unittest", "discover", "-v", "-s", folder, "-p", pattern, *chosen],
                            environment=environment)
    ran = re.search(r"^Ran (\d+) tests?", output, re.M)
    bad = sum(int(n) for n in re.findall(r"(?:failures|errors|unexpected successes)=(\d+)", output))
    total = int(ran[1]) if ran else 0
    skipped = sum(int(n) for n in re.findall(r"skipped=(\d+)", output))
    if not ran or (code and not bad and total):
        bad = bad or 1
    if bad:
        failures = output.find("\n======")
        show(output[failures:] if failures >= 0 else output, 150)
    return max(0, total - bad - skipped), bad


# Begun first, so that no long one is left for the end while the other cores have nothing to do.
LONG_MODULES = ("test_matrix", "test_erase", "test_store", "test_kill", "test_sync", "test_verifier", "test_surfaces")


def integration(run):
    """A process for each module, as many at once as there are cores: each test has its own folders, sockets and ports."""
    for left in LOGS.glob("integration-*.log"):
        left.unlink()
    if not run.words and run.shell("integration", "tests/support/llama.sh prepare")[0]:
        print("    the real llama-server could not be prepared; build/test-logs/integration.log says why")
    names = sorted((path.stem for path in (ROOT / "tests/integration").glob("test_*.py")),
                   key=lambda name: (LONG_MODULES.index(name) if name in LONG_MODULES else len(LONG_MODULES), name))
    environment = {"GATEHOUSE_LONG": "1" if run.is_long else "", "PYTHONPATH": str(ROOT)}

    def module(name):
        started = time.monotonic()
        good, bad = unittests(run, "integration", "tests/integration", f"{name}.py", environment, f"integration-{name[5:]}")
        if bad or not run.words:
            print(f"    {name}: {good} passed, {bad} failed ({time.monotonic() - started:.1f} s)", flush=True)
        return good, bad

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return add(pool.map(module, names))


def evaluation(run):
    """Labelled cases for the detectors; needs Faker and python-stdnum, which are Debian's for Debian's Python."""
    return one(run, "eval", ["/usr/bin/python3", "tests/eval/evaluate.py", "build/dev/app/gatehousectl"], timeout=600)


def node_suite(run, suite, folder, command):
    if not (ROOT / folder / "package-lock.json").exists():
        return 0, 0
    code, output = run.shell(suite, f"setup_node; npm_install {folder}; cd {folder}; {command}", timeout=1800,
                             environment={"GATEHOUSE_LONG": "1" if run.is_long else "", "NO_COLOR": "1"})
    output = re.sub(r"\x1b\[[0-9;]*m", "", output)
    counts = re.findall(r"^\s*Tests\s.*?(?:(\d+) failed[^\n]*?)?(\d+) passed", output, re.M)  # vitest
    if counts:
        passed, failed = int(counts[-1][1]), int(counts[-1][0] or 0)
    elif re.search(r"^# pass \d+", output, re.M):  # node --test, TAP
        passed, failed = (int(re.findall(rf"^# {word} (\d+)", output, re.M)[-1]) for word in ("pass", "fail"))
    elif re.search(r"^\D*pass \d+", output, re.M):  # node --test, spec reporter
        passed, failed = (int(re.findall(rf"^\D*{word} (\d+)$", output, re.M)[-1]) for word in ("pass", "fail"))
    else:  # a line "N passed, N failed"
        summary = re.findall(r"(\d+) passed, (\d+) failed", output)
        passed, failed = map(int, summary[-1]) if summary else (0, 1)
    if code and not failed:
        failed = 1
    if failed:
        show(tap_failures(output) or output, 150)
    return passed, failed


def extension(run):
    return node_suite(run, "extension", "extension", "npm run --silent types && npm test --silent && npm run --silent build")


def conformance(run):
    return node_suite(run, "conformance", "tests/conformance", "npm test --silent")


def e2e(run):
    return node_suite(run, "e2e", "tests/e2e", "npm test --silent")


OLDEST_FIREFOX = 153


def firefox(run):
    """The same tests in Firefox, less what it does not let a test do. Older ones than that of Debian's security updates do not let the
    tests look at what people see."""
    program = shutil.which("firefox-esr") or "false"
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    major = int((re.findall(r"Firefox (\d+)", told) or ["0"])[0])
    if 0 < major < OLDEST_FIREFOX:
        print(f"    skipped: Firefox {major} is older than {OLDEST_FIREFOX}; enable Debian's security updates", flush=True)
        return 0, 0
    return node_suite(run, "firefox", "tests/e2e", "npm run firefox --silent")


def unit_tests_of(rooms):
    """Names of the unit test programs of some rooms that a sanitizer can run, read from what the folders' CMake files declare."""
    names = []
    for room in rooms:
        declared = ROOT / "tests/unit" / room / "CMakeLists.txt"
        if declared.exists():
            everywhere = re.sub(r"^if\([^\n]*NOT GATEHOUSE_SANITIZE\).*?^endif\(\)", "", declared.read_text(), flags=re.M | re.S)
            names += re.findall(r"gatehouse_test\(\s*(\w+)", everywhere)
    return names


def sanitized(run, suite, preset, rooms):
    names = unit_tests_of(rooms)
    code, output = run.shell(suite, f"configure {preset} -DGATEHOUSE_BUILD_UI=OFF; build_targets {preset} {' '.join(names)}")
    if code:
        show(output)
        return 0, 1
    # QProcess starts children in a way that looks to ThreadSanitizer as if the parent itself had forked; without
    # die_after_fork=0 it ends the parent at its next thread.
    return ctest(run, suite, preset, "-R", f"^({'|'.join(names)})$",
                 environment={"TSAN_OPTIONS": f"suppressions={ROOT}/tools/tsan.supp:die_after_fork=0"})


def asan(run):
    return sanitized(run, "asan", "asan", ADDRESS_ROOMS)


def tsan(run):
    return sanitized(run, "tsan", "tsan", THREAD_ROOMS)


def fuzz(run):
    code, output = run.shell("fuzz", f"bash tools/dev/fuzz.sh all {60 if run.is_long else 10}",
                             environment={"GATEHOUSE_NO_SETUP": "1"})
    passed = len(re.findall(r"^fuzz_\w+: fine", output, re.M))
    failed = len(re.findall(r"^fuzz_\w+: FAILED", output, re.M))
    if code and not failed:
        failed = 1
    if failed:
        show(output)
    return passed, failed


# name, function, whether tests inside it can be chosen by name, whether it needs build/dev
SUITES = [
    ("build", build, False, False),
    ("lints", lints, False, False),
    ("unit", unit, True, True),
    ("integration", integration, True, True),
    ("eval", evaluation, False, True),
    ("conformance", conformance, False, True),
    ("extension", extension, False, False),
    ("e2e", e2e, False, True),
    ("firefox", firefox, False, True),
    ("asan", asan, False, False),
    ("tsan", tsan, False, False),
    ("fuzz", fuzz, False, False),
]
