# SPDX-License-Identifier: Apache-2.0
"""./dev bench collector: batches taken by one instance on a private PostgreSQL that syncs to the disk, what that costs the processor, searches
among ten million records, and what fleets of three sizes need by these figures."""
import argparse
import concurrent.futures
import hashlib
import http.client
import json
import os
import pathlib
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

USUAL, CATCHING_UP = 6, 100  # records of a batch: a quarter of an hour's; a device that was away
PER_DAY = 32  # batches of a device: six records every quarter of an hour through eight busy hours
BUSY = 8 * 3600
PEAK = 2.0
TOKEN = "bench-token"
INDEXES = {"record_by_time": "(time_ms)", "record_by_device": "(device, time_ms)",
           "record_by_person": "(person, time_ms) WHERE person IS NOT NULL", "record_by_model": "(model, time_ms) WHERE model IS NOT NULL",
           "record_by_decision": "(decision, time_ms) WHERE decision IS NOT NULL", "record_by_class": "USING gin (classes) WHERE classes IS NOT NULL"}


class Scope:
    """Stands in for a test case."""

    def __init__(self):
        self.cleanups = []

    def addCleanup(self, act, *arguments, **named):
        self.cleanups.append(lambda: act(*arguments, **named))

    def close(self):
        while self.cleanups:
            self.cleanups.pop()()


def processor_seconds(pids):
    ticks = 0
    for pid in pids:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))  # its own and those of children that have ended
    return ticks / os.sysconf("SC_CLK_TCK")


def family(parent):
    """A process and its children."""
    pids = [parent]
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                pids.append(int(stat.parent.name))
        except (OSError, ValueError):
            continue
    return pids


class Bench:
    def __init__(self, options, scope):
        from tests.support.batches import Device
        from tests.support.collector import Collector, Postgres
        from tests.support.pki import Pki
        self.options = options
        pki = Pki(pathlib.Path(tempfile.mkdtemp(prefix="gh-bench-pki-", dir="/tmp")))
        self.postgres = Postgres(scope, is_durable=True)
        reader = {"name": "bench", "role": "auditor", "token_sha256": hashlib.sha256(TOKEN.encode()).hexdigest()}
        self.collector = Collector(scope, self.postgres, pki, readers=[reader])
        self.sql("SELECT make_record_days(14)")  # once a day, and so not a batch's cost
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            self.devices = list(pool.map(lambda i: Device(pki, f"device{i}"), range(options.devices)))

    def sql(self, statement):
        return self.postgres.sql(statement, timeout=3600)

    def clear_part(self, first, count):
        from tests.support.batches import clear_part, clear_row
        now = int(time.time() * 1000)
        return clear_part([clear_row(first + i, now, person=f"person{first % 97}", client="vscode", provider="openai", model="gpt-5",
                                     decision="allow", outcome="sent") for i in range(count)])

    def deliver(self, device, batches):
        link = self.collector.connect(device.name)
        times = []
        for batch in batches:
            begin = time.monotonic()
            answer = self.collector.post(batch, device.name, link=link)
            times.append(time.monotonic() - begin)
            if answer.status != 200:
                sys.exit(f"the collector answers {answer.status}: {answer.body!r}")
        link.close()
        return times

    def ingest(self, records, is_clear):
        """What batches of so many records cost."""
        count = max(1, self.options.batches // self.options.devices)
        work = [[device.cut(records, sealed=os.urandom(900 + records * self.options.bytes),
                            clear=self.clear_part(device.last + 1, records) if is_clear else b"") for _ in range(count)] for device in self.devices]
        postmaster = int((self.postgres.data / "postmaster.pid").read_text().split()[0])

        def spent():
            return processor_seconds([self.collector.process.pid]), processor_seconds(family(postmaster))
        size = int(self.sql("SELECT pg_database_size('collector')")[0][0])
        before, begin = spent(), time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            times = sorted(t for part in pool.map(lambda pair: self.deliver(*pair), zip(self.devices, work)) for t in part)
        wall, after = time.monotonic() - begin, spent()
        grown = int(self.sql("SELECT pg_database_size('collector')")[0][0]) - size
        batches = len(times)
        return {"per_s": batches / wall, "own": (after[0] - before[0]) / batches, "database": (after[1] - before[1]) / batches,
                "p50": times[batches // 2], "p99": times[batches * 99 // 100], "bytes": grown / batches}

    def load(self, rows):
        """That many records of a thousand devices in ten days."""
        for name in INDEXES:
            self.sql(f"DROP INDEX IF EXISTS {name}")
        begin = time.monotonic()
        # By day and device, as they arrive; a block in a hundred, a finding in twenty, the class "secret" in five thousand.
        self.sql(f"""SET synchronous_commit = off; INSERT INTO record
            SELECT record_day() + d, decode(md5('device' || v), 'hex'), decode(md5('chain' || v), 'hex'), 0, d * {rows // 10000} + n + 1,
                (extract(epoch FROM record_day() + d) * 1000)::bigint + (n * 86400000.0 / {rows // 10000})::bigint + v,
                CASE n % 2 WHEN 0 THEN 'intent' ELSE 'outcome' END, 'person' || v, CASE n % 3 WHEN 0 THEN 'vscode' ELSE 'chat' END, 'sdk', NULL,
                CASE n % 7 WHEN 0 THEN 'anthropic' ELSE 'openai' END, 'model-' || (n + v) % 20, CASE WHEN (n + v) % 100 = 0 THEN 'block' ELSE 'allow' END,
                'default', 'sent', CASE WHEN (n * 31 + v) % 5000 = 0 THEN ARRAY['secret'] WHEN (n + v) % 20 = 0 THEN ARRAY['pii'] END
            FROM generate_series(0, 9) d, generate_series(0, 999) v, generate_series(0, {rows // 10000 - 1}) n""")
        for name, what in INDEXES.items():
            self.sql(f"SET maintenance_work_mem = '256MB'; CREATE INDEX {name} ON record {what}")
        self.sql("VACUUM ANALYZE record")
        count = int(self.sql("SELECT count(*) FROM record")[0][0])
        size = int(self.sql("SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('record') WHERE isleaf")[0][0])
        return count, size / count, time.monotonic() - begin

    def ask(self, conditions):
        link = http.client.HTTPConnection("127.0.0.1", self.collector.status_port, timeout=120)
        begin = time.monotonic()
        link.request("GET", "/v1/records?" + urllib.parse.urlencode(conditions), headers={"Authorization": f"Bearer {TOKEN}"})
        answer = link.getresponse()
        body = answer.read()
        spent = time.monotonic() - begin
        link.close()
        if answer.status != 200:
            sys.exit(f"the search answers {answer.status}: {body!r}")
        return spent, json.loads(body)

    def searches(self):
        def device(i):
            return hashlib.md5(f"device{i}".encode()).hexdigest()
        deep = self.ask({"limit": 1000})[1]["next"]
        kinds = {"the newest": lambda i: {}, "a person": lambda i: {"person": f"person{i * 37 % 1000}"}, "a device": lambda i: {"device": device(i * 41 % 1000)},
                 "a model": lambda i: {"model": f"model-{i % 20}"}, "a decision": lambda i: {"decision": "block"}, "a class": lambda i: {"class": "secret"},
                 "a person and a decision": lambda i: {"person": f"person{i * 37 % 1000}", "decision": "block"},
                 "a device and a model": lambda i: {"device": device(i * 41 % 1000), "model": f"model-{i % 20}"},
                 "a thousand, the page behind a thousand": lambda i: {"limit": 1000, "after": deep}, "nobody": lambda i: {"person": f"nobody{i}"},
                 "a rule that no record has (no index)": lambda i: {"rule": f"none{i}"}}
        told = {}
        for name, conditions in kinds.items():
            rounds = 3 if "no index" in name else 50
            self.ask(conditions(rounds))  # warm
            results = [self.ask(conditions(i)) for i in range(rounds)]
            times = sorted(spent for spent, _ in results)
            told[name] = times[rounds // 2], times[rounds * 99 // 100], len(results[-1][1]["records"])
        return told


class Page:
    """What is printed, and with --write a page of the documentation."""

    HEAD = """# Sizing

What `./dev bench collector` measured ([bench.md](bench.md)), and what fleets need by these figures. Processor time is what counts: it does not depend on what else ran. PostgreSQL synced to the disk.
Machine: {machine}.

"""

    def __init__(self, path):
        self.path, self.lines = path, []

    def say(self, line=""):
        print(line, flush=True)
        self.lines.append(line)

    def write(self):
        if self.path:
            models = [line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
            machine = f"{len(models)} cores of {models[0]}"
            self.path.write_text(self.HEAD.format(machine=machine) + "\n".join(self.lines) + "\n")


def say_sizing(say, usual, sealed_bytes, row_bytes):
    cost = usual["own"] + usual["database"]
    say(f"\nFleets, by these figures: {PER_DAY} batches of {USUAL} records from each device in a day, within eight hours, the peak twice that.\n")
    say("| devices | batches/day | at the peak, per s | cores at the peak (collector + PostgreSQL) | sealed, GB/day | TB/year | in the clear, GB/day |")
    say("|---|---|---|---|---|---|---|")
    for fleet in (10_000, 100_000, 1_000_000):
        day = fleet * PER_DAY
        peak = day / BUSY * PEAK
        sealed = day * sealed_bytes / 1e9
        clear = f"{day * USUAL * row_bytes / 1e9:.1f}" if row_bytes else "not measured"
        say(f"| {fleet:,} | {day:,} | {peak:,.0f} | {peak * usual['own']:.1f} + {peak * usual['database']:.1f} = {peak * cost:.1f} | {sealed:,.1f} "
            f"| {sealed * 365 / 1000:.1f} | {clear} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--batches", type=int, default=2000)
    parser.add_argument("--devices", type=int, default=50)
    parser.add_argument("--bytes", type=int, default=300, help="sealed, of one record")
    parser.add_argument("--rows", type=int, default=10_000_000, help="records to search in; 0: no searches")
    parser.add_argument("--write", type=pathlib.Path, help="the page of documentation to write, docs/sizing.md")
    options = parser.parse_args()
    page = Page(options.write)
    say = page.say
    os.environ["GATEHOUSE_PRESET"] = pathlib.Path(options.build).name
    scope = Scope()
    try:
        bench = Bench(options, scope)
        say("| batches of | in the clear | batches/s, 16 connections | records/s | processor: collector + PostgreSQL, ms | batches/s of one core of both "
            "| p50, ms | p99, ms | bytes kept of one |\n|---|---|---|---|---|---|---|---|---|")
        found = {}
        for records, is_clear in ((USUAL, False), (USUAL, True), (CATCHING_UP, False), (CATCHING_UP, True)):
            row = found[records, is_clear] = bench.ingest(records, is_clear)
            cost = row["own"] + row["database"]
            say(f"| {records} records | {'six fields' if is_clear else 'nothing'} | {row['per_s']:,.0f} | {row['per_s'] * records:,.0f} "
                f"| {row['own'] * 1000:.2f} + {row['database'] * 1000:.2f} | {1 / cost:,.0f} | {row['p50'] * 1000:.1f} | {row['p99'] * 1000:.1f} "
                f"| {row['bytes']:,.0f} |")
        row_bytes = 0
        if options.rows >= 10_000:
            count, row_bytes, spent = bench.load(options.rows)
            say(f"\n{count:,} records in the clear, {row_bytes:.0f} bytes each with their indexes (loaded in {spent:.0f} s)\n")
            say("| search | p50, ms | p99, ms | found |\n|---|---|---|---|")
            for name, (p50, p99, hits) in bench.searches().items():
                say(f"| {name} | {p50 * 1000:.1f} | {p99 * 1000:.1f} | {hits} |")
        say_sizing(say, found[USUAL, True], found[USUAL, False]["bytes"], row_bytes)
        page.write()
    finally:
        scope.close()


if __name__ == "__main__":
    main()
