# SPDX-License-Identifier: Apache-2.0
"""Documents on their way through `gatehousectl scan`: what stands in them is found, and what cannot be read is told."""
import base64
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile

from tests.integration.class_agent import ClassScope
from tests.support.agent import CARD, CTL, EMAIL, Agent, policy_for
from tests.support.native_host import NativeHost
from tests.support.vendors import VendorProvider

FIXTURES = pathlib.Path(__file__).parent.parent / "fixtures/documents"
FIXTURE_CARD = "4111 1111 1111 1111"
FIXTURE_EMAIL = "ann.marsh@corp.example"


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


class ScanDocuments(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gh-documents-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, content):
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def scan(self, *arguments, code, input=None):
        done = subprocess.run([CTL, "scan", *map(str, arguments)], input=input, capture_output=True, timeout=300, check=False)
        output = done.stdout.decode() + done.stderr.decode()
        self.assertEqual(done.returncode, code, output)
        for value in (CARD, EMAIL, FIXTURE_CARD, FIXTURE_EMAIL):
            self.assertNotIn(value, output)
        return done.stdout.decode(), done.stderr.decode()

    def found(self, *arguments, code=1):
        """{(file, piece): {detectors}} and the whole answer."""
        told = json.loads(self.scan("--json", *arguments, code=code)[0])
        found = {}
        for file in told["files"]:
            for finding in file["findings"]:
                found.setdefault((os.path.basename(file["file"]), finding.get("piece")), set()).add(finding["detector"])
        return found, told

    def test_documents_of_common_programs_are_read(self):
        for path in FIXTURES.iterdir():
            shutil.copy(path, self.folder)
        found, _ = self.found(self.folder, code=2)  # one is encrypted
        for place, detector in ((("word.docx", "text"), "pci.any.card"), (("word.docx", "text"), "pii.any.email"),
                                (("book.xlsx", "sheet Q1!A1:C3"), "pci.any.card"), (("book.xlsx", "sheet Q1!A1:C3"), "pii.any.email"),
                                (("pages.pdf", "page 1"), "pci.any.card"), (("pages.pdf", "page 2"), "pii.any.email"),
                                (("remarks.pdf", "remarks, links and fields"), "pci.any.card"),
                                (("text.odt", "text"), "pci.any.card"), (("text.ods", "sheet Q1"), "pii.any.email")):
            self.assertIn(detector, found.get(place, ()), place)
        self.assertIn("locked.pdf: it is encrypted", self.scan(self.folder, code=2)[1])

    def test_places_are_those_of_the_piece(self):
        path = self.write("x.zip", zipped({"in/notes.txt": f"ä first\nthe card ä {CARD} is mine\n"}))
        self.assertIn("x.zip!in/notes.txt:2:13: pci.", self.scan(path, code=1)[0])
        finding, = json.loads(self.scan("--json", path, code=1)[0])["files"][0]["findings"]
        text = f"ä first\nthe card ä {CARD} is mine\n".encode()
        self.assertEqual(text[finding["start"]:finding["end"]].decode(), CARD)
        result, = json.loads(self.scan("--sarif", path, code=1)[0])["runs"][0]["results"]
        place, = result["locations"]
        self.assertEqual(place["logicalLocations"], [{"fullyQualifiedName": "in/notes.txt"}])
        self.assertNotIn("region", place["physicalLocation"])

    def test_names_of_pieces_cannot_drive_a_terminal(self):
        path = self.write("x.zip", zipped({"a\x1b[31m\nb.txt": f"card {CARD}\n"}))
        self.assertNotIn("\x1b", self.scan(path, code=1)[0])

    def test_text_in_utf16_is_read(self):
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            path = self.write(encoding + ".txt", f"my card ä is {CARD}, thanks".encode(encoding))
            self.assertIn((path.name, "text"), self.found(self.folder)[0])

    def test_documents_can_be_left_alone(self):
        self.write("x.zip", zipped({"a.txt": f"card {CARD}\n"}))
        self.assertEqual(self.found(self.folder)[1]["total"], 1)
        told = self.found(self.folder, "--no-documents", code=0)[1]
        self.assertEqual((told["total"], told["binary_left_out"]), (0, 1))

    def test_what_cannot_be_read_is_told(self):
        path = self.write("x.zip", zipped({"a.txt": f"card {CARD}\n", "b.png": b"\x89PNG\r\n\x1a\n", "c.bin": bytes(range(256)) * 9}))
        told = json.loads(self.scan("--json", path, code=1)[0])
        self.assertEqual({gap["piece"] for gap in told["files"][0]["unread"]}, {"b.png", "c.bin"})
        self.assertIn("2 parts of documents could not be read", self.scan(path, code=1)[0])
        self.assertIn("broken", self.scan(self.write("cut.pdf", b"%PDF-1.7\n"), code=2)[1])

    def test_a_broken_document_does_not_hide_what_was_read(self):
        whole = zipped({"a.txt": f"card {CARD}\n"})
        tar = subprocess.run(["tar", "-c", "-C", str(FIXTURES), "pages.pdf", "word.docx"], capture_output=True, check=True).stdout
        self.write("whole.zip", whole)
        self.write("cut.tar", tar[:len(tar) // 2])
        found, _ = self.found(self.folder, code=2)
        self.assertIn(("whole.zip", "a.txt"), found)
        self.assertIn(("cut.tar", "pages.pdf/page 1"), found)

    def test_a_document_comes_through_standard_input(self):
        out, _ = self.scan(input=zipped({"a.txt": f"card {CARD}\n"}), code=1)
        self.assertIn("-!a.txt:1:6: pci.", out)


# How a client of each interface sends a file. Each gives path, body and headers.

def as_base64(content):
    return base64.b64encode(content).decode()


def openai_chat(agent, name, content, media):
    file = {"filename": name, "file_data": f"data:{media};base64,{as_base64(content)}"}
    return "/v1/chat/completions", {"model": "openai/any", "messages": [{"role": "user", "content": [
        {"type": "text", "text": "what does it say?"}, {"type": "file", "file": file}]}]}, {}


def openai_responses(agent, name, content, media):
    return "/v1/responses", {"model": "openai/any", "input": [{"role": "user", "content": [
        {"type": "input_text", "text": "what does it say?"},
        {"type": "input_file", "filename": name, "file_data": f"data:{media};base64,{as_base64(content)}"}]}]}, {}


def anthropic(agent, name, content, media):
    block = {"type": "document", "title": name, "source": {"type": "base64", "media_type": media, "data": as_base64(content)}}
    return "/v1/messages", {"model": "anthropic/any", "max_tokens": 99, "messages": [{"role": "user", "content": [
        block, {"type": "text", "text": "what does it say?"}]}]}, {"x-api-key": agent.token, "anthropic-version": "2023-06-01"}


def gemini(agent, name, content, media):
    return "/v1beta/models/gemini/any:generateContent", {"contents": [{"role": "user", "parts": [
        {"text": "what does it say?"}, {"inlineData": {"mimeType": media, "displayName": name, "data": as_base64(content)}}]}]}, {
            "x-goog-api-key": agent.token}


CLIENTS = (openai_chat, openai_responses, anthropic, gemini)
MEDIA = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "zip": "application/zip",
         "txt": "text/plain", "png": "image/png"}


class DocumentsInRequests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = VendorProvider()
        cls.addClassCleanup(cls.provider.close)
        policy = policy_for(None, rules=[
            {"id": "no-cards", "when": {"class": "pci", "direction": "prompt"}, "then": "block", "message": "Cards stay here."},
            {"id": "masked", "when": {"class": "pii", "direction": "prompt"}, "then": "redact"},
            {"id": "nothing-unread", "when": {"class": "unreadable", "direction": "prompt"}, "then": "block", "message": "It cannot be read."}])
        policy["providers"] = {"discovery": {"enabled": False}, **cls.provider.providers()}
        cls.agent = Agent(ClassScope(cls), policy)

    def send(self, client, name, content):
        path, body, headers = client(self.agent, name, content, MEDIA[name.rpartition(".")[2]])
        before = len(self.provider.received)
        reply = self.agent.request("POST", path, body, headers=headers, token=not headers)
        return reply, self.provider.received[before:]

    def refused(self, client, name, content, rule):
        reply, arrived = self.send(client, name, content)
        self.assertEqual((reply.status, len(arrived)), (403, 0), reply.body)
        self.assertEqual(reply.headers["x-gatehouse-rule"], rule, reply.body)
        self.assertNotIn(b"4111", reply.body)
        return reply

    def test_a_clean_document_goes_out_as_it_is(self):
        content = zipped({"a.txt": "nothing to see here, " * 20})
        for client in CLIENTS:
            with self.subTest(client=client.__name__):
                reply, (arrived,) = self.send(client, "notes.zip", content)
                self.assertEqual(reply.status, 200, reply.body)
                self.assertIn(as_base64(content).encode(), arrived.body)

    def test_what_policy_blocks_in_a_text_it_blocks_in_a_document(self):
        for client in CLIENTS:
            for name in ("pages.pdf", "word.docx"):
                with self.subTest(client=client.__name__, name=name):
                    self.refused(client, name, (FIXTURES / name).read_bytes(), "no-cards")
            with self.subTest(client=client.__name__, name="text"):
                self.refused(client, "a.txt", f"my card ä is {CARD}, thanks. {'More text. ' * 20}".encode("utf-16"), "no-cards")

    def test_what_cannot_be_redacted_in_place_does_not_leave(self):
        content = zipped({"a.txt": f"write to {EMAIL} " * 9})
        for client in CLIENTS:
            with self.subTest(client=client.__name__):
                self.refused(client, "notes.zip", content, "masked")

    def test_what_cannot_be_read_is_for_policy_to_decide(self):
        locked = (FIXTURES / "locked.pdf").read_bytes()
        picture = b"\x89PNG\r\n\x1a\n" + bytes(200)
        with_picture = zipped({"a.txt": "nothing", "b.png": picture})
        broken = b"%PDF-1.7\n" + b"nothing of a PDF " * 9
        for client in CLIENTS:
            for name, content in (("locked.pdf", locked), ("a.png", picture), ("a.zip", with_picture), ("b.pdf", broken)):
                with self.subTest(client=client.__name__, name=name):
                    self.refused(client, name, content, "nothing-unread")

    def test_the_record_says_which_document(self):
        content = (FIXTURES / "pages.pdf").read_bytes()
        reply = self.refused(openai_chat, "private-name.pdf", content, "no-cards")
        record, = self.agent.show(reply.interaction)
        document, = record["documents"]
        self.assertTrue(document.startswith(f"pdf, {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}, "), document)
        self.assertNotIn("private-name", json.dumps(record))
        self.assertEqual(self.agent.verify().returncode, 0)

    def test_without_the_helper_nothing_that_cannot_be_read_leaves(self):
        programs = pathlib.Path(tempfile.mkdtemp(prefix="gh-programs-"))
        self.addCleanup(shutil.rmtree, programs)
        alone = shutil.copy(CTL, programs)
        path = programs / "notes.zip"
        path.write_bytes(zipped({"a.txt": f"card {CARD}\n"}))
        done = subprocess.run([alone, "scan", path], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot be started", done.stderr)


class DocumentsInTheBrowser(unittest.TestCase):
    RULES = [{"id": "no-cards", "when": {"class": "pci"}, "then": "block", "message": "Cards stay here."},
             {"id": "nothing-unread", "when": {"class": "unreadable"}, "then": "warn"}]

    def upload(self, host, name, content):
        origin = "https://chatgpt.com"
        key = name.replace(".", "-")
        asked = host.ask("file_begin", file=key, kind="upload", origin=origin, topOrigin=origin, tab=1, frame=0, name=name,
                         mime="application/octet-stream", size=len(content))
        self.assertEqual(asked["type"], "file_ok", asked)
        for i in range(0, len(content), 9000):
            told = host.ask("file_chunk", file=key, seq=i // 9000, data=as_base64(content[i:i + 9000]))
            self.assertEqual(told["type"], "file_ok", told)
            if told.get("enough"):
                break
        return host.ask("file_end", file=key)

    def test_a_file_that_is_a_document_is_judged_by_its_text(self):
        host = NativeHost(self, Agent(self, policy_for(None, rules=self.RULES, sites=[{"name": "ChatGPT", "hosts": ["chatgpt.com"]}])).environment)
        self.assertEqual(host.hello()["type"], "hello_ok")
        for name, rule in (("pages.pdf", "no-cards"), ("word.docx", "no-cards"), ("locked.pdf", "nothing-unread")):
            with self.subTest(name=name):
                verdict = self.upload(host, name, (FIXTURES / name).read_bytes())
                self.assertEqual((verdict["action"], verdict["rule"]), ("warn" if "locked" in name else "block", rule), verdict)
        clean = self.upload(host, "clean.zip", zipped({"a.txt": "nothing to see"}))
        self.assertEqual(clean["action"], "allow", clean)
        self.assertEqual(self.upload(host, "a.png", b"\x89PNG\r\n\x1a\n" + bytes(99))["action"], "warn")


if __name__ == "__main__":
    unittest.main()
