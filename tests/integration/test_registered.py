# SPDX-License-Identifier: Apache-2.0
"""Registered data, from the command that makes the file to the request that is refused because of it."""
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from tests.support.agent import CTL, Agent, answered, blocked, policy_for
from tests.support.provider import ScriptedProvider

MEMO = ("The board decided on the third of March to move the assembly of gearboxes from Ulm to the new plant, and to tell nobody "
        "before the contracts with both suppliers are signed. Until then the line in Ulm keeps two shifts, the tools stay where "
        "they are, and every question from the works council goes to the head of personnel alone.\n")
TABLE = 'number;name;born\nKD-4711-0815;"Lovelace, Ada";10.12.1815\nKD-4712-0001;Bo Müller;03.04.1990\n'


class Registered(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def ctl(self, *arguments, code=0):
        done = subprocess.run([CTL, *map(str, arguments)], capture_output=True, text=True, timeout=300, check=False,
                              stdin=subprocess.DEVNULL, env={**os.environ, "HOME": str(self.folder)})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
        path.chmod(0o600)
        return path

    def made(self, kind, source, *more):
        """The file, and what a policy says of it."""
        out = self.folder / (kind + ".ghdata")
        told = self.ctl("data", kind, source, "--out", out, *more).stdout
        self.assertEqual(out.stat().st_mode & 0o777, 0o600)
        lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
        self.assertEqual(len(lines), 1, told)
        (section, entries), = lines[0].items()
        self.assertEqual(entries[0]["sha256"], hashlib.sha256(out.read_bytes()).hexdigest())
        return out, section, {**entries[0], "file": str(out)}

    def policy(self, section, entry, **more):
        return policy_for(None, detectors={section: [entry]}, **more)

    def test_the_files_hold_nothing_of_the_data(self):
        out, _, _ = self.made("table", self.write("c.csv", TABLE), "--keys", "number")
        for word in (b"4711", b"Lovelace", b"lovelace", b"1815"):
            self.assertNotIn(word, out.read_bytes())

    def test_each_kind_is_found_by_a_scan_with_the_policy(self):
        cases = [("table", TABLE, ("--keys", "number"), "kd 4711 0815 is Ada of Lovelace, Ada", "KD-4711-0815 alone"),
                 ("dictionary", "Nightjar\nblue heron\n", (), "about the Blue-Heron", "a heron in blue"),
                 ("documents", MEMO, (), "See: " + MEMO[36:220], "The board decided to move the assembly on the third of May.")]
        for kind, source, options, hit, miss in cases:
            with self.subTest(kind):
                _, section, entry = self.made(kind, self.write(kind + ".txt", source), *options)
                policy = self.write("p.json", self.policy(section, entry))
                self.assertIn("sound", self.ctl("policy", "check", policy).stdout)
                found = self.ctl("scan", "--policy", policy, "--json", self.write("hit.txt", hit), code=1).stdout
                self.assertIn("custom.policy." + kind, found)
                missed = self.write("miss.txt", miss)
                told = subprocess.run([CTL, "scan", "--policy", policy, "--json", missed], capture_output=True, text=True,
                                      timeout=300, check=False).stdout
                self.assertNotIn("custom.policy", told)

    def test_a_file_is_found_beside_the_policy_and_only_the_one_that_is_meant(self):
        out, section, entry = self.made("dictionary", self.write("w.txt", "Nightjar\n"))
        policy = self.write("p.json", self.policy(section, {**entry, "file": out.name}))
        self.ctl("policy", "check", policy)
        self.ctl("data", "dictionary", self.write("w.txt", "Heron\n"), "--out", out, "--force")
        self.assertIn("not the file", self.ctl("policy", "check", policy, code=1).stderr)
        out.unlink()
        self.assertIn("not there", self.ctl("policy", "check", policy, code=1).stderr)
        table, _, wrong = self.made("table", self.write("c.csv", TABLE), "--keys", "number")
        policy = self.write("p.json", self.policy(section, {**wrong, "file": table.name}))
        self.assertIn("another section", self.ctl("policy", "check", policy, code=1).stderr)

    def test_bad_input_is_refused_with_a_reason(self):
        table = self.write("c.csv", TABLE)
        out = self.folder / "x.ghdata"
        for arguments, why in ((("table", table, "--keys", "nope"), "no column 'nope'"), (("table", table), "--keys"),
                               (("table", table, "--keys", "number", "--together", "9"), "together"),
                               (("table", self.write("open.csv", 'a;b\n"x;y\n'), "--keys", "a"), "inside quotes"),
                               (("table", self.write("wide.csv", "a;b\n1234;2;3\n"), "--keys", "a"), "line 2"),
                               (("dictionary", self.write("none.txt", "\n...\n")), "nothing"),
                               (("dictionary", self.write("bin.txt", "a\0b")), "plain text"),
                               (("dictionary", self.folder / "missing"), "cannot be read"), (("other", table), "dictionary, table")):
            with self.subTest(why):
                self.assertIn(why, self.ctl("data", *arguments, "--out", out, code=2).stderr)
                self.assertFalse(out.exists())

    def test_the_agent_refuses_what_is_registered(self):
        provider = ScriptedProvider()
        self.addCleanup(provider.close)
        _, section, entry = self.made("table", self.write("c.csv", TABLE), "--keys", "number")
        agent = Agent(self, policy_for(provider, detectors={section: [entry]}, rules=[
            {"id": "customers", "when": {"detector": "custom.policy.table"}, "then": "block"}]))
        agent.ask("KD-4711-0815 asks again").expect(answered())
        agent.ask("KD-4711-0815 (Lovelace, Ada) asks again").expect(blocked("dlp_blocked"))

    def test_without_its_file_a_policy_is_none_and_the_strict_default_holds(self):
        provider = ScriptedProvider()
        self.addCleanup(provider.close)
        out, section, entry = self.made("dictionary", self.write("w.txt", "Nightjar\n"))
        out.unlink()
        agent = Agent(self, policy_for(provider, detectors={section: [entry]}))
        reply = agent.ask("hello")
        self.assertNotEqual(reply.status, 200)
        self.assertEqual(provider.received, [])
        status = agent.ctl("status", "--json", "--data", agent.data).stdout
        self.assertIn("registered data 'dictionary'", status)

    def test_a_new_policy_without_its_file_leaves_the_one_before_in_force_and_says_so(self):
        provider = ScriptedProvider()
        self.addCleanup(provider.close)
        out, section, entry = self.made("dictionary", self.write("w.txt", "Nightjar\n"))
        rules = [{"id": "names", "when": {"detector": "custom.policy.dictionary"}, "then": "block"}]
        agent = Agent(self, policy_for(provider, detectors={section: [entry]}, rules=rules))
        agent.ask("about nightjar").expect(blocked("dlp_blocked"))
        out.unlink()
        changed = policy_for(provider, detectors={section: [{**entry, "id": "other"}]}, rules=[])
        changed["meta"]["serial"] = 2
        agent.write_policy(changed)
        end = time.monotonic() + 30
        while "the policy before holds" not in agent.ctl("status", "--data", agent.data).stdout:
            self.assertLess(time.monotonic(), end, "the problem is not told")
            time.sleep(0.1)
        agent.ask("about nightjar").expect(blocked("dlp_blocked"))


if __name__ == "__main__":
    unittest.main()
