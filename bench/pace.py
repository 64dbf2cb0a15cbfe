"""How the time that `make bench` may take is shared among its parts, and the line that says how far it has come."""

import itertools
import sys
import time

import table
from report import LEAST_ROUNDS

# A full run has so many rounds of each row, and no more, even if it takes longer.
FULL_ROUNDS = 10

HOSTS = ("cpython", "ironpython", "ironpython-net8.0")


def work(quick=False, host=None, only=None, part=None):
    """Pairs of a host and a part of the measurements, in their order. What is quick leaves out how cost grows, and .NET 8."""
    for one in HOSTS:
        eight = one.endswith("net8.0")
        if one != host and (host is not None or quick and eight):
            continue
        parts = ["table"] if part in (None, "table") else []
        # .NET 8 differs from .NET 10 in how fast it is, not in how its cost grows.
        if not only and not eight:
            parts += [piece for piece in ("growth", "crowd") if part == piece or part is None and not quick]
        if parts and one != "cpython":
            parts.insert(0, "start")
        for piece in parts:
            yield one, piece


class Pace:
    """Shares the time that is left among the work that is: a slow machine measures fewer rounds, never fewer rows."""

    # How much longer than one on CPython a row of IronPython's takes for as many rounds; and rows that start processes.
    IRONPYTHON = 1.3
    PROCESSES = {"fresh": (0.5, 8), "idle.held": (4, 10)}

    # Seconds of the other parts on a machine of two cores: (quick, in full).
    SET_ASIDE = {
        ("cpython", "growth"): (5, 25), ("cpython", "crowd"): (10, 50),
        ("ironpython", "start"): (11, 20), ("ironpython", "growth"): (6, 40), ("ironpython", "crowd"): (12, 45),
        ("ironpython-net8.0", "start"): (11, 20),
    }

    SLOWEST = 1.5

    def __init__(self, quick, seconds, pieces, only=None):
        """`pieces`: pairs of a host and a part, in the order in which they come."""
        self.quick, self.only = quick, only
        self.began = time.time()
        self.end = self.began + (seconds or (80 if quick else 560))
        # What is quick has to be: on a slow machine some of its rows are without a ratio.
        self.most = LEAST_ROUNDS if quick else FULL_ROUNDS
        self.pieces = list(pieces)
        self.slowness = 1.0
        self.started = time.time()

    @property
    def seconds(self):
        """How long one measurement lasts: many short rounds tell more than a few long ones, as the machine's own speed changes."""
        return 0.05 if self.quick else 0.1

    def set_aside(self, piece):
        return self.slowness * self.SET_ASIDE.get(piece, (0, 0))[0 if self.quick else 1]

    @property
    def least(self):
        """How many rounds a row has in any case."""
        if not self.quick:
            return FULL_ROUNDS
        return 1 if time.time() > self.end - sum(map(self.set_aside, self.pieces)) else 2

    def begin(self):
        self.started = time.time()

    def done(self, piece):
        """What comes later on will take as much longer than foreseen as this did, within reason: it may have been a bad moment."""
        if piece in self.SET_ASIDE:
            seen = (time.time() - self.started) / self.SET_ASIDE[piece][0 if self.quick else 1]
            self.slowness = min(self.SLOWEST, max(self.slowness, seen))
        self.pieces.remove(piece)

    def groups(self, host):
        """The rows of a host's table, those together that are measured together."""
        return [list(group) for _, group in itertools.groupby(table.rows_of(host, self.only), table.measured)]

    def weight(self, host, group):
        load = group[0].load
        if load in self.PROCESSES:
            return self.PROCESSES[load][table.column(host)]
        return 1 if host == "cpython" else self.IRONPYTHON

    def share(self, host, groups):
        """When the first of these groups of a host's table should be done."""
        mine = [self.weight(host, group) for group in groups]
        others = [self.weight(other, group) for other, part in self.pieces if part == "table" and other != host for group in self.groups(other)]
        left = max(0, self.end - time.time() - sum(map(self.set_aside, self.pieces)))
        return time.time() + left * mine[0] / (sum(mine) + sum(others))

    def part(self, piece, number, count):
        """When a step of so many that take what is set aside for a part should be done."""
        return min(self.end, self.started + self.set_aside(piece) * (number + 1) / count)

    def turns(self, until, most=None):
        """Numbers of rounds, as many as can be expected to be over by then."""
        took = 0
        for turn in range(most or self.most):
            if turn >= self.least and time.time() + took / 2 >= until:
                break
            started = time.time()
            yield turn
            took = time.time() - started

    def say(self, host, what):
        """To who waits: the results go elsewhere when they are kept."""
        print("%4.0f s  %s: %s" % (time.time() - self.began, host, what), file=sys.stderr)
        sys.stderr.flush()
