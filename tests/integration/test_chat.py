# SPDX-License-Identifier: Apache-2.0
"""The main job: what leaves is redacted, what comes back is restored, and the audit says so. JSON and streams alike."""
import json
import re
import unittest

from tests.integration.class_agent import SharedAgentTest
from tests.support.agent import AWS_KEY, CARD, EMAIL, GITHUB_TOKEN, IBAN, Agent, answered, blocked, decided, policy_for, refused, without
from tests.support.provider import chunk, event, say, stream, stream_bytes

PLACEHOLDER = re.compile(r"\[\[[A-Z]+_\d+_[0-9A-Z]{2}\]\]")
LETTER = f"Please refund {CARD} and {IBAN}, then write to {EMAIL}. Grüße — 東京 😀"


class ChatTest(SharedAgentTest):
    def sent(self):
        return self.provider.received[-1]


class Redaction(ChatTest):
    def test_the_provider_sees_placeholders_and_the_client_its_own_values(self):
        reply = self.agent.ask(LETTER).expect(answered(LETTER), decided("redact"))
        for value in (CARD, IBAN, EMAIL):
            self.assertNotIn(value.encode(), self.sent().body)
        self.assertEqual(len(PLACEHOLDER.findall(self.sent().text)), 3, self.sent().text)
        self.assertEqual(reply.headers["x-gatehouse-rule"], "redact-personal")
        self.assertEqual(reply.headers["x-gatehouse-provider"], "scripted")
        self.assertTrue(float(reply.headers["x-gatehouse-overhead-ms"]) >= 0)

    def test_a_stream_is_restored_wherever_it_is_cut(self):
        self.agent.ask(LETTER, stream=True).expect(answered(LETTER))
        self.assertNotIn(CARD.encode(), self.sent().body)
        placeholders = PLACEHOLDER.findall(self.sent().text)
        text = f"First {placeholders[0]}, then {placeholders[1]}; ü😀 {placeholders[2]}"
        expected = f"First {CARD}, then {IBAN}; ü😀 {EMAIL}"
        data = b"".join(event(chunk({"content": text[i:i + 5]})) for i in range(0, len(text), 5))
        data += event(chunk({}, "stop")) + event("[DONE]")
        for sizes in ((1,), (2, 3), (7, 1, 64), (1000,), (len(data),)):
            self.provider.will(stream_bytes(data, sizes))
            self.agent.ask(LETTER, stream=True).expect(answered(expected))

    def test_the_same_value_has_the_same_placeholder_in_every_turn(self):
        headers = {"x-gatehouse-conversation": "turns"}
        self.agent.ask(f"card {CARD}", headers=headers).expect(answered(f"card {CARD}"))
        first = PLACEHOLDER.findall(self.sent().text)
        self.agent.ask(f"again {CARD} and {IBAN}", headers=headers)
        self.assertEqual(PLACEHOLDER.findall(self.sent().text)[0], first[0])

    def test_another_conversation_gets_nothing_restored(self):
        self.agent.ask(f"card {CARD}", headers={"x-gatehouse-conversation": "mine"})
        placeholder = PLACEHOLDER.findall(self.sent().text)[0]
        self.provider.will(say(f"it was {placeholder}"))
        self.agent.ask("what was it?", headers={"x-gatehouse-conversation": "other"}).expect(answered(), without(CARD))

    def test_every_string_is_inspected_known_or_not(self):
        places = [{"user": EMAIL}, {"metadata": {"note": EMAIL}}, {"x_unknown": [{"deep": {"er": EMAIL}}]}, {"stop": [EMAIL]}]
        for fields in places:
            self.agent.ask("nothing here", **fields).expect(answered())
            self.assertNotIn(EMAIL.encode(), self.sent().body, fields)
        self.agent.ask("nothing here", metadata={EMAIL: "a key is a part too"})
        self.assertNotIn(EMAIL.encode(), self.sent().body)

    def test_tool_call_arguments_are_restored_with_the_escaping_of_their_place(self):
        headers = {"x-gatehouse-conversation": "tools"}
        self.agent.ask(f"card {CARD}, mail {EMAIL}", headers=headers)
        card, mail = PLACEHOLDER.findall(self.sent().text)
        arguments = json.dumps({"card": card, "note": f"\"quoted\" {mail}"})
        call = [{"id": "call_1", "type": "function", "function": {"name": "refund", "arguments": arguments}}]
        self.provider.will(say(None, tool_calls=call))
        reply = self.agent.ask("go on", headers=headers).expect(lambda r: None if r.status == 200 else "no answer")
        got = reply.json["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]
        self.assertEqual(json.loads(got), {"card": CARD, "note": f"\"quoted\" {EMAIL}"})
        pieces = [{"tool_calls": [{"index": 0, "function": {"arguments": arguments[i:i + 4]}}]} for i in range(0, len(arguments), 4)]
        self.provider.will(stream(*pieces))
        reply = self.agent.ask("go on", stream=True, headers=headers)
        joined = "".join(call["function"]["arguments"] for data in reply.events if data != "[DONE]"
                         for choice in json.loads(data)["choices"] for call in choice["delta"].get("tool_calls", []))
        self.assertEqual(json.loads(joined), {"card": CARD, "note": f"\"quoted\" {EMAIL}"})

    def test_what_is_not_changed_stays_as_it_came(self):
        body = b'{ "model" :"any", "messages":[ {"role":"user","content":"pl\\u00e4in"} ] ,"x":1.50,"big":12345678901234567890}'
        reply = self.agent.chat(body.replace(b'"any"', b'"scripted/any"')).expect(answered())
        self.assertEqual(self.sent().body, body)
        self.assertEqual(reply.decision, "allow")


class Blocking(ChatTest):
    def test_a_secret_stays_here_and_the_message_does_not_repeat_it(self):
        before = len(self.provider.received)
        for stream_wanted in (False, True):
            self.agent.ask(f"deploy with {GITHUB_TOKEN}", stream=stream_wanted).expect(
                blocked("dlp_blocked"), decided("block"), without(GITHUB_TOKEN), without("scripted.example"))
        self.assertEqual(len(self.provider.received), before)

    def test_the_message_says_what_was_found_and_which_rule(self):
        reply = self.agent.ask(f"deploy with {GITHUB_TOKEN}")
        self.assertIn("block-secrets", json.dumps(reply.error) + reply.headers.get("x-gatehouse-rule", ""))
        self.assertIn("Secrets stay on this machine.", reply.error["message"])

    def test_a_secret_in_an_old_turn_blocks_too(self):
        body = {"model": "scripted/any", "messages": [{"role": "user", "content": f"key {AWS_KEY}"},
                                                      {"role": "assistant", "content": "ok"}, {"role": "user", "content": "hi"}]}
        self.agent.chat(body).expect(blocked("dlp_blocked"))

    def test_an_unknown_model_is_named_in_the_dialect(self):
        policy = policy_for(self.provider)
        policy["providers"]["scripted"]["models"] = ["any"]
        Agent(self, policy).ask("hi", model="nobody/has-this").expect(refused("model_not_found", 404))


class Preview(ChatTest):
    def test_it_answers_with_exactly_what_would_have_left(self):
        before = len(self.provider.received)
        reply = self.agent.ask(f"card {CARD}", model="preview").expect(answered(), without(CARD))
        self.assertTrue(PLACEHOLDER.search(reply.text), reply.text)
        self.assertEqual(len(self.provider.received), before)
        streamed = self.agent.ask(f"card {CARD}", model="preview", stream=True).expect(answered(), without(CARD))
        self.assertTrue(PLACEHOLDER.search(streamed.text), streamed.text)

    def test_it_is_judged_as_external(self):
        self.agent.ask(f"key {GITHUB_TOKEN}", model="preview").expect(blocked("dlp_blocked"))


class Endpoints(ChatTest):
    def test_models_lists_what_may_be_asked(self):
        listed = self.agent.get("/v1/models").json
        self.assertEqual(listed["object"], "list")
        names = [model["id"] for model in listed["data"]]
        self.assertIn("preview", names)
        self.agent.ask("hi", model="preview").expect(answered())

    def test_health_needs_no_token_and_tells_nothing(self):
        reply = self.agent.get("/healthz", token=False)
        self.assertEqual(reply.status, 200)
        self.assertLess(len(reply.body), 200)

    def test_an_interaction_can_be_looked_up_by_its_own_client(self):
        reply = self.agent.ask(f"card {CARD}").expect(answered())
        found = self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}")
        self.assertEqual(found.status, 200, found.body)
        found.expect(without(CARD))
        self.assertIn("redact", found.body.decode())
        self.assertEqual(self.agent.get("/gatehouse/v1/interactions/01ARZ3NDEKTSV4RRFFQ69G5FAV").status, 404)
        self.assertEqual(self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}", token=False).status, 401)


class Audit(ChatTest):
    def test_each_call_has_an_intent_and_an_outcome_with_what_left(self):
        reply = self.agent.ask(LETTER).expect(answered())
        records = self.agent.show(reply.interaction)
        self.assertEqual([record["kind"] for record in records], ["intent", "outcome"])
        told = json.dumps(records)
        for value in (CARD, IBAN, EMAIL):
            self.assertNotIn(value, told)
        self.assertTrue(PLACEHOLDER.search(told), told)
        self.assertEqual(records[1]["outcome"], "completed")

    def test_a_refusal_is_one_record(self):
        reply = self.agent.ask(f"key {GITHUB_TOKEN}").expect(blocked("dlp_blocked"))
        records = self.agent.show(reply.interaction)
        self.assertEqual([record["kind"] for record in records], ["outcome"])
        self.assertNotIn(GITHUB_TOKEN, json.dumps(records))

    def test_the_chain_verifies_while_the_agent_runs(self):
        self.agent.ask("hi").expect(answered())
        done = self.agent.verify()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
