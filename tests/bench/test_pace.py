"""What is measured in which order, and for how long."""

import contextlib
import io
import unittest
from unittest import mock

import support  # noqa: F401, the modules of bench/
import pace
import table


class TestWork(unittest.TestCase):
    def test_a_full_run(self):
        self.assertEqual(list(pace.work()), [
            ("cpython", "table"), ("cpython", "growth"), ("cpython", "crowd"),
            ("ironpython", "start"), ("ironpython", "table"), ("ironpython", "growth"), ("ironpython", "crowd"),
            ("ironpython-net8.0", "start"), ("ironpython-net8.0", "table")])

    def test_less(self):
        self.assertEqual(list(pace.work(quick=True)), [("cpython", "table"), ("ironpython", "start"), ("ironpython", "table")])
        self.assertEqual(list(pace.work(host="cpython", part="crowd")), [("cpython", "crowd")])
        self.assertEqual(list(pace.work(host="ironpython", part="crowd")), [("ironpython", "start"), ("ironpython", "crowd")])
        self.assertEqual(list(pace.work(host="ironpython-net8.0", part="crowd")), [])
        self.assertEqual(list(pace.work(quick=True, host="cpython", part="growth")), [("cpython", "growth")])
        self.assertEqual(list(pace.work(host="ironpython-net8.0", only="16 KiB")), [("ironpython-net8.0", "start"), ("ironpython-net8.0", "table")])
        self.assertEqual(list(pace.work(quick=True, host="ironpython-net8.0")), [("ironpython-net8.0", "start"), ("ironpython-net8.0", "table")])


class TestPace(unittest.TestCase):
    def setUp(self):
        self.now = 1000.0
        patched = mock.patch.object(pace.time, "time", lambda: self.now)
        patched.start()
        self.addCleanup(patched.stop)

    def turned(self, it, until, each, **options):
        """How many rounds there are that take so long."""
        count = 0
        for _ in it.turns(until, **options):
            count += 1
            self.now += each
        return count

    def test_rounds_fill_the_time(self):
        it = pace.Pace(False, 500, pace.work(host="cpython", part="table"))
        self.assertEqual(self.turned(it, self.now + 10, 1), 10)
        self.assertEqual(self.turned(it, self.now + 10, 0.001), it.most)
        self.assertEqual(self.turned(it, self.now + 10, 0.001, most=3), 3)

    def test_a_full_run_has_ratios_even_if_it_takes_longer(self):
        it = pace.Pace(False, 500, pace.work(host="cpython", part="table"))
        self.assertEqual(self.turned(it, self.now + 10, 20), 10)
        self.now = it.end + 1
        self.assertEqual(self.turned(it, self.now, 20), 10)

    def test_a_quick_run_is_quick(self):
        it = pace.Pace(True, 80, pace.work(quick=True, host="cpython"))
        self.assertEqual(self.turned(it, self.now + 10, 0.001), 5)
        self.assertEqual(self.turned(it, self.now + 10, 20), 2)
        self.now = it.end + 1
        self.assertEqual(self.turned(it, self.now, 20), 1)

    def test_a_table_takes_what_others_leave(self):
        """Each row takes all of its share: the last ends in time, with what is set aside for the rest."""
        it = pace.Pace(False, 400, pace.work(host="cpython"))
        groups = it.groups("cpython")
        for number in range(len(groups)):
            self.now = it.share("cpython", groups[number:])
        self.assertAlmostEqual(self.now, 1400 - it.set_aside(("cpython", "growth")) - it.set_aside(("cpython", "crowd")))

    def test_slowness_is_learnt(self):
        it = pace.Pace(False, 500, pace.work(host="ironpython"))
        before = it.set_aside(("ironpython", "crowd"))
        for part, times, learnt in (("start", 1.2, 1.2), ("growth", 4, 1.5)):
            it.begin()
            self.now += times * it.SET_ASIDE["ironpython", part][1]
            it.done(("ironpython", part))
            self.assertAlmostEqual(it.set_aside(("ironpython", "crowd")), learnt * before)

    def test_progress_goes_to_standard_error(self):
        it, seen = pace.Pace(True, None, ()), io.StringIO()
        self.now += 12
        with contextlib.redirect_stderr(seen):
            it.say("cpython", "3 of 32, blocks")
        self.assertEqual(seen.getvalue(), "  12 s  cpython: 3 of 32, blocks\n")

    def test_rows_that_differ_in_the_figure_alone_are_measured_once(self):
        groups = pace.Pace(True, None, ()).groups("cpython")
        self.assertEqual(sum(map(len, groups)), len(table.rows_of("cpython")))
        self.assertEqual({group[0].load: len(group) for group in groups if len(group) > 1}, {"latency.round_trips": 2, "fresh": 3})


if __name__ == "__main__":
    unittest.main()
