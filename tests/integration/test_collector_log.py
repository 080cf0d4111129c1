# SPDX-License-Identifier: Apache-2.0
"""What a collector says of devices and of itself: heartbeats, the inventory, and the log over all receipts."""
import base64
import concurrent.futures
import json
import os
import time
import urllib.parse

from tests.integration.test_collector import ClassScope, CollectorTest
from tests.support import tlog
from tests.support.batches import Receipt
from tests.support.collector import COLLECTOR, Collector, Postgres

COLLECTOR_SOURCES = COLLECTOR.parents[3] / "collector"
PATIENCE = 60  # seconds until a test gives up; nothing is measured


class Heartbeats(CollectorTest):
    def beat(self, *, device=None, link="device", **rest):
        return self.collector.request("POST", "/v1/heartbeats", (device or self.device).heartbeat(**rest), link)

    def taken(self, **rest):
        answer = self.beat(**rest)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertGreater(answer.json["time"], 1_700_000_000_000)

    def inventory(self, *arguments, code=0):
        return {row["device"]: row for row in json.loads(self.collector.command("device", "list", "--json", *arguments, code=code))}

    def test_the_inventory_says_what_each_device_says_of_itself(self):
        self.accept(self.device.cut())
        self.taken(made=int(time.time() * 1000) + 7_200_000)
        row = self.inventory()[self.device.id.hex()]
        self.assertEqual({key: row[key] for key in ("version", "key_protection", "state", "waiting", "policy_serial", "records", "alarms", "revoked")},
                         {"version": "9.9", "key_protection": "file", "state": "up to date", "waiting": 1, "policy_serial": 3, "records": 3,
                          "alarms": 0, "revoked": False})
        self.assertTrue(7_000 < row["clock_ahead_seconds"] < 7_300, row)
        self.assertRegex(row["heartbeat"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_a_chain_that_is_shorter_than_before_is_one_alarm(self):
        self.taken(sequence=10, head=b"a" * 32)
        self.taken(sequence=12, head=b"b" * 32)
        self.assertEqual(self.alarms(), [])
        for sequence in (9, 8, 9):
            self.taken(sequence=sequence, head=b"c" * 32)  # records that no batch ever had are gone
        self.assertEqual(self.alarms(), ["rollback"])
        self.taken(sequence=12, head=b"d" * 32)
        self.taken(sequence=12, head=b"d" * 32)
        self.assertEqual(self.alarms(), ["rollback", "fork"])
        self.taken(sequence=13, head=b"e" * 32)
        self.taken(sequence=2, head=b"e" * 32)
        self.assertEqual(self.alarms(), ["rollback", "fork", "rollback"])

    def test_batches_count_as_far_as_heartbeats_do(self):
        self.accept(self.device.cut(5))
        self.taken()
        self.taken(sequence=4, head=b"x" * 32)
        self.assertEqual(self.alarms(), ["rollback"])
        self.taken(sequence=5, head=b"y" * 32)
        self.assertEqual(self.alarms(), ["rollback", "fork"])
        self.taken(sequence=1, head=b"x" * 32, chain=os.urandom(16))  # a chain of its own is no rollback
        self.assertEqual(self.alarms(), ["rollback", "fork"])

    def test_only_the_device_itself_is_heard(self):
        other = self.new_device("other")
        for answer, status, word in (
                (self.beat(identity=os.urandom(16)), 403, "another_device"),
                (self.beat(key=other.public_key), 400, "bad_signature"),
                (self.collector.request("POST", "/v1/heartbeats", self.device.heartbeat()[:-1], "device"), 400, "malformed"),
                (self.collector.request("POST", "/v1/heartbeats", b"", "device"), 400, "malformed"),
                (self.collector.request("POST", "/v1/heartbeats", b"x" * 5000, "device"), 400, "malformed"),
                (self.collector.request("POST", "/v1/heartbeats", self.device.heartbeat()), 401, "certificate")):
            self.assertEqual((answer.status, answer.json["error"]), (status, word))
        changed = bytearray(self.device.heartbeat())
        changed[changed.index(b"9.9")] ^= 1
        answer = self.collector.request("POST", "/v1/heartbeats", bytes(changed), "device")
        self.assertEqual((answer.status, answer.json["error"]), (400, "bad_signature"))
        strange = self.new_device("strange", identity=self.device.id)
        self.taken()
        self.assertEqual(self.beat(device=strange).json["error"], "unknown_key")  # signed by a key that the device never showed
        self.collector.command("device", "revoke", self.device.id.hex())
        self.assertEqual(self.beat().json["error"], "revoked")

    def test_silent_devices_are_named(self):
        self.taken()
        name = self.device.id.hex()
        self.assertNotIn(name, self.inventory("--silent", "30", code=1 if self.inventory_has_silent() else 0))
        self.postgres.sql(f"UPDATE heartbeat SET received_at = now() - interval '31 minutes' WHERE device = '\\x{name}'")
        self.assertIn(name, self.inventory("--silent", "30", code=1))
        self.assertGreaterEqual(self.collector.metric("devices_silent"), 1)
        self.collector.command("device", "revoke", name)
        self.assertNotIn(name, self.inventory("--silent", "30", code=1 if self.inventory_has_silent() else 0))

    def inventory_has_silent(self):
        return int(self.postgres.sql("SELECT count(*) FROM device d LEFT JOIN heartbeat b USING (device) WHERE NOT is_revoked AND "
                                     "coalesce(b.received_at, d.first_seen) < now() - interval '30 minutes'")[0][0]) > 0


class TransparencyLog(CollectorTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.collector.command("log", "key")

    def setUp(self):
        super().setUp()
        self.leaves = []

    def get(self, path, collector=None, **query):
        return (collector or self.collector).request("GET", f"/v1/log/{path}?{urllib.parse.urlencode(query)}", device="device")

    def receipt(self):
        answer = self.post(self.device.cut())
        self.assertEqual(answer.status, 200, answer.body)
        return tlog.leaf_hash(Receipt(answer.body).bytes)

    def everything_logged(self):
        end = time.monotonic() + PATIENCE
        while self.postgres.sql("SELECT count(*) FROM log_pending") != [["0"]]:
            self.assertLess(time.monotonic(), end, "the log does not grow")
            time.sleep(0.05)
        return [bytes.fromhex(row[0]) for row in self.postgres.sql("SELECT encode(hash, 'hex') FROM log_node WHERE level = 0 ORDER BY position")]

    def checkpoint(self, collector=None):
        answer = self.get("checkpoint", collector)
        self.assertEqual(answer.status, 200, answer.body)
        return tlog.Checkpoint(answer.body.decode(), self.key)

    def proof(self, path, **query):
        answer = self.get(path, **query)
        self.assertEqual(answer.status, 200, (query, answer.body))
        return answer.json, [base64.b64decode(each) for each in answer.json["proof"]]

    def test_every_receipt_is_in_the_tree_that_a_second_implementation_builds(self):
        receipts = [self.receipt() for _ in range(23)]
        leaves = self.everything_logged()
        self.assertEqual(set(receipts) - set(leaves), set())
        newest = self.checkpoint()
        self.assertEqual((newest.origin, newest.size, newest.root), ("collector.test/log", len(leaves), tlog.root_of(leaves)))
        for leaf in receipts:
            for size in {leaves.index(leaf) + 1, len(leaves)}:
                body, proof = self.proof("inclusion", leaf=leaf.hex(), size=size)
                self.assertEqual((body["index"], proof), (leaves.index(leaf), tlog.inclusion_proof(leaves.index(leaf), leaves[:size])))
        for old in range(1, len(leaves) + 1):
            self.assertEqual(self.proof("consistency", **{"from": old, "to": len(leaves)})[1], tlog.consistency_proof(old, leaves))
        # The operator's port answers the same, for whoever watches.
        self.assertEqual(self.collector.status("/v1/log/checkpoint")[1], self.get("checkpoint").body.decode())
        self.assertEqual(self.collector.command("log", "checkpoint"), self.get("checkpoint").body.decode().strip())

    def test_what_is_not_there_is_said(self):
        leaf = self.receipt()
        size = len(self.everything_logged())
        for path, query, status, word in (
                ("inclusion", {"leaf": "00" * 32, "size": size}, 404, "not_included"),
                ("inclusion", {"leaf": leaf.hex(), "size": size + 1}, 400, "malformed"),
                ("inclusion", {"leaf": leaf.hex(), "size": 0}, 400, "malformed"),
                ("inclusion", {"leaf": leaf.hex()}, 400, "malformed"),
                ("inclusion", {"leaf": "00", "size": size}, 400, "malformed"),
                ("inclusion", {"size": size}, 400, "malformed"),
                ("consistency", {"from": size, "to": size + 1}, 400, "malformed"),
                ("consistency", {"from": 2, "to": 1}, 400, "malformed"),
                ("consistency", {"from": -1, "to": 1}, 400, "malformed"),
                ("consistency", {"from": "x", "to": 1}, 400, "malformed"),
                ("consistency", {"from": 1 << 80, "to": 1 << 81}, 400, "malformed"),
                ("other", {}, 404, "not_found")):
            answer = self.get(path, **query)
            self.assertEqual((answer.status, answer.json["error"]), (status, word), (path, query))
        self.assertEqual(self.proof("consistency", **{"from": 0, "to": size})[1], [])

    def test_three_instances_grow_one_log(self):
        scope = ClassScope(type(self))
        collectors = [self.collector, Collector(scope, self.postgres, self.pki), Collector(scope, self.postgres, self.pki)]
        devices = [self.new_device(f"d{number}") for number in range(6)]
        seen = []

        def send(device):
            for number in range(6):
                answer = collectors[number % 3].post(device.cut(), device.name)
                self.assertEqual(answer.status, 200, answer.body)
                seen.append(tlog.leaf_hash(Receipt(answer.body).bytes))

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            list(pool.map(send, devices))
        leaves = self.everything_logged()
        self.assertEqual(len(leaves), len(set(leaves)))
        self.assertEqual(set(seen) - set(leaves), set())
        for collector in collectors:
            self.assertEqual(self.checkpoint(collector).root, tlog.root_of(leaves))
        # Every checkpoint that anybody was ever shown is over a beginning of the same tree.
        for size, note in self.postgres.sql("SELECT size, replace(note, E'\\n', '|') FROM log_checkpoint"):
            shown = tlog.Checkpoint(note.replace("|", "\n"), self.key)
            self.assertEqual((shown.size, shown.root), (int(size), tlog.root_of(leaves[:int(size)])))

    def test_the_tree_cannot_be_changed_by_statements(self):
        self.receipt()
        self.everything_logged()
        for statement in ("DELETE FROM log_node", "UPDATE log_node SET hash = hash", "DELETE FROM log_checkpoint", "UPDATE log_checkpoint SET note = ''"):
            with self.assertRaises(AssertionError):
                self.postgres.sql(statement)

    def test_receipts_from_before_the_log_are_in_it(self):
        # A collector without a key for the log takes batches as ever; the receipts wait until there is one.
        postgres = Postgres(ClassScope(type(self)))
        collector = Collector(ClassScope(type(self)), postgres, self.pki, log_key=None, log_origin=None)
        device = self.new_device("early")
        leaves = [tlog.leaf_hash(Receipt(collector.post(device.cut(), "early").body).bytes) for _ in range(5)]
        self.assertEqual(collector.request("GET", "/v1/log/checkpoint", device="early").status, 404)
        self.assertEqual(collector.metric("receipts_unlogged"), 5)
        # As the migration finds them in a database that was written before.
        step = (COLLECTOR_SOURCES / "migrations" / "0003_log.sql").read_text()
        backfill = step[step.index("INSERT INTO log_pending"):]
        postgres.sql("DELETE FROM log_pending")
        postgres.sql(backfill)
        self.assertEqual({bytes.fromhex(row[0]) for row in postgres.sql("SELECT encode(hash, 'hex') FROM log_pending")}, set(leaves))

