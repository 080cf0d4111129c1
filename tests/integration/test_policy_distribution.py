# SPDX-License-Identifier: Apache-2.0
"""Signed policies on their way from the collector to devices: none goes back, none counts that is not signed."""
import hashlib
import json

from tests.integration.test_collector import CollectorTest
from tests.integration.test_sync import AgentTest
from tests.support.agent import Agent, answered, policy_for
from tests.support.pki import openssl

BLOCK_ALL = [{"id": "everything-stops", "when": {}, "then": "block", "message": "Stopped by IT."}]


def make_signers(pki):
    for name in ("signer", "stranger"):
        if not pki.certificate(name).exists():
            pki.self_signed(name, "-addext", "keyUsage=digitalSignature", "-addext", "extendedKeyUsage=codeSigning")


def bundle(pki, document, signer="signer"):
    source, signed = pki.folder / "policy.json", pki.folder / "policy.p7"
    source.write_text(json.dumps(document))
    openssl("cms", "-sign", "-nodetach", "-binary", "-in", source, "-signer", pki.certificate(signer), "-inkey", pki.key(signer), "-outform", "DER",
            "-out", signed)
    return signed


class Distribution(CollectorTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_signers(cls.pki)
        cls.collector.stop()
        cls.collector.config["policy_signers"] = str(cls.pki.certificate("signer"))
        cls.collector.start()

    def publish(self, serial, code=0, signer="signer", name="company", **meta):
        document = {"meta": {"id": name, "serial": serial, **meta}} if serial is not None else {"meta": {"id": name}}
        return self.collector.command("policy", "publish", bundle(self.pki, document, signer), code=code)

    def get(self, tag=None, **rest):
        return self.collector.request("GET", "/v1/policy", device="device", headers={"If-None-Match": tag} if tag else {}, **rest)

    def test_devices_get_the_newest_and_only_when_they_lack_it(self):
        heartbeat = lambda: self.collector.request("POST", "/v1/heartbeats", self.device.heartbeat(), "device").json
        if not self.postgres.sql("SELECT 1 FROM policy_bundle"):
            self.assertEqual((self.get().status, self.get().json["error"]), (404, "no_policy"))
            self.assertNotIn("policy", heartbeat())
        self.assertIn("serial 3", self.publish(3, name="tags"))
        answer = self.get()
        content = (self.pki.folder / "policy.p7").read_bytes()
        self.assertEqual((answer.status, answer.body), (200, content))
        self.assertEqual(answer.headers["etag"], f'"{hashlib.sha256(content).hexdigest()}"')
        self.assertEqual(heartbeat()["policy"], hashlib.sha256(content).hexdigest())
        again = self.get(answer.headers["etag"])
        self.assertEqual((again.status, again.body, again.headers["etag"]), (304, b"", answer.headers["etag"]))
        self.publish(4, name="tags")
        self.assertEqual(self.get(answer.headers["etag"]).status, 200)
        self.assertEqual(self.collector.request("GET", "/v1/policy").status, 401)
        self.collector.command("device", "revoke", self.device.id.hex())
        self.assertEqual(self.get().status, 403)

    def test_what_does_not_count_is_not_published(self):
        self.publish(5, name="strict")
        rows = self.postgres.sql("SELECT count(*) FROM policy_bundle")
        for serial in (5, 4):
            self.publish(serial, code=1, name="strict")
        self.publish(6, code=1, signer="stranger", name="strict")
        self.publish(None, code=2, name="strict")
        self.publish(7, code=2, name="strict", expires="2020-01-01T00:00:00Z")
        (self.pki.folder / "policy.p7").write_text('{"meta": {"id": "strict", "serial": 9}}')
        self.collector.command("policy", "publish", self.pki.folder / "policy.p7", code=2)
        self.assertEqual(self.postgres.sql("SELECT count(*) FROM policy_bundle"), rows)


class PolicyFromCollector(AgentTest):
    def setUp(self):
        make_signers(self.pki)
        self.serial = 1
        self.agent = Agent(self, start=False)
        self.machine = self.agent.folder / "machine"
        self.machine.mkdir(mode=0o755)
        (self.machine / "signers.pem").write_text(self.pki.pem("signer"))
        (self.machine / "machine.json").write_text(json.dumps(self.policy()))
        self.agent.start("--machine", self.machine)
        self.device = next(line.split()[1] for line in self.ctl("device", "show").stdout.splitlines() if line.startswith("device"))
        self.enrol()
        self.collector.config["policy_signers"] = str(self.pki.certificate("signer"))
        (self.collector.folder / "config.json").write_text(json.dumps(self.collector.config))

    def company(self, serial, rules=None):
        return policy_for(self.provider, meta={"id": "company", "serial": serial}, rules=rules)

    def publish(self, serial, rules=None):
        self.collector.command("policy", "publish", bundle(self.pki, self.company(serial, rules)))

    def smuggle(self, path):
        """Past the collector's own checks, as who owns the database can."""
        content = path.read_bytes()
        self.postgres.sql("INSERT INTO policy_bundle (policy, serial, signer, hash, bundle) VALUES "
                          f"('company', (SELECT max(serial) + 100 FROM policy_bundle), 'x', '\\x{hashlib.sha256(content).hexdigest()}', '\\x{content.hex()}')")

    def until_asking_gives(self, status):
        self.until(lambda: self.agent.ask("hello").status == status, f"asking does not give {status}")

    def problem(self, words):
        self.until(lambda: words in self.sync()["problem"], f"{words} is not told")

    def test_a_published_policy_holds_within_a_heartbeat_and_does_not_go_back(self):
        self.agent.ask("hello").expect(answered())
        self.publish(10, BLOCK_ALL)  # the switch that stops everything
        self.until(lambda: self.agent.ask("hello").status != 200, "the policy does not arrive")
        self.assertIn("Stopped by IT", self.agent.ask("hello").error["message"])
        self.publish(11)
        self.until_asking_gives(200)
        self.smuggle(bundle(self.pki, self.company(10, BLOCK_ALL)))
        self.problem("older")
        self.agent.ask("hello").expect(answered())
        self.smuggle(bundle(self.pki, self.company(12, BLOCK_ALL), "stranger"))
        self.problem("does not hold")
        self.agent.ask("hello").expect(answered())
        self.agent.kill()  # what was taken over holds without the collector, too
        self.collector.stop()
        self.agent.start("--machine", self.machine)
        shown = json.loads(self.agent.ctl("policy", "show", "--json", "--machine", self.machine, "--data", self.agent.data).stdout)
        self.assertIn("company", json.dumps(shown))
        self.collector.start()


if __name__ == "__main__":
    import unittest
    unittest.main()
