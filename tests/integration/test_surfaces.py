# SPDX-License-Identifier: Apache-2.0
"""Every client's interface against every provider's: what leaves is redacted, what comes back is restored and shaped as the
client expects. One cell for each surface, stream or not, provider, part of the request and action."""
import itertools
import json
import re
import unittest

from tests.integration.class_agent import ClassScope
from tests.support.agent import CARD, EMAIL, GITHUB_TOKEN, Agent, policy_for
from tests.support import media
from tests.support.pages import check_page
from tests.support.surfaces import SURFACES
from tests.support.vendors import VendorProvider, echo, sse


class Adding:
    """A connection whose answers have more headers."""

    def __init__(self, connection, headers):
        self._connection, self._lines = connection, "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    def send(self, data):
        text = data if isinstance(data, bytes) else data.encode()
        if text.startswith(b"HTTP/1.1 "):
            text = text.replace(b"\r\n", b"\r\n" + self._lines.encode(), 1)
        self._connection.send(text)


class SurfaceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = VendorProvider()
        cls.addClassCleanup(cls.provider.close)
        policy = policy_for(None)
        policy["providers"] = {"discovery": {"enabled": False}, **cls.provider.providers()}
        cls.agent = Agent(ClassScope(cls), policy)

    def sent(self):
        return self.provider.received[-1]

    def cells(self):
        """Surface, provider and stream or not, of all that go together."""
        for (name, surface), kind, stream in itertools.product(SURFACES.items(), self.provider.providers(), (False, True)):
            if surface.kinds is None or kind in surface.kinds:
                yield name, surface, kind, stream


class Matrix(SurfaceTest):
    def test_every_part_is_redacted_on_its_way_out_and_restored_on_its_way_back(self):
        for name, surface, kind, stream in self.cells():
            for part in surface.parts:
                with self.subTest(surface=name, provider=kind, stream=stream, part=part):
                    reply = surface.ask(self.agent, f"{kind}/any", {part: f"my card is {CARD}, thanks"}, stream)
                    self.assertEqual(reply.status, 200, reply.body)
                    self.assertEqual(reply.headers["x-gatehouse-decision"], "redact", (reply.headers, reply.body))
                    self.assertNotIn(b"4111", self.sent().body)
                    is_lost = b"[[CARD_" not in self.sent().body
                    self.assertTrue(not is_lost or "x-gatehouse-untranslated" in reply.headers, self.sent().body)
                    if part in ("user", "part", "result"):
                        self.assertFalse(is_lost)
                        self.assertEqual(surface.text(reply), f"my card is {CARD}, thanks")
                    self.assertNotIn(b"[[CARD", reply.body)

    def test_a_secret_in_any_part_is_blocked_in_the_words_of_the_surface(self):
        for name, surface, kind, stream in self.cells():
            for part in surface.parts:
                with self.subTest(surface=name, provider=kind, stream=stream, part=part):
                    before = len(self.provider.received)
                    reply = surface.ask(self.agent, f"{kind}/any", {part: f"use {GITHUB_TOKEN}"}, stream)
                    self.assertEqual(reply.status, 403, reply.body)
                    self.assertEqual(surface.error(reply), "dlp_blocked")
                    self.assertNotIn(GITHUB_TOKEN.encode(), reply.body)
                    self.assertEqual(reply.headers["x-should-retry"], "false")
                    self.assertEqual(len(self.provider.received), before)

    def test_tool_calls_arrive_restored(self):
        for name, surface, kind, stream in self.cells():
            if surface.call is None:
                continue
            with self.subTest(surface=name, provider=kind, stream=stream):
                text = f'call the tool with {CARD} and "{EMAIL}"'
                reply = surface.ask(self.agent, f"{kind}/any", {"user": text, "tools": True}, stream)
                self.assertEqual(reply.status, 200, reply.body)
                self.assertEqual(surface.call(reply), {"value": text})

    def test_usage_is_metered_whoever_asks_for_it(self):
        for name, surface, kind, stream in self.cells():
            with self.subTest(surface=name, provider=kind, stream=stream):
                reply = surface.ask(self.agent, f"{kind}/any", {"user": "hello"}, stream)
                shown = self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}").json
                self.assertEqual((shown["usage"]["input_tokens"], shown["usage"]["output_tokens"]), (11, 7))
                self.assertEqual(shown["outcome"], "completed")


class PassThrough(SurfaceTest):
    def test_what_nothing_changed_stays_byte_identical(self):
        cases = {
            "openai.chat": ("compatible", b'{ "model":"compatible/any", "messages" : [{"role":"user","content":"h\\u00e9 1.10"}], "x":[1e2]}'),
            "anthropic.messages": ("anthropic", b'{ "model":"anthropic/any","max_tokens":5 , "messages" : [{"role":"user","content":"h\\u00e9"}], "x":[1e2]}'),
            "ollama.chat": ("ollama", b'{ "model":"ollama/any","stream":false , "messages" : [{"role":"user","content":"h\\u00e9"}], "x":[1e2]}'),
        }
        for name, (kind, body) in cases.items():
            with self.subTest(surface=name):
                reply = self.agent.request("POST", SURFACES[name].path, body)
                self.assertEqual(reply.status, 200, reply.body)
                self.assertEqual(self.sent().body, body.replace(f"{kind}/any".encode(), b"any"))

    def test_unknown_events_and_fields_of_a_stream_stay_byte_identical(self):
        frames = (sse({"type": "message_start", "message": {"id": "m", "usage": {"input_tokens": 3}, "new": 1.10}}, "message_start")
                  + ": keep-alive\n\n" + sse({"type": "brand_new", "x": [1e2, {"y": "z"}]}, "brand_new")
                  + "event:content_block_delta\r\ndata:{\"type\" : \"content_block_delta\", \"index\":0,\"delta\":{\"type\":\"new_delta\",\"new\":\"h\\u00e9\"}}\r\n\r\n"
                  + sse({"type": "message_stop"}, "message_stop")).encode()
        for sizes in ((1,), (7, 3), (4096,)):
            self.provider.will(self.stream_of("text/event-stream", frames, sizes))
            reply = SURFACES["anthropic.messages"].ask(self.agent, "anthropic/any", {"user": "hello"}, True)
            self.assertEqual(reply.body, frames)

    def test_signed_thinking_is_neither_changed_nor_restored(self):
        thinking = {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "about [[CARD_1_K7]]"}}
        signature = {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "EqQBCkYIBRgCKkD"}}
        frames = (sse(thinking, thinking["type"]) + sse(signature, signature["type"]) + sse({"type": "content_block_stop", "index": 0}, "content_block_stop")
                  + sse({"type": "message_stop"}, "message_stop")).encode()
        self.provider.will(self.stream_of("text/event-stream", frames, (4096,)))
        reply = SURFACES["anthropic.messages"].ask(self.agent, "anthropic/any", {"user": f"card {CARD}"}, True)
        texts = [json.loads(line[6:])["delta"] for line in reply.body.decode().split("\n") if line.startswith("data: ") and "delta" in line]
        self.assertEqual("".join(text.get("thinking", "") for text in texts), "about [[CARD_1_K7]]")
        self.assertEqual("".join(text.get("signature", "") for text in texts), "EqQBCkYIBRgCKkD")
        history = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "about [[CARD_1_K7]]", "signature": "EqQBCkYIBRgCKkD"}, {"type": "text", "text": "ok"}]},
            {"role": "user", "content": "and?"}]
        body = json.dumps({"model": "anthropic/any", "max_tokens": 5, "messages": history}).encode()
        self.agent.request("POST", "/v1/messages", body)
        self.assertEqual(self.sent().body, body.replace(b"anthropic/any", b"any"))

    def stream_of(self, media_type, data, sizes):
        def act(connection, request):
            connection.send(f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nTransfer-Encoding: chunked\r\n\r\n")
            at, turn = 0, 0
            while at < len(data):
                size = sizes[turn % len(sizes)]
                connection.send(f"{len(data[at:at + size]):x}\r\n".encode() + data[at:at + size] + b"\r\n")
                at, turn = at + size, turn + 1
            connection.send("0\r\n\r\n")
            return True
        return act


class Words(SurfaceTest):
    def test_unknown_paths_are_refused_in_the_words_of_their_vendor(self):
        self.assertEqual(self.agent.get("/v1/messages/batches").json["type"], "error")
        self.assertIsInstance(self.agent.get("/api/pull").json["error"], str)
        self.assertEqual(self.agent.get("/v1/fine_tuning/jobs").json["error"]["code"], "unknown_path")
        for path in ("/v1/messages/batches", "/api/pull", "/v1/fine_tuning/jobs", "/openai/deployments/../x/chat/completions"):
            self.assertEqual(self.agent.get(path).status, 404, path)

    def test_model_lists_have_the_shape_of_their_vendor(self):
        self.assertIn("preview", [model["id"] for model in self.agent.get("/v1/models").json["data"]])
        anthropic = self.agent.get("/v1/models", headers={"anthropic-version": "2023-06-01"}).json
        self.assertEqual(anthropic["data"][0]["type"], "model")
        self.assertIn("has_more", anthropic)
        google = self.agent.get("/v1/models", headers={"x-goog-api-client": "google-genai-sdk/3.1.0"}).json
        self.assertIn("models/preview", [model["name"] for model in google["models"]])
        self.assertIn("preview", [model["name"] for model in self.agent.get("/api/tags").json["models"]])
        self.assertRegex(self.agent.get("/api/version").json["version"], r"^\d+\.\d+\.\d+$")
        self.assertEqual(self.agent.get("/api/ps").json, {"models": []})
        self.assertIn("completion", self.agent.request("POST", "/api/show", {"model": "ollama/any"}).json["capabilities"])
        self.assertEqual(self.agent.request("POST", "/api/show", {"model": 5}).status, 400)

    def test_each_clients_own_slot_takes_the_token(self):
        body = {"model": "ollama/any", "messages": [{"role": "user", "content": "hello"}]}
        for headers, path in (({"x-api-key": self.agent.token}, "/v1/messages"), ({"api-key": self.agent.token}, "/openai/deployments/compatible/any/chat/completions?api-version=1"),
                              ({"x-goog-api-key": self.agent.token}, "/api/chat"), ({}, f"/api/chat?key={self.agent.token}"), ({}, f"/t/{self.agent.token}/api/chat")):
            reply = self.agent.request("POST", path, {**body, "max_tokens": 5}, headers=headers, token=False)
            self.assertEqual(reply.status, 200, (path, reply.body))
            self.assertNotIn(self.agent.token, str(self.sent().headers) + self.sent().path)
        self.assertEqual(self.agent.request("POST", "/api/chat", body, token=False).status, 401)

    def test_tokens_are_counted_for_providers_that_cannot(self):
        body = {"model": "compatible/any", "messages": [{"role": "user", "content": "four score and seven years ago"}]}
        before = len(self.provider.received)
        reply = self.agent.request("POST", "/v1/messages/count_tokens", body)
        self.assertGreater(reply.json["input_tokens"], 3)
        self.assertEqual(len(self.provider.received), before)

    def test_the_preview_answers_chats_and_says_so(self):
        for path, body in (("/v1/embeddings", {"input": "hello"}), ("/v1/images/generations", {"prompt": "hello"}), ("/v1/audio/speech", {"input": "hello", "voice": "x"})):
            reply = self.agent.request("POST", path, {"model": "preview", **body})
            self.assertEqual((reply.status, reply.error["code"]), (404, "model_not_found"), reply.body)
            self.assertIn("chats only", reply.error["message"])

    def test_what_cannot_be_said_is_refused_or_named(self):
        base = {"model": "anthropic/any", "messages": [{"role": "user", "content": "hi"}]}
        reply = self.agent.chat({**base, "seed": 1, "logit_bias": {"1": 2}})
        self.assertEqual(reply.headers["x-gatehouse-untranslated"], "logit_bias, seed")
        self.assertNotIn("x-gatehouse-untranslated", self.agent.chat(base).headers)
        refused = self.agent.chat({**base, "n": 2})
        self.assertEqual((refused.status, refused.error["code"]), (400, "malformed_request"))
        self.assertIn("choice", refused.error["message"])

    def test_errors_of_the_provider_are_told_in_the_clients_words(self):
        def limited(connection, request):
            body = b'{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}'
            connection.send(b"HTTP/1.1 429 X\r\nContent-Type: application/json\r\nRetry-After: 7\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            return True
        for name, surface in SURFACES.items():
            if surface.kinds is not None:
                continue
            self.provider.will(limited)
            reply = surface.ask(self.agent, "anthropic/any", {"user": "hello"}, True)
            self.assertEqual((reply.status, reply.headers["retry-after"]), (429, "7"), name)
            error = reply.json["error"]
            self.assertEqual(error if isinstance(error, str) else error["message"], "slow down", name)
            if name in ("openai.chat", "anthropic.messages"):
                self.assertEqual(error["type"], "rate_limit_error", name)

    def test_limits_that_the_provider_tells_are_forwarded_and_none_is_invented(self):
        told = {"x-ratelimit-remaining-requests": "59", "x-ratelimit-reset-tokens": "6m0s", "anthropic-ratelimit-requests-remaining": "3", "retry-after-ms": "70",
                "x-ms-retry-after-ms": "71", "ratelimit": '"default";r=50;t=30', "x-request-id": "req_1"}
        hidden = {"set-cookie": "a=b", "x-ratelimit-odd": "x" * 300, "server": "nginx"}
        for name, stream in itertools.product(("openai.chat", "anthropic.messages"), (False, True)):
            self.provider.will(lambda connection, request: echo(Adding(connection, {**told, **hidden}), request))
            reply = SURFACES[name].ask(self.agent, "openai/any", {"user": "hello"}, stream)
            self.assertEqual(reply.status, 200, reply.body)
            self.assertEqual({header: reply.headers.get(header) for header in told}, told)
            self.assertEqual([header for header in hidden if header in reply.headers], [])
        plain = SURFACES["openai.chat"].ask(self.agent, "openai/any", {"user": "hello"})
        self.assertEqual([header for header in plain.headers if "ratelimit" in header], [])

    def test_keep_alives_reach_clients_of_other_interfaces_too(self):
        frames = ": thinking\n\n" * 3 + sse({"choices": [{"index": 0, "delta": {"content": "hello"}, "finish_reason": None}]}) + sse(
            {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}) + sse("[DONE]")
        for name in ("anthropic.messages", "openai.responses", "gemini"):
            self.provider.will(PassThrough.stream_of(self, "text/event-stream", frames.encode(), (4096,)))
            reply = SURFACES[name].ask(self.agent, "compatible/any", {"user": "hello"}, True)
            self.assertGreaterEqual(reply.body.split(b"hello")[0].count(b": keep-alive\n\n"), 3, reply.body)
            self.assertEqual(SURFACES[name].text(reply), "hello")
            self.assertNotIn(b"thinking\n", reply.body)
        for name in ("ollama.chat", "gemini.array"):  # lines and a list have no comments
            self.provider.will(PassThrough.stream_of(self, "text/event-stream", frames.encode(), (4096,)))
            self.assertEqual(SURFACES[name].text(SURFACES[name].ask(self.agent, "compatible/any", {"user": "hello"}, True)), "hello")

    def test_tools_that_the_vendor_would_refuse_by_their_names_are_called_by_their_own(self):
        """Out under a name that fits, back under the client's own, whole and streamed."""
        name = "files.read/" + "x" * 60
        for kind, stream in itertools.product(("anthropic", "openai", "gemini", "bedrock", "ollama"), (False, True)):
            with self.subTest(provider=kind, stream=stream):
                if kind == "anthropic":
                    path, tool = "/api/chat", {"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}
                else:
                    path, tool = "/v1/messages", {"name": name, "input_schema": {"type": "object"}}
                reply = self.agent.request("POST", path, {"model": f"{kind}/any", "max_tokens": 9, "stream": stream, "tools": [tool],
                                                          "messages": [{"role": "user", "content": "call the tool"}]})
                self.assertEqual(reply.status, 200, reply.body)
                fitting = re.search(rb"files_read_x{44}_[0-9a-f]{8}", self.sent().body)
                self.assertEqual(fitting is None, kind == "ollama", self.sent().body)  # which takes any name
                self.assertIn(name.encode(), reply.body)
                self.assertNotIn(b"files_read_", reply.body)

    def test_a_stream_that_breaks_off_is_told_as_an_error(self):
        def broken(connection, request):
            connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            frame = sse({"choices": [{"index": 0, "delta": {"content": "half an ans"}}]}).encode()
            connection.send(b"%x\r\n" % len(frame) + frame + b"\r\n0\r\n\r\n")
            return True
        for name, surface in SURFACES.items():
            if surface.kinds is not None:
                continue
            self.provider.will(broken)
            reply = surface.ask(self.agent, "compatible/any", {"user": "hello"}, True)
            self.assertIn(b"half an", reply.body, name)
            self.assertIn(b"error", reply.body, name)
            self.assertNotIn(b"message_stop", reply.body)
            self.assertNotIn(b'"done":true', reply.body)


class Page(SurfaceTest):
    """What arrives where, for docs/compatibility.md."""
    said = [{"role": "user", "content": "hello"}]
    contents = {"contents": [{"parts": [{"text": "hello"}]}]}
    text = {"content": {"parts": [{"text": "hello"}]}}
    rows = (("OpenAI chat", "/v1/chat/completions", {"messages": said}), ("OpenAI responses", "/v1/responses", {"input": "hello"}),
            ("OpenAI completions", "/v1/completions", {"prompt": "hello"}), ("OpenAI embeddings", "/v1/embeddings", {"input": "hello"}),
            ("OpenAI images", "/v1/images/generations", {"prompt": "hello"}), ("OpenAI image edits", "/v1/images/edits", {"prompt": "hello"}),
            ("OpenAI speech", "/v1/audio/speech", {"input": "hello", "voice": "alloy"}),
            ("OpenAI transcriptions", "/v1/audio/transcriptions", None), ("Anthropic messages", "/v1/messages", {"messages": said, "max_tokens": 5}),
            ("Anthropic count_tokens", "/v1/messages/count_tokens", {"messages": said}), ("Gemini", "/v1beta/models/{model}:generateContent", contents),
            ("Gemini, streamed", "/v1beta/models/{model}:streamGenerateContent", contents), ("Gemini countTokens", "/v1beta/models/{model}:countTokens", contents),
            ("Gemini embedContent", "/v1beta/models/{model}:embedContent", text),
            ("Gemini batchEmbedContents", "/v1beta/models/{model}:batchEmbedContents", {"requests": [{"model": "models/any", **text}]}),
            ("Ollama chat", "/api/chat", {"messages": said, "stream": False}), ("Ollama generate", "/api/generate", {"prompt": "hello", "stream": False}),
            ("Ollama embed", "/api/embed", {"input": "hello"}), ("Ollama embeddings", "/api/embeddings", {"prompt": "hello"}))

    def ask(self, path, body, kind):
        model = f"{kind}/any"
        if body is None:
            data, media_type = media.form({"model": model}, [("file", "talk.wav", "audio/wav", media.WAVE)])
            return self.agent.request("POST", path, data, headers={"Content-Type": media_type})
        return self.agent.request("POST", path.replace("{model}", model), body if "{model}" in path else {"model": model, **body})

    def word(self, path, body, kind):
        before = len(self.provider.received)
        reply = self.ask(path, body, kind)
        if reply.status == 404:
            self.assertEqual(len(self.provider.received), before)
            return "404"
        self.assertEqual(reply.status, 200, (path, kind, reply.body))
        if len(self.provider.received) == before:
            return "estimated"
        own = path.replace("{model}", "any").split("/v1beta")[-1] if "{model}" in path else path
        return "same" if self.sent().path.split("?")[0].endswith(own) else "translated"

    def test_the_page_says_what_arrives_where(self):
        kinds = list(self.provider.providers())
        lines = [f"| interface | path | {' | '.join(kinds)} |", "|---|---|" + "---|" * len(kinds)]
        for name, path, body in self.rows:
            lines.append(f"| {name} | `{path}` | {' | '.join(self.word(path, body, kind) for kind in kinds)} |")
        check_page(self, "docs/compatibility.md", "tests/integration/test_surfaces.py", "\n".join(lines) + "\n")


if __name__ == "__main__":
    unittest.main()
