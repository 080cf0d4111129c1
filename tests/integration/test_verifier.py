# SPDX-License-Identifier: Apache-2.0
"""gatehouse-verify, all that an auditor needs: on a store, on an export, on what a collector or a carrier holds."""
import base64
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

from tests.support import auditor
from tests.support.agent import IS_LONG, PROGRAMS, Agent, answered, policy_for
from tests.support.batches import Device
from tests.support.pki import Pki
from tests.support.provider import ScriptedProvider


def verify(*arguments):
    done = subprocess.run([PROGRAMS / "gatehouse-verify", "--json", *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout.startswith("{") else done.stderr


class Store(unittest.TestCase):
    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.close)
        self.agent = Agent(self, policy_for(self.provider))
        for i in range(6):
            self.agent.ask(f"number {i}").expect(answered())

    def test_a_running_store_and_a_copy_of_it_verify(self):
        code, report = verify(self.agent.data)
        self.assertEqual((code, report["intact"]), (0, True))
        self.agent.stop()
        copy = self.agent.folder / "copy"
        shutil.copytree(self.agent.data, copy)
        shutil.rmtree(copy / "secrets")  # an auditor gets the key on another way
        (copy / "secrets.json").unlink()
        self.assertEqual(verify(copy)[0], 2)
        code, _ = verify("--key-file", self.agent.folder / "none", copy)
        self.assertEqual(code, 2)
        code, report = verify("--key-file", self.wrong_key(), copy)
        self.assertEqual((code, report["intact"]), (1, False))

    def wrong_key(self):
        path = self.agent.folder / "wrong.key"
        path.write_text(base64.b64encode(os.urandom(32)).decode() + "\n")
        return path

    def test_the_first_bad_record_of_a_store_is_named(self):
        self.agent.stop()
        (self.agent.data / "audit.head").unlink()
        code, report = verify(self.agent.data)
        self.assertEqual((code, report["breaches"][0]["event"]), (1, "head_missing"))

    def test_two_implementations_agree_on_every_damage_to_an_export(self):
        self.agent.ask("the plan is called bluebird").expect(answered())
        done = self.agent.ctl("audit", "erase", "--everything", "--data", self.agent.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.agent.ask("kept").expect(answered())
        lines = self.agent.ctl("audit", "export", "--texts", "--data", self.agent.data).stdout.splitlines()
        self.assertGreater(auditor.check(lines)["erased"], 0)
        chance = random.Random(11)
        for case in range(2000 if IS_LONG else 60):
            damaged = list(lines)
            at = chance.randrange(1, len(lines) - 1)
            record = json.loads(damaged[at])
            kind = chance.choice(["bytes", "drop", "swap", "double", "hash", "text"])
            if kind == "bytes":
                raw = bytearray(base64.b64decode(record["record"]))
                raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
                record["record"] = base64.b64encode(raw).decode()
            elif kind == "hash":
                record["sha256"] = os.urandom(32).hex()
            elif kind == "text":
                if not record.get("content"):
                    continue
                record["content"][0]["salt"] = os.urandom(32).hex()
            damaged[at] = json.dumps(record)
            if kind == "drop":
                del damaged[at]
            elif kind == "double":
                damaged.insert(at, damaged[at])
            elif kind == "swap":
                other = chance.randrange(1, len(lines) - 1)
                if other == at:
                    continue
                damaged[at], damaged[other] = damaged[other], damaged[at]
            with self.subTest(f"{case}: {kind} at {at}"):
                with self.assertRaises(auditor.Bad) as bad:
                    auditor.check(damaged)
                path = self.agent.folder / "damaged.jsonl"
                path.write_text("\n".join(damaged) + "\n")
                code, report = verify(path)
                self.assertEqual((code, report["first_bad"]["sequence"]), (1, bad.exception.sequence))


class Batches(unittest.TestCase):
    """A collector's copy: written by an independent device, never opened."""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.pki = Pki(self.folder / "pki").authority("device-ca")
        self.device = Device(self.pki)

    def test_batches_of_one_chain_verify_in_any_order(self):
        names = self.write([self.device.cut(3) for _ in range(4)])
        code, report = verify(*reversed(names))
        self.assertEqual((code, report["batches"], report["last"]), (0, 4, 12))
        self.assertEqual(verify(self.folder)[1], report)
        self.assertEqual(verify("--head", report["head"], *names)[0], 0)
        self.assertEqual(verify("--head", "00" * 32, *names)[0], 1)
        self.assertEqual(verify("--signer", report["keys"][0], *names)[0], 0)
        self.assertEqual(verify("--signer", "00" * 32, *names)[0], 1)

    def write(self, batches):
        paths = []
        for i, batch in enumerate(batches):
            path = self.folder / f"{i}.ghb"
            path.write_bytes(batch)
            paths.append(path)
        return paths

    def test_what_is_missing_changed_or_foreign_is_named(self):
        batches = [self.device.cut(3) for _ in range(4)]
        flipped = bytearray(batches[2])
        flipped[-5] ^= 1
        other = Device(self.pki, "other").cut(9)
        for name, (held, bad) in {"missing": (batches[:2] + batches[3:], 7), "changed": (batches[:2] + [bytes(flipped)] + batches[3:], 1),
                                  "cut": (batches[:3] + [batches[3][:-9]], 1)}.items():
            with self.subTest(name):
                code, report = verify(*self.write(held))
                self.assertEqual((code, report["first_bad"]["sequence"]), (1, bad))
        code, report = verify(*self.write(batches[:3] + [other]))
        self.assertEqual((code, report["intact"]), (1, False))
        self.assertEqual(verify(*self.write([batches[0], batches[0], batches[1]]))[1]["batches"], 2)
