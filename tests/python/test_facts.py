"""Chains, Certificate objects, keys, passwords and flags, held against what CPython over OpenSSL was recorded to give."""

import json
import sys
import unittest

import facts
import support


# Python 3.14 began to answer in resumed connections; the recording is older. Elsewhere lib/ssl.py answers as before.
CHAINS_WHEN_RESUMED = sys.implementation.name == "cpython" and sys.version_info >= (3, 14)


def with_chains(outcome):
    """The outcome of a resumption, with what the session keeps of the peer's chain: a client's all of it, a server's the leaf."""
    found = outcome[1]
    if found["client"]["unverified"]:
        found["client again"]["unverified"] = found["client"]["unverified"]
    if found["server"]["unverified"]:
        found["server again"]["unverified"] = found["server"]["unverified"][:1]
    return outcome


class TestFacts(support.TestCase):
    """Scenario by scenario: the outcomes in data/facts.json are the interpreter's own."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.recorded = json.loads(support.read_file(support.data("facts.json")).decode())
        if CHAINS_WHEN_RESUMED:
            cls.recorded.update((name, with_chains(outcome)) for name, outcome in cls.recorded.items() if name.startswith("resumed"))

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
