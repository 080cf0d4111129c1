# SPDX-License-Identifier: Apache-2.0
"""Pictures and sound: forms and JSON, governed like prompts; what nobody can look into is policy's to let through."""
import base64
import json
import unittest

from tests.integration.class_agent import ClassScope
from tests.support import media
from tests.support.agent import CARD, EMAIL, GITHUB_TOKEN, ROOT, Agent, policy_for
from tests.support.vendors import VendorProvider

DOCUMENTS = ROOT / "tests/fixtures/documents"
IMAGES, EDITS, VARIATIONS = "/v1/images/generations", "/v1/images/edits", "/v1/images/variations"
TRANSCRIPTIONS, TRANSLATIONS, SPEECH = "/v1/audio/transcriptions", "/v1/audio/translations", "/v1/audio/speech"
KINDS = ("compatible", "openai")
FILES = {EDITS: ("image", "cat.png", "image/png", media.PNG), VARIATIONS: ("image", "cat.png", "image/png", media.PNG),
         TRANSCRIPTIONS: ("file", "talk.wav", "audio/wav", media.WAVE), TRANSLATIONS: ("file", "talk.wav", "audio/wav", media.WAVE)}


class MediaTest(unittest.TestCase):
    rules = []

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = VendorProvider()
        cls.addClassCleanup(cls.provider.close)
        policy = policy_for(None)
        policy["providers"] = {"discovery": {"enabled": False}, **cls.provider.providers()}
        policy["rules"] = cls.rules + policy["rules"]
        cls.agent = Agent(ClassScope(cls), policy)

    def sent(self):
        return self.provider.received[-1]

    def json(self, path, body, **rest):
        return self.agent.request("POST", path, body, **rest)

    def form(self, path, fields, files=None, model="compatible/any", **rest):
        body, media_type = media.form({"model": model, **fields}, [FILES[path]] if files is None else files, **rest)
        return self.agent.request("POST", path, body, headers={"Content-Type": media_type})

    def shown(self, reply):
        """The records, once the outcome is among them: the path of one's own interactions waits for it."""
        self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}")
        return self.agent.show(reply.interaction)

    def refused(self, reply, code, status=403):
        self.assertEqual((reply.status, reply.error and reply.error["code"]), (status, code), reply.body)
        return reply


class Prompts(MediaTest):
    def test_prompts_in_json_are_redacted_and_restored(self):
        for kind in KINDS:
            reply = self.json(IMAGES, {"model": f"{kind}/any", "prompt": f"a card with {CARD}", "n": 1})
            self.assertEqual((reply.status, reply.decision), (200, "redact"), reply.body)
            self.assertNotIn(b"4111", self.sent().body)
            self.assertEqual(self.sent().path, "/v1/images/generations")
            self.assertEqual(reply.json["data"][0]["revised_prompt"], f"a card with {CARD}")
            self.assertEqual(base64.b64decode(reply.json["data"][0]["b64_json"]), media.PNG)

    def test_prompts_in_forms_are_redacted_and_restored(self):
        for path in (EDITS, TRANSCRIPTIONS, TRANSLATIONS):
            reply = self.form(path, {"prompt": f"it is about {CARD}"})
            self.assertEqual((reply.status, reply.decision), (200, "redact"), reply.body)
            self.assertNotIn(b"4111", self.sent().body)
            fields = {field.name: field for field in media.fields_of(self.sent())}
            self.assertRegex(fields["prompt"].content, rb"^it is about \[\[CARD_")
            said = reply.json["data"][0]["revised_prompt"] if path == EDITS else reply.json["text"]
            self.assertEqual(said, f"it is about {CARD}")

    def test_what_is_spoken_is_redacted(self):
        reply = self.json(SPEECH, {"model": "compatible/any", "voice": "alloy", "input": f"I am {EMAIL}"})
        self.assertEqual((reply.status, reply.decision), (200, "redact"), reply.body)
        self.assertNotIn(b"maria", self.sent().body)

    def test_secrets_are_blocked_wherever_they_stand(self):
        before = len(self.provider.received)
        secret = f"use {GITHUB_TOKEN}"
        png = media.PNG
        replies = [self.json(IMAGES, {"model": "compatible/any", "prompt": secret}), self.json(SPEECH, {"model": "compatible/any", "voice": "x", "input": secret}),
                   self.json(SPEECH, {"model": "compatible/any", "voice": "x", "input": "hello", "instructions": secret}),
                   self.json(IMAGES, {"model": "compatible/any", "prompt": "hello", "brand_new": {"x": [secret]}})]
        for path in FILES:
            replies += [self.form(path, {"prompt": secret}), self.form(path, {"prompt": "hello", "brand_new": secret})]
        replies += [self.form(EDITS, {"prompt": "hello"}, [("image", f"{GITHUB_TOKEN}.png", "image/png", png)]),
                    self.form(EDITS, {"prompt": "hello", GITHUB_TOKEN: "x"})]
        for reply in replies:
            self.refused(reply, "dlp_blocked")
            self.assertNotIn(GITHUB_TOKEN.encode(), reply.body)
        self.assertEqual(len(self.provider.received), before)

    def test_it_is_recorded_like_a_prompt(self):
        reply = self.form(TRANSCRIPTIONS, {"prompt": f"it is about {CARD}"})
        intent, outcome = self.shown(reply)
        self.assertEqual((intent["surface"], outcome["outcome"]), ("openai.transcriptions", "completed"))
        self.assertIn("it is about", str(intent))
        self.assertNotIn("4111", str([intent, outcome]))
        self.assertEqual((outcome["usage"]["input_tokens"], outcome["usage"]["output_tokens"]), (11, 7))


class Files(MediaTest):
    rules = [{"id": "no-blind-files", "when": {"class": "unreadable", "direction": "prompt", "provider": "openai"}, "then": "block"}]

    def test_files_of_every_kind_arrive_byte_identical(self):
        every = bytes(range(256)) * 40 + b"\r\n--not-the-boundary\r\n\r\n--"
        for content in (media.PNG, media.WAVE, every, b""):
            reply = self.form(EDITS, {"prompt": "h\u00e9llo"}, [("image[]", "a b.png", "image/png", content), ("image[]", "c.png", None, content)])
            self.assertEqual(reply.status, 200, reply.body)
            self.assertEqual([(field.name, field.filename, field.content) for field in media.fields_of(self.sent())],
                             [("model", None, b"any"), ("prompt", None, "h\u00e9llo".encode()), ("image[]", "a b.png", content), ("image[]", "c.png", content)])

    def test_the_boundary_is_our_own(self):
        self.form(TRANSCRIPTIONS, {"prompt": "hello"}, boundary="4111111111111111")
        self.assertEqual(self.sent().headers["content-type"], "multipart/form-data; boundary=gatehouse-form-0")
        self.assertNotIn(b"4111", self.sent().body)
        self.form(TRANSCRIPTIONS, {"prompt": "--gatehouse-form-0"})
        self.assertEqual(self.sent().headers["content-type"], "multipart/form-data; boundary=gatehouse-form-1")
        self.assertEqual(media.asked(self.sent())["prompt"], "--gatehouse-form-0")

    def test_documents_are_read(self):
        for name in ("word.docx", "pages.pdf"):
            content = (DOCUMENTS / name).read_bytes()
            reply = self.form(EDITS, {"prompt": "hello"}, [("image", name, "application/octet-stream", content)])
            findings = self.shown(reply)[-1]["findings"]
            self.assertTrue(findings, (name, reply.body))
            self.assertNotIn("unreadable.any.part", [finding["detector"] for finding in findings], name)

    def test_a_secret_in_a_file_of_text_is_blocked(self):
        before = len(self.provider.received)
        notes = f"the key\n{GITHUB_TOKEN}\nends here".encode()
        self.refused(self.form(TRANSCRIPTIONS, {}, [("file", "notes.txt", "text/plain", notes)]), "dlp_blocked")
        self.assertEqual(len(self.provider.received), before)

    def test_what_nobody_can_look_into_is_a_finding_that_policy_judges(self):
        for path in FILES:
            with self.subTest(path=path):
                reply = self.form(path, {"prompt": "hello"})
                self.assertEqual(reply.status, 200, reply.body)
                self.assertIn("unreadable.any.part", [finding["detector"] for finding in self.shown(reply)[-1]["findings"]])
                before = len(self.provider.received)
                self.assertEqual(self.form(path, {"prompt": "hello"}, model="openai/any").headers["x-gatehouse-rule"], "no-blind-files")
                self.assertEqual(len(self.provider.received), before)

    def test_pictures_by_address_or_id_are_references(self):
        policy_words = {"model": "compatible/any", "prompt": "hello"}
        for images in ([{"image_url": "https://example.com/a.png"}], [{"file_id": "file-1"}]):
            self.assertEqual(self.json(EDITS, {**policy_words, "images": images}).status, 200)  # the provider is approved, not external
        data = "data:image/png;base64," + base64.b64encode(media.PNG).decode()
        reply = self.json(EDITS, {**policy_words, "images": [{"image_url": data}]})
        self.assertIn("unreadable.any.part", [finding["detector"] for finding in self.shown(reply)[-1]["findings"]])

    def test_forms_that_two_readers_might_understand_in_two_ways_are_refused(self):
        good, media_type = media.form({"model": "compatible/any", "prompt": "hello"}, [FILES[EDITS]])
        disposition = b'Content-Disposition: form-data; name="prompt"'
        cases = {"preamble": b"hidden\r\n" + good, "epilogue": good + b"hidden", "no end": good[:-6], "bare line ends": good.replace(b"\r\n", b"\n"),
                 "double field": good.replace(b'name="model"', b'name="prompt"', 1), "no name": good.replace(b'; name="prompt"', b""),
                 "second name": good.replace(disposition, disposition + b'; name="other"'), "odd header": good.replace(disposition, disposition + b"\r\nX-More: hidden"),
                 "starred name": good.replace(b'filename="cat.png"', b"filename*=UTF-8''cat.png"), "unquoted": good.replace(b'name="prompt"', b"name=prompt"),
                 "encoded": good.replace(disposition, disposition + b"\r\nContent-Transfer-Encoding: base64"), "empty": b"", "comment": good.replace(disposition, disposition + b" (hidden)"),
                 "wrong length": good.replace(disposition, disposition + b"\r\nContent-Length: 4111"), "padding": good.replace(b"gW\r\n", b"gW  \r\n", 1)}
        before = len(self.provider.received)
        for name, body in cases.items():
            with self.subTest(name):
                self.refused(self.agent.request("POST", EDITS, body, headers={"Content-Type": media_type}), "malformed_request", 400)
        self.assertEqual(len(self.provider.received), before)

    def test_media_types_that_the_path_does_not_take_are_refused(self):
        body, media_type = media.form({"model": "compatible/any"}, [])
        for path, kind in ((IMAGES, media_type), (SPEECH, media_type), (TRANSCRIPTIONS, "application/json"), ("/v1/chat/completions", media_type),
                           (EDITS, "multipart/mixed; boundary=x"), (EDITS, "multipart/form-data"), (EDITS, "multipart/form-data; boundary=x; charset=y")):
            self.assertEqual(self.agent.request("POST", path, body, headers={"Content-Type": kind}).status, 415, (path, kind))
        self.assertEqual(self.agent.request("POST", EDITS, {"model": "anthropic/any", "prompt": "x"}).status, 404)


class Answers(MediaTest):
    rules = [{"id": "no-secrets-back", "when": {"class": ["secret", "credential"], "direction": "answer"}, "then": "block"},
             {"id": "no-pictures-back", "when": {"class": "unreadable", "direction": "answer", "provider": "openai"}, "then": "block"}]

    def test_recordings_pass_byte_identical(self):
        reply = self.json(SPEECH, {"model": "compatible/any", "voice": "alloy", "input": "hello"})
        self.assertEqual((reply.status, reply.headers["content-type"], reply.body), (200, "audio/mpeg", media.MP3))
        outcome = self.shown(reply)[-1]
        self.assertEqual(outcome["outcome"], "completed")
        self.assertIn("unreadable.any.part", [finding["detector"] for finding in outcome["findings"]])
        reply = self.json(SPEECH, {"model": "compatible/any", "voice": "alloy", "input": "hello", "stream_format": "sse"})
        self.assertIn(base64.b64encode(media.MP3), reply.body)
        self.assertEqual(self.shown(reply)[-1]["usage"]["output_tokens"], 7)

    def test_policy_may_refuse_pictures_and_recordings_that_come_back(self):
        for path, body in ((SPEECH, {"voice": "alloy", "input": "hello"}), (IMAGES, {"prompt": "hello"})):
            self.assertEqual(self.refused(self.json(path, {"model": "openai/any", **body}), "dlp_blocked").headers["x-gatehouse-rule"], "no-pictures-back")
        reply = self.json(IMAGES, {"model": "openai/any", "prompt": "hello", "stream": True})
        self.assertNotIn(base64.b64encode(media.PNG), reply.body)
        self.assertIn(b"dlp_blocked", reply.body)

    def test_transcripts_are_inspected_in_every_form(self):
        secret = f"the token is {GITHUB_TOKEN} and that was it"
        for form in ("json", "text", "vtt", "verbose_json"):
            with self.subTest(form):
                self.provider.will(lambda connection, request: media.heard(connection, request, secret))
                reply = self.refused(self.form(TRANSCRIPTIONS, {"response_format": form}), "dlp_blocked")
                self.assertNotIn(GITHUB_TOKEN.encode(), reply.body)
        self.provider.will(lambda connection, request: media.heard(connection, request, secret))
        reply = self.form(TRANSCRIPTIONS, {"stream": "true"})
        self.assertNotIn(GITHUB_TOKEN[:12].encode(), reply.body)
        self.assertIn(b"dlp_blocked", reply.body)

    def test_transcripts_are_restored_in_every_form(self):
        said = f"it is about {CARD}, he said"
        for form, expected in (("text", said + "\n"), ("vtt", f"WEBVTT\n\n00:00.000 --> 00:01.000\n{said}\n")):
            reply = self.form(TRANSCRIPTIONS, {"prompt": said, "response_format": form})
            self.assertEqual(reply.body.decode(), expected)
            self.assertTrue(reply.headers["content-type"].startswith("text/"))
        whole = self.form(TRANSCRIPTIONS, {"prompt": said, "response_format": "verbose_json"}).json
        self.assertEqual((whole["text"], whole["segments"][0]["text"]), (said, said))
        reply = self.form(TRANSCRIPTIONS, {"prompt": said, "stream": "true"})
        items = [json.loads(event) for event in reply.events]
        self.assertEqual("".join(item.get("delta", "") for item in items), said)
        self.assertEqual((items[-1]["type"], items[-1]["text"]), ("transcript.text.done", said))
        # Tokens go as far as the text is told unchanged: neither what was replaced nor what replaced it is spelt by them.
        spelt = "".join(each["token"] for item in items for each in item.get("logprobs", []))
        self.assertTrue(said.split(CARD)[0].startswith(spelt), spelt)

    def test_streamed_pictures_pass_byte_identical(self):
        reply = self.json(IMAGES, {"model": "compatible/any", "prompt": "hello", "stream": True})
        self.assertEqual(reply.body.count(base64.b64encode(media.PNG)), 2)
        self.assertEqual(self.shown(reply)[-1]["usage"]["output_tokens"], 7)

    def test_pages_of_a_proxy_are_no_answer(self):
        for path, ask in ((SPEECH, lambda: self.json(SPEECH, {"model": "compatible/any", "voice": "x", "input": "hello"})), (TRANSCRIPTIONS, lambda: self.form(TRANSCRIPTIONS, {}))):
            self.provider.will(lambda connection, request: media.raw(connection, "text/html", b"<html>log in</html>"))
            self.assertEqual(ask().status, 502, path)

    def test_paths_of_azure_name_the_model(self):
        reply = self.json("/openai/deployments/compatible/any/images/generations?api-version=1", {"prompt": "hello"})
        self.assertEqual(reply.status, 200, reply.body)
        body, media_type = media.form({"prompt": "hello"}, [FILES[TRANSCRIPTIONS]])
        reply = self.agent.request("POST", "/openai/deployments/compatible/any/audio/transcriptions", body, headers={"Content-Type": media_type})
        self.assertEqual(reply.json["text"], "hello")
        self.assertEqual(media.asked(self.sent())["model"], "any")


if __name__ == "__main__":
    unittest.main()
