# SPDX-License-Identifier: Apache-2.0
"""The labelled evaluation of the detectors: cases made from formats and by generators that know nothing of the catalogue.

evaluate.py GATEHOUSECTL [--failures N] [--seed S]   prints precision, recall and F1 by group; exits 1 when a goal is
missed. Values are drawn anew from a fixed seed; none is in the catalogue's examples.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
from collections import defaultdict

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import identifiers  # noqa: E402
import people  # noqa: E402
import phrases  # noqa: E402
import programs  # noqa: E402
import secrets_made  # noqa: E402
import texts  # noqa: E402
import worldwide  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
# group: (precision, recall) that is the goal
GOALS = {"secrets": (0.98, 0.95), "checked identifiers": (0.99, 0.98), "contact": (0.95, 0.95), "names": (0.85, 0.75),
         "names, unlisted": (0.85, 0.75), "identifiers, other writings": (0.99, 0.95), "recovery phrases": (0.98, 0.95),
         "languages of programs": (0.9, 0.9)}
SECRET_CLASSES = {"secret", "credential"}
OTHERS = 5  # writings of an identifier besides the common ones


class Cases:
    def __init__(self):
        self.rows = []

    def add(self, group: str, what: str, text: str, value: str | None, accepts) -> None:
        """`value` is the labelled part of `text` (None: nothing must be found); accepts(finding) says what counts."""
        begin = len(text[: text.index(value)].encode()) if value else 0
        end = begin + len(value.encode()) if value else 0
        self.rows.append({"id": len(self.rows), "group": group, "what": what, "text": text, "span": (begin, end) if value else None,
                          "accepts": accepts})


def add_identifiers(cases: Cases, source: random.Random) -> None:
    for row in identifiers.ROWS:
        accepts = lambda finding: finding["class"] in ("pii", "pci", "financial", "phi")
        drawn = identifiers.values(row, source, True, len(texts.LABELLED) + OTHERS)
        good, more = drawn[: len(texts.LABELLED)], drawn[len(texts.LABELLED) :]
        for template, value in zip(texts.LABELLED, good):
            text = template.format(v=value, n=row[5], k=row[6])
            cases.add("checked identifiers", f"{row[1]} {row[2]}", text, value, accepts)
        other = texts.local(row[1]) + texts.WRITTEN
        for template, value in zip(source.sample(other, OTHERS), more):
            text = template.format(v=value, n=row[5], k=row[6])
            cases.add("identifiers, other writings", f"{row[1]} {row[2]}", text, value, accepts)
        bad = [] if row[3] in identifiers.UNCHECKED else identifiers.values(row, source, False, 3)
        is_wrong = lambda finding: accepts(finding) and "phone" not in finding["detector"]
        for template, value in zip(texts.BARE, bad):
            cases.add("checked identifiers", f"{row[1]} {row[2]}, wrong check", template.format(v=value), None, is_wrong)


def add_people(cases: Cases, source: random.Random) -> None:
    is_name = lambda finding: finding["detector"].endswith(".person")
    for index, name in enumerate(people.names(source, 320)):
        template = people.NAME_TEXTS[index % len(people.NAME_TEXTS)]
        cases.add("names", "name", template.format(v=name), name, is_name)
    is_address = lambda finding: finding["detector"].endswith(".address")
    for index, address in enumerate(people.addresses(source, 80)):
        template = ["Ship it to {v}.", "I live at {v} since May.", "Address: {v}\n", "Meet me at {v} tomorrow."][index % 4]
        cases.add("names", "address", template.format(v=address), address, is_address)
    for index, mail in enumerate(people.mails(source, 60)):
        template = ["Write to {v}.", "<{v}>", '{{"email": "{v}"}}', "mailto:{v}?subject=x", "{v}, thanks"][index % 5]
        cases.add("contact", "e-mail", template.format(v=mail), mail, lambda finding: "email" in finding["detector"])
    for index, phone in enumerate(people.phones(source, 96)):
        template = ["Call me at {v}.", "Phone: {v}\n", '{{"phone": "{v}"}}', "my number is {v}, thanks", "{v}", "Tel. {v}"][index % 6]
        cases.add("contact", "phone", template.format(v=phone), phone, lambda finding: "phone" in finding["detector"])
    for index, birth in enumerate(people.births(source, 40)):
        template = ["Date of birth: {v}", "born on {v} in Rome", '{{"dob": "{v}"}}', "DOB {v}, female"][index % 4]
        cases.add("contact", "date of birth", template.format(v=birth), birth, lambda finding: finding["class"] in ("pii", "phi"))


def add_secrets(cases: Cases, source: random.Random) -> None:
    accepts = lambda finding: finding["class"] in SECRET_CLASSES
    for name, make in secrets_made.OWN:
        for template in secrets_made.OWN_TEXTS:
            value = make(source)
            cases.add("secrets", name, template.format(v=value), value, accepts)
    for name, make in secrets_made.NAMED:
        for template in secrets_made.NAMED_TEXTS:
            value = make(source)
            cases.add("secrets", name, template.format(v=value, k=name), value, accepts)


def add_worldwide(cases: Cases, source: random.Random) -> None:
    for index, name in enumerate(worldwide.NAMES):
        template = worldwide.NAME_TEXTS[(index * 7) % len(worldwide.NAME_TEXTS)]
        cases.add("names, unlisted", "name", template.format(v=name), name, lambda finding: finding["detector"].endswith(".person"))
    for template in worldwide.BIRTH_TEXTS * 2:
        written = worldwide.birth(source)
        value = written[template[template.index("{") + 1]]
        cases.add("contact", "date of birth", template.format(**written), value, lambda finding: "birth" in finding["detector"])
    for template in worldwide.PASSWORD_TEXTS * 2:
        value = worldwide.password(source)
        cases.add("secrets", "password", template.format(v=value), value, lambda finding: finding["class"] in SECRET_CLASSES)


def add_phrases(cases: Cases, source: random.Random) -> None:
    accepts = lambda finding: finding["class"] in SECRET_CLASSES
    good, bad = phrases.cases(source)
    for text, value in good:
        cases.add("recovery phrases", f"{value.count(' ') + 1} words", text, value, accepts)
    for text in bad:
        cases.add("recovery phrases", "no words of the list", text, None, accepts)


def judge_programs(program: str, counts, failures) -> None:
    """Which language a program is in, and that prose is none: told in the reasons of what the optional detectors find."""
    group = "languages of programs"
    with tempfile.TemporaryDirectory() as folder:
        policy = pathlib.Path(folder) / "policy.json"
        policy.write_text(json.dumps({"meta": {"id": "eval"}, "detectors": {"enable": ["source-code.any.*"]}}))
        rows = programs.PROGRAMS + [("", text) for text in texts.CLEAN if ";" not in text and "=" not in text]
        paths = [pathlib.Path(folder) / f"{number:03}.txt" for number in range(len(rows))]
        for path, (_, text) in zip(paths, rows):
            path.write_text(text)
        done = subprocess.run([program, "scan", "--json", "--policy", policy, *paths], capture_output=True, text=True, check=False)
        told = {file["file"]: file["findings"] for file in json.loads(done.stdout)["files"]}
    for path, (language, text) in zip(paths, rows):
        reasons = [finding.get("why", "") for finding in told.get(str(path), []) if finding["class"] == "source-code" and "lines" in finding]
        is_told = any(f"; {language}, " in reason for reason in reasons)
        counts[group][0] += bool(language) and is_told
        counts[group][1] += bool(reasons) and not is_told
        counts[group][2] += bool(language) and not is_told
        if bool(reasons) != bool(language) or (language and not is_told):
            failures.append((group, "wrong" if reasons else "miss", language, text, "; ".join(reasons)))


def add_clean(cases: Cases) -> None:
    for text in texts.CLEAN:
        for group in GOALS:
            classes = SECRET_CLASSES if group == "secrets" else {"pii", "pci", "phi", "financial"}
            cases.add(group, "clean text", text, None, lambda finding, classes=classes: finding["class"] in classes)


def scan(program: str, rows: list[dict]) -> list[list[dict]]:
    document = "".join(json.dumps({"id": str(row["id"]), "text": row["text"]}) + "\n" for row in rows)
    done = subprocess.run([program, "scan", "--jsonl"], input=document, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [answer["findings"] for answer in answers]


def overlaps(finding: dict, span: tuple[int, int]) -> bool:
    common = min(finding["end"], span[1]) - max(finding["start"], span[0])
    return common * 2 >= span[1] - span[0] or (common > 0 and common * 2 >= finding["end"] - finding["start"])


def judge(rows: list[dict], found: list[list[dict]]):
    """true and false positives and misses by group, and what failed."""
    counts = defaultdict(lambda: [0, 0, 0])
    failures = []
    for row, findings in zip(rows, found):
        count = counts[row["group"]]
        mine = [finding for finding in findings if row["accepts"](finding)]
        if row["span"] is None:
            count[1] += bool(mine)
            if mine:
                failures.append((row["group"], "false alarm", row["what"], row["text"], mine[0]["detector"]))
        elif any(overlaps(finding, row["span"]) for finding in mine):
            count[0] += 1
        else:
            count[2] += 1
            failures.append((row["group"], "miss", row["what"], row["text"], ""))
    return counts, failures


def false_alarms(program: str) -> tuple[int, int, dict]:
    """Findings in ordinary prose and code: the project's own documents and sources."""
    pages = sorted((ROOT / "docs").rglob("*.md")) + sorted((ROOT / "core").rglob("*.h")) + sorted((ROOT / "extension/src").rglob("*.ts"))
    rows = []
    for page in pages:
        rows.append({"id": len(rows), "text": page.read_text(encoding="utf-8")})
    size = sum(len(row["text"].encode()) for row in rows)
    kinds = defaultdict(int)
    for findings in scan(program, rows):
        for finding in findings:
            kinds[finding["detector"]] += 1
    return sum(kinds.values()), size, dict(kinds)


def table(counts) -> list[str]:
    lines = ["| group | cases | precision | recall | F1 | goal |", "|---|---|---|---|---|---|"]
    for group, (want_precision, want_recall) in GOALS.items():
        hits, alarms, misses = counts[group]
        precision = hits / max(1, hits + alarms)
        recall = hits / max(1, hits + misses)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        lines.append(f"| {group} | {hits + misses} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {want_precision} / {want_recall} |")
    return lines


def missed_goals(counts) -> list[str]:
    missed = []
    for group, (want_precision, want_recall) in GOALS.items():
        hits, alarms, misses = counts[group]
        if hits / max(1, hits + alarms) < want_precision or hits / max(1, hits + misses) < want_recall:
            missed.append(group)
    return missed


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--failures", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20260301)
    arguments = parser.parse_args()
    source = random.Random(arguments.seed)
    cases = Cases()
    add_identifiers(cases, source)
    add_people(cases, source)
    add_secrets(cases, source)
    add_worldwide(cases, source)
    add_phrases(cases, source)
    add_clean(cases)
    counts, failures = judge(cases.rows, scan(arguments.program, cases.rows))
    judge_programs(arguments.program, counts, failures)
    print("\n".join(table(counts)))
    alarms, size, kinds = false_alarms(arguments.program)
    print(f"\n{alarms} findings in {size / 1000:.0f} KB of ordinary prose and code ({alarms / (size / 100_000):.2f} in 100 KB): {kinds}")
    for failure in failures[: arguments.failures]:
        print("  " + " | ".join(str(part).replace("\n", "\\n")[:110] for part in failure))
    missed = missed_goals(counts)
    print(f"goals missed: {', '.join(missed) or 'none'}; {len(failures)} cases failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
