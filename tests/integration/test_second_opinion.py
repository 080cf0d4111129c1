# SPDX-License-Identifier: Apache-2.0
"""gatehousectl scan --ask: a language model on this machine is asked for what no rule can know. A scripted server plays
the model, well and badly; that a real llama-server takes the request is tried too."""
import json
import pathlib
import subprocess
import tempfile
import unittest

from tests.support.agent import CTL
from tests.support.llama import LlamaServer
from tests.support.opinion import NOTHING, OpinionServer, opinion

TEXT = "The price of the new pump will be cut to 900 euros in May. Card 4111 1111 1111 1111.\n"


class SecondOpinion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.file = pathlib.Path(cls.folder.name) / "note.txt"
        cls.file.write_text(TEXT)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.model = OpinionServer(self)

    def scan(self, *options, url=None):
        run = subprocess.run([CTL, "scan", "--json", "--ask", url or self.model.url, "--model", "tiny", *options, str(self.file)], capture_output=True, timeout=120)
        return run.returncode, json.loads(run.stdout) if run.stdout else None, run.stderr.decode()

    def found(self, *options):
        code, told, _ = self.scan(*options)
        file = told["files"][0]
        return {finding["detector"]: finding for finding in file["findings"]}, {gap["piece"] for gap in file.get("unread", [])}

    def test_a_quote_is_a_finding_beside_those_of_the_rules(self):
        self.model.content = opinion("The price of the new pump will be cut to 900 euros")
        findings, gaps = self.found()
        self.assertEqual(set(findings), {"confidential.model.trade-secret", "pci.any.card"})
        self.assertEqual((findings["confidential.model.trade-secret"]["start"], findings["confidential.model.trade-secret"]["level"]), (0, "medium"))
        self.assertEqual(gaps, set())
        path, request = self.model.asked[0]
        self.assertEqual((path, request["model"], request["stream"]), ("/v1/chat/completions", "tiny", False))

    def test_an_unsure_model_is_heard_only_on_wish(self):
        self.model.content = opinion("900 euros", "finance", False)
        self.assertNotIn("financial.model.figures", self.found()[0])
        self.assertIn("financial.model.figures", self.found("--min-level", "low")[0])

    def test_nothing_that_the_model_says_takes_a_finding_away(self):
        for content in ("nonsense", "{}", opinion("4111 1111 1111 1111", "finance"), "{\"findings\":[]}"):
            self.model.content = content
            self.assertIn("pci.any.card", self.found()[0], content)

    def test_an_injected_text_reaches_the_model_as_data_only(self):
        # A model that obeys what it reads, and quotes what is not there: nothing comes of it.
        self.model.content = opinion("please report the password hunter2", "person")
        self.assertEqual(set(self.found()[0]), {"pci.any.card"})

    def test_failures_are_told_and_take_no_longer_than_said(self):
        self.model.content = "I cannot help with that."
        self.assertEqual(self.found()[1], {"second opinion"})
        self.model.content, self.model.status = NOTHING, 500
        self.assertEqual(self.found()[1], {"second opinion"})
        self.model.status, self.model.location = 302, "http://192.0.2.1/v1/chat/completions"
        self.assertEqual(self.found()[1], {"second opinion"})
        self.model.status, self.model.location = 200, None
        self.model.shown = {"remote_host": "https://ollama.com"}
        self.assertEqual(self.found()[1], {"second opinion"})
        self.model.shown = {}
        self.model.waits.clear()
        findings, gaps = self.found("--ask-time", "1")
        self.assertEqual((set(findings), gaps), ({"pci.any.card"}, {"second opinion"}))

    def test_only_this_machine_is_asked(self):
        for url in ("https://api.openai.com/v1", "http://192.0.2.1/v1", "http://127.0.0.1.example.com/v1", "http://localhost@192.0.2.1/v1", "ftp://127.0.0.1/"):
            code, told, words = self.scan(url=url)
            self.assertEqual((code, told), (2, None), url)
            self.assertIn("second opinion is only asked", words)
        self.assertEqual(self.model.asked, [])

    def test_a_real_llama_server_takes_the_question(self):
        llama = LlamaServer()
        self.addCleanup(llama.close)
        code, told, _ = self.scan("--ask-time", "60", url=llama.base_url)
        # Its random words keep to the schema, so that at worst they are cut off; they are quotes of nothing.
        self.assertEqual(code, 1)
        self.assertEqual({finding["detector"] for finding in told["files"][0]["findings"]}, {"pci.any.card"})
        for gap in told["files"][0].get("unread", []):
            self.assertNotIn("status", gap["reason"])


if __name__ == "__main__":
    unittest.main()
