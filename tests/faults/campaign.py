"""Damages connections in every way at every byte, with SslModule at one end or at both, and judges what its ends make of it.

    campaign.py [--host NAME ...] [--step BYTES] [--offset BYTES] [--workers N]

Hosts: cpython and ironpython, each with SslModule, beside this interpreter's own `ssl` ("own"). For each host there are connections with
ours as client and as server, the other end being CPython's own or ours, in TLS 1.2 and 1.3.

Never may an end of ours wait beyond its timeouts, take other bytes for the other end's or fewer for all of them, raise what a program need
not expect (SSLError and OSError with their subclasses, TimeoutError among them), or keep a descriptor or memory.
"""

import argparse
import collections
import json
import os
import queue
import subprocess
import sys
import threading
import time

import proxy

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
DATA = os.path.join(ROOT, "tests", "python", "data")
OURS = os.pathsep.join([os.path.join(ROOT, "lib"), os.path.join(ROOT, "artifacts", "cpython")])
COMMANDS = {"own": ([sys.executable], ""), "cpython": ([sys.executable], OURS), "ironpython": ([os.path.join(ROOT, "artifacts", "ironpython", "ipyssl")], "")}
VERSIONS = ("TLSv1_2", "TLSv1_3")
# Seconds: an end makes a dozen calls at most, each with a timeout of 0.4; the rest is for a busy machine.
PATIENCE = 10
# Bytes by which a process may have grown: the garbage collectors' own breathing. A connection that were kept would be tens of kilobytes.
ROOM = 24 << 20


class Endpoint:
    """A process that is an end of connections."""

    def __init__(self, name):
        command, path = COMMANDS[name]
        self.name = name
        self.process = subprocess.Popen(command + [os.path.join(HERE, "endpoint.py"), DATA], env=dict(os.environ, PYTHONPATH=path),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        hello = json.loads(self.process.stdout.readline())
        self.version, self.port = hello["version"], hello["port"]
        self.answers = collections.defaultdict(queue.Queue)
        self.speaking = threading.Lock()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            answer = json.loads(line)
            self.answers[answer.get("id"), answer.get("role")].put(answer)

    def tell(self, **command):
        with self.speaking:
            self.process.stdin.write(json.dumps(command) + "\n")
            self.process.stdin.flush()

    def answer(self, number, role):
        """None where there is none in time."""
        try:
            return self.answers[number, role].get(timeout=proxy.LIMIT + PATIENCE)
        except queue.Empty:
            return None
        finally:
            del self.answers[number, role]

    def state(self):
        """(connections that are open, bytes of memory) once garbage is collected."""
        self.tell(collect=True)
        self.answer(None, None)
        folder = "/proc/%d/" % self.process.pid
        with open(folder + "statm") as file:
            memory = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return open_connections(folder), memory

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def open_connections(folder):
    """How many connections of TCP a process has; the rest of its descriptors are its runtime's."""
    established = set()
    for table in ("net/tcp", "net/tcp6"):
        with open(folder + table) as file:
            established.update("socket:[%s]" % line.split()[9] for line in list(file)[1:] if line.split()[3] != "0A")
    count = 0
    for name in os.listdir(folder + "fd"):
        try:
            count += os.readlink(folder + "fd/" + name) in established
        except OSError:
            pass
    return count


class Campaign:
    def __init__(self, client, server, ours, workers):
        self.ends = {"client": client, "server": server}
        self.ours = ours                # the roles that are ours
        self.workers = workers
        self.proxy = proxy.Proxy()
        self.numbers = iter(range(1, 1 << 30))
        self.counting = threading.Lock()
        self.tried = collections.Counter()
        self.outcomes = collections.Counter()
        self.findings = []

    def connect(self, version, fault):
        """What each end says of one connection, and the streams that it was."""
        with self.counting:
            number = next(self.numbers)
        self.proxy.expect(number, self.ends["server"].port, fault)
        self.ends["server"].tell(id=number, role="server", version=version)
        self.ends["server"].answer(number, None)
        self.ends["client"].tell(id=number, role="client", version=version, port=self.proxy.port)
        seen = {role: end.answer(number, role) for role, end in self.ends.items()}
        return seen, self.proxy.streams.pop(number)

    def lengths(self, version):
        """The lengths of the records of a connection that nothing happens to."""
        for _ in range(2):              # the first one is slow
            _, streams = self.connect(version, ("none", "up", 0))
        return {direction: stream.lengths for direction, stream in streams.items()}

    def run(self, step, offset=0, kinds=None):
        for version in VERSIONS:
            faults = [fault for fault in proxy.faults(self.lengths(version), step, offset) if kinds is None or fault[0] in kinds]
            waiting = queue.Queue()
            for fault in faults:
                waiting.put(fault)
            workers = [threading.Thread(target=self.work, args=(version, waiting)) for _ in range(self.workers)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()

    def work(self, version, waiting):
        while True:
            try:
                fault = waiting.get_nowait()
            except queue.Empty:
                return
            seen, streams = self.connect(version, fault)
            stream = next((stream for stream in streams.values() if stream.struck), streams["up"])
            struck, last = stream.struck, stream.record - 1
            found = list(judged(fault, struck, last, seen, self.ours))
            with self.counting:
                self.tried[fault[0]] += 1
                for role in self.ours:
                    if seen[role]:
                        error = seen[role]["error"]
                        self.outcomes["%s: %s" % (fault[0], error[0] if error else "whole")] += 1
                self.findings += ["%s, %s at %s %s of the stream %s (%s): %s" %
                                  (version, fault[0], "record" if fault[0] in proxy.AT_RECORDS else "byte", fault[2], fault[1], struck, text) for text in found]


def judged(fault, struck, last, seen, ours):
    """What is wrong with what the ends said."""
    for role in ours:
        end = seen[role]
        if end is None:
            yield "%s hangs" % role
            continue
        where = "%s in %s: %s" % (role, end["stage"], end["error"])
        if end["seconds"] > PATIENCE:
            yield "%s took %.1f s" % (where, end["seconds"])
        if not end["same"]:
            yield "%s took other bytes than were sent" % where
        if end["clean"] and end["stage"] == "closed" and end["heard"] == 0:
            yield "%s took an early end for the end" % where
        if end["error"] and not end["error"][2]:
            yield "%s is no exception that a program expects" % where
        if end["error"] and end["error"][1] in ("INTERNAL_ERROR", "ERR_R_INTERNAL_ERROR"):
            yield "%s calls the other end's mistake its own" % where
        if fault[0] in proxy.HARMLESS and end["error"]:
            yield "%s, of a connection that nothing is wrong with" % where
    if proxy.must_fail(fault, struck, last) and all(end and end["stage"] == "closed" for end in seen.values()):
        yield "both ends take the connection for whole"


def pairs(host):
    """(client, server, the roles that are ours)."""
    yield host, "own", ("client",)
    yield "own", host, ("server",)
    yield host, host, ("client", "server")


def play(host, step, workers=8, offset=0, out=lambda text: None):
    """All campaigns of a host: (connections tried, what is wrong)."""
    tried, findings = 0, []
    ends = {name: Endpoint(name) for name in (host, "own")}
    try:
        for client, server, ours in pairs(host):
            campaign, began = Campaign(ends[client], ends[server], ours, workers), time.monotonic()
            campaign.run(13 * step, offset)         # a first round, after which nothing more is to be kept
            before = ends[host].state()
            campaign.run(step, offset)
            after = ends[host].state()
            campaign.proxy.close()
            count = sum(campaign.tried.values())
            if after[0]:
                campaign.findings.append("%d connections are left open" % after[0])
            if after[1] - before[1] > ROOM:
                campaign.findings.append("%d KiB more memory after %d connections" % ((after[1] - before[1]) >> 10, count))
            out("%s to %s: %d connections in %.0f s, %+d KiB of memory, %d findings" %
                (client, server, count, time.monotonic() - began, (after[1] - before[1]) >> 10, len(campaign.findings)))
            out("    " + ", ".join("%s %d" % each for each in sorted(campaign.outcomes.items())))
            tried += count
            findings += ["%s to %s: %s" % (client, server, text) for text in campaign.findings]
    finally:
        for end in ends.values():
            end.close()
    return tried, findings


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", action="append", choices=("cpython", "ironpython", "own"))
    parser.add_argument("--step", type=int, default=1, help="every so many bytes")
    parser.add_argument("--offset", type=int, default=0)
    parser.add_argument("--workers", type=int, default=8)
    options = parser.parse_args()
    failed = 0
    for host in options.host or ("cpython", "ironpython"):
        if host != "own" and not os.path.exists(COMMANDS[host][0][0]):
            print("%s: skipped, it is not built" % host)
            continue
        tried, findings = play(host, options.step, options.workers, options.offset, lambda text: print(text, flush=True))
        for text in findings[:50]:
            print("  " + text)
        failed += len(findings)
        print("%s: %d connections, %d findings" % (host, tried, len(findings)), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
