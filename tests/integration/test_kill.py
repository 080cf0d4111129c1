# SPDX-License-Identifier: Apache-2.0
"""kill -9 in the middle of requests: the chain verifies, and no request that reached the provider lacks its intent."""
import http.client
import json
import random
import threading
import time
import unittest
import uuid

from tests.support.agent import IS_LONG, Agent, policy_for
from tests.support.provider import ScriptedProvider, echo

ROUNDS = 1000 if IS_LONG else 50
CLIENTS = 4


class KillTest(unittest.TestCase):
    durability = "strict"

    def setUp(self):
        self.provider = ScriptedProvider()
        self.addCleanup(self.provider.close)
        self.random = random.Random(19)
        policy = policy_for(self.provider)
        policy.setdefault("audit", {})["durability"] = self.durability
        self.agent = Agent(self, policy, start=False)
        self.answered = {}  # marker: interaction

    def client(self, stopped):
        """Asks one thing after another, each with a marker of its own, until the agent is gone."""
        while not stopped.is_set():
            marker = f"marker {uuid.uuid4().hex}"
            try:
                reply = self.agent.ask(marker, stream=self.random.random() < 0.5)
            except (OSError, http.client.HTTPException, ValueError):
                return
            if reply.status == 200:
                self.answered[marker] = reply.interaction

    def one_round(self):
        self.agent.start()
        stopped = threading.Event()
        clients = [threading.Thread(target=self.client, args=(stopped,)) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(self.random.uniform(0.0, 0.25))
        self.agent.kill()
        stopped.set()
        for client in clients:
            client.join(60)

    def slow_echo(self, connection, request):
        time.sleep(self.random.uniform(0, 0.02))
        return echo(connection, request)

    def test_no_egress_without_its_intent_and_the_chain_verifies(self):
        self.provider.will(*[self.slow_echo] * 200_000)
        for _ in range(ROUNDS):
            self.one_round()
        self.agent.start()
        self.agent.stop()
        done = self.agent.verify()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

        records = self.agent.audit(limit=1_000_000)
        intents = {record["interaction"] for record in records if record["kind"] == "intent"}
        reached = {request.text for request in self.provider.received}
        self.assertGreater(len(reached), ROUNDS, "hardly anything was in flight")
        for marker, interaction in self.answered.items():
            self.assertIn(interaction, intents, f"{marker} was answered")
        # What reached the provider and was never answered to anybody: look for its text among the other intents.
        unanswered = reached - set(self.answered)
        texts = "".join(json.dumps(self.agent.show(i)) for i in sorted(intents - set(self.answered.values())))
        for marker in unanswered:
            self.assertIn(marker, texts, "it reached the provider and there is no intent")
        self.assertGreater(len(unanswered), 0, "no kill hit a request in flight")


class BalancedKillTest(KillTest):
    """The same with intents that go through the journal."""
    durability = "balanced"


if __name__ == "__main__":
    unittest.main()
