"""How rounds become a row."""

import contextlib
import io
import unittest

import support  # noqa: F401, the modules of bench/
import report
import table

MORE = table.more("work", "handshakes.full", (), (None, None))
LESS = table.less("memory", "KiB", "idle.held", (), (None, None))


def results(*values):
    return [{"value": value, "cpu": 1 / value} for value in values]


class TestCompared(unittest.TestCase):
    def test_medians_of_pairs(self):
        """The ratio is the median of the rounds' ratios, not that of the medians."""
        it = report.compared(MORE, [results(10, 20, 30, 40, 100), results(10, 10, 10, 10, 200)])
        self.assertEqual((it.ours, it.theirs, it.rounds), (30, 10, 5))
        self.assertEqual((it.ratio, it.low, it.high, it.cpu), (2, 1, 3, 2))

    def test_less_is_better(self):
        it = report.compared(LESS, [[{"value": 1024}] * 5, [{"value": 4096}] * 5])
        self.assertEqual((it.ours, it.theirs, it.ratio, it.low, it.high, it.cpu), (1, 4, 4, 4, 4, None))

    def test_few_rounds_give_figures_and_no_ratio(self):
        for rounds in range(1, 8):
            it = report.compared(MORE, [results(*[20] * rounds), results(*[10] * rounds)])
            self.assertEqual((it.ours, it.theirs, it.rounds), (20, 10, rounds))
            self.assertEqual((it.ratio, it.low, it.high, it.cpu), (2, 2, 2, 2) if rounds >= 5 else (None,) * 4)

    def test_rounds_that_failed_are_none(self):
        it = report.compared(MORE, [results(20, 20, 20, 20) + [{"error": "no answer"}], results(10, 10, 10, 10, 10)])
        self.assertEqual((it.ours, it.theirs, it.rounds, it.ratio), (20, 10, 4, None))
        it = report.compared(MORE, [results(20, 20, 20, 20, 20), [{"error": "it has none"}]])
        self.assertEqual((it.ours, it.theirs, it.rounds, it.ratio), (20, None, 0, None))
        self.assertEqual(report.compared(MORE, [[], []])[:4], (None, None, 0, None))

    def test_where_nothing_came_in_time(self):
        it = report.compared(MORE, [results(20, 20, 20, 20, 20, 20), results(10, 10, 10, 10, 10) + [{"value": 0.0, "cpu": 1}]])
        self.assertEqual((it.rounds, it.ratio), (5, 2))
        it = report.compared(MORE, [results(20, 20, 20, 20, 20), [{"value": 0.0, "cpu": 1}] * 5])
        self.assertEqual((it.theirs, it.rounds, it.ratio), (0, 0, None))

    def test_another_figure(self):
        row = table.less("the slow ones", "us", "latency.round_trips", (), (None, None), "p99")
        it = report.compared(row, [[{"value": 1e-6, "p99": 5e-6}] * 5, [{"value": 1e-6, "p99": 1e-5}] * 5])
        self.assertEqual((round(it.ours, 6), round(it.theirs, 6), round(it.ratio, 6)), (5, 10, 2))


class TestLine(unittest.TestCase):
    def line(self, row, limit, results):
        self.printed = io.StringIO()
        with contextlib.redirect_stdout(self.printed):
            return dict(zip(report.HEADER, report.line(row, "", 1.5, limit, results)))

    def test_a_row(self):
        row = self.line(MORE, 40, [results(*[20] * 5), results(*[10] * 5)])
        self.assertEqual(row, {"work": "work", "unit": "/s", "peer": "", "SslModule": "20", "the peer": "10", "rounds": "5", "ratio": "2.00", "lower quartile": "2.00",
                               "upper quartile": "2.00", "ratio in processor time": "2.00", "goal": "1.50", "limit of one core": "40", "part of the limit": "0.50"})
        self.assertIn("2.00-2.00", self.printed.getvalue())

    def test_without_a_ratio(self):
        row = self.line(MORE, None, [results(20), [{"error": "it has none"}]])
        self.assertEqual([row[name] for name in ("SslModule", "the peer", "rounds", "ratio", "lower quartile", "limit of one core", "part of the limit")],
                         ["20", "", "0", "", "", "", ""])
        self.assertIn("it has none", self.printed.getvalue())

    def test_units(self):
        row = table.bulk("blocks", 1 << 14, table.AES256, (), (None, None))
        self.assertAlmostEqual(table.shown(row, {"value": 1000}), 16.384)

    def test_limits_in_the_unit_of_the_row(self):
        """All of 1,000 texts of 16 KiB a second, whatever the block; and 1,000 messages are 1,000 messages."""
        for size in (1 << 14, 1 << 16, 1 << 20):
            self.assertAlmostEqual(table.limited(table.bulk("blocks", size, table.AES256, (), (None, None)), 1000), 16.384)
        self.assertAlmostEqual(table.limited(table.bulk("messages", 64, table.AES256, (), (None, None), unit="/s"), 1000), 1000)
        self.assertAlmostEqual(table.limited(MORE, 1000), 1000)


if __name__ == "__main__":
    unittest.main()
