# SPDX-License-Identifier: Apache-2.0
"""The collector on a real PostgreSQL: what it keeps, what it refuses, and what it calls an alarm."""
import concurrent.futures
import json
import os
import pathlib
import random
import ssl
import subprocess
import tempfile
import threading
import unittest

from tests.support.batches import ZERO, Device, Receipt, name_of
from tests.support.collector import COLLECTOR, Collector, Postgres, is_listening
from tests.support.pki import Pki


class ClassScope:
    """Lets fixtures live as long as a class instead of a test."""

    def __init__(self, case):
        self.addCleanup = case.addClassCleanup


class CollectorTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        scope = ClassScope(cls)
        folder = tempfile.TemporaryDirectory(prefix="gh-pki-", dir="/tmp")
        cls.addClassCleanup(folder.cleanup)
        cls.pki = Pki(pathlib.Path(folder.name))
        cls.postgres = Postgres(scope)
        cls.collector = Collector(scope, cls.postgres, cls.pki)

    def setUp(self):
        self.device = self.new_device("device")

    def new_device(self, name, **rest):
        return Device(self.pki, name, **rest)

    def post(self, batch, collector=None, **rest):
        return (collector or self.collector).post(batch, **rest)

    def accept(self, batch, **rest):
        answer = self.post(batch, **rest)
        self.assertEqual(answer.status, 200, answer.body)
        return Receipt(answer.body)

    def refuse(self, batch, status, word, **rest):
        answer = self.post(batch, **rest)
        self.assertEqual((answer.status, answer.json["error"]), (status, word))
        return answer

    def kept(self, device=None):
        device = device or self.device
        return [(int(a), int(b)) for a, b in self.postgres.sql(
            f"SELECT from_sequence, to_sequence FROM batch WHERE device = '\\x{device.id.hex()}' AND chain = '\\x{device.chain.hex()}' ORDER BY 1")]

    def alarms(self, device=None):
        return [kind for kind, in self.postgres.sql(f"SELECT kind FROM alarm WHERE device = '\\x{(device or self.device).id.hex()}' ORDER BY id")]


class Ingest(CollectorTest):
    def test_batches_are_kept_byte_for_byte_and_receipted(self):
        for _ in range(3):
            batch = self.device.cut()
            receipt = self.accept(batch)
            self.assertTrue(receipt.is_signed_by(self.pki.folder / "receipts.pub"))
            self.assertEqual((receipt.device, receipt.chain, receipt.head), (self.device.id, self.device.chain, self.device.head))
            self.assertEqual((receipt.last, receipt.batch), (self.device.last, name_of(batch)))
            rows = self.postgres.sql(f"SELECT encode(content, 'hex') FROM batch WHERE name = '\\x{name_of(batch).hex()}'")
            self.assertEqual(rows, [[batch.hex()]])
        self.assertEqual(self.kept(), [(1, 3), (4, 6), (7, 9)])
        self.assertEqual(self.alarms(), [])

    def test_a_replay_gets_the_same_receipt_and_is_kept_once(self):
        batches = [self.device.cut() for _ in range(4)]
        first = [self.post(batch).body for batch in batches]
        again = [self.post(batch) for batch in batches * 3]
        self.assertEqual([answer.status for answer in again], [200] * 12)
        self.assertEqual([answer.body for answer in again], first * 3)
        self.assertEqual(len(self.kept()), 4)
        self.assertEqual(self.alarms(), [])

    def test_the_same_records_sealed_once_more_are_a_duplicate(self):
        before, head = self.device.copy_state(), os.urandom(32)
        first = self.post(self.device.cut(head=head))
        self.device.restore(before)
        second = self.post(self.device.cut(head=head))
        self.assertEqual((second.status, second.body), (200, first.body))
        self.assertEqual(self.alarms(), [])

    def test_a_gap_is_told_with_the_place_to_go_on_from(self):
        self.accept(self.device.cut())
        place = self.device.copy_state()
        self.device.cut()
        answer = self.refuse(self.device.cut(), 409, "gap")
        self.assertEqual((answer.json["sequence"], answer.json["sha256"]), (3, place[2].hex()))
        self.device.restore(place)
        self.accept(self.device.cut(7))
        self.assertEqual(self.kept(), [(1, 3), (4, 10)])
        self.assertEqual(self.alarms(), [])
        fresh = self.new_device("fresh")
        fresh.last, fresh.head = 5, os.urandom(32)
        answer = self.refuse(fresh.cut(), 409, "gap", device="fresh")
        self.assertEqual((answer.json["sequence"], answer.json["sha256"]), (0, ZERO.hex()))

    def test_a_restored_device_is_a_fork_and_both_histories_are_kept(self):
        self.accept(self.device.cut())
        snapshot = self.device.copy_state()
        self.accept(self.device.cut())
        went_on = self.device.copy_state()
        self.device.restore(snapshot)
        other = self.device.cut()
        for _ in range(3):  # an alarm is raised once, however often the batch comes
            answer = self.refuse(other, 409, "fork")
            self.assertEqual(answer.json["sequence"], 6)
        self.assertEqual(self.alarms(), ["fork"])
        evidence = self.postgres.sql(f"SELECT encode(content, 'hex') FROM contradiction WHERE device = '\\x{self.device.id.hex()}'")
        self.assertEqual(evidence, [[other.hex()]])
        self.device.restore(went_on)
        self.accept(self.device.cut())
        self.assertEqual(self.kept(), [(1, 3), (4, 6), (7, 9)])

    def test_a_batch_that_does_not_continue_the_head_is_a_fork(self):
        self.accept(self.device.cut())
        self.refuse(self.device.cut(before=os.urandom(32)), 409, "fork")
        self.assertEqual(self.alarms(), ["fork"])

    def test_a_batch_from_the_middle_of_what_is_kept_is_a_rollback(self):
        self.accept(self.device.cut(10))
        self.refuse(self.device.cut(3, first=5, before=os.urandom(32)), 409, "rollback")
        self.assertEqual(self.alarms(), ["rollback"])
        self.assertEqual(self.kept(), [(1, 10)])

    def test_a_cloned_chain_and_a_second_chain_are_told(self):
        self.accept(self.device.cut())
        clone = self.new_device("clone")
        clone.chain = self.device.chain
        self.accept(clone.cut(), device="clone")
        self.assertEqual(self.alarms(clone), ["cloned_chain"])
        self.device.chain, self.device.last, self.device.head = os.urandom(16), 0, ZERO
        self.accept(self.device.cut())
        self.assertEqual(self.alarms(), ["new_chain"])

    def test_evidence_of_one_device_has_a_limit(self):
        self.accept(self.device.cut())
        self.postgres.sql(f"INSERT INTO contradiction SELECT '\\x{self.device.id.hex()}', sha256(i::text::bytea), '\\x{self.device.chain.hex()}', 1, 1, now(), '' "
                          "FROM generate_series(1, 100) i")
        self.refuse(self.device.cut(before=os.urandom(32)), 409, "fork")
        self.assertEqual(self.postgres.sql(f"SELECT count(*) FROM contradiction WHERE device = '\\x{self.device.id.hex()}'"), [["100"]])
        self.assertEqual(self.alarms(), ["fork"])

    def test_batches_cannot_be_changed_or_removed_by_the_way(self):
        self.accept(self.device.cut())
        for statement in ("UPDATE batch SET to_sequence = 9", "DELETE FROM batch"):
            with self.assertRaises(AssertionError):
                self.postgres.sql(statement)


class Trust(CollectorTest):
    def test_who_shows_no_certificate_is_told_so(self):
        self.refuse(self.device.cut(), 401, "certificate", device=None)

    def test_certificates_of_others_do_not_connect(self):
        self.pki.authority("stranger-ca")
        stranger = self.new_device("stranger", authority="stranger-ca")
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.post(stranger.cut(), device="stranger")
        self.assertEqual(self.kept(stranger), [])

    def test_a_server_certificate_is_no_device(self):
        self.pki.issued("server", "device-ca", ["extendedKeyUsage=serverAuth"], subject=f"/CN={os.urandom(16).hex()}")
        with self.assertRaises((ssl.SSLError, ConnectionError)):
            self.post(self.device.cut(), device="server")
        self.pki.issued("person", "device-ca", ["extendedKeyUsage=clientAuth"], subject="/CN=ada")
        self.refuse(self.device.cut(), 401, "certificate", device="person")

    def test_a_device_sends_only_its_own(self):
        self.new_device("other")
        self.refuse(self.device.cut(), 403, "another_device", device="other")

    def test_a_key_that_the_device_never_showed_is_refused(self):
        self.accept(self.device.cut())
        state = self.device.copy_state()
        thief = self.new_device("thief", authority="device-ca", identity=self.device.id)
        thief.restore(state)
        self.refuse(thief.cut(), 403, "unknown_key", device="device")

    def test_a_renewed_key_is_known_and_the_old_batches_still_come(self):
        self.accept(self.device.cut())
        waiting = self.device.cut()
        renewed = self.new_device("renewed", identity=self.device.id)
        renewed.restore(self.device.copy_state())
        self.accept(waiting, device="renewed")
        self.accept(renewed.cut(), device="renewed")
        self.assertEqual(self.alarms(), [])

    def test_a_revoked_device_is_refused_at_once(self):
        self.accept(self.device.cut())
        self.postgres.sql(f"UPDATE device SET is_revoked = true WHERE device = '\\x{self.device.id.hex()}'")
        self.refuse(self.device.cut(), 403, "revoked")

    def test_every_changed_byte_is_refused_and_nothing_is_kept(self):
        batch = self.device.cut(sealed=b"sealed")
        link = self.collector.connect("device")
        self.addCleanup(link.close)
        for place in range(len(batch)):
            changed = batch[:place] + bytes([batch[place] ^ 0x40]) + batch[place + 1:]
            answer = self.post(changed, link=link)
            self.assertIn(answer.status, (400, 403), place)
        self.assertEqual(self.kept(), [])
        self.accept(batch)


class Http(CollectorTest):
    def test_a_body_above_the_limit_is_refused_unread(self):
        answer = self.collector.request("POST", "/v1/batches", b"x" * 100, "device", headers={"Content-Length": str(15 * 1024 * 1024)})
        self.assertEqual(answer.status, 413)

    def test_the_largest_batch_fits(self):
        self.accept(self.device.cut(sealed=os.urandom(13 * 1024 * 1024)))

    def test_other_places_are_not_there(self):
        for method, path, status in (("GET", "/", 404), ("GET", "/v1/batches", 405), ("DELETE", "/v1/batches", 405), ("GET", "/metrics", 404),
                                     ("GET", "/v1/chains/xx", 400), ("POST", "/v1/batches/", 404)):
            self.assertEqual(self.collector.request(method, path, device="device").status, status, path)
        self.assertEqual(self.collector.status("/v1/batches")[0], 404)

    def test_the_head_can_be_asked_for(self):
        path = f"/v1/chains/{self.device.chain.hex()}"
        self.assertEqual(self.collector.request("GET", path, device="device").json, {"sequence": 0, "sha256": ZERO.hex()})
        self.accept(self.device.cut())
        self.assertEqual(self.collector.request("GET", path, device="device").json, {"sequence": 3, "sha256": self.device.head.hex()})
        self.new_device("curious")
        self.assertEqual(self.collector.request("GET", path, device="curious").json["sequence"], 0)

    def test_many_requests_share_a_connection(self):
        link = self.collector.connect("device")
        self.addCleanup(link.close)
        for _ in range(20):
            self.accept(self.device.cut(), link=link)
        self.assertEqual(self.kept()[-1], (58, 60))

    def test_metrics_count(self):
        before = {name: self.collector.metric(f'batches_total{{verdict="{name}"}}') for name in ("stored", "duplicate", "gap")}
        batch = self.device.cut()
        self.accept(batch)
        self.accept(batch)
        self.device.last += 1
        self.refuse(self.device.cut(), 409, "gap")
        for name, count in before.items():
            self.assertEqual(self.collector.metric(f'batches_total{{verdict="{name}"}}'), count + 1)
        self.assertEqual(self.collector.status("/healthz")[0], 200)
        self.assertEqual(self.collector.status("/readyz")[0], 200)

    def test_logs_and_metrics_hold_no_content(self):
        self.accept(self.device.cut(sealed=b"canary-4711-canary"))
        self.assertNotIn("canary", self.collector.log.read_text() + self.collector.status("/metrics")[1])


class Instances(CollectorTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        scope = ClassScope(cls)
        cls.collectors = [cls.collector, *(Collector(scope, cls.postgres, cls.pki) for _ in range(2))]

    def test_the_same_batch_at_three_instances_at_once_is_kept_once(self):
        for _ in range(10):
            batch = self.device.cut()
            with concurrent.futures.ThreadPoolExecutor(9) as pool:
                answers = list(pool.map(lambda i: self.post(batch, self.collectors[i % 3]), range(9)))
            self.assertEqual({answer.status for answer in answers}, {200}, [answer.body for answer in answers])
            self.assertEqual(len({answer.body for answer in answers}), 1)
        self.assertEqual(len(self.kept()), 10)
        self.assertEqual(self.alarms(), [])

    def test_of_two_histories_at_once_one_is_kept_and_one_is_evidence(self):
        for _ in range(5):
            state = self.device.copy_state()
            one = self.device.cut()
            after_one = self.device.copy_state()
            self.device.restore(state)
            two = self.device.cut()
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                first, second = pool.map(lambda pair: self.post(pair[1], self.collectors[pair[0]]), enumerate((one, two)))
            self.assertEqual(sorted((first.status, second.status)), [200, 409])
            if first.status == 200:
                self.device.restore(after_one)
        self.assertEqual(self.alarms(), ["fork"] * 5)
        self.assertEqual(len(self.kept()), 5)

    def test_devices_with_drops_duplicates_and_restarts_lose_nothing(self):
        """Twenty devices; each request goes to any instance, some answers are lost, one instance restarts meanwhile."""
        devices = [self.new_device(f"fleet{i}") for i in range(20)]
        stop = threading.Event()

        def restart():
            while not stop.is_set():
                self.collectors[2].stop()
                self.collectors[2].start()
                stop.wait(0.3)

        def live(pair):
            seed, device = pair
            dice = random.Random(seed)
            for _ in range(12):
                batch = device.cut(dice.randint(1, 5))
                delivered = False
                while not delivered:
                    try:
                        answer = self.post(batch, dice.choice(self.collectors), device=device.name)
                    except (OSError, ValueError, AttributeError):
                        continue  # restarting
                    if answer.status == 503:
                        continue
                    self.assertEqual(answer.status, 200, answer.body)
                    delivered = dice.random() > 0.3  # else the answer was lost on its way, and the batch comes again

        restarting = threading.Thread(target=restart)
        restarting.start()
        try:
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                list(pool.map(live, enumerate(devices)))
        finally:
            stop.set()
            restarting.join()
        for device in devices:
            spans = self.kept(device)
            self.assertEqual(len(spans), 12)
            self.assertEqual(spans[-1][1], device.last)
            self.assertEqual([first for first, _ in spans], [1, *(last + 1 for _, last in spans[:-1])])
            self.assertEqual(self.alarms(device), [])


class Operation(CollectorTest):
    def test_without_the_database_nothing_is_acknowledged_and_it_comes_back(self):
        self.accept(self.device.cut())
        batch = self.device.cut()
        self.postgres.stop()
        answer = self.post(batch)
        self.assertEqual(answer.status, 503)
        self.assertIn("retry-after", answer.headers)
        self.assertEqual(self.collector.status("/healthz")[0], 503)
        self.postgres.start()
        self.accept(batch)
        self.assertEqual(self.collector.status("/healthz")[0], 200)

    def test_a_running_request_is_answered_before_the_end(self):
        collector = Collector(self, self.postgres, self.pki)
        batch = self.device.cut()
        self.accept(batch, collector=collector)
        # The device's row is held by another transaction: the request waits in the database while the collector drains.
        holder = self.hold_row()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            waiting = pool.submit(self.post, self.device.cut(), collector)
            self.wait_for_waiter()
            ending = pool.submit(collector.stop)
            while is_listening(collector.port):
                self.assertFalse(waiting.done())
            holder.stdin.write("COMMIT;\n")
            holder.stdin.close()
            self.assertEqual(waiting.result().status, 200)
            self.assertEqual(ending.result(), 0)
        holder.wait(30)
        self.assertEqual(len(self.kept()), 2)

    def hold_row(self):
        psql = subprocess.Popen([self.postgres.programs / "psql", "-X", "-q", "-h", self.postgres.sockets, "-U", "gatehouse", "-d", "collector"],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(psql.stdout.close)
        psql.stdin.write(f"BEGIN; SELECT 'held' FROM device WHERE device = '\\x{self.device.id.hex()}' FOR UPDATE;\n")
        psql.stdin.flush()
        while "held" not in psql.stdout.readline().split():
            pass
        return psql

    def wait_for_waiter(self):
        while self.postgres.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == [["0"]]:
            pass

    def test_migrations_run_once_and_newer_databases_are_refused(self):
        steps = str(len(list((COLLECTOR.parents[3] / "collector" / "migrations").glob("*.sql"))))
        self.assertEqual(self.postgres.sql("SELECT max(version) FROM schema_version"), [[steps]])
        Collector(self, self.postgres, self.pki).stop()
        self.assertEqual(self.postgres.sql("SELECT count(*) FROM schema_version"), [[steps]])
        self.postgres.sql("INSERT INTO schema_version (version) VALUES (99)")
        try:
            with self.assertRaisesRegex(AssertionError, "newer collector"):
                Collector(self, self.postgres, self.pki)
        finally:
            self.postgres.sql("DELETE FROM schema_version WHERE version = 99")

    def test_log_lines_are_json_where_that_is_asked_for(self):
        collector = Collector(self, self.postgres, self.pki, log="json")
        self.assertEqual(collector.stop(), 0)  # right after it said that it is ready, it drains already
        lines = [json.loads(line) for line in collector.log.read_text().splitlines()]
        self.assertGreater(len(lines), 2)
        for line in lines:
            self.assertEqual(set(line), {"time", "level", "area", "message"})
        self.assertEqual((lines[-1]["level"], lines[-1]["area"], lines[-1]["message"]), ("info", "collector", "stopped"))

    def test_a_wrong_configuration_is_named(self):
        for change, word in (({"database": ""}, "database"), ({"listen": "nowhere"}, "listen"), ({"surprise": 1}, "surprise"),
                             ({"receipt_key": str(self.pki.certificate("collector"))}, "key"), ({"database_threads": 0}, "database_threads"),
                             ({"device_ca": "/nonexistent"}, "device_ca"), ({"device_ca": None}, "device_ca"), ({"ca_key": "x"}, "ca_key"),
                             ({"log_origin": None}, "log_origin"), ({"log_origin": "with space"}, "log_origin"), ({"log": "xml"}, "log"),
                             ({"log_key": str(self.pki.certificate("collector"))}, "key"), ({"certificate_minutes": 0}, "certificate_minutes")):
            with self.assertRaisesRegex(AssertionError, word):
                Collector(self, self.postgres, self.pki, **change)


if __name__ == "__main__":
    unittest.main()
