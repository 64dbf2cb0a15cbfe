"""Some random programs of two threads at one socket, on SslModule and on a CPython's own `ssl`. `make differential` plays more of them, and
shows the differences as well that the order of the threads may be why of: on a busy machine there are some."""

import os
import sys
import unittest

import compare
import thread_compare
import thread_known
from test_sockets import CONSOLE, has_openssl

COUNT = 28


@unittest.skipIf(sys.version_info < (3, 11, 4), "this Python's own ssl does not know the end of a stream as such")
@unittest.skipUnless(has_openssl(), "this interpreter has no ssl of its own")
class TestThreads(unittest.TestCase):
    @unittest.skipUnless(os.path.exists(os.path.join(compare.ROOT, "artifacts", "cpython", "_ssl.abi3.so")), "the CPython module is not built")
    def test_programs(self):
        self.play(thread_compare.Comparison(sys.executable, any_order=True), COUNT)

    @unittest.skipUnless(os.path.exists(CONSOLE), "the console for IronPython is not built")
    def test_programs_on_ironpython(self):
        self.play(thread_compare.Comparison(sys.executable, CONSOLE, any_order=True), COUNT // 2)

    def play(self, comparison, count):
        self.addCleanup(comparison.close)
        found = {seed: comparison.unexplained(seed) for seed in range(1, count + 1)}
        self.assertEqual({seed: texts for seed, texts in found.items() if texts}, {})
        self.assertGreater(comparison.calls, 5 * count)


class TestJudgement(unittest.TestCase):
    """That a difference would be seen."""

    PROGRAM = {"settings": {"shaken": True}, "threads": [["client", [["recv", [5]]]], ["client", [["settimeout", [0]]]], ["server", [["send", [5]]]]]}

    def reason(self, ours, theirs, thread=0, heard_all=True):
        outcomes = thread_compare.Outcomes()
        outcomes.add({"outcomes": [[theirs], [None], ["sent"]], "heard": {}})
        return thread_known.Program(self.PROGRAM, outcomes).reason(thread, 0, ours, heard_all)

    def test_bytes_that_do_not_come(self):
        self.assertIsNone(self.reason(["TimeoutError", None], "bytes", heard_all=False))

    def test_an_end_that_nobody_made(self):
        self.assertIsNone(self.reason("end", "bytes"))
        self.assertIsNone(self.reason(["SSLEOFError", None], "bytes"))
        self.assertIsNone(self.reason(["OSError", 9], "bytes"))

    def test_another_error(self):
        self.assertIsNone(self.reason(["SSLError", "BAD_RECORD_TYPE"], "bytes"))
        self.assertIsNone(self.reason(["SSLError", "INTERNAL_ERROR"], "sent", thread=2))

    def test_what_an_order_may_show(self):
        for outcome in (["TimeoutError", None], "sent a part", 16, None, ["no TLS", ["OSError", 107]], ["SSLError", "BAD_WRITE_RETRY"]):
            self.assertTrue(thread_known.is_of_order(outcome), outcome)

    def test_what_no_order_may_show(self):
        for outcome in ("end", ["SSLEOFError", None], ["OSError", 9], ["SSLError", "INTERNAL_ERROR"], ["TypeError"],
                        ["no TLS", ["SSLError", "INTERNAL_ERROR"]], ["no TLS", ["TypeError"]]):
            self.assertFalse(thread_known.is_of_order(outcome), outcome)

    def test_another_name(self):
        self.assertTrue(self.reason(["SSLError", "WRONG_VERSION_NUMBER"], ["SSLError", "RECORD_LAYER_FAILURE"]))

    def test_what_differs_is_found(self):
        ours, theirs = thread_compare.Outcomes(), thread_compare.Outcomes()
        for outcomes, said in ((ours, "end"), (theirs, "bytes")):
            outcomes.add({"outcomes": [[said], [None], ["sent"]]})
        self.assertEqual(list(ours.beyond(theirs)), [(0, 0, "end")])

    def test_a_process_that_died(self):
        side = thread_compare.Side(sys.executable, "")
        self.addCleanup(side.close)
        side.side.process.kill()
        side.side.process.wait()
        self.assertIn("died", side.seen()["faults"][0])


class TestPlayer(unittest.TestCase):
    """That bytes which differ, or are lost, would be seen."""

    def faults(self, heard, ended=()):
        import thread_player

        program = {"settings": dict(self.SETTINGS), "threads": [["client", []], ["server", []], ["server", []]]}
        pair = thread_player.Pair(compare.DATA, program, 0)
        self.addCleanup(pair.close)
        for thread in pair.threads[1:]:
            thread.text.take(100)
            thread.text.sure = 100
        pair.heard["client"], pair.ended = heard(*[thread.text.data for thread in pair.threads[1:]]), set(ended)
        return list(pair.faults())

    SETTINGS = {"version": "TLSv1_3", "suites": None, "ignore_eof": False, "post_handshake_auth": False, "client_certificate": "none", "tickets": 0,
                "trusted": True, "timeouts": [0, 0], "ragged": False, "small": False}

    def test_all_that_was_sent(self):
        self.assertEqual(self.faults(lambda one, two: one[:50] + two[:100] + one[50:100], ["client"]), [])
        self.assertEqual(self.faults(lambda one, two: one[:50] + two[:30]), [])

    def test_other_bytes(self):
        self.assertTrue(self.faults(lambda one, two: one[50:100] + one[:50]))
        self.assertTrue(self.faults(lambda one, two: two[1:100]))

    def test_too_much(self):
        self.assertTrue(self.faults(lambda one, two: one[:101]))

    def test_lost_bytes(self):
        self.assertTrue(self.faults(lambda one, two: one[:100] + two[:99], ["client"]))


if __name__ == "__main__":
    unittest.main()
