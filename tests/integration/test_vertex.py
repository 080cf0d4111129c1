# SPDX-License-Identifier: Apache-2.0
"""Google Vertex AI: its URLs, and a service account's key that is exchanged for a bearer token."""
import base64
import json
import pathlib
import subprocess
import tempfile
import unittest
import urllib.parse

from tests.integration.class_agent import ClassScope
from tests.support.agent import CARD, Agent, answered, policy_for, refused
from tests.support.provider import answer
from tests.support.vendors import VendorProvider

EMAIL = "robot@project.iam.gserviceaccount.com"


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class TokenProvider(VendorProvider):
    """Vertex AI and the endpoint that gives tokens for it."""

    def __init__(self):
        super().__init__()
        self.forms, self.given, self.refuses = [], 0, False

    def _next(self):
        next_one = super()._next()
        return lambda connection, request: self.token(connection, request) if request.path == "/token" else next_one(connection, request)

    def token(self, connection, request):
        self.received.remove(request)
        self.forms.append(dict(urllib.parse.parse_qsl(request.body.decode())))
        if self.refuses:
            return answer(connection, 400, {"error": "invalid_grant"})
        self.given += 1
        return answer(connection, 200, {"access_token": f"ya29.token-{self.given}", "expires_in": 3599, "token_type": "Bearer"})


class VertexTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = TokenProvider()
        cls.addClassCleanup(cls.provider.close)
        keep = tempfile.TemporaryDirectory(prefix="gh-")
        cls.addClassCleanup(keep.cleanup)
        cls.keys = pathlib.Path(keep.name)
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", cls.keys / "key.pem"], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", cls.keys / "key.pem", "-pubout", "-out", cls.keys / "public.pem"], check=True)
        account = json.dumps({"type": "service_account", "client_email": EMAIL, "private_key_id": "k1",
                              "private_key": (cls.keys / "key.pem").read_text(), "token_uri": cls.provider.root + "/token"})
        policy = policy_for(None)
        entry = {"kind": "vertex", "base_url": cls.provider.root + "/v1/projects/p/locations/europe-west1", "trust": "approved", "models": ["*"]}
        policy["providers"] = {"discovery": {"enabled": False}, "vertex": {**entry, "key": "vertex"}, "token": {**entry, "key": "token"}}
        cls.agent = Agent(ClassScope(cls), policy, start=False)
        for name, key in (("vertex", base64.b64encode(account.encode()).decode()), ("token", "ya29.plain")):
            done = cls.agent.ctl("providers", "set-key", name, "--data", cls.agent.data, input=key)
            assert done.returncode == 0, done.stderr
        cls.agent.start()

    def test_1_a_refused_exchange_is_told(self):
        self.provider.refuses = True
        self.agent.ask("hello", model="vertex/gemini-x").expect(refused("upstream_failed"))
        self.assertEqual(self.provider.received, [])
        self.provider.refuses = False

    def test_2_the_account_signs_for_a_token_which_is_kept(self):
        before = len(self.provider.forms)
        for is_stream in (False, True, False):
            self.agent.ask(f"card {CARD}", model="vertex/gemini-x", stream=is_stream).expect(answered(f"card {CARD}"))
            sent = self.provider.received[-1]
            self.assertEqual(sent.headers["authorization"], "Bearer ya29.token-1")
            self.assertTrue(sent.path.startswith("/v1/projects/p/locations/europe-west1/publishers/google/models/gemini-x:"), sent.path)
            self.assertNotIn(b"4111", sent.body)
        self.assertEqual(len(self.provider.forms), before + 1)
        form = self.provider.forms[-1]
        self.assertEqual(form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer")
        header, claims, signature = form["assertion"].split(".")
        self.assertEqual(decoded(header), {"alg": "RS256", "typ": "JWT", "kid": "k1"})
        told = decoded(claims)
        self.assertEqual((told["iss"], told["aud"], told["scope"], told["exp"] - told["iat"]),
                         (EMAIL, self.provider.root + "/token", "https://www.googleapis.com/auth/cloud-platform", 3600))
        (self.keys / "signed").write_text(f"{header}.{claims}")
        (self.keys / "signature").write_bytes(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)))
        verified = subprocess.run(["openssl", "dgst", "-sha256", "-verify", self.keys / "public.pem", "-signature", self.keys / "signature", self.keys / "signed"],
                                  capture_output=True, text=True, check=False)
        self.assertEqual(verified.stdout.strip(), "Verified OK", verified.stderr)

    def test_4_vectors_are_asked_for_in_vertex_own_form(self):
        def predict(connection, request):
            rows = [{"embeddings": {"values": [1.0, i], "statistics": {"truncated": False, "token_count": 2}}} for i, _ in enumerate(request.json["instances"])]
            return answer(connection, 200, {"predictions": rows})
        for path, body in (("/v1/embeddings", {"model": "token/text-x", "input": [f"card {CARD}", "plain"], "dimensions": 2}),
                           ("/v1beta/models/token/text-x:batchEmbedContents", {"requests": [
                               {"model": "models/any", "content": {"parts": [{"text": text}]}, "outputDimensionality": 2} for text in (f"card {CARD}", "plain")]})):
            self.provider.will(predict)
            reply = self.agent.request("POST", path, body)
            self.assertEqual(reply.status, 200, reply.body)
            rows = reply.json["data"] if "data" in reply.json else reply.json["embeddings"]
            self.assertEqual([row.get("embedding", row.get("values")) for row in rows], [[1.0, 0], [1.0, 1]])
            sent = self.provider.received[-1]
            self.assertTrue(sent.path.endswith("/publishers/google/models/text-x:predict"), sent.path)
            self.assertEqual((sent.json["instances"][1], sent.json["parameters"]), ({"content": "plain"}, {"outputDimensionality": 2}))
            self.assertRegex(sent.json["instances"][0]["content"], r"^card \[\[CARD_")
            usage = self.agent.get(f"/gatehouse/v1/interactions/{reply.interaction}").json["usage"]
            self.assertEqual((usage["input_tokens"], usage["is_estimated"]), (4, False))

    def test_3_a_token_that_somebody_else_asked_for_is_sent_as_it_is(self):
        self.agent.ask("hello", model="token/gemini-x").expect(answered("hello"))
        self.assertEqual(self.provider.received[-1].headers["authorization"], "Bearer ya29.plain")


if __name__ == "__main__":
    unittest.main()
