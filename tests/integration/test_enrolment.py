# SPDX-License-Identifier: Apache-2.0
"""How devices are admitted: tokens, the collector's own authority, renewal, revocation."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from tests.integration.test_collector import ClassScope
from tests.integration.test_sync import AgentTest
from tests.support.batches import Device
from tests.support.collector import COLLECTOR, Collector, Postgres
from tests.support.pki import Pki, openssl


class Newcomer(Device):
    """A device that asks the collector for its certificate."""

    def __init__(self, pki, name, identity=None, key=None):
        self.pki, self.name, self.id, self.chain = pki, name, identity or os.urandom(16), os.urandom(16)
        self.last, self.head = 0, bytes(32)
        if key is None:
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", pki.key(name))
        self.public_key = self._public_key(pki.key(name))

    def request(self, identity=None):
        return openssl("req", "-new", "-key", self.pki.key(self.name), "-subj", f"/CN={(identity or self.id).hex()}").decode()

    def keep(self, answer):
        self.pki.certificate(self.name).write_text(answer.json["certificate"])
        return self


class Enrolment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scope = ClassScope(cls)
        folder = tempfile.TemporaryDirectory(prefix="gh-pki-", dir="/tmp")
        cls.addClassCleanup(folder.cleanup)
        cls.pki = Pki(pathlib.Path(folder.name))
        cls.postgres = Postgres(cls.scope)
        done = subprocess.run([COLLECTOR, "ca", "create", cls.pki.folder], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        cls.collector = cls.new_collector()

    @classmethod
    def new_collector(cls, **config):
        own = {"device_ca": None, "ca_certificate": str(cls.pki.certificate("ca")), "ca_key": str(cls.pki.key("ca"))}
        return Collector(cls.scope, cls.postgres, cls.pki, **{**own, **config})

    def setUp(self):
        self.count = 0

    def newcomer(self, **rest):
        self.count += 1
        return Newcomer(self.pki, f"{self.id()}-{self.count}", **rest)

    def token(self, *arguments):
        return self.collector.command("token", "create", *arguments)

    def ask(self, device, token, collector=None, request=None):
        body = json.dumps({"token": token, "request": request or device.request()})
        return (collector or self.collector).request("POST", "/v1/enrolments", body)

    def renew(self, device, request=None):
        return self.collector.request("POST", "/v1/certificates", json.dumps({"request": request or device.request()}), device.name)

    def admitted(self, *arguments):
        device = self.newcomer()
        answer = self.ask(device, self.token(*arguments))
        self.assertEqual(answer.status, 200, answer.body)
        return device.keep(answer)

    def refused(self, answer, status, word):
        self.assertEqual((answer.status, answer.json["error"]), (status, word))

    def sends(self, device, collector=None):
        answer = (collector or self.collector).post(device.cut(), device.name)
        return 200 if answer.status == 200 else answer.json["error"]

    def test_a_token_brings_a_certificate_that_counts(self):
        device = self.newcomer()
        token = self.token("--label", "laptop of the test")
        answer = self.ask(device, token)
        self.assertEqual(answer.status, 200, answer.body)
        device.keep(answer)
        openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", self.pki.certificate("ca"), self.pki.certificate(device.name))
        self.assertEqual(answer.json["receipt_key"].split(), (self.pki.folder / "receipts.pub").read_text().split())
        self.assertEqual(self.sends(device), 200)
        # The token itself is nowhere in the database.
        self.assertEqual(self.postgres.sql("SELECT count(*) FROM enrolment_token WHERE hash = sha256('" + token + "'::bytea)"), [["1"]])
        everything = self.postgres.run("pg_dump", "-h", self.postgres.sockets, "-U", "gatehouse", "collector")
        self.assertIn("laptop of the test", everything)
        for form in (token, token[4:], token.encode().hex()):
            self.assertNotIn(form, everything)
        states = {row["label"]: row["state"] for row in json.loads(self.collector.command("token", "list", "--json"))}
        self.assertEqual(states["laptop of the test"], "used")
        self.assertIn(device.id.hex(), [row["device"] for row in json.loads(self.collector.command("device", "list", "--json"))])
        self.assertGreaterEqual(self.collector.metric("enrolments_total"), 1)

    def test_one_use_is_one_device_however_many_ask_at_once(self):
        collectors = [self.collector, self.new_collector(), self.new_collector()]
        for uses in (1, 3):
            token = self.token("--uses", uses)
            devices = [self.newcomer() for _ in range(12)]
            with concurrent.futures.ThreadPoolExecutor(12) as pool:
                answers = list(pool.map(lambda pair: self.ask(pair[1], token, collectors[pair[0] % 3]), enumerate(devices)))
            self.assertEqual(sorted(answer.status for answer in answers), [200] * uses + [403] * (12 - uses))
            self.assertEqual({answer.json["error"] for answer in answers if answer.status == 403}, {"used_token"})

    def test_who_lost_the_answer_gets_the_same_certificate_again(self):
        device, token = self.newcomer(), self.token()
        first, again = self.ask(device, token), self.ask(device, token)
        self.assertEqual((first.status, again.status), (200, 200))
        self.assertEqual(first.json["certificate"], again.json["certificate"])
        self.refused(self.ask(self.newcomer(), token), 403, "used_token")

    def test_tokens_that_do_not_count_are_told_apart(self):
        device = self.newcomer()
        self.refused(self.ask(device, "ghe_" + "A" * 43), 403, "unknown_token")
        token = self.token()
        self.postgres.sql("UPDATE enrolment_token SET expires_at = now() - interval '1 second' WHERE id = (SELECT max(id) FROM enrolment_token)")
        self.refused(self.ask(device, token), 403, "expired_token")
        token = self.token()
        self.collector.command("token", "revoke", self.postgres.sql("SELECT max(id) FROM enrolment_token")[0][0])
        self.refused(self.ask(device, token), 403, "revoked_token")
        self.refused(self.ask(device, self.token("--device", os.urandom(16).hex())), 403, "another_device")
        self.collector.command("token", "revoke", 999999, code=1)
        self.collector.command("token", "create", "--uses", 0, code=2)
        self.assertEqual(self.postgres.sql(f"SELECT count(*) FROM device WHERE device = '\\x{device.id.hex()}'"), [["0"]])  # refusals leave nothing

    def test_a_new_key_needs_a_token_that_names_the_device_and_ends_the_old_one(self):
        old = self.admitted()
        self.assertEqual(self.sends(old), 200)
        fresh = self.newcomer(identity=old.id)
        self.refused(self.ask(fresh, self.token()), 403, "another_key")
        self.assertEqual(self.sends(old), 200)
        answer = self.ask(fresh, self.token("--device", old.id.hex()))
        self.assertEqual(answer.status, 200, answer.body)
        fresh.keep(answer).restore(old.copy_state())
        self.assertEqual(self.sends(fresh), 200)
        self.assertEqual(self.sends(old), "revoked")
        self.refused(self.renew(old), 403, "revoked")

    def test_two_tokens_do_not_bring_one_device_two_keys(self):
        for _ in range(3):
            identity = os.urandom(16)
            pairs = [(self.newcomer(identity=identity), self.token()) for _ in range(4)]
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                answers = list(pool.map(lambda pair: self.ask(*pair), pairs))
            self.assertEqual(sorted(answer.status for answer in answers), [200, 403, 403, 403])
            self.assertEqual({answer.json["error"] for answer in answers if answer.status == 403}, {"another_key"})

    def test_certificates_are_renewed_by_who_has_one(self):
        device, other = self.admitted(), self.admitted()
        before = self.pki.pem(device.name)
        answer = self.renew(device)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(self.sends(device), 200)  # the old one counts until it ends
        self.assertNotEqual(self.pki.pem(device.keep(answer).name), before)
        self.assertEqual(self.sends(device), 200)
        self.refused(self.renew(device, other.request()), 403, "another_device")
        stranger = self.collector.request("POST", "/v1/certificates", json.dumps({"request": device.request()}))
        self.refused(stranger, 401, "certificate")
        # The old key vouches for a new one, and batches that it signed before still count.
        waiting = device.cut()
        new = Newcomer(self.pki, f"{self.id()}-new", identity=device.id)
        answer = self.renew(device, new.request())
        self.assertEqual(answer.status, 200, answer.body)
        new.keep(answer).restore(device.copy_state())
        self.assertEqual(self.collector.post(waiting, new.name).status, 200)
        self.assertEqual(self.sends(new), 200)

    def test_a_revoked_device_gets_nothing_until_it_is_admitted_again(self):
        device = self.admitted()
        self.assertEqual(self.sends(device), 200)
        self.collector.command("device", "revoke", device.id.hex())
        link = self.collector.connect(device.name)
        self.refused(self.collector.post(device.cut(), link=link), 403, "revoked")
        self.refused(self.collector.request("GET", f"/v1/chains/{device.chain.hex()}", link=link), 403, "revoked")
        self.refused(self.renew(device), 403, "revoked")
        self.refused(self.ask(device, self.token()), 403, "revoked")
        self.refused(self.ask(device, self.token("--device", device.id.hex())), 403, "revoked")
        self.collector.command("device", "allow", device.id.hex())
        self.assertEqual(self.renew(device).status, 200)
        self.assertEqual(self.collector.request("GET", f"/v1/chains/{device.chain.hex()}", link=link).status, 200)
        self.collector.command("device", "revoke", "00" * 16, code=1)

    def test_an_intermediate_authority_of_a_companys_own_issues(self):
        self.pki.authority("root")
        for name in ("middle", "sibling"):
            openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", self.pki.key(name), "-subj", f"/CN={name}", "-out",
                    self.pki.folder / f"{name}.csr")
            (self.pki.folder / "ca.ext").write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n")
            openssl("x509", "-req", "-in", self.pki.folder / f"{name}.csr", "-CA", self.pki.certificate("root"), "-CAkey", self.pki.key("root"),
                    "-CAcreateserial", "-days", "30", "-extfile", self.pki.folder / "ca.ext", "-out", self.pki.certificate(name))
        collector = self.new_collector(ca_certificate=str(self.pki.certificate("middle")), ca_key=str(self.pki.key("middle")))
        device = self.newcomer()
        answer = self.ask(device, self.token(), collector)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(self.sends(device.keep(answer), collector), 200)
        self.pki.issued("cousin", "sibling", ["extendedKeyUsage=clientAuth"], subject=f"/CN={device.id.hex()}")
        self.pki.certificate("cousin").write_text(self.pki.pem("cousin") + self.pki.pem("sibling"))
        with self.assertRaises(OSError):  # the authority beside it does not count
            collector.request("GET", f"/v1/chains/{device.chain.hex()}", device="cousin")

    def test_a_collector_without_an_authority_says_so(self):
        self.pki.authority("somebody")
        collector = self.new_collector(device_ca=str(self.pki.certificate("somebody")), ca_certificate=None, ca_key=None)
        self.refused(self.ask(self.newcomer(), "ghe_" + "A" * 43, collector), 404, "no_authority")

    def test_what_is_no_request_is_refused(self):
        device = self.newcomer()
        request = device.request()
        for body in ("", "[]", "{}", json.dumps({"token": "x"}), json.dumps({"token": 1, "request": request}), json.dumps({"request": request}),
                     json.dumps({"token": "x", "request": "no PEM"}), json.dumps({"token": "x" * 200, "request": request}),
                     json.dumps({"token": "x", "request": device.request(b"short")})):
            answer = self.collector.request("POST", "/v1/enrolments", body)
            self.refused(answer, 400, "malformed")
        self.assertEqual(self.collector.request("GET", "/v1/enrolments").status, 405)
        answer = self.collector.request("POST", "/v1/enrolments", "x", headers={"Content-Length": "70000"})  # strangers do not send much
        self.assertEqual(answer.status, 413)

    def test_an_authority_is_made_once_and_its_key_is_private(self):
        self.assertEqual(self.pki.key("ca").stat().st_mode & 0o777, 0o600)
        again = subprocess.run([COLLECTOR, "ca", "create", self.pki.folder], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(again.returncode, 2)
        self.assertIn("already", again.stderr)


class AgentEnrolment(AgentTest):
    """The agent on its way in."""

    collector_config = {"certificate_minutes": 1}  # begun five minutes early, so that it is due for renewal at each round

    def token(self, *arguments):
        return self.collector.command("token", "create", *arguments)

    def test_a_token_enrols_and_the_agent_renews_by_itself(self):
        self.until(lambda: "gatehousectl enrol" in self.sync()["problem"], "it does not say what to do")
        policy = ("--policy", self.agent.folder / "policy.json")
        refused = self.agent.ctl("enrol", "--token", "ghe_" + "A" * 43, *policy, "--data", self.agent.data)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("does not know this token", refused.stderr)
        done = self.agent.ctl("enrol", "--token", "-", *policy, "--data", self.agent.data, input=self.token() + "\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("enrolled until", done.stdout)
        self.ask()
        self.until_everything_arrived()
        count = f"SELECT count(*) FROM certificate WHERE device = '\\x{self.device}' AND token IS NULL"
        self.until(lambda: int(self.postgres.sql(count)[0][0]) >= 2, "the certificate is not renewed")
        self.assertEqual(self.sync()["problem"], "")
        # The key for receipts came with the certificate: one of another key would not count.
        self.until(lambda: self.sync()["state"] == "up to date", "receipts do not count")

    def test_a_token_file_of_the_policy_enrols_without_anybody(self):
        path = self.agent.folder / "token"
        self.serial = 2
        self.agent.write_policy(self.policy(enrolment_token_file=str(path), receipt_key=None))
        self.until(lambda: "enrolment_token_file" in self.sync()["problem"], "a missing file is not told")
        path.write_text("ghe_" + "B" * 43)
        self.until(lambda: "does not know this token" in self.sync()["problem"], "a refused token is not told")
        denied = self.collector.metric('batches_total{verdict="denied"}')
        path.write_text(self.token("--uses", 5) + "\n")
        self.ask()
        self.until_everything_arrived()
        self.assertEqual(denied, self.collector.metric('batches_total{verdict="denied"}'))  # the refused one was shown once


if __name__ == "__main__":
    unittest.main()
