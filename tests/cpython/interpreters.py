"""The CPython interpreters that the project's tests run on.

    python3 tests/cpython/interpreters.py          # one a line: what names it, how it is started

The environment variable PYTHONS names them: paths, or commands on PATH, separated by white space. Without it they are
those present: `python3`, `python3.11` to `python3.15`, and pyenv's. Where an interpreter takes more than its name to
start, PYTHONS names a script that starts it, as this one does one in a folder with another system, where this checkout
and the folder for temporary files have been mounted under the same names:

    #!/bin/sh
    exec chroot FOLDER env --chdir="$PWD" python3.15 "$@"
"""

import collections
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

OLDEST, NEWEST = 11, 15
VERSIONS = set("3.%d" % minor for minor in range(OLDEST, NEWEST + 1))

# What it runs before the tests know it. The ciphers are OpenSSL's own where the interpreter was built so, as Debian's are.
PROBE = """
import importlib.util, json, os, sys, sysconfig
def has(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False
print(json.dumps({"version": sys.version_info[:3], "name": sys.implementation.name, "program": os.path.realpath(sys.executable),
                  "ciphers": sysconfig.get_config_var("PY_SSL_DEFAULT_CIPHERS"), "gil": not sysconfig.get_config_var("Py_GIL_DISABLED"),
                  "modules": [name for name in sys.argv[1:] if has(name)]}))
"""

# label: its version, and where it is if another of that version comes before it; modules: those asked for that it has.
Interpreter = collections.namedtuple("Interpreter", "label command version system_ciphers modules")


class Unusable(Exception):
    """An interpreter that was named, and cannot be tested."""


def find(modules=()):
    """Those to test, in the order of their versions, and which of these modules each has; raises Unusable for one that PYTHONS names in vain."""
    named = os.environ.get("PYTHONS", "").split()
    found, programs = [], set()
    for command in named or present():
        try:
            path, facts = probe(command, modules)
        except Unusable:
            if named:
                raise
            continue
        if facts["program"] not in programs:
            programs.add(facts["program"])
            found.append((path, facts))
    labelled, versions = [], set()
    # The sort keeps the order of those with one version.
    for path, facts in sorted(found, key=lambda one: one[1]["version"][:2]):
        version = "%d.%d" % tuple(facts["version"][:2])
        label = version if version not in versions else "%s of %s" % (version, os.path.dirname(path))
        versions.add(version)
        labelled.append(Interpreter(label, path, version, facts["ciphers"] != 1, facts["modules"]))
    return labelled


def present():
    """What may be on this machine, pyenv's before the system's: `python3` and PYTHON come first."""
    pyenv = os.environ.get("PYENV_ROOT") or os.path.join(os.path.expanduser("~"), ".pyenv")
    candidates = [os.environ.get("PYTHON") or "python3"]
    for minor in range(OLDEST, NEWEST + 1):
        candidates += sorted(glob.glob(os.path.join(pyenv, "versions", "3.%d.*" % minor, "bin", "python")))
        candidates += ["python3.%d" % minor, "/usr/bin/python3.%d" % minor]
    return candidates


def probe(command, modules):
    """(its path, what it says of itself)"""
    path = shutil.which(command)
    if path is None:
        raise Unusable("%s: no such command" % command)
    try:
        ran = subprocess.run([path, "-I", "-c", PROBE] + list(modules), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             universal_newlines=True, cwd=tempfile.gettempdir(), timeout=60)
        facts = json.loads(ran.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise Unusable("%s: no Python that runs (%s)" % (command, error))
    if facts["name"] != "cpython" or not (3, OLDEST) <= tuple(facts["version"][:2]) <= (3, NEWEST) or not facts["gil"]:
        raise Unusable("%s: %s %s%s is none of CPython 3.%d to 3.%d" % (
            command, facts["name"], ".".join(map(str, facts["version"])), "" if facts["gil"] else " without the GIL", OLDEST, NEWEST))
    return os.path.abspath(path), facts


if __name__ == "__main__":
    try:
        for one in find():
            print("%s\t%s" % (one.label, one.command))
    except Unusable as error:
        sys.exit("PYTHONS: %s" % error)
