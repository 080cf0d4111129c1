# SPDX-License-Identifier: Apache-2.0
"""One agent and one scripted provider for all tests of a class."""
import unittest

from tests.support.agent import Agent, policy_for
from tests.support.provider import ScriptedProvider


class ClassScope:
    """Lets the agent fixture live as long as a class instead of a test."""

    def __init__(self, case):
        self.addCleanup = case.addClassCleanup


class SharedAgentTest(unittest.TestCase):
    policy = staticmethod(policy_for)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = ScriptedProvider()
        cls.addClassCleanup(cls.provider.close)
        cls.agent = Agent(ClassScope(cls), cls.policy(cls.provider))
