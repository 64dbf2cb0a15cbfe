"""The NuGet packages, packed, looked into, and used by programs outside the solution, restored into an empty package cache.

    python3 tests/packages/run.py [-v] [--packages FOLDER] [test_programs.Module8 ...]

FOLDER holds packages that tools/pack.sh left; without it they are packed first. Whatever runs this is the peer, with its own ssl.
NET8 names the `dotnet` of a .NET 8 runtime. The last line is `N passed, N failed, N skipped`.
"""

import argparse
import collections
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import outside


class Tally(unittest.TextTestResult):
    """Counts each test once, however many of its subtests fail, and all of a class that could not begin as one."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.passed = 0
        self.bad = set()

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def addError(self, test, error):
        super().addError(test, error)
        self.bad.add(test.id())

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.bad.add(test.id())

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.bad.add(test.id())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", action="store_true", help="name each test")
    parser.add_argument("--packages", metavar="FOLDER")
    parser.add_argument("names", nargs="*", default=["test_contents", "test_programs"])
    given = parser.parse_args()

    outside.SCRATCH = tempfile.mkdtemp(prefix="packages-")
    try:
        outside.PACKAGES = os.path.abspath(given.packages or os.path.join(outside.ROOT, "artifacts", "packages"))
        if not given.packages:
            subprocess.check_call([os.path.join(outside.ROOT, "tools", "pack.sh"), outside.PACKAGES])
        suite = unittest.defaultTestLoader.loadTestsFromNames(given.names)
        result = unittest.TextTestRunner(sys.stdout, verbosity=2 if given.v else 1, resultclass=Tally).run(suite)
    finally:
        shutil.rmtree(outside.SCRATCH, ignore_errors=True)
    for name in sorted(result.bad):
        print("failed: %s" % name)
    for reason, count in collections.Counter(reason for _, reason in result.skipped).items():
        print("-- %d skipped: %s" % (count, reason))
    print("%d passed, %d failed, %d skipped" % (result.passed, len(result.bad), len(result.skipped)))
    return 1 if result.bad or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
