"""Measures SslModule against each host's own `_ssl`, in turns, and leaves tables in bench/results.

    bench.py [--quick] [--seconds LIMIT] [--host cpython|ironpython] [--only TEXT] [--part table|growth|crowd]

Absolute figures mean nothing on a shared machine; both sides of a ratio come from neighbouring moments of one run.
"""

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

try:
    import resource
except ImportError:
    resource = None

import sides
import table

RESULTS = os.path.join(sides.HERE, "results")


def certificates(folder):
    """An authority and a server certificate of it for each kind of key."""
    def openssl(*arguments):
        subprocess.run(("openssl",) + arguments, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    p256 = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    openssl("req", "-x509", *p256, "-nodes", "-days", "2", "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt")
    for name, key in (("ec", p256), ("rsa", ("-newkey", "rsa:2048"))):
        openssl("req", *key, "-nodes", "-subj", "/CN=localhost", "-keyout", name + ".key", "-out", name + ".csr")
        with open(os.path.join(folder, "san"), "w") as extensions:
            extensions.write("subjectAltName=DNS:localhost\n")
        openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                "-extfile", "san", "-out", name + ".crt")
        with open(os.path.join(folder, name + ".pem"), "wb") as both:
            for part in (name + ".key", name + ".crt"):
                with open(os.path.join(folder, part), "rb") as source:
                    shutil.copyfileobj(source, both)


class Pace:
    """Shares the time that is left among the work that is: a slow machine measures fewer rounds, never fewer rows."""

    # A row of IronPython's takes longer, so do its programs to start.
    WEIGHTS = {"cpython": 1.0, "ironpython": 1.5}

    # Seconds that the rest takes on a machine of two cores with the least rounds: (quick, in full). Of a table, what the rows that
    # start processes take beyond a row's share.
    LEAST = {
        ("cpython", "table"): (1, 0), ("cpython", "growth"): (2, 30), ("cpython", "crowd"): (6, 60),
        ("ironpython", "start"): (11, 20), ("ironpython", "table"): (9, 10), ("ironpython", "growth"): (3, 45), ("ironpython", "crowd"): (12, 70),
    }

    def __init__(self, quick, seconds, work):
        """`work`: pairs of a host and a part, in the order in which they come."""
        self.quick = quick
        self.end = time.time() + (seconds or (80 if quick else 560))
        self.least, self.most = (1, 3) if quick else (3, 7)
        self.work = list(work)
        self.slowness = 1.0
        self.started = time.time()

    @property
    def seconds(self):
        """How long one measurement lasts."""
        return (0.08 if self.late else 0.15) if self.quick else (0.25 if self.late else 0.5)

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


def rows_of(host, only=None):
    which = ("cpython", "ironpython").index(host)
    return [row for row in table.ROWS if row.configurations[which] is not None and (not only or only in row.name)]


def rounds(row, configuration, contest, pace, until):
    """Both sides in turns; each turn begins with the side that ended the last one."""
    results = [[], []]
    for turn in pace.turns(until, most=2 if row.load == "idle" else None):
        if row.load == "idle":
            for side, _ in contest:
                side.prepare()
        for which in ((0, 1), (1, 0))[turn % 2]:
            side, arguments = contest[which]
            if side is None or any("error" in result for result in results[which]):
                continue
            arguments = dict(row.arguments, **arguments)
            if row.load == "idle" and pace.quick:
                arguments["count"] = 200
            elif row.load not in ("idle", "first"):
                arguments["seconds"] = pace.seconds
            results[which].append(side.measure(row.load, configuration, **arguments))
    return results


def compared(row, results):
    """(ours, the peer's, the ratio, its least, its most, the ratio in processor time), medians; None where there is none."""
    values = [[table.shown(row, result) for result in side if "error" not in result] for side in results]
    ours, theirs = (statistics.median(side) if side else None for side in values)
    ratios = sorted(mine / other if row.better == "more" else other / mine for mine, other in zip(*values) if mine > 0 and other > 0)
    cpu = [[result["cpu"] for result in side if "cpu" in result] for side in results]
    ratio = statistics.median(ratios) if ratios else None
    return ours, theirs, ratio, ratios[0] if ratios else None, ratios[-1] if ratios else None, \
        statistics.median(other / mine for mine, other in zip(*cpu)) if all(cpu) else None


def text(number, form="%.2f"):
    return "" if number is None else form % number


def contest(row, host, pair, other):
    """((our side, arguments), (the peer's, arguments), the peer's name) for a row."""
    ours, peer = pair
    if host == "cpython" or row.instead is None:
        return ((ours, {}), (peer, {})), peer.name
    if row.instead == "cpython":
        return ((ours, {}), (other, {})), "SslModule on CPython"
    return ((ours, {}), (ours, row.instead)), "the same without resumption"


def warm(pair, seconds):
    """IronPython's programs run many times before they are compiled well: neither side is measured cold but in its own row."""
    def run(side):
        for load, size in (("bulk", 64), ("bulk", 1 << 16), ("latency", 1)):
            side.measure(load, "ec12", size=size, seconds=seconds)
    threads = [threading.Thread(target=run, args=(side,)) for side in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run_table(host, pair, other, options, pace):
    which = ("cpython", "ironpython").index(host)
    print("\n%-46s %8s %11s %11s %6s %13s %6s %5s" % (host, "", pair[0].name, pair[1].name[:11], "ratio", "spread", "cpu", "goal"))
    rows = rows_of(host, options.only)
    lines = []
    for number, row in enumerate(rows):
        sides_, peer = contest(row, host, pair, other)
        results = rounds(row, row.configurations[which], sides_, pace, pace.share(host, len(rows) - number))
        lines.append(line(row.name, row.unit, peer if peer != pair[1].name else "", compared(row, results), row.goals[which], results))
    return lines


def line(name, unit, peer, comparison, goal, results):
    """Prints a row; answers it as the table of results has it."""
    ours, theirs, ratio, least, most, cpu = comparison
    errors = [result["error"] for side in results for result in side if "error" in result]
    print("%-46s %8s %11s %11s %6s %13s %6s %5s%s" % (
        name, unit, text(ours, "%.4g"), text(theirs, "%.4g"), text(ratio),
        "%s-%s" % (text(least), text(most)) if ratio else "", text(cpu), text(goal),
        "  " + "; ".join([peer and "(peer: %s)" % peer] * bool(peer) + errors)))
    sys.stdout.flush()
    return [name, unit, peer, text(ours, "%.6g"), text(theirs, "%.6g"), text(ratio), text(least), text(most), text(cpu), text(goal)]


def run_crowd(host, pair, options, pace):
    """Many connections in one process: what each takes, and what all give together as ever more of them are busy."""
    which = ("cpython", "ironpython").index(host)
    count, steps = table.QUICK_CROWD if options.quick else table.CROWD
    lines, growth = [], []
    kinds = table.CROWDS[which]
    for index, kind in enumerate(kinds):
        crowds = [sides.Crowd(side, kind, ("ec13", "ec12")[which]) for side in pair]
        taken = [[crowd.measure("fill", count=count)] for crowd in crowds]
        name = "memory of a connection among {:,}, {}".format(count + 50, kind)
        row = table.Row(name, "KiB", "", {}, (), "less", (None, None))
        comparison = compared(row, taken)
        lines.append(line(name, "KiB", "", comparison, None, taken))
        for end, connection in zip(("SslModule", "the peer"), comparison):
            growth.append(["KiB of a connection, {}, {}".format(kind, end), str(count + 50), text(connection, "%.1f")])
        for number, busy in enumerate(steps):
            results = [[], []]
            for turn in pace.turns(pace.part(host, "crowd", index * len(steps) + number, len(kinds) * len(steps)), 2, 3):
                for side in ((0, 1), (1, 0))[turn % 2]:
                    results[side].append(crowds[side].measure("stream", busy=busy, seconds=pace.seconds))
            name = "{} busy of {:,} connections, {}".format(busy, count + 50 + busy, kind)
            row = table.Row(name, "MB/s", "", {"size": 1}, (), "more", (None, None))
            comparison = compared(row, results)
            lines.append(line(name, "MB/s", "", comparison, None, results))
            for end, rate in zip(("SslModule", "the peer"), comparison):
                growth.append(["MB/s over busy connections, {}, {}".format(kind, end), str(busy), text(rate, "%.1f")])
        for crowd in crowds:
            crowd.close()
    return lines, growth


def run_growth(pair, quick):
    """How SslModule's cost grows: transfer time with size, handshake time and memory with the number of connections."""
    ours = pair[0]
    lines = []
    for power in range(10, 25 if quick else 31, 2):
        results = [ours.measure("transfer", "ec13", total=1 << power) for _ in range(3 if power < 26 else 1)]
        if any("error" in result for result in results):
            print("transfer of %d bytes: %s" % (1 << power, "; ".join(result.get("error", "") for result in results)))
            return lines
        seconds = statistics.median(result["value"] for result in results)
        lines.append(["transfer seconds", str(1 << power), "%.6f" % seconds])
        print("%-46s %12d bytes %10.6f s %8.0f MB/s" % ("transfer", 1 << power, seconds, (1 << power) / seconds / 1e6))
    for which in ("server", "client"):
        for label, size in zip(("0", str(1 << power)), results[-1][which + "_bytes"]):
            lines.append(["%s bytes after a transfer" % which, label, str(size)])
        print("%-46s %12.1f MiB, then %.1f MiB after the last transfer" % ((which + " in memory",) + tuple(size / 1048576 for size in results[-1][which + "_bytes"])))
    grown = ours.measure("many_handshakes", "ec13", counts=[10, 100, 300] if quick else [10, 100, 1000, 10000])
    if "error" in grown:
        print("many handshakes: " + grown["error"])
        return lines
    for what, place, form in (("handshake seconds", 1, "%.6f"), ("server bytes", 2, "%d"), ("client bytes", 3, "%d")):
        lines += [[what + " after connections", str(point[0]), form % point[place]] for point in grown["points"]]
    for count, seconds, server, client in grown["points"]:
        print("%-46s %12d connections %7.0f us, server %.1f MiB, client %.1f MiB" % ("one handshake after", count, seconds * 1e6, server / 1048576, client / 1048576))
    sys.stdout.flush()
    return lines


def write(name, header, lines):
    os.makedirs(RESULTS, exist_ok=True)
    with open(os.path.join(RESULTS, name), "w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(header)
        writer.writerows(lines)


def allow_descriptors():
    """As many open files as the system lets this user have: the processes that are started inherit it."""
    if resource is not None:
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        if 0 <= most < 2 * table.CROWD[0]:
            print("-- the system allows %d open files: a crowd of %d connections will not fit" % (most, table.CROWD[0]))


def run(host, pair, other, options, pace):
    """All parts of a host that were asked for, and its tables of results where that was everything."""
    lines, growth = [], []
    for part in [part for which, part in pace.work if which == host]:
        pace.begin()
        if part == "start":
            warm(pair, 0.7 if options.quick else 3)
        elif part == "table":
            lines += run_table(host, pair, other, options, pace)
        elif part == "growth":
            growth += run_growth(pair, options.quick)
        else:
            crowd, rates = run_crowd(host, pair, options, pace)
            lines += crowd
            growth += rates
        pace.done((host, part))
    if not options.only and not options.part:
        write(host + ".csv", ["work", "unit", "peer", "SslModule", "the peer", "ratio", "least", "most", "ratio in processor time", "goal"], lines)
        write(host + "-growth.csv", ["what", "at", "value"], growth)


def work(options):
    """Pairs of a host and a part of the measurements, in their order."""
    parts = ("table",) if options.only else (options.part,) if options.part else ("table", "growth", "crowd")
    for host in ("cpython", "ironpython"):
        if options.host in (None, host):
            if host == "ironpython":
                yield host, "start"
            for part in parts:
                yield host, part


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, help="how long all of it may take")
    parser.add_argument("--host", choices=("cpython", "ironpython"))
    parser.add_argument("--only", help="the rows whose name holds this text; nothing is written")
    parser.add_argument("--part", choices=("table", "growth", "crowd"), help="only that; nothing is written")
    options = parser.parse_args()
    allow_descriptors()
    sides.Side.patience = 40 if options.quick else 200
    folder = tempfile.mkdtemp(prefix="sslmodule-bench-")
    started = time.time()
    pace = Pace(options.quick, options.seconds, work(options))
    opened = {}
    try:
        certificates(folder)
        for host in ("cpython", "ironpython"):
            parts = [piece for piece in pace.work if piece[0] == host]
            if not parts and host == "ironpython":
                continue    # CPython's are wanted for IronPython's rows, too
            opened[host] = getattr(sides, host)(folder)
            if opened[host] is None:
                print("-- %s: not built, not measured" % host)
                for piece in parts:
                    pace.work.remove(piece)
            elif parts:
                run(host, opened[host], opened["cpython"] and opened["cpython"][0], options, pace)
    finally:
        for pair in opened.values():
            for side in pair or ():
                side.close()
        shutil.rmtree(folder)
    print("\nmeasured in %.0f s" % (time.time() - started))


if __name__ == "__main__":
    main()
