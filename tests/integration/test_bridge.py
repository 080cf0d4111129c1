# SPDX-License-Identifier: Apache-2.0
"""The browser's bridge: the real native host and the agent as processes, asked as the extension asks."""
import os
import struct
import subprocess
import unittest

from tests.support.agent import AWS_KEY, CARD, EMAIL, Agent, policy_for
from tests.support.native_host import EXTENSION, FRAME_LIMIT, HOST, NativeHost, frame, inserted

RULES = [
    {"id": "stop", "when": {"class": ["secret", "credential"]}, "then": "block", "message": "Keys stay here."},
    {"id": "why", "when": {"detector": "pii.any.email"}, "then": "justify"},
    {"id": "cards", "when": {"class": ["pci"]}, "then": "redact"},
]


class BridgeTest(unittest.TestCase):
    def setUp(self):
        self.agent = Agent(self, policy_for(None, rules=RULES, sites=[{"name": "ChatGPT", "hosts": ["chatgpt.com"]}]))

    def host(self, origin=EXTENSION):
        return NativeHost(self, self.agent.environment, origin)

    def greeted(self):
        host = self.host()
        self.assertEqual(host.hello()["type"], "hello_ok")
        return host


class Verdicts(BridgeTest):
    def test_the_greeting_says_which_sites_are_guarded(self):
        policy = self.host().hello()["policy"]
        self.assertEqual(policy["failMode"], "closed")
        self.assertIn({"hosts": ["chatgpt.com"], "guarded": True},
                      [{"hosts": site["hosts"], "guarded": site["guarded"]} for site in policy["sites"]])

    def test_a_harmless_text_is_allowed(self):
        answer = self.greeted().verdict("hello there")
        self.assertEqual((answer["type"], answer["action"]), ("verdict_ok", "allow"))

    def test_a_redaction_says_where_in_utf_16(self):
        text = f"😀 pay with {CARD}, thanks 😀"
        answer = self.greeted().verdict(text)
        self.assertEqual(answer["action"], "redact")
        self.assertRegex(inserted(text, answer["spans"]), r"^😀 pay with \[\[CARD_1_\w\w\]\], thanks 😀$")
        self.assertEqual([found["detector"] for found in answer["findings"]], ["pci.any.card"])

    def test_a_blocked_text_is_not_repeated_and_lies_in_the_audit(self):
        answer = self.greeted().verdict(f"key {AWS_KEY}", kind="drop")
        self.assertEqual((answer["action"], answer["rule"]), ("block", "stop"))
        self.assertNotIn(AWS_KEY, str(answer))
        self.assertIn("Keys stay here.", answer["message"])
        record = self.agent.show(answer["interaction"])[-1]
        self.assertEqual((record["site"], record["channel"], record["action"]), ("chatgpt.com", "drop", "block"))
        self.assertNotIn(AWS_KEY, str(self.agent.show(answer["interaction"])))

    def test_html_is_kept_only_when_nothing_was_found_in_it(self):
        host = self.greeted()
        self.assertEqual(host.verdict("bold", html="<b>bold</b>")["html"], "keep")
        self.assertEqual(host.verdict(f"card {CARD}", html=f"<b>card {CARD}</b>")["html"], "drop")
        hidden = host.verdict("harmless", html=f"<b title='{AWS_KEY}'>harmless</b>")
        self.assertTrue(hidden["action"] == "block" or hidden["html"] == "drop", hidden)

    def test_a_justification_is_asked_once_and_recorded(self):
        host = self.greeted()
        asked = host.verdict(f"mail {EMAIL}")
        self.assertEqual(asked["action"], "justify")
        final = host.ask("answer", interaction=asked["interaction"], proceed=True, justification="a customer asked")
        self.assertEqual((final["type"], final["action"]), ("verdict_ok", "allow"), final)
        shown = self.agent.show(final["interaction"])
        self.assertIn("a customer asked", [record.get("justification") for record in shown])
        again = host.ask("answer", interaction=asked["interaction"], proceed=True, justification="once more")
        self.assertFalse(again["type"] == "verdict_ok" and again["action"] == "allow", again)

    def test_without_a_reason_it_stays_out(self):
        host = self.greeted()
        asked = host.verdict(f"mail {EMAIL}")
        final = host.ask("answer", interaction=asked["interaction"], proceed=True, justification="")
        self.assertFalse(final["type"] == "verdict_ok" and final["action"] in ("allow", "log", "redact"), final)

    def test_the_audit_verifies_after_all_this(self):
        host = self.greeted()
        for text in ("a", f"card {CARD}", f"key {AWS_KEY}"):
            host.verdict(text)
        self.assertEqual(host.end(), 0)
        self.agent.stop()
        self.assertEqual(self.agent.verify().returncode, 0)


class Trouble(BridgeTest):
    def test_only_our_extension_starts_the_host(self):
        for origin in ("chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/", "https://chatgpt.com", ""):
            host = self.host(origin)
            self.assertEqual(host.process.wait(60), 2)
            self.assertIsNone(host.said.get(timeout=60))

    def test_no_other_program_starts_the_host(self):
        done = subprocess.run([HOST, EXTENSION], input=b"", capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (2, b""), "this test is no browser")

    @unittest.skipIf(os.environ.get("GATEHOUSE_PRESET", "dev") in ("asan", "tsan"), "sanitizers are shared libraries")
    def test_the_host_needs_nothing_from_the_machine_and_is_small(self):
        told = subprocess.run(["ldd", HOST], capture_output=True, text=True)
        self.assertIn("statically linked", told.stdout + told.stderr)
        self.assertLess(HOST.stat().st_size, 6 * 1024 * 1024)

    def test_while_the_agent_is_away_nobody_says_yes(self):
        host = self.greeted()
        self.agent.kill()
        self.assertEqual(host.wait_for(lambda message: message["type"] == "status")["agent"], "down")
        self.assertEqual(host.verdict("hello")["error"], "agent_down")
        self.agent.start()
        # The host says our greeting again by itself.
        self.assertEqual(host.wait_for(lambda message: message["type"] == "hello_ok")["agent"], "up")
        self.assertEqual(host.verdict("hello")["action"], "allow")

    def test_an_open_question_is_lost_with_the_agent_that_asked_it(self):
        host = self.greeted()
        asked = host.verdict(f"mail {EMAIL}")
        self.agent.kill()
        self.agent.start()
        self.assertIsNotNone(host.wait_for(lambda message: message["type"] == "hello_ok"))
        final = host.ask("answer", interaction=asked["interaction"], proceed=True, justification="a reason")
        self.assertFalse(final["type"] == "verdict_ok" and final["action"] in ("allow", "log", "redact"), final)

    def test_two_browsers_do_not_answer_each_other(self):
        one, two = self.greeted(), self.greeted()
        asked = one.verdict(f"mail {EMAIL}")
        stolen = two.ask("answer", interaction=asked["interaction"], proceed=True, justification="not mine")
        self.assertFalse(stolen["type"] == "verdict_ok" and stolen["action"] in ("allow", "log", "redact"), stolen)
        self.assertEqual(one.end(), 0)
        self.assertEqual(two.verdict("hello")["action"], "allow")

    def test_broken_frames_end_the_host_and_nothing_else(self):
        for head in (0, FRAME_LIMIT + 1, 0xFFFFFFFF):
            host = self.greeted()
            host.process.stdin.write(struct.pack("=I", head) + b"xxxx")
            host.process.stdin.flush()
            self.assertEqual(host.process.wait(60), 1, head)
        self.assertEqual(self.greeted().verdict("hello")["action"], "allow")

    def test_nonsense_in_a_frame_is_an_error_and_never_a_verdict(self):
        for nonsense in (b"hello", b"[]", b"{}", b'{"v":2,"type":"verdict","id":"x"}', b'{"v":1,"type":"verdict","id":"x","text":1}',
                         b'{"v":1,"v":1,"type":"ping","id":"x"}', b'{"v":1,"type":"ping","id":"\xff"}', b"[" * 5000):
            host = self.greeted()
            host.process.stdin.write(frame(nonsense))
            host.process.stdin.flush()
            answer = host.wait_for(lambda message: message["type"] != "push")
            self.assertTrue(answer is None or answer["type"] == "error", (nonsense[:40], answer))
        self.assertEqual(self.greeted().verdict("hello")["action"], "allow")

    def test_a_text_above_the_cap_is_refused_and_one_at_the_cap_is_judged(self):
        host = self.greeted()
        self.assertEqual(host.verdict("x" * (768 * 1024))["action"], "allow")
        self.assertEqual(host.verdict("x" * (768 * 1024 + 1))["error"], "too_large")
        self.assertEqual(host.verdict("hello")["action"], "allow")

    def test_a_verdict_before_the_greeting_is_refused(self):
        self.assertEqual(self.host().verdict("hello")["error"], "out_of_order")

    def test_what_a_new_policy_guards_is_pushed(self):
        host = self.greeted()
        self.agent.write_policy(policy_for(None, rules=RULES, meta={"id": "test", "serial": 2}, fail_mode="open",
                                           sites=[{"name": "Other", "hosts": ["other.example"]}]))
        pushed = host.wait_for(lambda message: message["type"] == "push" and message["policy"]["failMode"] == "open")
        self.assertIn(["other.example"], [site["hosts"] for site in pushed["policy"]["sites"]])


if __name__ == "__main__":
    unittest.main()
