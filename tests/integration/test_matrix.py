# SPDX-License-Identifier: Apache-2.0
"""Surface × stream × part × action, in both directions: each cell is looked at where the provider stands and where the client stands."""
import itertools
import json
import unittest

from tests.integration.class_agent import ClassScope
from tests.support.agent import CARD, EMAIL, Agent, policy_for
from tests.support.surfaces import SURFACES, Gemini, OpenAiChat, data_lines
from tests.support.vendors import VECTOR, VendorProvider

KINDS = {"openai.chat": "openai", "openai.responses": "openai", "openai.completions": "openai", "openai.embeddings": "openai", "anthropic.messages": "anthropic",
         "ollama.chat": "ollama", "ollama.generate": "ollama", "ollama.embed": "ollama", "gemini": "gemini", "gemini.array": "gemini", "gemini.embed": "gemini"}
ACTIONS = ("allow", "log", "warn", "justify", "redact", "route-local", "block")
REFUSALS = {"justify": "justification_required", "route-local": "local_only", "block": "dlp_blocked"}
MORE_PARTS = {"openai.chat": ("turn", "file name", "key"), "openai.responses": ("turn", "file name", "key"), "anthropic.messages": ("turn", "file name", "key"),
              "ollama.chat": ("turn", "key"), "ollama.generate": ("key",), "openai.completions": ("key",)}
SHOWN = ("user", "part", "result")  # the scripted provider says these again


class Embeddings(OpenAiChat):
    """Vectors of texts: nothing comes back that could be restored."""
    parts = ("input", "second input")

    def __init__(self, path, make):
        self.path, self.make = path, make

    def body(self, model, texts, stream):
        return self.make(model, [texts.get("input", "hello"), texts.get("second input", "hello")])


class GeminiEmbed(Embeddings):
    def ask(self, agent, model, texts, stream=False, **rest):
        return agent.request("POST", self.path.format(model), self.body(model, texts, stream), **rest)

    error = Gemini.error


class OllamaEmbed(Embeddings):
    error = SURFACES["ollama.chat"].error


VECTORS = {"openai.embeddings": Embeddings("/v1/embeddings", lambda model, texts: {"model": model, "input": texts, "encoding_format": "float"}),
           "ollama.embed": OllamaEmbed("/api/embed", lambda model, texts: {"model": model, "input": texts}),
           "gemini.embed": GeminiEmbed("/v1beta/models/{}:batchEmbedContents", lambda model, texts: {
               "requests": [{"model": "models/any", "content": {"parts": [{"text": text}]}} for text in texts]})}


def strings_of(value, names):
    """Strings below members of these names, in order."""
    if isinstance(value, list):
        return [text for each in value for text in strings_of(each, names)]
    if not isinstance(value, dict):
        return []
    return [text for name, each in value.items() for text in ([each] if name in names and isinstance(each, str) else strings_of(each, names))]


def said_aside(name, reply, place):
    """Thoughts, or what a member says that no interface has: joined where it was a stream."""
    lines = reply.body.decode().split("\n") if "ndjson" in reply.headers["content-type"] else data_lines(reply)
    documents = [json.loads(line) for line in lines if line and line != "[DONE]"] or [reply.json]
    if place == "unknown":
        return "\n".join(strings_of(documents, ("note",)))
    if name.startswith("gemini"):
        parts = [part for document in documents for each in (document if isinstance(document, list) else [document])
                 for part in each["candidates"][0]["content"]["parts"]]
        return "".join(part["text"] for part in parts if part.get("thought"))
    if name == "openai.responses" and len(documents) > 1:
        return "".join(event["delta"] for event in documents if event["type"] == "response.reasoning_summary_text.delta")
    return "".join(strings_of(documents, ("summary", "reasoning_content", "thinking") if name != "openai.responses" else ("text",)))


class MatrixTest(unittest.TestCase):
    direction = "prompt"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = VendorProvider()
        cls.addClassCleanup(cls.provider.close)
        entries = cls.provider.providers()
        policy = policy_for(None)
        policy["providers"] = {"discovery": {"enabled": False}, **{f"{kind}-{action}": entries[kind] for kind in set(KINDS.values()) for action in ACTIONS}}
        policy["rules"] = [{"id": f"card-{action}", "when": {"class": "pci", "provider": f"*-{action}", "direction": cls.direction}, "then": action}
                           for action in ACTIONS]
        cls.agent = Agent(ClassScope(cls), policy)

    def model(self, name, action):
        return f"{KINDS[name]}-{action}/any"


class Prompts(MatrixTest):
    def cells(self):
        for name, surface in {**SURFACES, **VECTORS}.items():
            parts = surface.parts + MORE_PARTS.get(name, ())
            yield from itertools.product((name,), (surface,), (False, True) if name in SURFACES else (False,), parts, ACTIONS)

    def test_every_cell_at_the_provider_and_at_the_client(self):
        cells = 0
        for name, surface, stream, part, action in self.cells():
            with self.subTest(surface=name, stream=stream, part=part, action=action):
                before = len(self.provider.received)
                text = f"my card is {CARD}, thanks"
                reply = surface.ask(self.agent, self.model(name, action), {part: text}, stream)
                self.assertEqual(reply.headers["x-gatehouse-decision"], action, reply.body)
                self.assertEqual(reply.headers["x-gatehouse-rule"], f"card-{action}")
                if action in REFUSALS:
                    self.assertEqual((reply.status, surface.error(reply)), (403, REFUSALS[action]), reply.body)
                    self.assertEqual(len(self.provider.received), before)
                    self.assertNotIn(b"4111", reply.body)
                else:
                    self.sent_and_answered(name, surface, part, action, text, reply, before)
                cells += 1
        self.assertGreater(cells, 700)

    def sent_and_answered(self, name, surface, part, action, text, reply, before):
        self.assertEqual(reply.status, 200, reply.body)
        self.assertEqual(len(self.provider.received), before + 1)
        sent = self.provider.received[-1].body
        self.assertEqual(CARD.encode() in sent, action != "redact", sent)
        self.assertEqual(b"[[CARD_" in sent, action == "redact", sent)
        self.assertNotIn(b"[[CARD", reply.body)
        if name in VECTORS:
            self.assertIn(json.dumps(VECTOR), json.dumps(reply.json))
        elif part in SHOWN:
            self.assertEqual(surface.text(reply), text)


class Answers(MatrixTest):
    direction = "answer"
    prompt = f"say the number; mail me at {EMAIL}"

    def speak(self, name, action, stream, tools):
        """The provider says a card's number that was in no prompt."""
        surface = SURFACES[name]
        said = "call the tool with {card} and say it" if tools else "the number is {card}, as you know"
        return surface.ask(self.agent, self.model(name, action), {"user": said, **({"tools": True} if tools else {})}, stream)

    def test_every_cell_at_the_client(self):
        for name, stream, action, tools in itertools.product(SURFACES, (False, True), ("allow", "log", "redact", "block"), (False, True)):
            surface = SURFACES[name]
            if tools and surface.call is None:
                continue
            with self.subTest(surface=name, stream=stream, action=action, part="arguments" if tools else "text"):
                reply = self.speak(name, action, stream, tools)
                self.assertNotIn(CARD.encode(), self.provider.received[-1].body)
                if action == "block":
                    self.assertNotIn(b"1111", reply.body)
                    self.assertIn(b"dlp_blocked", reply.body)
                    self.assertEqual(self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}").json["outcome"], "answer_blocked")
                    continue
                self.assertEqual(reply.status, 200, reply.body)
                shown = "[CARD]" if action == "redact" else CARD
                said = surface.call(reply)["value"] if tools else surface.text(reply)
                self.assertEqual(said, f"call the tool with {shown} and say it" if tools else f"the number is {shown}, as you know")
                self.assertEqual(b"1111" in reply.body, action != "redact")

    def test_thoughts_and_unknown_members_are_cells_too(self):
        """A thought may be redacted unless its vendor signs it: then what would have to be changed blocks."""
        cells = 0
        for name, stream, action, place in itertools.product(SURFACES, (False, True), ("allow", "log", "redact", "block"), ("thoughts", "unknown")):
            if name == "openai.completions" and place == "thoughts":
                continue  # that interface has none
            with self.subTest(surface=name, stream=stream, action=action, part=place):
                surface, text = SURFACES[name], "the number is {card}, as you know"
                reply = surface.ask(self.agent, self.model(name, action), {"user": f"say in {place}: {text}"}, stream)
                self.assertNotIn(CARD.encode(), self.provider.received[-1].body)
                is_signed = name == "anthropic.messages" and place == "thoughts"
                if action == "block" or (action == "redact" and is_signed):
                    self.assertNotIn(b"1111", reply.body)
                    self.assertIn(b"dlp_blocked", reply.body)
                    self.assertEqual(self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}").json["outcome"], "answer_blocked")
                else:
                    self.assertEqual((reply.status, surface.text(reply)), (200, "done"), reply.body)
                    said = text.format(card="[CARD]" if action == "redact" else CARD)
                    self.assertIn(said, said_aside(name, reply, place), reply.body)
                    self.assertEqual(b"1111" in reply.body, action != "redact", reply.body)
                cells += 1
        self.assertEqual(cells, 120)

    def test_numbers_that_are_no_texts_are_found_too(self):
        """A card as a number, in arguments that are an object: a text in its place would be another type, so that it blocks."""
        for name in ("anthropic.messages", "ollama.chat", "gemini"):
            for action, is_blocked in (("allow", False), ("redact", True), ("block", True)):
                with self.subTest(surface=name, action=action):
                    reply = SURFACES[name].ask(self.agent, self.model(name, action), {"user": "call the tool with {number}", "tools": True}, False)
                    self.assertEqual(b"4111111111111111" not in reply.body, is_blocked, reply.body)
                    self.assertEqual(reply.status, 403 if is_blocked else 200)


if __name__ == "__main__":
    unittest.main()
