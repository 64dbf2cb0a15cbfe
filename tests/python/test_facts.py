"""Chains, Certificate objects, keys, passwords and flags, held against what CPython over OpenSSL was recorded to give."""

import json
import unittest

import facts
import support


class TestFacts(support.TestCase):
    """Scenario by scenario: the outcomes in data/facts.json are the interpreter's own."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.recorded = json.loads(support.read_file(support.data("facts.json")).decode())

    def check(self, scenarios):
        count = 0
        for name, run in scenarios:
            with self.subTest(name):
                self.assertEqual(facts.plain(run()), self.recorded[name])
            count += 1
        return count

    def test_chains(self):
        self.assertEqual(self.check(facts.chains()), 38)
        self.check([("before the handshake", facts.before)])

    def test_keys(self):
        self.assertGreater(self.check(facts.keys()), 120)

    def test_flags(self):
        self.assertGreater(self.check(facts.flags()), 180)

    def test_every_recording_is_used(self):
        self.assertEqual(set(name for name, _ in facts.scenarios()), set(self.recorded))


if __name__ == "__main__":
    unittest.main()
