"""Runs the libraries of others over the module and over CPython's own, and writes docs/compatibility.md.

    python3 tests/clients/run.py [--write] [requests aiohttp ...]      runs all, or those named
    python3 tests/clients/run.py --packages                            the Debian package of each library

The interpreter is the one that runs this, or the one that CLIENTS_PYTHON names: that of the distribution has
the distribution's packages. Each test file beside this one is about one library, named by its LIBRARY, and runs
in a process of its own, once with the module in artifacts/cpython and once with CPython's own `_ssl`. A library that is not there is
named and skipped. --write also runs what tests/python has about the standard library, on both hosts.
A test that fails on ours fails the run; one that fails on both counts as skipped and is named.
The last line is `N passed, N failed, N skipped`.
"""

import ast
import json
import os
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PYTHON = os.environ.get("CLIENTS_PYTHON", sys.executable)
IPYSSL = os.path.join(ROOT, "artifacts", "ironpython", "ipyssl")
STANDARD = ("test_http", "test_mail", "test_ftp", "test_logging")
LIMIT = 60
OURS = os.pathsep.join((os.path.join(ROOT, "lib"), os.path.join(ROOT, "artifacts", "cpython")))
# What would lead a client to another authority or to a proxy.
MISLEADING = {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "SSLKEYLOGFILE", "PYTHONPATH",
              "OPENSSL_CONF", "SSLMODULE_OPENSSL"}


def constants(path):
    """The file's LIBRARY, MODULE and PACKAGE, without running it."""
    with open(path) as file:
        tree = ast.parse(file.read())
    return {target.id: ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign)
            for target in node.targets if isinstance(target, ast.Name) and target.id in ("LIBRARY", "MODULE", "PACKAGE")}


def libraries():
    found = []
    for name in sorted(os.listdir(HERE)):
        if name.startswith("test_") and name.endswith(".py"):
            found.append((name[:-3], constants(os.path.join(HERE, name))))
    return found


def run(command, folder, file, ours):
    """What report.py tells of a test file, a dictionary; with "trouble" where the file did not end well."""
    environment = {name: value for name, value in os.environ.items()
                   if name not in MISLEADING and not name.lower().endswith("_proxy")}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    if ours:
        environment["PYTHONPATH"] = OURS
    # A group of its own, so that the servers that it started end with it.
    process = subprocess.Popen([command, os.path.join(HERE, "report.py"), folder, file], env=environment, start_new_session=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        output, errors = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return {"trouble": "not done after %d seconds" % LIMIT}
    lines = output.decode(errors="replace").splitlines()
    # A process that ends badly after its last test has not ended well.
    if process.returncode != 0 or not lines:
        return {"trouble": "ended with status %d: %s" % (process.returncode, errors.decode(errors="replace")[-2000:])}
    report = json.loads(lines[-1])
    if not report.get("missing") and ours is not None and ours != ("SslModule" in report["ssl"]):
        return {"trouble": "ran on the wrong module, %s" % report["ssl"]}
    return report


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def compare(self, name, ours, stock):
        """Counts what ours did; stock, where there is one, tells which failures are not ours."""
        if "trouble" in ours:
            self.failed += 1
            print("failed: %s: %s" % (name, ours["trouble"]))
            return
        for test, (outcome, text) in sorted(ours["tests"].items()):
            elsewhere = stock.get("tests", {}).get(test, ["missing", stock.get("trouble", "")])[0]
            if outcome == "passed":
                self.passed += 1
                if elsewhere != "passed":
                    print("-- %s: passes, but not with CPython's own (%s)" % (test, elsewhere))
            elif outcome == "skipped" or elsewhere == "failed":
                self.skipped += 1
                print("-- %s: skipped, %s" % (test, text if outcome == "skipped" else "fails with CPython's own as well: " +
                                              (text.strip().splitlines() or [""])[-1]))
            else:
                self.failed += 1
                print("failed: %s\n%s" % (test, text))


def share(result, group=None):
    """`5 of 5`."""
    if "trouble" in result:
        return "did not end well"
    outcomes = [outcome for test, (outcome, _) in result["tests"].items() if group is None or test.split(".")[0] == group]
    ran = [outcome for outcome in outcomes if outcome != "skipped"]
    return "%d of %d" % (ran.count("passed"), len(ran)) if ran else "not there"


def main(arguments):
    if "--packages" in arguments:
        for _, about in libraries():
            print(about["MODULE"], about["PACKAGE"])
        return 0
    write = "--write" in arguments
    names = [argument for argument in arguments if not argument.startswith("-")]
    rows, tally = [], Tally()
    for file, about in libraries():
        if names and file[5:] not in names:
            continue
        ours, stock = run(PYTHON, HERE, file, True), run(PYTHON, HERE, file, False)
        if ours.get("missing"):
            tally.skipped += 1
            print("-- %s: skipped, it is not there; Debian has it as %s" % (about["LIBRARY"], about["PACKAGE"]))
            continue
        print("== %s %s: ours %s, CPython's own %s" % (about["LIBRARY"], ours.get("version", "?"), share(ours), share(stock)))
        sys.stdout.flush()
        tally.compare(file, ours, stock)
        rows.append((about["LIBRARY"], ours.get("version", "?"), ours.get("about", ""), share(ours), share(stock)))
    if write:
        page(rows)
    print("%d passed, %d failed, %d skipped" % (tally.passed, tally.failed, tally.skipped))
    return 1 if tally.failed else 0


def standard_rows():
    folder = os.path.join(ROOT, "tests", "python")
    rows = []
    for file in STANDARD:
        results = [run(PYTHON, folder, file, True), run(PYTHON, folder, file, False)]
        results.append(run(IPYSSL, folder, file, None) if os.path.exists(IPYSSL) else {"tests": {}})
        for group, about in results[0].get("groups", {}).items():
            name, _, tried = about.partition(": ")
            rows.append((name, tried) + tuple(share(result, group) for result in results))
    return rows


def page(rows):
    version = subprocess.check_output([PYTHON, "-c", "import ssl, sys; print(sys.version.split()[0] + ', ' + ssl.OPENSSL_VERSION)"],
                                      env=dict(os.environ, PYTHONPATH="")).decode().strip()
    lines = ["# Clients and servers that were tried", "",
             "Written by `make compatibility`, which ran what it lists: every connection over loopback, with verification on, and "
             "each client also met a server of an unknown authority, which it had to refuse. \"Own\" is CPython %s." % version, "",
             "## The standard library", "",
             "`tests/python`, the same files on each host.", "",
             "| what | tried | CPython, ours | CPython, own | IronPython 3.4 |", "|---|---|---|---|---|"]
    lines += ["| %s | %s | %s | %s | %s |" % row for row in standard_rows()]
    lines += ["", "## Libraries of others, on CPython", "",
              "`tests/clients`, a file for each library, as the distribution packages it.", "",
              "| library | version | tried | ours | own |", "|---|---|---|---|---|"]
    lines += ["| %s | %s | %s | %s | %s |" % row for row in rows]
    lines += ["", "twisted and mitmproxy bring OpenSSL with pyOpenSSL: there the module is at the other end. psycopg has libpq's OpenSSL and "
              "asks nothing of Python's `ssl`; asyncpg, which does, is above."]
    with open(os.path.join(ROOT, "docs", "compatibility.md"), "w") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
