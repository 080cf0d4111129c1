# SPDX-License-Identifier: Apache-2.0
"""What a call cost: by the policy's prices, else nothing on this machine, else by the vendors' price lists, else unknown."""
import unittest

from tests.integration.class_agent import ClassScope
from tests.support.agent import Agent, answered, policy_for
from tests.support.provider import answer
from tests.support.vendors import VendorProvider

CACHED = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-3-haiku-20240307", "stop_reason": "end_turn",
          "stop_sequence": None, "content": [{"type": "text", "text": "hello"}],
          "usage": {"input_tokens": 100, "cache_creation_input_tokens": 2000, "cache_read_input_tokens": 10000, "output_tokens": 50}}


class CostTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = VendorProvider()
        cls.addClassCleanup(cls.provider.close)
        entries = cls.provider.providers()
        entries["own"] = dict(entries["openai"])
        entries["box"] = dict(entries["openai"], trust="local")
        policy = policy_for(None, prices=[{"models": ["own/*-mini"], "input": 1000, "output": 2000}])
        policy["providers"] = {"discovery": {"enabled": False}, **entries}
        cls.agent = Agent(ClassScope(cls), policy)

    def outcome_of(self, reply):
        return next(record for record in self.agent.show(reply.interaction) if record["kind"] == "outcome")

    def cost_of(self, reply):
        """What header and record say, which is the same; None where neither does."""
        outcome = self.outcome_of(reply)
        said = reply.headers.get("x-gatehouse-cost-usd")
        self.assertEqual(said is None, "cost_usd" not in outcome, (said, outcome))
        if said is not None:
            self.assertAlmostEqual(float(said), outcome["cost_usd"], places=6)
        return outcome.get("cost_usd")

    def asked(self, model):
        return self.cost_of(self.agent.ask("hi", model=model).expect(answered("hi")))

    def test_the_policys_price_comes_first(self):
        self.assertAlmostEqual(self.asked("own/gpt-4o-mini"), 0.011 + 0.014)

    def test_the_vendors_list_holds_where_policy_has_no_price(self):
        self.assertAlmostEqual(self.asked("openai/gpt-4o-mini"), (11 * 0.15 + 7 * 0.6) / 1e6)

    def test_a_model_of_this_machine_costs_nothing_whatever_it_is_called(self):
        self.assertEqual(self.asked("box/gpt-4o-mini"), 0)

    def test_what_leaves_nowhere_costs_nothing(self):
        self.assertEqual(self.cost_of(self.agent.ask("hi", model="preview").expect(answered())), 0)

    def test_without_a_price_the_cost_is_unknown_and_not_zero(self):
        self.assertIsNone(self.asked("openai/a-model-that-nobody-priced"))
        self.assertIsNone(self.asked("compatible/gpt-4o-mini"))

    def test_a_stream_is_paid_for_too(self):
        reply = self.agent.ask("hi", model="own/gpt-4o-mini", stream=True).expect(answered("hi"))
        outcome = self.outcome_of(reply)
        self.assertGreater(outcome["cost_usd"], 0)

    def test_input_of_a_cache_costs_what_the_vendor_asks_for_it(self):
        self.provider.will(lambda connection, request: answer(connection, 200, CACHED))
        body = {"model": "anthropic/claude-3-haiku-20240307", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
        reply = self.agent.request("POST", "/v1/messages", body)
        self.assertEqual(reply.status, 200, reply.body)
        expected = (100 * 0.25 + 2000 * 0.3 + 10000 * 0.03 + 50 * 1.25) / 1e6
        self.assertAlmostEqual(self.cost_of(reply), expected, places=9)


if __name__ == "__main__":
    unittest.main()
