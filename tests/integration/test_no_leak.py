# SPDX-License-Identifier: Apache-2.0
"""Canaries through every path; then every file, log line and output is searched for them."""
import base64
import json
import unittest

from tests.support.agent import Agent, policy_for
from tests.support.provider import ScriptedProvider, hang, raw, reset_after, say, status

# Valid and unmistakable, so that each is found by a detector and by a search.
CANARIES = {
    "card": "5105105105105100", "iban": "GB82WEST12345698765432", "mail": "canary.bird@leak-test.example",
    "token": "ghp_" + "c4N4rYc4N4rYc4N4rYc4N4rYc4N4rYc4N4rY", "ssn": "536-22-8726"}
PROVIDER_KEY = "sk-canary-provider-key-0123456789abcdef0123456789"
ANSWER_CANARY = "4012888888881881"


class NoLeak(unittest.TestCase):
    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.close)
        policy = policy_for(self.provider)
        policy["providers"]["scripted"]["key"] = "scripted-key"
        self.agent = Agent(self, policy, start=False)

    def everything_written(self):
        """(where, bytes) of every file below the agent's folder, and of what it printed. The token line is meant to be printed."""
        for path in self.agent.folder.rglob("*"):
            if path.is_file() and path != self.agent.policy_file:
                yield str(path), path.read_bytes()

    def forms_of(self, secret):
        yield secret.encode()
        yield secret.encode("utf-16-le")
        yield base64.b64encode(secret.encode())[:-2].rstrip(b"=")
        yield secret.encode().hex().encode()

    def run_every_path(self):
        told, text = b"", " ".join(f"{name} {value}" for name, value in CANARIES.items() if name != "token")
        paths = [None, say(f"the card {ANSWER_CANARY}"), status(500), status(429), reset_after("half"),
                 raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{" + text.encode())]
        for behaviour in paths:
            for is_stream in (False, True):
                self.provider._script.clear()
                if behaviour:
                    self.provider.will(*[behaviour] * 3)
                reply = self.agent.ask(text, stream=is_stream)
                told += b"" if reply.status == 200 else reply.body
        self.provider._script.clear()
        told += self.agent.ask(f"secret {CANARIES['token']} {text}").body
        told += self.agent.ask(text, model="preview").body
        reply = self.agent.ask("hi", model=CANARIES["mail"])
        self.assertEqual(reply.status, 403, "a value left in the model's name")
        told += reply.body
        told += self.agent.chat(json.dumps({"model": "scripted/any", "messages": text}).encode()).body
        told += self.agent.chat(f"{{ broken {text} {CANARIES['token']}".encode()).body
        told += self.agent.get(f"/v1/{CANARIES['card']}").body
        told += self.agent.request("POST", "/v1/chat/completions", {}, {"x-note": CANARIES["ssn"]}, token=False).body
        self.provider.will(hang(3))
        return told

    def test_no_value_is_in_any_file_log_or_error(self):
        done = self.agent.ctl("providers", "set-key", "scripted-key", "--data", self.agent.data, input=PROVIDER_KEY + "\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.agent.start()
        token = self.agent.token
        told = self.run_every_path()
        self.assertTrue(any(request.headers.get("authorization") == f"Bearer {PROVIDER_KEY}" for request in self.provider.received),
                        "the provider never got its key")
        verbs = [self.agent.ctl(*verb, "--data", self.agent.data) for verb in
                 (("audit", "list"), ("audit", "list", "--json"), ("audit", "verify"), ("status",), ("doctor",), ("models",), ("providers", "list", "scripted-key"))]
        self.agent.stop()
        printed = told + "".join(verb.stdout + verb.stderr for verb in verbs).encode()
        for secret in (*CANARIES.values(), ANSWER_CANARY, PROVIDER_KEY, token):
            for form in self.forms_of(secret):
                self.assertNotIn(form, printed, f"{secret} was printed")
                for where, data in self.everything_written():
                    self.assertNotIn(form, data, f"{secret} is in {where}")

    def test_no_key_is_on_a_command_line_or_in_the_environment(self):
        self.agent.ctl("providers", "set-key", "scripted-key", "--data", self.agent.data, input=PROVIDER_KEY + "\n")
        self.agent.start()
        self.agent.ask("hi")
        for name in ("cmdline", "environ"):
            with open(f"/proc/{self.agent.process.pid}/{name}", "rb") as file:
                self.assertNotIn(PROVIDER_KEY.encode(), file.read())

    def test_the_search_would_find_a_leak(self):
        self.agent.folder.joinpath("planted.log").write_text(f"x {CANARIES['card']} y")
        found = [where for where, data in self.everything_written() if CANARIES["card"].encode() in data]
        self.assertEqual(len(found), 1)


if __name__ == "__main__":
    unittest.main()
