"""CPython's own test suites, unchanged, on our `_ssl`: each in processes of its own, with time limits.

    python3 tests/cpython/run.py [-v] [-j JOBS] [--logs FOLDER] [--module FOLDER] [SUITE...]

The suites are in the table below; `run.py --list` names them. They run where only loopback is up, if the
system lets us. What may be skipped stands in skips.txt, a reason on each line. Where a suite should do
`as stock`, a test that fails or skips runs again on the interpreter's own `_ssl`, and counts as skipped
if it does the same there. The last line is `N passed, N failed, N skipped`.
"""

import argparse
import collections
import concurrent.futures
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SUITE_LIMIT = 420
TEST_LIMIT = 60

# The tests of SSL 3.0, TLS 1.0 and 1.1 skip themselves unless contexts begin with those versions: they get
# a process of their own where contexts do. See child.py.
RELAXED = ["test.test_ssl.ThreadedTests." + name for name in (
    "test_min_max_version_tlsv1_2", "test_min_max_version_tlsv1_1", "test_min_max_version_mismatch",
    "test_min_max_version_sslv3", "test_protocol_sslv3", "test_protocol_tlsv1", "test_protocol_tlsv1_1")]

Suite = collections.namedtuple("Suite", "name version module own_ssl as_stock patterns")


def suites():
    """test_ssl with each ssl.py, then what else in the standard library's tests uses ssl."""
    yield Suite("3.11 test_ssl, own ssl.py", "3.11", "test.test_ssl", True, False, [])
    yield Suite("3.11 test_ssl, our ssl.py", "3.11", "test.test_ssl", False, False, [])
    yield Suite("3.12 test_ssl, own ssl.py", "3.12", "test.test_ssl", True, False, [])
    yield Suite("3.13 test_ssl, own ssl.py", "3.13", "test.test_ssl", True, False, [])
    for module, patterns in (
            ("test.test_asyncio.test_ssl", []),
            ("test.test_asyncio.test_sslproto", []),
            ("test.test_asyncio.test_streams", ["ssl", "tls"]),
            ("test.test_asyncio.test_sendfile", ["SSL", "ssl"]),
            ("test.test_asyncio.test_events", ["ssl", "SSL"]),
            ("test.test_ftplib", ["TLS"]),
            ("test.test_poplib", ["SSL", "TLS"]),
            ("test.test_imaplib", ["SSL", "TLS"]),
            ("test.test_nntplib", ["SSL"]),
            ("test.test_httplib", ["HTTPS", "ssl"]),
            ("test.test_urllib", []),
            ("test.test_urllib2_localnet", [])):
        yield Suite("3.11 " + module[5:], "3.11", module, True, True, patterns)


def isolated():
    """The command that runs another where only loopback is up; empty if the system does not let us."""
    for unshare in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        command = unshare + ["sh", "-c", 'ip link set lo up && exec "$@"', "-"]
        try:
            if subprocess.run(command + ["true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
                return command
        except OSError:
            pass
    return []


def interpreter(version):
    """A Python of that version which has the standard library's tests; None if there is none."""
    pyenv = os.environ.get("PYENV_ROOT") or os.path.join(os.path.expanduser("~"), ".pyenv")
    candidates = [os.environ.get("PYTHON") or "python3", "python" + version]
    candidates += sorted(glob.glob(os.path.join(pyenv, "versions", version + ".*", "bin", "python")))
    for candidate in candidates:
        path = shutil.which(candidate)
        if path:
            probe = "import sys, _ssl, test.test_ssl; print('%d.%d %s' % (sys.version_info[:2] + (sys.executable,)))"
            found = subprocess.run([path, "-c", probe], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   universal_newlines=True, cwd=tempfile.gettempdir())
            if found.returncode == 0 and found.stdout.startswith(version + " "):
                return found.stdout.split(None, 1)[1].strip()
    return None


def each(option, values):
    return [word for value in values for word in (option, value)]


def has_module(python, module):
    probe = "import importlib.util, sys; sys.exit(not importlib.util.find_spec(%r))" % module
    return subprocess.run([python, "-c", probe], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          cwd=tempfile.gettempdir()).returncode == 0


def read_skips(path):
    """{(version, test id): reason}; `*` stands for every version."""
    skips = {}
    with open(path) as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                version, test, reason = line.split(None, 2)
                skips[version, test] = reason
    return skips


class Outcomes:
    """How the tests of one run ended; unfinished is the one that never did."""

    def __init__(self):
        self.ended = collections.OrderedDict()
        self.facts = {}
        self.unfinished = None
        self.finished = False

    def read(self, report):
        self.unfinished = None
        with open(report) as file:
            for line in map(json.loads, file):
                if "began" in line:
                    self.unfinished = line["began"]
                elif "test" in line:
                    self.ended[line["test"]] = line["outcome"], line["text"]
                    if line["test"] == self.unfinished:
                        self.unfinished = None
                elif "ssl" in line:
                    self.facts = line
                else:
                    self.finished = True


class Runner:
    def __init__(self, given):
        self.given = given
        self.prefix = isolated()
        self.skips = read_skips(os.path.join(HERE, "skips.txt"))
        self.interpreters = {}

    def python(self, version):
        if version not in self.interpreters:
            self.interpreters[version] = interpreter(version)
        return self.interpreters[version]

    def outcomes(self, suite, python, path, options=()):
        """Runs the tests, starting anew behind one that hangs or brings the process down."""
        outcomes, limit = Outcomes(), time.time() + SUITE_LIMIT
        name = suite.name.replace(" ", "_").replace(",", "") + ("" if path else ".stock") + ("-r" in options) * ".relaxed"
        log = os.path.join(self.given.logs, name + ".log")
        # A zone other than UTC: one test of certificates' dates would skip itself where local time is UTC.
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join(path), PYTHONDONTWRITEBYTECODE="1", TZ="ZZZ+7")
        with tempfile.TemporaryDirectory() as folder, open(log, "w") as output:
            report = os.path.join(folder, "report")
            while True:
                work = tempfile.mkdtemp(dir=folder)
                command = self.prefix + [python, "-X", "faulthandler", os.path.join(HERE, "child.py"), suite.module, report]
                command += ["-s", str(TEST_LIMIT)]
                command += each("-p", suite.patterns) + each("-d", outcomes.ended) + list(options)
                try:
                    status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=work,
                                            env=environment, timeout=max(1, limit - time.time())).returncode
                except subprocess.TimeoutExpired:
                    status = "no end after %d s" % SUITE_LIMIT
                if os.path.exists(report):
                    outcomes.read(report)
                if outcomes.finished and outcomes.unfinished is None:
                    if status:
                        outcomes.ended["the end of the process"] = "failed", "status %s" % status
                    return outcomes
                outcomes.finished = False
                lost = outcomes.unfinished or "the start of the process"
                again = lost in outcomes.ended or not outcomes.unfinished
                outcomes.ended[lost] = "failed", "the process ended in it: status %s" % status
                if again or time.time() > limit:
                    return outcomes

    def run(self, suite):
        """(name, passed, failed, skipped, lines to show)."""
        python = self.python(suite.version)
        if python is None:
            return suite.name, 0, 0, 1, ["skipped: no Python %s with the standard library's tests" % suite.version]
        if not has_module(python, suite.module):
            return suite.name, 0, 0, 1, ["skipped: %s has no %s" % (python, suite.module)]
        path = [self.given.module] if suite.own_ssl else [os.path.join(ROOT, "lib"), self.given.module]
        began = time.time()
        relaxed = RELAXED if suite.module == "test.test_ssl" else []
        outcomes = self.outcomes(suite, python, path, each("-d", relaxed))
        if relaxed:
            outcomes.ended.update(self.outcomes(suite, python, path, ["-r"] + each("-t", relaxed)).ended)
        passed, lines, failed, skipped = 0, [], collections.OrderedDict(), collections.OrderedDict()
        if not outcomes.facts.get("implementation", "").startswith(self.given.module):
            failed["the module under test"] = "it was %s" % outcomes.facts.get("implementation")
        for test, (outcome, text) in outcomes.ended.items():
            reason = self.skips.get((suite.version, test)) or self.skips.get(("*", test))
            if outcome == "passed":
                passed += 1
                if reason:
                    lines.append("on the list, but passes: %s" % test)
            elif reason:
                skipped[test] = reason
            elif outcome == "failed":
                failed[test] = text
            elif suite.as_stock:
                skipped[test] = text
            else:
                failed[test] = "skipped, and not on the list: " + text
        if suite.as_stock and (failed or skipped):
            self.forgive(suite, python, failed, skipped)
        lines += ["failed: %s%s" % (test, self.detail(text)) for test, text in failed.items()]
        if self.given.verbose:
            lines += ["skipped: %s: %s" % item for item in skipped.items()]
        lines.append("%d passed, %d failed, %d skipped of %d, in %.0f s" %
                     (passed, len(failed), len(skipped), len(outcomes.ended), time.time() - began))
        return suite.name, passed, len(failed), len(skipped), lines

    def forgive(self, suite, python, failed, skipped):
        """What the interpreter's own _ssl does no better is skipped; what only ours skips has failed."""
        stock = self.outcomes(suite, python, [], each("-t", list(failed) + list(skipped))).ended
        for test in [test for test in failed if stock.get(test, ("?",))[0] == "failed"]:
            skipped[test] = "fails on stock too"
            del failed[test]
        for test in [test for test in skipped if stock.get(test, ("?",))[0] == "passed"]:
            if (suite.version, test) not in self.skips and ("*", test) not in self.skips:
                failed[test] = "skipped, but passes on stock: " + skipped.pop(test)

    def detail(self, text):
        last = text.strip().splitlines()[-1:]
        return "".join("\n       " + line for line in (text.splitlines() if self.given.verbose else last))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-v", action="store_true", dest="verbose", help="whole tracebacks, and each skip with its reason")
    parser.add_argument("-j", type=int, default=min(2, os.cpu_count() or 1), dest="jobs")
    parser.add_argument("--logs", default=os.path.join(ROOT, "artifacts", "logs", "cpython"))
    parser.add_argument("--module", default=os.path.join(ROOT, "artifacts", "cpython"), help="the folder with _ssl")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("suites", nargs="*", help="a part of a suite's name")
    given = parser.parse_args()
    chosen = [suite for suite in suites() if not given.suites or any(part in suite.name for part in given.suites)]
    if given.list:
        for suite in chosen:
            print(suite.name)
        return 0
    given.module = os.path.abspath(given.module)
    os.makedirs(given.logs, exist_ok=True)
    runner = Runner(given)
    if not runner.prefix:
        print("-- no network namespace of our own to be had: tests that need one see the machine's network")
    for version in sorted({suite.version for suite in chosen}):
        runner.python(version)
    totals = [0, 0, 0]
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        for name, passed, failed, skipped, lines in pool.map(runner.run, chosen):
            totals = [totals[0] + passed, totals[1] + failed, totals[2] + skipped]
            print("== %s" % name)
            for line in lines:
                print("   " + line)
            sys.stdout.flush()
    print("\n%d passed, %d failed, %d skipped" % tuple(totals))
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main())
