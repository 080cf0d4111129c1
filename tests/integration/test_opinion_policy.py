# SPDX-License-Identifier: Apache-2.0
"""Policy's second opinion: prompts on their way to another machine are shown to a language model on this one, in the gateway
and behind the browser alike. A scripted model and provider; a real llama-server at the end."""
import threading
import time
import unittest

from tests.support.agent import CARD, Agent, answered, blocked, decided, policy_for, refused
from tests.support.llama import LlamaServer
from tests.support.native_host import NativeHost
from tests.support.opinion import NOTHING, OpinionServer, opinion
from tests.support.provider import ScriptedProvider

PLAN = "The price of the new pump will be cut to 900 euros in May."
WOMAN = "Please write to the only woman on the board of the Bremen office about it."
RULES = [
    {"id": "plans", "when": {"detector": "confidential.model.*"}, "then": "block"},
    {"id": "people", "when": {"class": "pii"}, "then": "redact"},
    {"id": "cards", "when": {"class": "pci"}, "then": "redact"},
]


def says(request):
    text = request["messages"][1]["content"]
    if "pump" in text:
        return opinion("cut to 900 euros")
    return opinion("the only woman on the board of the Bremen office", "person") if "Bremen" in text else NOTHING


class OpinionPolicyTest(unittest.TestCase):
    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.close)
        self.model = OpinionServer(self)
        self.model.content = says

    def agent(self, trust="approved", **settings):
        section = {"url": self.model.url, "model": "tiny", "on_failure": "block", "seconds": 20, **settings}
        return Agent(self, policy_for(self.provider, trust, RULES, second_opinion=section, sites=[{"name": "ChatGPT", "hosts": ["chatgpt.com"]}]))

    def test_rules_act_on_what_the_model_found(self):
        agent = self.agent()
        reply = agent.ask(PLAN)
        reply.expect(blocked("dlp_blocked"))
        self.assertEqual(self.provider.received, [])
        found = agent.show(reply.interaction)[-1]["findings"]
        self.assertEqual([each["detector"] for each in found], ["confidential.model.trade-secret"])
        # A description becomes a placeholder, and what the provider says of it comes back as it was.
        agent.ask(f"{WOMAN} Card {CARD}.").expect(answered(f"{WOMAN} Card {CARD}."), decided("redact"))
        self.assertRegex(self.provider.received[-1].text, r"^Please write to \[\[PERSON_1_\w\w\]\] about it. Card \[\[CARD_1_\w\w\]\].$")
        self.assertEqual(self.model.texts(), [PLAN, f"{WOMAN} Card {CARD}."])

    def test_pages_go_the_same_way(self):
        agent = self.agent()
        host = NativeHost(self, agent.environment)
        self.assertEqual(host.hello()["policy"]["patience"], 23_000)
        told = host.verdict(PLAN)
        self.assertEqual((told["action"], told["rule"]), ("block", "plans"))
        told = host.verdict(WOMAN, kind="submit")
        self.assertEqual(told["action"], "redact")
        self.assertEqual([each["name"] for each in told["findings"]], ["Person told by a description"])
        self.assertEqual(host.verdict("A harmless text of a few words.")["action"], "allow")

    def test_earlier_messages_are_not_asked_about_again(self):
        agent = self.agent()
        messages = [{"role": "user", "content": "Hello to you, dear model of mine."}]
        for turn in range(3):
            reply = agent.chat({"model": "scripted/any", "messages": messages})
            self.assertEqual(reply.status, 200, reply.body)
            messages += [{"role": "assistant", "content": reply.text}, {"role": "user", "content": f"And what of the thing number {turn}?"}]
        texts = self.model.texts()
        self.assertEqual(len(texts), len(set(texts)))
        self.assertEqual(texts[0], "Hello to you, dear model of mine.")

    def test_what_stays_on_this_machine_is_not_asked_about(self):
        self.agent(trust="local").ask(PLAN).expect(answered(PLAN))
        self.assertEqual(self.model.asked, [])

    def test_channels_that_are_not_named_are_not_asked_about(self):
        agent = self.agent(channels=["paste"])
        agent.ask(PLAN).expect(answered(PLAN))
        host = NativeHost(self, agent.environment)
        host.hello()
        self.assertEqual(host.verdict(PLAN)["action"], "block")

    def test_without_an_opinion_policy_says_what_happens_and_the_record_tells(self):
        self.model.status = 500
        for word, check in (("block", blocked("dlp_blocked")), ("log", answered(PLAN)), ("warn", answered(PLAN)),
                            ("route-local", refused("local_only")), ("justify", refused("justification_required"))):
            with self.subTest(on_failure=word):
                agent = self.agent(on_failure=word)
                reply = agent.ask(PLAN)
                reply.expect(check)
                self.assertEqual(reply.decision, word)
                record = agent.show(reply.interaction)[-1]
                self.assertEqual((record["action"], record["rule"]), (word, "second_opinion"))
                self.assertEqual([each["detector"] for each in record["findings"]], ["unreadable.model.no-opinion"])
                agent.stop()
                self.assertEqual(agent.verify().returncode, 0)

    def test_a_value_is_still_redacted_where_the_opinion_is_missing(self):
        self.model.status = 500
        agent = self.agent(on_failure="log")
        text = f"Please charge the card {CARD} as we said."
        reply = agent.ask(text)
        reply.expect(answered(text), decided("redact"))
        self.assertNotIn(CARD, self.provider.received[-1].text)
        shown = agent.show(reply.interaction)[-1]
        self.assertIn("[[CARD_1_", shown["sanitised_text"] if "sanitised_text" in shown else str(shown))

    def test_a_slow_model_costs_no_more_than_its_time_and_holds_nothing_up(self):
        self.model.waits.clear()
        agent = self.agent(seconds=1, on_failure="block")
        agent.ask(PLAN).expect(blocked("dlp_blocked"))
        agent.get("/v1/models").expect(lambda reply: None if reply.status == 200 else "the agent does not answer")

    def test_an_agent_that_stops_does_not_wait_for_the_model(self):
        self.model.waits.clear()
        agent = self.agent()
        replies = []
        asking = threading.Thread(target=lambda: replies.append(agent.ask(PLAN)))
        asking.start()
        end = time.monotonic() + 60
        while not self.model.asked and time.monotonic() < end:
            time.sleep(0.02)
        self.assertTrue(self.model.asked)
        self.assertEqual(agent.stop(), 0)
        asking.join(60)
        self.assertEqual(self.provider.received, [])

    def test_a_model_that_would_ask_elsewhere_is_not_asked(self):
        self.model.shown = {"remote_host": "https://ollama.com:443", "remote_model": "big"}
        self.agent().ask(PLAN).expect(blocked("dlp_blocked"))
        self.model.shown = {}
        self.agent(model="big:cloud").ask(PLAN).expect(blocked("dlp_blocked"))
        self.assertEqual(self.model.asked, [])

    def test_nothing_that_the_model_says_takes_a_finding_away(self):
        agent = self.agent(on_failure="log")
        for content in ("nonsense", opinion(CARD, "finance"), NOTHING, opinion("not in the text at all")):
            self.model.content = content
            text = f"The card {CARD} of ours, {len(content)} letters."
            agent.ask(text).expect(answered(text))
            self.assertNotIn(CARD, self.provider.received[-1].text, content)

    def test_a_real_llama_server_is_asked(self):
        llama = LlamaServer()
        self.addCleanup(llama.close)
        agent = self.agent(url=llama.base_url, on_failure="warn")
        reply = agent.ask("What is the capital of the country next to us?")
        # Its random words keep to the schema or are cut off; quotes of nothing are no findings.
        self.assertEqual(reply.status, 200, reply.body)
        found = [each["detector"] for each in agent.show(reply.interaction)[-1]["findings"]]
        self.assertIn(found, ([], ["unreadable.model.no-opinion"]))
        self.assertEqual(reply.decision, "warn" if found else "allow")


if __name__ == "__main__":
    unittest.main()
