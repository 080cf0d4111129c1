# SPDX-License-Identifier: Apache-2.0
"""From a question to an auditor: agent, collector on a real PostgreSQL, batches opened with the auditor's key."""
import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from tests.integration.test_collector import ClassScope
from tests.support.agent import PROGRAMS, Agent, answered, policy_for
from tests.support.collector import COLLECTOR, Collector, Postgres
from tests.support.pki import Pki, openssl
from tests.support.provider import ScriptedProvider
from tests.support.tlog import sign_note

PATIENCE = 120  # seconds until a test gives up; nothing is measured


class AgentTest(unittest.TestCase):
    """An agent of its own for each test, one collector for all of a class."""

    collector_config = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        scope = ClassScope(cls)
        folder = tempfile.TemporaryDirectory(prefix="gh-pki-", dir="/tmp")
        cls.addClassCleanup(folder.cleanup)
        cls.pki = Pki(pathlib.Path(folder.name)).self_signed("auditor").self_signed("deputy")
        cls.postgres = Postgres(scope)
        cls.collector = cls.start_collector(scope)
        cls.collector.config["listen"] = f"127.0.0.1:{cls.collector.port}"  # the same one after a restart
        cls.log_key = cls.collector.command("log", "key")
        cls.provider = ScriptedProvider()
        cls.addClassCleanup(cls.provider.close)

    @classmethod
    def start_collector(cls, scope):
        if not cls.pki.certificate("ca").exists():
            done = subprocess.run([COLLECTOR, "ca", "create", cls.pki.folder], capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, done.stderr
        return Collector(scope, cls.postgres, cls.pki, ca_certificate=str(cls.pki.certificate("ca")), ca_key=str(cls.pki.key("ca")),
                         **cls.collector_config)

    def setUp(self):
        self.serial = 1
        self.agent = Agent(self, self.policy())
        self.device = next(line.split()[1] for line in self.ctl("device", "show").stdout.splitlines() if line.startswith("device"))

    def policy(self, **sync):
        section = {"url": self.collector.url, "ca": self.pki.pem("server-ca"), "auditors": [self.pki.pem("auditor"), self.pki.pem("deputy")],
                   "receipt_key": (self.pki.folder / "receipts.pub").read_text(), "log_key": self.log_key, "interval_seconds": 10, **sync}
        section = {key: value for key, value in section.items() if value is not None}
        return policy_for(self.provider, meta={"id": "test", "serial": self.serial}, sync=section)

    def ctl(self, *arguments, code=0):
        done = self.agent.ctl(*arguments, "--data", self.agent.data)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def issue(self, extensions=("extendedKeyUsage=clientAuth",)):
        """IT signs the device's request."""
        request, certificate, config = (self.agent.folder / name for name in ("device.csr", "device.crt", "device.ext"))
        request.write_text(self.ctl("device", "request").stdout)
        config.write_text("\n".join(["basicConstraints=CA:FALSE", *extensions]) + "\n")
        openssl("x509", "-req", "-in", request, "-CA", self.pki.certificate("device-ca"), "-CAkey", self.pki.key("device-ca"), "-CAcreateserial",
                "-days", "30", "-extfile", config, "-out", certificate)
        return certificate

    def enrol(self):
        self.ctl("device", "certificate", self.issue())

    def sync(self):
        return json.loads(self.agent.ctl("status", "--json", "--data", self.agent.data).stdout)["sync"]

    def policy_serial(self):
        return json.loads(self.agent.ctl("status", "--json", "--data", self.agent.data).stdout)["policy"]["serial"]

    def until(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), end, f"{what}; {self.sync()}; {self.agent.stderr()[-1500:]}")
            time.sleep(0.1)

    def kept(self):
        return int(self.postgres.sql(f"SELECT coalesce(max(last_sequence), 0) FROM chain WHERE device = '\\x{self.device}'")[0][0])

    def until_everything_arrived(self):
        newest = self.agent.audit()[0]["sequence"]
        self.until(lambda: self.kept() >= newest, "the records did not arrive")

    def alarms(self):
        return [kind for kind, in self.postgres.sql(f"SELECT kind FROM alarm WHERE device = '\\x{self.device}' ORDER BY id")]

    def opened(self, key="auditor"):
        """What an auditor sees of all that the collector has of the device."""
        paths = []
        for number, (content,) in enumerate(self.postgres.sql(f"SELECT encode(content, 'hex') FROM batch WHERE device = '\\x{self.device}' ORDER BY from_sequence")):
            paths.append(self.agent.folder / f"{number}.ghb")
            paths[-1].write_bytes(bytes.fromhex(content))
        done = self.agent.ctl("audit", "open", "--key", self.pki.key(key), *paths)
        self.assertEqual(done.returncode, 0, done.stderr)
        verified = subprocess.run([PROGRAMS / "gatehouse-verify", "-"], input=done.stdout, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(verified.returncode, 0, verified.stdout)
        return [json.loads(line) for line in done.stdout.splitlines()[1:-1]]

    def ask(self, text="hello"):
        return self.agent.ask(text).expect(answered()).interaction

    def restore_an_older_state(self):
        """A device that is put back to a copy of its folder, after the collector took more: gives the answer that made the conflict show."""
        self.enrol()
        self.ask("one")
        self.until_everything_arrived()
        self.agent.stop()
        snapshot = self.agent.folder / "snapshot"
        subprocess.run(["cp", "-a", self.agent.data, snapshot], check=True)
        self.agent.start()
        self.ask("two")
        self.until_everything_arrived()
        self.agent.stop()
        shutil.rmtree(self.agent.data)
        snapshot.rename(self.agent.data)
        self.agent.start()
        answer = self.ask("another two")
        self.until(lambda: self.sync()["state"] == "conflict", "the conflict does not show")
        return answer


class Sync(AgentTest):
    def test_the_auditor_finds_what_was_asked(self):
        self.until(lambda: self.sync()["state"] == "not enrolled", "it does not say that it has no certificate")
        self.assertIn("device request", self.agent.ctl("status", "--data", self.agent.data).stdout)
        self.enrol()
        first = self.ask("one")
        self.until_everything_arrived()
        second = self.ask("two")
        self.until_everything_arrived()
        records = self.opened()
        self.assertEqual([record["sequence"] for record in records], list(range(1, len(records) + 1)))
        self.assertLessEqual({first, second}, {record.get("interaction") for record in records})
        self.assertEqual(len(self.opened("deputy")), len(records))
        self.until(lambda: self.sync()["state"] == "up to date" and self.sync()["delivered"] >= len(records), "status does not say so")
        self.until(lambda: self.sync()["unproven"] == 0 and self.sync()["log_size"] > 0, "the receipts are not proven to be in the log")
        doctor = self.agent.ctl("doctor", "--json", "--data", self.agent.data).stdout
        self.assertIn({"check": "collector", "grade": "ok"}, [{key: row[key] for key in ("check", "grade")} for row in json.loads(doctor)])
        self.assertEqual(self.alarms(), [])

    def test_records_wait_while_the_collector_is_away_and_arrive_once(self):
        self.enrol()
        self.ask()
        self.until_everything_arrived()
        self.collector.stop()
        self.ask("while it is away")
        self.until(lambda: self.sync()["state"] == "waiting", "it does not notice that the collector is away")
        self.agent.kill()
        self.agent.start()
        self.collector.start()
        self.until_everything_arrived()
        self.opened()
        self.assertEqual(self.alarms(), [])

    def test_a_log_that_was_rewritten_is_a_conflict_that_stays(self):
        self.enrol()
        self.ask()
        self.until_everything_arrived()
        self.until(lambda: self.sync()["log_size"] > 0, "the log is not followed")
        # Who owns database and keys shows this device another tree of the same size, signed as ever.
        other = base64.b64encode(hashlib.sha256(b"another tree").digest()).decode()
        notes = {}

        def is_noticed():  # the log may have grown meanwhile, and only its newest checkpoint is asked for
            size, note = self.postgres.sql("SELECT size, replace(note, E'\\n', '|') FROM log_checkpoint ORDER BY size DESC LIMIT 1")[0]
            if size not in notes:
                self.until(lambda: self.sync()["log_size"] >= int(size) or self.sync()["state"] == "conflict", "the newest checkpoint is not followed")
                notes[size] = note
                self.show(size, sign_note(f"collector.test/log\n{size}\n{other}\n", self.log_key, self.pki.key("log")))
            return self.sync()["state"] == "conflict"

        self.until(is_noticed, "two logs go unnoticed")
        self.assertIn("two different logs", self.sync()["problem"])
        for size, note in notes.items():
            self.show(size, note.replace("|", "\n"))
        self.agent.kill()
        self.agent.start()
        self.until(lambda: "two different logs" in self.sync()["problem"], "the fault is forgotten")
        self.assertIn(other, (self.agent.data / "collector-log.json").read_text())  # the evidence
        self.ask("after the fault")
        self.until_everything_arrived()  # delivery goes on

    def show(self, size, note):
        text = note.replace("'", "''")
        self.postgres.sql(f"ALTER TABLE log_checkpoint DISABLE TRIGGER USER; UPDATE log_checkpoint SET note = '{text}' WHERE size = {size}; "
                          "ALTER TABLE log_checkpoint ENABLE TRIGGER USER")

    def test_a_lost_outbox_is_no_second_history(self):
        self.enrol()
        self.ask()
        self.until_everything_arrived()
        self.agent.stop()
        shutil.rmtree(self.agent.data / "outbox")
        self.agent.start()
        self.ask("after the loss")
        self.until_everything_arrived()
        self.opened()
        self.assertEqual(self.alarms(), [])

    def test_a_restored_device_is_an_alarm_there_and_a_conflict_here(self):
        self.restore_an_older_state()
        self.assertIn("fork", self.alarms())
        self.assertLessEqual(set(self.alarms()), {"fork", "rollback"})  # its heartbeat may have told before its batch
        self.assertEqual(self.postgres.sql(f"SELECT count(*) FROM contradiction WHERE device = '\\x{self.device}'"), [["1"]])

    def test_a_revoked_device_says_so_and_goes_on_recording(self):
        self.enrol()
        self.ask()
        self.until_everything_arrived()
        self.postgres.sql(f"UPDATE device SET is_revoked = true WHERE device = '\\x{self.device}'")
        self.until(lambda: "revoked" in self.sync()["problem"], "the revocation does not show")  # also with nothing to send
        self.assertEqual(self.sync()["state"], "not enrolled")
        self.assertRegex(self.agent.ctl("doctor", "--data", self.agent.data).stdout, "collector.*not enrolled")
        self.ask("after the revocation")
        self.assertEqual(self.agent.verify().returncode, 0)

    def test_a_collector_that_the_policy_does_not_vouch_for_gets_nothing(self):
        self.enrol()
        self.serial = 2
        self.agent.write_policy(self.policy(ca=self.pki.pem("auditor")))
        self.until(lambda: self.sync()["state"] == "waiting", "it does not refuse the collector")  # also with nothing to send
        self.ask()  # after that: what was asked before may have arrived under the old policy
        self.assertEqual(self.sync()["state"], "waiting")
        self.serial = 3
        self.agent.write_policy(self.policy())
        self.until_everything_arrived()

    def test_receipts_of_another_key_do_not_count(self):
        self.serial = 2
        openssl("genpkey", "-algorithm", "ed25519", "-out", self.agent.folder / "other.key")
        other = openssl("pkey", "-in", self.agent.folder / "other.key", "-pubout").decode()
        self.agent.write_policy(self.policy(receipt_key=other))
        self.agent.stop()
        self.agent.start()
        self.enrol()
        self.ask()
        self.until(lambda: self.sync()["state"] == "conflict", "the receipt counts")
        self.assertEqual(self.sync()["delivered"], 0)

    def test_certificates_that_are_not_this_devices_are_refused(self):
        done = self.ctl("device", "certificate", self.pki.certificate("auditor"), code=1)
        self.assertIn("another key", done.stderr)
        request = self.agent.folder / "device.csr"
        request.write_text(self.ctl("device", "request").stdout)
        self.assertIn("verify OK", subprocess.run(["openssl", "req", "-in", request, "-verify", "-noout"], capture_output=True, text=True, check=False).stderr)
        openssl("x509", "-req", "-in", request, "-CA", self.pki.certificate("device-ca"), "-CAkey", self.pki.key("device-ca"), "-CAcreateserial",
                "-subj", "/CN=another", "-out", self.agent.folder / "renamed.crt")
        self.assertIn("common name", self.ctl("device", "certificate", self.agent.folder / "renamed.crt", code=1).stderr)


if __name__ == "__main__":
    unittest.main()
