"""CPython's own test suites, unchanged, on our `_ssl`: each in processes of its own, with time limits.

    python3 tests/cpython/run.py [-v] [-j JOBS] [--logs FOLDER] [--module FOLDER] [SUITE...]

They run on each interpreter that PYTHONS names, or else that interpreters.py finds. The suites are in the
table below; `run.py --list` names them. They run where only loopback is up, if the system lets us. What may be skipped stands in skips.txt, a reason on each line. Where a suite should do
`as stock`, a test that fails or skips runs again on the interpreter's own `_ssl`, and counts as skipped
if it does the same there. The last line is `N passed, N failed, N skipped`.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import time

import interpreters

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SUITE_LIMIT = 420
TEST_LIMIT = 60

# CPython's tests of SSL 3.0, TLS 1.0 and 1.1 skip themselves unless contexts begin with those versions and the library
# is older than OpenSSL 3. docs/configuration.md has both settings; the whole of test_ssl runs with them as well.
OLD_VERSIONS = {"SSLMODULE_OPENSSL": "1.1.1", "OPENSSL_CONF": os.path.join(HERE, "oldversions.cnf")}

Suite = collections.namedtuple("Suite", "name interpreter module own_ssl old as_stock patterns")

# What else of the standard library's tests uses ssl, where the interpreter has it, and which of its tests.
TEST_SSL = "test.test_ssl"
OTHERS = (
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
    ("test.test_urllib2_localnet", []),
    ("test.test_asyncio.test_server_context", ["SSL"]),
    ("test.test_httpservers", ["HTTPSServer", "tls"]),
    ("test.test_logging", ["HTTPHandler"]))


def suites(present):
    """test_ssl with each ssl.py and each setting, then what else in the standard library's tests uses ssl."""
    for interpreter in present:
        for own in (True, False):
            for old in (False, True):
                name = "%s test_ssl, %s ssl.py%s" % (interpreter.label, "own" if own else "our", ", old versions" * old)
                yield Suite(name, interpreter, TEST_SSL, own, old, False, [])
    for interpreter in present:
        for module, patterns in OTHERS:
            if module in interpreter.modules:
                yield Suite("%s %s" % (interpreter.label, module[5:]), interpreter, module, True, False, True, patterns)


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


def each(option, values):
    return [word for value in values for word in (option, value)]


def read_skips(path):
    """{(version, test id): reason}; `*` stands for every version, the other words are Runner.reason()'s."""
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
        self.environment = self.locale()
        # A zone other than UTC: one test of certificates' dates would skip itself where local time is UTC.
        self.environment.update(PYTHONDONTWRITEBYTECODE="1", TZ="ZZZ+7")

    def locale(self):
        """The folder of a locale whose February has a name of its own: a test that needs one would skip itself."""
        folder = os.path.join(self.given.logs, "locale")
        command = ["localedef", "--force", "--quiet", "-i", "fr_FR", "-f", "UTF-8", os.path.join(folder, "fr_FR.UTF-8")]
        os.makedirs(folder, exist_ok=True)
        try:
            made = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
        except OSError:
            made = False
        return {"LOCPATH": folder, "LC_TIME": "fr_FR.UTF-8", "LC_ALL": ""} if made else {}

    def reason(self, suite, test):
        """Why a test may be skipped; None if it may not."""
        kinds = [suite.interpreter.version, "*"] + ["old" if suite.old else "new"]
        kinds += ["system"] * suite.interpreter.system_ciphers + ["nolocale"] * ("LOCPATH" not in self.environment)
        return next((self.skips[kind, test] for kind in kinds if (kind, test) in self.skips), None)

    def outcomes(self, suite, path, options=()):
        """Runs the tests, starting anew behind one that hangs or brings the process down."""
        outcomes, limit = Outcomes(), time.time() + SUITE_LIMIT
        name = "".join(letter if letter.isalnum() or letter == "." else "_" for letter in suite.name) + ("" if path else ".stock")
        log = os.path.join(self.given.logs, name + ".log")
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join(path), **self.environment)
        environment.update(OLD_VERSIONS if suite.old else {})
        with tempfile.TemporaryDirectory() as folder, open(log, "w") as output:
            report = os.path.join(folder, "report")
            while True:
                work = tempfile.mkdtemp(dir=folder)
                command = self.prefix + [suite.interpreter.command, "-X", "faulthandler", os.path.join(HERE, "child.py"), suite.module, report]
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
        if suite.module not in suite.interpreter.modules:
            return suite.name, 0, 0, 1, ["skipped: %s has no %s" % (suite.interpreter.command, suite.module)]
        path = [self.given.module] if suite.own_ssl else [os.path.join(ROOT, "lib"), self.given.module]
        began = time.time()
        outcomes = self.outcomes(suite, path)
        passed, lines, failed, skipped = 0, [], collections.OrderedDict(), collections.OrderedDict()
        if not outcomes.facts.get("implementation", "").startswith(self.given.module):
            failed["the module under test"] = "it was %s" % outcomes.facts.get("implementation")
        for test, (outcome, text) in outcomes.ended.items():
            reason = self.reason(suite, test)
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
            self.forgive(suite, failed, skipped)
        lines += ["failed: %s%s" % (test, self.detail(text)) for test, text in failed.items()]
        if self.given.verbose:
            lines += ["skipped: %s: %s" % item for item in skipped.items()]
        lines.append("%d passed, %d failed, %d skipped of %d, in %.0f s" %
                     (passed, len(failed), len(skipped), len(outcomes.ended), time.time() - began))
        return suite.name, passed, len(failed), len(skipped), lines

    def forgive(self, suite, failed, skipped):
        """What the interpreter's own _ssl does no better is skipped; what only ours skips has failed."""
        stock = self.outcomes(suite, [], each("-t", list(failed) + list(skipped))).ended
        for test in [test for test in failed if stock.get(test, ("?",))[0] == "failed"]:
            skipped[test] = "fails on stock too"
            del failed[test]
        for test in [test for test in skipped if stock.get(test, ("?",))[0] == "passed"]:
            if self.reason(suite, test) is None:
                failed[test] = "skipped, but passes on stock: " + skipped.pop(test)

    def detail(self, text):
        last = text.strip().splitlines()[-1:]
        return "".join("\n       " + line for line in (text.splitlines() if self.given.verbose else last))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-v", action="store_true", dest="verbose", help="whole tracebacks, and each skip with its reason")
    parser.add_argument("-j", type=int, default=3 * min(2, os.cpu_count() or 1), dest="jobs",
                        help="how many at once: most of what these suites do is wait")
    parser.add_argument("--logs", default=os.path.join(ROOT, "artifacts", "logs", "cpython"))
    parser.add_argument("--module", default=os.path.join(ROOT, "artifacts", "cpython"), help="the folder with _ssl")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("suites", nargs="*", help="a part of a suite's name")
    given = parser.parse_args()
    try:
        present = interpreters.find([TEST_SSL] + [module for module, _ in OTHERS])
    except interpreters.Unusable as error:
        parser.error("PYTHONS: %s" % error)
    absent = sorted(interpreters.VERSIONS - set(interpreter.version for interpreter in present))
    if absent and not os.environ.get("PYTHONS"):
        print("-- not here: Python %s; PYTHONS can name them" % ", ".join(absent))
    chosen = [suite for suite in suites(present) if not given.suites or any(part in suite.name for part in given.suites)]
    if given.list:
        for suite in chosen:
            print(suite.name)
        return 0
    given.module = os.path.abspath(given.module)
    os.makedirs(given.logs, exist_ok=True)
    runner = Runner(given)
    if not runner.prefix:
        print("-- no network namespace of our own to be had: tests that need one see the machine's network")
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
