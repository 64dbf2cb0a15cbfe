"""Runs one class of IronPython's own test_ssl, unchanged, inside an IronPython console.

    suite.py FOLDER CLASS [TEST ...]

FOLDER is IronPython's folder of tests, the one that holds test_ssl.py; without TEST all of the class run. SSL_FOLDER in the
environment names a folder with another ssl.py than the console's; a folder in IRONPYTHONPATH would come behind that. A line of
JSON for each test says how it ended; run.py, which starts this script, reads them.
"""

import calendar
import json
import os
import sys
import types
import unittest

# The suite's certificates ended between 2020 and 2023.
CLOCK = (2019, 6, 1, 0, 0, 0)


class Report(unittest.TestResult):
    """Tells of each test as soon as it begins and as soon as it ends: a hang shows where."""

    def tell(self, test, outcome, text=""):
        sys.__stdout__.write("@" + json.dumps([test.id().partition(".")[2], outcome, text]) + "\n")
        sys.__stdout__.flush()

    def startTest(self, test):
        super(Report, self).startTest(test)
        self.tell(test, "began")

    def addSuccess(self, test):
        self.tell(test, "passed")

    def addSkip(self, test, reason):
        self.tell(test, "skipped", reason)

    def addError(self, test, error):
        self.tell(test, "error", self._exc_info_to_string(error, test))

    def addFailure(self, test, error):
        self.tell(test, "failed", self._exc_info_to_string(error, test))

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.tell(test, "failed", "%s\n%s" % (subtest, self._exc_info_to_string(error, test)))


def keep_timeouts():
    """Repairs IronPython's socket for the ssl.py that comes with it.

    A socket made over a descriptor shares the .NET socket of the one that has it, and IronPython then resets the
    timeout of both; that ssl.py reads it from the old one too late, whatever _ssl does. Ours reads it before.
    """
    import _socket
    import socket
    kind, timeouts = socket.socket, {}
    plain_init, plain_settimeout = kind.__init__, kind.settimeout

    def settimeout(self, value):
        plain_settimeout(self, value)
        timeouts[self.fileno()] = value

    def __init__(self, family=socket.AF_INET, type=socket.SOCK_STREAM, proto=0, fileno=None):
        plain_init(self, family, type, proto, fileno)
        # Another socket in the place of a descriptor is what accept() gives.
        shared = fileno is not None and not isinstance(fileno, _socket.socket)
        settimeout(self, timeouts.get(fileno) if shared else self.gettimeout())

    kind.settimeout = settimeout
    kind.setblocking = lambda self, flag: settimeout(self, None if flag else 0.0)
    kind.__init__ = __init__


def accept_once():
    """Repairs IronPython's socket: an accept() that has timed out goes on, and its client is given to the next two calls.

    The suite's servers accept with a timeout of 50 ms; the second of the two finds its socket closed, the server is gone and
    its next client waits for ever.
    """
    import select
    import socket
    kind = socket.socket
    plain_accept = kind._accept

    def _accept(self):
        if self.gettimeout() and not select.select([self], [], [], self.gettimeout())[0]:
            raise socket.timeout("timed out")
        return plain_accept(self)

    kind._accept = _accept


def prepare(folder):
    """The module test_ssl, in the surroundings that it was written for."""
    # As a package of its own: the folder's parent holds a whole standard library, which must not come first.
    package = types.ModuleType("test")
    package.__path__ = [folder]
    sys.modules["test"] = package

    if "SSL_FOLDER" in os.environ:
        sys.path.insert(0, os.environ["SSL_FOLDER"])
    import _ssl
    import ssl
    _ssl._set_clock(calendar.timegm(CLOCK))
    accept_once()
    if not hasattr(ssl, "MemoryBIO"):
        keep_timeouts()

    from test import support, test_ssl
    support.verbose = False
    sys.__stdout__.write("%s, %s\n" % (ssl.__file__, ssl.OPENSSL_VERSION))
    return test_ssl


def main(folder, name, *tests):
    kind = getattr(prepare(folder), name)
    for test in tests or unittest.defaultTestLoader.getTestCaseNames(kind):
        kind(test).run(Report())


if __name__ == "__main__":
    main(*sys.argv[1:])
