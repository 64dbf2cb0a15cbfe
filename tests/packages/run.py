"""The NuGet packages, packed, looked into, and used by programs outside the solution, restored into an empty package cache.

    python3 tests/packages/run.py [-v] [--packages FOLDER] [test_programs.Module8 ...]

FOLDER holds packages that tools/pack.sh left; without it they are packed first. Whatever runs this is the peer, with its own ssl.
NET8 names the `dotnet` of a .NET 8 runtime. The last line is `N passed, N failed, N skipped`.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import outside


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
        result = unittest.TextTestRunner(sys.stdout, verbosity=2 if given.v else 1).run(suite)
    finally:
        shutil.rmtree(outside.SCRATCH, ignore_errors=True)
    for test, reason in result.skipped:
        print("-- %s: skipped, %s" % (test.id(), reason))
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    print("%d passed, %d failed, %d skipped" % (max(0, result.testsRun - failed - skipped), failed, skipped))
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
