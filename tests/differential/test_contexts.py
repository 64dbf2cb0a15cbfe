"""Some hundred programs of random calls on contexts, on SslModule and on this interpreter's own `ssl`: `make differential` plays more."""

import os
import sys
import sysconfig
import unittest

import compare
import context_compare
from test_sockets import has_openssl

COUNT = 300


class TestContexts(unittest.TestCase):
    @unittest.skipUnless(os.path.exists(os.path.join(compare.ROOT, "artifacts", "cpython", "_ssl.abi3.so")), "the CPython module is not built")
    @unittest.skipUnless(has_openssl(), "this interpreter has no ssl of its own")
    @unittest.skipIf("ssl-default-suites" in (sysconfig.get_config_var("CONFIG_ARGS") or ""), "this interpreter was built with ciphers and versions of its own")
    def test_programs(self):
        comparison = context_compare.Comparison(sys.executable)
        self.addCleanup(comparison.close)
        found = {seed: comparison.unexplained(seed) for seed in range(1, COUNT + 1)}
        self.assertEqual({seed: calls for seed, calls in found.items() if calls}, {})
        self.assertGreater(comparison.calls, 10 * COUNT)

    def test_difference_is_seen(self):
        program = {"calls": ["context.verify_mode", "bio.read()"]}
        self.assertEqual(context_compare.differences(program, ["1", "2"], ["1", "2"]), [])
        self.assertEqual(context_compare.differences(program, ["1", "2"], ["1", "3"]), [("bio.read()", "2", "3")])
        self.assertTrue(context_compare.differences(program, ["the process died"], ["1", "3"]))


if __name__ == "__main__":
    unittest.main()
