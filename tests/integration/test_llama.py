# SPDX-License-Identifier: Apache-2.0
"""Against a real llama-server. Its random model is held to a sentence by llama.cpp's own `grammar` field: an unknown field to
us, and so inspected and redacted like any other text. What the model says is then a placeholder, token by token."""
import itertools
import json
import unittest

from tests.integration.class_agent import ClassScope
from tests.support.agent import CARD, EMAIL, GITHUB_TOKEN, IBAN, Agent, answered, blocked, decided
from tests.support.llama import LlamaServer, grammar_for
from tests.support.surfaces import SURFACES


class LlamaTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.llama = LlamaServer()
        cls.addClassCleanup(cls.llama.close)
        cls.agent = Agent(ClassScope(cls), {
            "meta": {"id": "llama", "serial": 1}, "default": "allow",
            "providers": {"discovery": {"enabled": False},
                          "llama": {"kind": "llama-server", "base_url": cls.llama.base_url, "trust": "approved", "models": ["tiny"]}},
            "rules": [{"id": "secrets", "when": {"class": ["secret", "credential"]}, "then": "block"},
                      {"id": "personal", "when": {"class": ["pii", "pci", "phi", "financial"]}, "then": "redact"}]})

    def ask(self, text, **fields):
        return self.agent.ask(text, model="llama/tiny", max_tokens=300, **fields)

    def test_it_answers(self):
        reply = self.agent.ask("hello", model="llama/tiny", max_tokens=8)
        reply.expect(lambda r: None if r.status == 200 and r.json["choices"] else "no answer")
        self.assertGreater(reply.json["usage"]["completion_tokens"], 0)

    def test_what_it_says_in_placeholders_comes_back_restored(self):
        sentence = f"I refund {CARD} and write to {EMAIL}."
        for is_stream in (False, True):
            reply = self.ask(f"{CARD} {IBAN} {EMAIL}", stream=is_stream, grammar=grammar_for(sentence))
            reply.expect(answered(sentence), decided("redact"))
            told = json.dumps(self.agent.show(reply.interaction))
            for value in (CARD, IBAN, EMAIL):
                self.assertNotIn(value, told)

    def test_the_bare_model_name_works_too(self):
        self.agent.ask("hi", model="tiny", max_tokens=4).expect(lambda r: None if r.status == 200 else "no answer")

    def test_a_secret_does_not_reach_it(self):
        self.ask(f"use {GITHUB_TOKEN}").expect(blocked("dlp_blocked"))

    def test_every_interface_is_answered_by_it(self):
        """Random words, so that it is the shape that counts: the client's own reader understands it, and usage is metered."""
        for (name, surface), stream in itertools.product(SURFACES.items(), (False, True)):
            with self.subTest(surface=name, stream=stream):
                reply = surface.ask(self.agent, "llama/tiny", {"user": f"my card is {CARD}"}, stream)
                self.assertEqual((reply.status, reply.headers["x-gatehouse-decision"]), (200, "redact"), reply.body)
                if b"incomplete" not in reply.body and b"MAX_TOKENS" not in reply.body:
                    self.assertIsInstance(surface.text(reply), str)
                usage = self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}").json["usage"]
                self.assertGreater(usage["output_tokens"], 0)
                self.assertFalse(usage["is_estimated"], usage)

    def test_log_probabilities_come_with_the_words_that_they_spell(self):
        for stream in (False, True):
            reply = self.ask("say it", stream=stream, grammar=grammar_for("It is all well here."), logprobs=True, top_logprobs=2)
            reply.expect(answered("It is all well here."))
            self.assertIn(b"top_logprobs", reply.body)

    def test_usage_is_metered_on_a_stream(self):
        reply = self.agent.ask("count", model="llama/tiny", max_tokens=6, stream=True, stream_options={"include_usage": True})
        outcome = self.agent.show(reply.interaction)[-1]
        self.assertGreater(outcome["usage"]["output_tokens"], 0, outcome)


if __name__ == "__main__":
    unittest.main()
