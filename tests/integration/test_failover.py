# SPDX-License-Identifier: Apache-2.0
"""Two providers of one model: what the first one fails to say, the other says, as long as the client has heard nothing."""
import json
import tempfile
import unittest

from tests.support.agent import Agent, answered, policy_for
from tests.support.provider import ScriptedProvider, begin_stream, chunk, event, send_chunk, stream
from tests.support.vendors import VendorProvider, sse


def break_off(*frames):
    """A stream whose connection ends, without its last chunk, after these frames."""
    def act(connection, request):
        begin_stream(connection)
        for frame in frames:
            send_chunk(connection, frame if isinstance(frame, bytes) else frame.encode())
        return False
    return act


ROLE = event(chunk({"role": "assistant", "content": ""}))


class FailoverTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cache = tempfile.TemporaryDirectory(prefix="gh-")  # the compiled detectors, which all agents here share
        cls.addClassCleanup(cache.cleanup)
        cls.cache = cache.name

    def setUp(self):
        self.first, self.second = ScriptedProvider(), ScriptedProvider()
        for provider in (self.first, self.second):
            self.addCleanup(provider.close)
        self.agent = Agent(self, self.policy(), environment={"GATEHOUSE_CACHE": self.cache})

    def policy(self, **second):
        policy = policy_for(None)
        entry = {"kind": "openai-compatible", "trust": "approved", "models": ["shared"]}
        policy["providers"] = {"discovery": {"enabled": False}, "a": {**entry, "base_url": self.first.base_url},
                               "b": {**entry, "base_url": self.second.base_url, **second}}
        return policy

    def ask(self, text="hello", **rest):
        return self.agent.ask(text, model="shared", stream=True, **rest)

    def test_a_stream_that_breaks_before_it_says_anything_is_answered_by_another(self):
        for frames in ((), (ROLE,), (b": keep-alive\n\n", ROLE), (ROLE, b"data: {\"error\":{\"message\":\"overloaded\"}}\n\n"), (b"data: nonsense\n\n",)):
            with self.subTest(frames=frames):
                self.first.will(break_off(*frames))
                before = len(self.second.received)
                reply = self.ask()
                reply.expect(answered("hello"))
                self.assertEqual(reply.headers["x-gatehouse-provider"], "b")
                self.assertEqual(len(self.second.received), before + 1)
                self.assertEqual(reply.body.count(b'"role"'), 1 if b'"role"' in reply.body else 0)
                records = self.agent.show(reply.interaction)
                self.assertEqual([(record["kind"], record["destination"]["provider"]) for record in records],
                                 [("intent", "a"), ("intent", "b"), ("outcome", "b")])
                self.agent.stop()  # the first one's health is forgotten
                self.agent.start()

    def test_a_stream_that_said_something_is_not_answered_twice(self):
        self.first.will(break_off(ROLE, event(chunk({"content": "half an"}))))
        reply = self.ask()
        self.assertIn(b"half", reply.body)
        self.assertIn(b"upstream_failed", reply.body)
        self.assertEqual(self.second.received, [])

    def test_a_sound_stream_is_given_as_it_came(self):
        self.first.will(stream({"role": "assistant", "content": ""}, "hel", "lo"))
        alone = self.agent.ask("hello", model="a/shared", stream=True)
        self.first.will(stream({"role": "assistant", "content": ""}, "hel", "lo"))
        self.assertEqual(self.ask().body.count(b"data: "), alone.body.count(b"data: "))
        self.first.will(stream({"tool_calls": [{"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}))
        self.assertIn(b"tool_calls", self.ask().body)
        self.assertEqual(self.second.received, [])

    def test_an_empty_answer_is_an_answer(self):
        self.first.will(stream())
        self.ask().expect(answered(""))
        self.assertEqual(self.second.received, [])

    def test_when_both_fail_that_is_said_with_a_status(self):
        self.first.will(break_off(ROLE))
        self.second.will(break_off(ROLE))
        reply = self.ask()
        self.assertEqual(reply.headers["x-gatehouse-provider"], "b")
        self.assertIn(b"upstream_failed", reply.body)

    def test_other_vendors_lifecycle_is_held_too(self):
        vendor = VendorProvider()
        self.addCleanup(vendor.close)
        start = sse({"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", "model": "m", "content": [], "usage": {"input_tokens": 3, "output_tokens": 1}}}, "message_start")
        vendor.will(break_off(start, sse({"type": "ping"}, "ping"), sse({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}, "content_block_start")))
        policy = self.policy()
        policy["meta"]["serial"] = 2
        policy["providers"]["a"] = {"kind": "anthropic", "base_url": vendor.root + "/v1", "trust": "approved", "models": ["shared"]}
        self.agent.write_policy(policy)
        self.agent.stop()
        self.agent.start()
        reply = self.ask()
        reply.expect(answered("hello"))
        shown = self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}").json
        self.assertEqual((shown["provider"], shown["usage"]["is_estimated"]), ("b", True), json.dumps(shown))


if __name__ == "__main__":
    unittest.main()
