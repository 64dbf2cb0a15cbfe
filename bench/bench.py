"""Measures SslModule against each host's own `_ssl`, in turns, and leaves tables and a page in artifacts/bench.

    bench.py [--quick] [--seconds LIMIT] [--host cpython|ironpython|ironpython-net8.0] [--only TEXT] [--part table|growth|crowd]

Absolute figures mean nothing on a shared machine; both sides of a ratio come from neighbouring moments of one run.
What is measured is in table.py; pace.py orders it; what runs in the measured processes is in worker/.
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

import limits
import page
import peers
import report
import results
import table
from crowds import run_crowds
from growth import run_growth
from pace import HOSTS, Pace, work
from processes import Side


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


def rounds(row, configuration, sides, pace, until):
    """Both sides in turns; each turn begins with the side that ended the last one. `sides`: (side, load) of either."""
    seen = [[], []]
    for turn in pace.turns(until):
        if row.load == "idle.held":
            for side, _ in sides:
                side.prepare()
        for which in ((0, 1), (1, 0))[turn % 2]:
            side, load = sides[which]
            if side is None or any("error" in result for result in seen[which]):
                continue
            arguments = dict(row.arguments)
            if row.load not in Pace.PROCESSES:
                arguments["seconds"] = pace.seconds
            elif pace.quick and "count" in arguments:
                arguments["count"] //= 4
            seen[which].append(side.measure(load, configuration, **arguments))
    return seen


def opponents(row, contest, cpython):
    """((our side, load), (the peer's, load), the peer's name where it is not the host's own) for a row."""
    if row.instead == "own":
        return (contest.platform, row.load), (contest.ours, row.load), "SslModule's own primitives"
    if contest.host == "cpython" or row.instead is None:
        return (contest.ours, row.load), (contest.peer, row.load), ""
    if row.instead == "cpython":
        return (contest.ours, row.load), (cpython and cpython.ours, row.load), "SslModule on CPython"
    return (contest.ours, row.load), (contest.ours, row.instead), "the same without resumption"


def warm(contest, seconds):
    """IronPython's programs run many times before they are compiled well: neither side is measured cold but in its own row."""
    def run(side):
        for load, arguments, times in (("bulk.recv_into", {"size": 1 << 14}, 2), ("bulk.recv", {"size": 1 << 16}, 1), ("bulk.recv_into", {"size": 64}, 1), ("latency.round_trips", {}, 1)):
            side.measure(load, "ec12", seconds=times * seconds, **arguments)
    threads = [threading.Thread(target=run, args=(side,)) for side in (contest.ours, contest.peer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run_table(contest, cpython, limits_, pace):
    which = table.column(contest.host)
    report.heading(contest.host)
    groups = pace.groups(contest.host)
    lines = []
    for number, group in enumerate(groups):
        pace.say(contest.host, "%d of %d, %s" % (number + 1, len(groups), group[0].name))
        ceilings = [limits_.of(row.limit) for row in group]
        ours, theirs, peer = opponents(group[0], contest, cpython)
        seen = rounds(group[0], group[0].configurations[which], (ours, theirs), pace, pace.share(contest.host, groups[number:]))
        for row, ceiling in zip(group, ceilings):
            lines.append(report.line(row, peer, row.goals[which], ceiling and table.limited(row, ceiling), seen))
    return lines


def allow_descriptors():
    """As many open files as the system lets this user have: the processes that are started inherit it."""
    if resource is not None:
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        largest = max(count for count, _ in table.CROWD)
        if 0 <= most < 2 * largest:
            print("-- the system allows %d open files: a crowd of %d connections will not fit" % (most, largest))


def run(contest, cpython, limits_, pace):
    """All parts of a host that were asked for: (the lines of its table, those of how its cost grows)."""
    lines, growth = [], []
    for piece in [piece for piece in pace.pieces if piece[0] == contest.host]:
        pace.begin()
        if piece[1] == "start":
            pace.say(contest.host, "warming up")
            warm(contest, 1.5 if pace.quick else 3)
        elif piece[1] == "table":
            lines += run_table(contest, cpython, limits_, pace)
        elif piece[1] == "growth":
            growth += run_growth(contest, pace)
        else:
            crowd, rates = run_crowds(contest, pace)
            lines += crowd
            growth += rates
        pace.done(piece)
    return lines, growth


def measure(options, folder):
    """Runs it all; answers what the page says of the run."""
    peer = peers.cpython_peer()
    command, openssl = (None, None) if options.quick else limits.newest(peer and peer.command)
    limits_ = limits.Limits(command)
    pace = Pace(options.quick, options.seconds, work(options.quick, options.host, options.only, options.part), options.only)
    # CPython's sides are wanted for a row of IronPython's, too.
    cpython = peers.cpython(folder, peer)
    about = results.About(options, openssl)
    try:
        for host in HOSTS:
            pieces = [piece for piece in pace.pieces if piece[0] == host]
            if not pieces:
                continue
            contest = cpython if host == "cpython" else peers.ironpython(folder, host)
            if contest is None:
                print("-- %s: not built, or nothing here to run it, not measured" % host)
                pace.pieces = [piece for piece in pace.pieces if piece[0] != host]
                continue
            try:
                print("-- %s%s" % (contest.title, ": an old one" if contest.old else ""))
                lines, growth = run(contest, cpython, limits_, pace)
                report.write(results.FOLDER, host + ".csv", report.HEADER, lines)
                if growth:
                    report.write(results.FOLDER, host + "-growth.csv", report.GROWTH_HEADER, growth)
                about.add(contest)
            finally:
                if contest is not cpython:
                    contest.close()
    finally:
        if cpython is not None:
            cpython.close()
    return about


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="short rounds; no growth, no crowds, no limits, no .NET 8")
    parser.add_argument("--seconds", type=float, help="how long all of it may take")
    parser.add_argument("--host", choices=HOSTS)
    parser.add_argument("--only", help="the rows whose name holds this text")
    parser.add_argument("--part", choices=("table", "growth", "crowd"), help="only that")
    options = parser.parse_args()
    allow_descriptors()
    Side.patience = 40 if options.quick else 200
    results.clear()
    # Below the checkout, for a peer in a folder with another system: this checkout is there, too.
    folder = tempfile.mkdtemp(prefix="run-", dir=results.FOLDER)
    started = time.time()
    try:
        certificates(folder)
        about = measure(options, folder)
    finally:
        shutil.rmtree(folder)
    about.write()
    page.write(results.FOLDER)
    print("\nmeasured in %.0f s; tables and a page are in %s" % (time.time() - started, os.path.relpath(results.FOLDER)))


if __name__ == "__main__":
    main()
