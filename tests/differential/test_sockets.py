"""Some hundred random programs of sockets, on SslModule and on this interpreter's own `ssl`: `make differential` plays more."""

import functools
import os
import subprocess
import sys
import unittest

import compare
import known

COUNT = 300
CONSOLE = os.path.join(compare.ROOT, "artifacts", "ironpython", "ipyssl")


@functools.lru_cache(maxsize=None)
def has_openssl():
    """Whether this interpreter's own `ssl` is OpenSSL's."""
    seen = subprocess.run([sys.executable, "-c", "import ssl; print(ssl.OPENSSL_VERSION)"], env=dict(os.environ, PYTHONPATH=""),
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True)
    return seen.stdout.startswith("OpenSSL") and "SslModule" not in seen.stdout


@unittest.skipIf(sys.version_info < (3, 11, 4), "this Python's own ssl does not know the end of a stream as such")
class TestSockets(unittest.TestCase):
    @unittest.skipUnless(os.path.exists(os.path.join(compare.ROOT, "artifacts", "cpython", "_ssl.abi3.so")), "the CPython module is not built")
    @unittest.skipUnless(has_openssl(), "this interpreter has no ssl of its own")
    def test_programs(self):
        self.play(compare.Comparison(sys.executable), COUNT)

    @unittest.skipUnless(os.path.exists(CONSOLE), "the console for IronPython is not built")
    @unittest.skipUnless(has_openssl(), "this interpreter has no ssl of its own")
    def test_programs_on_ironpython(self):
        self.play(compare.Comparison(sys.executable, CONSOLE), COUNT // 3)

    def play(self, comparison, count):
        self.addCleanup(comparison.close)
        found = {seed: comparison.unexplained(seed) for seed in range(1, count + 1)}
        self.assertEqual({seed: step for seed, step in found.items() if step}, {})
        self.assertGreater(comparison.steps, 10 * count)


class TestComparison(unittest.TestCase):
    """That a difference would be seen."""

    PROGRAM = {"settings": {"shaken": False}, "steps": [["client", "send", [5]], ["server", "recv", [5]]]}

    def last(self, ours, theirs):
        seen = list(compare.differences(self.PROGRAM, ours, theirs))
        return seen[-1] if seen else None

    def test_same(self):
        self.assertIsNone(self.last([5, ["5 bytes 0", None]], [5, ["5 bytes 0", None]]))

    def test_other_bytes(self):
        self.assertIsNone(self.last([5, ["5 bytes 1", None]], [5, ["5 bytes 0", None]])[3])

    def test_another_error(self):
        self.assertIsNone(self.last([5, ["0 bytes 0", ["SSLError", "BAD_RECORD"]]], [5, ["0 bytes 0", ["SSLWantReadError", None]]])[3])

    def test_a_process_that_died(self):
        self.assertIsNone(self.last(["the process died"], [5, ["5 bytes 0", None]])[3])

    def test_a_failure_is_said_again(self):
        history = known.History()
        history.add("client", "send", ["SSLError", "WRONG_VERSION_NUMBER"])
        self.assertTrue(history.reason("client", "send", ["SSLError", "WRONG_VERSION_NUMBER"], ["SSLEOFError", None]))
        self.assertIsNone(history.reason("server", "send", ["SSLError", "WRONG_VERSION_NUMBER"], 5))


if __name__ == "__main__":
    unittest.main()
