"""The wheel for CPython, installed by pip into environments of every interpreter that is there.

    python3 tests/wheel/run.py [-v] [--wheels FOLDER]

The interpreters are those of tests/cpython/interpreters.py: that PYTHONS names, or that are present.
The last line is `N passed, N failed, N skipped`.
"""

import argparse
import os
import sys
import unittest

import test_build
import test_wheel

sys.path.insert(0, os.path.join(test_build.ROOT, "tests", "cpython"))
import interpreters     # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", action="store_true", help="name each test")
    parser.add_argument("--wheels", default=os.path.join(test_build.ROOT, "artifacts", "wheels"))
    given = parser.parse_args()
    test_wheel.WHEELS = test_build.WHEELS = os.path.abspath(given.wheels)

    load = unittest.defaultTestLoader.loadTestsFromTestCase
    suite = unittest.TestSuite([load(test_build.Build)])
    try:
        found = interpreters.find()
    except interpreters.Unusable as error:
        parser.error("PYTHONS: %s" % error)
    for interpreter in found:
        for case in (test_wheel.Installed, test_wheel.Removal, test_wheel.Elsewhere):
            suite.addTest(load(type("%s, %s" % (case.__name__, interpreter.label), (case,), {"python": interpreter.command})))
    print("interpreters: " + ("; ".join(interpreter.label for interpreter in found) or "none"), flush=True)
    result = unittest.TextTestRunner(sys.stdout, verbosity=2 if given.v else 1).run(suite)
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped) + (0 if found else 1)
    print("%d passed, %d failed, %d skipped" % (max(0, result.testsRun - failed - len(result.skipped)), failed, skipped))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
