"""Some thousand damaged connections with SslModule at one end or at both: `make faults` damages every byte."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "differential"))
sys.path.insert(0, HERE)
import campaign
import proxy
from test_sockets import has_openssl

STEP = 97       # bytes; a prime, so that the places differ from record to record


@unittest.skipIf(sys.version_info < (3, 11, 4), "this Python's own ssl does not know the end of a stream as such")
@unittest.skipUnless(has_openssl(), "this interpreter has no ssl of its own")
class TestDamagedConnections(unittest.TestCase):
    @unittest.skipUnless(os.path.exists(os.path.join(campaign.ROOT, "artifacts", "cpython", "_ssl.abi3.so")), "the CPython module is not built")
    def test_cpython(self):
        self.play("cpython")

    @unittest.skipUnless(os.path.exists(campaign.COMMANDS["ironpython"][0][0]), "the console for IronPython is not built")
    def test_ironpython(self):
        self.play("ironpython", 2)

    def play(self, host, times=1):
        tried, findings = campaign.play(host, times * STEP)
        self.assertEqual(findings, [])
        self.assertGreater(tried, 900 // times)


class TestProxy(unittest.TestCase):
    """That the proxy does what it is told."""

    RECORDS = b"\x16\x03\x03\x00\x02ab" + b"\x17\x03\x03\x00\x03xyz"

    def pieces(self, kind, place):
        stream = proxy.Stream((kind, place))
        # In two parts, the first of which ends within a record.
        return stream.pieces(self.RECORDS[:9]) + stream.pieces(self.RECORDS[9:]), stream

    def passed(self, kind, place):
        pieces, _ = self.pieces(kind, place)
        return b"".join(piece for piece in pieces if isinstance(piece, bytes))

    def test_none(self):
        self.assertEqual(self.passed("none", 0), self.RECORDS)
        self.assertEqual(self.passed("delay", 6), self.RECORDS)
        self.assertEqual(self.passed("split", 0), self.RECORDS)
        self.assertEqual(len(self.pieces("split", 0)[0]), len(self.RECORDS))

    def test_a_byte(self):
        for place in range(len(self.RECORDS)):
            corrupted = self.passed("corrupt", place)
            self.assertEqual([at for at, (one, other) in enumerate(zip(corrupted, self.RECORDS)) if one != other], [place])
            self.assertEqual(self.passed("duplicate", place), self.RECORDS[:place + 1] + self.RECORDS[place:])
            for kind in ("truncate", "reset", "stall"):
                pieces, _ = self.pieces(kind, place)
                self.assertEqual(b"".join(pieces[:pieces.index(kind)]), self.RECORDS[:place])

    def test_records(self):
        self.assertEqual(self.passed("drop", 0), self.RECORDS[7:])
        self.assertEqual(self.passed("repeat", 1), self.RECORDS + self.RECORDS[7:])
        self.assertEqual(self.pieces("corrupt", 8)[1].struck, (0x17, 1, 1))
        self.assertEqual(self.pieces("none", 0)[1].lengths, [7, 8])

    def test_every_byte_has_every_fault(self):
        faults = set(proxy.faults({"up": [7, 8], "down": [6]}, 1))
        for kind in ("corrupt", "duplicate", "truncate", "reset"):
            self.assertEqual({place for one, way, place in faults if (one, way) == (kind, "up")}, set(range(15)))
        self.assertLessEqual({("stall", "up", 0), ("stall", "up", 7), ("drop", "up", 1), ("repeat", "down", 0)}, faults)


class TestJudgement(unittest.TestCase):
    """That what must not be would be seen."""

    WHOLE = {"stage": "closed", "error": None, "seconds": 0.1, "same": True, "clean": True, "heard": 769}
    STRUCK = (0x17, 20, 3)

    def findings(self, kind="corrupt", struck=STRUCK, **said):
        client = dict(self.WHOLE, **said)
        return list(campaign.judged((kind, "up", 100), struck, 5, {"client": client, "server": self.WHOLE}, ("client",)))

    def test_a_failure_that_is_expected(self):
        self.assertEqual(self.findings(error=["SSLError", "BAD_RECORD_MAC", True], stage="data"), [])

    def test_what_must_not_be(self):
        failed = {"stage": "data", "error": ["SSLError", "BAD_RECORD_MAC", True]}
        self.assertTrue(self.findings())
        self.assertTrue(self.findings(**dict(failed, seconds=60)))
        self.assertTrue(self.findings(**dict(failed, same=False)))
        self.assertTrue(self.findings(stage="data", error=["IndexError", "", False]))
        self.assertTrue(self.findings(stage="data", error=["SSLError", "INTERNAL_ERROR", True]))
        self.assertTrue(self.findings("delay", **failed))
        self.assertTrue(list(campaign.judged(("corrupt", "up", 1), None, 5, {"client": None, "server": self.WHOLE}, ("client",))))

    def test_what_the_protocol_does_not_check(self):
        self.assertEqual(self.findings(struck=(0x14, 5, 3)), [])
        self.assertEqual(self.findings(struck=(0x16, 2, 0)), [])
        self.assertEqual(self.findings("repeat", struck=(0x15, 0, 5)), [])


if __name__ == "__main__":
    unittest.main()
