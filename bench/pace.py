"""How the time that `make bench` may take is shared among its parts."""

import time

import table


def rows_of(host, only=None):
    which = ("cpython", "ironpython").index(host)
    return [row for row in table.ROWS if row.configurations[which] is not None and (not only or only in row.name)]


class Pace:
    """Shares the time that is left among the work that is: a slow machine measures fewer rounds, never fewer rows."""

    # A row of IronPython's takes longer, so do its programs to start.
    WEIGHTS = {"cpython": 1.0, "ironpython": 1.5}

    # Seconds that the rest takes on a machine of two cores with the least rounds: (quick, in full). Of a table, what the rows that
    # start processes take beyond a row's share.
    LEAST = {
        ("cpython", "table"): (1, 0), ("cpython", "growth"): (4, 40), ("cpython", "crowd"): (6, 80),
        ("ironpython", "start"): (11, 20), ("ironpython", "table"): (9, 10), ("ironpython", "growth"): (5, 55), ("ironpython", "crowd"): (12, 80),
    }

    def __init__(self, quick, seconds, work):
        """`work`: pairs of a host and a part, in the order in which they come."""
        self.quick = quick
        self.end = time.time() + (seconds or (80 if quick else 560))
        self.least, self.most = (1, 3) if quick else (3, 25)
        self.work = list(work)
        self.slowness = 1.0
        self.started = time.time()

    @property
    def seconds(self):
        """How long one measurement lasts: many short rounds tell more than a few long ones, as the machine's own speed changes."""
        return 0.08 if self.quick and self.late else 0.15 if self.quick else 0.25

    @property
    def reserve(self):
        """What all but the tables will take that is still to come."""
        return self.slowness * sum(self.LEAST.get(piece, (0, 0))[0 if self.quick else 1] for piece in self.work)

    @property
    def late(self):
        """Is there no more time than the rest takes anyway? Then each row is measured once, and shortly."""
        return time.time() > self.end - self.reserve

    def begin(self):
        self.started = time.time()

    def done(self, piece):
        """What comes later on will take as much longer than foreseen as this did."""
        if piece[1] in ("start", "growth"):
            expected = self.LEAST[piece][0 if self.quick else 1]
            self.slowness = max(self.slowness, (time.time() - self.started) / expected)
        self.work.remove(piece)
        self.begin()

    def share(self, host, rows):
        """When the first of so many rows of a host's table should be done."""
        tables = [other for other, part in self.work if part == "table" and other != host]
        units = rows * self.WEIGHTS[host] + sum(len(rows_of(other)) * self.WEIGHTS[other] for other in tables)
        return time.time() + max(0, self.end - time.time() - self.reserve) * self.WEIGHTS[host] / units

    def part(self, host, part, number, count):
        """When a step of so many that take what is set aside for a part should be done."""
        set_aside = self.slowness * self.LEAST[host, part][0 if self.quick else 1]
        return min(self.end, self.started + set_aside * (number + 1) / count)

    def turns(self, until, least=None, most=None):
        """Numbers of rounds, as many as can be expected to be over by then."""
        took = 0
        for turn in range(most or self.most):
            if turn >= (1 if self.late else least or self.least) and time.time() + took / 2 >= until:
                break
            started = time.time()
            yield turn
            took = time.time() - started
