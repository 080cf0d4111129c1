# SPDX-License-Identifier: Apache-2.0
"""Vectors of texts through every interface that asks for them, from every provider that has them: inputs are redacted, usage is
metered, and vectors arrive in the form that the client asked for."""
import base64
import json
import struct
import unittest

from tests.integration.class_agent import ClassScope
from tests.support.agent import CARD, GITHUB_TOKEN, Agent, policy_for
from tests.support.llama import LlamaServer
from tests.support.provider import answer
from tests.support.vendors import VECTOR, VendorProvider


def openai(agent, model, texts, **rest):
    reply = agent.request("POST", "/v1/embeddings", {"model": model, "input": texts, **rest})
    return reply, [row["embedding"] for row in reply.json.get("data", [])]


def ollama(agent, model, texts, **rest):
    reply = agent.request("POST", "/api/embed", {"model": model, "input": texts, **rest})
    return reply, reply.json.get("embeddings", [])


def ollama_old(agent, model, texts, **rest):
    reply = agent.request("POST", "/api/embeddings", {"model": model, "prompt": texts[0], **rest})
    return reply, [reply.json["embedding"]] * len(texts) if "embedding" in reply.json else []


def gemini(agent, model, texts, **rest):
    one = lambda text: {"content": {"parts": [{"text": text}]}, **rest}
    reply = agent.request("POST", f"/v1beta/models/{model}:embedContent", one(texts[0]))
    return reply, [reply.json["embedding"]["values"]] * len(texts) if "embedding" in reply.json else []


def gemini_batch(agent, model, texts, **rest):
    requests = [{"model": f"models/{model}", "content": {"parts": [{"text": text}]}, **rest} for text in texts]
    reply = agent.request("POST", f"/v1beta/models/{model}:batchEmbedContents", {"requests": requests})
    return reply, [row["values"] for row in reply.json.get("embeddings", [])]


INTERFACES = {"openai": openai, "ollama": ollama, "ollama.old": ollama_old, "gemini": gemini, "gemini.batch": gemini_batch}
KINDS = ("compatible", "openai", "ollama", "gemini")


class EmbeddingsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = VendorProvider()
        cls.addClassCleanup(cls.provider.close)
        policy = policy_for(None)
        policy["providers"] = {"discovery": {"enabled": False}, **cls.provider.providers()}
        cls.agent = Agent(ClassScope(cls), policy)

    def cells(self):
        return [(name, ask, kind) for name, ask in INTERFACES.items() for kind in KINDS]

    def test_inputs_are_redacted_and_vectors_come_back(self):
        for name, ask, kind in self.cells():
            with self.subTest(interface=name, provider=kind):
                reply, vectors = ask(self.agent, f"{kind}/any", [f"my card is {CARD}", "plain"])
                self.assertEqual(reply.status, 200, reply.body)
                self.assertEqual(reply.headers["x-gatehouse-decision"], "redact")
                self.assertEqual(vectors, [VECTOR, VECTOR])
                sent = self.provider.received[-1].body
                self.assertNotIn(b"4111", sent)
                self.assertIn(b"[[CARD_", sent)

    def test_a_secret_is_blocked(self):
        for name, ask, kind in self.cells():
            with self.subTest(interface=name, provider=kind):
                before = len(self.provider.received)
                reply, _ = ask(self.agent, f"{kind}/any", [f"use {GITHUB_TOKEN}"])
                self.assertEqual(reply.status, 403, reply.body)
                self.assertEqual(len(self.provider.received), before)

    def test_usage_is_metered(self):
        for name, ask, kind in self.cells():
            with self.subTest(interface=name, provider=kind):
                reply, _ = ask(self.agent, f"{kind}/any", ["hello"])
                shown = self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}").json
                if kind == "gemini" or (ask is ollama_old and kind == "ollama"):  # they say nothing about it
                    self.assertTrue(shown["usage"]["is_estimated"])
                else:
                    self.assertEqual(shown["usage"]["input_tokens"], 11, shown)

    def test_openais_base64_is_made_where_the_provider_has_numbers_only(self):
        reply, vectors = openai(self.agent, "gemini/any", ["a"], encoding_format="base64")
        self.assertEqual(list(struct.unpack("<3f", base64.b64decode(vectors[0]))), VECTOR, reply.body)

    def test_what_a_provider_cannot_be_told_is_named_or_refused(self):
        reply, _ = gemini(self.agent, "openai/any", ["a"], taskType="RETRIEVAL_QUERY")
        self.assertEqual(reply.headers["x-gatehouse-untranslated"], "taskType")
        refused = self.agent.request("POST", "/v1/embeddings", {"model": "gemini/any", "input": [1, 2, 3]})
        self.assertEqual(refused.status, 400, refused.body)

    def test_a_provider_without_vectors_is_told_as_such(self):
        reply, _ = openai(self.agent, "anthropic/any", ["a"])
        self.assertEqual((reply.status, reply.json["error"]["code"]), (404, "model_not_found"))

    def test_not_one_vector_for_each_text_is_no_answer(self):
        """A client would take the vector of one text for that of another."""
        for count in (0, 1, 3):
            body = json.dumps({"model": "any", "embeddings": [VECTOR] * count}).encode()
            self.provider.will(lambda connection, request, body=body: answer(connection, 200, body))
            reply, vectors = openai(self.agent, "ollama/any", ["a", "b"])
            self.assertEqual((reply.status, vectors, reply.json["error"]["code"]), (502, [], "upstream_failed"), reply.body)

    def test_errors_keep_their_words(self):
        def missing(connection, request):
            body = b'{"error":"model not found, try pulling it first"}'
            connection.send(b"HTTP/1.1 404 X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            return True
        self.provider.will(missing)
        reply, _ = gemini(self.agent, "ollama/any", ["a"])
        self.assertEqual(reply.status, 404)
        self.assertIn("try pulling", reply.json["error"]["message"])
        self.assertEqual(reply.json["error"]["status"], "NOT_FOUND")


class LlamaEmbeddingsTest(unittest.TestCase):
    """Against the real llama-server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.llama = LlamaServer("--embedding", "--pooling", "mean")
        cls.addClassCleanup(cls.llama.close)
        policy = policy_for(None)
        policy["providers"] = {"discovery": {"enabled": False}, "llama": {
            "kind": "llama-server", "base_url": cls.llama.base_url, "trust": "approved", "models": ["tiny"]}}
        cls.agent = Agent(ClassScope(cls), policy)

    def test_every_interface_gets_the_same_vector(self):
        expected = openai(self.agent, "llama/tiny", ["hello", "world"])[1]
        self.assertEqual(len(expected[0]), 64)
        self.assertNotEqual(expected[0], expected[1])
        for name, ask in INTERFACES.items():
            with self.subTest(interface=name):
                reply, vectors = ask(self.agent, "llama/tiny", ["hello"])
                self.assertEqual(reply.status, 200, reply.body)
                for got, want in zip(vectors[0], expected[0], strict=True):
                    self.assertAlmostEqual(got, want, 5)
                shown = self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}").json
                self.assertGreater(shown["usage"]["input_tokens"], 0)
                self.assertFalse(shown["usage"]["is_estimated"], json.dumps(shown))

    def test_what_leaves_is_redacted(self):
        clean = openai(self.agent, "llama/tiny", [f"my card is {CARD}"])
        self.assertEqual(clean[0].headers["x-gatehouse-decision"], "redact")


if __name__ == "__main__":
    unittest.main()
