"""Runs IronPython's own test_ssl, unchanged, on the console ipyssl.

    run.py FOLDER own|ours [CONSOLE]

FOLDER is IronPython's folder of tests, Src/StdLib/Lib/test in its source; its package does not carry it. With `own` the
ssl.py is the one that comes with IronPython, with `ours` it is lib/ssl.py. Each class runs in a process with a time
limit; the test that a process hangs in, or dies in, failed, and the rest of its class runs in a new one. The last line
is `N passed, N failed, N skipped`.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CLASSES = ("BasicSocketTests", "ContextTests", "SSLErrorTests", "ThreadedTests")
START = 120     # seconds until the first test begins
LIMIT = 60      # seconds for each test


def read_skips(which):
    """Names with reasons: those that skip themselves, and those that this run leaves out."""
    itself, left_out = {}, {}
    with open(os.path.join(HERE, "skips.txt")) as lines:
        for line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            name, reason = line.split(None, 1)
            mark = reason.split()[0]
            if mark not in ("own", "ours"):
                itself[name] = reason.strip()
            elif which == mark:
                left_out[name] = reason.split(None, 1)[1].strip()
    return itself, left_out


def names_of(folder, kind):
    """The tests of a class, from the text of the suite: it may not import here."""
    names, depth = [], None
    with open(os.path.join(folder, "test_ssl.py"), encoding="utf-8") as lines:
        for line in lines:
            word = line.strip()
            indent = len(line) - len(line.lstrip())
            if word.startswith("class %s(" % kind):
                depth = indent
            elif depth is not None and word and not word.startswith("#") and indent <= depth:
                depth = None
            elif depth is not None and word.startswith("def test_"):
                names.append(word[4:word.index("(")])
    return sorted(names)


class Process(object):
    """One console with some tests of one class."""

    def __init__(self, console, folder, kind, names, environment):
        self.process = subprocess.Popen(
            [console, os.path.join(HERE, "suite.py"), folder, kind] + names, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self.read)
        self.reader.daemon = True
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def outcomes(self):
        """(name, outcome, text) of each test; the last may be a hang or a crash."""
        current, deadline, noise = None, time.time() + START, []
        while True:
            try:
                line = self.lines.get(timeout=max(deadline - time.time(), 0))
            except queue.Empty:
                self.process.kill()
                self.process.wait()
                yield current, "hung", ""
                return
            if line is None:
                status = self.process.wait()
                if current or status:
                    yield current, "died with status %d" % status, "".join(noise[-30:])
                return
            if not line.startswith("@"):
                noise.append(line)
                continue
            name, outcome, text = json.loads(line[1:])
            name = name.partition(".")[2]
            if outcome == "began":
                current, deadline, noise = name, time.time() + LIMIT, []
            else:
                current = None
                yield name, outcome, text


def main(folder, which, console=os.path.join(ROOT, "artifacts", "ironpython", "ipyssl")):
    console = os.path.abspath(console)
    itself, left_out = read_skips(which)
    environment = dict(os.environ, OPENSSL_CONF=os.path.join(HERE, "legacy.cnf"))
    if which == "own":
        environment["SSL_FOLDER"] = os.path.join(os.path.dirname(console), "ssl-3.4")
    results = {}
    for kind in CLASSES + ("NetworkedTests",):
        waiting = []
        for name in names_of(folder, kind):
            full = "%s.%s" % (kind, name)
            if full in left_out or kind == "NetworkedTests":
                results[full] = ("skipped", left_out.get(full) or itself.get(full, "not listed"))
            else:
                waiting.append(name)
        while waiting:
            done = set()
            for name, outcome, text in Process(console, folder, kind, waiting, environment).outcomes():
                if name is None:        # outside any test: what is left cannot run
                    name = "%s, the rest" % kind
                    done.update(waiting)
                done.add(name.partition(".")[2])
                if results.get(name, ("passed",))[0] == "passed":      # a subtest that failed stays failed
                    results[name] = (outcome, text)
            waiting = [name for name in waiting if name not in done]

    bad, counts = [], {"passed": 0, "failed": 0, "skipped": 0}
    for name, (outcome, text) in sorted(results.items()):
        if outcome == "skipped" and name not in itself and name not in left_out:
            outcome, text = "failed", "skips itself, and no reason is listed: %s" % text
        elif outcome != "skipped" and name in itself:
            outcome, text = "failed", "is listed as skipped and is not: %s" % outcome
        counts[outcome if outcome in counts else "failed"] += 1
        print("%-60s %s" % (name, outcome if outcome != "skipped" else "skipped: " + (left_out.get(name) or itself.get(name) or text)))
        if outcome not in ("passed", "skipped"):
            print("    " + text.replace("\n", "\n    "))
            bad.append(name)
    print("")
    for name in bad:
        print("failed: %s" % name)
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % counts)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
