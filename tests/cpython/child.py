"""Runs one module of CPython's own tests, unchanged, in the interpreter that runs this script.

    python3 child.py MODULE REPORT [-s SECONDS] [-p PATTERN]... [-t ID]... [-d ID]...

Each test leaves two lines of JSON in REPORT: that it began, and how it ended. A test that takes longer
than SECONDS ends the whole process: REPORT then says which one it was. PATTERN chooses tests by
`unittest -k`'s rule, -t by their names; -d leaves a test out.
"""

import argparse
import faulthandler
import json
import sys
import unittest

# Every resource of the test suite but those that leave the machine or fill its disk.
RESOURCES = ["audio", "cpu", "decimal", "subprocess", "walltime", "gui", "tzdata", "curses"]


class Reporter(unittest.TestResult):
    """Writes down what becomes of each test."""

    def __init__(self, file, seconds):
        super().__init__()
        self.file = file
        self.seconds = seconds
        self.ended = None

    def say(self, **line):
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()

    def startTest(self, test):
        super().startTest(test)
        self.ended = None
        self.say(began=test.id())
        print("==", test.id(), flush=True)
        faulthandler.dump_traceback_later(self.seconds, exit=True)

    def stopTest(self, test):
        faulthandler.cancel_dump_traceback_later()
        if self.ended is not None:
            outcome, text = self.ended
            self.say(test=test.id(), outcome=outcome, text=text)
        super().stopTest(test)

    def end(self, test, outcome, text=""):
        """A failure wins over whatever else a test reports; what is no test reports at once."""
        if not isinstance(test, unittest.TestCase):
            self.say(test=test.id(), outcome=outcome, text=text)
        elif self.ended is None or self.ended[0] != "failed":
            self.ended = outcome, text

    def trouble(self, test, error):
        text = self._exc_info_to_string(error, test)
        print(text, flush=True)
        self.end(getattr(test, "test_case", test), "failed", text)

    addError = addFailure = trouble

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.trouble(test, error)

    def addSuccess(self, test):
        self.end(test, "passed")

    def addExpectedFailure(self, test, error):
        self.end(test, "passed")

    def addUnexpectedSuccess(self, test):
        self.end(test, "failed", "succeeded, which its author did not expect")

    def addSkip(self, test, reason):
        self.end(getattr(test, "test_case", test), "skipped", reason)


def each(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from each(test)
        else:
            yield test


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("module")
    parser.add_argument("report")
    parser.add_argument("-s", type=float, default=60, dest="seconds")
    parser.add_argument("-p", action="append", dest="patterns")
    parser.add_argument("-d", action="append", default=[], dest="done")
    parser.add_argument("-t", action="append", dest="ids")
    given = parser.parse_args()

    from test import support
    support.use_resources = RESOURCES
    loader = unittest.TestLoader()
    if given.patterns:
        loader.testNamePatterns = [p if "*" in p else "*%s*" % p for p in given.patterns]
    with open(given.report, "a") as file:
        reporter = Reporter(file, given.seconds)
        import ssl
        reporter.say(ssl=ssl.__file__, implementation=ssl._ssl.__file__, version=sys.version.split()[0])
        tests = [test for test in each(loader.loadTestsFromName(given.module))
                 if test.id() not in given.done and (not given.ids or test.id() in given.ids)]
        unittest.TestSuite(tests).run(reporter)
        reporter.say(finished=True)


if __name__ == "__main__":
    main()
