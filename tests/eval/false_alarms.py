# SPDX-License-Identifier: Apache-2.0
"""Findings in the ordinary prose and code of this machine's own packages: documents, man pages, sources, settings.

false_alarms.py GATEHOUSECTL [--seed N] [--kilobytes N] [--show N]
Which files are there differs from machine to machine, so that this is no test; the figures of docs/detection-quality.md
say what they were taken from. People's names and e-mail addresses are counted apart: the authors in such files are real.
"""
import argparse
import collections
import glob
import gzip
import json
import os
import random
import subprocess

KINDS = {
    "documents": ["/usr/share/doc/**/*"],
    "man pages": ["/usr/share/man/man*/*.gz"],
    "Python": ["/usr/lib/python3*/**/*.py"],
    "Perl": ["/usr/share/perl/**/*.p[lm]", "/usr/share/perl5/**/*.pm"],
    "JavaScript": ["/usr/share/nodejs/**/*.js", "/usr/lib/node_modules/**/*.js", "/usr/share/javascript/**/*.js"],
    "C and C++": ["/usr/include/**/*.h", "/usr/include/**/*.hpp"],
    "Markdown": ["/usr/share/nodejs/**/*.md", "/usr/lib/node_modules/**/*.md"],
    "settings": ["/etc/**/*.conf", "/usr/share/**/*.xml", "/usr/share/**/*.json"],
}
# Made of the very things that are looked for.
LEFT_OUT = ("faker", "stdnum", "phonenumbers", "presidio")
AUTHORS = ("pii.any.person", "pii.any.email")


def text_of(path: str) -> str | None:
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            text = file.read(60_000).decode("utf-8", "ignore")
    except OSError:
        return None
    return text if len(text) >= 300 and "\0" not in text else None


def collect(kind: str, source: random.Random, budget: int) -> list[dict]:
    found = [path for pattern in KINDS[kind] for path in glob.glob(pattern, recursive=True)]
    files = sorted({path for path in found if os.path.isfile(path) and not os.path.islink(path)})
    source.shuffle(files)
    rows, size = [], 0
    for path in files:
        text = None if any(word in path.lower() for word in LEFT_OUT) else text_of(path)
        if text is not None:
            rows.append({"kind": kind, "path": path, "text": text})
            size += len(text.encode())
        if size > budget:
            break
    return rows


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kilobytes", type=int, default=1500, help="of each kind")
    parser.add_argument("--show", type=int, default=5, help="examples of each detector")
    arguments = parser.parse_args()
    source = random.Random(arguments.seed)
    rows = [row for kind in KINDS for row in collect(kind, source, arguments.kilobytes * 1000)]
    document = "".join(json.dumps({"id": str(number), "text": row["text"]}) + "\n" for number, row in enumerate(rows))
    done = subprocess.run([arguments.program, "scan", "--jsonl"], input=document, capture_output=True, text=True, check=True)
    sizes, alarms, authors = collections.Counter(), collections.Counter(), collections.Counter()
    examples = collections.defaultdict(list)
    for row, line in zip(rows, done.stdout.splitlines()):
        data = row["text"].encode()
        sizes[row["kind"]] += len(data)
        for finding in json.loads(line)["findings"]:
            (authors if finding["detector"] in AUTHORS else alarms)[row["kind"]] += 1
            value = data[finding["start"] : finding["end"]].decode("utf-8", "replace")
            before = data[max(0, finding["start"] - 40) : finding["start"]].decode("utf-8", "replace")
            examples[finding["detector"]].append(f"{value!r:.70} in {row['path'][-50:]} behind {before!r}")
    print("| kind | KB | findings but names and addresses of authors | in 100 KB | those |\n|---|---|---|---|---|")
    for kind, size in sizes.items():
        print(f"| {kind} | {size / 1000:.0f} | {alarms[kind]} | {alarms[kind] / (size / 100_000):.2f} | {authors[kind]} |")
    total = sum(sizes.values())
    print(f"| all | {total / 1000:.0f} | {sum(alarms.values())} | {sum(alarms.values()) / (total / 100_000):.2f} | {sum(authors.values())} |")
    for detector, found in sorted(examples.items(), key=lambda entry: -len(entry[1])):
        print(f"{detector}: {len(found)}")
        for example in source.sample(found, min(arguments.show, len(found))):
            print(f"    {example}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
