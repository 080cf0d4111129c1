# SPDX-License-Identifier: Apache-2.0
"""./dev bench dlp: texts, the bench program, grep and what else is installed to compare with; one table."""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
GREP = (r"[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}|"
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}|AKIA[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----")
SIZE = 4_000_000


def prose(random_source: random.Random) -> str:
    """Running text out of the project's own documents, without what is no prose."""
    words = []
    for page in sorted((ROOT / "docs").rglob("*.md")):
        for line in page.read_text(encoding="utf-8").splitlines():
            if line and line[0].isalpha() and "`" not in line:
                words.append(line)
    return fill(words, random_source, "\n")


def code(random_source: random.Random) -> str:
    lines = []
    for page in sorted((ROOT / "core").rglob("*.cpp")):
        lines.append(page.read_text(encoding="utf-8"))
    return fill(lines, random_source, "\n")


def chat(random_source: random.Random) -> str:
    openers = ["Can you help me to rewrite this mail", "Summarise the notes below", "What does this function do",
               "Explain the difference between the two plans", "Draft an answer to the customer"]
    rest = ["we met on Tuesday and agreed on the next steps", "the invoice 20418 was paid on 12 March",
            "please keep it short and friendly", "the build 1.24.3 failed again after 45 minutes",
            "his number is +49 30 901820 and the mail is jane.doe@example.org", "I have not heard back from them yet"]
    turns = [f"user: {random_source.choice(openers)}: {random_source.choice(rest)}, {random_source.choice(rest)}.\n"
             for _ in range(4000)]
    return fill(turns, random_source, "\n")


def log(random_source: random.Random) -> str:
    lines = [f"2026-03-{random_source.randint(1, 28):02d}T{random_source.randint(0, 23):02d}:14:{random_source.randint(0, 59):02d}.{random_source.randint(0, 999):03d}Z INFO "
             f"request id={random_source.getrandbits(64):016x} from=10.{random_source.randint(0, 255)}.4.{random_source.randint(1, 254)} "
             f"status={random_source.choice([200, 204, 404])} bytes={random_source.randint(100, 99999)} took={random_source.random():.4f}"
             for _ in range(4000)]
    return fill(lines, random_source, "\n")


def secrets(random_source: random.Random) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    value = lambda size: "".join(random_source.choice(alphabet) for _ in range(size))
    lines = []
    for _ in range(2000):
        lines += [f"GITHUB_TOKEN=ghp_{value(36)}", f"password: \"{value(14)}\"", f"card 4111 1111 1111 1111 mail {value(6)}@example.org",
                  f"AWS=AKIA{value(16).upper()}", f"postgres://app:{value(12)}@db.internal:5432/main", f"ssn 536-22-{random_source.randint(1000, 9999)}"]
    return fill(lines, random_source, "\n")


def fill(pieces: list[str], random_source: random.Random, joint: str) -> str:
    out, size = [], 0
    while size < SIZE:
        piece = random_source.choice(pieces)
        out.append(piece)
        size += len(piece) + len(joint)
    return joint.join(out)


def timed(command: list[str]) -> float:
    best = 1e9
    for _ in range(3):
        begin = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        best = min(best, time.monotonic() - begin)
    return best


def show(result: dict, folder: pathlib.Path) -> None:
    print(f"{result['detectors']} detectors, databases {result['database_bytes'] / 1e6:.1f} MB, start cold "
          f"{result['cold_start_ms']:.0f} ms, warm {result['warm_start_ms']:.0f} ms\n")
    print(f"{'text':10}{'MB/s':>9}{'Hyperscan alone':>18}{'share':>8}{'grep -E, 5 patterns':>22}{'findings':>10}")
    for row in result["throughput"]:
        path = folder / f"{row['text']}.txt"
        grep = path.stat().st_size / 1e6 / timed(["grep", "-aoE", GREP, str(path)])
        print(f"{row['text']:10}{row['mb_per_s']:9.0f}{row['hyperscan_mb_per_s']:18.0f}{row['share']:8.2f}{grep:22.0f}{row['findings']:10}")
    print(f"\n{'prompt':>12}{'p50 µs':>10}{'p99 µs':>10}")
    for row in result["latency"]:
        print(f"{row['bytes'] / 1000:9.0f} KB{row['p50_us']:10.0f}{row['p99_us']:10.0f}")
    print(f"\n{'hostile text':20}{'1 MB':>8}{'2 MB':>8}{'4 MB':>8}{'8 MB':>8}   seconds; twice the text, twice the time")
    for row in result["growth"]:
        print(f"{row['text']:20}" + "".join(f"{value:8.3f}" for value in row["seconds"]))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    random_source = random.Random(20260301)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for kind in (prose, code, chat, log, secrets):
            (folder / f"{kind.__name__}.txt").write_text(kind(random_source), encoding="utf-8")
        environment = {"GATEHOUSE_CACHE": str(folder / "cache"), "PATH": "/usr/bin:/bin"}
        done = subprocess.run([f"{arguments.build}/tests/bench/bench_dlp", name, str(arguments.rounds)], env=environment,
                              stdout=subprocess.PIPE, check=True)
        result = json.loads(done.stdout)
        if arguments.json:
            print(json.dumps(result))
        else:
            show(result, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
