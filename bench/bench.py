"""Measures SslModule against each host's own `_ssl`, in turns, and leaves tables in bench/results.

    bench.py [--quick] [--seconds LIMIT] [--host cpython|ironpython] [--only TEXT] [--part table|growth|crowd]

Absolute figures mean nothing on a shared machine; both sides of a ratio come from neighbouring moments of one run.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import threading
import time

try:
    import resource
except ImportError:
    resource = None

import sides
import table
from growth import run_crowd, run_growth
from pace import Pace, rows_of
from report import compared, line, write


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
            growth += run_growth(pair, pace)
        else:
            crowd, rates = run_crowd(host, pair, pace)
            lines += crowd
            growth += rates
        pace.done((host, part))
    if not options.only and not options.part:
        write(host + ".csv", ["work", "unit", "peer", "SslModule", "the peer", "ratio", "lower quartile", "upper quartile", "ratio in processor time", "goal"], lines)
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
