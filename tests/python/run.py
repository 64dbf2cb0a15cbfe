"""Runs the test files beside it, or those named, on whatever host runs this script.

    python3 tests/python/run.py [-q] [-l SECONDS] [-d FOLDER] [test_data test_helpers.TestNames ...]

-d names another folder of test files.

Each file has a time limit, kept by a thread: a file that hangs is one failure, and the next one runs.
The last lines are `failed: test: why` for each test that did, and `N passed, N failed, N skipped`.
"""

import gc
import os
import sys
import threading
import time
import traceback
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 240


class Tally(unittest.TextTestResult):
    """Counts each test once, however many of its subtests fail."""

    def __init__(self, *arguments, **options):
        super(Tally, self).__init__(*arguments, **options)
        self.passed = 0
        self.bad = {}
        self.current = None

    def startTest(self, test):
        self.current = test.id()
        super(Tally, self).startTest(test)

    def addSuccess(self, test):
        super(Tally, self).addSuccess(test)
        self.passed += 1

    def addError(self, test, error):
        super(Tally, self).addError(test, error)
        self.say_why(getattr(test, "test_case", test), error)

    def addFailure(self, test, error):
        super(Tally, self).addFailure(test, error)
        self.say_why(getattr(test, "test_case", test), error)

    def addSubTest(self, test, subtest, error):
        super(Tally, self).addSubTest(test, subtest, error)
        if error is not None:
            self.say_why(test, error)

    def addUnexpectedSuccess(self, test):
        super(Tally, self).addUnexpectedSuccess(test)
        self.bad.setdefault(test.id(), "passed, which was not expected")

    def addExpectedFailure(self, test, error):
        super(Tally, self).addExpectedFailure(test, error)
        self.passed += 1

    def say_why(self, test, error):
        text = " ".join("".join(traceback.format_exception_only(*error[:2])).split())
        self.bad.setdefault(test.id(), text if len(text) <= 400 else text[:400] + "...")


class Run(object):
    """One file's tests, in a thread of their own."""

    def __init__(self, name, verbosity):
        self.name = name
        self.verbosity = verbosity
        self.result = None
        self.trouble = None

    def __call__(self):
        try:
            suite = unittest.defaultTestLoader.loadTestsFromName(self.name)
            runner = unittest.TextTestRunner(sys.stdout, verbosity=self.verbosity, resultclass=self.make)
            runner.run(suite)
        except BaseException:
            self.trouble = traceback.format_exc()

    def make(self, *arguments, **options):
        self.result = Tally(*arguments, **options)
        return self.result

    def counts(self, finished):
        passed, failed, skipped = 0, 0, 0
        if self.result is not None:
            passed, failed = self.result.passed, len(self.result.bad)
            skipped = len(self.result.skipped)
        if not finished or self.trouble:
            failed += 1
        return passed, failed, skipped


def main(arguments):
    verbosity, limit, folder, names = 2, LIMIT, HERE, []
    while arguments:
        argument = arguments.pop(0)
        if argument == "-q":
            verbosity = 0
        elif argument == "-l":
            limit = float(arguments.pop(0))
        elif argument == "-d":
            folder = os.path.abspath(arguments.pop(0))
        else:
            names.append(argument[:-3] if argument.endswith(".py") else argument)
    if not names:
        names = sorted(name[:-3] for name in os.listdir(folder)
                       if name.startswith("test_") and name.endswith(".py"))
    sys.path.insert(0, folder)

    import ssl
    print("%s %s, %s from %s" % (sys.implementation.name, sys.version.split()[0], ssl.OPENSSL_VERSION,
                                 getattr(ssl, "__file__", "?")))
    totals, bad, hung = [0, 0, 0], [], False
    for name in names:
        print("\n== %s" % name)
        sys.stdout.flush()
        run, started = Run(name, verbosity), time.time()
        thread = threading.Thread(target=run, name=name)
        thread.daemon = True
        thread.start()
        thread.join(limit)
        finished = not thread.is_alive()
        if run.trouble:
            print(run.trouble)
            bad.append("%s, which raised" % name)
        if not finished:
            hung = True
            at = run.result.current if run.result else "its import"
            print("%s: not done after %d seconds, at %s" % (name, limit, at))
            bad.append("%s, not done" % at)
        counts = run.counts(finished)
        print("== %s: %d passed, %d failed, %d skipped, in %.1f s" %
              ((name,) + counts + (time.time() - started,)))
        bad += sorted("%s: %s" % item for item in run.result.bad.items()) if run.result else []
        totals = [total + count for total, count in zip(totals, counts)]
        gc.collect()
    print("")
    for test in bad:
        print("failed: %s" % test)
    print("%d passed, %d failed, %d skipped" % tuple(totals))
    sys.stdout.flush()
    status = 1 if totals[1] else 0
    if hung:
        os._exit(status)        # a thread that hangs would keep the process
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
