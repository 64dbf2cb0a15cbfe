"""Keeps many connections going for a long time, between SslModule on its hosts and CPython's own `ssl`, and watches what the processes hold.

    soak.py [--time SECONDS] [--connections N] [--host NAME ...] [--first NUMBER]

Each host's process serves that many connections at a time and is the client of as many, in rings of two: two hosts of ours with each other, and
each with this interpreter's own `ssl`. Every byte is checked at both ends; what is drawn for a connection follows from its number. Fails when a byte
is another, when an end meets what it need not expect, when something stays open at the end, and when memory, descriptors or threads of ours surely
grow. CPython's own grows while its cache of sessions fills (20,480 of them).
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time

from growth import Growth

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
DATA = os.path.join(ROOT, "tests", "python", "data")
OURS = os.pathsep.join([os.path.join(ROOT, "lib"), os.path.join(ROOT, "artifacts", "cpython")])
COMMANDS = {"own": ([sys.executable], ""), "cpython": ([sys.executable], OURS), "ironpython": ([os.path.join(ROOT, "artifacts", "ironpython", "ipyssl")], "")}
SAMPLES = 60            # in a run, at most one each two seconds
WARM_UP = 0.25          # of the run: caches and pools fill, code is compiled
# What each may grow by for each connection. A connection that were kept would be 20,000 bytes, a descriptor or a thread.
MOST = {"rss": 200.0, "heap": 100.0, "descriptors": 0.001, "threads": 0.001}
FAULTS = 20             # so many kinds of them are printed


class Process(object):
    def __init__(self, name):
        command, path = COMMANDS[name]
        self.name = name
        self.process = subprocess.Popen(command + [os.path.join(HERE, "end.py"), DATA], env=dict(os.environ, PYTHONPATH=path),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        hello = self.hear()
        self.version = hello.pop("version")
        self.ports = hello
        self.samples = []

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("%s ended with status %s" % (self.name, self.process.wait()))
        return json.loads(line)

    def ask(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def sample(self):
        self.samples.append(self.ask(sample=True))
        return self.samples[-1]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def points(self, what):
        """What was held, beside how many connections had been made or served, without the warm-up."""
        rows = [(made(sample["counts"]), sample[what]) for sample in self.samples if what in sample]
        return rows[int(len(rows) * WARM_UP):]

    def judge(self, judges_growth):
        """Lines for the reader, and the findings."""
        lines, findings = [], []
        for what, most in MOST.items() if judges_growth else ():
            points = self.points(what)
            if len(points) < 4:
                continue
            growth = Growth(points)
            verdict = "grows" if growth.exceeds(most) else "flat" if growth.stays_below(most) else "not known: more noise than that"
            lines.append("%-11s %-11s %14.0f mean  %+10.4f for each connection, +- %.4f   %s" % (self.name, what, growth.mean, growth.slope, growth.noise, verdict))
            if growth.exceeds(most) and self.name != "own":
                findings.append("%s: %s grow by %.3f for each connection" % (self.name, what, growth.slope))
        bad = sorted((name for name in self.samples[-1]["counts"] if name.startswith("BAD")), key=lambda name: "server" not in name)
        findings += ["%s: %s" % (self.name, name[4:]) for name in bad[:FAULTS]]
        if self.samples[-1]["open"]:
            findings.append("%s: %d ends are open after the last connection" % (self.name, self.samples[-1]["open"]))
        return lines, findings


def made(counts):
    return counts.get("connections", 0) + counts.get("served", 0) + sum(count for name, count in counts.items() if name.startswith("server left"))


class Soak(object):
    """Pairs of processes, each of which is the client of the other."""

    def __init__(self, hosts, connections, first=1):
        # Two hosts of ours are each other's peers; a lone one has this interpreter's own ssl.
        names = list(hosts) if len(hosts) == 2 else [hosts[0], "own"]
        self.ends = [Process(name) for name in names]
        self.connections, self.first = connections, first

    def run(self, seconds, say=lambda text: None, judges_growth=True):
        one, two = self.ends
        for number, (client, server) in enumerate(((one, two), (two, one))):
            client.ask(call=server.ports, workers=self.connections, first=self.first + number * (1 << 32))
        begun, interval = time.time(), max(2.0, seconds / float(SAMPLES))
        while time.time() - begun < seconds:
            threading.Event().wait(min(interval, max(0.1, begun + seconds - time.time())))
            totals = [end.sample() for end in self.ends]
            say("%5d s  %s" % (time.time() - begun, "   ".join("%s: %d connections, %d MB" % (end.name, made(total["counts"]), total["rss"] >> 20)
                                                              for end, total in zip(self.ends, totals))))
        for end in self.ends:
            end.ask(stop=True)
        self.settle()
        lines, findings = [], []
        for end in self.ends:
            told, found = end.judge(judges_growth)
            lines += told
            findings += found
        return lines, findings

    def settle(self):
        """The last samples: a server's end is over a moment after its client's."""
        for _ in range(100):
            if not any([end.sample()["open"] for end in self.ends]):
                return
            threading.Event().wait(0.1)

    def counts(self):
        return {end.name: end.samples[-1]["counts"] for end in self.ends}

    def close(self):
        for end in self.ends:
            end.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--time", type=float, default=120)
    parser.add_argument("--connections", type=int, default=100)
    parser.add_argument("--host", action="append", choices=["cpython", "ironpython"])
    parser.add_argument("--first", type=int, default=1)
    arguments = parser.parse_args()
    hosts = arguments.host or [name for name in ("cpython", "ironpython") if os.path.exists(COMMANDS[name][0][0])]
    pairs = [hosts] + ([[host] for host in hosts] if len(hosts) == 2 else [])
    failed = 0
    for pair in pairs:
        soak = Soak(pair, arguments.connections, arguments.first)
        try:
            print("== %s, %d connections each way, %d seconds" % (" with ".join("%s (%s)" % (end.name, end.version) for end in soak.ends),
                                                                  arguments.connections, arguments.time / len(pairs)))
            lines, findings = soak.run(arguments.time / len(pairs), lambda text: print(text, flush=True))
            for name, counts in soak.counts().items():
                print("%s: %s" % (name, ", ".join("%d %s" % (counts[key], key) for key in sorted(counts) if not key.startswith("BAD"))))
            print("\n".join(lines))
        finally:
            soak.close()
        for finding in findings:
            print("failed: %s" % finding)
        failed += len(findings)
    print("%d findings" % failed)
    return failed and 1


if __name__ == "__main__":
    sys.exit(main())
