# SPDX-License-Identifier: Apache-2.0
"""What the collector may read, and who may read it there: only what policy let through in the clear, behind roles, and every look is recorded."""
import datetime
import hashlib
import http.client
import json
import pathlib
import tempfile
import unittest
import urllib.parse

from tests.integration.test_sync import AgentTest
from tests.support.agent import CARD, answered
from tests.support.batches import Device, clear_part as clear, clear_row as row
from tests.support.collector import Collector, Postgres
from tests.support.pki import Pki

AUDITOR, ANALYST = "auditor-token-1", "analyst-token-2"


def reader(name, role, token):
    return {"name": name, "role": role, "token_sha256": hashlib.sha256(token.encode()).hexdigest()}


def ask(collector, token=AUDITOR, **conditions):
    link = http.client.HTTPConnection("127.0.0.1", collector.status_port, timeout=60)
    try:
        link.request("GET", "/v1/records?" + urllib.parse.urlencode(conditions), headers={"Authorization": f"Bearer {token}"} if token else {})
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        link.close()


class Records(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pki = Pki(pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="gh-records-", dir="/tmp"))))

        class Scope:
            addCleanup = cls.addClassCleanup
        cls.postgres = Postgres(Scope)
        cls.collector = Collector(Scope, cls.postgres, cls.pki, readers=[reader("dpo", "auditor", AUDITOR), reader("ops", "analyst", ANALYST)])
        cls.ada, cls.bob = Device(cls.pki, "ada"), Device(cls.pki, "bob")
        start = 1_800_000_000_000
        for i in range(4):
            first = 3 * i + 1
            cls.send(cls.ada, [row(first + k, start + 1000 * (first + k), person="ada", model=f"m{k}", decision="block" if first + k == 5 else "allow",
                                   provider="openai", outcome="sent", classes=["pii", "secret"] if first + k == 5 else []) for k in range(3)])
        cls.send(cls.bob, [row(1, start, person="bob", model="m0", decision="allow"), row(3, start + 1, kind="outcome", person="bob")])

    @classmethod
    def send(cls, device, rows, count=3, expected=200):
        part = clear(rows) if isinstance(rows, list) else rows
        answer = cls.collector.post(device.cut(count, clear=part), device.name)
        assert answer.status == expected, (answer.status, answer.body)

    def ask(self, token=AUDITOR, **conditions):
        return ask(self.collector, token, **conditions)

    def found(self, **conditions):
        status, told = self.ask(**conditions)
        self.assertEqual(status, 200, told)
        return [(r["device"][:4], r["sequence"]) for r in told["records"]]

    def test_records_are_found_by_what_was_sent_in_the_clear(self):
        ada, bob = self.ada.id.hex()[:4], self.bob.id.hex()[:4]
        self.assertEqual(self.found(), [(ada, i) for i in range(12, 0, -1)] + [(bob, 3), (bob, 1)])
        self.assertEqual(self.found(person="bob"), [(bob, 3), (bob, 1)])
        self.assertEqual(self.found(device=self.bob.id.hex(), decision="allow"), [(bob, 1)])
        self.assertEqual(self.found(decision="block"), [(ada, 5)])
        self.assertEqual(self.found(**{"class": "secret"}), [(ada, 5)])
        self.assertEqual(self.found(model="m1", person="ada"), [(ada, i) for i in (11, 8, 5, 2)])
        self.assertEqual(self.found(person="ada' OR TRUE --"), [])
        self.assertEqual(self.found(since="2100-01-01"), [])
        self.assertEqual(len(self.found(until="2100-01-01")), 14)

    def test_days_of_arrival_before_the_asked_time_are_not_looked_at(self):
        today = datetime.datetime.now(datetime.timezone.utc).date()
        self.assertEqual(self.ask(since="2026-01-10")[1]["arrived_since"], "2026-01-09")
        self.assertIn(self.ask()[1]["arrived_since"], {str(today - datetime.timedelta(days=n)) for n in (30, 31)})

    def test_pages_follow_each_other(self):
        everything, told = [], self.ask(limit=5)[1]
        while True:
            everything += [(r["device"], r["sequence"]) for r in told["records"]]
            if told["next"] is None:
                break
            told = self.ask(limit=5, after=told["next"])[1]
        self.assertEqual(len(everything), 14)
        self.assertEqual(len(set(everything)), 14)

    def test_roles_hold_and_every_look_is_recorded(self):
        self.assertEqual(self.ask(token=None)[0], 401)
        self.assertEqual(self.ask(token="guess")[0], 401)
        status, told = self.ask(token=ANALYST, model="m1")
        self.assertEqual((status, len(told["records"])), (200, 4))
        self.assertTrue(all("person" not in record for record in told["records"]))
        self.assertEqual(self.ask(token=ANALYST, person="ada")[0], 403)
        self.assertEqual(self.ask(token=AUDITOR, model="m1")[1]["records"][0]["person"], "ada")
        self.assertIn(["ops", "model=m1", "4"], self.postgres.sql("SELECT reader, query, found FROM record_read"))

    def test_what_is_no_question_is_refused(self):
        for conditions in ({"colour": "red"}, {"limit": "0"}, {"limit": "1001"}, {"device": "xyz"}, {"since": "yesterday"}, {"after": "1.2"}):
            with self.subTest(conditions):
                self.assertEqual(self.ask(**conditions)[0], 400)

    def test_the_clear_part_is_signed_and_must_be_about_its_own_batch(self):
        device = Device(self.pki, "eve")
        state = device.copy_state()
        good = clear([row(1, 5, person="eve")])
        for name, part in {"foreign": clear([row(9, 5)]), "twice": clear([row(2, 5), row(2, 5)]), "garbage": b"\0\1\2", "nul": clear([row(1, 5, person="a\0b")]),
                           "kind": clear([row(1, 5, kind="other")])}.items():
            with self.subTest(name):
                device.restore(state)
                self.send(device, part, expected=400)
        device.restore(state)
        batch = device.cut(3, clear=good)
        at = batch.index(b"eve")
        answer = self.collector.post(batch[:at] + b"bob" + batch[at + 3:], device.name)
        self.assertEqual((answer.status, answer.json["error"]), (400, "malformed"))
        self.assertEqual(self.collector.post(batch, device.name).status, 200)
        self.assertEqual(self.collector.post(batch, device.name).status, 200)  # a replay adds nothing
        self.assertEqual(self.postgres.sql("SELECT count(*) FROM record WHERE person = 'eve'"), [["1"]])
        self.postgres.sql("DELETE FROM record WHERE person = 'eve'")

    def test_rows_lie_in_the_partition_of_their_day(self):
        tables = {name for name, in self.postgres.sql("SELECT tableoid::regclass::text FROM record")}
        self.assertTrue(tables and all(name.startswith("record_2") for name in tables), tables)


class FromAnAgent(AgentTest):
    """What a real device sends in the clear is what its policy names, and nothing of the texts."""

    collector_config = {"readers": [reader("dpo", "auditor", AUDITOR)]}

    def policy(self, **sync):
        return super().policy(clear=["person", "model", "decision", "class"], **sync)

    def test_what_policy_names_can_be_searched_and_nothing_else(self):
        self.agent.ask(f"my card is {CARD}, canary-4711").expect(answered())
        self.enrol()
        self.until_everything_arrived()
        told = ask(self.collector, device=self.device)[1]["records"]
        names = {name for record in told for name in record}
        self.assertEqual(names, {"device", "sequence", "time", "kind", "person", "model", "decision", "classes"})
        redacted = ask(self.collector, device=self.device, decision="redact", **{"class": "pci"})[1]["records"]
        self.assertEqual({record["kind"] for record in redacted}, {"intent", "outcome"})
        rows = " ".join(str(row) for row in self.postgres.sql("SELECT * FROM record"))
        for secret in (CARD, "canary-4711"):
            self.assertNotIn(secret, rows)
        self.assertGreater(len(self.opened()), len(redacted))  # auditors find that the clear part says the same
