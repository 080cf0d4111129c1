# SPDX-License-Identifier: Apache-2.0
"""Texts that are erased are gone for good, and the chain goes on telling the truth; what is kept can be found."""
import json
import random
import re
import subprocess
import time
import unittest

from tests.support import auditor
from tests.support.agent import CTL, IS_LONG, ROOT, Agent, answered, policy_for
from tests.support.provider import ScriptedProvider


class StoreOfTexts(unittest.TestCase):
    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.close)
        self.agent = Agent(self, policy_for(self.provider))

    def ctl(self, *arguments, code=0):
        done = self.agent.ctl("audit", *arguments, "--data", self.agent.data)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def json(self, *arguments):
        return json.loads(self.ctl(*arguments, "--json"))

    def export(self):
        return self.ctl("export", "--texts").splitlines()


class Erase(StoreOfTexts):
    def test_a_running_agent_erases_and_everybody_can_tell(self):
        reply = self.agent.ask("the plan is called bluebird").expect(answered())
        self.agent.ask("something else about redwood").expect(answered())
        self.assertEqual(len(self.json("search", "bluebird")), 2)  # the prompt and the echoed answer
        told = self.json("erase", "--id", reply.interaction)
        self.assertEqual((told["records"], told["purged"], told["complete"]), (2, True, True))
        self.assertGreaterEqual(told["texts"], 2)
        self.assertEqual(self.json("search", "bluebird"), [])
        self.assertEqual(len(self.json("search", "redwood")), 2)
        shown = self.json("show", reply.interaction)
        self.assertTrue(all(record["texts_erased"] for record in shown))
        self.assertNotIn("bluebird", json.dumps(shown))
        self.assertIn("its texts were erased", self.ctl("show", reply.interaction))
        self.assertIn("texts were erased, as the records say", self.ctl("verify"))
        found = auditor.check(self.export())
        self.assertEqual(found["erased"], told["texts"])
        self.agent.ask("and on it goes").expect(answered())
        self.assertEqual(self.json("erase", "--id", reply.interaction)["sequence"], 0)
        self.agent.stop()
        self.assertTrue(self.json("verify")["intact"])

    def test_without_an_agent_the_same_is_done_at_once(self):
        self.agent.ask("the plan is called bluebird").expect(answered())
        self.agent.stop()
        told = self.json("erase", "--everything")
        self.assertGreaterEqual(told["records"], 2)
        self.assertFalse((self.agent.data / "audit.journal").exists())
        verified = self.json("verify")
        self.assertTrue(verified["intact"])
        self.assertEqual(verified["erased"], told["texts"])
        self.agent.start()
        self.agent.ask("again").expect(answered("again"))
        self.assertTrue(self.json("verify")["intact"])

    def test_who_does_not_say_what_to_erase_erases_nothing(self):
        self.agent.ask("kept").expect(answered())
        self.ctl("erase", code=2)
        self.ctl("erase", "--everything", "--person", "ada", code=2)
        self.ctl("erase", "--before", "yesterday", code=2)
        self.assertEqual(self.json("erase", "--person", "nobody")["sequence"], 0)
        self.assertEqual(len(self.json("search", "kept")), 2)

    def test_a_request_that_no_version_understands_is_dropped(self):
        self.agent.ask("kept").expect(answered())
        request = self.agent.data / "audit.erase"
        request.touch(mode=0o600)
        request.write_text('{"version":9,"id":"x"}')
        end = time.monotonic() + 60
        while request.exists():
            self.assertLess(time.monotonic(), end, "nobody takes it")
            time.sleep(0.05)
        self.assertEqual(len(self.json("search", "kept")), 2)


class Retention(StoreOfTexts):
    def test_the_oldest_texts_go_when_the_store_is_too_large(self):
        for i in range(24):
            self.agent.ask(f"number {i} " + "x" * 40_000).expect(answered())
        self.agent.stop()
        self.agent.write_policy(policy_for(self.provider, meta={"id": "test", "serial": 2}, audit={"content": "sanitised", "durability": "strict",
                                                       "retention": {"megabytes": 1}}))
        self.agent.start()
        end = time.monotonic() + 120
        while not (told := self.json("list", "--outcome", "content_erased")):
            self.assertLess(time.monotonic(), end, "nothing is erased")
            time.sleep(0.2)
        self.assertIn("by=size", told[0]["reason"])
        self.assertEqual(self.json("search", '"number 0"'), [])
        self.assertEqual(len(self.json("list", "--kind", "intent")), 24)
        self.assertTrue(self.json("verify")["intact"])


class Search(StoreOfTexts):
    def test_records_are_found_by_their_fields_page_by_page(self):
        for i in range(5):
            self.agent.ask(f"number {i}").expect(answered())
        self.agent.ask("ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a")
        blocked = self.json("list", "--decision", "block")
        self.assertEqual([record["action"] for record in blocked], ["block"])
        self.assertEqual(self.json("list", "--class", "secret", "--decision", "block"), blocked)
        self.assertEqual(self.json("list", "--class", "secret", "--decision", "allow"), [])
        everything, page = [], self.json("list", "--kind", "intent", "--limit", "2")
        while page:
            everything += page
            page = self.json("list", "--kind", "intent", "--limit", "2", "--before", str(page[-1]["sequence"]))
        self.assertEqual(len(everything), 5)
        self.assertEqual(len(self.json("search", '"number 3"', "--kind", "intent")), 1)
        self.assertEqual(self.json("list", "--since", "2100-01-01"), [])
        self.ctl("search", code=2)
        self.ctl("search", "!!", code=2)
        self.ctl("export", "--person", "ada", code=2)


class Rotate(StoreOfTexts):
    def test_a_store_goes_on_under_another_key(self):
        self.agent.ask("before").expect(answered())
        self.assertIn("stop it", self.agent.ctl("audit", "rotate-key", "--data", self.agent.data).stderr)
        self.agent.stop()
        told = self.json("rotate-key")
        self.assertNotEqual(told["old_key"], told["new_key"])
        self.assertTrue(self.json("verify")["intact"])
        self.agent.start()
        self.agent.ask("after").expect(answered("after"))
        self.assertEqual(len(self.json("search", "before")), 2)
        self.assertEqual([r["reason"] for r in self.json("list", "--outcome", "key_rotated")], [f"old={told['old_key']} new={told['new_key']}"])
        auditor.check(self.export())

    def test_killed_at_any_moment_the_store_still_opens(self):
        for i in range(20):
            self.agent.ask(f"number {i}").expect(answered())
        self.agent.stop()
        chance = random.Random(7)
        for round_number in range(200 if IS_LONG else 12):
            process = subprocess.Popen([CTL, "audit", "rotate-key", "--data", self.agent.data], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, env=self.agent.environment)
            time.sleep(chance.uniform(0, 0.25))
            process.kill()
            process.wait(60)
            self.assertTrue(self.json("verify")["intact"], round_number)
        self.agent.start()
        self.agent.ask("after").expect(answered("after"))
        self.assertEqual(len(self.json("search", '"number 7"')), 2)


class FormatPage(unittest.TestCase):
    def test_the_example_of_the_page_is_what_another_implementation_makes_of_it(self):
        page = (ROOT / "docs/formats/audit-record.md").read_text()
        section = page.split("## Example")[1]
        data = bytes.fromhex("".join(re.findall(r"^ {4}([0-9a-f]+)$", section, re.M)))
        told = re.search(r"and its hash: `([0-9a-f]{64})`", section)[1]
        self.assertEqual(auditor.record_hash(data).hex(), told)
        record = auditor.decode(data)
        self.assertEqual((record["person"], record["uid"], record["model"], record["rule"]), ("ada", 1000, "gpt-5", "cards"))
        self.assertEqual(record["findings"], [{"detector": "pci.any.card", "class": "pci", "count": 1, "confidence": 0.5}])
        for i in range(0, len(data), 3):
            try:
                self.assertNotEqual(auditor.decode(data[:i] + bytes([data[i] ^ 1]) + data[i + 1:]), record)
            except (ValueError, KeyError, auditor.struct.error):
                pass

    def test_every_tag_of_the_page_is_known_to_it(self):
        page = (ROOT / "docs/formats/audit-record.md").read_text()
        table = "\n".join(line for line in page.splitlines() if line.startswith("| 0"))
        tags = set()
        for first, last in re.findall(r"\b(00[0-9A-F]{2})(?:[–,] ?(00[0-9A-F]{2}))?", table):
            tags |= set(range(int(first, 16), int(last or first, 16) + 1))
        known = set(auditor.NUMBERS) | auditor.SIGNED | set(auditor.TEXTS) | set(auditor.FIXED) | set(auditor.LISTS) | {0x45}
        self.assertEqual(tags, known)
