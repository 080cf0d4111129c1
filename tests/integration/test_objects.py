# SPDX-License-Identifier: Apache-2.0
"""Sealed batches in a bucket with Object Lock: locked, written once, and nothing is receipted that is not there."""
import datetime
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from tests.integration.test_collector import ClassScope, CollectorTest
from tests.support.batches import name_of
from tests.support.collector import COLLECTOR, Collector, Postgres
from tests.support.faulty_front import Front
from tests.support.pki import Pki
from tests.support.s3 import BUCKET, ObjectServer


class Objects(CollectorTest):
    @classmethod
    def setUpClass(cls):
        unittest.TestCase.setUpClass.__func__(cls)
        scope = ClassScope(cls)
        cls.store = ObjectServer(scope)
        cls.front = Front(scope, cls.store.port)
        folder = tempfile.TemporaryDirectory(prefix="gh-pki-", dir="/tmp")
        cls.addClassCleanup(folder.cleanup)
        cls.pki = Pki(pathlib.Path(folder.name))
        cls.postgres = Postgres(scope)
        cls.objects = cls.store.config(retention_days=30)
        cls.collector = Collector(scope, cls.postgres, cls.pki, objects=cls.objects)

    def through_front(self):
        """A collector of its own whose way to the store can be disturbed."""
        return Collector(self, self.postgres, self.pki, objects={**self.objects, "url": f"http://127.0.0.1:{self.front.port}/{BUCKET}"})

    def object_of(self, batch):
        rows = self.postgres.sql(f"SELECT object, content IS NULL FROM batch WHERE name = '\\x{name_of(batch).hex()}'")
        self.assertEqual([is_null for _, is_null in rows], ["t"])
        return rows[0][0]

    def versions_of(self, batch):
        return [version for name, version in self.store.versions() if name.endswith(f"-{name_of(batch).hex()}.ghb")]

    def test_a_batch_lies_in_the_bucket_byte_for_byte_and_locked(self):
        batch = self.device.cut()
        before = datetime.datetime.now(datetime.timezone.utc)
        self.assertTrue(self.accept(batch).is_signed_by(self.pki.folder / "receipts.pub"))
        name = self.object_of(batch)
        self.assertTrue(name.startswith(f"batches/{self.device.id.hex()}/{self.device.chain.hex()}/"), name)
        kept = self.store.call("get_object", Bucket=BUCKET, Key=name)
        self.assertEqual(bytes.fromhex(kept["Body"]), batch)
        self.assertEqual(kept["ObjectLockMode"], "COMPLIANCE")
        until = datetime.datetime.fromisoformat(kept["ObjectLockRetainUntilDate"])
        self.assertLess(abs(until - before - datetime.timedelta(days=30)), datetime.timedelta(hours=1))
        self.assertEqual(kept["Metadata"]["gatehouse-sha256"], hashlib.sha256(batch).hexdigest())
        version = self.versions_of(batch)[0]
        for arguments in ({}, {"BypassGovernanceRetention": True}):
            gone = self.store.call("delete_object", Bucket=BUCKET, Key=name, VersionId=version, **arguments)
            self.assertEqual(gone.get("error"), "AccessDenied", gone)

    def test_a_retry_writes_nothing_twice_and_gets_the_same_receipt(self):
        batch = self.device.cut()
        first = self.post(batch).body
        self.assertEqual(self.post(batch).body, first)
        self.assertEqual(len(self.versions_of(batch)), 1)

    def test_what_was_stored_before_a_crash_is_found_again(self):
        batch = self.device.cut()
        self.postgres.sql("CREATE FUNCTION refuse_batches() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; "
                          "CREATE TRIGGER refused BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION refuse_batches()")
        try:
            self.assertEqual(self.post(batch).status, 503)
        finally:
            self.postgres.sql("DROP TRIGGER refused ON batch; DROP FUNCTION refuse_batches")
        self.assertEqual(len(self.versions_of(batch)), 1)  # in the bucket, and in no chain
        self.accept(batch)
        self.assertEqual(len(self.versions_of(batch)), 1)

    def test_another_object_of_the_name_is_never_taken_for_the_batch(self):
        batch = self.device.cut()
        name = f"batches/{self.device.id.hex()}/{self.device.chain.hex()}/{1:020}-{name_of(batch).hex()}.ghb"
        self.store.call("put_object", Bucket=BUCKET, Key=name, Body="something else")
        self.assertEqual(self.post(batch).status, 503)
        self.assertEqual(self.kept(), [])

    def test_while_the_store_is_away_nothing_is_receipted_and_nothing_lost(self):
        collector = self.through_front()
        batches = [self.device.cut() for _ in range(3)]
        self.accept(batches[0], collector=collector)
        self.front.close_door()
        try:
            answer = self.post(batches[1], collector=collector)
            self.assertEqual((answer.status, answer.headers.get("retry-after")), (503, "5"))
            self.assertEqual(self.kept(), [(1, 3)])
            self.assertEqual(collector.status("/readyz")[0], 200)  # heartbeats and policies go on
            heartbeat = collector.request("POST", "/v1/heartbeats", self.device.heartbeat(), "device")
            self.assertEqual(heartbeat.status, 200)
            self.assertEqual(collector.metric("objects_failed_total"), 1)
        finally:
            self.front.open_door()
        for batch in batches[1:]:
            self.accept(batch, collector=collector)
        self.assertEqual(self.kept(), [(1, 3), (4, 6), (7, 9)])

    def test_an_answer_that_is_lost_on_its_way_costs_nothing(self):
        collector = self.through_front()
        batch = self.device.cut()
        self.front.swallow_answers(1)
        self.assertEqual(self.post(batch, collector=collector).status, 503)
        self.assertEqual(len(self.versions_of(batch)), 1)  # it did arrive there
        self.accept(batch, collector=collector)
        self.assertEqual(len(self.versions_of(batch)), 1)

    def test_nothing_is_stored_for_strangers_and_for_what_does_not_follow(self):
        count = len(self.store.versions())
        batch = bytearray(self.device.cut())
        batch[-1] ^= 1  # the sealed part is not what was signed
        self.assertEqual(self.post(bytes(batch)).status, 400)
        self.device.cut()
        self.assertEqual(self.post(self.device.cut()).status, 409)
        self.collector.command("device", "revoke", self.device.id.hex())
        self.assertEqual(len(self.store.versions()), count)

    def test_an_auditor_gets_the_batches_back(self):
        batches = [self.device.cut() for _ in range(2)]
        for batch in batches:
            self.accept(batch)
        out = self.collector.folder / f"export-{self.device.id.hex()}"
        self.assertEqual(self.collector.command("batch", "export", self.device.id.hex(), out), "2 batches")
        self.assertEqual([path.read_bytes() for path in sorted(out.iterdir())], batches)

    def test_batches_of_before_stay_where_they_were(self):
        plain = Collector(self, self.postgres, self.pki)
        first, second = self.device.cut(), self.device.cut()
        self.accept(first, collector=plain)
        self.accept(second)
        out = self.collector.folder / f"export-{os.urandom(4).hex()}"
        self.collector.command("batch", "export", self.device.id.hex(), out)
        self.assertEqual([path.read_bytes() for path in sorted(out.iterdir())], [first, second])

    def test_a_bucket_that_locks_nothing_and_a_key_that_does_not_count_are_refused(self):
        wrong = self.store.folder / "wrong"
        wrong.write_text(f"{self.store.key}:another\n")
        for objects, words in ((self.store.config("unlocked"), "no Object Lock"), (self.store.config(key=str(wrong)), "403"),
                               (self.store.config(key=str(self.store.folder / "nowhere")), "cannot be read")):
            config = self.collector.folder / "wrong.json"
            config.write_text(json.dumps({**self.collector.config, "objects": objects}))
            done = subprocess.run([COLLECTOR, config], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(words, done.stderr)
            self.assertNotIn(self.store.secret, done.stderr)


if __name__ == "__main__":
    unittest.main()
