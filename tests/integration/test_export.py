# SPDX-License-Identifier: Apache-2.0
"""The audit as auditors and their tools get it: exported beside the running agent, checked by a program that knows no key."""
import base64
import csv
import hashlib
import io
import json
import re
import subprocess

from tests.integration.class_agent import SharedAgentTest
from tests.support.agent import CARD, PROGRAMS, answered, policy_for

VERIFY = PROGRAMS / "gatehouse-verify"
SPREADSHEET = "=cmd|'/c calc'!A1"  # a model's name that a spreadsheet would run


class Export(SharedAgentTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.ask(f"my card is {CARD}").expect(answered())
        cls.agent.ask("hello").expect(answered())
        cls.agent.ask("hi", model="scripted/" + SPREADSHEET)

    def export(self, *arguments):
        done = self.agent.ctl("audit", "export", "--data", self.agent.data, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def verify(self, text, *arguments):
        return subprocess.run([VERIFY, *arguments, "-"], input=text, capture_output=True, text=True, timeout=60, check=False)

    def records(self):
        return list(reversed(self.agent.audit()))

    def test_an_export_verifies_without_a_key_and_here_by_another_program(self):
        text = self.export("--texts")
        header, *records, end = map(json.loads, text.splitlines())
        done = self.verify(text, "--json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        report = json.loads(done.stdout)
        self.assertTrue(report["intact"])
        self.assertEqual(report["records"], len(records))
        self.assertGreater(report["texts"], 0)
        before = bytes(32)  # what docs/formats/audit-record.md says, in five lines
        for number, record in enumerate(records, 1):
            raw = base64.b64decode(record["record"], validate=True)
            before = hashlib.sha256(b"\0gatehouse/record/v1\0" + raw).digest()
            self.assertEqual((before.hex(), number), (record["sha256"], record["sequence"]))
        self.assertEqual(end["head"]["sha256"], before.hex())
        self.assertEqual(header["after"]["sequence"], 0)
        self.assertNotIn(CARD, text)
        self.assertEqual(self.verify(text, "--head", before.hex()).returncode, 0)

    def test_whoever_edits_the_export_is_found_out(self):
        lines = self.export("--texts").splitlines()
        victim = next(i for i, line in enumerate(lines) if json.loads(line).get("content"))
        changed = json.loads(lines[victim])
        for name, edit in {"readable": lambda r: r.update(client="another"), "record": lambda r: r.update(record=r["record"][:-8] + "AAAAAAA="),
                           "text": lambda r: r["content"][0].update(text="harmless")}.items():
            with self.subTest(name):
                record = json.loads(json.dumps(changed))
                edit(record)
                done = self.verify("\n".join([*lines[:victim], json.dumps(record), *lines[victim + 1:]]) + "\n", "--json")
                self.assertEqual(done.returncode, 1)
                self.assertEqual(json.loads(done.stdout)["first_bad"]["sequence"], victim)
        cut = self.verify("\n".join(lines[:-1]) + "\n")
        self.assertEqual(cut.returncode, 1)
        self.assertIn("cut off", cut.stdout)
        self.assertEqual(self.verify("{}\n").returncode, 2)
        self.assertEqual(self.verify("\n".join(lines) + "\n", "--head", "00" * 32).returncode, 1)

    def test_an_export_in_a_file_is_its_owners_alone_and_never_written_over(self):
        path = self.agent.folder / "export.jsonl"
        self.export("-o", path)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.agent.ctl("audit", "verify", path).returncode, 0)
        again = self.agent.ctl("audit", "export", "--data", self.agent.data, "-o", path)
        self.assertEqual(again.returncode, 2)
        self.assertIn("already", again.stderr)

    def test_an_export_that_fails_leaves_no_half_of_itself(self):
        path = self.agent.folder / "half.csv"
        done = self.agent.ctl("audit", "export", "--data", self.agent.data, "--format", "csv", "--texts", "-o", path)
        self.assertEqual(done.returncode, 2)
        self.assertFalse(path.exists())

    def test_texts_and_their_hashes_are_left_out_unless_asked_for(self):
        text = self.export()
        self.assertNotIn("sanitised_sha256", text)
        self.assertNotIn("hello", text)
        self.assertEqual(self.verify(text).returncode, 0)

    def test_a_part_of_the_time_verifies_as_a_part(self):
        records = self.records()
        since = records[3]["time"]
        text = self.export("--since", since)
        first = json.loads(text.splitlines()[1])
        self.assertGreaterEqual(first["time"], since)
        done = self.verify(text)
        self.assertEqual(done.returncode, 0, done.stdout)
        if first["sequence"] > 1:
            self.assertIn("what came before it was not checked", done.stdout)
        until = self.export("--until", records[2]["time"])
        self.assertEqual(self.verify(until).returncode, 0)
        self.assertLess(len(until.splitlines()), len(records) + 2)
        nothing = self.export("--since", "2099-01-01")
        self.assertEqual(len(nothing.splitlines()), 2)
        self.assertEqual(self.verify(nothing).returncode, 0, self.verify(nothing).stdout)

    def test_csv_is_read_back_whole_and_runs_nothing(self):
        rows = list(csv.DictReader(io.StringIO(self.export("--format", "csv"), newline="")))
        records = self.records()
        self.assertEqual([row["sequence"] for row in rows], [str(record["sequence"]) for record in records])
        self.assertIn("pci.", " ".join(row["findings"] for row in rows))
        models = {row["model"] for row in rows}
        self.assertIn("'" + SPREADSHEET, models)
        for row in rows:
            self.assertNotIn(None, row)
            self.assertFalse(any(value[:1] in ("=", "+", "-", "@") for value in row.values()), row)

    def test_cef_has_seven_header_fields_and_escaped_values(self):
        lines = self.export("--format", "cef").splitlines()
        self.assertEqual(len(lines), len(self.records()))
        for line in lines:
            fields = re.split(r"(?<!\\)\|", line, maxsplit=7)
            self.assertEqual(fields[:4], ["CEF:0", "Gatehouse", "Gatehouse", "1"], line)
            self.assertIn(int(fields[6]), range(11))
            keys = re.findall(r"(?:^| )([A-Za-z0-9]+)=", fields[7])
            self.assertEqual(len(keys), len(set(keys)), line)
            self.assertIn("rt", keys)
        self.assertTrue(any("\\=cmd|" in line for line in lines), "the model's name is not escaped")

    def test_ocsf_objects_have_what_the_class_requires(self):
        for line in self.export("--format", "ocsf").splitlines():
            event = json.loads(line)
            self.assertEqual((event["class_uid"], event["category_uid"], event["type_uid"]), (6003, 6, 600399))
            for name in ("actor", "api", "src_endpoint", "metadata", "severity_id", "activity_id", "time"):
                self.assertIn(name, event)
            self.assertIn("operation", event["api"])
            self.assertIn("version", event["metadata"])
            self.assertRegex(event["metadata"]["uid"], "^[0-9a-f]{64}$")

    def test_what_cannot_be_done_is_said(self):
        for arguments, said in ((("--format", "xml"), "jsonl, csv, cef or ocsf"), (("--since", "yesterday"), "--since takes a time"),
                                (("--format", "csv", "--texts"), "jsonl")):
            with self.subTest(arguments):
                done = self.agent.ctl("audit", "export", "--data", self.agent.data, *arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn(said, done.stderr)

    @staticmethod
    def policy(provider):
        return policy_for(provider, audit={"content": "sanitised", "durability": "strict"})
