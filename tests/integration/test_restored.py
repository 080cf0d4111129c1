# SPDX-License-Identifier: Apache-2.0
"""A device that was rightly restored: an operator lets it go on, the log says so, and nothing that was is lost."""
import base64
import hashlib
import json
import time
import unittest

from tests.integration.test_collector import CollectorTest
from tests.integration.test_sync import AgentTest
from tests.support.collector import Collector


class Restored(CollectorTest):
    def clear(self, *more, device=None, code=0, reason="restored from Tuesday's backup"):
        return self.collector.command("device", "clear", (device or self.device).id.hex(), "--reason", reason, *more, code=code)

    def diverge(self):
        """Three batches here, and a device that goes on behind the first of them."""
        self.accept(self.device.cut())
        state = self.device.copy_state()
        self.accept(self.device.cut())
        self.accept(self.device.cut())
        self.device.restore(state)
        return self.device.cut()

    def open_alarms(self):
        return self.postgres.sql(f"SELECT kind FROM alarm WHERE device = '\\x{self.device.id.hex()}' AND acknowledged_at IS NULL")

    def test_a_restored_device_goes_on_behind_what_both_have_once_an_operator_says_so(self):
        batch = self.diverge()
        self.refuse(batch, 409, "fork")
        self.assertEqual(self.open_alarms(), [["fork"]])
        statement = self.clear()
        self.assertEqual(self.open_alarms(), [])
        receipt = self.accept(batch)
        self.assertEqual((receipt.first, receipt.last), (4, 6))
        self.assertEqual(self.post(batch).body[:8], b"GHRCPT01")  # again: the same
        self.accept(self.device.cut())
        self.accept(self.device.cut())
        self.assertEqual(self.kept(), [(1, 3), (4, 6), (4, 6), (7, 9), (7, 9), (10, 12)])  # both histories
        shown = json.loads(self.collector.command("device", "epochs", self.device.id.hex()))
        self.assertEqual([(row["statement"].strip(), row["behind"]) for row in shown], [(statement, 3)])
        self.assertNotEqual(shown[0]["begun"], "")
        self.assertEqual(self.open_alarms(), [])

    def test_the_statement_says_what_was_given_up_and_lies_in_the_log(self):
        batch = self.diverge()
        self.refuse(batch, 409, "fork")
        head = self.postgres.sql(f"SELECT encode(head, 'hex') FROM chain WHERE device = '\\x{self.device.id.hex()}'")[0][0]
        statement = self.clear(reason="new disk; ticket 4711") + "\n"
        lines = statement.split("\n")
        self.assertEqual(lines[:6], ["gatehouse/epoch/v1", self.device.id.hex(), self.device.chain.hex(), "1", "9", head])
        self.assertEqual((base64.b64decode(lines[7]), lines[8]), (b"new disk; ticket 4711", ""))
        leaf = hashlib.sha256(b"\0" + statement.encode()).hexdigest()
        self.until_logged(leaf)

    def until_logged(self, leaf):
        for _ in range(600):
            size = int(self.postgres.sql("SELECT coalesce(max(size), 0) FROM log_checkpoint")[0][0])
            if size and self.collector.request("GET", f"/v1/log/inclusion?leaf={leaf}&size={size}", device="device").status == 200:
                return
            time.sleep(0.1)
        self.fail("the statement is not in the log")

    def test_it_is_allowed_once_and_by_three_collectors_alike(self):
        others = [Collector(self, self.postgres, self.pki) for _ in range(2)]
        batch = self.diverge()
        self.refuse(batch, 409, "fork", collector=others[0])
        self.clear()
        self.accept(batch, collector=others[1])
        state = self.device.copy_state()
        self.accept(self.device.cut())
        self.device.restore(state)
        self.refuse(self.device.cut(), 409, "fork", collector=others[0])  # a clone that comes after it
        self.assertEqual(self.open_alarms(), [["fork"]])

    def test_a_history_that_shares_nothing_with_the_kept_one_stays_out(self):
        self.diverge()
        stranger = self.device.cut(before=b"\7" * 32, first=4)
        self.refuse(stranger, 409, "fork")
        self.clear()
        answer = self.refuse(stranger, 409, "gap")
        self.assertEqual(answer.json["sequence"], 0)  # where could it begin? at nothing that is kept
        self.assertEqual(self.kept(), [(1, 3), (4, 6), (7, 9)])

    def test_a_batch_from_the_middle_is_asked_for_again_from_a_place_that_is_kept(self):
        self.accept(self.device.cut())
        state, head = self.device.copy_state(), self.device.head
        self.accept(self.device.cut())
        self.device.restore(state)
        middle = self.device.cut(before=b"\7" * 32, first=5)
        self.refuse(middle, 409, "rollback")
        self.clear()
        answer = self.refuse(middle, 409, "gap")
        self.assertEqual((answer.json["sequence"], answer.json["sha256"]), (3, head.hex()))
        self.device.restore(state)
        self.accept(self.device.cut(count=4))

    def test_heartbeats_raise_no_alarm_between_the_permission_and_the_first_batch(self):
        batch = self.diverge()
        self.refuse(batch, 409, "fork")
        self.clear()
        beat = lambda: self.assertEqual(self.collector.request("POST", "/v1/heartbeats", self.device.heartbeat(), "device").status, 200)
        beat()
        self.assertEqual(self.open_alarms(), [])
        self.accept(batch)
        beat()
        self.assertEqual(self.open_alarms(), [])
        self.collector.request("POST", "/v1/heartbeats", self.device.heartbeat(sequence=4, head=b"\1" * 32), "device")
        self.assertEqual(self.open_alarms(), [["rollback"]])  # and from then on they judge again

    def test_only_a_conflict_can_be_cleared_and_only_with_a_reason(self):
        self.accept(self.device.cut())
        self.clear(code=1)
        batch = self.diverge_further()
        self.refuse(batch, 409, "fork")
        self.clear(code=2, reason="")
        self.clear("--chain", "00", code=2)
        self.clear("--chain", "00" * 16, code=1)
        self.clear("--chain", self.device.chain.hex())

    def diverge_further(self):
        state = self.device.copy_state()
        self.accept(self.device.cut())
        self.device.restore(state)
        return self.device.cut()


class RestoredAgent(AgentTest):
    def test_an_agent_that_was_restored_goes_on_by_itself_once_it_may(self):
        answer = self.restore_an_older_state()
        self.collector.command("device", "clear", self.device, "--reason", "restored")
        self.until(lambda: self.sync()["state"] == "up to date", "it does not go on")
        self.until_everything_arrived()
        names = [name for name, in self.postgres.sql(
            f"SELECT epoch FROM batch WHERE device = '\\x{self.device}' AND epoch > 0")]
        self.assertGreater(len(names), 0)
        self.assertEqual(self.agent.verify().returncode, 0)
        self.assertTrue(answer)
        self.ask("three")
        self.until_everything_arrived()
        self.assertEqual(self.postgres.sql(f"SELECT count(*) FROM alarm WHERE device = '\\x{self.device}' AND acknowledged_at IS NULL"), [["0"]])


if __name__ == "__main__":
    unittest.main()
