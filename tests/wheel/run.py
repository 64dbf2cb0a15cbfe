"""The wheel for CPython, installed by pip into environments of every interpreter that is there.

    python3 tests/wheel/run.py [-v] [--wheels FOLDER]

PYTHONS="COMMAND COMMAND ..." names the interpreters; otherwise they are $PYTHON, what PATH and /usr/bin have, and pyenv's.
The last line is `N passed, N failed, N skipped`.
"""

import argparse
import glob
import os
import shutil
import subprocess
import sys
import unittest

import test_build
import test_wheel

VERSIONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]
PROBE = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2], sys.version.split()[0], sys.base_prefix)"


def interpreters():
    """[(name, command)] of the CPythons that the wheel is for, each installation once."""
    commands = os.environ.get("PYTHONS", "").split()
    if not commands:
        pyenv = os.environ.get("PYENV_ROOT") or os.path.join(os.path.expanduser("~"), ".pyenv")
        commands = [os.environ.get("PYTHON") or "python3"]
        for version in VERSIONS:
            commands += ["python" + version, "/usr/bin/python" + version]
            commands += sorted(glob.glob(os.path.join(pyenv, "versions", version + ".*", "bin", "python")))
    found = {}
    for command in commands:
        path = shutil.which(command)
        answer = path and subprocess.run([path, "-I", "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if answer and answer.returncode == 0:
            kind, version, full, prefix = answer.stdout.split(None, 3)
            if kind == "cpython" and version in VERSIONS:
                found.setdefault((full, prefix.strip()), path)
    return [("%s in %s" % installation, path) for installation, path in sorted(found.items())]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", action="store_true", help="name each test")
    parser.add_argument("--wheels", default=os.path.join(test_build.ROOT, "artifacts", "wheels"))
    given = parser.parse_args()
    test_wheel.WHEELS = test_build.WHEELS = os.path.abspath(given.wheels)

    load = unittest.defaultTestLoader.loadTestsFromTestCase
    suite = unittest.TestSuite([load(test_build.Build)])
    found = interpreters()
    for name, path in found:
        for case in (test_wheel.Installed, test_wheel.Removal, test_wheel.Elsewhere):
            suite.addTest(load(type("%s, %s" % (case.__name__, name), (case,), {"python": path})))
    print("interpreters: " + ("; ".join(name for name, _ in found) or "none"), flush=True)
    result = unittest.TextTestRunner(sys.stdout, verbosity=2 if given.v else 1).run(suite)
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    print("%d passed, %d failed, %d skipped" % (max(0, result.testsRun - failed - skipped), failed, skipped))
    return 1 if failed or not found else 0


if __name__ == "__main__":
    sys.exit(main())
