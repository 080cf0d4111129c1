# SPDX-License-Identifier: Apache-2.0
"""Policy end to end: each action, reload on change, and what holds when a document is broken."""
import json
import time
import unittest

from tests.support.agent import (CARD, EMAIL, GITHUB_TOKEN, Agent, answered, blocked, decided, policy_for, refused, without)
from tests.support.provider import ScriptedProvider, say


def rule(action, **when):
    return [{"id": "the-rule", "when": {"class": ["pii", "pci"], "direction": "prompt", **when}, "then": action}]


class PolicyTest(unittest.TestCase):
    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.close)

    def agent(self, policy):
        return Agent(self, policy)

    def eventually(self, check, seconds=30):
        end = time.monotonic() + seconds
        while True:
            try:
                return check()
            except AssertionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)


class Actions(PolicyTest):
    def test_warn_proceeds_and_says_so_in_a_header(self):
        agent = self.agent(policy_for(self.provider, rules=rule("warn")))
        agent.ask(f"mail {EMAIL}").expect(answered(f"mail {EMAIL}"), decided("warn"))

    def test_log_proceeds_and_is_recorded(self):
        agent = self.agent(policy_for(self.provider, rules=rule("log")))
        reply = agent.ask(f"mail {EMAIL}").expect(answered(), decided("log"))
        self.assertEqual(agent.show(reply.interaction)[-1]["action"], "log")

    def test_justify_refuses_with_an_id_and_no_header_of_a_program_opens_it(self):
        agent = self.agent(policy_for(self.provider, rules=rule("justify")))
        reply = agent.ask(f"mail {EMAIL}").expect(refused("justification_required", 403), without(EMAIL))
        self.assertIn(reply.interaction, reply.body.decode())
        for name in ("x-gatehouse-justification", "x-gatehouse-approval", "x-gatehouse-interaction"):
            agent.ask(f"mail {EMAIL}", headers={name: reply.interaction}).expect(refused("justification_required"))
        self.assertEqual(self.provider.received, [])

    def test_route_local_keeps_the_text_from_a_provider_that_is_not_local(self):
        agent = self.agent(policy_for(self.provider, trust="external", rules=rule("route-local")))
        agent.ask(f"mail {EMAIL}").expect(refused("local_only", 403), without(EMAIL))
        self.assertEqual(self.provider.received, [])

    def test_the_same_text_may_go_to_a_local_provider(self):
        agent = self.agent(policy_for(self.provider, trust="local", rules=rule("route-local")))
        agent.ask(f"mail {EMAIL}").expect(answered(f"mail {EMAIL}"))

    def test_a_number_that_is_no_string_is_inspected_too(self):
        agent = self.agent(policy_for(self.provider))
        card = int(CARD.replace(" ", ""))
        for fields in ({"metadata": {"card": card}}, {"custom": [{"payment": [card]}]}, {"nested": {"a": {"Kreditkarte": float(card)}}}):
            with self.subTest(fields):
                agent.ask("hello", **fields).expect(blocked("dlp_blocked"), without(str(card)))
        self.assertEqual(self.provider.received, [])
        for fields in ({"seed": 1234567890}, {"metadata": {"created": 1763712345}}, {"temperature": 0.123456789}, {"max_tokens": 1000}):
            with self.subTest(fields):
                agent.ask("hello", **fields).expect(answered("hello"))

    def test_block_wins_over_redact_when_both_match(self):
        agent = self.agent(policy_for(self.provider))
        agent.ask(f"{EMAIL} {GITHUB_TOKEN}").expect(blocked("dlp_blocked"))

    def test_each_style_of_redaction_is_what_the_provider_gets(self):
        for style, gets in (("mask", r"card \*{4} \*{4} \*{4} 1111 ok"), ("remove", "card ok"), ("hash", r"card [A-Z]+#[0-9a-f]{12} ok")):
            with self.subTest(style):
                agent = self.agent(policy_for(self.provider, rules=[
                    {"id": "cards", "when": {"class": "pci", "direction": "prompt"}, "then": "redact", "style": style}]))
                reply = agent.ask(f"card {CARD} ok")
                reply.expect(decided("redact"))
                sent = self.provider.received[-1].text
                self.assertRegex(sent, gets)
                self.assertNotIn(CARD, sent)
                self.assertRegex(reply.text, gets)  # the scripted provider says it back: nothing of it is restored

    def test_custom_words_are_found(self):
        words = {"words": [{"id": "project", "words": ["Bluebird"], "class": "confidential"}]}
        agent = self.agent(policy_for(self.provider, detectors=words, rules=[
            {"id": "own-words", "when": {"class": ["confidential"]}, "then": "block"}]))
        agent.ask("about bluebird").expect(blocked("dlp_blocked"))
        agent.ask("about bluebirds and birds").expect(answered())

    def test_an_answer_is_inspected_too(self):
        agent = self.agent(policy_for(self.provider, rules=[
            {"id": "no-keys-in", "when": {"class": ["secret", "credential"], "direction": "answer"}, "then": "block"}]))
        self.provider.will(say(f"use {GITHUB_TOKEN}"))
        agent.ask("give me a key").expect(without(GITHUB_TOKEN))

    def test_monitor_mode_lets_pass_and_records_what_it_would_have_done(self):
        agent = self.agent(policy_for(self.provider, mode="monitor"))
        agent.ask(f"mail {EMAIL}").expect(answered(f"mail {EMAIL}"))


class Reload(PolicyTest):
    def test_a_changed_file_holds_without_a_restart(self):
        agent = self.agent(policy_for(self.provider))
        agent.ask(f"mail {EMAIL}").expect(decided("redact"))
        agent.write_policy(policy_for(self.provider, rules=rule("block"), meta={"id": "test", "serial": 2}))
        self.eventually(lambda: agent.ask(f"mail {EMAIL}").expect(blocked("dlp_blocked")))

    def test_a_broken_file_changes_nothing_and_is_told(self):
        agent = self.agent(policy_for(self.provider))
        agent.write_policy('{"meta": {"id": "test", "serial": 3}, "rulez": []}')
        self.eventually(lambda: self.assertIn("rulez", agent.ctl("status", "--data", agent.data).stdout))
        agent.ask(f"card {CARD}").expect(answered(f"card {CARD}"), decided("redact"))
        agent.ask(f"key {GITHUB_TOKEN}").expect(blocked("dlp_blocked"))


class NoValidPolicy(PolicyTest):
    def test_a_file_that_was_never_valid_leaves_the_built_in_default(self):
        agent = self.agent("{ this is no policy")
        self.assertIn("policy", agent.ready.get("problem", "") + agent.stderr())
        agent.ask(f"key {GITHUB_TOKEN}", model="preview").expect(blocked("dlp_blocked"))

    def test_no_file_at_all_is_the_built_in_default(self):
        agent = Agent(self)
        agent.ask("hello", model="preview").expect(answered(containing="hello"))
        agent.ask(f"card {CARD}", model="preview").expect(without(CARD))

    def test_policy_check_names_path_and_line(self):
        agent = Agent(self, start=False)
        agent.write_policy('{\n  "meta": {"id": "a", "serial": 1},\n  "rules": [{"id": "x", "when": {}, "then": "explode"}]\n}')
        done = agent.ctl("policy", "check", agent.policy_file)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        told = done.stdout + done.stderr
        self.assertIn("/rules/0/then", told)
        self.assertRegex(told, r"\b3\b")

    def test_explain_says_which_rule_decides(self):
        agent = Agent(self, policy_for(self.provider), start=False)
        done = agent.ctl("policy", "explain", "--policy", agent.policy_file, "--json", input=f"card {CARD}")
        self.assertIn("redact-personal", done.stdout, done.stderr)
        self.assertNotIn(CARD, done.stdout)
        json.loads(done.stdout)


if __name__ == "__main__":
    unittest.main()
