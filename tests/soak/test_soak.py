"""A few hundred connections of the soak: every byte, and that nothing stays open. `make soak` goes on for longer and watches memory."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "differential"))
import soak
from conversation import KINDS, Bytes, Plan
from growth import Growth
from test_sockets import has_openssl

SECONDS = 6
CONNECTIONS = 12


class TestConnections(unittest.TestCase):
    @unittest.skipUnless(has_openssl(), "this interpreter has no ssl of its own")
    @unittest.skipUnless(os.path.exists(os.path.join(soak.ROOT, "artifacts", "cpython", "_ssl.abi3.so")), "the CPython module is not built")
    def test_cpython_with_its_own(self):
        self.play(["cpython"])

    @unittest.skipUnless(os.path.exists(soak.COMMANDS["ironpython"][0][0]), "the console for IronPython is not built")
    @unittest.skipUnless(os.path.exists(os.path.join(soak.ROOT, "artifacts", "cpython", "_ssl.abi3.so")), "the CPython module is not built")
    def test_ironpython_with_cpython(self):
        self.play(["ironpython", "cpython"])

    def play(self, hosts):
        run = soak.Soak(hosts, CONNECTIONS)
        try:
            _, findings = run.run(SECONDS, judges_growth=False)
            self.assertEqual(findings, [])
            for counts in run.counts().values():
                self.assertGreater(counts["connections"], CONNECTIONS)
                self.assertGreater(counts["served"], 0)
        finally:
            run.close()


class TestPlans(unittest.TestCase):
    def test_every_kind_comes(self):
        plans = [Plan(number) for number in range(1000)]
        self.assertEqual({plan.ending for plan in plans}, set(KINDS))
        self.assertTrue(all(plan.turns and 1 <= size <= 1 << 18 for plan in plans for turn in plan.turns for size in turn[:2]))
        self.assertEqual(Plan(7).turns, Plan(7).turns)

    def test_bytes(self):
        made = Bytes()
        whole = b"".join(made.pieces(5, 200000))
        self.assertEqual((len(whole), whole[:100]), (200000, made.block[5:105]))
        self.assertNotEqual(whole[:65521], b"".join(made.pieces(6, 65521)))


class TestGrowth(unittest.TestCase):
    """That what grows is seen, and what only moves is not."""

    def test_a_leak_in_noise(self):
        noise = [(number * 7919 % 101 - 50) * 1000 for number in range(60)]
        flat = Growth([(100 * number, 5e7 + noise[number]) for number in range(60)])
        leaking = Growth([(100 * number, 5e7 + noise[number] + 2000.0 * 100 * number) for number in range(60)])
        self.assertFalse(flat.exceeds(200))
        self.assertTrue(flat.stays_below(200))
        self.assertTrue(leaking.exceeds(200))
        self.assertFalse(leaking.stays_below(200))
        self.assertAlmostEqual(leaking.slope - flat.slope, 2000.0, places=3)

    def test_too_few_points(self):
        self.assertFalse(Growth([(1, 1.0), (2, 9e9)]).exceeds(200))
        self.assertFalse(Growth([(1, 1.0)] * 5).stays_below(200))


if __name__ == "__main__":
    unittest.main()
