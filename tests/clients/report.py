"""Runs one file of tests and prints, as the last line, what became of them in JSON: for run.py, on either host.

    python3 tests/clients/report.py FOLDER test_NAME
"""

import importlib
import json
import os
import sys
import unittest


class Outcomes(unittest.TestResult):
    """One of passed, failed and skipped for each test, with the text that explains it; a failed subtest fails its test."""

    def __init__(self):
        super(Outcomes, self).__init__()
        self.tests = {}

    def note(self, test, outcome, text=""):
        name = ".".join(test.id().split(".")[-2:])
        if self.tests.get(name, ("",))[0] != "failed":
            self.tests[name] = (outcome, text)

    def addSuccess(self, test):
        self.note(test, "passed")

    def addError(self, test, error):
        self.note(test, "failed", self._exc_info_to_string(error, test))

    addFailure = addError

    def addSkip(self, test, reason):
        self.note(test, "skipped", reason)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.note(test, "failed", self._exc_info_to_string(error, test))


def first_line(thing):
    return (thing.__doc__ or "").strip().split("\n")[0].rstrip(".")


def main(folder, name):
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:0] = [folder, os.path.join(os.path.dirname(here), "python")]
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        if getattr(error, "name", None) is None or os.path.exists(os.path.join(folder, error.name + ".py")):
            raise
        print(json.dumps({"missing": str(error), "tests": {}}))
        return
    outcomes = Outcomes()
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    suite.run(outcomes)
    groups = {kind.__name__: first_line(kind) for kind in vars(module).values()
              if isinstance(kind, type) and issubclass(kind, unittest.TestCase) and kind.__module__ == name}
    import ssl
    report = {"ssl": ssl.OPENSSL_VERSION, "tests": outcomes.tests, "groups": groups, "about": first_line(module)}
    if hasattr(module, "LIBRARY"):
        from importlib import metadata
        report["version"] = metadata.version(module.LIBRARY)
    sys.stdout.flush()
    print(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
