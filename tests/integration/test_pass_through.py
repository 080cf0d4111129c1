# SPDX-License-Identifier: Apache-2.0
"""Same interface on both sides: what policy and placeholders did not change is byte-identical. The shapes are those that vendors
document, with members and events that nobody knows; numbers and spaces are written oddly, so that whatever is written anew shows."""
import json
import unittest

from tests.integration.class_agent import ClassScope
from tests.support.agent import CARD, Agent, policy_for
from tests.support.surfaces import SURFACES
from tests.support.vendors import VendorProvider, answer, sse

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
ODD = ', "brand_new" : {"x":[1e2, 1.10, null], "y" : "h\\u00e9"} }'

WHOLE = {
    "openai.chat": ("openai", '{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hi there","refusal":null,"annotations":[]},'
                              '"logprobs":{"content":[{"token":"hi","logprob":-0.10,"bytes":[104,105],"top_logprobs":[{"token":"yo","logprob":-2e0}]},'
                              '{"token":" there","logprob":-0.5,"bytes":null,"top_logprobs":[]}],"refusal":null},"finish_reason":"stop","content_filter_results":{}}],'
                              '"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3},"service_tier":"default"'),
    "openai.completions": ("openai", '{"id":"c","object":"text_completion","choices":[{"text":"hi there","index":0,"logprobs":{"tokens":["hi"," there"],"token_logprobs":[-0.10,-1],'
                                     '"top_logprobs":[{"yo":-2},{}],"text_offset":[0,2]},"finish_reason":"stop"}]'),
    "openai.responses": ("openai", '{"id":"r","object":"response","status":"completed","output":[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAAA+/="},'
                                   '{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"hi there","annotations":[],'
                                   '"logprobs":[{"token":"hi there","logprob":-0.10,"bytes":[],"top_logprobs":[]}]}]},{"type":"brand_new_call","id":"b","x":1.0}]'
                                   .replace('"bytes":[]', '"bytes":null')),
    "anthropic.messages": ("anthropic", '{"id":"m","type":"message","role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"EqQB+/="},'
                                        '{"type":"redacted_thinking","data":"EmwK+/="},{"type":"text","text":"hi there","citations":null},{"type":"brand_new","x":1.0}],'
                                        '"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":2}'),
    "gemini": ("gemini", '{"candidates":[{"content":{"parts":[{"text":"hm","thought":true,"thoughtSignature":"CpQB+/="},{"text":"hi there"},{"executableCode":{"code":"1"}}],"role":"model"},'
                         '"finishReason":"STOP","index":0,"avgLogprobs":-0.10,"logprobsResult":{"topCandidates":[],"chosenCandidates":[{"token":"hi there","logProbability":-0.1}]},'
                         '"safetyRatings":[{"category":"c","probability":"NEGLIGIBLE"}]}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2,"totalTokenCount":3}'),
    "ollama.chat": ("ollama", '{"model":"any","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"hi there","thinking":"hm"},'
                              '"logprobs":[{"token":"hi","logprob":-0.10,"bytes":[104,105]},{"token":" there","logprob":-1,"bytes":null}],"done":true,"done_reason":"stop",'
                              '"total_duration":4111111111111111,"eval_count":2'),
}


def stream_of(name):
    """Frames of a stream; those with a running text say so."""
    odd = lambda data: json.dumps({**data, "brand_new": {"x": [1e2, 1.1]}}).replace("100.0", "1e2")
    if name == "openai.chat":
        token = lambda text: sse(odd({"id": "c", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}], "obfuscation": "aB3"}))
        first = sse(odd({"id": "", "choices": [], "prompt_filter_results": [{"prompt_index": 0}]}))  # Azure's
        return [first, ": comment\n\n", "event: brand_new\ndata: {\"x\" : 1.10}\n\n", token("hi "), token("there"),
                sse(odd({"id": "c", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})), sse("[DONE]")]
    if name == "openai.responses":
        event = lambda kind, **more: sse(odd({"type": kind, "sequence_number": 1, **more}), kind)
        item = {"type": "message", "id": "m", "role": "assistant", "content": []}
        return [event("response.created", response={"id": "r", "object": "response", "output": []}), event("response.brand_new", x=1), ": comment\n\n",
                event("response.web_search_call.searching", output_index=0, item_id="ws_1"), event("response.output_item.added", output_index=1, item=item),
                event("response.output_text.delta", output_index=1, content_index=0, delta="hi there ", logprobs=[]),
                event("response.output_text.done", output_index=1, content_index=0, text="hi there ", logprobs=[]),
                event("response.completed", response={"id": "r", "object": "response", "status": "completed", "output": [{**item, "content": [
                    {"type": "output_text", "text": "hi there ", "logprobs": []}]}], "usage": {"input_tokens": 1, "output_tokens": 2}})]
    if name == "anthropic.messages":
        event = lambda kind, **more: sse(odd({"type": kind, **more}), kind)
        return [event("message_start", message={"id": "m", "role": "assistant", "content": [], "usage": {"input_tokens": 1}}), event("ping"), event("brand_new", y="z"), ": comment\n\n",
                event("content_block_start", index=0, content_block={"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}), event("content_block_stop", index=0),
                event("content_block_start", index=1, content_block={"type": "text", "text": ""}), event("content_block_delta", index=1, delta={"type": "text_delta", "text": "hi there"}),
                event("content_block_delta", index=1, delta={"type": "brand_new_delta", "x": 1}), event("content_block_stop", index=1),
                event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 2}), event("message_stop")]
    if name == "ollama.chat":
        line = lambda text, **more: odd({"model": "any", "message": {"role": "assistant", "content": text}, "done": False, **more}) + "\n"
        return [line("", message={"role": "assistant", "content": "", "brand_new": []}), line("hi "), line("there"), line("", done=True, eval_count=2)]
    event = lambda text, **more: odd({"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, "index": 0, "safetyRatings": [], **more}], "responseId": "r"})
    events = [event("hi "), event("there"), event("", finishReason="STOP")]
    return [sse(each) for each in events] if name == "gemini" else [("[" if i == 0 else ",\r\n") + each for i, each in enumerate(events)] + ["]"]


def has_text(frame):
    """Whether a running text stands in it, which may take a word from the frame before."""
    return frame == "]" or any(name in frame for name in ('"content": "', '"text": "', '"delta": "'))


KINDS = {"openai.chat": "openai", "openai.responses": "openai", "anthropic.messages": "anthropic", "ollama.chat": "ollama", "gemini": "gemini", "gemini.array": "gemini"}
TYPES = {"ollama.chat": "application/x-ndjson", "gemini.array": "application/json"}


class PassThroughTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = VendorProvider()
        cls.addClassCleanup(cls.provider.close)
        policy = policy_for(None)
        policy["rules"] = [{"id": "redact", "when": {"class": ["pii", "pci"]}, "then": "redact"}]
        policy["providers"] = {"discovery": {"enabled": False}, **cls.provider.providers()}
        cls.agent = Agent(ClassScope(cls), policy)

    def will_stream(self, name, frames, size):
        def act(connection, request):
            data = "".join(frames).encode()
            connection.send(f"HTTP/1.1 200 OK\r\nContent-Type: {TYPES.get(name, 'text/event-stream')}\r\nTransfer-Encoding: chunked\r\n\r\n")
            for at in range(0, len(data), size):
                piece = data[at:at + size]
                connection.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            connection.send("0\r\n\r\n")
            return True
        self.provider.will(act)

    def test_whole_answers_with_members_that_nobody_knows(self):
        for name, (kind, document) in WHOLE.items():
            with self.subTest(surface=name):
                body = (document + ODD).encode()
                json.loads(body)
                self.provider.will(lambda connection, request, body=body: answer(connection, 200, body))
                self.assertEqual(SURFACES[name].ask(self.agent, f"{kind}/any", {"user": "hello"}).body, body)

    def test_streams_with_events_that_nobody_knows(self):
        """A text may be told in other pieces, because its last word waits for the next; every other frame is as it came."""
        for name, kind in KINDS.items():
            for size in (1, 7, 4096):
                with self.subTest(surface=name, size=size):
                    frames = stream_of(name)
                    self.will_stream(name, frames, size)
                    reply = SURFACES[name].ask(self.agent, f"{kind}/any", {"user": "hello"}, True)
                    rest = reply.body.decode()
                    for frame in frames:
                        if has_text(frame):
                            continue
                        at = rest.find(frame)
                        self.assertGreaterEqual(at, 0, (frame, reply.body))
                        rest = rest[at + len(frame):]
                    self.assertEqual([part for part in rest.split("\n") if part.startswith("data:") and not has_text(part)], [])
                    self.assertEqual(SURFACES[name].text(reply).strip() if name != "openai.chat" else "hi there", "hi there")

    def test_log_probabilities_leave_with_a_text_that_was_changed(self):
        """They spell it a second time: token by token nobody would find a card in them."""
        for name, (kind, document) in WHOLE.items():
            if name == "anthropic.messages":
                continue
            with self.subTest(surface=name):
                data = json.loads((document + ODD).replace("4111111111111111", "5"))
                changed = json.dumps(data).replace('"token": "hi there"', '"token": "4111 1111 1111 1111"').replace('"hi"', '"4111 1111"').replace('" there"', '" 1111 1111"')
                changed = changed.replace('"hi there"', f'"{CARD}"').replace("[104, 105]", json.dumps(list(b"4111 1111"))).encode()
                self.provider.will(lambda connection, request, changed=changed: answer(connection, 200, changed))
                reply = SURFACES[name].ask(self.agent, f"{kind}/any", {"user": "hello"})
                self.assertEqual(reply.status, 200, reply.body)
                self.assertIn(b"[CARD]", reply.body)
                self.assertNotIn(b"1111", reply.body)

    def test_flags_of_a_beta_reach_their_vendor_byte_for_byte_and_no_other(self):
        flags = {"anthropic-beta": "context-1m-2025-08-07,  files-api-2025-04-14", "anthropic-version": "2023-06-01"}
        for kind in ("anthropic", "openai", "bedrock"):
            SURFACES["anthropic.messages"].ask(self.agent, f"{kind}/any", {"user": "hello"}, headers=flags)
            sent = self.provider.received[-1].headers
            self.assertEqual(sent.get("anthropic-beta"), flags["anthropic-beta"] if kind == "anthropic" else None)

    def test_pictures_in_an_answer_pass_to_who_can_see_them_and_are_refused_to_others(self):
        answers = {"gemini": {"candidates": [{"content": {"parts": [{"text": "see"}, {"inlineData": {"mimeType": "image/png", "data": PNG}}], "role": "model"}, "finishReason": "STOP"}]},
                   "ollama": {"model": "any", "message": {"role": "assistant", "content": "see", "images": [PNG]}, "done": True}}
        for kind, document in answers.items():
            own, other = ("gemini", "openai.chat") if kind == "gemini" else ("ollama.chat", "anthropic.messages")
            body = json.dumps(document).encode()
            self.provider.will(lambda connection, request, body=body: answer(connection, 200, body))
            self.assertEqual(SURFACES[own].ask(self.agent, f"{kind}/any", {"user": "hello"}).body, body)
            self.provider.will(lambda connection, request, body=body: answer(connection, 200, body))
            reply = SURFACES[other].ask(self.agent, f"{kind}/any", {"user": "hello"})
            self.assertEqual(reply.status, 502, reply.body)
            self.assertIn("cannot be told", reply.json["error"]["message"])
            self.assertEqual(self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}").json["outcome"], "upstream_error")


if __name__ == "__main__":
    unittest.main()
