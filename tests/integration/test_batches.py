# SPDX-License-Identifier: Apache-2.0
"""The audit without a network: batches as files, opened by an auditor here and by stock tools."""
import json
import pathlib
import re
import subprocess
import unittest

from tests.support.agent import CARD, PROGRAMS, ROOT, Agent, answered, policy_for
from tests.support.pki import Pki
from tests.support.provider import ScriptedProvider


def sync_policy(provider, pki, serial=1, **sync):
    return policy_for(provider, meta={"id": "test", "serial": serial}, sync={"auditors": [pki.pem("auditor"), pki.pem("deputy")], **sync})


class Batches(unittest.TestCase):
    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.close)
        self.agent = Agent(self, start=False)
        self.pki = Pki(self.agent.folder / "pki").self_signed("auditor").self_signed("deputy", key=["-newkey", "rsa:2048"]).self_signed("stranger")
        self.stick = self.agent.folder / "stick"
        self.stick.mkdir()
        self.agent.write_policy(sync_policy(self.provider, self.pki))
        self.agent.start()

    def batch(self, *arguments, code=0):
        done = self.agent.ctl("audit", "batch", "--data", self.agent.data, "--policy", self.agent.policy_file, "--machine", self.agent.folder / "none", *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def cut(self):
        return [pathlib.Path(line) for line in self.batch("--out", self.stick).stdout.splitlines()]

    def open(self, *paths, key="auditor"):
        return self.agent.ctl("audit", "open", "--key", self.pki.key(key), *paths)

    def verify(self, text, *arguments):
        return subprocess.run([PROGRAMS / "gatehouse-verify", *arguments, "-"], input=text, capture_output=True, text=True, timeout=60, check=False)

    def ask(self, text):
        return self.agent.ask(text).expect(answered()).interaction

    def test_each_auditor_finds_the_record_and_it_verifies(self):
        interaction = self.ask(f"my card is {CARD}")
        paths = self.cut()
        for key in ("auditor", "deputy"):
            opened = self.open(*paths, key=key)
            self.assertEqual(opened.returncode, 0, opened.stderr)
            self.assertIn(interaction, [json.loads(line).get("interaction") for line in opened.stdout.splitlines()])
            verified = self.verify(opened.stdout)
            self.assertEqual(verified.returncode, 0, verified.stdout)
        self.assertEqual(self.open(*paths, key="stranger").returncode, 2)
        self.assertEqual(paths[0].stat().st_mode & 0o777, 0o600)

    def test_texts_go_along_only_where_the_policy_says_so(self):
        self.ask("my favourite word is rhubarb")
        self.assertNotIn("rhubarb", self.open(*self.cut()).stdout)
        self.batch("--delivered", len(self.agent.audit()))
        self.agent.write_policy(sync_policy(self.provider, self.pki, serial=2, texts=True))
        self.ask(f"rhubarb again, and my card is {CARD}")
        paths = self.cut()
        opened = self.open(*paths).stdout
        self.assertIn("rhubarb again", opened)
        self.assertNotIn(CARD, opened)
        self.assertIn('"texts":', self.verify(opened, "--json").stdout)
        self.assertEqual(self.verify(opened).returncode, 0)
        for path in paths:
            self.assertNotIn(b"rhubarb", path.read_bytes())

    def test_a_batch_is_the_same_file_until_it_arrived(self):
        self.ask("one")
        first = self.cut()
        before = [path.read_bytes() for path in first]
        self.agent.stop()
        self.agent.start()
        self.ask("two")
        second = self.cut()
        self.assertEqual(second[:len(first)], first)
        self.assertGreater(len(second), len(first))
        self.assertEqual([path.read_bytes() for path in first], before)
        joined = self.open(*reversed(second))
        self.assertEqual(joined.returncode, 0, joined.stderr)
        self.assertEqual(self.verify(joined.stdout).returncode, 0)
        last = int(second[-1].stem.split("-")[-1])
        self.batch("--delivered", last)
        self.ask("three")
        third = self.cut()
        self.assertEqual(int(third[0].stem.split("-")[-2]), last + 1)
        gap = self.open(first[0], third[0])
        self.assertEqual(gap.returncode, 1)
        self.assertIn("does not follow", gap.stderr)

    def test_the_stock_tools_of_the_format_page_are_enough(self):
        interaction = self.ask("for the auditor")
        page = (ROOT / "docs/formats/audit-batch.md").read_text()
        recipe = re.search(r"## Without Gatehouse.*?\n\n((?:    [^\n]*\n)+)", page, re.DOTALL)[1]
        folder = self.agent.folder / "stock"
        folder.mkdir()
        (folder / "batch.ghb").write_bytes(self.cut()[-1].read_bytes())
        (folder / "auditor.key").write_bytes(self.pki.key("auditor").read_bytes())
        (folder / "auditor.crt").write_bytes(self.pki.certificate("auditor").read_bytes())
        done = subprocess.run(["bash", "-ec", re.sub(r"^    ", "", recipe, flags=re.MULTILINE)], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Verified OK", done.stdout)
        self.assertIn(interaction.encode(), (folder / "body").read_bytes())

    def test_a_changed_batch_is_refused_before_it_is_opened(self):
        self.ask("hello")
        path = self.cut()[0]
        whole = path.read_bytes()
        for place in (9, 40, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:])
            opened = self.open(path)
            self.assertNotEqual(opened.returncode, 0)
            self.assertEqual(opened.stdout, "")

    def test_a_restored_audit_begins_where_it_differs(self):
        self.ask("one")
        self.agent.stop()
        subprocess.run(["cp", "-a", self.agent.data, self.agent.folder / "old"], check=True)
        self.agent.start()
        self.ask("two")
        self.cut()
        self.agent.stop()
        for name in ("audit.db", "audit.db-wal", "audit.head"):
            old, now = self.agent.folder / "old" / name, self.agent.data / name
            now.unlink(missing_ok=True)
            if old.exists():
                now.write_bytes(old.read_bytes())
        self.agent.start()
        self.ask("three")
        done = self.batch("--out", self.agent.folder)
        self.assertIn("restored or replaced", done.stderr)

    def test_without_auditors_nothing_is_cut(self):
        self.agent.write_policy(policy_for(self.provider, meta={"id": "test", "serial": 2}))
        self.assertIn('no section "sync"', self.batch("--out", self.stick, code=2).stderr)
        self.batch(code=2)
        self.assertEqual(self.open("nothing").returncode, 2)


if __name__ == "__main__":
    unittest.main()
