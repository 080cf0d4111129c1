# SPDX-License-Identifier: Apache-2.0
"""A fleet on three collectors that share one database, over a network that loses, doubles, reorders and delays, while instances die:
in the end every head is equal, nothing is lost or doubled, and every fork, and no other device, is flagged."""
import collections
import concurrent.futures
import http.client
import pathlib
import random
import tempfile
import threading
import time
import unittest

from tests.support.agent import IS_LONG
from tests.support.batches import Device, Receipt, name_of
from tests.support.collector import Collector, Postgres
from tests.support.pki import Pki

DEVICES = 1000 if IS_LONG else 32
BATCHES = 10 if IS_LONG else 5
THREADS = 8


class Loss(Exception):
    pass


class Network:
    """Between devices and collectors: what it does to a request is chance."""

    def __init__(self, collectors, seed):
        self.collectors, self.random, self.lock = collectors, random.Random(seed), threading.Lock()
        self.count = collections.Counter()

    def chance(self):
        with self.lock:
            return self.random.random(), self.random.choice(self.collectors), self.random.uniform(0, 0.02)

    def lose(self, what):
        with self.lock:
            self.count[what] += 1
        return Loss(what)

    @staticmethod
    def send(collector, batch, walker):
        """Over the connection that this device has to that instance, as long as it holds."""
        link = walker.links.pop(collector, None) or collector.connect(walker.device.name)
        try:
            answer = collector.post(batch, walker.device.name, link=link)
        except BaseException:
            link.close()
            raise
        walker.links[collector] = link
        return answer

    def post(self, batch, walker):
        fate, collector, delay = self.chance()
        time.sleep(delay)
        if fate < 0.1:
            raise self.lose("request")
        try:
            answer = self.send(collector, batch, walker)
            if fate < 0.3:  # doubled, and by another instance
                self.lose("doubled")
                again = self.send(self.chance()[1], batch, walker)
                if answer.status == 200 and again.status == 200 and again.body != answer.body:
                    raise AssertionError("two receipts of one batch differ")
        except (OSError, http.client.HTTPException) as problem:
            raise self.lose("connection") from problem  # nobody there just now
        if 0.3 <= fate < 0.4 or answer.status == 503:
            raise self.lose("answer")
        return answer


class Walker:
    """One device that delivers its batches, sometimes in the wrong order, and never gives up."""

    def __init__(self, device, network, seed):
        self.device, self.network, self.random = device, network, random.Random(seed)
        self.batches = [device.cut(self.random.randrange(1, 6)) for _ in range(BATCHES)]
        self.links = {}

    def deliver(self, batch):
        while True:
            try:
                return self.network.post(batch, self)
            except Loss:
                continue

    def run(self):
        at = 0
        while at < len(self.batches):
            ahead = min(at + self.random.choice([0, 0, 0, 1, 2]), len(self.batches) - 1)
            answer = self.deliver(self.batches[ahead])
            if answer.status == 409:
                assert answer.json["error"] == "gap" and ahead > at, answer.body
                self.network.lose("gap")
                continue
            assert answer.status == 200, answer.body
            receipt = Receipt(answer.body)
            assert receipt.batch == name_of(self.batches[ahead])
            at = max(at, ahead + 1)
        return self

    def close(self):
        for link in self.links.values():
            link.close()


class Fleet(unittest.TestCase):
    def setUp(self):
        self.pki = Pki(pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="gh-fleet-", dir="/tmp"))))
        self.postgres = Postgres(self)
        self.collectors = [Collector(self, self.postgres, self.pki) for _ in range(3)]
        self.is_over, self.restarted = threading.Event(), 0

    def restarts(self):
        """Instances end, some without a word, and come back under another port."""
        chance = random.Random(3)
        while not self.is_over.wait(chance.uniform(0.05, 0.6)):
            victim = chance.choice(self.collectors)
            if chance.random() < 0.5:
                victim.process.kill()
            victim.stop()
            victim.start()
            self.restarted += 1

    def test_heads_are_equal_nothing_is_lost_and_every_fork_is_flagged(self):
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            devices = list(pool.map(lambda i: Device(self.pki, f"device{i}"), range(DEVICES)))
            network = Network(self.collectors, 5)
            forks = devices[::9]
            copies = {}
            walkers = [Walker(device, network, i) for i, device in enumerate(devices)]
            for device in forks:  # as a restored machine: the same numbers once more, other records
                ends = device.copy_state()
                device.restore((device.chain, 0, bytes(32)))
                copies[device.name] = device.cut(3)
                device.restore(ends)
            chaos = threading.Thread(target=self.restarts)
            chaos.start()
            try:
                for walker in pool.map(Walker.run, walkers):
                    self.assertEqual(len(walker.batches), BATCHES)
                again = list(pool.map(lambda walker: walker.deliver(copies[walker.device.name]), [w for w in walkers if w.device in forks]))
            finally:
                self.is_over.set()
                chaos.join()
                for walker in walkers:
                    walker.close()
        self.assertEqual({(answer.status, answer.json["error"]) for answer in again}, {(409, "fork")})
        self.check(devices, walkers, forks)
        for word in ("request", "doubled", "answer", "gap"):
            self.assertGreater(network.count[word], 0, word)
        self.assertGreater(self.restarted, 0)
        print(f"{DEVICES} devices, {DEVICES * BATCHES} batches, {dict(network.count)}, {self.restarted} restarts, {len(forks)} forks")

    def check(self, devices, walkers, forks):
        heads = {row[0]: (int(row[1]), row[2]) for row in self.postgres.sql(
            "SELECT encode(device, 'hex'), last_sequence, encode(head, 'hex') FROM chain")}
        self.assertEqual(heads, {d.id.hex(): (d.last, d.head.hex()) for d in devices})
        kept = {}
        for device, first, last, name in self.postgres.sql(
                "SELECT encode(device, 'hex'), from_sequence, to_sequence, encode(name, 'hex') FROM batch ORDER BY device, from_sequence"):
            spans = kept.setdefault(device, [])
            self.assertEqual(int(first), spans[-1][1] + 1 if spans else 1)
            spans.append((int(first), int(last), name))
        for walker in walkers:
            self.assertEqual([name for _, _, name in kept[walker.device.id.hex()]], [name_of(batch).hex() for batch in walker.batches])
        flagged = {row[0] for row in self.postgres.sql("SELECT DISTINCT encode(device, 'hex') FROM alarm WHERE kind = 'fork'")}
        self.assertEqual(flagged, {d.id.hex() for d in forks})
        others = self.postgres.sql("SELECT kind FROM alarm WHERE kind <> 'fork'")
        self.assertEqual(others, [])
        evidence = {row[0] for row in self.postgres.sql("SELECT encode(device, 'hex') FROM contradiction")}
        self.assertEqual(evidence, flagged)
