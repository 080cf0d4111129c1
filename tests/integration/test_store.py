# SPDX-License-Identifier: Apache-2.0
"""The audit when the disk, the key or the file is against us: nothing leaves, nothing is lost, and it is said."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import unittest

from tests.support.agent import CTL, Agent, answered, policy_for, refused
from tests.support.provider import ScriptedProvider


class StoreTest(unittest.TestCase):
    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.close)
        self.agent = Agent(self, policy_for(self.provider))

    def restart(self):
        self.agent.stop()
        return self.agent.start()

    def database(self):
        found = [path for path in self.agent.data.rglob("*") if path.is_file() and path.suffix in (".db", ".sqlite")]
        self.assertEqual(len(found), 1, list(self.agent.data.rglob("*")))
        return found[0]

    def nothing_leaves(self, word):
        before = len(self.provider.received)
        self.agent.ask("hi").expect(refused(word, 403))
        self.agent.ask("hi", stream=True).expect(refused(word, 403))
        self.assertEqual(len(self.provider.received), before)
        self.assertTrue(self.agent.ready.get("problem"), "the agent does not say what is wrong")


class Key(StoreTest):
    def test_a_store_without_its_key_is_locked_and_never_gets_a_new_one(self):
        for name in ("key", "database-key.sealed"):
            with self.subTest(name):
                self.locked_without(name)

    def locked_without(self, name):
        self.agent.ask("before").expect(answered())
        self.agent.stop()
        keys = [path for path in self.agent.data.rglob("*") if path.is_file() and "key" in path.name.lower()]
        self.assertTrue(keys)
        for path in keys:
            self.assertEqual(path.stat().st_mode & 0o777, 0o600, path)
        keys = [path for path in keys if path.name == name]
        self.assertEqual(len(keys), 1, keys)
        kept = keys[0].read_bytes()
        keys[0].unlink()
        self.agent.start()
        self.nothing_leaves("store_locked")
        self.assertFalse(keys[0].exists(), "a new key was made over a store that has one")
        self.agent.stop()
        keys[0].write_bytes(kept)
        keys[0].chmod(0o600)
        self.agent.start()
        self.agent.ask("again").expect(answered("again"))
        self.assertEqual(self.agent.verify().returncode, 0)

    def test_doctor_and_records_say_how_the_key_is_kept(self):
        told = self.agent.ctl("doctor", "--data", self.agent.data)
        self.assertIn("file", told.stdout + told.stderr)
        self.assertIn("key_protection", json.dumps(self.agent.audit()) + self.agent.ctl(
            "status", "--json", "--data", self.agent.data).stdout)

    def test_everything_in_the_data_folder_is_for_its_owner_only(self):
        self.agent.ask("hi").expect(answered())
        open_to_others = [str(path) for path in [self.agent.data, *self.agent.data.rglob("*")]
                          if not path.is_symlink() and path.stat().st_mode & 0o077]
        self.assertEqual(open_to_others, [])


class Damage(StoreTest):
    def test_a_corrupt_database_is_kept_and_nothing_leaves(self):
        self.agent.ask("before").expect(answered())
        self.agent.stop()
        database = self.database()
        data = bytearray(database.read_bytes())
        for at in range(0, len(data), 512):
            data[at:at + 64] = os.urandom(64)
        database.write_bytes(data)
        for name in (f"{database}-wal", f"{database}-shm"):
            pathlib.Path(name).unlink(missing_ok=True)
        kept = database.read_bytes()
        self.agent.start()
        before = len(self.provider.received)
        reply = self.agent.ask("hi")
        self.assertEqual(reply.status, 403, reply.body)
        self.assertIn(reply.error["code"], ("store_locked", "audit_failed"))
        self.assertEqual(len(self.provider.received), before)
        self.assertTrue(self.agent.ready.get("problem"))
        self.agent.stop()
        copies = [path.read_bytes() for path in database.parent.glob(f"{database.name}*") if path.is_file()]
        self.assertIn(kept, copies, "the damaged file was thrown away")

    def test_damaged_client_tokens_are_set_aside_and_the_other_doors_stay_open(self):
        self.agent.ask("before").expect(answered())
        old = self.agent.token
        self.agent.stop()
        tokens = self.agent.data / "clients.json"
        tokens.write_text(tokens.read_text()[:-5])
        kept = tokens.read_bytes()
        self.agent.start()
        self.agent.ask("after").expect(answered())
        self.agent.get("/v1/models", headers={"Authorization": f"Bearer {old}"}).expect(refused("unauthenticated", 401))
        self.assertEqual([path.read_bytes() for path in self.agent.data.glob("clients.json.damaged-*")], [kept])
        doctor = self.agent.ctl("doctor", "--data", self.agent.data)
        self.assertEqual(doctor.returncode, 1, doctor.stdout)
        self.assertIn("token issue", doctor.stdout)

    def test_doctor_names_the_policy_of_the_running_agent(self):
        told = self.agent.ctl("doctor", "--data", self.agent.data).stdout
        self.assertIn("test, serial 1, holds in the running agent", told)

    def test_a_data_folder_that_is_deleted_under_the_agent_stops_it_from_sending(self):
        self.agent.ask("before").expect(answered())
        away = self.agent.data.with_name("away")
        self.agent.data.rename(away)
        end = time.monotonic() + 30
        while self.agent.ask("hi").status == 200:
            self.assertLess(time.monotonic(), end, "it goes on sending")
            time.sleep(0.05)
        self.agent.ask("hi").expect(refused("store_locked", 403))
        self.agent.stop()
        away.rename(self.agent.data)
        self.agent.start()
        self.agent.ask("again").expect(answered("again"))
        self.assertEqual(self.agent.verify().returncode, 0)

    def test_a_database_of_another_key_is_refused(self):
        other = Agent(self, policy_for(self.provider))
        other.ask("hi").expect(answered())
        other.stop()
        self.agent.ask("hi").expect(answered())
        self.agent.stop()
        database = self.database()
        theirs = other.data / database.relative_to(self.agent.data)
        for suffix in ("", "-wal", "-shm"):
            if pathlib.Path(f"{theirs}{suffix}").exists():
                shutil.copy(f"{theirs}{suffix}", f"{database}{suffix}")
            else:
                pathlib.Path(f"{database}{suffix}").unlink(missing_ok=True)
        self.agent.start()
        self.assertEqual(self.agent.ask("hi").status, 403)

    def test_a_full_disk_refuses_and_recovers(self):
        enter = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
        if subprocess.run([*enter, "true"], check=False, capture_output=True).returncode:
            self.skipTest("this machine allows no mount namespace with a small disk")
        self.agent.stop()
        full, ctl = self.agent.folder / "small", CTL
        full.mkdir()
        script = f"mount -t tmpfs -o size=12m none {full} && exec {ctl} serve --data {full}/data --policy {self.agent.policy_file} " \
                 "--port 0 --print-client-token"
        with (self.agent.folder / "full.log").open("wb") as log:
            self.agent.process = subprocess.Popen([*enter, "sh", "-c", script], stdout=subprocess.PIPE, stderr=log,
                                                  env=self.agent.environment)
        self.agent.ready = json.loads(self.agent.process.stdout.readline())
        self.agent.port, self.agent.token = self.agent.ready["port"], self.agent.ready["client_token"]
        self.agent.ask("room left").expect(answered())
        inside = pathlib.Path(f"/proc/{self.agent.process.pid}/root{full}")
        with (inside / "ballast").open("wb") as ballast:
            with contextlib.suppress(OSError):
                while True:
                    os.write(ballast.fileno(), bytes(4096))
        refusals = 0
        for i in range(200):
            sent = len(self.provider.received)
            reply = self.agent.ask(f"no room {i} " + "x" * 4000)
            if reply.status != 200:
                self.assertEqual(reply.error["code"], "audit_failed", reply.body)
                self.assertEqual(len(self.provider.received), sent, "it left without its intent")
                refusals += 1
        self.assertGreater(refusals, 0, "the disk was never full")
        (inside / "ballast").unlink()
        self.agent.ask("room again").expect(answered("room again"))


class Neighbours(StoreTest):
    def test_a_taken_port_is_said_by_name_and_the_agent_runs_on(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.agent.stop()
            self.agent.start(port=port)
            told = self.agent.ready.get("problem", "") + self.agent.stderr()
            self.assertIn(str(port), told)
            self.assertIn(str(os.getpid()), told)
            self.assertIsNone(self.agent.process.poll())

    def test_a_second_agent_on_the_same_folder_steps_back(self):
        done = self.agent.ctl("serve", "--data", self.agent.data, "--port", "0")
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertTrue(done.stderr.strip())
        self.agent.ask("first one still there").expect(answered())

    def test_nothing_is_printed_into_a_file_where_the_standard_streams_are_closed(self):
        self.agent.stop()
        script = f"exec {CTL} serve --data {self.agent.data} --port 0 --print-client-token <&- >&- 2>&-"
        process = subprocess.Popen(["sh", "-c", script], env=self.agent.environment)
        self.addCleanup(process.kill)
        status = self.agent.data / "agent.json"
        end = time.monotonic() + 60
        while not status.exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        self.assertIsNone(process.poll())
        for stream in range(3):
            self.assertEqual(os.readlink(f"/proc/{process.pid}/fd/{stream}"), "/dev/null")
        process.terminate()
        process.wait(60)
        self.assertNotIn("ghc_", (self.agent.data / "logs" / "gatehouse.log").read_text())


class Tampering(StoreTest):
    def test_verify_names_the_first_bad_record(self):
        for i in range(5):
            self.agent.ask(f"number {i}").expect(answered())
        self.agent.stop()
        self.assertEqual(self.agent.verify().returncode, 0)
        database = self.database()
        saved = {path: path.read_bytes() for path in database.parent.glob(f"{database.name}*")}
        self.agent.start()
        for i in range(5):
            self.agent.ask(f"more {i}").expect(answered())
        self.agent.stop()
        for path in database.parent.glob(f"{database.name}*"):
            path.unlink()
        for path, data in saved.items():
            path.write_bytes(data)
            path.chmod(0o600)
        done = self.agent.verify()
        self.assertEqual(done.returncode, 1, "an old copy of the database was put back and nobody noticed: " + done.stdout)
        self.agent.start()
        doctor = self.agent.ctl("doctor", "--data", self.agent.data)
        self.assertEqual(doctor.returncode, 1, doctor.stdout)
        self.assertIn("audit verify", doctor.stdout)


if __name__ == "__main__":
    unittest.main()
