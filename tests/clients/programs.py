"""Servers and brokers that are programs of their own, started on a port that was free a moment before."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile

import support
from support import Program, data


def free_port():
    with support.listener() as sock:
        return sock.getsockname()[1]


@contextlib.contextmanager
def listening(command, ready, environment=None, **options):
    """A program and its port. command(port) gives its words; it listens once its output has the text `ready`."""
    for _ in range(5):
        port = free_port()
        with Program(*command(port), stderr=subprocess.STDOUT, env=dict(os.environ, **environment or {}), **options) as program:
            try:
                program.hear_until(ready)
            except AssertionError:
                continue        # ended: somebody else had the port by then
            program.ignore()
            yield port
            return
    raise AssertionError("%s does not start" % command(0)[0])


@contextlib.contextmanager
def folder(*files):
    """A new folder with copies of the named files of tests/python/data, which another user may read."""
    path = tempfile.mkdtemp()
    try:
        os.chmod(path, 0o755)
        for name in files:
            shutil.copy(data(name), path)
            os.chmod(os.path.join(path, name), 0o644)
        yield path
    finally:
        shutil.rmtree(path)


def needs(name):
    """Skips a class of tests where the program is not there."""
    return support.unittest.skipUnless(shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin"), "needs %s" % name)


PYTHON = sys.executable
HERE = os.path.dirname(os.path.abspath(__file__))
